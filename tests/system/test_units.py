"""The units in systemd/, as far as they can be checked on any machine; tests/kernel/ starts them."""

import re
import shlex
from collections import defaultdict
from pathlib import Path

import pytest

from controller.cli.options import read_options
from controller.page.hosts import PRIVATE
from controller.page.listening import BACKLOG
from controller.page.protocol import MOST, MOST_TURNED_AWAY

ROOT = Path(__file__).parents[2]
UNITS = sorted(path.name for kind in ("service", "socket") for path in (ROOT / "systemd").glob(f"*.{kind}"))
PAGE, SOCKET, CONSOLE = "backbutton-page.service", "backbutton-page.socket", "backbutton-console@.service"
# What binds a unit's fate to another's; After= and Before= only order what starts anyway.
BINDING = {"Requires", "Requisite", "Wants", "BindsTo", "PartOf", "Upholds", "Conflicts", "OnFailure", "OnSuccess"}


def read(name):
    """Return the values of each directive of a unit, in order; an empty one forgets those before it."""
    values = defaultdict(list)
    for line in (ROOT / "systemd" / name).read_text(encoding="utf-8").splitlines():
        if not line or line[0] in "#[":
            continue
        key, _, value = line.partition("=")
        values[key].append(value)
    return dict(values)


def words(unit, key):
    return " ".join(unit.get(key, [])).split()


@pytest.mark.parametrize("name", UNITS)
def test_each_line_is_a_comment_a_section_or_a_directive(name):
    for line in (ROOT / "systemd" / name).read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"|#.*|\[(Unit|Service|Socket|Install)\]|[A-Z]\w+=.*", line), line


@pytest.mark.parametrize("name", UNITS)
def test_the_commands_of_the_units_are_valid(name):
    commands = [value for key, values in read(name).items() if key.startswith("Exec") for value in values]
    for command in commands:
        program, *arguments = shlex.split(command.replace("%I", "ttyGS0"))
        if program == "/usr/bin/backbutton":
            assert read_options(arguments).command == arguments[0]
        else:
            assert (ROOT / "systemd" / Path(program).name).exists()
    assert bool(commands) is name.endswith(".service")


def test_the_readme_has_a_section_for_each_unit():
    sections = re.findall(r"^## (.*)$", (ROOT / "systemd/README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(UNITS) <= set(sections)


def test_the_page_neither_starts_nor_stops_the_daemon():
    for name in (PAGE, SOCKET):
        bound = {word for key in BINDING for word in words(read(name), key)}
        assert bound <= {SOCKET}
    assert "backbutton.service" in words(read(PAGE), "After")
    assert not any("page" in word for key in BINDING for word in words(read("backbutton.service"), key))


def test_the_page_ends_with_its_socket_and_only_that_starts_it():
    assert words(read(PAGE), "Requires") == [SOCKET]
    assert "WantedBy" not in read(PAGE)
    assert read(SOCKET)["WantedBy"] == ["sockets.target"]


def test_its_socket_takes_the_addresses_that_the_page_takes_as_its_own():
    socket = read(SOCKET)
    assert socket["IPAddressDeny"] == ["any"]
    assert sorted(words(socket, "IPAddressAllow")) == sorted(str(network) for network in PRIVATE)


def test_the_page_itself_reaches_nothing_but_unix_sockets():
    page = read(PAGE)
    assert page["PrivateNetwork"] == ["yes"]
    assert page["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert page["IPAddressDeny"] == ["any"]
    assert "IPAddressAllow" not in page


def test_the_page_is_hardened_at_least_as_the_console():
    console, page = read(CONSOLE), read(PAGE)
    kinds = r"(Protect|Restrict|Private|NoNew|Capability|Ambient|Proc|Lock|Memory(?=Deny)|Keyring|SystemCall|UMask|Device(?=Policy)|IPAddress)"
    hardening = {key: value for key, value in console.items() if re.match(kinds, key)}
    assert len(hardening) > 20
    assert {key: page.get(key) for key in hardening} == hardening


def test_neither_the_page_nor_its_socket_ever_gives_up():
    assert read(PAGE)["StartLimitIntervalSec"] == ["0"]
    assert read(SOCKET)["TriggerLimitIntervalSec"] == ["0"]
    assert read(PAGE)["Restart"] == ["on-failure"]
    assert {"RestartSteps", "RestartMaxDelaySec"} <= read(PAGE).keys()  # ever more rarely


def test_the_page_may_open_as_many_files_as_its_own_limits_need():
    assert read(SOCKET)["Backlog"] == [str(BACKLOG)]
    others = 32  # to the daemon, for the loop, the log
    assert int(read(PAGE)["LimitNOFILE"][0]) >= MOST + MOST_TURNED_AWAY + BACKLOG + 1 + others
