"""What an input did or why a run forbids it, as sentences with numbers. Pure; knows frames and runs, decides nothing.

`words` has the sentences that need no frame and no run.
"""

from config.units import S_NS, format_long
from controller.core.frames import Frame, Recipe, Take
from controller.core.grid import Run
from controller.core.states import Release
from controller.core.words import Reason, Why

TIMER_STOPPED = "the self-timer is stopped; no frame is taken"
FRAME_WITHDRAWN = "the frame is stopped before it began"
BURST_ENDS = "the burst ends"
FRAME_FINISHES = "this frame is finished first; nothing comes after it"
IS_ENDING = "the exposure is ending already"
INTERRUPTED_DROPPED = "the interrupted run is dropped"
_TENTH_NS = S_NS // 10
_LONG_NS = 100 * S_NS  # from here on minutes are easier to read


def ended_early(recipe: Recipe, ended: Recipe, now_ns: int) -> str:
    """Return what ending a bulb frame early did: `recipe` became `ended`, both in absolute times."""
    number, count, last = len(ended.takes), len(recipe.takes), ended.takes[-1]
    if ended == recipe:
        return IS_ENDING
    rest = f"; {count - number} more {'is' if count - number == 1 else 'are'} not taken" if count > number else ""
    asked = recipe.takes[number - 1]
    if last == asked:  # in the gap between two exposures
        return f"exposure {number} of {count} was the last{rest}"
    name = f"exposure {number} of {count}" if count > 1 else "exposure"
    return f"{name} {_ended(last, asked.bulb_ns or 0, now_ns)}{rest}"


def _ended(take: Take, asked_ns: int, now_ns: int) -> str:
    length = f"{_span(min(take.exposed_ns, asked_ns))} of {_span(asked_ns)}"
    return f"shortened to {length}, before it began" if now_ns < take.exposes.at_ns else f"ended at {length}"


def pauses(run: Run, frame: Frame | None) -> str:
    """Return that the run pauses after the frame in progress, or that it ends with it instead."""
    if not run.has_more:
        return f"{_last_frame(run, frame)}; the run ends with it and does not pause"
    return f"the run pauses after {_frame(run, frame)}"


def stops(run: Run, frame: Frame | None) -> str:
    """Return that the run ends after the frame in progress, and how to end a long exposure of it at once."""
    early = "; fire ends its exposure now" if frame is not None and frame.is_bulb else ""
    return f"the run ends after {_frame(run, frame)}{early}"


def has_ended(run: Run) -> str:
    """Return that the run has ended between two frames, with what came of it."""
    if run.scheduled_start is not None:
        return "the run has ended before it began"
    skipped = f", {run.skipped} skipped" if run.skipped else ""
    frames = "frame" if run.fired == 1 and run.last_slot is None else "frames"
    return f"the run has ended: {run.fired}{_of(run)} {frames} fired{skipped}"


def continues(run: Run) -> str:
    """Return with which frame the run continues, or that it has none left."""
    if not run.has_more:
        return "the run has no frame left and ends"
    return f"the run continues with frame {run.slot + 1}{_of(run)}"


def refuses_frame(run: Run, release: Release) -> Reason:
    """Return why no single frame can be fired during a run."""
    if release is Release.PAUSED:
        return Reason(Why.BUSY, "a run is paused; resume or stop it first")
    if run.stop_wanted or (not run.has_more and release is not Release.WAITING):
        return Reason(Why.BUSY, "the run ends after this frame; press again when it has ended")
    if run.pause_wanted:
        return Reason(Why.BUSY, "the run is about to pause, and then is still in progress; stop it first")
    return Reason(Why.BUSY, "a run is in progress; pause or stop it first")


def refuses_start(run: Run, release: Release) -> Reason:
    """Return why no run can be started during another one."""
    if release is Release.PAUSED:
        return Reason(Why.BUSY, "a run is paused; resume continues it, stop ends it")
    if run.stop_wanted or (not run.has_more and release is not Release.WAITING):
        return Reason(Why.BUSY, "the run ends after this frame; start again when it has ended")
    if run.pause_wanted:
        return Reason(Why.BUSY, "the run is about to pause; resume continues it, stop ends it")
    if run.scheduled_start is not None:
        return Reason(Why.BUSY, "a run already waits for its start; stop it first")
    return Reason(Why.BUSY, "a run is already in progress; stop it first")


def _frame(run: Run, frame: Frame | None) -> str:
    """Return the frame in progress, or the one whose gap it is."""
    number = run.slot if frame is None or frame.slot is None else frame.slot + 1
    return f"{'this frame' if frame is not None else 'frame'}{', ' if frame is not None else ' '}{number}{_of(run)}"


def _last_frame(run: Run, frame: Frame | None) -> str:
    number = run.slot if frame is None or frame.slot is None else frame.slot + 1
    return f"frame {number}{_of(run)} is the last one"


def _of(run: Run) -> str:
    return "" if run.last_slot is None else f" of {run.last_slot + 1}"


def _span(ns: int) -> str:
    """Format an exposure for a person, to a tenth of a second: 8 s, 0.3 s, 1h 2m 5s."""
    ns = max(1, round(ns / _TENTH_NS)) * _TENTH_NS
    return f"{ns / S_NS:g} s" if ns < _LONG_NS else format_long(ns)
