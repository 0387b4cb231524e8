"""Camera profiles: the shipped ones in `cameras/ID.toml`, what was proven of them, and a box's own.

Each may override or extend those of the same id behind it: own, proven, shipped.

Knows where profiles are kept and which takes precedence; `profile_keys` defines their content. Listing looks at file
names only. A profile is read when it is needed, so a damaged one affects nobody who does not use it.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import ConfigError, faults_in, quoted
from config.profile import SUPPORTED, Profile
from config.units import did_you_mean

if TYPE_CHECKING:
    from config.profile_read import Layer

__all__ = ["BUILT_IN", "Cameras", "Profile", "load_profile", "own_folder", "profile_ids", "why_unusable"]

BUILT_IN = "built in"
_SHIPPED = Path(__file__).parent / "cameras"
_A_PROFILE = "a camera profile"
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")  # settings are read in lower case


def own_folder(config_file: Path) -> Path:
    """Return the folder of the box's own profiles, next to its `config_file`; it may not exist."""
    return config_file.with_name("cameras")


class Cameras:
    """All camera profiles: those in `own` take precedence over the `proven` ones, and both over the shipped ones."""

    def __init__(self, own: Path | None = None, shipped: Path = _SHIPPED, proven: Path | None = None) -> None:
        self.own = own
        self.proven = proven
        self._shipped = shipped
        self._folders = tuple(dict.fromkeys(folder for folder in (own, proven, shipped) if folder is not None))
        self._chosen: Profile | None = None

    def ids(self) -> tuple[str, ...]:
        """Return all ids, sorted; looks at file names only. ConfigError if a folder cannot be read."""
        stems = {stem for folder in self._folders for stem in _stems(folder)}
        return tuple(sorted(stem for stem in stems if _ID.fullmatch(stem)))

    def misnamed(self) -> tuple[str, ...]:
        """Return a sentence for each of the box's own files whose name is not a valid id."""
        if self.own is None:
            return ()
        return tuple(_misnamed(_file(self.own, stem)) for stem in sorted(_stems(self.own)) if not _ID.fullmatch(stem))

    def origin(self, profile_id: str) -> str:
        """Return BUILT_IN, or the path of the box's own file; ConfigError if there is no such profile."""
        path = self._found(profile_id)
        return BUILT_IN if path.parent == self._shipped else str(path)

    def load(self, profile_id: str) -> Profile:
        """Return the profile with that id, as kept by `keep` or else read from its file.

        ConfigError with a suggestion if there is none, or with all faults of its file.
        """
        if self._chosen is not None and self._chosen.id == profile_id:
            return self._chosen
        return self._read(self._found(profile_id))

    def proven_file(self, profile_id: str) -> Path | None:
        """Return the file of what was proven of a profile, None if nothing was; ConfigError if nobody can look."""
        path = None if self.proven is None else _file(self.proven, profile_id)
        return path if path is not None and _exists(path) else None

    def layer(self, profile_id: str) -> "Layer":
        """Return the facts of a profile, for another to be merged over; ConfigError as `load`."""
        return self._layer(self._found(profile_id), ())

    def keep(self, profile: Profile) -> Profile:
        """Keep a profile, already read, for `load`."""
        self._chosen = profile
        return profile

    def read_usable(self, profile_id: str) -> Profile:
        """Read a profile from its file; thread-safe. ConfigError also if the box cannot use its port."""
        profile = self._read(self._found(profile_id))
        if not profile.is_usable:
            raise ConfigError(f"{why_unusable(profile)}; choose another: the command cameras lists them")
        return profile

    def check(self, path: Path) -> Profile:
        """Return the profile in any file, read as one of the box's own; ConfigError with all its faults."""
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
        """Return the first file with that id; if `above` has that id too, the first behind it."""
        if not _ID.fullmatch(profile_id):  # never open a path that is not a plain id
            return None
        folders = self._folders
        if above is not None and above.stem == profile_id:
            folders = folders[folders.index(above.parent) + 1 :] if above.parent in folders else (self._shipped,)
        return next((path for folder in folders if _exists(path := _file(folder, profile_id))), None)

    def _read(self, path: Path) -> Profile:
        from config.profile_read import profile_of  # noqa: PLC0415 - not needed for listing

        layer = self._layer(path, ())
        with faults_in(path):
            return profile_of(path.stem, layer)

    def _layer(self, path: Path, above: tuple[Path, ...]) -> "Layer":
        """Return the facts of a file merged over those it extends; each fault names the file it is in."""
        from config.profile_read import Layer, check_values, layered  # noqa: PLC0415 - see above

        document = document_of(path)
        with faults_in(path):
            check_values(path.stem, document)
            below_path = self._base(str(document["extends"]), (*above, path)) if "extends" in document else None
        below = Layer() if below_path is None else self._layer(below_path, (*above, path))
        with faults_in(path):
            return layered(document, below)

    def _base(self, base: str, above: tuple[Path, ...]) -> Path:
        path = self._path(base, above[-1])
        if path is None and base == above[-1].stem:
            raise ConfigError(f"extends: {base} cannot extend itself, and backbutton ships no profile of that name")
        if path is None:
            raise ConfigError(f"extends: unknown camera profile {quoted(base)}{did_you_mean(base, self.ids())}")
        if path in above:
            circle = " extends ".join(file.stem for file in (*above[above.index(path) :], path))
            raise ConfigError(f"extends: {circle}, which is a circle; remove one of these extends lines")
        return path


def profile_ids() -> tuple[str, ...]:
    """Return the ids of the shipped profiles, sorted; looks at file names only."""
    return Cameras().ids()


def load_profile(profile_id: str) -> Profile:
    """Return the shipped profile with that id; ConfigError with a suggestion if there is none."""
    return Cameras().load(profile_id)


def why_unusable(profile: Profile) -> str:
    """Return a sentence on why two plain contacts cannot work this port; for profiles that are not usable."""
    return f"{profile.id} {SUPPORTED[profile.supported]}: {profile.why_not}"


def _misnamed(path: Path) -> str:
    rule = "a profile is named ID.toml, where ID has only a to z (lower case), 0 to 9, dots and dashes"
    return f"{path}: {rule}; rename it"


def _file(folder: Path, profile_id: str) -> Path:
    return folder / f"{profile_id}.toml"


def _stems(folder: Path) -> tuple[str, ...]:
    """Return the names of the profiles in a folder; none if the folder does not exist."""
    try:
        return tuple(path.stem for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise _unreadable(folder, error) from None


def _exists(path: Path) -> bool:
    """Return whether the path exists, even as a broken link; ConfigError if the folder cannot be read."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unreadable(path, error) from None
    return True


def document_of(path: Path) -> dict[str, object]:
    """Return what is in the file of a profile, unchecked; ConfigError if it cannot be read, or is not TOML."""
    from config.files import text_of, toml_of  # noqa: PLC0415 - not needed for listing

    try:
        with faults_in(path):
            return toml_of(text_of(path, _A_PROFILE), _A_PROFILE)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> ConfigError:
    from config.files import reason_of  # noqa: PLC0415 - see above

    return ConfigError(f"{path}: cannot be read, {reason_of(error)}")
