#!/bin/bash
# Shows: the page's package on Debian 13, with Debian's own Starlette and uvicorn. A phone's first request starts the page;
# a press of `run` pairs the phone, and it fires a frame that is seen on the line. Private addresses only; idle exit; the
# daemon is woken as often as without the page; kills of the page hold no contact closed and fire no frame twice; a page
# that cannot start is tried again ever more rarely; upgrade, removal, purge.
# host: tests/kernel/package_debs.sh "$SHARE"
# rig: -s trixie -i fast -t 2400
unset PYTHONPATH PYTHONDONTWRITEBYTECODE GPIOZERO_PIN_FACTORY PIP_NO_INDEX PIP_FIND_LINKS
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
box=$(ls /out/backbutton_*.deb | grep -v later) page=$(ls /out/backbutton-page_*.deb | grep -v later)
cp /project/tests/kernel/{wakeups,page_checks,page_kills}.py /run/

die() { echo "NOT SO: $1"; journalctl -u 'backbutton-page*' -o short-monotonic --no-pager | tail -n 20; exit 1; }
is() { local what=$1; shift; "$@" > /run/said 2>&1 || { cat /run/said; die "$what"; }; echo "ok: $what"; }
not() { ! "$@"; }
on_debian() { PYTHONPATH=/usr/local/bin:/usr/lib/backbutton /usr/bin/python3 -B "$@"; }
run_checks() { on_debian /run/page_checks.py "$@" || die "$*"; }
run_kills() { on_debian /run/page_kills.py "$@" || die "kills: $*"; }
value() { systemctl show -p "$1" --value "$2"; }
within() { for _ in $(seq 300); do "$@" && return; sleep 0.2; done; return 1; }
state() { [ "$(value ActiveState "$1")" = "$2" ]; }
end_page() { systemctl stop backbutton-page.service 2> /dev/null; } # it also says that the socket still listens
listens() { ss -Hltn 'sport = :80' | grep -q .; }
apt() { apt-get -o APT::Get::List-Cleanup=0 -o Dpkg::Options::=--force-confold "$@" > /run/apt 2>&1 || { cat /run/apt; die "apt-get $*"; }; grep -E '^(Unpacking|Setting up|Removing|Purging|Job|Failed|Warning|dpkg)' /run/apt; }
phone() { ip netns exec phone "$@"; }
get() { curl -s -o /dev/null -m 120 -w '%{http_code}' "$@"; }
from() { phone curl -s -o /dev/null -m 10 --interface "$1" -w '%{http_code}' "http://$2/"; } # ADDRESS URL-HOST
woken() { on_debian /run/wakeups.py "$(value MainPID "$1")" 40 > /run/woken || die "the count of $1"; echo "   $1, $2: $(cat /run/woken)"; sed -n 's/^woken \([0-9]*\) .*/\1/p' /run/woken > "/run/woken-$3"; }

network() { # the phone is a network namespace, with private addresses and public ones
    modprobe veth
    ip link set lo up
    ip netns add phone
    ip link add box type veth peer name phone netns phone
    for address in 192.168.50 203.0.113; do
        ip address add $address.1/24 dev box
        ip -n phone address add $address.9/24 dev phone
    done
    for address in fd00:50:: 2001:db8:50::; do
        ip address add ${address}1/64 dev box nodad
        ip -n phone address add ${address}9/64 dev phone nodad
    done
    ip link set box up
    ip -n phone link set lo up
    ip -n phone link set phone up
}

