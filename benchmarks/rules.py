"""Interval rules as small pure functions: when the next frame is due, given the last one.

They restate how other systems are reported to time their intervals; the sources are in `docs/benchmarks.md`. None of
their code is here, and neither are their clocks or their lateness.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.world import Frame, World
from hardware.clock import SECOND_NS

# Takes the last frame and the interval; returns the slot of the next frame and when it is due. A frame that is due
# before the last one has ended begins as soon as that one ends.
Rule = Callable[[Frame, int], tuple[int, int]]


def catch_up(last: Frame, every_ns: int) -> tuple[int, int]:
    """Keep the grid and take every frame of it, however late."""
    return last.slot + 1, last.due_ns + every_ns


def one_late(last: Frame, every_ns: int) -> tuple[int, int]:
    """Keep the grid; take a late frame at once, and then the first slot that was still ahead when it began."""
    slots = max(1, -((last.due_ns - last.began_ns) // every_ns))
    return last.slot + slots, last.due_ns + slots * every_ns


def clamped(last: Frame, every_ns: int) -> tuple[int, int]:
    """Add the interval to when the last frame was due, but never go back further than now."""
    return last.slot + 1, max(last.ended_ns, min(last.due_ns + every_ns, last.ended_ns + every_ns))


def rebased(last: Frame, every_ns: int) -> tuple[int, int]:
    """Add the interval to when the last frame actually began."""
    return last.slot + 1, last.began_ns + every_ns


def slept_rest(last: Frame, every_ns: int) -> tuple[int, int]:
    """Sleep for what the frame leaves of the interval, in floating-point seconds as `sleep` takes them."""
    took = last.ended_ns / SECOND_NS - last.began_ns / SECOND_NS
    rest = max(0.0, every_ns / SECOND_NS - took)
    return last.slot + 1, last.ended_ns + round(rest * SECOND_NS)


def gap_after(last: Frame, every_ns: int) -> tuple[int, int]:
    """Wait for the interval once the frame is over."""
    return last.slot + 1, last.ended_ns + every_ns


def take(rule: Rule, world: World) -> tuple[Frame, ...]:
    """Take frames by `rule` until the last slot of the plan, by the rule's own count, is taken or passed."""
    frames = [Frame(0, 0, world.lates_ns[0], world.lates_ns[0] + world.shots_ns[0])]
    while True:
        last, taken = frames[-1], len(frames)
        slot, due_ns = rule(last, world.every_ns)
        if slot >= world.count:
            return tuple(frames)
        waits = due_ns > last.ended_ns
        began_ns = due_ns + world.lates_ns[taken] if waits else last.ended_ns
        frames.append(Frame(slot, due_ns, began_ns, began_ns + world.shots_ns[taken]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a rule kept to a plan.

    `drift_ns` is how far off the plan the last frame was scheduled; `worst_ns` and `median_ns` are how late frames
    began. `lost` has the slots without a frame that began within half an interval; `bursts` counts the frames that
    began within half an interval of the one before. `back_after` counts the frames after the stalled one up to the
    first that is on the plan again, within the box's own default tolerance; None if none is.
    """

    drift_ns: int
    worst_ns: int
    median_ns: int
    lost: tuple[int, ...]
    bursts: int
    back_after: int | None


def judge(frames: tuple[Frame, ...], world: World, tolerance_ns: int) -> Outcome:
    """Return the outcome, judged only by the plan and by when frames began."""
    last, every_ns = frames[-1], world.every_ns
    lates = [late_ns(frame, world) for frame in frames]
    slots_met = {(2 * frame.began_ns + every_ns) // (2 * every_ns) for frame in frames}
    starts = [frame.began_ns for frame in frames]
    after = enumerate(lates[world.stalled + 1 :], start=1)
    return Outcome(
        drift_ns=last.due_ns - world.ideal_ns(last.slot),
        worst_ns=max(lates),
        median_ns=sorted(lates)[len(lates) // 2],
        lost=tuple(slot for slot in range(world.count) if slot not in slots_met),
        bursts=sum(2 * (later - earlier) < every_ns for earlier, later in pairwise(starts)),
        back_after=next((count for count, late in after if late <= tolerance_ns), None),
    )


def late_ns(frame: Frame, world: World) -> int:
    """Return how long after the plan a frame began, by the slot that it counts as."""
    return frame.began_ns - world.ideal_ns(frame.slot)
