# rig: -i fast -t 900
# Measures, and asserts little: how soon a line answers a button, what idling costs, how punctual an edge is; ours in its
# unit, beside gpiozero on lgpio, a bare loop on libgpiod, and cyclictest. `make bench-pins` puts it into the document.
. /project/tests/kernel/systemd_setup.sh
mountpoint -q /sys/kernel/tracing || mount -t tracefs none /sys/kernel/tracing
cat > /etc/backbutton/config.toml <<'T'
[camera]
profile = "canon-e3"
back_button_focus = true
[focus]
interlock = false
[interval]
every = "1s"
count = 61
T
# The disk of a guest whose clock skips idle time may take seconds of it for a commit; this is not about disks.
mkdir -p /var/lib/backbutton && mount -t tmpfs none /var/lib/backbutton
cd /tmp  # lgpio leaves its pipes where it is imported
PYTHONPATH=$PYTHONPATH:/usr/local/bin /opt/venv/bin/python /project/tests/kernel/press_figures.py
