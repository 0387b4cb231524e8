#!/bin/bash
# Shows: `backbutton hotspot` with Debian's NetworkManager on simulated radios. A phone joins with the shown password, gets
# an address, finds the page under any name; on and off survive a restart; the box goes back to the Wi-Fi that it had, also
# when a start fails; every refusal is one sentence. wlan0 is the box; the phone and the Wi-Fi at home are network
# namespaces with a radio each.
# rig: -s trixie --reboots -t 2400
unset PYTHONPATH PYTHONDONTWRITEBYTECODE
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
names=/etc/NetworkManager/dnsmasq-shared.d/backbutton.conf
home='Home: at\ the lake' # the characters that nmcli escapes
kept=/root/login

die() { echo "NOT SO: $1"; journalctl -u NetworkManager -o cat --no-pager | grep -v modprobe | tail -n 30; exit 1; }
is() { local what=$1; shift; "$@" > /run/said 2>&1 || { cat /run/said; die "$what"; }; echo "ok: $what"; }
not() { ! "$@"; }
within() { for _ in $(seq 120); do "$@" && return; sleep 0.5; done; return 1; } # a generous limit, on a slow machine
on_wlan0() { [ "$(nmcli -e no -g GENERAL.CONNECTION device show wlan0)" = "$1" ] && nmcli -g GENERAL.STATE device show wlan0 | grep -q '^100 '; }
refused() { # refused SENTENCE COMMAND...: it fails with status 1 and that one line
    local sentence=$1 status=0; shift
    "$@" > /run/out 2> /run/errors || status=$?
    [ $status = 1 ] && [ "$(wc -l < /run/errors)" = 1 ] && grep -qF "backbutton: $sentence" /run/errors ||
        { echo "status $status"; cat /run/out /run/errors; return 1; }
    cat /run/errors >&3
}
exec 3>&1
hotspot() { backbutton hotspot "$@" < /dev/null; }
says() { hotspot "$@" > /run/out 2>&1; local status=$?; cat /run/out; return $status; }
field() { hotspot status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

radios() { # wlan0 for the box, wlan1 for the phone, wlan2 for the Wi-Fi at home
    modprobe mac80211_hwsim radios=3
    for name in phone home; do
        ip netns add $name
        ip netns exec $name ip link set lo up
        mkdir -p /etc/netns/$name
        : > /etc/netns/$name/resolv.conf
    done
    touch /etc/resolv.conf
    iw phy phy1 set netns name phone
    iw phy phy2 set netns name home
}
home_network() {
    printf 'ctrl_interface=/run/wpa-home\nnetwork={\n ssid="%s"\n mode=2\n frequency=2412\n key_mgmt=WPA-PSK\n proto=RSN\n pairwise=CCMP\n psk="homehome"\n}\n' "$home" > /run/home.conf
    ip netns exec home wpa_supplicant -B -D nl80211 -i wlan2 -c /run/home.conf > /dev/null
    within eval 'wpa_cli -p /run/wpa-home -i wlan2 status | grep -q wpa_state=COMPLETED' || die "the Wi-Fi at home is on"
}
phone() { ip netns exec phone "$@"; }
phone_joins() { # phone_joins NAME PASSWORD: as a phone does, and gets an address
    printf 'ctrl_interface=/run/wpa-phone\nnetwork={\n ssid="%s"\n psk="%s"\n}\n' "$1" "$2" > /run/phone.conf
    phone wpa_supplicant -B -D nl80211 -i wlan1 -c /run/phone.conf
    within eval 'wpa_cli -p /run/wpa-phone -i wlan1 status | grep -q wpa_state=COMPLETED' || return
    cat > /run/lease <<'S'
#!/bin/sh
[ "$1" = bound ] || exit 0
ip addr flush dev $interface
ip addr add $ip/$mask dev $interface
ip route replace default via $router
for server in $dns; do echo nameserver $server; done > /etc/resolv.conf
S
    chmod +x /run/lease
    phone busybox udhcpc -i wlan1 -n -q -s /run/lease -t 20
}
page() { [ "$(phone curl -s -m 20 "$1")" = "the page" ]; }
ipv6_is_empty() {
    phone python3 -c '
import socket
asker = socket.create_connection(("10.42.42.1", 53), 20)
asker.sendall(b"\0\x22\0\1\1\0\0\1\0\0\0\0\0\0\x0abackbutton\5local\0\0\x1c\0\1")
reply = asker.recv(512)[2:]
assert (reply[3] & 15, reply[6:8]) == (0, b"\0\0"), reply'
}
mdns() { # mdns NAME: ask for the address of a name as an iPhone does for .local
    phone python3 - "$1" <<'P'
import socket, struct, sys
labels = b"".join(bytes([len(word)]) + word.encode() for word in sys.argv[1].split("."))
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
asker.settimeout(2)
for _ in range(10):
    asker.sendto(struct.pack(">6H", 0, 0, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, 1, 0x8001), ("224.0.0.251", 5353))
    try:
        reply = asker.recv(1500)
    except TimeoutError:
        continue
    print(reply)
    sys.exit(socket.inet_aton("10.42.42.1") not in reply)
sys.exit(1)
P
}

refusals() {
    is "without nmcli" refused "the hotspot needs NetworkManager, and there is no nmcli here" without /usr/bin/nmcli hotspot on
    is "while NetworkManager is stopped" refused "NetworkManager is not running; start it: sudo systemctl" hotspot on
    is "the same for status" refused "NetworkManager is not running" hotspot status
    systemctl -q unmask NetworkManager wpa_supplicant 2> /dev/null
    systemctl start NetworkManager
    is "without Wi-Fi" refused "there is no Wi-Fi on this machine" hotspot on
    radios
    within eval 'nmcli -g DEVICE,STATE device status | grep -q ^wlan0:disconnected'
    is "not as root" refused "only root may do this: sudo backbutton hotspot on" as_pi hotspot on
    is "nor off" refused "only root may do this: sudo backbutton hotspot off" as_pi hotspot off
    is "without dnsmasq" refused "phones would get no address, because dnsmasq is missing" without /usr/sbin/dnsmasq hotspot on
    nmcli radio wifi off
    is "turned off" refused "the Wi-Fi is turned off; turn it on: sudo nmcli radio wifi on" hotspot on
    printf '#!/bin/sh\n' > /usr/bin/raspi-config; chmod +x /usr/bin/raspi-config
    is "blocked until there is a country" refused "the Wi-Fi is blocked, as Raspberry Pi OS does until it knows your country" hotspot on
    rm /usr/bin/raspi-config
    nmcli radio wifi on
    python3 -c 'open("/dev/rfkill", "wb", buffering=0).write(b"\0\0\0\0\1\3\1\0")' # block Wi-Fi, in software
    within eval '[ "$(nmcli -g WIFI general)" = disabled ]'
    is "blocked by rfkill" refused "the Wi-Fi is turned off; turn it on: sudo nmcli radio wifi on" hotspot on
    nmcli radio wifi on
    is "the remedy helps" within eval 'nmcli -g DEVICE,STATE device status | grep -q ^wlan0:disconnected'
    nmcli device set wlan0 managed no
    is "with other software" refused "wlan0 is left alone by NetworkManager, so other software has it; stop that, or: sudo nmcli device set wlan0 managed yes" hotspot on
    nmcli device set wlan0 managed yes
    within eval 'nmcli -g DEVICE,STATE device status | grep -q ^wlan0:disconnected'
    is "nothing was left behind" eval '[ -z "$(nmcli -g UUID connection show)" ] && [ ! -e $names ]'
    is "off without ever having been on" eval 'hotspot off | grep -qx "The hotspot is off already, and stays off."'
    is "status says so" eval 'hotspot status | grep -qx "The hotspot is off; it has never been on."'
}
without() { local file=$1 status=0; shift; mv "$file" /run/away; "$@" || status=$?; mv /run/away "$file"; return $status; }
as_pi() { setpriv --reuid pi --regid pi --clear-groups bash -c "backbutton $*" < /dev/null; }

first() {
    refusals
    echo "== the box is in the Wi-Fi at home"
    home_network
    nmcli connection add type wifi con-name "$home" ifname wlan0 ssid "$home" wifi-sec.key-mgmt wpa-psk wifi-sec.psk homehome \
        ipv4.method manual ipv4.addresses 192.168.7.2/24 > /dev/null
    is "it joins" within nmcli --wait 60 connection up "$home"
    is "it has joined" on_wlan0 "$home"
    is "nobody is asked without a terminal" refused "wlan0 would leave \"$home\", and whatever reaches the box through that, like an ssh session, would end; if that is meant: sudo backbutton hotspot on --yes" hotspot on
    is "it is still at home" on_wlan0 "$home"
    echo rubbish > /etc/NetworkManager/dnsmasq-shared.d/rubbish.conf
    is "a start that fails" refused "the hotspot came up, but gives phones no addresses and names" hotspot on --yes
    is "gives home back" on_wlan0 "$home"
    is "and leaves no names behind" [ ! -e $names ]
    is "nor is it on at start" eval '[ "$(field on_at_start)" = False ]'
    rm /etc/NetworkManager/dnsmasq-shared.d/rubbish.conf
    echo "== on"
    is "it turns on" eval 'strace -qf --seccomp-bpf -e trace=execve -o /run/execs backbutton hotspot on --yes > /run/on < /dev/null'
    cat /run/on
    is "it says so" eval 'grep -qx "The hotspot is on." /run/on && grep -qxF "Then wlan0 joins the networks that it knows again, like \"$home\"." /run/on'
    is "with a QR code" grep -q '▀▄' /run/on
    is "its name and password have the right form" eval 'field name | grep -qxE "backbutton-[A-HJ-NP-Z]{2}[2-9]{2}" && field password | grep -qxE "[0-9]{4}(-[0-9]{4}){3}"'
    is "no command line had the password" not grep -qF "$(field password)" /run/execs
    is "NetworkManager has it" on_wlan0 backbutton-hotspot
    is "the page is told" grep -q 'page      http://backbutton.local or http://10.42.42.1' /run/on
    is "who is not root is not told the password" eval 'as_pi hotspot status | tee /run/pi | grep -q "password  shown to root only" && ! grep -qF "$(field password)" /run/pi'
    { field name; field password; } > $kept
    visit
    is "once more changes nothing" eval 'says on | grep -qx "The hotspot was on already."'
    is "the phone is still there" eval '[ "$(field joined)" = 1 ]'
    exit 75
}

visit() { # the phone joins and opens the page
    local name password
    { read -r name; read -r password; } < $kept
    mkdir -p /run/page; echo "the page" > /run/page/index.html
    python3 -m http.server -d /run/page 80 > /dev/null 2>&1 &
    is "a phone joins" phone_joins "$name" "$password"
    is "status counts it" eval 'says status | grep -qx "The hotspot is on (wlan0). 1 device has joined."'
    is "its server for names is the box" grep -qx "nameserver 10.42.42.1" /etc/netns/phone/resolv.conf
    is "a question for an IPv6 address gets an empty answer, not an error" ipv6_is_empty
    for host in backbutton.local 10.42.42.1 captive.apple.com connectivitycheck.gstatic.com www.example.org box; do
        is "http://$host/ is the page" within page "http://$host/"
    done
}

second() {
    echo "== after a restart"
    radios
    home_network
    systemctl start NetworkManager
    is "the hotspot came on by itself" within on_wlan0 backbutton-hotspot
    is "with the same name and password" eval '{ field name; field password; } | diff - $kept'
    visit
    systemctl -q unmask avahi-daemon.service avahi-daemon.socket 2> /dev/null
    hostname backbutton
    systemctl start avahi-daemon
    is "multicast DNS, which iPhones use, leads to the box as well" mdns backbutton.local
    echo "== off"
    is "it turns off" eval 'says off | grep -qx "The hotspot is off, and stays off. The Wi-Fi joins a network that it knows, if one is near."'
    is "home is back" within on_wlan0 "$home"
    is "no names are left" [ ! -e $names ]
    is "status" eval 'says status | grep -qx "The hotspot is off."'
    is "once more" eval 'says off | grep -qx "The hotspot is off already, and stays off."'
    exit 75
}

third() {
    echo "== after another restart"
    radios
    home_network
    systemctl start NetworkManager
    is "the box is at home" within on_wlan0 "$home"
    is "the hotspot is off" eval '[ "$(field state)" = off ]'
    is "on again has the same name and password" eval 'hotspot on --yes > /run/on && { field name; field password; } | diff - $kept'
    is "the profile is one" eval '[ "$(nmcli -g NAME connection show | grep -c backbutton-hotspot)" = 1 ]'
    is "what was done by hand is seen" eval 'nmcli connection down backbutton-hotspot > /dev/null && says status | grep -q "It comes on when the box starts again"'
}

mkdir -p /usr/lib/backbutton
cp -r /project/config /project/hardware /project/controller /usr/lib/backbutton/
install -m 755 /project/debian/bin/backbutton /usr/bin/backbutton
case $RIG_BOOT in 1) first ;; 2) second ;; 3) third ;; *) die "boot $RIG_BOOT" ;; esac
