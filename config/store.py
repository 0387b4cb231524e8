"""The settings in force, and the files they come from: the machine's own (never written) and the saved one.

The only module here that touches settings files. Knows layers, origins and history; knows no setting by name but
the camera's profile, because what may stand there is told by files too.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from config.cameras import Cameras, own_folder
from config.errors import ConfigError
from config.files import reason_of, staged, sync_folder, text_of
from config.kinds import Value
from config.layer import read_layer, write_layer
from config.schema import FIELDS, Settings, build, changed_keys, check_all, find_field, value_of, with_value

_CAMERA = "camera.profile"
KEPT = 5  # earlier saves kept for `rollback`


class SettingsStore:
    """Settings in three layers: built-in, then `machine_file`, then `settings.toml` in `state_dir`.

    `current` holds the defaults until `load`. Whatever raises ConfigError changes nothing. `cameras` are the
    profiles there are: those that ship, and those beside `machine_file`.
    """

    def __init__(self, machine_file: Path | None, state_dir: Path) -> None:
        self.current = Settings()
        self.cameras = Cameras(None if machine_file is None else own_folder(machine_file))
        self._machine_file = machine_file
        self._state_dir = state_dir
        self._saved_file = state_dir / "settings.toml"
        self._machine: dict[str, Value] = {}
        self._saved: dict[str, Value] = {}
        self._stored = self.current  # what a restart would load

    def load(self) -> Settings:
        """Read both files and make them the current settings; ConfigError with all the faults of both."""
        machine, faults = _attempt(self._machine_file)
        saved, more = _attempt(self._saved_file)
        if not faults:
            faults = _crossed(self._machine_file, machine)
        if not faults and not more:
            more = _crossed(self._saved_file, machine | saved)
        if not faults and not more:
            more = self._unfit(self._saved_file if _CAMERA in saved else self._machine_file, machine | saved)
        if faults or more:
            raise ConfigError(*faults, *more)
        return self._take(machine, saved)

    def origin(self, key: str) -> str:
        """Where the value comes from: built-in, machine, saved, or set (it would be lost by a restart)."""
        find_field(key)
        if key in self.unsaved():
            return "set"
        if key in self._saved:
            return "saved"
        return "machine" if key in self._machine else "built-in"

    def unsaved(self) -> tuple[str, ...]:
        """The keys whose value a restart would not bring back."""
        return changed_keys(self._stored, self.current)

    def diff(self) -> list[tuple[str, str, str]]:
        """What `save` would change: key, the text a restart would load, the text of now."""
        stored = self._stored
        return [(key, _text(stored, key), _text(self.current, key)) for key in self.unsaved()]

    def propose(self, key: str, text: str) -> Settings:
        """The settings as `set` would make them; nothing is changed."""
        return self._changed({key: find_field(key).parse(text)})

    def propose_reset(self, key: str) -> Settings:
        """The settings as `reset` would make them; nothing is changed."""
        return self._changed({key: value_of(build(self._machine), key)})

    def set(self, key: str, text: str) -> Settings:
        """Give a setting the value of a console's text, in memory only."""
        self.current = self.propose(key, text)
        return self.current

    def set_all(self, values: Mapping[str, Value]) -> Settings:
        """Give several settings their values at once, in memory only."""
        self.current = self._changed(values)
        return self.current

    def reset(self, key: str) -> Settings:
        """Give a setting back the machine's own value, or the built-in one, in memory only."""
        self.current = self.propose_reset(key)
        return self.current

    def save(self) -> None:
        """Make the current settings those of the next start; writes nothing if they are already."""
        if self.unsaved():
            saved = _above(self.current, self._machine)
            self._write(saved)
            self._take(self._machine, saved)

    def rollback(self, n: int = 1) -> Settings:
        """Make the n-th earlier save the saved and current settings; the machine's own file is read anew."""
        kept = [path for path in self._history() if os.access(path, os.F_OK)]
        if not 1 <= n <= len(kept):
            raise ConfigError(_no_such_save(n, len(kept)))
        machine = _read(self._machine_file)
        earlier = machine | _read(kept[n - 1])
        faults = _crossed(self._machine_file, machine) or _crossed(kept[n - 1], earlier)
        faults = faults or self._unfit(kept[n - 1], earlier)
        if faults:
            raise ConfigError(*faults)
        saved = _above(build(earlier), machine)
        self._write(saved)
        return self._take(machine, saved)

    def _changed(self, values: Mapping[str, Value]) -> Settings:
        """The settings with values changed; ConfigError if they contradict each other or the profile is unfit."""
        settings = self.current
        for key, value in values.items():
            settings = with_value(settings, key, value)
        faults = check_all(settings, values)
        if _CAMERA in values and not faults:
            faults = self._unfit(None, values)
        if faults:
            raise ConfigError(*faults)
        return settings

    def _unfit(self, path: Path | None, values: Mapping[str, Value]) -> tuple[str, ...]:
        """What keeps the box from working with the profile these values name; it is read anew."""
        try:
            self.cameras.choose(build(values).camera.profile)
        except ConfigError as error:
            where = f"{_CAMERA}: " if path is None else f"{path}: {_CAMERA}: "
            return tuple(f"{where}{fault}" for fault in error.faults)
        return ()

    def _take(self, machine: dict[str, Value], saved: dict[str, Value]) -> Settings:
        self._machine, self._saved = machine, saved
        self._stored = self.current = build(machine | saved)
        return self.current

    def _history(self) -> list[Path]:
        return [self._state_dir / f"settings.{n}.toml" for n in range(1, KEPT + 1)]

    def _write(self, saved: dict[str, Value]) -> None:
        """Replace the saved file and keep the former one; a crash leaves one or the other, whole."""
        content = write_layer(saved).encode()
        try:
            self._state_dir.mkdir(parents=True, exist_ok=True)
            former = _former(self._saved_file)
            with staged(self._saved_file, content) as new:
                if _read(new) != saved:
                    raise ConfigError(f"{new}: does not read back as written; the saved settings stay as they are")
                if former not in (None, content):
                    _keep(former, self._history())
                new.replace(self._saved_file)
            sync_folder(self._state_dir)
        except OSError as error:
            hint = "the settings stay in force until a restart"
            raise ConfigError(f"{self._saved_file}: cannot be saved, {reason_of(error)}; {hint}") from None


