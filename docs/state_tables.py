"""Draws the tables of the state machines, as a diagram and as Markdown, for docs/states.md."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from controller.core.machine import Row


def mermaid(rows: Iterable[Row[Any]], initial: Enum) -> str:
    """Return the diagram of a table, for `docs/states.md`."""
    lines = ["stateDiagram-v2", f"    [*] --> {initial.name}"]
    for row in rows:
        label = row.trigger.replace("_", " ")
        if row.when:
            label += f" [{', '.join(row.when)}]"
        lines += [f"    {source.name} --> {row.dest.name}: {label}" for source in row.sources]
    return "\n".join(lines)


def markdown_table(rows: Iterable[Row[Any]]) -> str:
    """Return a table as Markdown, one line a row."""
    lines = ["| trigger | from | to | when | what it means |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.trigger.replace('_', ' ')} | {', '.join(state.name for state in row.sources)} "
        f"| {row.dest.name} | {', '.join(row.when)} | {row.note} |"
        for row in rows
    ]
    return "\n".join(lines)
