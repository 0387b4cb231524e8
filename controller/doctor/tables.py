"""Reads what the system keeps as text: users, services, processes. Pure: text in, rows out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import PurePath

from config.record import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who runs this: their name, the groups of /etc/group, and those that this login really has."""

    name: str
    is_root: bool
    entered: frozenset[str]
    active: frozenset[str]

    def remedy(self, *groups: str) -> str:
        """Return how to get into groups: a login has those that were entered before it began."""
        if self.active.issuperset(groups):
            return f"{self.name} is in {', '.join(groups)} already; see with ls -l whose it is"
        if self.entered.issuperset(groups):
            return f"{self.name} has been added to the group since: log out and in again"
        return f"sudo usermod -aG {','.join(groups)} {self.name}, then log out and in again"


@dataclass(frozen=True, slots=True)
class Unit:
    """A service: what systemd says of it, by its own names."""

    properties: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.properties.get(name, "")

    @property
    def is_there(self) -> bool:
        """Whether the service is installed."""
        return self["LoadState"] == "loaded"

    @property
    def is_active(self) -> bool:
        """Whether it runs."""
        return self["ActiveState"] == "active"

    @property
    def has_failed(self) -> bool:
        """Whether it ended badly, or is started again and again after that."""
        return self["ActiveState"] == "failed" or (self["ActiveState"] == "activating" and self.is_again)

    @property
    def is_again(self) -> bool:
        """Whether it is not started for the first time."""
        return self["SubState"].startswith("auto-restart") or self["NRestarts"] not in ("", "0")

    @property
    def is_enabled(self) -> bool:
        """Whether it starts by itself."""
        return self["UnitFileState"].startswith("enabled")


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its number, its user, its command."""

    number: int
    user: str
    command: str


def person(passwd: str, group: str, uid: int, gids: frozenset[int]) -> Person:
    """Return the person of a user number, from the texts of /etc/passwd and /etc/group."""
    users = [row.split(":") for row in passwd.splitlines()]
    name, primary = next(((row[0], row[3]) for row in users if row[2:3] == [str(uid)]), (str(uid), ""))
    groups = [row.split(":") for row in group.splitlines() if row.count(":") == 3]  # noqa: PLR2004 - name:x:gid:members
    entered = {row[0] for row in groups if name in row[3].split(",") or row[2] == primary}
    active = {row[0] for row in groups if row[2] in map(str, gids)}
    return Person(name, uid == 0, frozenset(entered), frozenset(active))


def service_units(told: str) -> dict[str, Unit]:
    """Return services by name, from what `systemctl show` prints: NAME=VALUE, an empty line between two."""
    blocks = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in told.split("\n\n")]
    return {block["Id"]: Unit(block) for block in blocks if "Id" in block}


def wanted_instances(template: str, linked: Iterable[str], units: Mapping[str, Unit]) -> tuple[str, ...]:
    """Return the instances of a service NAME@INSTANCE.service that are linked to be started, or run."""
    running = [name for name, unit in units.items() if unit.is_active or unit["SubState"].startswith("auto-restart")]
    names = [name for name in (*linked, *running) if name.startswith(f"{template}@")]
    return tuple(sorted({name.partition("@")[2].removesuffix(".service") for name in names}))


def is_daemon(words: Sequence[str]) -> bool:
    """Whether a command line is `backbutton run` on pins, started as a program or through python."""
    if not words or not PurePath(words[0]).name.startswith(("python", "backbutton")):
        return False
    programs = ("backbutton", "cli.py", "controller.cli")
    named = [PurePath(word).name in programs for word in words]
    return (
        any(is_it and words[at + 1 : at + 2] == ["run"] for at, is_it in enumerate(named)) and "--bench" not in words
    )