def _text(settings: Settings, key: str) -> str:
    return FIELDS[key].format(value_of(settings, key))


def _above(settings: Settings, machine: Mapping[str, Value]) -> dict[str, Value]:
    """What must be saved so that these settings come back over the machine's own."""
    return {key: value_of(settings, key) for key in changed_keys(build(machine), settings)}


def _crossed(path: Path | None, values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(f"{path}: {fault}" for fault in check_all(build(values)))


def _attempt(path: Path | None) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The values of a file, or its faults."""
    try:
        return _read(path), ()
    except ConfigError as error:
        return {}, error.faults


def _read(path: Path | None) -> dict[str, Value]:
    """The values of a file, none if it is absent; ConfigError with its faults, each with its path."""
    if path is None:
        return {}
    try:
        return read_layer(text_of(path, "a settings file"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read, {reason_of(error)}") from None
    except ConfigError as error:
        raise ConfigError(*(f"{path}: {fault}" for fault in error.faults)) from None


def _former(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _keep(former: bytes, history: list[Path]) -> None:
    """Make `former` the newest of the history; the oldest goes only if all places are taken."""
    if _former(history[0]) == former:  # a crash came between this and the rename, last time
        return
    with staged(history[0], former) as copy:
        free = next((place for place, path in enumerate(history) if not path.exists()), len(history) - 1)
        for place in range(free, 0, -1):
            history[place - 1].replace(history[place])
        copy.replace(history[0])


def _no_such_save(n: int, kept: int) -> str:
    if not kept:
        return f"rollback {n}: no earlier settings are kept; each save keeps the one before it"
    many = "save is" if kept == 1 else "saves are"
    return f"rollback {n}: {kept} earlier {many} kept; choose from 1 to {kept}"
