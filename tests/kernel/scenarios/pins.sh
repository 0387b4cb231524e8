#!/bin/bash
# All checks of the pin factory, as root in the virtual machine of rig/, where user pi is in group gpio.
# OLD_GPIOZERO: a folder with gpiozero 1.6.2, to run the checks on that too; OLD_GPIOD: the same for gpiod 2.2.
# rig: -i fast
here=$(dirname "$(readlink -f "$0")")/..
cd /tmp || exit 1
status=0
versions() { python -c 'import sys, gpiod, gpiozero
print("==", "Python", sys.version.split()[0], "gpiod", gpiod.__version__, "gpiozero", gpiozero.__file__)'; }
all() {
    versions
    python "$here/pins_checks.py" || status=1
    runuser -u pi -- env "PATH=$PATH" "PYTHONPATH=$PYTHONPATH" python "$here/pins_checks.py" as_user || status=1
}
all
runuser -u nobody -- env "PATH=$PATH" "PYTHONPATH=$PYTHONPATH" python "$here/pins_checks.py" as_nobody || status=1
[ -z "$OLD_GPIOZERO" ] || PYTHONPATH=$PYTHONPATH:$OLD_GPIOZERO:$OLD_GPIOD all
for factory in backbutton lgpio; do python "$here/pins_idle.py" $factory || status=1; done
python "$here/pins_checks.py" lost_chip || status=1  # last, because it removes the chip
exit $status
