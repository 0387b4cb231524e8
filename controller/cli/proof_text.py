"""What a proof that was sent in would change beside the shipped profile: as lines for people, and for JSON."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from controller.cameras.text import in_unit, proven_on
from controller.cli.proof_file import Change, Sent
from controller.prove.careful import RULES

_WIDTH = 79
_CARE = {1: "more careful", 0: "the same", -1: "less careful", None: "other"}
_COLUMNS = "  {:<29}{:<16}{:<16}{}"


def sent_lines(path: Path, sent: Sent, own: Path) -> list[str]:
    """Return the table of changes, and what to do with the file; `own` is the folder of the box's own profiles."""
    proof = proven_on({"body": sent.body, "date": sent.date})
    target = own / f"{sent.extends}.toml"
    there = ", in place of the file that is there" if target.exists() else ""
    return [
        f"{path}: no faults",
        *_paragraph(f"It is of {sent.extends}, {proof}. Beside the shipped profile:"),
        "",
        _COLUMNS.format("key", "shipped", "proven", "that is"),
        *(line for change in sent.changes for line in _change_lines(change)),
        *(f"  {key}: left out, as it has no meaning without bulb" for key in sent.left_out),
        "",
        *_paragraph("A proof tells what one body did; another body at this port may differ."),
        "Nothing is installed. To go by it on this box, copy it to",
        f"  {target}{there}",
        *_paragraph("A running box reads it when you choose the profile again."),
    ]


def _change_lines(change: Change) -> Iterator[str]:
    shipped, proven = in_unit(change.key, change.care.before), in_unit(change.key, change.value)
    yield _COLUMNS.format(change.key, shipped, proven, _CARE[change.care.sign])
    if change.how:
        yield from _indented(f"Found: {change.how}.")
    if change.care.sign != 0:
        yield from _indented(f"Why it matters: {RULES[change.key].why}")


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_on_hyphens=False)


def sent_reply(sent: Sent) -> dict[str, Any]:
    """Return the same as an object for JSON, values in the unit of the file."""
    changes = [
        {
            "key": change.key,
            "shipped": change.care.before,
            "proven": change.value,
            "care": _CARE[change.care.sign],
            "how": change.how,
            "why": RULES[change.key].why,
        }
        for change in sent.changes
    ]
    return {"extends": sent.extends, "body": sent.body, "date": sent.date, "changes": changes}
