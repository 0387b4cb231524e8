"""The current settings, and the files they come from: the machine's own file (never written) and the saved one.

The only module that reads and writes settings files. Knows layers, origins and history. Knows no setting by name but
the camera's profile and model, because both are looked up in files.

A program whose main thread must not wait for a disk splits `save` and `rollback` in two: what touches files (`write`,
`write_earlier`) runs in one other thread, the rest in main.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from config.cameras import Cameras, Profile, own_folder
from config.errors import ConfigError
from config.files import Pause, no_pause, reason_of, staged, sync_folder
from config.history import KEPT, content_of, earlier_saves, keep_damaged, keep_earlier, no_such_save
from config.kinds import Value
from config.layer import write_layer
from config.naming import camera_called
from config.presets import FOLDER, PresetStore
from config.record import dataclass
from config.salvage import report, salvage
from config.schema import Settings, build, changed_keys, check_all, find_field, text_of_value, value_of, with_value
from config.settings_file import CAMERA, MODEL, attempt, contradictions, read_file, read_machine_file

__all__ = ["CAMERA", "CAMERA_KINDS", "KEPT", "MODEL", "Layers", "SettingsStore"]


CAMERA_KINDS = ("camera", "model")


@dataclass(frozen=True, slots=True)
class Layers:
    """The values in the two files by key, and the profile that they name."""

    machine: dict[str, Value]
    saved: dict[str, Value]
    profile: Profile | None = None

    @property
    def settings(self) -> Settings:
        """The settings that both files together define."""
        return build(self.machine | self.saved)


class SettingsStore:
    """Settings in three layers: built-in, then `machine_file`, then `settings.toml` in `state_dir`.

    `current` holds the defaults until `load`. A call that raises ConfigError changes nothing. `cameras` are the
    known profiles: the shipped ones, and those beside `machine_file`. `faults` has sentences on what
    `load_usable` left out of the saved file, and what a person can do about it, until that file is replaced.
    `presets` are those of `state_dir`; `load` and `load_usable` do not read them.
    """

    def __init__(self, machine_file: Path | None, state_dir: Path) -> None:
        self.current = Settings()
        own = None if machine_file is None else own_folder(machine_file)
        self.cameras = Cameras(own, proven=state_dir / "cameras")
        self._machine_file = machine_file
        self.state_dir = state_dir
        self.presets = PresetStore(state_dir / FOLDER)
        self._saved_file = state_dir / "settings.toml"
        self._machine: dict[str, Value] = {}
        self._saved: dict[str, Value] = {}
        self._stored = self.current  # what a restart would load
        self._compared: tuple[Settings, Settings, tuple[str, ...]] = (self.current, self.current, ())
        self._written: Settings | None = self.current  # in the saved file; used only by the thread that writes
        self._is_damaged = False  # the saved file has faults; used only by that thread
        self.faults: tuple[str, ...] = ()

    def load(self) -> Settings:
        """Read both files and make them the current settings; ConfigError with all faults of both."""
        machine, faults = attempt(self._read_machine)
        saved, saved_faults = attempt(lambda: read_file(self._saved_file))
        if not faults:
            faults = contradictions(self._machine_file, machine)
        if not faults and not saved_faults:
            saved_faults = contradictions(self._saved_file, machine | saved)
        if faults or saved_faults:
            raise ConfigError(*faults, *saved_faults)
        profile = self._fit_profile(self._saved_file if CAMERA in saved else self._machine_file, machine | saved)
        layers = Layers(machine, saved, profile)
        self._written = layers.settings
        return self.adopt(layers)

    def load_usable(self) -> Settings:
        """Read both files like `load`, but leave out what cannot be used of the saved one, which stays as it is.

        ConfigError with all faults of the machine's own file: a person edits that one, and it names the pins.
        """
        machine = self._read_machine()
        faults = contradictions(self._machine_file, machine)
        if faults:
            raise ConfigError(*faults)
        if CAMERA in machine:
            self._fit_profile(self._machine_file, machine)
        saved = salvage(self._saved_file, machine, self.cameras.read_usable)
        settings = self.adopt(Layers(machine, saved.values, saved.profile))
        self._is_damaged = bool(saved.faults)
        self._written = None if saved.faults else settings
        self.faults = report(self._saved_file, saved.faults, earlier_saves(self.state_dir))
        return settings

    def origin(self, key: str) -> str:
        """Return where the value comes from: built-in, machine, saved, or set (a restart would lose it)."""
        key = find_field(key).key
        if key in self.unsaved():
            return "set"
        if key in self._saved:
            return "saved"
        return "machine" if key in self._machine else "built-in"

    def unsaved(self) -> tuple[str, ...]:
        """Return the keys whose current value a restart would lose."""
        stored, current, keys = self._compared
        if stored is not self._stored or current is not self.current:
            keys = changed_keys(self._stored, self.current)
            self._compared = (self._stored, self.current, keys)
        return keys

    def diff(self) -> list[tuple[str, str, str]]:
        """Return what `save` would change: key, stored value, current value, as texts."""
        return [(key, text_of_value(self._stored, key), text_of_value(self.current, key)) for key in self.unsaved()]

    def set(self, key: str, text: str, profile: Profile | None = None) -> Settings:
        """Set a setting to the value in a text, in memory only.

        A camera's file is read here, unless the caller passes the `profile` that `read_profile` returned.
        """
        field = find_field(key)
        return self.use(*self.changed({field.key: field.parse(text)}, profile))

    def set_all(self, values: Mapping[str, Value], profile: Profile | None = None) -> Settings:
        """Set several settings at once, in memory only; `profile` as for `set`."""
        return self.use(*self.changed(values, profile))

    def reset(self, key: str, profile: Profile | None = None) -> Settings:
        """Set a setting to the machine's own value or the built-in one, in memory only; `profile` as for `set`."""
        return self.use(*self.changed({find_field(key).key: self.value_below(key)}, profile))

    def value_below(self, key: str) -> Value:
        """Return the value that `reset` would give a setting."""
        return value_of(build(self._machine), key)

    def read_profile(self, profile_id: str) -> Profile:
        """Read the profile that `set` needs from its file; thread-safe. ConfigError as for `set`."""
        return self._fit_profile(None, {CAMERA: profile_id})

    def save(self) -> None:
        """Make the current settings those of the next start; writes nothing if they already are."""
        layers = self.to_save()
        self.write(layers)
        self.note_saved(layers)

    def to_save(self) -> Layers:
        """Return what `save` would write now; later changes of settings do not affect it."""
        return Layers(self._machine, _above(self.current, self._machine))

    def write(self, layers: Layers, pause: Pause = no_pause) -> None:
        """Write what `to_save` returned, unless the file already holds it. Blocks until it is on the disk.

        Any thread may call it, but always the same one. Calls `pause` between its steps.
        """
        if layers.settings != self._written:
            self._write(layers.saved, pause)
            self._written = layers.settings

    def note_saved(self, layers: Layers) -> None:
        """Record that these layers are in the files; the current settings stay as they are."""
        self.faults = ()
        self._machine, self._saved, self._stored = layers.machine, layers.saved, layers.settings

    def rollback(self, n: int = 1) -> Settings:
        """Make the n-th earlier save the saved and current settings; reads the machine's own file again."""
        return self.adopt(self.write_earlier(n))

    def write_earlier(self, n: int, pause: Pause = no_pause) -> Layers:
        """Make the n-th earlier save the saved file, and return what the files hold now; call it like `write`."""
        kept = [path for path in earlier_saves(self.state_dir) if os.access(path, os.F_OK)]
        if not 1 <= n <= len(kept):
            raise ConfigError(no_such_save(n, len(kept)))
        machine = self._read_machine()
        pause()
        earlier = machine | read_file(kept[n - 1])
        pause()
        faults = contradictions(self._machine_file, machine) or contradictions(kept[n - 1], earlier)
        if faults:
            raise ConfigError(*faults)
        profile = self._fit_profile(kept[n - 1], earlier)
        pause()
        layers = Layers(machine, _above(build(earlier), machine), profile)
        self._write(layers.saved, pause)
        self._written = layers.settings
        return layers

    def adopt(self, layers: Layers) -> Settings:
        """Make the content of the files the current settings."""
        self.note_saved(layers)
        return self.use(layers.settings, layers.profile)

    def use(self, settings: Settings, profile: Profile | None) -> Settings:
        """Make settings that `changed` returned the current ones, in memory only."""
        if profile is not None:
            self.cameras.keep(profile)
        self.current = settings
        return settings

    def changed(self, values: Mapping[str, Value], profile: Profile | None = None) -> tuple[Settings, Profile | None]:
        """Return the settings with values changed, and the profile if that is one of them. Nothing is set.

        ConfigError if the settings contradict each other or the profile cannot be used.
        """
        settings = self.current
        if values.get(CAMERA, settings.camera.profile) != settings.camera.profile:
            values = {MODEL: None, **values}  # another port is another body
        for key, value in values.items():
            settings = with_value(settings, key, value)
        faults = check_all(settings, values)
        if faults:
            raise ConfigError(*faults)
        if CAMERA not in values:
            return settings, None
        if profile is None or profile.id != settings.camera.profile:
            profile = self._fit_profile(None, values)
        return settings, profile

    def parsed(self, key: str, text: str) -> dict[str, Value]:
        """Return what a text given for a setting sets; a camera's profile and body may be called by either name."""
        field = find_field(key)
        value = field.parse(text)
        return self.look_up(text) if field.kind in CAMERA_KINDS and value is not None else {field.key: value}

    def look_up(self, name: str) -> dict[str, Value]:
        """Return the camera's settings for a profile's id, or for the name of a body; thread-safe. Reads files.

        ConfigError if nothing has that name, if it is ambiguous, or if the box cannot use that body.
        """
        called = camera_called(self.cameras, name)
        return {CAMERA: called.profile, **({MODEL: called.model} if called.model else {})}

    def _read_machine(self) -> dict[str, Value]:
        return read_machine_file(self._machine_file, self.look_up)

    def _fit_profile(self, path: Path | None, values: Mapping[str, Value]) -> Profile:
        """Read the profile that these values name; ConfigError if the box cannot use it."""
        try:
            return self.cameras.read_usable(build(values).camera.profile)
        except ConfigError as error:
            where = f"{CAMERA}: " if path is None else f"{path}: {CAMERA}: "
            raise ConfigError(*(f"{where}{fault}" for fault in error.faults)) from None

    def _write(self, saved: dict[str, Value], pause: Pause) -> None:
        """Replace the saved file and keep the previous one; a crash leaves one of the two complete."""
        content = write_layer(saved).encode()
        try:
            self.state_dir.mkdir(parents=True, exist_ok=True)
            previous = content_of(self._saved_file)
            pause()
            with staged(self._saved_file, content) as new:
                pause()
                if read_file(new) != saved:
                    raise ConfigError(f"{new}: does not read back as written; the saved settings stay as they are")
                pause()
                self._keep(previous, content)
                new.replace(self._saved_file)
            sync_folder(self.state_dir)
            self._is_damaged = False
        except OSError as error:
            hint = "the settings stay in force until a restart"
            raise ConfigError(f"{self._saved_file}: cannot be saved, {reason_of(error)}; {hint}") from None

    def _keep(self, previous: bytes | None, content: bytes) -> None:
        """Keep the saved file that is about to be replaced: for `rollback`, or beside it if it has faults."""
        if previous is None or previous == content:
            return
        if self._is_damaged:
            keep_damaged(previous, self._saved_file)
        else:
            keep_earlier(previous, earlier_saves(self.state_dir))


def _above(settings: Settings, machine: Mapping[str, Value]) -> dict[str, Value]:
    """Return what must be saved over the machine's own file to get these settings back."""
    return {key: value_of(settings, key) for key in changed_keys(build(machine), settings)}
