"""A program named nmcli that prints what the real one printed on Debian 13 (1.52.1), for what cannot go wrong at will.

What works is tested with the real one, in a virtual machine: tests/kernel/scenarios/hotspot.sh. The answers were recorded
there; only names of networks, and `no` where the recorded device could be an access point, are of the tests.
"""

import json
import sys
from pathlib import Path

UUID, HOME = "8ed64183-ee4c-4075-98a0-7914b51bdc0b", "b55a48ee-a74a-43c2-a005-b3c13e08e367"
RADIO, DEVICES = "-t -f WIFI-HW,WIFI general status", "-t -f DEVICE,TYPE,STATE,CON-UUID,CONNECTION device status"
PROFILES = "-t -f UUID,NAME,TYPE connection show"
KEPT = (
    f"-s -t -f 802-11-wireless.ssid,802-11-wireless-security.psk,connection.autoconnect connection show uuid {UUID}"
)
CAN_BE = "-t -f WIFI-PROPERTIES.AP device show wlan0"
UP, DOWN = f"connection up uuid {UUID} ifname wlan0", f"connection down uuid {UUID}"
UP_HOME = f"connection up uuid {HOME}"
MODIFY = f"connection modify uuid {UUID}"
DONE = [0, "", ""]
_OTHERS = "p2p-dev-wlan0:wifi-p2p:disconnected::\nlo:loopback:unmanaged::\nhwsim0:unknown:unmanaged::\n"

AT_HOME = {
    RADIO: [0, "enabled:enabled\n", ""],
    DEVICES: [0, f"wlan0:wifi:connected:{HOME}:Home\\: at\\\\ the lake\n{_OTHERS}", ""],
    CAN_BE: [0, "WIFI-PROPERTIES.AP:yes\n", ""],
    PROFILES: [
        0,
        f"{UUID}:backbutton-hotspot:802-11-wireless\n{HOME}:Home\\: at\\\\ the lake:802-11-wireless\n",
        "",
    ],
    KEPT: [
        0,
        "802-11-wireless.ssid:backbutton-AB23\n802-11-wireless-security.psk:1234-5678-9012-3456\nconnection.autoconnect:no\n",
        "",
    ],
    MODIFY: DONE,
    UP: [
        0,
        "Connection successfully activated (D-Bus active path: /org/freedesktop/NetworkManager/ActiveConnection/2)\n",
        "",
    ],
    DOWN: [
        10,
        "",
        f"Error: '{UUID}' is not an active connection.\nError: no active connection provided.\n",
    ],
    UP_HOME: [
        0,
        "Connection successfully activated (D-Bus active path: /org/freedesktop/NetworkManager/ActiveConnection/3)\n",
        "",
    ],
}
IS_ON = {
    DEVICES: [0, f"wlan0:wifi:connected:{UUID}:backbutton-hotspot\np2p-dev-wlan0:wifi-p2p:disconnected::\n", ""],
    KEPT: [0, AT_HOME[KEPT][1].replace("autoconnect:no", "autoconnect:yes"), ""],
}
NO_PROFILE = {PROFILES: [0, f"{HOME}:Home\\: at\\\\ the lake:802-11-wireless\n", ""]}

_PROGRAM = """\
#!{python}
import json, sys
words = " ".join(sys.argv[1:]).removeprefix("--wait 60 ")
with open({calls!r}, "a") as calls:
    print(words, file=calls)
with open({answers!r}) as file:
    answers = json.load(file)
status, output, errors = next((answer for key, answer in answers.items() if words == key), None) or next(
    (answer for key, answer in answers.items() if words.startswith(key)), [99, "", "Error: not recorded: " + words])
sys.stdout.write(output)
sys.stderr.write(errors)
sys.exit(status)
"""


class Nmcli:
    """The program, in a folder for PATH; `calls` has what it was called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._calls, self._answers = folder / "calls", folder / "answers"
        (folder / "nmcli").write_text(
            _PROGRAM.format(python=sys.executable, calls=str(self._calls), answers=str(self._answers))
        )
        self.add("dnsmasq")
        (folder / "nmcli").chmod(0o755)
        self.answers(AT_HOME)

    def answers(self, *tables: dict) -> None:
        merged = {key: answer for table in tables for key, answer in table.items()}
        self._answers.write_text(json.dumps(merged))

    def add(self, name: str, prints: str = "") -> None:
        """Add another program, which prints this."""
        (self.folder / name).write_text(f"#!/bin/sh\ncat << 'E'\n{prints}E\n")
        (self.folder / name).chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []
