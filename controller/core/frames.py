"""Frames: compiles what the two lines do for one picture, or one set of pictures. Pure; knows presses, not states.

A frame is a sequence of *takes*, each made of presses of SHUTTER. If the body needs it, FOCUS closes around a press:
a lead before it, until a moment after it. Between two presses both contacts are open. The times of a recipe count
from when the frame is *due*, which is when SHUTTER closes for the first exposure; preparations have negative times.
"""

from collections.abc import Sequence
from dataclasses import field, replace

from config.record import dataclass
from hardware.clock import MILLISECOND_NS
from hardware.timeline import Edge, Line, Timeline

# The slowest opto-coupler or photo-relay in use takes 2 ms to open (LH1540 data sheet: 0.5 to 2.0 ms). Two contacts
# that have to change in a certain order do so this far apart, so that the body sees the same order.
SEPARATION_NS = 5 * MILLISECOND_NS


@dataclass(frozen=True, slots=True)
class Press:
    """SHUTTER closes at `at_ns`, for `hold_ns`; FOCUS closes `lead_ns` before it, or stays as it is (None)."""

    at_ns: int
    hold_ns: int
    lead_ns: int | None = None

    @property
    def begins_ns(self) -> int:
        """When its first edge is due."""
        return self.at_ns - (self.lead_ns or 0)

    @property
    def opens_ns(self) -> int:
        """When SHUTTER opens."""
        return self.at_ns + self.hold_ns

    @property
    def ends_ns(self) -> int:
        """When its last edge is due: FOCUS opens a moment after SHUTTER."""
        return self.opens_ns if self.lead_ns is None else self.opens_ns + SEPARATION_NS

    def moved(self, by_ns: int) -> "Press":
        """Return the same press, later by `by_ns`."""
        return Press(self.at_ns + by_ns, self.hold_ns, self.lead_ns)  # `replace` costs ten times that


