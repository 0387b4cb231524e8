import json
import os
import signal
import sys
from functools import partial

import pytest
from hotspot.nmcli import (
    AT_HOME,
    CAN_BE,
    DEVICES,
    DOWN,
    HOME,
    IS_ON,
    KEPT,
    MODIFY,
    NO_PROFILE,
    PROFILES,
    RADIO,
    UP,
    UP_HOME,
    UUID,
    Nmcli,
)

from controller.cli import hotspot as command
from controller.cli import main
from controller.hotspot import machine
from controller.hotspot.names import NamesFile

CHANGES = ("connection add", "connection modify", "connection edit", "connection up", "connection down", "device set")
PASSWORD = "1234-5678-9012-3456"
FAILED = [
    4,
    "",
    "Error: Connection activation failed: 802.1X supplicant took too long to authenticate\nHint: use 'journalctl'\n",
]


@pytest.fixture
def nmcli(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(machine, "_ADMIN_FOLDERS", "/nowhere")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(command, "NamesFile", partial(NamesFile, tmp_path / "dnsmasq-shared.d" / "backbutton.conf"))
    return Nmcli(tmp_path)


def changes(nmcli):
    return [call for call in nmcli.calls if call.startswith(CHANGES)]


def has_names(nmcli):
    return (nmcli.folder / "dnsmasq-shared.d" / "backbutton.conf").exists()


def refusal(capsys, *words):
    """The sentence with which the command fails."""
    assert main(["hotspot", *words]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("backbutton: ")
    assert printed.count("\n") == 1
    return printed.removeprefix("backbutton: ").rstrip()


NOT_RUNNING = [8, "", "Error: NetworkManager is not running.\n"]


@pytest.mark.parametrize("action", ["on", "off", "status"])
def test_networkmanager_is_not_running(nmcli, capsys, action):
    nmcli.answers(dict.fromkeys(AT_HOME, NOT_RUNNING))
    assert "NetworkManager is not running; start it" in refusal(capsys, action)


@pytest.mark.parametrize("action", ["on", "off", "status"])
def test_there_is_no_nmcli(nmcli, capsys, monkeypatch, action):
    monkeypatch.setenv("PATH", "/nowhere")
    assert "there is no nmcli here; install it (sudo apt install network-manager)" in refusal(capsys, action)


def test_networkmanager_hangs(nmcli, capsys, monkeypatch):
    monkeypatch.setattr(machine, "_TIMEOUT_S", 0.1)
    (nmcli.folder / "nmcli").write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    assert "NetworkManager does not answer; restart it" in refusal(capsys, "status")


@pytest.mark.parametrize("action", ["on", "off"])
def test_only_root_may_change_it(nmcli, capsys, monkeypatch, action):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert refusal(capsys, action) == f"only root may do this: sudo backbutton hotspot {action}"
    assert nmcli.calls == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({RADIO: [0, "enabled:disabled\n", ""]}, "the Wi-Fi is turned off; turn it on: sudo nmcli radio wifi on"),
        ({RADIO: [0, "disabled:disabled\n", ""]}, "the Wi-Fi is turned off by a switch of this machine"),
        ({DEVICES: [0, "lo:loopback:unmanaged::\n", ""]}, "there is no Wi-Fi on this machine"),
        ({DEVICES: [0, "wlan0:wifi:unmanaged::\n", ""]}, "wlan0 is left alone by NetworkManager"),
        ({DEVICES: [0, "wlan0:wifi:unavailable::\n", ""]}, "wlan0 is not ready"),
        (
            {CAN_BE: [0, "WIFI-PROPERTIES.AP:no\n", ""]},
            "wlan0 cannot be a hotspot: its driver has no access point mode",
        ),
    ],
)
def test_what_cannot_be_turned_on_is_not_touched(nmcli, capsys, answers, words):
    nmcli.answers(AT_HOME, answers)
    assert words in refusal(capsys, "on", "--yes")
    assert changes(nmcli) == []
    assert not has_names(nmcli)


def test_a_pi_without_a_country(nmcli, capsys):
    nmcli.answers(AT_HOME, {RADIO: [0, "enabled:disabled\n", ""]})
    nmcli.add("raspi-config")
    nmcli.add("iw", "global\ncountry 00: DFS-UNSET\n")
    assert "sudo raspi-config nonint do_wifi_country GB" in refusal(capsys, "on")
    nmcli.add("iw", "global\ncountry DE: DFS-ETSI\n")
    assert "sudo nmcli radio wifi on" in refusal(capsys, "on")


def test_without_dnsmasq(nmcli, capsys):
    (nmcli.folder / "dnsmasq").unlink()
    assert "sudo apt install dnsmasq-base" in refusal(capsys, "on", "--yes")
    assert changes(nmcli) == []


def test_a_start_that_fails_gives_back_what_was_there(nmcli, capsys):
    nmcli.answers(AT_HOME, {UP: FAILED})
    sentence = refusal(capsys, "on", "--yes")
    assert (
        sentence
        == "NetworkManager refused: Connection activation failed: 802.1X supplicant took too long to authenticate"
    )
    settings, *rest = changes(nmcli)
    assert settings.startswith(f"{MODIFY} connection.interface-name wlan0 ")
    assert rest == [UP, f"{MODIFY} connection.autoconnect no", DOWN, UP_HOME]
    assert not has_names(nmcli)


