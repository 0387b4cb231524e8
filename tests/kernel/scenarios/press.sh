# rig: -i fast -t 900
# Measures, and checks little: the time from button to line, the cost of idling, the lateness of edges; of our daemon in its
# unit, gpiozero on lgpio, a bare loop on libgpiod, and cyclictest. `make bench-pins` writes the results to the document.
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
# In memory, as this is not about disks: in a guest whose clock skips idle time a commit to disk may take seconds.
mkdir -p /var/lib/backbutton && mount -t tmpfs none /var/lib/backbutton
cd /tmp  # lgpio creates its pipes in the working directory
PYTHONPATH=$PYTHONPATH:/usr/local/bin /opt/venv/bin/python /project/tests/kernel/press_figures.py
