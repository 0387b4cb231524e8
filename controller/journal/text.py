"""The journal as text, as rows for a spreadsheet, and as data for programs. Knows what was read, not where from.

People see frames counted from 1, and times in the zone where the box was: that of the run's settings, or the `zone`
of the box that the caller gives. Data has slots counted from 0, and times in UTC.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import chain
from typing import Any

from config.units import format_duration, format_long
from controller.core.confirming import SUSPECTED
from controller.core.instants import local_time
from controller.journal import by_hand
from controller.journal.read import RunSummary
from controller.journal.records import FIRED, LOST, OUTCOMES, FrameRecord, Note, RunRecord
from controller.journal.summary import Lateness
from hardware.walltime import zone_or

_MS_NS = 1_000_000
_ZONE = "site.timezone"
_HEAD = " run  started          every s  frames  fired  lost  late ms    99 %  ended"
_NARROW_HEAD = " run  started           ended"
_LEDGER_HEAD = "  frame            at   late ms  outcome"
_BULB_LEDGER_HEAD = "  frame            at   late ms    exposed  outcome"
_NARROW_LEDGER_HEAD = "frame          at late ms  outcome"
WIDEST = 80
_NARROWEST = 40
_NARROW = 60  # columns; in fewer, a ledger has less space between its columns
_HANGING = 8  # columns before what does not fit on the line of a frame
_NAMED = 12  # columns before what a line of the head tells
_DIGITS = 4  # of an exposure
RUN_COLUMNS = (
    *("run", "started", "every_ns", "count", "camera", "outcome", *OUTCOMES),
    *("median_ns", "p99_ns", "max_ns", "is_trusted"),
)
_FRAME_COLUMNS = ("slot", "at_ns", "outcome", "reason", "late_ns", "lag_ns", "belated", "slots")
FRAME_COLUMNS = (*_FRAME_COLUMNS, "asked_ns", "exposure_ns")
_FRAME_KEYS = (*_FRAME_COLUMNS, "bulb_ns", "exposed_ns")  # of the same, for programs


def zone_of(run: RunRecord, zone: tzinfo) -> tzinfo:
    """Return the time zone that was set for a run; `zone` if none was, or if this machine does not have it."""
    return zone_or(run.settings.get(_ZONE), zone)


def table(runs: Iterable[RunSummary], zone: tzinfo, columns: int = WIDEST) -> list[str]:
    """Return a heading and a line for each run; in less than 80 columns a few lines for each."""
    if columns >= len(_HEAD):
        return [_HEAD, *(_row(each, zone_of(each.run, zone)) for each in runs)]
    return [_NARROW_HEAD, *(line for each in runs for line in _narrow_row(each, zone_of(each.run, zone)))]


def head(summary: RunSummary, zone: tzinfo, columns: int = WIDEST) -> list[str]:
    """Return a few lines that describe a run."""
    run, counts, zone = summary.run, summary.counts, zone_of(summary.run, zone)
    slots = "until stopped" if run.count == 0 else "1 slot" if run.count == 1 else f"{run.count} slots"
    became = ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts.get(outcome))
    settings = [f"{key} = {text}" for key, text in run.settings.items()]
    did = textwrap.wrap(by_hand.in_words(run), max(columns, _NARROWEST) - _NAMED)
    rows = [
        ("set" if run.start else "started", _time_of_day(run.started_wall_ns, zone)),
        *((("start", _awaited(run, zone)),) if run.start else ()),
        ("ended", _ended(summary, zone)),
        ("camera", run.camera),
        ("focus", run.focus),
        ("grid", f"{slots}, one every {format_duration(run.every_ns)}"),
        *(("settings" if k == 0 else "", text) for k, text in enumerate(settings)),
        *(("by hand" if k == 0 else "", text) for k, text in enumerate(did)),
        ("frames", became or "none"),
        ("late", lateness_words(summary.lateness)),
    ]
    return [f"run {run.run_id}", *(f"  {name:<10}{text}" for name, text in rows)]


def ledger(summary: RunSummary, frames: Iterable[FrameRecord], columns: int = WIDEST) -> Iterator[str]:
    """Yield a heading, a line for each frame, and what a mark in them means; with exposures, if they are known."""
    is_narrow = columns < _NARROW
    has_marks, (has_bulbs, frames) = False, _bulbs_of(frames)
    yield _NARROW_LEDGER_HEAD if is_narrow else _BULB_LEDGER_HEAD if has_bulbs else _LEDGER_HEAD
    for frame in frames:
        has_marks = has_marks or frame.is_belated
        at, late = span(frame.due_ns - summary.run.t0_ns), "" if frame.late_ns is None else _ms(frame.late_ns)
        if is_narrow:
            head = f"{_numbers(frame):>5} {at:>11} {late:>7}  "
            hanging = " " * _HANGING
            width = max(columns, _NARROWEST - 1)
            outcome = _outcome(frame, tells_exposure=True)
            yield from textwrap.wrap(outcome, width, initial_indent=head, subsequent_indent=hanging)
        else:
            exposed = f"  {_exposed(frame):>9}" if has_bulbs else ""
            yield f"  {_numbers(frame):>5}  {at:>12}  {late:>8}{exposed}  {_outcome(frame)}"
    if has_marks:
        yield "  * recorded late: the journal did not work when the frame was over"


def _bulbs_of(frames: Iterable[FrameRecord]) -> tuple[bool, Iterable[FrameRecord]]:
    """Return whether the first of these frames that was fired has a bulb exposure, and the frames."""
    left, first = iter(frames), []
    for frame in left:
        first.append(frame)
        if frame.edges:
            break
    return any(frame.bulb_ns is not None for frame in first), chain(first, left)


def _exposed(frame: FrameRecord) -> str:
    """Return how long a frame was exposed, to a few digits; empty if that is not known."""
    exposed_ns = frame.exposed_ns
    return "" if exposed_ns is None else format_long(round(exposed_ns, min(0, _DIGITS - len(str(exposed_ns)))))


def _outcome(frame: FrameRecord, *, tells_exposure: bool = False) -> str:
    exposed = f", exposed {_exposed(frame)}" if tells_exposure and frame.exposed_ns is not None else ""
    reason = f": {frame.reason}" if frame.reason else ""
    is_told = frame.outcome == SUSPECTED  # by the reason
    lag = "" if frame.lag_ns is None or is_told else f", flash after {_ms(frame.lag_ns)} ms"
    mark = " *" if frame.is_belated else ""
    return f"{frame.outcome}{reason}{exposed}{lag}{mark}"


def _numbers(frame: FrameRecord) -> str:
    """Return the number of a frame, or the first and the last of those that were passed together."""
    first = frame.slot + 1
    return str(first) if frame.slots == 1 else f"{first}-{frame.slot + frame.slots}"


def note_lines(notes: Iterable[Note], zone: tzinfo) -> list[str]:
    """Return a line for each note, with what the clock showed and a mark if that was not trusted."""
    return [f"  {_time_of_day(note.wall_ns, zone)}{_doubt(note)}  {note.kind}: {note.text}" for note in notes]


def _doubt(note: Note) -> str:
    return " (clock not set)" if note.is_trusted is False else ""


def lateness_words(lateness: Lateness | None) -> str:
    """Return how late the frames were, in words."""
    if lateness is None:
        return "no frame was fired"
    median, p99, most = map(_ms, (lateness.median_ns, lateness.p99_ns, lateness.max_ns))
    return f"half by {median} ms, 99 of 100 by {p99} ms, the worst by {most} ms"


def span(ns: int) -> str:
    """Write a time since the first frame: 1:02:03.250."""
    ms, sign = abs(ns) // _MS_NS, "-" if ns < 0 else ""
    return f"{sign}{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def run_row(summary: RunSummary) -> tuple[object, ...]:
    """Return a run as the row of a spreadsheet, its cells as in RUN_COLUMNS."""
    run, late = summary.run, summary.lateness
    counts = (summary.counts.get(outcome, 0) for outcome in OUTCOMES)
    lateness = (None, None, None) if late is None else (late.median_ns, late.p99_ns, late.max_ns)
    return (
        run.run_id,
        _iso(run.started_wall_ns),
        run.every_ns,
        run.count,
        run.camera,
        state(summary),
        *counts,
        *lateness,
        int(run.started_wall_ns is not None),
    )


def frame_row(summary: RunSummary, frame: FrameRecord) -> tuple[object, ...]:
    """Return a frame as the row of a spreadsheet, its cells as in FRAME_COLUMNS."""
    at_ns = frame.due_ns - summary.run.t0_ns
    became = (frame.outcome, frame.reason, frame.late_ns, frame.lag_ns, int(frame.is_belated), frame.slots)
    return (frame.slot, at_ns, *became, frame.bulb_ns, frame.exposed_ns)


def as_reply(summary: RunSummary) -> dict[str, Any]:
    """Return a run for programs; `is_trusted` says whether the clock was, without which there is no time of day."""
    run, late = summary.run, summary.lateness
    return {
        "run": run.run_id,
        "started": _iso(run.started_wall_ns),
        "start": run.start,
        "ended": _iso(summary.ended_wall_ns),
        "outcome": state(summary),
        "reason": summary.reason,
        "every_ns": run.every_ns,
        "count": run.count,
        "camera": run.camera,
        "focus": run.focus,
        "settings": dict(run.settings),
        "moves": [{"slot": slot, "hand_steps": done, "trim_sixths": trim} for slot, done, trim in run.moves],
        "frames": {outcome: summary.counts.get(outcome, 0) for outcome in OUTCOMES},
        "late": late and {"median_ns": late.median_ns, "p99_ns": late.p99_ns, "max_ns": late.max_ns},
        "belated": summary.is_belated,
        "is_trusted": run.started_wall_ns is not None,
    }


def whole_reply(summary: RunSummary, frames: Iterable[FrameRecord], notes: Sequence[Note]) -> dict[str, Any]:
    """Return a run with its frames and notes for programs; times of frames count from the first slot's."""
    t0_ns = summary.run.t0_ns
    rows = [
        dict(zip(_FRAME_KEYS, frame_row(summary, frame), strict=True)) | {"edges": _edges(frame, t0_ns)}
        for frame in frames
    ]
    return as_reply(summary) | {"ledger": rows, "notes": [note_reply(note) for note in notes]}


