"""Parses what the system keeps as text: users, services, processes. Pure: text in, rows out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import PurePath

from config.record import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """The user who runs this: `listed` are their groups in /etc/group, `active` those of the current login."""

    name: str
    listed: frozenset[str]
    active: frozenset[str]

    def remedy(self, *groups: str) -> str:
        """Return how to join the groups; a login only has the groups that were listed when it began."""
        if self.active.issuperset(groups):
            return f"{self.name} is already in {', '.join(groups)}; check its owner and group with ls -l"
        if self.listed.issuperset(groups):
            return f"{self.name} has joined the group since logging in: log out and in again"
        return f"sudo usermod -aG {','.join(groups)} {self.name}, then log out and in again"


@dataclass(frozen=True, slots=True)
class Unit:
    """A systemd service, by the names of its properties; a property that is missing is ""."""

    properties: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.properties.get(name, "")

    @property
    def is_installed(self) -> bool:
        """Whether the service is installed."""
        return self["LoadState"] == "loaded"

    @property
    def is_active(self) -> bool:
        """Whether it runs."""
        return self["ActiveState"] == "active"

    @property
    def has_failed(self) -> bool:
        """Whether it failed for good, or fails and is restarted again and again."""
        return self["ActiveState"] == "failed" or (self["ActiveState"] == "activating" and self.is_restarting)

    @property
    def is_restarting(self) -> bool:
        """Whether systemd has restarted it after a failure, or is about to."""
        return self["SubState"].startswith("auto-restart") or self["NRestarts"] not in ("", "0")

    @property
    def is_enabled(self) -> bool:
        """Whether it starts at boot."""
        return self["UnitFileState"].startswith("enabled")


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its PID, its user, its command line."""

    pid: int
    user: str
    command: str


def parse_person(passwd: str, group: str, uid: int, gids: frozenset[int]) -> Person:
    """Return the person with this user id, from the texts of /etc/passwd and /etc/group."""
    users = [row.split(":") for row in passwd.splitlines()]
    name, primary = next(((row[0], row[3]) for row in users if row[2:3] == [str(uid)]), (str(uid), ""))
    groups = [row.split(":") for row in group.splitlines() if row.count(":") == 3]  # noqa: PLR2004 - name:x:gid:members
    listed = {row[0] for row in groups if name in row[3].split(",") or row[2] == primary}
    active = {row[0] for row in groups if row[2] in map(str, gids)}
    return Person(name, frozenset(listed), frozenset(active))


def parse_units(text: str) -> dict[str, Unit]:
    """Return the services by name, from the output of `systemctl show`: NAME=VALUE lines, a blank line in between."""
    blocks = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in text.split("\n\n")]
    return {block["Id"]: Unit(block) for block in blocks if "Id" in block}


def wanted_instances(template: str, linked: Iterable[str], units: Mapping[str, Unit]) -> tuple[str, ...]:
    """Return the instances of a template service (NAME@INSTANCE.service) that are enabled, by link, or running."""
    running = [name for name, unit in units.items() if unit.is_active or unit["SubState"].startswith("auto-restart")]
    names = [name for name in (*linked, *running) if name.startswith(f"{template}@")]
    return tuple(sorted({name.partition("@")[2].removesuffix(".service") for name in names}))


def is_daemon(words: Sequence[str]) -> bool:
    """Whether a command line is `backbutton run` on real pins, started as a program or through python."""
    if not words or not PurePath(words[0]).name.startswith(("python", "backbutton")):
        return False
    programs = ("backbutton", "controller.cli")
    follows = [words[at + 1 : at + 2] for at, word in enumerate(words) if PurePath(word).name in programs]
    return ["run"] in follows and "--bench" not in words
