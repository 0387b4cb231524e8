#!/bin/bash
# Shows the package's whole life on Debian 13, with Debian's own Python and packages: install, reboot, use, upgrade with
# edited settings, removal while both contacts are closed, purge; and what is left on the disk.
# host: tests/kernel/package_debs.sh "$SHARE"
# rig: -s trixie --reboots -i fast -t 2400
unset PYTHONPATH PYTHONDONTWRITEBYTECODE GPIOZERO_PIN_FACTORY PIP_NO_INDEX PIP_FIND_LINKS
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
checks=/run/package_checks.py
notes=/root/package
now=$(ls /out/backbutton_*.deb | grep -v later)
later=$(ls /out/backbutton_*later*.deb)

die() { echo "NOT SO: $1"; exit 1; }
is() { local what=$1; shift; "$@" > /run/said 2>&1 || { cat /run/said; die "$what"; }; echo "ok: $what"; }
not() { ! "$@"; }
run_checks() { /usr/bin/python3 -B "$checks" "$@" || exit 1; }
value() { systemctl show -p "$1" --value "$2"; }
active() { for _ in $(seq 300); do systemctl -q is-active "$1" && return; sleep 0.2; done; systemctl status --no-pager "$1"; return 1; }
gone() { for path; do [ ! -e "$path" ] && [ ! -L "$path" ] || { echo "$path is there"; return 1; }; done; }
low() { [ "$(cut -d' ' -f2 <(lines.py get 17 27) | sort -u)" = 0 ]; }
tell() { echo "$1" | backbutton console --plain | tee /run/said | grep -q '^ok' || { cat /run/said; return 1; }; }
setting() { echo "show $1" | backbutton console --plain | grep -q "$2"; }
apt() { apt-get -o APT::Get::List-Cleanup=0 -o Dpkg::Options::=--force-confold "$@" > /run/apt 2>&1 || { cat /run/apt; die "apt-get $*"; }; grep -E '^(Unpacking|Setting up|Removing|Purging|Job|Failed|Warning|dpkg)' /run/apt; }
files() { find / -xdev \( -path /var/log -o -path /var/tmp -o -path /tmp -o -path $notes -o -path /var/cache -o -path /var/lib/apt \) -prune -o -print | sort; }
# the accounts, without the user and groups of the package, which stay after a purge
accounts() { sed -s 's/\([:,]\)backbutton\(,\|$\)/\1/; s/,$//; /^backbutton:/d' /etc/passwd /etc/shadow /etc/group /etc/gshadow; }
contents() { find /etc /usr/lib/systemd -type f -exec sha256sum {} + | sort -k 2; }
cp /project/tests/kernel/package_checks.py $checks

like_a_pi() { # undo what makes the rig boot fast, and add a USB device port; pins belong to root, as on plain Debian
    rm -f /etc/dpkg/dpkg.cfg.d/99mmdebstrap /etc/systemd/system/{systemd-modules-load,modprobe@,modprobe@configfs}.service \
        /etc/systemd/system/sys-kernel-config.mount
    rm -r /etc/systemd/system/systemd-udev-trigger.service.d
    sed -i '/gpiochip/d' /etc/udev/rules.d/99-rig-gpio.rules
    chown root:root /dev/gpiochip*
    chmod 600 /dev/gpiochip*
    echo dummy_hcd > /etc/modules-load.d/usb-port.conf
    cat > /etc/systemd/system/eyes.service <<'U'
[Unit]
DefaultDependencies=no
[Service]
ExecStart=/bin/sh -c 'exec /usr/bin/python3 -B /usr/local/bin/lines.py watch 17 27 22 23 24 > /run/edges'
[Install]
WantedBy=sysinit.target
U
    systemctl -q enable eyes
    systemctl daemon-reload
    udevadm control --reload
}

install() {
    like_a_pi
    mkdir -p $notes
    contents > $notes/contents
    accounts > $notes/accounts
    touch $notes/files
    files > $notes/files
    echo "== Debian $(cat /etc/debian_version), $(/usr/bin/python3 -V), $(dpkg-query -W -f '${Package} ${Version}, ' python3-gpiozero python3-libgpiod python3-serial python3-transitions systemd)"
    echo "== install $(basename "$now"), $(stat -c %s "$now") bytes"
    apt install -y "$now"
    is "the daemon is active" active backbutton
    is "it runs on Debian's Python" [ "$(readlink -f "/proc/$(value MainPID backbutton)/exe")" = "$(readlink -f /usr/bin/python3)" ]
    is "units are enabled" systemctl is-enabled backbutton.service backbutton-gadget.service
    is "pins belong to group gpio" [ "$(stat -c %G:%a /dev/gpiochip0)" = gpio:660 ]
    is "the shipped settings have no faults" backbutton config --check /etc/backbutton/config.toml
    backbutton config --default > /run/default
    is "they match the output of config --default" diff /run/default /etc/backbutton/config.toml
    is "bytecode was compiled at installation" [ -d /usr/lib/backbutton/controller/__pycache__ ]
    mkdir -p /run/trap/config
    echo 'raise SystemExit("trapped")' > /run/trap/config/__init__.py
    is "the command imports no other module named config" env -C /run/trap PYTHONPATH=/run/trap backbutton --version
    is "both contacts are open" low
    is "doctor finds nothing wrong with Debian's packages" eval 'backbutton doctor | tee /run/doctor | grep -E "^ok +packages"'
    is "nor with anything but config.txt, which gives no USB device port yet" eval '! grep -E "^FAIL" /run/doctor | grep -vE "^FAIL +(boot|gadget) "'
    is "no unit has failed" [ -z "$(systemctl list-units --failed --no-legend 'backbutton*')" ]
    echo "== the administrator edits config.toml and adds a file; reboot"
    sed -i 's/^# profile = .*/profile = "nikon-mc-dc2"/; s/^# back_button_focus = .*/back_button_focus = true/' /etc/backbutton/config.toml
    is "the edit has no faults" backbutton config --check /etc/backbutton/config.toml
    echo "# not the package's" > /etc/backbutton/mine.toml
    cp /etc/backbutton/config.toml $notes/config.toml
    cat /proc/sys/kernel/random/boot_id > $notes/boot_id
    exit 75
}