def note_reply(note: Note) -> dict[str, Any]:
    """Return a note for programs; `is_trusted` is None for one of an older version, which did not know it."""
    return {
        "at": _iso(note.wall_ns),
        "is_trusted": note.is_trusted,
        "at_ns": note.at_ns,
        "boot": note.boot_id,
        "kind": note.kind,
        "text": note.text,
    }


def state(summary: RunSummary) -> str:
    """Return in a word or two how a run ended, or that it has not."""
    return summary.outcome or ("broken off" if summary.is_over else "waits" if summary.run.start else "open")


def _row(summary: RunSummary, zone: tzinfo) -> str:
    run, late = summary.run, summary.lateness
    median, p99 = ("", "") if late is None else (_ms(late.median_ns), _ms(late.p99_ns))
    fired, lost = _fired_and_lost(summary)
    started = _time_of_day(run.started_wall_ns, zone)[:16]
    counts = f"{fired + lost:>6}  {fired:>5} {lost:>5}"
    late_ms = f"{median:>7} {p99:>7}"
    row = f"{run.run_id:>4}  {started:<16} {run.every_ns / 1e9:>7.5g}  {counts}  {late_ms}  {state(summary)}"
    return row[:80]


def _narrow_row(summary: RunSummary, zone: tzinfo) -> Iterator[str]:
    run, late = summary.run, summary.lateness
    fired, lost = _fired_and_lost(summary)
    yield f"{run.run_id:>4}  {_time_of_day(run.started_wall_ns, zone)[:16]:<16}  {state(summary)}"
    yield f"      {fired} fired, {lost} lost, every {run.every_ns / 1e9:.5g} s"
    if late is not None:
        yield f"      late {_ms(late.median_ns)} ms, 99 % by {_ms(late.p99_ns)} ms"


