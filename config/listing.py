"""The settings listed for a person: the commented default file and the table of the docs.

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


def settings_table(fields: Iterable[Field]) -> str:
    """A Markdown table, a row for each setting."""
    head = "| setting | default | allowed | what it does |\n|---|---|---|---|\n"
    return head + "".join(_row(field) for field in fields)


def _row(field: Field) -> str:
    default = field.format(field.default)
    return f"| `{field.key}` | `{default}` | {field.allowed()} | {field.help}{_remark(field)} |\n"
