"""The machine under examination: its files below a root, its services, its processes. Looks only, judges nothing.

Everything is read once, when it is first needed. What cannot be read is None or empty, never an error.
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
from controller.doctor.parsing import Person, Process, Unit, is_daemon, parse_person, parse_units, wanted_instances
from controller.errors import CommandError

Run = Callable[[tuple[str, ...]], str | None]

DAEMON, GADGET = "backbutton.service", "backbutton-gadget.service"
BOOT_FOLDERS = ("boot/firmware", "boot")  # since Raspberry Pi OS 12, and before
_UNITS = (DAEMON, GADGET, "backbutton-console@*.service", "serial-getty@*.service", "getty@*.service")
_PROPERTIES = "Id,LoadState,ActiveState,SubState,Result,NRestarts,UnitFileState,MainPID,LimitRTPRIO,Environment"
_TIMEOUT_S = 5.0  # for a service manager or a daemon that does not answer
_REVISION_BYTES = 4
_LARGEST_BYTES = 4 << 20  # of a file that is read for its text


@dataclass(frozen=True, slots=True)
class DaemonPaths:
    """Where the daemon keeps its settings, its state and its socket."""

    config: Path
    state_dir: Path
    socket: Path


@dataclass(frozen=True, slots=True)
class Boot:
    """config.txt: its path (None if there is no such file), its text, and the settings that apply to this board."""

    path: Path | None = None
    text: str = ""
    settings: tuple[tuple[str, str], ...] = ()


def run_command(command: tuple[str, ...]) -> str | None:
    """Return what a command prints; None if it is not installed, fails or times out."""
    try:
        result = subprocess.run(  # noqa: S603 - the words are our own
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
            timeout=_TIMEOUT_S,
            env={**os.environ, "LC_ALL": "C", "SYSTEMD_PAGER": ""},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout


class Machine:
    """A machine below `root`; `run` runs commands, `open_chip` opens a GPIO chip, `identity` is (uid, gids)."""

    def __init__(
        self,
        paths: DaemonPaths,
        root: Path = Path("/"),
        *,
        environment: Mapping[str, str] = os.environ,
        run: Run = run_command,
        open_chip: Callable[[str], Any] | None = None,
        identity: tuple[int, frozenset[int]] | None = None,
    ) -> None:
        self.paths = paths
        self.root = root
        self.environment = environment
        self.run = run
        self.open_chip = open_chip
        self._identity = identity or (os.geteuid(), frozenset({*os.getgroups(), os.getegid()}))

    def text(self, name: str) -> str | None:
        """Return the text of a file; None if it cannot be read."""
        try:
            return _content(self.root / name).decode(errors="replace")
        except OSError:
            return None

    def has(self, name: str) -> bool:
        """Whether a file or device of that name exists."""
        return os.access(self.root / name, os.F_OK)

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return the names of the files that match a pattern, without their folders."""
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
        """The board; an empty one if it cannot be identified."""
        tree = "sys/firmware/devicetree/base"
        model = self.text(f"{tree}/model") or self.text("proc/device-tree/model") or ""
        revision = b""
        with suppress(OSError):
            revision = (self.root / tree / "system/linux,revision").read_bytes()
        return Board(model.strip("\0 \n"), int.from_bytes(revision) if len(revision) == _REVISION_BYTES else 0)

    @cached_property
    def boot(self) -> Boot:
        """The firmware's settings; an empty one if there is no config.txt."""
        for folder in BOOT_FOLDERS:
            text = self.text(f"{folder}/config.txt")
            if text is not None:
                with_includes = expanded(text, lambda name, folder=folder: self.text(f"{folder}/{name}"))  # type: ignore[misc]
                return Boot(self.root / folder / "config.txt", text, effective(with_includes, self.board))
        return Boot()

    @cached_property
    def settings(self) -> tuple[Settings, tuple[str, ...]]:
        """The box's settings and the mistakes in its files; the built-in settings if there are any."""
        store = SettingsStore(self.paths.config, self.paths.state_dir)
        try:
            return store.load(), ()
        except ConfigError as error:
            return store.current, error.faults

    @cached_property
    def person(self) -> Person:
        """The user who runs this."""
        return parse_person(self.text("etc/passwd") or "", self.text("etc/group") or "", *self._identity)

    @cached_property
    def units(self) -> dict[str, Unit] | None:
        """Our services and the logins that systemd has loaded, by name; None if systemd cannot be asked."""
        output = self.run(("systemctl", "show", "--property", _PROPERTIES, *_UNITS))
        return None if output is None else parse_units(output)

    def unit(self, name: str) -> Unit:
        """Return one service; an empty one if it does not exist."""
        return (self.units or {}).get(name, Unit())

    @cached_property
    def consoles(self) -> tuple[str, ...]:
        """The ports of our serial consoles that are enabled or running, as named in their services."""
        return self.instances("backbutton-console")

    def instances(self, template: str) -> tuple[str, ...]:
        """Return the instances of the template service NAME@ that are enabled or running."""
        folders = ("etc/systemd/system", "run/systemd/generator")
        linked = [name for folder in folders for name in self.names(f"{folder}/*.wants/{template}@*.service")]
        return wanted_instances(template, linked, self.units or {})

    @cached_property
    def daemons(self) -> tuple[Process, ...]:
        """The daemons that run on real pins (not on the virtual bench), by PID."""
        daemons = []
        for pid in filter(str.isdecimal, self.names("proc/[0-9]*")):
            words = (self.text(f"proc/{pid}/cmdline") or "").split("\0")
            if is_daemon(words):
                daemons.append(Process(int(pid), self._owner(pid), " ".join(filter(None, words))))
        return tuple(sorted(daemons, key=lambda process: process.pid))

    @property
    def has_serving_daemon(self) -> bool:
        """Whether a daemon runs that is past its start-up."""
        unit = self.unit(DAEMON)
        starting = "" if unit.is_active else unit["MainPID"]
        return any(str(process.pid) != starting for process in self.daemons)

    def _owner(self, pid: str) -> str:
        status = self.text(f"proc/{pid}/status") or ""
        uids = [line.split()[1] for line in status.splitlines() if line.startswith("Uid:")]
        rows = [row.split(":") for row in (self.text("etc/passwd") or "").splitlines()]
        return next((row[0] for row in rows if uids and row[2:3] == uids), uids[0] if uids else "?")

    @cached_property
    def status(self) -> dict[str, Any] | CommandError:
        """The running daemon's answer to `status`, or why there is none."""
        try:
            with Client.connect(self.paths.socket, _TIMEOUT_S) as client:
                return dict(client.call("status"))
        except CommandError as error:
            return error


def _content(path: Path) -> bytes:
    """Return the start of a file, without waiting for one that blocks its reader, such as a pipe."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - it is open already
        content = b""
        while len(content) <= _LARGEST_BYTES and (chunk := file.read(_LARGEST_BYTES)):
            content += chunk
        return content
