"""Which frames one full press takes on the virtual body, by its drive. Pure; knows no time and no contacts."""

from typing import NamedTuple

from hardware.virtual.dials import Dials, Drive
from hardware.virtual.quirks import Quirks

_ENDLESS = 10**12


class PressPlan(NamedTuple):
    """The frames of one press and the length of each, None in bulb; `while_held`: releasing ends them early."""

    frames: int
    while_held: bool
    length_ns: int | None

    @property
    def is_bulb(self) -> bool:
        """Whether the end of the press, or another press, ends the exposure."""
        return self.length_ns is None

    @property
    def is_toggled_bulb(self) -> bool:
        """Whether another press ends the exposure."""
        return self.is_bulb and not self.while_held


NO_FRAMES = PressPlan(0, while_held=False, length_ns=0)


def plan_one_frame(dials: Dials) -> PressPlan:
    """Return the plan of one frame at the speed that is set, as in single drive."""
    return PressPlan(1, while_held=False, length_ns=dials.speed_ns)


def plan_press(dials: Dials, quirks: Quirks, *, mirror_is_up: bool) -> PressPlan:
    """Return the plan of a press that exposes; with the mirror up every drive except bulb is single."""
    if dials.drive is Drive.BULB and quirks.bulb != "none":
        return PressPlan(1, while_held=quirks.bulb == "hold", length_ns=None)
    if mirror_is_up:
        return plan_one_frame(dials)
    if dials.drive is Drive.CONTINUOUS:
        return PressPlan(_ENDLESS, while_held=True, length_ns=dials.speed_ns)
    if dials.drive is Drive.BRACKET and quirks.set_by is not None:
        return PressPlan(dials.set_size, while_held=quirks.set_by == "hold", length_ns=dials.speed_ns)
    return plan_one_frame(dials)