echo "== Debian $(cat /etc/debian_version), $(/usr/bin/python3 -V), $(dpkg-query -W -f '${Package} ${Version}, ' python3-starlette python3-uvicorn python3-segno systemd)"
rm -f /etc/dpkg/dpkg.cfg.d/99mmdebstrap
network
mountpoint -q /sys/kernel/tracing || mount -t tracefs none /sys/kernel/tracing
apt install -y "$box"
is "without its package, the page says in one sentence what to install" eval '! backbutton page 2> /run/error && [ "$(wc -l < /run/error)" = 1 ] && grep -q "sudo apt install ./dist/backbutton-page_" /run/error'
echo "   $(cat /run/error)"
is "the first package has nothing of the page's server" eval '! dpkg -L backbutton | grep -E "controller/page|backbutton-page"'
sed -i 's/^# profile = .*/profile = "nikon-mc-dc2"/; s/^# back_button_focus = .*/back_button_focus = true/' /etc/backbutton/config.toml
systemctl restart backbutton
is "the daemon is active" state backbutton active
sleep 15 # the lamp test, and other work after a start
woken backbutton "without the page's package" none
daemon=$(value MainPID backbutton)

echo "== install $(basename "$page"), $(stat -c %s "$page") bytes"
apt install -y "$page"
is "its socket is enabled and listens" eval 'systemctl is-enabled backbutton-page.socket && state backbutton-page.socket active && listens'
is "the page does not run" state backbutton-page inactive
is "the daemon was left alone" [ "$(value MainPID backbutton)" = "$daemon" ]
is "the units are valid" systemd-analyze verify /usr/lib/systemd/system/backbutton-page.{socket,service}
for unit in backbutton backbutton-page; do echo "   $(systemd-analyze security --no-pager $unit.service | tail -n 1)"; done
is "the page's exposure is 1.5 or less" systemd-analyze security --no-pager --threshold=15 backbutton-page.service
sleep 15
woken backbutton "with it" idle

echo "== a phone"
for unit in avahi-daemon.service avahi-daemon.socket; do rm -f /etc/systemd/system/$unit; done
systemctl daemon-reload
hostname backbutton
systemctl start avahi-daemon
run_checks names
run_checks visit
pid=$(value MainPID backbutton-page)
is "its first request has started the page" state backbutton-page active
echo "   $(grep -E '^(VmRSS|VmData|Threads)' /proc/"$pid"/status | tr -s '\t\n' '  '), at most $(cat /sys/fs/cgroup/system.slice/backbutton-page.service/memory.peak) bytes with what it has read"
is "it is in a network of its own, without any device" [ "$(nsenter -n -t "$pid" ip -o link | cut -d: -f2 | tr -d ' ')" = lo ]
hidden() { for path in /var/lib/backbutton /run/dbus /run/avahi-daemon; do [ -z "$(ls -A "/proc/$pid/root$path" 2> /dev/null)" ] || return 1; done; }
is "the daemon's settings, D-Bus and avahi are out of its reach" hidden
is "it has the group of the control socket, and no other" [ "$(sed -n 's/^Groups:\t//p' /proc/"$pid"/status | xargs -n 1 getent group | cut -d: -f1 | sort | paste -sd' ')" = "backbutton backbutton-page" ]
woken backbutton "with the page running, and nobody looking" running
woken backbutton-page "nobody looking" page
same() { for when in idle running; do [ $(($(cat /run/woken-$when) - $(cat /run/woken-none))) -le 2 ] || return 1; done; } # the window's ends
is "the daemon is woken as often as without the page" same
is "the page is hardly woken" [ "$(cat /run/woken-page)" -le 2 ]
run_checks pair
run_checks fire

echo "== where from"
answered() { [ "$(from 192.168.50.9 192.168.50.1)" = 200 ] && [ "$(from fd00:50::9 '[fd00:50::1]')" = 200 ]; }
is "private addresses, IPv4 and IPv6" answered
is "the box itself" eval '[ "$(get http://127.0.0.1/)" = 200 ] && [ "$(get "http://[::1]/")" = 200 ]'
end_page
refused() { [ "$(from 203.0.113.9 203.0.113.1)" = 000 ] && [ "$(from 203.0.113.9 192.168.50.1)" = 000 ] && [ "$(from 2001:db8:50::9 '[2001:db8:50::1]')" = 000 ]; }
is "no public address gets an answer" refused
is "nor starts the page" state backbutton-page inactive
drop_in() { mkdir -p "/etc/systemd/system/$1.d"; printf "$2" > "/etc/systemd/system/$1.d/test.conf"; systemctl daemon-reload; }
drop_in backbutton-page.socket '[Socket]\nIPAddressAllow=\nIPAddressDeny=\n'
systemctl restart backbutton-page.socket
is "the socket's lists do that: without them there is an answer, although the service denies all" [ "$(from 203.0.113.9 192.168.50.1)" = 200 ]
rm -r /etc/systemd/system/backbutton-page.socket.d
systemctl daemon-reload
systemctl restart backbutton-page.socket
is "with them again there is none" refused

