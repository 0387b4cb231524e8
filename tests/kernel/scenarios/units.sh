# Shows: the units are valid, the daemon starts in them, gets real-time priority, serves its group, and stops cleanly.
. /project/tests/kernel/systemd_setup.sh
echo "== verify"
systemd-analyze verify /usr/lib/systemd/system/backbutton.service /usr/lib/systemd/system/backbutton-console@.service /usr/lib/systemd/system/backbutton-gadget.service && echo "verify: clean"
udevadm verify /usr/lib/udev/rules.d/60-backbutton.rules 2>/dev/null && echo "udev rules: clean" || true
echo "== start"
time systemctl start backbutton || true
systemctl show -p ActiveState,SubState,StatusText,NRestarts backbutton
journalctl -u backbutton --no-pager -o cat | tail -12
ls -la /run/backbutton /var/lib/backbutton
cat /run/backbutton/lines
pid=$(systemctl show -p MainPID --value backbutton)
for task in /proc/"$pid"/task/*; do chrt -p "${task##*/}" | paste -sd' '; done
grep -E 'VmLck|VmRSS|Threads' /proc/"$pid"/status
lines.py get 17 27 22 23 24
id backbutton; grep -c . /run/backbutton/lines
setpriv --reuid pi --regid pi --groups gpio backbutton console --plain < /dev/null || true
echo 'status' | setpriv --reuid pi --regid pi --groups backbutton backbutton console --plain | head -5
echo "== idle: context switches in 20 s"
count() { cat /proc/"$pid"/task/*/status | awk '/ctxt_switches/ {n += $2} END {print n}'; }
before=$(count); sleep 20; echo "$(($(count) - before)) in 20 s"
echo "== stop"
time systemctl stop backbutton
systemctl show -p ActiveState,Result backbutton
journalctl -u backbutton --no-pager -o cat | tail -3
lines.py get 17 27
for i in 1 2 3; do time backbutton release-lines; done 2>&1 | grep real
cd $lib; /opt/venv/bin/python -X importtime -c "import controller.cli, argparse, hardware.release, gpiod" 2>&1 | awk -F"|" "{n += \$1 ~ /import time/ ? substr(\$1, 13) : 0} END {print n / 1000 \" ms of imports\"}"
echo "== security"
for unit in backbutton.service backbutton-console@ttyGS0.service backbutton-gadget.service; do systemd-analyze security --no-pager $unit | tail -1; done
systemd-analyze security --no-pager backbutton.service | grep '✗' || true
