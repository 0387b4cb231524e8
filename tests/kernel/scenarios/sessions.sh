# Shows: the sessions of docs/console.md run the same over the USB port of a box with real pins.
. /project/tests/kernel/systemd_setup.sh
modprobe dummy_hcd; modprobe libcomposite
systemctl -q enable backbutton-console@.service
systemctl start backbutton-gadget
for _ in $(seq 100); do [ -e /dev/ttyACM0 ] && systemctl -q is-active backbutton-console@ttyGS0 && break; sleep 0.2; done
PYTHONPATH=/project /opt/venv/bin/python /project/tests/kernel/console_sessions.py