def _fired_and_lost(summary: RunSummary) -> tuple[int, int]:
    fired, lost = (sum(summary.counts.get(outcome, 0) for outcome in which) for which in (FIRED, LOST))
    return fired, lost


def _ended(summary: RunSummary, zone: tzinfo) -> str:
    reason = f" ({summary.reason})" if summary.reason else ""
    if summary.outcome is None:
        goes_on = "it waits for its start" if summary.run.start else "it goes on"
        went = "the box went off, and a later run began" if summary.is_over else f"{goes_on}, or the box went off"
        return f"not yet: {went}" if not summary.is_over else f"{state(summary)}: {went}"
    return f"{_time_of_day(summary.ended_wall_ns, zone)}, {summary.outcome}{reason}"


def _awaited(run: RunRecord, zone: tzinfo) -> str:
    """Return which start a run waited for, and when that was if it was known."""
    return f"{run.start}" if run.start_utc_ns is None else f"{run.start}, at {_time_of_day(run.start_utc_ns, zone)}"


def _ms(ns: int) -> str:
    return f"{ns / _MS_NS:.3f}"


def _time_of_day(wall_ns: int | None, zone: tzinfo) -> str:
    return "clock not set" if wall_ns is None else f"{local_time(wall_ns, zone):%Y-%m-%d %H:%M:%S}"


def _iso(wall_ns: int | None) -> str | None:
    return None if wall_ns is None else datetime.fromtimestamp(wall_ns / 1e9, UTC).isoformat(timespec="milliseconds")


def _edges(frame: FrameRecord, t0_ns: int) -> list[dict[str, Any]]:
    return [
        {
            "line": edge.line.value,
            "closed": edge.closed,
            "planned_ns": edge.planned_ns - t0_ns,
            "actual_ns": None if edge.actual_ns is None else edge.actual_ns - t0_ns,
        }
        for edge in frame.edges
    ]
