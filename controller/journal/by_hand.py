"""What the photographer did in a run on the way: the hand-steps that were confirmed and the trims. Pure.

Slots count from 0, hand-steps from 1. A row that is damaged may have moves that nobody can have made.
"""

import contextlib
from collections.abc import Iterator

from config.errors import ConfigError
from config.steps import MOST, parse_steps
from config.stops import format_stops
from controller.core.ramp import Moves
from controller.journal.records import RunRecord


def confirmed(moves: Moves) -> Iterator[tuple[int, int]]:
    """Yield from which slot on each hand-step was confirmed, with its number."""
    before = 0
    for slot, done, _ in moves:
        yield from ((slot, number) for number in range(before + 1, min(done, MOST) + 1))
        before = max(before, done)


def trims(moves: Moves) -> Iterator[tuple[int, int]]:
    """Yield from which slot on the run was trimmed, and by how many sixths of a stop; 0 ends a trim."""
    before = 0
    for slot, _, trim in moves:
        if trim != before:
            yield slot, trim
        before = trim


def in_words(run: RunRecord) -> str:
    """Return what was done in a run, empty if nothing was."""
    of = _of_steps(run)
    steps = ", ".join(f"hand-step {number}{of} from frame {slot + 1}" for slot, number in confirmed(run.moves))
    trimmed = ", ".join(f"{format_stops(trim)} from frame {slot + 1}" for slot, trim in trims(run.moves))
    return "; ".join(filter(None, (steps, trimmed and f"trimmed {trimmed}")))


def _of_steps(run: RunRecord) -> str:
    with contextlib.suppress(ConfigError):
        steps = parse_steps(run.settings.get("shot.steps", ""))
        return f" of {len(steps)}" if steps else ""
    return ""
