"""The camera's mirror: until when it may be up, and whether the journal has that on record. Decides no frame.

What a frame may do to the mirror is recorded before its first press, so that a box that is killed meanwhile knows of
it when it starts again. The record stays until the mirror is down for certain.
"""

from config.cameras import Profile
from controller.core import recipes
from controller.core.effects import IntendMirror, MirrorDown, MirrorUp, Outbox
from controller.core.frames import Recipe
from hardware.clock import SECOND_NS

# How long a frame by hand waits at most for its record: a few writes of a disk that takes 300 ms for each.
RECORD_PATIENCE_NS = 2 * SECOND_NS


class Mirror:
    """`down_ns` is when a mirror that was left up is down by itself; None if it is down or a frame is in charge."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.down_ns: int | None = None
        self.is_in_doubt = False  # a frame was cut because the box ends: the record of it must stay
        self._is_recorded = False
        self._number = 0

    def intend(self, recipe: Recipe, due_ns: int, late_ns: int, profile: Profile) -> None:
        """Request the journal to record what a frame by hand may do to the mirror; arguments as for `in_slot`."""
        mirror = self.in_slot(recipe, due_ns, late_ns, profile)
        if mirror is not None:
            self._number += 1
            self._outbox.put(IntendMirror(self._number, mirror))

    def is_intended(self, number: int) -> bool:
        """Tell whether that is the number of the latest intent."""
        return number == self._number

    def in_slot(self, recipe: Recipe, due_ns: int, late_ns: int, profile: Profile) -> MirrorUp | None:
        """Return what goes on record of a frame that is due at `due_ns`, or up to `late_ns` later.

        None if the frame leaves the mirror alone.
        """
        raised = [due_ns + take.mirror.at_ns for take in recipe.takes if take.mirror is not None]
        if not raised or self.is_in_doubt:
            return None
        self._is_recorded = True
        return MirrorUp(raised[0], recipes.mirror_is_down_ns(profile, raised[-1] + late_ns))

    def left_up(self, down_ns: int) -> None:
        """Note that the mirror may be up, and is down by itself at `down_ns`; it is on record already."""
        self._is_recorded = True
        self.down_ns = down_ns

    def is_down(self) -> None:
        """Note that the mirror is down for certain, and have its record removed."""
        self.down_ns, self.is_in_doubt = None, False
        if self._is_recorded:
            self._is_recorded = False
            self._outbox.put(MirrorDown())

    def withdraw(self) -> None:
        """Have the record removed of a frame that will not be fired, unless the mirror may be up nevertheless."""
        if self.down_ns is None and not self.is_in_doubt:
            self.is_down()
