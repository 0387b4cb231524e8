"""Presets: named sets of settings, kept on the box as `presets/NAME.toml`, and the list of those that are marked.

Knows names, values and files; knows neither the camera nor what the built-in presets set.

As in `store`, what touches files runs in one thread (`read`, `write`, `remove`, `mark`), and main takes the result
with `use`.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from config.errors import ConfigError, quoted
from config.files import Pause, no_pause, reason_of, staged, sync_folder, text_of
from config.history import content_of, keep_damaged
from config.kinds import Value
from config.layer import parse_layer, write_layer
from config.record import dataclass
from config.schema import FIELDS, Settings, value_of
from config.units import did_you_mean

FOLDER = "presets"  # in the state directory
BUILT_IN = ("landscape", "action", "stars", "timelapse")
VERBS = ("save", "delete", "mark", "unmark")  # what the console does with a preset
MOST = 30  # presets of the box's own; a list of them fits into one reply
MOST_MARKED = 9  # nobody counts more blinks of a lamp

# The camera's settings belong to the body on the box, and the site to the place where it stands: a preset from
# another evening must change neither.
_ELSEWHERE = ("camera", "site")
KEYS = tuple(
    field.key
    for field in FIELDS.values()
    if (field.in_run or field.key == "focus.mode") and field.section not in _ELSEWHERE
)

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
_NAME_RULE = "use at most 20 lower-case letters, digits and dashes, like dusk or night-2"
_HEAD = "# A preset of backbutton. Settings that it does not name stay as they are.\n"
_HEAD_MARKS = "# Presets that holding run steps through, in this order. Written by backbutton.\n"


def check_name(name: str) -> None:
    """Raise ConfigError unless a preset of the box's own may have this name."""
    if not _NAME.fullmatch(name):
        meant = name.strip().lower().replace(" ", "-").replace("_", "-")
        hint = f"; did you mean {meant}?" if _NAME.fullmatch(meant) else f"; {_NAME_RULE}"
        raise ConfigError(f"{quoted(name)} is not a name for a preset{hint}")
    if name in BUILT_IN:
        raise ConfigError(f"{name} is a built-in preset; choose another name")
    verb = next((verb for verb in VERBS if verb.startswith(name)), None)
    if verb is not None:
        raise ConfigError(f"preset {name} would mean preset {verb} NAME; choose another name")


def values_to_save(settings: Settings) -> dict[str, Value]:
    """Return the settings that a preset keeps, with their values now."""
    return {key: value_of(settings, key) for key in KEYS}