def test_names_that_are_not_answered_are_a_start_that_failed(nmcli, capsys, monkeypatch):
    monkeypatch.setattr(command, "Hotspot", partial(command.Hotspot, names_are_answered=lambda: False))
    assert "gives phones no addresses and names, because NetworkManager's dnsmasq" in refusal(capsys, "on", "--yes")
    assert changes(nmcli)[-3:] == [f"{MODIFY} connection.autoconnect no", DOWN, UP_HOME]
    assert not has_names(nmcli)


def test_the_pis_driver_gets_no_protected_frames(nmcli, capsys):
    nmcli.answers(AT_HOME, {UP: FAILED})
    refusal(capsys, "on", "--yes")
    assert " 802-11-wireless-security.pmf disable " in changes(nmcli)[0]
    assert " ipv4.method shared ipv4.addresses 10.42.42.1/24 " in changes(nmcli)[0]


@pytest.mark.parametrize("answer", ["n", "", "what?", None])
def test_without_a_yes_nothing_changes(nmcli, capsys, monkeypatch, answer):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    def asked(question):
        assert question == "Turn the hotspot on? [y/N] "
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", asked)
    assert main(["hotspot", "on"]) == 0
    printed = capsys.readouterr().out
    assert 'wlan0 leaves "Home: at\\ the lake", and whatever reaches the box through that ends, like ssh.' in printed
    assert printed.endswith("Nothing was changed.\n")
    assert changes(nmcli) == []


def test_without_a_terminal_nobody_is_asked(nmcli, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert "if that is meant: sudo backbutton hotspot on --yes" in refusal(capsys, "on")
    assert changes(nmcli) == []


@pytest.mark.parametrize("answer", ["y", " YES "])
def test_a_yes_turns_it_on_and_shows_the_login_first(nmcli, capsys, monkeypatch, answer):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    monkeypatch.setattr(command, "Hotspot", partial(command.Hotspot, names_are_answered=lambda: True))
    shown = []

    def print_login(login, before=command._print_login):
        shown.append(changes(nmcli)[-1].startswith(f"{MODIFY} connection.interface-name"))  # not up yet
        before(login)

    monkeypatch.setattr(command, "_print_login", print_login)
    assert main(["hotspot", "on"]) == 0
    assert shown == [True]
    assert changes(nmcli)[-2:] == [UP, f"{MODIFY} connection.autoconnect yes"]
    printed = capsys.readouterr().out
    assert (
        f"Wi-Fi     backbutton-AB23\npassword  {PASSWORD}\npage      http://backbutton.local or http://10.42.42.1\n"
        in printed
    )
    assert 'Then wlan0 joins the networks that it knows again, like "Home: at\\ the lake".' in printed
    assert has_names(nmcli)


def test_a_password_that_somebody_removed_is_replaced(nmcli, capsys):
    nmcli.answers(
        AT_HOME,
        {
            KEPT: [0, "802-11-wireless.ssid:x\n802-11-wireless-security.psk:\n", ""],
            f"connection edit uuid {UUID}": [0, "", ""],
        },
    )
    assert "did not keep the hotspot's password" in refusal(capsys, "on", "--yes")
    assert changes(nmcli)[-1] == f"connection edit uuid {UUID}"  # and the password is not among the words


def test_the_end_of_the_terminal_is_ignored_only_meanwhile(nmcli, capsys):
    before = signal.getsignal(signal.SIGHUP)
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command.Hotspot, "turn_off", lambda _self: not seen.append(signal.getsignal(signal.SIGHUP)))
        assert main(["hotspot", "off"]) == 0
    assert seen == [signal.SIG_IGN]
    assert signal.getsignal(signal.SIGHUP) == before


def test_status_as_json(nmcli, capsys):
    nmcli.answers(AT_HOME, IS_ON)
    nmcli.add("iw", "country GB: DFS-ETSI\nStation 02:00:00:00:01:00 (on wlan0)\n")
    assert main(["hotspot", "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "state": "on",
        "on_at_start": True,
        "name": "backbutton-AB23",
        "password": PASSWORD,
        "qr_text": f"WIFI:T:WPA;S:backbutton-AB23;P:{PASSWORD};;",
        "pages": ["http://backbutton.local", "http://10.42.42.1"],
        "device": "wlan0",
        "joined": 1,
        "country": "GB",
    }


def test_status_without_a_profile(nmcli, capsys):
    nmcli.answers(AT_HOME, NO_PROFILE)
    assert main(["hotspot", "status"]) == 0
    assert capsys.readouterr().out == "The hotspot is off; it has never been on.\n"


def test_status_while_it_starts(nmcli, capsys):
    nmcli.answers(AT_HOME, {DEVICES: [0, f"wlan0:wifi:connecting (configuring):{UUID}:backbutton-hotspot\n", ""]})
    assert main(["hotspot", "status"]) == 0
    printed = capsys.readouterr().out
    assert "The hotspot is starting (wlan0).\nIt stays off when the box starts again" in printed


def test_status_without_root_has_no_password(nmcli, capsys):
    nmcli.answers(AT_HOME, IS_ON, {KEPT: [0, IS_ON[KEPT][1].replace(PASSWORD, ""), ""]})
    assert main(["hotspot", "status"]) == 0
    printed = capsys.readouterr().out
    assert "password  shown to root only: sudo backbutton hotspot status\n" in printed
    assert "█" not in printed


def test_another_connection_of_that_name_is_not_ours(nmcli, capsys):
    nmcli.answers(AT_HOME, {PROFILES: [0, f"{HOME}:backbutton-hotspot:802-3-ethernet\n", ""]})
    assert main(["hotspot", "status"]) == 0
    assert "it has never been on" in capsys.readouterr().out
