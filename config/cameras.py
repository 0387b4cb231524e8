"""Cameras as data: the profiles that ship, `cameras/ID.toml`, and a box's own, which may override or extend them.

Knows where profiles lie and which goes before which; what may stand in one is in `profile_keys`. Listing looks at
file names only; a profile is read when it is asked for, so that a damaged one harms nobody who does not use it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import ConfigError, quoted
from config.profile import SUPPORTED, Profile
from config.units import did_you_mean

if TYPE_CHECKING:
    from config.profile_read import Layer

__all__ = ["BUILT_IN", "Cameras", "Profile", "load_profile", "own_folder", "profile_ids", "why_unusable"]

BUILT_IN = "built in"
_SHIPPED = Path(__file__).parent / "cameras"
_WHAT = "a camera profile"
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")  # settings are read in lower case


def own_folder(config_file: Path) -> Path:
    """Where a box whose settings are in `config_file` has its own profiles; it need not be there."""
    return config_file.with_name("cameras")


class Cameras:
    """The profiles there are: those that ship, and over them those in the folder `own`."""

    def __init__(self, own: Path | None = None, shipped: Path = _SHIPPED) -> None:
        self.own = own
        self._shipped = shipped
        self._chosen: Profile | None = None

    def ids(self) -> tuple[str, ...]:
        """The ids there are, sorted; looks at file names only. ConfigError if a folder cannot be read."""
        own = () if self.own is None else _stems(self.own)
        return tuple(sorted({each for each in (*own, *_stems(self._shipped)) if _ID.fullmatch(each)}))

    def misnamed(self) -> tuple[str, ...]:
        """A sentence for each of the box's own files that no id can mean."""
        if self.own is None:
            return ()
        return tuple(_misnamed(_file(self.own, each)) for each in sorted(_stems(self.own)) if not _ID.fullmatch(each))

    def origin(self, profile_id: str) -> str:
        """BUILT_IN, or the path of the box's own file; ConfigError if there is no such profile."""
        path = self._found(profile_id)
        return BUILT_IN if path.parent == self._shipped else str(path)

    def load(self, profile_id: str) -> Profile:
        """The profile of that id: as it was chosen, or read now.

        ConfigError if there is none (with a suggestion), or with every fault of its file.
        """
        if self._chosen is not None and self._chosen.id == profile_id:
            return self._chosen
        return self._read(self._found(profile_id))

    def choose(self, profile_id: str) -> Profile:
        """Read a profile anew and keep it for `load`; ConfigError also where its port cannot be worked."""
        profile = self._read(self._found(profile_id))
        if not profile.is_usable:
            raise ConfigError(f"{why_unusable(profile)}; choose another, the command cameras lists them")
        self._chosen = profile
        return profile

    def check(self, path: Path) -> Profile:
        """The profile in any file, as if it lay among the box's own; ConfigError with every fault."""
        if path.suffix != ".toml" or not _ID.fullmatch(path.stem):
            raise ConfigError(_misnamed(path))
        return self._read(path)

    def _found(self, profile_id: str) -> Path:
        path = self._path(profile_id)
        if path is None:
            hint = did_you_mean(profile_id, self.ids()) or "; the command cameras lists them"
            raise ConfigError(f"unknown camera profile {quoted(profile_id)}{hint}")
        return path

    def _path(self, profile_id: str, above: Path | None = None) -> Path | None:
        """The file of that id, the box's own first; below the file `above`, if it has the same id."""
        if not _ID.fullmatch(profile_id):  # nothing but an id opens a file
            return None
        is_own = above is None or above.stem != profile_id
        folders = [each for each in (self.own if is_own else None, self._shipped) if each is not None]
        return next((path for each in folders if _is_there(path := _file(each, profile_id))), None)

    def _read(self, path: Path) -> Profile:
        from config.profile_read import profile_of  # noqa: PLC0415 - listing needs none of it

        layer = self._layer(path, ())
        with _faults_in(path):
            return profile_of(path.stem, layer)

    def _layer(self, path: Path, above: tuple[Path, ...]) -> "Layer":
        """The facts of a file over those it extends; each fault with the file it is in."""
        from config.profile_read import Layer, check_values, layered  # noqa: PLC0415 - see above

        document = _document(path)
        with _faults_in(path):
            check_values(path.stem, document)
            below_path = self._base(str(document["extends"]), (*above, path)) if "extends" in document else None
        below = Layer() if below_path is None else self._layer(below_path, (*above, path))
        with _faults_in(path):
            return layered(document, below)

    def _base(self, base: str, above: tuple[Path, ...]) -> Path:
        path = self._path(base, above[-1])
        if path is None:
            raise ConfigError(f"extends: unknown camera profile {quoted(base)}{did_you_mean(base, self.ids())}")
        if path in above:
            circle = " extends ".join(each.stem for each in (*above[above.index(path) :], path))
            raise ConfigError(f"extends: {circle}, which goes round in a circle; take one of them out")
        return path


def profile_ids() -> tuple[str, ...]:
    """The profiles that ship, sorted; looks at file names only."""
    return Cameras().ids()


def load_profile(profile_id: str) -> Profile:
    """The profile of that id that ships; ConfigError if there is none (with a suggestion) or it is faulty."""
    return Cameras().load(profile_id)


def why_unusable(profile: Profile) -> str:
    """What keeps two plain contacts from working this port, in a sentence; for those that are not usable."""
    return f"{profile.id} {SUPPORTED[profile.supported]}: {profile.why_not}"


def _misnamed(path: Path) -> str:
    return f"{path}: the file of a profile is named ID.toml, ID of a to z (small), 0 to 9, dots and dashes; rename it"


def _file(folder: Path, profile_id: str) -> Path:
    return folder / f"{profile_id}.toml"


def _stems(folder: Path) -> tuple[str, ...]:
    """The names of the profiles in a folder, none if it is not there."""
    try:
        return tuple(path.stem for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise _unreadable(folder, error) from None


def _is_there(path: Path) -> bool:
    """Whether something of that name is there, be it damaged; ConfigError where that cannot be told."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unreadable(path, error) from None
    return True


def _document(path: Path) -> dict[str, object]:
    from config.files import text_of, toml_of  # noqa: PLC0415 - listing needs none of it

    try:
        with _faults_in(path):
            return toml_of(text_of(path, _WHAT), _WHAT)
    except OSError as error:
        raise _unreadable(path, error) from None


@contextmanager
def _faults_in(path: Path) -> Iterator[None]:
    """Put the file before each fault that is found in it."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(*(f"{path}: {fault}" for fault in error.faults)) from None


def _unreadable(path: Path, error: OSError) -> ConfigError:
    from config.files import reason_of  # noqa: PLC0415 - see above

    return ConfigError(f"{path}: cannot be read, {reason_of(error)}")
