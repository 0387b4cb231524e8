"""What one full press of the virtual body is worth, by its drive. Pure; knows no time and no contact."""

from typing import NamedTuple

from config.cameras import Profile
from hardware.virtual.dials import Dials, Drive

_ENDLESS = 10**12


class Work(NamedTuple):
    """So many frames, each of that length, or in bulb (None) until ended; `while_held`: letting go ends it early."""

    frames: int
    while_held: bool
    length_ns: int | None

    @property
    def is_bulb(self) -> bool:
        """The end of the press, or another press, ends the exposure."""
        return self.length_ns is None

    @property
    def is_toggled_bulb(self) -> bool:
        """Another press ends the exposure."""
        return self.is_bulb and not self.while_held


NO_WORK = Work(0, while_held=False, length_ns=0)


def one_frame(dials: Dials) -> Work:
    """One frame of the speed that is set, as in single drive."""
    return Work(1, while_held=False, length_ns=dials.speed_ns)


def work_of_a_press(dials: Dials, profile: Profile, *, mirror_is_up: bool) -> Work:
    """Return what a press that exposes is worth; with the mirror raised every drive but bulb is single."""
    if dials.drive is Drive.BULB and profile.bulb != "none":
        return Work(1, while_held=profile.bulb == "hold", length_ns=None)
    if mirror_is_up:
        return one_frame(dials)
    if dials.drive is Drive.CONTINUOUS:
        return Work(_ENDLESS, while_held=True, length_ns=dials.speed_ns)
    if dials.drive is Drive.BRACKET and profile.aeb is not None and profile.aeb.set_by is not None:
        return Work(dials.set_size, while_held=profile.aeb.set_by == "hold", length_ns=dials.speed_ns)
    return one_frame(dials)
