# rig: -i fast --reboots -t 2400
# Shows: whatever breaks a press of a proof off (SIGKILL, stop, cut, a button, a power cut), both contacts open and stay open,
# and the press counts as not done; nothing that was learnt before is used or lost. The client's death ends no press.
# KILLS is the number of kills (20), CUTS that of power cuts (3), SEED varies their instants.
export KILLS="${KILLS:-20}" SEED="${SEED:-17}"
checks() { PYTHONPATH=/project:/usr/local/bin python /project/tests/kernel/proof_checks.py "$@"; }
case $RIG_BOOT in
  1)
    . /project/tests/kernel/systemd_setup.sh
    systemctl -q enable backbutton
    tune2fs -j /dev/vda > /dev/null # the rig's disk has no journal, a Pi's has one; used from the next boot on
    exit 75
    ;;
  2)
    checks begin kills stops clients || exit 1
    sync # from here on only what the daemon syncs survives
    ;;
  *) checks after_power_cut || exit 1 ;;
esac
[ "$RIG_BOOT" -le $((${CUTS:-3} + 1)) ] || exit 0
checks power_cut # and the machine boots again
