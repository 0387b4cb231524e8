"""The machine that is examined: its files below a root, its services, its processes. Looks only; judges nothing.

Everything is read when it is first asked for, and once. What cannot be read is None or empty, never an error.
"""

import os
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from config.errors import ConfigError
from config.record import dataclass
from config.schema import Settings
from config.store import SettingsStore
from controller.client import Client
from controller.doctor.board import Board
from controller.doctor.bootconfig import effective, expanded
from controller.doctor.tables import Person, Process, Unit, is_daemon, person, service_units, wanted_instances
from controller.errors import CommandError

Run = Callable[[tuple[str, ...]], str | None]

DAEMON, GADGET = "backbutton.service", "backbutton-gadget.service"
BOOT_FOLDERS = ("boot/firmware", "boot")  # since Raspberry Pi OS 12, and before
_UNITS = (DAEMON, GADGET, "backbutton-console@*.service", "serial-getty@*.service", "getty@*.service")
_PROPERTIES = "Id,LoadState,ActiveState,SubState,Result,NRestarts,UnitFileState,MainPID,LimitRTPRIO,Environment"
_PATIENCE_S = 5.0  # for a service manager or a daemon that does not answer
_REVISION_BYTES = 4


@dataclass(frozen=True, slots=True)
class Places:
    """Where the daemon has its settings, its state and its socket."""

    config: Path
    state_dir: Path
    socket: Path


@dataclass(frozen=True, slots=True)
class Boot:
    """config.txt: where it is, its text, and the settings of it that count here. No path: there is none."""

    path: Path | None = None
    text: str = ""
    settings: tuple[tuple[str, str], ...] = ()


def run_command(command: tuple[str, ...]) -> str | None:
    """Return what a command prints; None if it is not there, fails or does not end."""
    try:
        result = subprocess.run(  # noqa: S603 - the words are our own
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
            timeout=_PATIENCE_S,
            env={**os.environ, "LC_ALL": "C", "SYSTEMD_PAGER": ""},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout


class Machine:
    """A machine below `root`; `run` asks its services, `open_chip` opens a GPIO chip, `identity` is (uid, gids)."""

    def __init__(
        self,
        places: Places,
        root: Path = Path("/"),
        *,
        environment: Mapping[str, str] = os.environ,
        run: Run = run_command,
        open_chip: Callable[[str], Any] | None = None,
        identity: tuple[int, frozenset[int]] | None = None,
    ) -> None:
        self.places = places
        self.root = root
        self.environment = environment
        self.output = run
        self.open_chip = open_chip
        self._identity = identity or (os.geteuid(), frozenset({*os.getgroups(), os.getegid()}))

    def text(self, name: str) -> str | None:
        """Return a file's text; None if it cannot be read."""
        try:
            return (self.root / name).read_bytes().decode(errors="replace")
        except OSError:
            return None

    def has(self, name: str) -> bool:
        """Whether there is a file or a device of that name."""
        return os.access(self.root / name, os.F_OK)

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return the names of what fits a pattern, without their folders."""
        with suppress(OSError):
            return tuple(sorted(path.name for path in self.root.glob(pattern)))
        return ()

    def device(self, name: str) -> str:
        """Return the device behind a name in /dev: serial0 is a link to another."""
        try:
            return (self.root / "dev" / name).readlink().name
        except OSError:
            return name

    @cached_property
    def board(self) -> Board:
        """What board this is."""
        tree = "sys/firmware/devicetree/base"
        model = self.text(f"{tree}/model") or self.text("proc/device-tree/model") or ""
        revision = b""
        with suppress(OSError):
            revision = (self.root / tree / "system/linux,revision").read_bytes()
        return Board(model.strip("\0 \n"), int.from_bytes(revision) if len(revision) == _REVISION_BYTES else 0)

    @cached_property
    def boot(self) -> Boot:
        """The firmware's settings."""
        for folder in BOOT_FOLDERS:
            text = self.text(f"{folder}/config.txt")
            if text is not None:
                whole = expanded(text, lambda name, folder=folder: self.text(f"{folder}/{name}"))  # type: ignore[misc]
                return Boot(self.root / folder / "config.txt", text, effective(whole, self.board))
        return Boot()

    @cached_property
    def settings(self) -> tuple[Settings, tuple[str, ...]]:
        """The box's settings, the built-in ones where its files have faults; and those faults."""
        store = SettingsStore(self.places.config, self.places.state_dir)
        try:
            return store.load(), ()
        except ConfigError as error:
            return store.current, error.faults

    @cached_property
    def person(self) -> Person:
        """Who runs this."""
        return person(self.text("etc/passwd") or "", self.text("etc/group") or "", *self._identity)

    @cached_property
    def units(self) -> dict[str, Unit] | None:
        """Our services and the logins, by name, as far as they are loaded; None where nobody can be asked."""
        told = self.output(("systemctl", "show", "--property", _PROPERTIES, *_UNITS))
        return None if told is None else service_units(told)

    def unit(self, name: str) -> Unit:
        """Return one service; an empty one if it is not there."""
        return (self.units or {}).get(name, Unit())

    @cached_property
    def consoles(self) -> tuple[str, ...]:
        """The ports of our serial consoles that are enabled or run, as named in their services."""
        return self.instances("backbutton-console")

    def instances(self, template: str) -> tuple[str, ...]:
        """Return the instances of a service NAME@ that are enabled or run."""
        places = ("etc/systemd/system", "run/systemd/generator")
        linked = [name for place in places for name in self.names(f"{place}/*.wants/{template}@*.service")]
        return wanted_instances(template, linked, self.units or {})

    @cached_property
    def daemons(self) -> tuple[Process, ...]:
        """The daemons that run on pins (not on the bench), by their number."""
        found = []
        for number in filter(str.isdecimal, self.names("proc/[0-9]*")):
            words = (self.text(f"proc/{number}/cmdline") or "").split("\0")
            if is_daemon(words):
                found.append(Process(int(number), self._owner(number), " ".join(filter(None, words))))
        return tuple(sorted(found, key=lambda process: process.number))

    @property
    def serves(self) -> bool:
        """Whether a daemon runs that is not only about to start."""
        unit = self.unit(DAEMON)
        starting = "" if unit.is_active else unit["MainPID"]
        return any(str(process.number) != starting for process in self.daemons)

    def _owner(self, number: str) -> str:
        status = self.text(f"proc/{number}/status") or ""
        uids = [line.split()[1] for line in status.splitlines() if line.startswith("Uid:")]
        rows = [row.split(":") for row in (self.text("etc/passwd") or "").splitlines()]
        return next((row[0] for row in rows if uids and row[2:3] == uids), uids[0] if uids else "?")

    @cached_property
    def status(self) -> dict[str, Any] | CommandError:
        """What the running daemon answers, or why it does not."""
        try:
            with Client.connect(self.places.socket, _PATIENCE_S) as client:
                return dict(client.call("status"))
        except CommandError as error:
            return error
