"""The settings listed for a person: the commented default file, the table of the docs, what a console tells of one.

Knows how a list of fields is laid out; knows no setting by name and no file.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from config.field import Field

_HEAD = """\
# Settings of backbutton. Each line shows what holds when nothing is written;
# take the "# " away from a line that has a "=" and change its value.
"""


def default_toml(fields: Iterable[Field], sections: Mapping[str, str]) -> str:
    """A TOML file that sets nothing, and says of every setting what could be set."""
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
    return " (not during a run)" if field.in_run else ""


def facts(field: Field) -> dict[str, object]:
    """What there is to know of a setting, whatever its value is now."""
    is_camera = field.kind == "camera"  # a box may have others than those shipped
    return {
        "key": field.key,
        "help": field.help,
        "default": field.format(field.default),
        "allowed": "the ID of a camera; the command cameras lists them" if is_camera else field.allowed(),
        "choices": [] if is_camera else list(field.choices),
        "shapes_run": field.in_run,
        "restart": field.restart,
    }


def settings_table(fields: Iterable[Field]) -> str:
    """A Markdown table, a row for each setting."""
    head = "| setting | default | allowed | what it does |\n|---|---|---|---|\n"
    return head + "".join(_row(field) for field in fields)


def _row(field: Field) -> str:
    default = field.format(field.default)
    return f"| `{field.key}` | `{default}` | {field.allowed()} | {field.help}{_remark(field)} |\n"
