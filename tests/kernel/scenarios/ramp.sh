# rig: -i real --reboots -t 1200
# Shows: a ramp goes on by its plan after power cuts. A hand-step that was called and not confirmed is called again, one that
# was confirmed stays so, and so does a trim; nothing is fired twice. The button `back` confirms a hand-step too, and moves no
# FOCUS. -i real, because a run needs a card that is as fast as its clock: `fast` skips the time that the card takes.
# CLOCK=lost in $GUEST: no clock tells how long the power was off, as on a Pi without a battery; the run then goes on by its frames.
checks() { PYTHONPATH=/project:/usr/local/bin python /project/tests/kernel/ramp_checks.py "$@"; }
if [ "${CLOCK:-}" = lost ] && [ "$RIG_BOOT" -gt 2 ]; then
  rtc=$(readlink -f /sys/class/rtc/rtc0/device)
  basename "$rtc" > "$rtc/driver/unbind"
fi
case $RIG_BOOT in
  1)
    . /project/tests/kernel/systemd_setup.sh
    drop_in=/etc/systemd/system/backbutton.service.d
    mkdir -p $drop_in # systemd starts the daemon at each boot, once somebody watches the lines
    printf '[Service]\nExecStartPre=+/bin/sh -c "until [ -e /run/watched ]; do sleep 0.1; done"\n' > $drop_in/watched.conf
    systemctl -q enable backbutton
    tune2fs -j /dev/vda > /dev/null # the rig's disk has no journal, a Pi's has one; used from the next boot on
    exit 75
    ;;
  2)
    sync # from here on only what the daemon syncs survives
    checks called
    ;;
  3) checks called_again ;;
  *) checks goes_on ;;
esac
