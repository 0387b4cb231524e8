"""Compiles frames: what the two lines do for one picture. Pure; knows profiles, not states.

Which contacts a release uses follows from the body's set-up and the profile (the table in the README). The
order is always: close FOCUS, lead, close SHUTTER, hold, open SHUTTER, open FOCUS.
"""

from dataclasses import dataclass
from enum import Enum, auto

from controller.setup import Setup
from hardware.clock import MILLISECOND_NS
from hardware.timeline import Edge, Line, Timeline

# The slowest opto-coupler or photo-relay in use takes 2 ms to let go (LH1540 data sheet: 0.5 to 2.0 ms). Two
# contacts that are to change one after the other are this far apart, so that the body sees it so too.
SEPARATION_NS = 5 * MILLISECOND_NS


class Contacts(Enum):
    """Which contacts a release moves."""

    SHUTTER_ONLY = auto()  # FOCUS stays as it is: open, or closed by the lock
    BOTH = auto()  # FOCUS closes around SHUTTER


@dataclass(frozen=True, slots=True)
class Recipe:
    """How this body is released; `lead_ns` is what a frame needs before SHUTTER closes."""

    contacts: Contacts
    lead_ns: int
    hold_ns: int
    gap_ns: int

    @property
    def frame_ns(self) -> int:
        """From the first edge of a frame to the first that the next one may have."""
        return self.lead_ns + self.hold_ns + self.gap_ns


def recipe(setup: Setup, *, focus_is_held: bool) -> Recipe:
    """Choose the recipe; `focus_is_held`: a lock, or `back` on a factory body, keeps FOCUS closed."""
    profile = setup.profile
    if focus_is_held:
        return Recipe(Contacts.SHUTTER_ONLY, 0, profile.hold_ns, profile.gap_ns)
    if setup.is_factory:  # a plain remote, interlock off: give the body the time to focus first
        lead_ns = max(profile.lead_ns, setup.settings.focus.min_hold_ns)
        return Recipe(Contacts.BOTH, lead_ns, profile.hold_ns, profile.gap_ns)
    if setup.needs_focus:
        return Recipe(Contacts.BOTH, profile.lead_ns, profile.hold_ns, profile.gap_ns)
    return Recipe(Contacts.SHUTTER_ONLY, 0, profile.hold_ns, profile.gap_ns)


def compile_frame(release: Recipe, shutter_ns: int, hold_ns: int | None = None) -> Timeline:
    """Return the timeline of one frame whose SHUTTER closes `shutter_ns` after its zero, for `hold_ns`.

    Without `hold_ns` it is the recipe's. TimelineError if `shutter_ns` leaves no room for the lead.
    """
    open_ns = shutter_ns + (release.hold_ns if hold_ns is None else hold_ns)
    shutter = (Edge(shutter_ns, Line.SHUTTER, True), Edge(open_ns, Line.SHUTTER, False))
    if release.contacts is Contacts.SHUTTER_ONLY:
        return Timeline(shutter)
    closing = Edge(shutter_ns - release.lead_ns, Line.FOCUS, True)
    return Timeline((closing, *shutter, Edge(open_ns + SEPARATION_NS, Line.FOCUS, False)))


def end_frame(release: Recipe, opens_in_ns: int) -> Timeline:
    """Return the timeline that ends a frame whose SHUTTER is closed, `opens_in_ns` from now."""
    opening = Edge(opens_in_ns, Line.SHUTTER, False)
    if release.contacts is Contacts.SHUTTER_ONLY:
        return Timeline((opening,))
    return Timeline((opening, Edge(opens_in_ns + SEPARATION_NS, Line.FOCUS, False)))


def restart_frame(release: Recipe, shutter_in_ns: int) -> Timeline:
    """Return the timeline that makes a frame in progress as short as one frame is; times are from now.

    Its closings are said again, since they may still be to come; where one has been, the edge is nothing.
    """
    shift_ns = shutter_in_ns - release.lead_ns
    edges = compile_frame(release, release.lead_ns)
    return Timeline(tuple(Edge(max(0, edge.at_ns + shift_ns), edge.line, edge.closed) for edge in edges))


def hold_focus(limit_ns: int) -> Timeline:
    """Return the timeline that closes FOCUS now and opens it again at `limit_ns`."""
    return Timeline((Edge(0, Line.FOCUS, True), Edge(limit_ns, Line.FOCUS, False)))


def open_focus(in_ns: int = 0) -> Timeline:
    """Return the timeline that opens FOCUS `in_ns` from now; it moves the end of any hold."""
    return Timeline((Edge(in_ns, Line.FOCUS, False),))


def refocus(gap_ns: int, limit_ns: int) -> Timeline:
    """Return the timeline that opens FOCUS for the gap and holds it again, until `limit_ns` after that."""
    return Timeline(
        (
            Edge(0, Line.FOCUS, False),
            Edge(gap_ns, Line.FOCUS, True),
            Edge(gap_ns + limit_ns, Line.FOCUS, False),
        )
    )
