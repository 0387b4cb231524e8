# rig: -i fast -t 1500
# Shows: whatever breaks while both contacts are closed, both lines go low again; prints how long each time took.
# KILLS is the number of kills (50). A hang takes 7 to 15 s.
. /project/tests/kernel/systemd_setup.sh
sed -i 's/^\[shot\]/[safety]\nmax_hold = "5m"\n[shot]/' /etc/backbutton/config.toml
faults() { python3 /project/tests/kernel/systemd_faults.py "$@"; }
systemctl start backbutton
faults "SIGKILL" SIGKILL "${KILLS:-50}"
faults "crash (SIGSEGV)" SIGSEGV 2
faults "SIGSTOP" SIGSTOP 2
journalctl -u backbutton --no-pager -o short-monotonic | grep -vE 'File "' | tail -24
# The same daemon, except that SIGUSR1 makes main hang and SIGUSR2 the player.
cat > /usr/lib/backbutton/hanging.py <<'P'
import signal, sys, threading
sys.path.insert(0, "/usr/lib/backbutton")
from hardware.thread import PlayerThread
threads = []
def start(self, start=PlayerThread.start):
    threads.append(self)
    start(self)
PlayerThread.start = start
signal.signal(signal.SIGUSR1, lambda *_: threading.Event().wait())
signal.signal(signal.SIGUSR2, lambda *_: threads[0]._inbox.put(threading.Event().wait))
from controller.cli import main
sys.exit(main())
P
mkdir -p /run/systemd/system/backbutton.service.d
printf '[Service]\nExecStart=\nExecStart=/opt/venv/bin/python -I /usr/lib/backbutton/hanging.py run\n' > /run/systemd/system/backbutton.service.d/hanging.conf
systemctl daemon-reload; systemctl restart backbutton
faults "main hangs" SIGUSR1 2
faults "player hangs" SIGUSR2 2
rm -r /run/systemd/system/backbutton.service.d; systemctl daemon-reload; systemctl restart backbutton
journalctl -u backbutton --no-pager -o cat | grep -E 'atchdog|Current thread|Failed with' | sort | uniq -c
echo "== systemctl stop with closed contacts"
faults "SIGTERM" SIGTERM 1
echo "== a start that fails, with lines left closed"
systemctl stop backbutton
/opt/venv/bin/python -c "
import gpiod; from gpiod.line import *
high = gpiod.LineSettings(direction=Direction.OUTPUT, output_value=Value.ACTIVE)
gpiod.Chip('/dev/gpiochip0').request_lines(config={17: high, 27: high}, consumer='stuck').release()"
lines.py get 17 27
echo 'broken = [' >> /etc/backbutton/config.toml
systemctl start backbutton || true
lines.py get 17 27
journalctl -u backbutton --no-pager -o cat | grep '^backbutton:\|^/etc' | tail -4
systemctl stop backbutton
