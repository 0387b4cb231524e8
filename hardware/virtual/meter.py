"""The meter of the virtual body: it goes off some time after the last touch, and the body sleeps. Knows no contacts.

A body whose meter-off time nobody knows never sleeps here.
"""

from config.profile import Wake
from hardware.virtual.agenda import Agenda, Due


class Meter:
    """On at first; `rest` starts the time after which it goes off, `stir` stops that, `wake` is a half-press."""

    def __init__(self, agenda: Agenda, wake: Wake) -> None:
        self.is_off = False
        self._agenda = agenda
        self._off_after_ns = wake.meter_off_ns
        self._waking_ns = wake.lead_ns * 4 // 5  # assumed: the profile's lead is said to be enough
        self._awake_ns = 0

    def is_awake(self, at_ns: int) -> bool:
        """The body can answer a press at `at_ns`: it does not sleep, and its waking is over."""
        return not self.is_off and at_ns >= self._awake_ns

    def wake(self, at_ns: int) -> None:
        """Begin to wake, if the body sleeps."""
        if self.is_off:
            self.is_off, self._awake_ns = False, at_ns + self._waking_ns

    def stir(self) -> None:
        """Something goes on: the meter does not go off."""
        self._agenda.drop(Due.METER_GOES_OFF)

    def rest(self, at_ns: int) -> None:
        """Nothing goes on any more."""
        if self._off_after_ns is not None and not self.is_off:
            self._agenda.put(Due.METER_GOES_OFF, at_ns + self._off_after_ns)

    def go_off(self) -> None:
        """Fall asleep, as was due."""
        self.is_off = True
