# rig: -i fast -t 1500
# Shows: on a healthy box doctor finds no problem; then it finds everything that is broken, with the right sentence.
. /project/tests/kernel/systemd_setup.sh
failed=0 all=1
look() { # look TITLE COMMAND...: run doctor; its report as one line is in $seen, its exit status in $status
    echo "== $1"; shift
    status=0; "$@" > /tmp/seen 2>&1 || status=$?
    awk '/^(ok|-) /{show = '"$all"'} /^(FAIL|WARN) /{show = 1} /^[^ ]/ && !/^(ok|-) /{show = 1} show' /tmp/seen
    echo "status $status"
    all=0 # print the first report in full, of the others only the problems
    seen=$(tr -s ' \n' ' ' < /tmp/seen)
}
says() { case $seen in *"$1"*) ;; *) echo "MISSING: $1"; failed=1 ;; esac; }
ends() { [ "$status" = "$1" ] || { echo "STATUS $status, not $1"; failed=1; }; }
as_pi() { groups=$1; shift; setpriv --reuid pi --regid pi $groups "$@"; }

mkdir -p /boot/firmware
printf 'arm_64bit=1\n[pi5]\ndtparam=strict_gpiod\n[cm4]\notg_mode=1\n' > /boot/firmware/config.txt
systemctl enable --now backbutton
look "healthy, but for config.txt" backbutton doctor
ends 0
says "ok board Raspberry Pi 4 Model B Rev 1.4"
says "ok packages gpiozero 2"
says "ok chip pinctrl-bcm2711 is the chip of the header, and root may open it"
says "ok pins GPIO 17, 27, 5, 6, 12, 22, 23, 24: used by the daemon"
says "ok daemon backbutton.service is running"
says "ok real time the player has SCHED_FIFO 70"
says "ok access /run/backbutton/control.sock answers root: focus UNFOCUSED, release IDLE"
says "WARN boot /boot/firmware/config.txt lacks dtparam=strict_gpiod"
says "no problems"
look "config.txt, with no terminal to ask on" backbutton doctor --fix < /dev/null
ends 1
says "use --fix --yes"
look "config.txt" backbutton doctor --fix --yes
says "It takes effect after a restart: sudo reboot"
look "once more" backbutton doctor --fix --yes
says "ok boot /boot/firmware/config.txt has dtparam=strict_gpiod and gpio=17,27=op,dl"
says "There is nothing to change"
cat /boot/firmware/config.txt; ls /boot/firmware
look "a user of the box" as_pi "--groups gpio,backbutton" backbutton doctor
ends 0
says "ok access /run/backbutton/control.sock answers pi"
look "a user without groups" as_pi --clear-groups backbutton doctor
ends 1
says "WARN chip pi may not open /dev/gpiochip0"
says "sudo usermod -aG gpio,backbutton pi, then log out and in again"
says "FAIL access pi has no permission to open the daemon's socket"

look "two daemons" bash -c 'mkdir -p /tmp/two; GPIOZERO_PIN_FACTORY=mock backbutton run --state-dir /tmp/two \
    --socket /tmp/two/s > /tmp/two/log 2>&1 & until [ -S /tmp/two/s ]; do sleep 0.1; done
    backbutton doctor; status=$?; kill $!; wait $!; exit $status'
ends 1
says "FAIL daemon 2 daemons run at once"
systemctl stop backbutton
look "stopped" backbutton doctor
ends 1
says "ok pins GPIO 17, 27, 5, 6, 12, 22, 23, 24: free"
says "FAIL daemon no daemon is running: backbutton.service is stopped -> sudo systemctl enable --now backbutton"
look "stopped, a user without groups" as_pi --clear-groups backbutton doctor
says "FAIL chip pi may not open /dev/gpiochip0"

/opt/venv/bin/python -c '
import gpiod, signal
low = gpiod.LineSettings(direction=gpiod.line.Direction.OUTPUT)
request = gpiod.Chip("/dev/gpiochip0").request_lines(config={17: low}, consumer="blink")
open("/tmp/has17", "w").close()
signal.pause()' &
until [ -e /tmp/has17 ]; do sleep 0.1; done
systemctl start --no-block backbutton
until journalctl -u backbutton -o cat | grep -q 'in use by "blink"'; do sleep 0.1; done
look "another program has pin 17" backbutton doctor
ends 1
says 'FAIL pins GPIO17 (pins.focus) is in use by "blink" -> stop that program'
says "FAIL daemon backbutton.service does not start: backbutton: the pins cannot be used: GPIO17 is in use"
kill %1
systemctl stop backbutton

mkdir -p /run/systemd/system/backbutton.service.d
printf '[Service]\nEnvironment=GPIOZERO_PIN_FACTORY=wiringpi\n' > /run/systemd/system/backbutton.service.d/wrong.conf
systemctl daemon-reload
look "GPIOZERO_PIN_FACTORY is wrong" env GPIOZERO_PIN_FACTORY=lgpio backbutton doctor
ends 1
says "WARN factory GPIOZERO_PIN_FACTORY=lgpio in this environment: button presses get their time late"
says "FAIL factory GPIOZERO_PIN_FACTORY=wiringpi in backbutton.service: gpiozero has no such pin factory"
rm -r /run/systemd/system/backbutton.service.d; systemctl daemon-reload

printf '[pins]\nfocus = 99\nshuter = 3\n' >> /etc/backbutton/config.toml
look "settings with faults, as JSON" bash -c 'backbutton doctor --json > /tmp/json; status=$?
    grep -B1 -A4 settings /tmp/json | tr -s " "; exit $status'
ends 1
says '"check": "settings", "verdict": "problem"'
exit $failed
