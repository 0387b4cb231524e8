"""Settings in words: a table of them, everything about one, and what was changed, saved or restored.

Knows the shape of each reply.
"""

import textwrap
from itertools import groupby
from typing import Any

from controller.console.answer import Answer
from controller.console.report import two_columns

Reply = dict[str, Any]

_RESTART = "save, then sudo systemctl restart backbutton"
_VALUE_COLUMN = 14  # a wider value pushes the rest of its line to the right
_LONGEST_VALUE = 30  # in the table; `show KEY` shows all of it


def settings(rows: list[Reply]) -> Answer:
    """A table of settings by section, or everything about a single one."""
    if not rows:
        return Answer(text="every setting has its built-in value")
    if len(rows) == 1:
        return Answer(tuple(about(rows[0])), text=f"{rows[0]['key']} is {rows[0]['value']}")
    table = [line for section, members in groupby(rows, _section) for line in _table(section, list(members))]
    return Answer(tuple(table), text=f"{len(rows)} settings; show KEY explains one of them")


def _section(row: Reply) -> str:
    return str(row["key"]).partition(".")[0]


def heading(section: str) -> str:
    """Return the line above the settings of a section."""
    from config.schema import SECTIONS  # noqa: PLC0415 - the console must start quickly, and rarely needs this

    what = SECTIONS[section].rstrip(".")
    return f"{section}: {what[0].lower()}{what[1:]}"


def _table(section: str, rows: list[Reply]) -> list[str]:
    key_width = max(len(row["key"]) for row in rows)
    value_width = min(_VALUE_COLUMN, max(len(row["value"]) for row in rows))
    return [heading(section), *(_table_row(row, key_width, value_width) for row in rows)]


def _table_row(row: Reply, key_width: int, value_width: int) -> str:
    value = textwrap.shorten(row["value"], _LONGEST_VALUE, placeholder=" ...")
    default = "" if row["value"] == row["default"] else f"(built-in: {row['default']})"
    return f"  {row['key']:<{key_width}}  {value:<{value_width}}  {_origin(row):<14}  {default}".rstrip()


def _origin(row: Reply) -> str:
    return {"set": "set, not saved", "machine": "config.toml"}.get(row["origin"], str(row["origin"]))


def about(row: Reply) -> list[str]:
    """Return everything about a setting; without its value if the box is offline."""
    rows = [
        (row["key"], row["help"]),
        *([("value", f"{row['value']} ({_origin(row)})")] if "value" in row else []),
        ("built-in", row["default"]),
        ("allowed", row["allowed"]),
        *([("during a run", "cannot be changed")] if row["shapes_run"] else []),
        *([("takes effect", f"after {_RESTART}")] if row["restart"] else []),
    ]
    return two_columns(rows)


def setting(reply: Reply | list[Reply]) -> Answer:
    """A setting that was just changed, with the warnings that this raises; or, in a list, one that was asked for."""
    if isinstance(reply, list):
        return settings(reply)
    later = f"; it takes effect after {_RESTART}" if reply["restart"] else ""
    warnings = tuple(f"warning: {warning}" for warning in reply["warnings"])
    rows = [reply, *reply["also"]]
    return Answer(warnings, text=", ".join(f"{row['key']} is {row['value']}" for row in rows) + later)


def differences(rows: list[Reply]) -> Answer:
    """The changes that are not saved."""
    if not rows:
        return Answer(text="all settings are saved")
    lines = tuple(f"{row['key']} is {row['now']}, saved as {row['saved']}" for row in rows)
    return Answer(lines, text=f"{_settings_are(len(rows))} not saved; save keeps the changes")


def saved(reply: Reply) -> Answer:
    """The answer to `save`."""
    keys = reply["saved"]
    return Answer(text=f"saved {', '.join(keys)}" if keys else "there was nothing to save")


def rolled_back(reply: Reply) -> Answer:
    """The answer to `rollback`."""
    keys = reply["changed"]
    if not keys:
        return Answer(text="the settings saved before are the same; nothing has changed")
    return Answer(text=f"restored from the settings saved before: {', '.join(keys)}")


def _settings_are(count: int) -> str:
    return "1 setting is" if count == 1 else f"{count} settings are"
