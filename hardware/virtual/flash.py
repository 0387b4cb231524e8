"""The flash contact of the virtual camera, on the box's sync input. Knows a curtain and a pin, not the box."""

from collections.abc import Container

from config.record import dataclass
from hardware.clock import MILLISECOND_NS
from hardware.virtual.thumb import Switch

# An assumption: no text read gives the time an ordinary body keeps its contact closed, only that it closes when
# the first curtain is fully open and that a Sony ILX-LR1 keeps it closed for the exposure, at least 1 ms.
CLOSED_NS = 2 * MILLISECOND_NS

EVERY_FRAME = range(1, 10**12)


@dataclass(frozen=True, slots=True)
class Flash:
    """How a flash contact behaves: it closes `lag_ns` after the curtain opens; `misses` are frames, from 1."""

    lag_ns: int = 0
    misses: Container[int] = ()


class FlashContact:
    """Pulls a switch to ground for each exposure; stepped by the bench, in time order."""

    def __init__(self, switch: Switch, flash: Flash) -> None:
        self._switch = switch
        self._flash = flash
        self._frames = 0
        self._closes_ns: list[int] = []
        self._opens_ns: int | None = None

    @property
    def next_ns(self) -> int | None:
        """When the contact next closes or opens."""
        return self._opens_ns if self._opens_ns is not None else self._closes_ns[0] if self._closes_ns else None

    def curtain_opened(self, at_ns: int) -> None:
        """Close the contact for the frame that begins, unless it is one to miss; at once, if we hear of it late."""
        self._frames += 1
        if self._frames not in self._flash.misses:
            self._closes_ns.append(at_ns + self._flash.lag_ns)

    def step(self, now_ns: int) -> None:
        """Do what is due."""
        while (due_ns := self.next_ns) is not None and due_ns <= now_ns:
            if self._opens_ns is not None:
                self._opens_ns = None
                self._switch.drive_high()
            else:
                self._closes_ns.pop(0)
                self._opens_ns = now_ns + CLOSED_NS
                self._switch.drive_low()
