"""What the engine needs of a player."""

from typing import Protocol

from hardware.timeline import Timeline


class PlayerPort(Protocol):
    """Plays timelines: the player itself, or its thread."""

    def play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        """Play `timeline`, its zero at `at_ns`."""

    def cut(self) -> None:
        """Open both lines and forget all plans."""
