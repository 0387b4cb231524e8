# rig: -i fast -t 600
# Shows: with three buttons that nobody presses the whole daemon is woken at most twice a second; gpiozero on lgpio beside it.
. /project/tests/kernel/systemd_setup.sh
sed -i '/^\[focus\]/,$d' /etc/backbutton/config.toml
mountpoint -q /sys/kernel/tracing || mount -t tracefs none /sys/kernel/tracing
count() { python3 /project/tests/kernel/wakeups.py "$@"; }
systemctl start backbutton
sleep 12  # the lamp test, and other work after a start
pid=$(systemctl show -p MainPID --value backbutton)
ours=$(count "$pid" 20 ${VERBOSE:+-v})
echo "backbutton, in its unit: $ours"
systemctl stop backbutton
cd /tmp
/opt/venv/bin/python /project/tests/kernel/pins_idle.py lgpio 40 & beside=$!
sleep 8
echo "three buttons of gpiozero on lgpio: $(count $beside 20)"
wait
woken=$(echo "$ours" | sed -n 's/^woken \([0-9]*\) .*/\1/p')
[ "$woken" -le 40 ] || { echo "FAILED: $woken is more than 40"; exit 1; }
