"""Writes a camera profile of the box's own as a TOML file, so that a crash leaves the old file or the new one."""

import json
from collections.abc import Mapping
from pathlib import Path

from config.cameras import document_of
from config.errors import ConfigError
from config.files import Pause, no_pause, reason_of, staged, sync_folder


def profile_text(document: Mapping[str, object], head: str) -> str:
    """Return the document of a profile as TOML; `head` is its first comment."""
    plain = [f"{key} = {_value(value)}" for key, value in document.items() if not isinstance(value, dict)]
    tables = [
        "\n".join([f"\n[{key}]", *(f"{tail} = {_value(value)}" for tail, value in table.items())])
        for key, table in document.items()
        if isinstance(table, dict)
    ]
    return "\n".join([f"# {head}", *plain, *tables]) + "\n"


def write_profile(path: Path, document: Mapping[str, object], head: str, pause: Pause = no_pause) -> None:
    """Write a profile, in place of one at `path`. Blocks until it is on the disk; ConfigError if it cannot be."""
    try:
        path.parent.mkdir(mode=0o755, exist_ok=True)
        with staged(path, profile_text(document, head).encode()) as new:
            pause()
            if document_of(new) != dict(document):
                raise ConfigError(f"{new}: does not read back as written; nothing is changed")
            pause()
            new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written, {reason_of(error)}") from None


def _value(value: object) -> str:
    """Return a text, a number, a truth or a list of them as TOML, whose plain texts are those of JSON."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, (str, bool, int)):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{value!r} is no value of a profile")
