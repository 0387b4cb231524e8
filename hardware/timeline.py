"""Timelines: the edges of the two lines, in time. Knows lines and nanoseconds; knows nothing of cameras.

A timeline that closes a line always contains the edge that opens it again. So the player always knows when to open
what it has closed. A contact that is held, by a button or by a focus lock, is a timeline too: its last edge is the
limit. Playing another timeline on the same line moves that limit.
"""

from collections.abc import Iterator
from dataclasses import field
from enum import Enum
from itertools import pairwise

from config.record import dataclass
from hardware.errors import TimelineError


class Line(Enum):
    """One of the two contacts of the camera's port."""

    FOCUS = "focus"
    SHUTTER = "shutter"

    __hash__ = object.__hash__  # members are singletons; Enum's own hash would be a Python call on the edge path


@dataclass(frozen=True, slots=True)
class Edge:
    """A line closes or opens, `at_ns` after the start of its timeline."""

    at_ns: int
    line: Line
    closed: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Edges in time order; on each line closing and opening alternate, and the last edge opens it.

    Edges at the same instant happen in the order given. Raises TimelineError if it breaks a rule.
    """

    edges: tuple[Edge, ...]
    lines: frozenset[Line] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the rules, once and for all, and collect the lines that have edges."""
        object.__setattr__(self, "lines", frozenset([edge.line for edge in self.edges]))
        if not self.edges:
            raise TimelineError("a timeline needs at least one edge")
        if self.edges[0].at_ns < 0:
            raise TimelineError(f"an edge at {self.edges[0].at_ns} ns lies before the start of its timeline")
        for earlier, later in pairwise(self.edges):
            if later.at_ns < earlier.at_ns:
                raise TimelineError(f"edge at {later.at_ns} ns stands after the one at {earlier.at_ns} ns; sort them")
        for line in self.lines:
            _check_line(line, [edge.closed for edge in self.edges if edge.line is line])

    @property
    def end_ns(self) -> int:
        """When the last edge is."""
        return self.edges[-1].at_ns

    def __iter__(self) -> Iterator[Edge]:
        return iter(self.edges)


def _check_line(line: Line, levels: list[bool]) -> None:
    for earlier, later in pairwise(levels):
        if earlier is later:
            raise TimelineError(f"{line.value} {'closes' if later else 'opens'} twice in a row")
    if levels[-1]:
        raise TimelineError(f"{line.value} is left closed; say when it opens")
