"""Lists of settings for people: the commented default file, the table in the docs, and facts for the console.

Knows how a list of fields is laid out; knows no setting by name and no file.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from operator import attrgetter

from config.field import Field

_HEAD = """\
# Settings of backbutton. Each value shown is the default.
# To change one, remove the "# " in front of its name and edit the value.
"""


def default_toml(fields: Iterable[Field], sections: Mapping[str, str]) -> str:
    """Return a TOML file that sets nothing and explains every setting in comments."""
    parts = [_HEAD]
    for section, members in groupby(fields, key=attrgetter("section")):
        parts.append(f"[{section}]  # {sections[section]}\n")
        parts.extend(_commented(field) for field in members)
    return "\n".join(parts)


def _commented(field: Field) -> str:
    name = field.key.partition(".")[2]
    lines = [field.help, f"{field.allowed()}{_remark(field)}", f"{name} = {field.literal(field.default)}"]
    return "".join(f"# {line}\n" for line in lines)


def _remark(field: Field) -> str:
    if field.restart:
        return " (takes effect at the next start)"
    return " (cannot be changed during a run)" if field.in_run else ""


@cache
def facts(field: Field) -> dict[str, object]:
    """Return the facts about a setting that do not depend on its current value."""
    is_camera = field.kind == "camera"  # a box may have profiles beyond the shipped ones
    return {
        "key": field.key,
        "help": field.help,
        "default": field.format(field.default),
        "allowed": "the ID of a camera; the command cameras lists them all" if is_camera else field.allowed(),
        "choices": [] if is_camera else list(field.choices),
        "shapes_run": field.in_run,
        "restart": field.restart,
    }


def settings_table(fields: Iterable[Field]) -> str:
    """Return a Markdown table with a row for each setting."""
    head = "| setting | default | allowed | what it does |\n|---|---|---|---|\n"
    return head + "".join(_row(field) for field in fields)


def _row(field: Field) -> str:
    default = field.format(field.default)
    return f"| `{field.key}` | `{default}` | {field.allowed()} | {field.help}{_remark(field)} |\n"
