"""Wake pulses: short half-presses that wake the body, and keep it awake.

Knows when a contact was last closed, and so when the body falls asleep; knows no states of focus. Pulses are only for
a body whose owner has said that half-press does not focus; the one exception is the pulse that `back` makes.
"""

from controller.core import frames
from controller.core.effects import Outbox
from controller.core.recipes import DROWSY_NS
from controller.core.setup import Setup
from hardware.clock import SECOND_NS

# When the meter goes off on a body whose profile does not say (design.md, section 2).
METER_OFF_NS = 5 * SECOND_NS


class WakePulses:
    """Closes FOCUS for the profile's wake time, and knows when the body sleeps. `setup` may be replaced."""

    def __init__(self, setup: Setup, outbox: Outbox) -> None:
        self.setup = setup
        self._outbox = outbox
        self._ends_ns: int | None = None
        self._touched_ns: int | None = None
        self._awake_ns = 0
        self._may_wake_cache: tuple[Setup, bool] | None = None

    @property
    def length_ns(self) -> int:
        """How long a pulse closes FOCUS."""
        return self.setup.profile.wake.hold_ns

    @property
    def lead_ns(self) -> int:
        """How long before the start of a frame the body has to be woken: the pulse is over by then."""
        return max(self.setup.profile.wake.lead_ns, self.length_ns + frames.SEPARATION_NS)

    @property
    def wanted_ns(self) -> int | None:
        """When a pulse would keep the body awake, None if that is off or half-press could move the lens."""
        camera = self.setup.settings.camera
        if not (camera.keep_awake and camera.back_button_focus) or self._touched_ns is None:
            return None
        return self._touched_ns + self._meter_off_ns * 4 // 5

    def sleeps_at(self, at_ns: int, *, by_hand: bool = False) -> bool:
        """Return whether the body will have to be woken at that time, if nothing touches it before.

        Always false where a wake pulse could focus: the lead of its frame wakes a factory body. `by_hand` is for a
        single frame: the photographer can press again, and waits for a wake-up only if the profile says the body
        falls asleep.
        """
        known_ns = self.setup.profile.wake.meter_off_ns
        if (by_hand and known_ns is None) or not self._may_wake:
            return False
        awake_for_ns = METER_OFF_NS if known_ns is None else known_ns - DROWSY_NS
        return self._touched_ns is not None and at_ns - self._touched_ns >= awake_for_ns

    def is_touched_since(self, at_ns: int) -> bool:
        """Return whether a contact was closed at that time or later."""
        return self._touched_ns is not None and self._touched_ns >= at_ns

    def awake_ns(self, now_ns: int, *, by_hand: bool = False) -> int:
        """Return when the body is awake, if it is woken now in case it sleeps; `by_hand` as for `sleeps_at`."""
        if self.sleeps_at(now_ns, by_hand=by_hand):
            return now_ns + self.lead_ns
        is_known = not by_hand or self.setup.profile.wake.meter_off_ns is not None
        return max(now_ns, self._awake_ns) if is_known else now_ns

    def touched(self, at_ns: int) -> None:
        """Record that a contact is closed until `at_ns`, which keeps the body awake."""
        self._touched_ns = at_ns if self._touched_ns is None else max(self._touched_ns, at_ns)

    def is_on(self, now_ns: int) -> bool:
        """Return whether a pulse keeps FOCUS closed."""
        return self._ends_ns is not None and now_ns < self._ends_ns

    def pulse(self, now_ns: int) -> None:
        """Start a pulse, unless one is in progress."""
        self._awake_ns = self.awake_ns(now_ns)
        if not self.is_on(now_ns):
            self._outbox.play(frames.hold_focus(self.length_ns), now_ns)
            self._ends_ns = now_ns + self.length_ns
            self.touched(self._ends_ns)

    def end_before(self, shutter_ns: int, now_ns: int) -> None:
        """Open FOCUS now if the pulse would still close it at `shutter_ns`: it must not end during a release."""
        if self._ends_ns is not None and shutter_ns < self._ends_ns + frames.SEPARATION_NS:
            if self.is_on(now_ns):
                self._outbox.play(frames.open_focus(), now_ns)
            self._ends_ns = None

    def forget(self) -> None:
        """Record that FOCUS has been opened by somebody else."""
        self._ends_ns = None

    @property
    def _may_wake(self) -> bool:
        """Whether the settings allow waking the body; cached, as every event needs it."""
        if self._may_wake_cache is None or self._may_wake_cache[0] is not self.setup:
            camera = self.setup.settings.camera
            is_known = self.setup.profile.confidence_of("wake.lead_ms") != "assumed"
            self._may_wake_cache = (self.setup, camera.wake and bool(camera.back_button_focus) and is_known)
        return self._may_wake_cache[1]

    @property
    def _meter_off_ns(self) -> int:
        return self.setup.profile.wake.meter_off_ns or METER_OFF_NS
