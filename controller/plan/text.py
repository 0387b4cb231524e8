"""A plan as sentences, as a drawing in characters, and as data for programs. Reads no clock."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from config.steps import NONE as NO_STEPS
from config.stops import format_stops
from config.units import MINUTE_NS, format_long
from controller.core.events import ClockRead
from controller.core.frames import Take
from controller.core.instants import local_time
from controller.plan.axis import axis
from controller.plan.exposures import ExposurePlan
from controller.plan.night_chart import night_chart
from controller.plan.night_text import night_lines
from controller.plan.planning import FramePlan, RunPlan, Span
from controller.plan.proposing import Proposal
from controller.plan.scales import Hours
from hardware.timeline import Line
from hardware.waveform import Change, Marks, draw

_BLOCKS = Marks()
WIDEST = 79  # columns; a narrower drawing shows less at a time
NARROWEST = 30
_MARGIN = 3  # columns left and right of a drawing that is not to scale
_LABELS = 9  # columns before a drawing, as in `draw`
_SPARE = 6  # columns after it, for the text of a time near its end
_FULL = WIDEST - _LABELS - _SPARE  # columns of the widest drawing
_MARK_ROWS = 3
TAKES_PER_PIECE = 3  # a frame with more takes is drawn in several pieces
_COARSEST = 24  # in the widest drawing to scale, a part shorter than 1/24 of it would not be visible
_NOTE = "times from the first edge; not to scale, shortened most at //"


def changes(plan: FramePlan) -> list[Change]:
    """Return the changes of the lines; FOCUS is closed from the start if a focus lock holds it."""
    held = [Change(0, Line.FOCUS, True)] if plan.focus_is_held else []
    return held + [Change(edge.at_ns, edge.line, edge.closed) for edge in plan.timeline]


def pieces(plan: FramePlan, takes_per_piece: int = TAKES_PER_PIECE) -> list[tuple[Take, ...]]:
    """Return the takes of a frame, split into pieces that one drawing has room for."""
    takes = plan.recipe.takes
    rows = -(-len(takes) // takes_per_piece)
    return [takes[len(takes) * k // rows : len(takes) * (k + 1) // rows] for k in range(rows)]


def waveform(plan: FramePlan, marks: Marks = _BLOCKS, columns: int = WIDEST) -> list[str]:
    """Draw the lines: to scale if every part is visible then, else with the time of each press.

    No row is wider than `columns`, which is taken as NARROWEST or WIDEST if it is outside of these.
    """
    columns = min(max(columns, NARROWEST), WIDEST)
    width = columns - _LABELS - _SPARE
    end_ns = plan.timeline.end_ns
    shortest_ns = min((part.length_ns for part in plan.parts if part.begins_ns < end_ns), default=0)
    if shortest_ns * _COARSEST * width >= end_ns * _FULL:
        return _to_scale(plan, marks, width)
    takes_per_piece = max(1, TAKES_PER_PIECE * width // _FULL)
    rows = [row for takes in pieces(plan, takes_per_piece) for row in _not_to_scale(plan, takes, marks, width)]
    indent = " " * _LABELS
    return [*rows, *textwrap.wrap(_NOTE, columns, initial_indent=indent, subsequent_indent=indent)]


def _to_scale(plan: FramePlan, marks: Marks, width: int) -> list[str]:
    end_ns = plan.timeline.end_ns
    margin_ns = end_ns // 8
    drawn = changes(plan)
    if plan.focus_is_held:
        drawn[0] = Change(-margin_ns, Line.FOCUS, True)
    return draw(drawn, -margin_ns, end_ns + margin_ns, width, marks)


def _not_to_scale(plan: FramePlan, takes: Sequence[Take], marks: Marks, width: int) -> Iterator[str]:
    begins_ns = takes[0].presses[0].begins_ns
    ends_ns = takes[-1].presses[-1].ends_ns
    drawn = [change for change in changes(plan) if begins_ns <= change.at_ns <= ends_ns]
    times = axis((change.at_ns for change in drawn), _MARGIN, width - _MARGIN)
    placed = [Change(round(times.at(change.at_ns)), change.line, change.closed) for change in drawn]
    if plan.focus_is_held:
        placed = [Change(0, Line.FOCUS, True), *(change for change in placed if change.line is not Line.FOCUS)]
    for row in draw(placed, 0, width, width, marks)[: len(Line)]:
        yield _with_breaks(row, [round(column) for column in times.breaks])
    closings_ns = [press.at_ns for take in takes for press in take.presses]
    openings_ns = [take.opens_ns for take in takes]
    marked_ns = sorted({begins_ns, *closings_ns, *openings_ns})
    texts = [(round(times.at(at_ns)), format_long(_rounded(at_ns))) for at_ns in marked_ns]
    yield from _time_marks(texts, width + _SPARE)


def _rounded(at_ns: int) -> int:
    """Round times of a minute or more to 100 ms."""
    return at_ns if at_ns < MINUTE_NS else round(at_ns, -8)


def _with_breaks(row: str, columns: Iterable[int]) -> str:
    for column in columns:
        at = _LABELS + column
        row = f"{row[: at - 1]}//{row[at + 1 :]}"
    return row


def _time_marks(marks: Iterable[tuple[int, str]], widest: int) -> Iterator[str]:
    """Yield rows of texts that start in their columns; leave out a text that fits in no row."""
    rows = [""] * _MARK_ROWS
    for column, text in marks:
        row = next((k for k, row in enumerate(rows) if not row or len(row) < column), None)
        if row is not None and column + len(text) <= widest:
            rows[row] = f"{rows[row]:<{column}}{text}"
    yield from (f"{'':<{_LABELS}}{row}" for row in rows if row)


def hours_of(ramp: ExposurePlan, clock: ClockRead | None) -> Hours:
    """Return the time from the first frame of a ramp to the last, by the clocks at the box."""
    return Hours(ramp.frames[0].at_utc_ns, ramp.frames[-1].after_ns, UTC if clock is None else clock.zone)


def _night(plan: FramePlan) -> ExposurePlan | None:
    """Return the exposures that are worth to be drawn and told one by one: those of `shot.ramp`."""
    return plan.ramp if plan.run.exposure_end_ns is None else None


def chart(plan: FramePlan, clock: ClockRead | None, marks: Marks = _BLOCKS, columns: int = WIDEST) -> list[str]:
    """Draw the exposures of `shot.ramp` in so many columns, as in `waveform`; no row without a ramp."""
    ramp = _night(plan)
    columns = min(max(columns, NARROWEST), WIDEST)
    return [] if ramp is None else night_chart(ramp, hours_of(ramp, clock), marks, columns)


def lines(plan: FramePlan, clock: ClockRead | None = None, then: str = "now") -> list[str]:
    """Return the plan in sentences: contacts, parts, run, the night of a ramp, notes and warnings.

    `clock` adds times of day; its time is called `then`. Of a plan that the box would refuse only the reasons are
    returned.
    """
    if plan.refusals:
        refused = [f"refused: {refusal}" for refusal in plan.refusals]
        return refused if plan.proposal is None else [*refused, *proposed(plan.proposal)]
    ramp = _night(plan)
    return [
        plan.contacts,
        *_parts(plan.parts),
        f"{'a' if ramp is None else 'the first'} frame takes {format_long(plan.states[-1].ends_ns)}",
        _run(plan.run if ramp is None else _to_10_ms(plan.run), clock, then),
        *([] if ramp is None else night_lines(ramp, hours_of(ramp, clock))),
        *plan.notes,
        *(f"warning: {warning}" for warning in plan.warnings),
    ]


def proposed(proposal: Proposal) -> Iterator[str]:
    """Say which hand-steps would make a refused ramp work, and what to type for them."""
    yield "with hand-steps it works; the keys then have the exposures after the steps up to them:"
    if proposal.begins:
        side = "more" if proposal.begins > 0 else "less"
        stops = format_stops(abs(proposal.begins)).removeprefix("+")
        yield f"  begin with {stops} stops {side} light than the keys were written for (ISO, aperture or filter)"
    yield f"  set shot.ramp {proposal.ramp}"
    if proposal.steps != NO_STEPS:
        yield f"  set shot.steps {proposal.steps}"


def _parts(parts: Sequence[Span]) -> Iterator[str]:
    rows = [(f"at {format_long(part.begins_ns)}", part.name, format_long(part.length_ns)) for part in parts]
    within = [False, *(part.begins_ns < before.ends_ns for before, part in pairwise(parts))]
    at, name = (max(len(row[column]) for row in rows) for column in (0, 1))
    for row, inside, before in zip(rows, within, (None, *parts), strict=False):
        aside = f" (at the end of {before.name})" if inside and before is not None else ""
        yield f"  {row[0]:<{at}}  {row[1]:<{name}}  {row[2]}{aside}"


def _to_10_ms(run: RunPlan) -> RunPlan:
    """Return the run with its length as a person reads it: an exposure between two keys has nine digits."""
    return run if run.length_ns is None else replace(run, length_ns=round(run.length_ns, -7))


def _run(run: RunPlan, clock: ClockRead | None, then: str) -> str:
    every = _ramp(run.every_ns, run.every_end_ns)
    until = "" if run.until is None else f"; no frame is due after {run.until} (interval.end)"
    if run.length_ns is None:
        return f"a run takes a frame every {every}{_begins(run, clock)}, until it is stopped{until}"
    frames = "1 frame" if run.count == 1 else f"{run.count} frames, one every {every}"
    ends_at = _at(run.ends_in_ns, clock)
    if_now = "it" if run.starts is not None else f"if started {then}, it"
    ends = "" if ends_at is None or clock is None else f"; {if_now} ends {_in_words(ends_at)}{_doubt(clock)}"
    ramp = (
        "" if run.exposure_end_ns is None else f"; the last frame is exposed for {format_long(run.exposure_end_ns)}"
    )
    return f"a run takes {frames}{_begins(run, clock)}, and lasts {format_long(run.length_ns)}{ramp}{ends}{until}"


def _begins(run: RunPlan, clock: ClockRead | None) -> str:
    if run.starts is not None:
        starts_at = _at(run.starts_in_ns, clock)
        at = "as soon as the clock is set" if starts_at is None else _in_words(starts_at)
        return f", starts at {run.starts} ({at})"
    return f", starts after {format_long(run.starts_in_ns)}" if run.starts_in_ns else ""


def _ramp(first_ns: int, last_ns: int | None) -> str:
    first = format_long(first_ns)
    return first if last_ns is None else f"{first} at first, {format_long(last_ns)} at the end"


def _at(in_ns: int | None, clock: ClockRead | None) -> datetime | None:
    """Return the time of day at the box in so many nanoseconds; None if that is not known."""
    if clock is None or in_ns is None:
        return None
    return local_time(clock.sample.wall_ns + in_ns, clock.zone)


def _doubt(clock: ClockRead) -> str:
    return "" if clock.sample.is_trusted else ", by a clock that is not set"


def _in_words(at: datetime) -> str:
    return f"on {at:%a} {at.day} {at:%b} {at.year} at {at:%H:%M:%S}"


def as_reply(
    plan: FramePlan,
    clock: ClockRead | None = None,
    marks: Marks = _BLOCKS,
    columns: int = WIDEST,
    *,
    then: str = "now",
    with_frames: bool = False,
) -> dict[str, Any]:
    """Return the plan for a client: drawings, sentences and numbers; all times in ns from the first edge.

    `then` is what the time of `clock` is called. A ramp comes with its drawing, `chart`; its frames are left out
    unless `with_frames`: they may be more than a client of the box may leave unread.
    """
    ends_at = _at(plan.run.ends_in_ns, clock)
    rows = chart(plan, clock, marks, columns)
    return {
        "waveform": waveform(plan, marks, columns),
        "lines": lines(plan, clock, then),
        "edges": [{"at_ns": edge.at_ns, "line": edge.line.value, "closed": edge.closed} for edge in plan.timeline],
        "focus_is_held": plan.focus_is_held,
        "parts": [asdict(part) for part in plan.parts],
        "states": [asdict(state) for state in plan.states],
        "exposures": [asdict(exposure) for exposure in plan.exposures],
        "run": {
            **asdict(plan.run),
            "ends_in_ns": plan.run.ends_in_ns,
            "ends_at": None if ends_at is None else ends_at.isoformat(timespec="seconds"),
            "is_trusted": clock is not None and clock.sample.is_trusted,
        },
        "ramp": None if plan.ramp is None else {**_data(plan.ramp, with_frames=with_frames), "chart": rows},
        "proposal": None if plan.proposal is None else asdict(plan.proposal),
        "warnings": list(plan.warnings),
        "refusals": list(plan.refusals),
    }


def _data(ramp: ExposurePlan, *, with_frames: bool) -> dict[str, Any]:
    return asdict(ramp if with_frames else replace(ramp, frames=()))
