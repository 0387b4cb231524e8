"""A thumb that presses the bench's buttons. Knows switches and nanoseconds, not what the buttons do."""

from collections.abc import Mapping
from typing import Protocol

from hardware.clock import MILLISECOND_NS

TAP_NS = 100 * MILLISECOND_NS  # how long a tap lasts


class Switch(Protocol):
    """An input that can be pulled to ground, as by a button."""

    def drive_low(self) -> None:
        """Close the switch."""

    def drive_high(self) -> None:
        """Open the switch; the pull-up wins."""


class Thumb:
    """Presses and releases buttons; `step` releases a hold when its time is over."""

    def __init__(self, switches: Mapping[str, Switch]) -> None:
        self._switches = dict(switches)
        self._release_ns: dict[str, int | None] = {}

    @property
    def next_ns(self) -> int | None:
        """When the next hold ends, None if none does."""
        if not self._release_ns:
            return None
        return min((at_ns for at_ns in self._release_ns.values() if at_ns is not None), default=None)

    def is_pressed(self, button: str) -> bool:
        """Return whether the thumb is on this button."""
        return button in self._release_ns

    def press(self, button: str, until_ns: int | None = None) -> None:
        """Press a button and hold it until `until_ns`, or until `release`."""
        self._switches[button].drive_low()
        self._release_ns[button] = until_ns

    def release(self, button: str) -> None:
        """Release a button; idempotent."""
        if self._release_ns.pop(button, self) is not self:
            self._switches[button].drive_high()

    def step(self, now_ns: int) -> None:
        """Release the buttons whose holds are over."""
        for button, at_ns in list(self._release_ns.items()):
            if at_ns is not None and at_ns <= now_ns:
                self.release(button)
