"""The flash contact of the virtual camera, on the box's sync input. Knows a curtain and a pin, not the box."""

from collections.abc import Container

from config.record import dataclass
from hardware.clock import MILLISECOND_NS
from hardware.virtual.thumb import Switch

# Assumed: no source says how long an ordinary body keeps the contact closed, only that it closes when the first
# curtain is fully open, and that a Sony ILX-LR1 keeps it closed for the exposure, at least 1 ms.
CLOSED_NS = 2 * MILLISECOND_NS

EVERY_FRAME = range(1, 10**12)


@dataclass(frozen=True, slots=True)
class Flash:
    """A flash contact: it closes `lag_ns` after the curtain opens, except in the frames `misses` (from 1)."""

    lag_ns: int = 0
    misses: Container[int] = ()


class FlashContact:
    """Closes a switch to ground at each exposure; stepped by the bench, in time order."""

    def __init__(self, switch: Switch, flash: Flash) -> None:
        self._switch = switch
        self._flash = flash
        self._frames = 0
        self._closes_ns: list[int] = []
        self._opens_ns: int | None = None

    @property
    def next_ns(self) -> int | None:
        """When the contact next closes or opens, None if it will not."""
        return self._opens_ns if self._opens_ns is not None else self._closes_ns[0] if self._closes_ns else None

    def curtain_opened(self, at_ns: int) -> None:
        """Schedule the closing for a new frame, unless it is one to miss; a late call closes at once."""
        self._frames += 1
        if self._frames not in self._flash.misses:
            self._closes_ns.append(at_ns + self._flash.lag_ns)

    def step(self, now_ns: int) -> None:
        """Do everything that is due by `now_ns`."""
        while (due_ns := self.next_ns) is not None and due_ns <= now_ns:
            if self._opens_ns is not None:
                self._opens_ns = None
                self._switch.drive_high()
            else:
                self._closes_ns.pop(0)
                self._opens_ns = now_ns + CLOSED_NS
                self._switch.drive_low()
