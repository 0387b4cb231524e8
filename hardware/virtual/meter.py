"""The meter of the virtual body: it switches off some time after the last activity; then the body sleeps.

Knows no contacts. A body whose meter-off time is unknown never sleeps here.
"""

from hardware.virtual.agenda import Agenda, Due


class Meter:
    """On at first, or off. `rest` starts the meter-off time, `keep_on` cancels it, `wake` is a half-press."""

    def __init__(self, agenda: Agenda, off_after_ns: int | None, waking_ns: int, *, is_off: bool = False) -> None:
        self.is_off = is_off
        self._agenda = agenda
        self._off_after_ns = off_after_ns
        self._waking_ns = waking_ns
        self._awake_ns = 0

    def is_awake(self, at_ns: int) -> bool:
        """Return whether the body accepts presses at `at_ns`: it is not asleep, and has finished waking."""
        return not self.is_off and at_ns >= self._awake_ns

    def wake(self, at_ns: int) -> None:
        """Start to wake the body, if it is asleep."""
        if self.is_off:
            self.is_off, self._awake_ns = False, at_ns + self._waking_ns

    def keep_on(self) -> None:
        """Keep the meter on: the body is active."""
        self._agenda.drop(Due.METER_GOES_OFF)

    def rest(self, at_ns: int) -> None:
        """Start the meter-off time: the body is idle from `at_ns` on."""
        if self._off_after_ns is not None and not self.is_off:
            self._agenda.put(Due.METER_GOES_OFF, at_ns + self._off_after_ns)

    def go_off(self) -> None:
        """Switch the meter off: the body sleeps."""
        self.is_off = True