@dataclass(frozen=True, slots=True)
class PresetFiles:
    """What the files hold: the presets of the box's own by name, those marked, and a sentence for each fault."""

    own: dict[str, dict[str, Value]]
    marked: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class PresetStore:
    """The presets in a folder, which need not exist. `files` is what main knows of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._marks = folder / "marked"  # no preset's file: those end in .toml
        self.files = PresetFiles({})

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all presets: the built-in ones, then the box's own."""
        return (*BUILT_IN, *self.files.own)

    def load(self) -> None:
        """Read the files and use them; a file that cannot be read is left out, and is one of the `faults`."""
        self.use(self.read())

    def use(self, files: PresetFiles) -> None:
        """Work by what was read or written."""
        self.files = files

    def find(self, name: str) -> str:
        """Return the name of a preset as it is spelled; ConfigError with a suggestion if there is none."""
        found = name.strip().lower()
        fault = next((fault for fault in self.files.faults if fault.startswith(f"preset {quoted(found)} ")), None)
        if fault is not None:
            raise ConfigError(fault)
        if found not in self.names:
            hint = did_you_mean(found, self.names) or "; preset lists them all"
            raise ConfigError(f"there is no preset {quoted(name)}{hint}")
        return found

    def read(self, pause: Pause = no_pause) -> PresetFiles:
        """Return what the files hold; thread-safe. Calls `pause` between files. Raises nothing."""
        own: dict[str, dict[str, Value]] = {}
        faults: list[str] = []
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.suffix == ".toml")
        except FileNotFoundError:
            return PresetFiles({})
        except OSError as error:
            return PresetFiles({}, (), (f"{self._folder}: the presets cannot be read, {reason_of(error)}",))
        for path in paths[:MOST]:
            pause()
            try:
                own[path.stem] = _read_preset(path)
            except ConfigError as error:
                faults.extend(f"preset {quoted(path.stem)} is not used: {fault}" for fault in error.faults)
        if paths[MOST:]:
            faults.append(f"{self._folder}: only the first {MOST} of {len(paths)} presets are used")
        marked, fault = self._read_marks((*BUILT_IN, *own))
        return PresetFiles(own, marked, (*faults, *fault))

    def write(self, name: str, values: Mapping[str, Value], pause: Pause = no_pause) -> PresetFiles:
        """Write a preset, in place of one of that name. Blocks until it is on the disk; ConfigError if it cannot be.

        A crash leaves the old file or the new one. A file with faults is kept beside the new one.
        """
        check_name(name)
        path = self._folder / f"{name}.toml"
        before = self.read(pause)
        if name not in before.own and len(before.own) >= MOST:
            raise ConfigError(f"a box keeps at most {MOST} presets of its own; delete one first: preset delete NAME")
        try:
            self._make_folder()
            previous = content_of(path)
            if previous is not None and name not in before.own:
                keep_damaged(previous, path)
            text = write_layer(values, _HEAD)
            with staged(path, text.encode()) as new:
                pause()
                if _read_values(new) != dict(values):
                    raise ConfigError(f"{new}: does not read back as written; nothing is saved")
                pause()
                new.replace(path)
            sync_folder(self._folder)
        except OSError as error:
            raise ConfigError(f"preset {name} cannot be saved, {reason_of(error)}") from None
        return self.read(pause)

    def remove(self, name: str, pause: Pause = no_pause) -> PresetFiles:
        """Delete a preset of the box's own and its mark; ConfigError if there is none. Blocks until it is done."""
        if name in BUILT_IN:
            raise ConfigError(f"{name} is a built-in preset and cannot be deleted")
        unknown = ConfigError(f"there is no preset {quoted(name)}; preset lists them all")
        if not _NAME.fullmatch(name):
            raise unknown
        try:
            if name in self.read(pause).marked:
                self.mark(name, pause, is_marked=False)
            (self._folder / f"{name}.toml").unlink()
            sync_folder(self._folder)
        except FileNotFoundError:
            raise unknown from None
        except OSError as error:
            raise ConfigError(f"preset {name} cannot be deleted, {reason_of(error)}") from None
        return self.read(pause)

    def mark(self, name: str, pause: Pause = no_pause, *, is_marked: bool) -> PresetFiles:
        """Mark a preset, as the last one, or remove its mark; idempotent. Blocks until it is on the disk."""
        files = self.read(pause)
        marked = tuple(other for other in files.marked if other != name)
        if is_marked:
            marked = files.marked if name in files.marked else (*marked, name)
        if len(marked) > MOST_MARKED:
            rule = "nobody counts more blinks of a lamp"
            raise ConfigError(f"at most {MOST_MARKED} presets can be marked, as {rule}; unmark one first")
        try:
            self._make_folder()
            with staged(self._marks, "".join((_HEAD_MARKS, *(f"{each}\n" for each in marked))).encode()) as new:
                pause()
                new.replace(self._marks)
            sync_folder(self._folder)
        except OSError as error:
            raise ConfigError(f"the mark of preset {name} cannot be saved, {reason_of(error)}") from None
        return PresetFiles(files.own, marked, files.faults)

    def _make_folder(self) -> None:
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self._folder.parent)

    def _read_marks(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the marked presets and the fault of their file; a preset that is not there cannot be marked."""
        try:
            lines = text_of(self._marks, "a list of presets").splitlines()
        except FileNotFoundError:
            return (), ()
        except OSError as error:
            return (), (f"{self._marks}: cannot be read, {reason_of(error)}",)
        except ConfigError as error:
            return (), (f"{self._marks}: {error}; no preset is marked",)
        known = [line.strip() for line in lines if line.strip() in names]
        return tuple(dict.fromkeys(known))[:MOST_MARKED], ()


def _read_preset(path: Path) -> dict[str, Value]:
    """Return the values of a preset; ConfigError with its faults."""
    check_name(path.stem)
    return _read_values(path)


def _read_values(path: Path) -> dict[str, Value]:
    try:
        values, faults = parse_layer(text_of(path, "a preset"))
    except OSError as error:
        raise ConfigError(f"cannot be read, {reason_of(error)}") from None
    foreign = [f"{key} does not belong in a preset" for key in values if key not in KEYS]
    empty = [] if values or faults else ["it sets nothing"]
    if faults or foreign or empty:
        raise ConfigError(*faults, *foreign, *empty)
    return values
