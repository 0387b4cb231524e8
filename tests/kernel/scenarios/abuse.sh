# rig: -i fast -t 3000
# Shows: whatever arrives on the USB port during a run (noise, control characters, halves of characters, lines of a
# mebibyte, 10,000 pasted commands, a peer that never reads, 200 unplugs in the middle of a line), SHUTTER closes as
# punctually as without it, no setting changes, no line moves, memory stays bounded, and the console recovers by itself.
# NOISE_KIB, COMMANDS and UNPLUGS shorten it; PHASES selects from quiet,noise,keys,halves,long_lines,commands,deaf,unplugs.
. /project/tests/kernel/systemd_setup.sh
modprobe dummy_hcd; modprobe libcomposite
# The journal is in memory here: on this clock a commit takes as long as the host's disk is busy, and a frame waits for it.
mkdir -p /var/lib/backbutton; mount -t tmpfs tmpfs /var/lib/backbutton; chown backbutton: /var/lib/backbutton
cat > /etc/backbutton/config.toml <<'T'
[camera]
profile = "canon-e3"
back_button_focus = true
[focus]
interlock = false
[interval]
every = "700ms"
T
systemctl -q enable backbutton-console@.service
systemctl start backbutton backbutton-gadget
for _ in $(seq 100); do [ -e /dev/ttyACM0 ] && systemctl -q is-active backbutton-console@ttyGS0 && break; sleep 0.2; done
PYTHONPATH=/project:/usr/local/bin /opt/venv/bin/python /project/tests/kernel/console_abuse.py