@dataclass(frozen=True, slots=True)
class Take:
    """One exposure: the press that `exposes`, the one that raises the `mirror` before it, the one that `ends` it.

    An exposure that lasts as long as its press, or that the body times itself, needs no press to end. `bulb_ns` is
    the length of a bulb exposure, None if the body times it. The body is busy for at least `lasts_ns` after SHUTTER
    closed.
    """

    exposes: Press
    mirror: Press | None = None
    ends: Press | None = None
    bulb_ns: int | None = None
    lasts_ns: int = 0

    @property
    def presses(self) -> tuple[Press, ...]:
        """All its presses, in order."""
        return tuple(press for press in (self.mirror, self.exposes, self.ends) if press is not None)

    @property
    def opens_ns(self) -> int:
        """When SHUTTER opens for the last time."""
        return (self.ends or self.exposes).opens_ns

    @property
    def exposed_ns(self) -> int:
        """How long SHUTTER keeps the exposure going, as far as the box decides."""
        return self.ends.at_ns - self.exposes.at_ns if self.ends else self.exposes.hold_ns

    def moved(self, by_ns: int) -> "Take":
        """Return the same take, later."""
        mirror, ends = self.mirror and self.mirror.moved(by_ns), self.ends and self.ends.moved(by_ns)
        return Take(self.exposes.moved(by_ns), mirror, ends, self.bulb_ns, self.lasts_ns)

    def ended_early(self, now_ns: int, shortest_ns: int, gap_ns: int) -> "Take":
        """Return the take ended as soon as possible, but not before SHUTTER was closed for `shortest_ns`."""
        if self.ends is None:
            hold_ns = min(self.exposes.hold_ns, max(shortest_ns, now_ns - self.exposes.at_ns))
            ended = replace(self, exposes=replace(self.exposes, hold_ns=hold_ns), lasts_ns=0)
        else:
            soonest_ns = max(now_ns, self.exposes.ends_ns + gap_ns) + (self.ends.lead_ns or 0)
            ended = replace(self, ends=replace(self.ends, at_ns=min(self.ends.at_ns, soonest_ns)))
        if self.bulb_ns is None:
            return ended
        return replace(ended, bulb_ns=max(0, self.bulb_ns - self.exposed_ns + ended.exposed_ns))

    def mirror_up_since(self, now_ns: int, shortest_ns: int) -> int | None:
        """Return when the mirror was raised, if opening both lines now leaves it up; None if it is down or drops.

        Assumes the worst: a press raises the mirror as soon as it begins, and drops it only once it was long enough.
        """
        if self.mirror is None or now_ns < self.mirror.at_ns:
            return None
        exposed = now_ns >= self.exposes.at_ns + min(shortest_ns, self.exposes.hold_ns)
        return None if exposed else self.mirror.at_ns

    def is_left_open(self, now_ns: int, shortest_ns: int) -> bool:
        """Return whether the exposure would continue if both lines were opened now, as only a press can end it."""
        began_ns, ends = self.exposes.at_ns + shortest_ns, self.ends
        return ends is not None and began_ns <= now_ns < ends.at_ns + shortest_ns


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a frame is made of; its times count from when it is due.

    The body needs `gap_ns` between two presses, and each has to last `shortest_ns`. With `reduces_noise` the body
    takes a dark frame after each bulb exposure, as long as that. `presses` are all its presses, in order; the frame
    needs `lead_ns` before it is due; `moves_focus`: FOCUS closes and opens during the frame.
    """

    takes: tuple[Take, ...]
    gap_ns: int
    shortest_ns: int
    reduces_noise: bool = False
    presses: tuple[Press, ...] = field(init=False, repr=False, compare=False)
    lead_ns: int = field(init=False, repr=False, compare=False)
    moves_focus: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute once what every release needs."""
        presses = tuple([press for take in self.takes for press in take.presses])
        object.__setattr__(self, "presses", presses)
        object.__setattr__(self, "lead_ns", -presses[0].begins_ns if presses else 0)
        object.__setattr__(self, "moves_focus", any(press.lead_ns is not None for press in presses))

    @property
    def hold_ns(self) -> int:
        """The time from when it is due to when SHUTTER opens for the last time."""
        return self.takes[-1].opens_ns

    @property
    def only_bulb_ns(self) -> int | None:
        """The length of its bulb exposure, None if it has none or several."""
        bulbs = [take.bulb_ns for take in self.takes if take.bulb_ns is not None]
        return bulbs[0] if len(bulbs) == 1 else None

    @property
    def rest_ns(self) -> int:
        """The time from when SHUTTER opens for the last time to when the body can take the next frame."""
        return self.rest_after(self.takes[-1])

    @property
    def frame_ns(self) -> int:
        """The time from its first edge to the earliest first edge of the next frame."""
        return self.lead_ns + self.hold_ns + self.rest_ns

    def rest_after(self, take: Take) -> int:
        """Return how long the body needs after a take, from when SHUTTER opens for the last time."""
        busy_ns = max(0, take.exposes.at_ns + take.lasts_ns - take.opens_ns)
        dark_ns = take.exposed_ns if self.reduces_noise and take.bulb_ns is not None else 0
        return busy_ns + dark_ns + self.gap_ns

    def rest_if_cut(self, now_ns: int) -> int:
        """Return how long the body needs if both lines are opened now; the recipe has the absolute times of `due`."""
        begun = [take for take in self.takes if take.exposes.at_ns < now_ns and take.bulb_ns is not None]
        dark_ns = min(now_ns - begun[-1].exposes.at_ns, begun[-1].exposed_ns) if begun and self.reduces_noise else 0
        return dark_ns + self.gap_ns

    def held_for(self, hold_ns: int) -> "Recipe":
        """Return the same recipe with its only press held for `hold_ns`."""
        (take,) = self.takes
        return replace(self, takes=(replace(take, exposes=replace(take.exposes, hold_ns=hold_ns)),))

    def due(self, at_ns: int) -> "Recipe":
        """Return the same recipe in absolute time, due at `at_ns`."""
        takes = tuple([take.moved(at_ns) for take in self.takes])
        return Recipe(takes, self.gap_ns, self.shortest_ns, self.reduces_noise)

    def ended_early(self, now_ns: int) -> "Recipe":
        """Return the recipe ended as soon as possible; it has the absolute times of `due`.

        The last take that has begun, if only by raising the mirror, is ended; those still to come are left out. The
        first one is taken in any case.
        """
        begun = [take for take in self.takes if take.presses[0].at_ns <= now_ns] or [self.takes[0]]
        if now_ns < begun[-1].opens_ns:
            begun[-1] = begun[-1].ended_early(now_ns, self.shortest_ns, self.gap_ns)
        return replace(self, takes=tuple(begun))


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame in progress: its timeline's number, its recipe in absolute time, and its slot in a run."""

    number: int
    recipe: Recipe
    slot: int | None

    @property
    def due_ns(self) -> int:
        """When SHUTTER closes for the first exposure."""
        return self.recipe.takes[0].exposes.at_ns

    @property
    def opens_ns(self) -> int:
        """When SHUTTER opens for the last time."""
        return self.recipe.hold_ns

    def exposing(self, now_ns: int) -> tuple[int, int] | None:
        """Return how long a bulb exposure has lasted and how long it will last in all, None if there is none now."""
        for take in self.recipe.takes:
            if take.bulb_ns is not None and take.exposes.at_ns <= now_ns < take.opens_ns:
                return now_ns - take.exposes.at_ns, take.bulb_ns
        return None

    @property
    def is_bulb(self) -> bool:
        """Whether the box decides how long it exposes, so that a press ends it."""
        return self.recipe.takes[0].bulb_ns is not None