echo "== idle"
drop_in backbutton-page.service '[Service]\nExecStart=\nExecStart=/usr/bin/backbutton page --idle-exit 3s\n'
end_page
is "a request" [ "$(get http://127.0.0.1/)" = 200 ]
pid=$(value MainPID backbutton-page)
is "the page ends by itself" within state backbutton-page inactive
is "well" [ "$(value Result backbutton-page)" = success ]
is "its socket still listens" eval 'state backbutton-page.socket active && listens'
is "the next request starts it anew" eval '[ "$(get http://127.0.0.1/)" = 200 ] && [ "$(value MainPID backbutton-page)" != "$pid" ]'
rm -r /etc/systemd/system/backbutton-page.service.d
systemctl daemon-reload
end_page

echo "== kills"
run_kills fire 15
run_kills focus 9
is "the daemon is the same as before" [ "$(value MainPID backbutton)" = "$daemon" ]

echo "== a page that cannot start"
end_page
mv /usr/lib/python3/dist-packages/starlette /root/
get -m 100 http://127.0.0.1/ > /dev/null
count=$(value NRestarts backbutton-page)
is "in 100 s it was tried again $count times" [ "$count" -ge 6 -a "$count" -le 10 ]
is "its socket has not given up" state backbutton-page.socket active
mv /root/starlette /usr/lib/python3/dist-packages/
is "once it can start, it answers by itself" [ "$(get http://127.0.0.1/)" = 200 ]

echo "== the daemon is stopped and started under the page"
systemctl stop backbutton
is "the page goes on" [ "$(get http://127.0.0.1/)" = 200 ]
is "a request does not start the daemon" state backbutton inactive
systemctl start backbutton
run_checks status

echo "== upgrade"
pid=$(value MainPID backbutton-page)
apt install -y /out/backbutton_*later*.deb /out/backbutton-page_*later*.deb
is "the old page has ended, and the socket listens" eval 'state backbutton-page.socket active && listens && not kill -0 "$pid"'
run_checks status
is "the new page answers" state backbutton-page active
daemon=$(value MainPID backbutton)
is "what the administrator turns off stays off" eval 'systemctl disable --now backbutton-page.socket && apt install -y --reinstall /out/backbutton-page_*later*.deb && not listens && not systemctl is-enabled backbutton-page.socket'
systemctl -q enable --now backbutton-page.socket
is "on again" [ "$(get http://127.0.0.1/)" = 200 ]

echo "== remove and purge"
apt remove -y backbutton-page
is "nothing of it runs or listens" eval 'not listens && [ -z "$(pgrep -fa "backbutton page")" ]'
apt purge -y backbutton-page
is "nothing of it is left" [ -z "$(ls -d /usr/lib/backbutton/controller/page /etc/avahi/services/backbutton.service 2> /dev/null; find /etc/systemd /usr/lib/systemd /var/lib/systemd/deb-systemd-helper-* -name '*backbutton-page*')" ]
is "the daemon was left alone" [ "$(value MainPID backbutton)" = "$daemon" ]
is "the first package is whole" [ -z "$(dpkg -V backbutton | grep -v config.toml)" ]
is "no unit has failed" [ -z "$(systemctl list-units --failed --no-legend 'backbutton*')" ]