use() {
    echo "== after the reboot"
    is "this is another boot" not diff -q /proc/sys/kernel/random/boot_id $notes/boot_id
    is "the daemon is active" active backbutton
    echo "   $(value StatusText backbutton); $(value NRestarts backbutton) restarts"
    sleep 3
    run_checks lamps /run/edges
    run_checks buttons
    is "the USB port is a serial port" active backbutton-gadget
    is "the console on it is active" active backbutton-console@ttyGS0
    run_checks console
    is "the setting is saved" grep -q 'every = "7s"' /var/lib/backbutton/settings.toml
    is "no unit has failed" [ -z "$(systemctl list-units --failed --no-legend 'backbutton*')" ]
}

upgrade() {
    echo "== upgrade to $(basename "$later")"
    local was console
    was=$(value MainPID backbutton) console=$(value MainPID backbutton-console@ttyGS0)
    apt install -y "$later"
    is "the daemon is active, and a new one" eval 'active backbutton && [ "$(value MainPID backbutton)" != "$was" ]'
    is "its version is the later one" grep -q +later <(backbutton --version)
    is "the console is a new one" eval 'active backbutton-console@ttyGS0 && [ "$(value MainPID backbutton-console@ttyGS0)" != "$console" ]'
    is "the administrator's config.toml is kept" diff /etc/backbutton/config.toml $notes/config.toml
    is "the new one lies beside it" grep -q "a later backbutton" /etc/backbutton/config.toml.dpkg-dist
    is "the saved setting is in force" setting interval.every 7s
    is "and so is the edited one" setting camera.profile nikon-mc-dc2
    is "both contacts are open" low
    run_checks console
}

remove() {
    echo "== remove, while both contacts are closed"
    is "a burst may be held for ten minutes" eval 'tell "set shot.drive burst" && tell "set safety.max_hold 10m"'
    run_checks hold
    apt remove -y backbutton
    is "both contacts are open" low
    lines.py drive 6 float
    is "units, command and modules are gone" gone /usr/lib/systemd/system/backbutton{,-gadget,-console@}.service /usr/bin/backbutton /usr/lib/backbutton /usr/lib/systemd/system/dev-ttyGS0.device.wants
    is "nothing of it runs" [ -z "$(systemctl list-units --no-legend --state=active,activating,failed 'backbutton*'; pgrep -fa /usr/bin/backbutton)" ]
    is "the USB port is released" gone /sys/kernel/config/usb_gadget/backbutton /dev/ttyGS0
    is "/run/backbutton is gone" gone /run/backbutton
    is "the settings are kept" diff /etc/backbutton/config.toml $notes/config.toml
    is "saved settings are kept" grep -q 'every = "7s"' /var/lib/backbutton/settings.toml
}

purge() {
    echo "== purge"
    apt purge -y backbutton
    files > /run/files
    contents > /run/contents
    accounts > /run/accounts
    echo "   left on the disk that was not there before the installation:" $(comm -13 $notes/files /run/files)
    is "only files of the administrator are left" [ "$(comm -13 $notes/files /run/files | paste -sd' ')" = "/etc/backbutton /etc/backbutton/mine.toml" ]
    is "no earlier file is missing" [ -z "$(comm -23 $notes/files /run/files)" ]
    local others
    others=$(join -1 2 -2 2 $notes/contents /run/contents | awk '$2 != $3 {print $1}')
    echo "   with other contents:" $others
    is "only the accounts have changed contents" [ -z "$(grep -vxE '/etc/(passwd|shadow|group|gshadow)-?' <<< "$others")" ]
    is "they have only gained the user and the groups" diff $notes/accounts /run/accounts
    is "/run/backbutton is gone" gone /run/backbutton
}

case $RIG_BOOT in 1) install ;; 2) use; upgrade; remove; purge ;; *) die "boot $RIG_BOOT" ;; esac
