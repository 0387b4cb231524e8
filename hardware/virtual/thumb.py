"""A thumb that presses the bench's buttons. Knows pins and nanoseconds, not what the buttons do."""

from collections.abc import Mapping
from typing import Protocol

from hardware.clock import MILLISECOND_NS

TAP_NS = 100 * MILLISECOND_NS  # how long a tap of the thumb lasts


class Switch(Protocol):
    """An input that can be pulled to ground, as a button does."""

    def drive_low(self) -> None:
        """Close the switch."""

    def drive_high(self) -> None:
        """Open the switch; the pull-up wins."""


class Thumb:
    """Presses and lets go; a hold is let go by itself when its time has come."""

    def __init__(self, switches: Mapping[str, Switch]) -> None:
        self._switches = dict(switches)
        self._let_go_ns: dict[str, int | None] = {}

    @property
    def next_ns(self) -> int | None:
        """When the next hold ends."""
        if not self._let_go_ns:
            return None
        return min((at_ns for at_ns in self._let_go_ns.values() if at_ns is not None), default=None)

    def is_pressed(self, button: str) -> bool:
        """Tell whether the thumb is on that button."""
        return button in self._let_go_ns

    def press(self, button: str, until_ns: int | None = None) -> None:
        """Press and keep pressed, until `until_ns` or until let go."""
        self._switches[button].drive_low()
        self._let_go_ns[button] = until_ns

    def release(self, button: str) -> None:
        """Let go; letting go of what is not pressed is nothing."""
        if self._let_go_ns.pop(button, self) is not self:
            self._switches[button].drive_high()

    def step(self, now_ns: int) -> None:
        """End the holds whose time has come."""
        for button, at_ns in list(self._let_go_ns.items()):
            if at_ns is not None and at_ns <= now_ns:
                self.release(button)