def compile_frame(recipe: Recipe, due_ns: int, wake_ns: int = 0) -> Timeline:
    """Return the timeline of a frame due `due_ns` after its zero, with a wake pulse of `wake_ns` first, if any.

    Raises TimelineError if the frame needs longer than that before it is due.
    """
    wake = [Edge(0, Line.FOCUS, True), Edge(wake_ns, Line.FOCUS, False)] if wake_ns else []
    return Timeline((*wake, *(edge for press in recipe.due(due_ns).presses for edge in _edges(press))))


def compile_rest(presses: Sequence[Press], now_ns: int) -> Timeline:
    """Return the timeline of the rest of presses (absolute times) of which some have begun; its zero is now.

    The closing edges of a press that has begun are repeated, since the player may not have played them yet; an edge
    that finds its line already so does nothing. A line with no edge left is opened.
    """
    begun = [edge for press in presses for edge in _edges(press) if _lasts_until(edge.line, press) > now_ns]
    edges = [replace(edge, at_ns=max(0, edge.at_ns - now_ns)) for edge in begun]
    lines = {edge.line for press in presses for edge in _edges(press)}
    for line in (Line.FOCUS, Line.SHUTTER):
        first = next((edge for edge in edges if edge.line is line), None)
        if line in lines and (first is None or (first.closed and first.at_ns > 0)):
            edges.insert(0, Edge(0, line, False))
    return Timeline(tuple(edges))


def hold_focus(limit_ns: int) -> Timeline:
    """Return the timeline that closes FOCUS now and opens it after `limit_ns`."""
    return Timeline((Edge(0, Line.FOCUS, True), Edge(limit_ns, Line.FOCUS, False)))


def open_focus(in_ns: int = 0) -> Timeline:
    """Return the timeline that opens FOCUS `in_ns` from now, instead of when the present hold would end."""
    return Timeline((Edge(in_ns, Line.FOCUS, False),))


def refocus(gap_ns: int, limit_ns: int) -> Timeline:
    """Return the timeline that opens FOCUS for the gap, then closes it for `limit_ns`."""
    return Timeline(
        (
            Edge(0, Line.FOCUS, False),
            Edge(gap_ns, Line.FOCUS, True),
            Edge(gap_ns + limit_ns, Line.FOCUS, False),
        )
    )


def _lasts_until(line: Line, press: Press) -> int:
    return press.opens_ns if line is Line.SHUTTER else press.ends_ns


def _edges(press: Press) -> list[Edge]:
    shutter = [Edge(press.at_ns, Line.SHUTTER, True), Edge(press.opens_ns, Line.SHUTTER, False)]
    if press.lead_ns is None:
        return shutter
    closing = Edge(press.begins_ns, Line.FOCUS, True)
    return [closing, *shutter, Edge(press.ends_ns, Line.FOCUS, False)]
