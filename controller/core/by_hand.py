"""What the photographer does to a run on the way: hand-steps that are called and confirmed, and trims.

Decides no frame. What is confirmed or trimmed counts from the next frame on that has not begun.
"""

from math import ceil

from config.stops import STOP, format_stops
from config.units import S_NS, format_duration, format_long
from controller.core import exposing, words
from controller.core.effects import Announce, Answer, Outbox, Refuse
from controller.core.grid import Run
from controller.core.machine import StateMachine
from controller.core.ramp import LARGEST_TRIM, PlacedStep, how_to
from controller.core.running import Running
from controller.core.setup import Setup
from controller.core.states import Release
from controller.core.words import Reason, Why

NO_FRAME_LEFT = Reason(Why.NOTHING, "no frame is left in this run; nothing would change")
_SEEN_STOPS = 0.05  # less than this nobody sees


class ByHand:
    """Calls the hand-steps of the run in `running`, and takes what the photographer says of them."""

    def __init__(self, outbox: Outbox, running: Running, release: StateMachine[Release]) -> None:
        self._outbox = outbox
        self._running = running
        self._release = release
        self._called_of: Run | None = None
        self._called = 0

    @property
    def next_ns(self) -> int | None:
        """When the next hand-step is called, None if none is."""
        steps, called = self._steps, self._calls
        return steps[called].at_ns if called < len(steps) else None

    @property
    def is_calling(self) -> bool:
        """Whether a hand-step was called and is not confirmed."""
        return self.waiting is not None

    @property
    def waiting(self) -> PlacedStep | None:
        """The hand-step that was called and is not confirmed, the first if there are several."""
        run = self._run
        if run is None or run.exposures is None or self._calls <= run.exposures.done:
            return None
        return self._steps[run.exposures.done]

    def advance(self, now_ns: int) -> None:
        """Call the hand-steps that are due."""
        run = self._run
        if run is None or run.exposures is None:
            return
        due = run.exposures.ramp.steps_by(now_ns)
        for number in range(self._calls, due):
            self._outbox.put(Announce(_call(run, number)))
        self._called_of, self._called = run, max(self._calls, due)

    def takes_back(self) -> bool:
        """Return whether a press of `back` confirms a hand-step now; in a pause it focuses."""
        return self.is_calling and self._release.state is not Release.PAUSED

    def confirm(self, event: str, now_ns: int) -> None:
        """Take the hand-step that waits as done."""
        run, waiting = self._run, self.waiting
        if run is None or run.exposures is None or waiting is None:
            self._outbox.put(Refuse(event, self._refuses_confirm(now_ns)))
            return
        if not run.has_more:
            self._outbox.put(Refuse(event, NO_FRAME_LEFT))
            return
        before_ns, done = run.exposure_ns(run.slot), run.exposures.done + 1
        self._move(run, done=done, trim=run.exposures.trim)
        name = f"hand-step {done} of {len(self._steps)} is done"
        frame = f"frame {run.slot + 1} is exposed for {_length(run.exposure_ns(run.slot))}"
        self._outbox.put(Answer(event, f"{name}: {frame} instead of {_length(before_ns)}"))

    def trim(self, event: str, sixths: int, setup: Setup) -> None:
        """Make the rest of the run brighter by so many sixths of a stop than planned, or darker."""
        run = self._run
        reason = self._refuses_trim(run, sixths, setup)
        if run is None or reason is not None:
            self._outbox.put(Refuse(event, reason or words.NO_RUN))
            return
        if run.exposures is None:
            run.exposures = exposing.constant(setup, run)
        way = abs(sixths - run.exposures.trim) / STOP
        self._move(run, done=run.exposures.done, trim=sixths)
        reached = run.slot + max(0, ceil(way / run.exposures.limit) - 1)
        self._outbox.put(Answer(event, _trimmed(run, sixths, reached)))

    def _move(self, run: Run, *, done: int, trim: int) -> None:
        run.move(run.slot, done=done, trim=trim)
        self._running.open(run, resumes=True)  # a power cut may follow

    @property
    def _run(self) -> Run | None:
        """The run in progress, whose grid is known."""
        run = self._running.run
        return None if run is None or run.scheduled_start is not None else run

    @property
    def _steps(self) -> tuple[PlacedStep, ...]:
        run = self._run
        return () if run is None or run.exposures is None else run.exposures.ramp.steps

    @property
    def _calls(self) -> int:
        """How many hand-steps were called, or were done before the run began."""
        run = self._run
        if run is not None and run is self._called_of:
            return self._called
        return 0 if run is None or run.exposures is None else run.exposures.done

    def _refuses_confirm(self, now_ns: int) -> Reason:
        next_ns = self.next_ns
        if self._run is None:
            return words.NO_RUN
        if next_ns is None:
            return Reason(Why.NOTHING, "this run has no hand-steps left to confirm")
        wait = format_long(max(0, next_ns - now_ns) // S_NS * S_NS)
        return Reason(Why.NOTHING, f"no hand-step waits; the next one is called in {wait}")

    def _refuses_trim(self, run: Run | None, sixths: int, setup: Setup) -> Reason | None:
        drive = setup.settings.shot.drive
        if run is None:
            return words.NO_RUN
        if not run.has_more:
            return NO_FRAME_LEFT
        if drive != "bulb" or run.lags_ns is not None:
            what = "a calibration" if run.lags_ns is not None else f"a run with shot.drive {drive}"
            return Reason(Why.NOTHING, f"trim changes bulb exposures, and {what} has none; change it on the camera")
        if abs(sixths) > LARGEST_TRIM:
            most = format_stops(LARGEST_TRIM).removeprefix("+")
            return Reason(
                Why.PLAN, f"trim {format_stops(sixths)} is out of range; choose from -{most} to +{most} stops"
            )
        if sixths == (0 if run.exposures is None else run.exposures.trim):
            return Reason(Why.NOTHING, f"the run is trimmed to {format_stops(sixths)} already")
        return None


def _call(run: Run, number: int) -> str:
    """Return what to do at a hand-step."""
    steps = () if run.exposures is None else run.exposures.ramp.steps
    how = how_to(steps[number].step)
    return f"hand-step {number + 1} of {len(steps)}: {how} between two frames, then press back, or type step"


def _trimmed(run: Run, sixths: int, reached: int) -> str:
    trimmed = f"the run is trimmed to {format_stops(sixths)}, from frame {run.slot + 1} on"
    trimmed = trimmed if sixths else f"the run goes back to its plan, from frame {run.slot + 1} on"
    by = f", in full at frame {reached + 1}" if reached > run.slot else ""
    off = run.off_plan_stops(reached)
    if abs(off) < _SEEN_STOPS:
        return f"{trimmed}{by}"
    bound = "the interval has no room for more" if off < 0 else "the shortest bulb is reached"
    return f"{trimmed}{by}, as far as it can: {abs(off):.1f} stops are missing, because {bound}"


def _length(ns: int | None) -> str:
    return format_duration(0 if ns is None else round(ns, -6) or ns)
