"""The contents of the journal, as data. Knows runs, frames and edges; knows neither files nor threads.

All times are integer nanoseconds: `*_wall_ns` since 1970 in UTC by the box's clock, the others by CLOCK_MONOTONIC,
which is meaningful within one boot only.
"""

from collections.abc import Mapping
from dataclasses import field

from config.record import dataclass
from controller.core.ramp import Moves
from hardware.timeline import Line

FIRED = ("fired", "confirmed", "suspected", "unconfirmed")  # the frame was taken: any other outcome is a lost frame
INTENDED = "intended"  # a frame without an outcome, in a run that is not over
UNKNOWN = "unknown"  # it was intended, and the process died before it could record the outcome
CUT = "cut"  # both lines were opened, and nobody knows what the camera made of it
LOST = ("missed", "skipped", CUT, UNKNOWN)
OUTCOMES = (*FIRED, *LOST, INTENDED)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as it was begun; `count` is 0 for an endless one, `settings` has those that are not the default.

    `run_id` is the number from `Journal.new_run_id`. `started_wall_ns` is None if the clock was not trusted;
    together with `started_ns` it places the grid in the time of day. Read back, `started_ns` is in the time of
    `boot_id`, the last boot in which the run continued, and None if the clock was not trusted then.

    A run with a `start` waits for that, at `start_utc_ns` since 1970 if it is known; its t0 is meaningless then.
    `moves` are the hand-steps that were confirmed on the way, and the trims.
    """

    run_id: int
    started_wall_ns: int | None
    started_ns: int | None
    boot_id: str
    t0_ns: int
    every_ns: int
    count: int
    camera: str
    focus: str
    settings: Mapping[str, str] = field(default_factory=dict)
    start: str | None = None
    start_utc_ns: int | None = None
    moves: Moves = ()

    @property
    def t0_wall_ns(self) -> int | None:
        """The time of day of slot 0, None if the clock was not trusted."""
        if self.started_wall_ns is None or self.started_ns is None:
            return None
        return self.started_wall_ns + self.t0_ns - self.started_ns


@dataclass(frozen=True, slots=True)
class FrameEdge:
    """An edge of a frame, planned and actual; `actual_ns` is None if it was planned and not played."""

    line: Line
    closed: bool
    planned_ns: int
    actual_ns: int | None

    @property
    def late_ns(self) -> int | None:
        """How late it was played; None if it was not."""
        return None if self.actual_ns is None else self.actual_ns - self.planned_ns


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """The outcome of a slot; `due_ns` is its place on the grid, `lag_ns` from SHUTTER to the flash contact.

    `is_belated`: the journal failed when the slot was over, and recorded it later. Slots that were passed together
    are one record: `slots` of them, from this one on. `bulb_ns` is the bulb exposure that was asked for, None if
    there was none, or several, and in the frames of older versions. The frame was fired `moved_ns` later than its
    place on the grid, as it could not be fired sooner.
    """

    slot: int
    due_ns: int
    outcome: str
    reason: str | None = None
    lag_ns: int | None = None
    edges: tuple[FrameEdge, ...] = ()
    is_belated: bool = False
    slots: int = 1
    bulb_ns: int | None = None
    moved_ns: int = 0

    @property
    def late_ns(self) -> int | None:
        """How late the SHUTTER contact closed that exposes; None if it did not close."""
        exposing = next((edge for edge in self._exposing() if edge.closed), None)
        return None if exposing is None or exposing.actual_ns is None else exposing.actual_ns - self.due_ns

    @property
    def exposed_ns(self) -> int | None:
        """How long the camera exposed: as was asked for, and by as much longer as SHUTTER really kept it exposing.

        None if that is not known: there was no single bulb exposure, or it was cut.
        """
        edges = self._exposing()[:3]  # it closes and opens; where another press ends the exposure, that one's closing
        if self.bulb_ns is None or self.outcome == CUT or len(edges) < 2:  # noqa: PLR2004 - it begins and ends
            return None
        began_ns, ended_ns = edges[0].late_ns, edges[-1].late_ns
        return None if began_ns is None or ended_ns is None else max(0, self.bulb_ns + ended_ns - began_ns)

    def _exposing(self) -> list[FrameEdge]:
        """Return what SHUTTER did from when the frame was fired: a press planned before that raises the mirror."""
        from_ns = self.due_ns + self.moved_ns
        return [edge for edge in self.edges if edge.line is Line.SHUTTER and edge.planned_ns >= from_ns]


@dataclass(frozen=True, slots=True)
class MirrorRecord:
    """The camera's mirror may be up from `raised_ns` until `down_ns`, in the time of `boot_id`."""

    boot_id: str
    raised_ns: int
    down_ns: int

    def down_after(self, now_ns: int, boot_id: str) -> int | None:
        """Return when the mirror is down for certain, for a process that starts at `now_ns`; None if it is by now.

        Times of another boot mean nothing in this one: then the camera gets its whole time again.
        """
        span_ns = self.down_ns - self.raised_ns
        if not boot_id or self.boot_id != boot_id:
            return now_ns + span_ns
        if now_ns < self.raised_ns:  # a slot that was intended early and not begun
            return None
        down_ns = min(self.down_ns, now_ns + span_ns)
        return down_ns if down_ns > now_ns else None


@dataclass(frozen=True, slots=True)
class Intent:
    """A slot that may be fired once this is durable, and what it may do to the mirror."""

    slot: int
    due_ns: int
    mirror: MirrorRecord | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A fault or a notable event.

    `is_trusted`: the box trusted its clock. None in a note of an older version, which had the machine's own time.
    """

    wall_ns: int
    at_ns: int
    boot_id: str
    kind: str
    text: str
    is_trusted: bool | None = None


@dataclass(frozen=True, slots=True)
class Began:
    """A run begins; or, with `resumes`, continues under its number, with this boot's grid, focus and start."""

    run: RunRecord
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class Advanced:
    """Slots are over, and the next one is intended: written together or not at all.

    `is_mirror_down`: what was recorded of the mirror before is done with.
    """

    run_id: int
    completed: tuple[FrameRecord, ...]
    intended: Intent | None
    is_mirror_down: bool = False


@dataclass(frozen=True, slots=True)
class MirrorIntended:
    """A frame by hand may be fired once this is durable; `number` tells such frames of one process apart."""

    number: int
    mirror: MirrorRecord


@dataclass(frozen=True, slots=True)
class MirrorIsDown:
    """The mirror is down: its record is removed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run is over; `wall_ns` is None if the clock was not trusted, `at_ns` is in the time of `boot_id`."""

    run_id: int
    outcome: str
    reason: str | None
    wall_ns: int | None
    at_ns: int
    boot_id: str


Entry = Began | Advanced | MirrorIntended | MirrorIsDown | Ended | Note
NO_RUN = 0  # stands for the number of a run where a frame by hand is meant


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The run that was open when the process died.

    `next_slot` comes after all that were recorded or intended, so firing from there on fires nothing twice. `unknown`
    has the slots that were intended and never completed. `run.t0_ns` is in this boot's time only if `is_same_boot`.
    `counts` has the number of slots by outcome.
    """

    run: RunRecord
    next_slot: int
    unknown: tuple[int, ...]
    is_same_boot: bool
    counts: Mapping[str, int] = field(default_factory=dict)
