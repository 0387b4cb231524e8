"""The earlier saves of the settings, and saved files that could not be read whole. Knows files, no setting."""

from itertools import count
from pathlib import Path

from config.files import staged

KEPT = 5  # earlier saves kept for `rollback`


def earlier_saves(state_dir: Path) -> list[Path]:
    """Return the places of the earlier saves, the newest first; they may not exist."""
    return [state_dir / f"settings.{n}.toml" for n in range(1, KEPT + 1)]


def content_of(path: Path) -> bytes | None:
    """Return the content of a file, None if it does not exist."""
    return path.read_bytes() if path.exists() else None


def keep_earlier(previous: bytes, history: list[Path]) -> None:
    """Make `previous` the newest file of the history; drop the oldest only if the history is full."""
    if content_of(history[0]) == previous:  # the last save crashed between this step and its rename
        return
    with staged(history[0], previous) as copy:
        free = next((place for place, path in enumerate(history) if not path.exists()), len(history) - 1)
        for place in range(free, 0, -1):
            history[place - 1].replace(history[place])
        copy.replace(history[0])


def keep_damaged(content: bytes, path: Path) -> Path:
    """Write the content of a damaged `path` to a new file beside it, unless one has it; return that file."""
    names = (f"{path.name}.damaged" if n == 1 else f"{path.name}.damaged-{n}" for n in count(1))
    kept = next(file for file in map(path.with_name, names) if content_of(file) in (None, content))
    if not kept.exists():
        with staged(kept, content) as new:
            new.replace(kept)
    return kept


def no_such_save(n: int, kept: int) -> str:
    """Return a sentence for a rollback to a save that does not exist; `kept` is how many there are."""
    if not kept:
        return f"rollback {n}: no earlier settings are kept; each save keeps the one before it"
    verb = "save is" if kept == 1 else "saves are"
    return f"rollback {n}: {kept} earlier {verb} kept; choose from 1 to {kept}"
