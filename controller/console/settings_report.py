"""Settings in words: a table of them, all about one, what was changed, saved, brought back.

Knows the shape of each reply, and what each section is about.
"""

import textwrap
from itertools import groupby
from typing import Any

from controller.console.answer import Answer
from controller.console.report import entries

Reply = dict[str, Any]

_RESTART = "save, then sudo systemctl restart backbutton"
_WIDEST_VALUE = 14  # in a column; a wider one pushes what is beside it
_LONGEST_VALUE = 30  # in the table; show KEY tells all of it


def settings(rows: list[Reply]) -> Answer:
    """A table of settings by section, or everything about a single one."""
    if not rows:
        return Answer(text="every setting has its built-in value")
    if len(rows) == 1:
        return Answer(tuple(about(rows[0])), text=f"{rows[0]['key']} is {rows[0]['value']}")
    table = [line for section, members in groupby(rows, _section) for line in _table(section, list(members))]
    return Answer(tuple(table), text=f"{len(rows)} settings; show KEY tells more about one")


def _section(row: Reply) -> str:
    return str(row["key"]).partition(".")[0]


def heading(section: str) -> str:
    """What stands above the settings of a section."""
    from config.schema import SECTIONS  # noqa: PLC0415 - a console starts before anyone asks for settings

    what = SECTIONS[section].rstrip(".")
    return f"{section}: {what[0].lower()}{what[1:]}"


def _table(section: str, rows: list[Reply]) -> list[str]:
    keys = max(len(row["key"]) for row in rows)
    values = min(_WIDEST_VALUE, max(len(row["value"]) for row in rows))
    return [heading(section), *(_row(row, keys, values) for row in rows)]


def _row(row: Reply, keys: int, values: int) -> str:
    value = textwrap.shorten(row["value"], _LONGEST_VALUE, placeholder=" ...")
    differs = "" if row["value"] == row["default"] else f"(built-in: {row['default']})"
    return f"  {row['key']:<{keys}}  {value:<{values}}  {_origin(row):<14}  {differs}".rstrip()


def _origin(row: Reply) -> str:
    return {"set": "set, not saved", "machine": "config.toml"}.get(row["origin"], str(row["origin"]))


def about(row: Reply) -> list[str]:
    """All there is to know about a setting; without its value where the box could not be asked."""
    is_known = "value" in row
    rows = [
        (row["key"], row["help"]),
        *([("value", f"{row['value']} ({_origin(row)})")] if is_known else []),
        ("built-in", row["default"]),
        ("may be", row["allowed"]),
        *([("during a run", "it cannot be changed")] if row["shapes_run"] else []),
        *([("works", f"after: {_RESTART}")] if row["restart"] else []),
    ]
    return entries(rows)


def setting(reply: Reply) -> Answer:
    """A setting that was just changed."""
    later = f"; works after: {_RESTART}" if reply["restart"] else ""
    return Answer(text=f"{reply['key']} is {reply['value']}{later}")


def differences(rows: list[Reply]) -> Answer:
    """What is changed and not saved."""
    if not rows:
        return Answer(text="nothing is changed; all settings are as saved")
    lines = tuple(f"{row['key']} is {row['now']}, saved is {row['saved']}" for row in rows)
    return Answer(lines, text=f"{_settings(len(rows))} not saved; save keeps the changes")


def saved(reply: Reply) -> Answer:
    """What was saved."""
    keys = reply["saved"]
    return Answer(text=f"saved {', '.join(keys)}" if keys else "there was nothing to save")


def rolled_back(reply: Reply) -> Answer:
    """What came back."""
    keys = reply["changed"]
    return Answer(text=f"back to what was saved before: {', '.join(keys)}" if keys else "nothing is different")


def _settings(count: int) -> str:
    return "1 setting is" if count == 1 else f"{count} settings are"
