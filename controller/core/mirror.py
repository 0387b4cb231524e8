"""Keeps track of the camera's mirror: until when it may be up, and whether the journal has recorded that.

Decides no frame. The journal records that a frame may raise the mirror before its first press, so that a box that is
killed during the frame knows it after the restart. The record stays until the mirror is certainly down.
"""

from config.cameras import Profile
from controller.core import recipes
from controller.core.effects import IntendMirror, MirrorDown, MirrorUp, Outbox
from controller.core.frames import Recipe
from hardware.clock import SECOND_NS

# The longest time that a single frame waits for its record: a few writes to a disk that takes 300 ms for each.
RECORD_PATIENCE_NS = 2 * SECOND_NS


class Mirror:
    """`down_ns` is when the body drops a mirror that was left up; None if it is down or a frame is in progress."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.down_ns: int | None = None
        self.is_in_doubt = False  # the box stops and cut a frame: its record has to stay
        self._is_recorded = False
        self._number = 0

    def intend(self, recipe: Recipe, due_ns: int, late_ns: int, profile: Profile) -> None:
        """Record that a single frame may raise the mirror, if it does; arguments as for `intend_in_slot`."""
        mirror = self.intend_in_slot(recipe, due_ns, late_ns, profile)
        if mirror is not None:
            self._number += 1
            self._outbox.put(IntendMirror(self._number, mirror))

    def is_intended(self, number: int) -> bool:
        """Return whether that is the number of the latest intent."""
        return number == self._number

    def intend_in_slot(self, recipe: Recipe, due_ns: int, late_ns: int, profile: Profile) -> MirrorUp | None:
        """Return the record of a frame that is due at `due_ns`, or up to `late_ns` later; its intent saves it.

        Returns None if the frame does not raise the mirror.
        """
        raised = [due_ns + take.mirror.at_ns for take in recipe.takes if take.mirror is not None]
        if not raised or self.is_in_doubt:
            return None
        self._is_recorded = True
        return MirrorUp(raised[0], recipes.mirror_is_down_ns(profile, raised[-1] + late_ns))

    def left_up(self, down_ns: int) -> None:
        """Note that the mirror may be up until `down_ns`; that is already recorded."""
        self._is_recorded = True
        self.down_ns = down_ns

    def is_down(self) -> None:
        """Note that the mirror is certainly down, and remove its record."""
        self.down_ns, self.is_in_doubt = None, False
        if self._is_recorded:
            self._is_recorded = False
            self._outbox.put(MirrorDown())

    def withdraw(self) -> None:
        """Remove the record of a frame that will not be fired, unless the mirror may still be up."""
        if self.down_ns is None and not self.is_in_doubt:
            self.is_down()
