"""A camera on the two contacts that has the quirks it is given, in every drive. Knows nothing of the box.

It connects the parts of the body: `contacts` recognises half-presses and full presses, `lens` and `meter` react to a
half-press, `press_plan` decides which frames a full press takes, `mirror` and `shutter` take them. The body ignores a
full press that it cannot accept; an accepted one waits for focus for as long as it lasts.
"""

import random
from collections.abc import Callable

from hardware.clock import SECOND_NS
from hardware.timeline import Line
from hardware.virtual.agenda import Agenda, Due
from hardware.virtual.contacts import Contacts
from hardware.virtual.dials import SHUTTER_SPEED_NS, Dials, Drive
from hardware.virtual.lens import AUTOFOCUS_NS, Lens
from hardware.virtual.meter import Meter
from hardware.virtual.mirror import Mirror
from hardware.virtual.press_plan import NO_FRAMES, PressPlan, plan_one_frame, plan_press
from hardware.virtual.quirks import ASLEEP, CUT, SWAPPED, Quirks, quirks_of
from hardware.virtual.shutter import Buffer, Exposure, Shutter

__all__ = ["AUTOFOCUS_NS", "SHUTTER_SPEED_NS", "Dials", "Drive", "Exposure", "Quirks", "VirtualCamera", "quirks_of"]

_OTHER = {Line.FOCUS: Line.SHUTTER, Line.SHUTTER: Line.FOCUS}

NOISE_REDUCTION_FROM_NS = SECOND_NS  # assumed: the shortest bulb exposure that is followed by a dark frame


def _ignore_opening(at_ns: int) -> None:
    """Do nothing: no flash is connected."""


class VirtualCamera:
    """A body and its lens, switched on; stepped by the bench, in time order.

    `dials` may be replaced while the body is idle; the next press uses them. Calls `on_open` when the first curtain
    is open, like a flash contact, and `on_exposure` after every picture. If the body has a shortest press, both
    calls come once the press has lasted that long, with the times of a body that reacts at once.
    """

    def __init__(
        self,
        quirks: Quirks,
        *,
        on_exposure: Callable[[Exposure], None],
        on_open: Callable[[int], None] = _ignore_opening,
    ) -> None:
        self.dials = Dials()
        self._quirks = quirks
        self._chance = random.Random(quirks.seed)  # noqa: S311 - it draws lags, not secrets
        self._on_exposure = on_exposure
        self._agenda = Agenda()
        self._contacts = Contacts(quirks)
        self._lens = Lens(
            self._agenda, half_press_focuses=quirks.lens_is_driven, autofocus_succeeds=quirks.autofocus_succeeds
        )
        self._shutter = Shutter(self._agenda, self._lens, on_open)
        self._mirror = Mirror(self._agenda, quirks.mirror)
        asleep = ASLEEP in quirks.mistakes
        self._meter = Meter(self._agenda, quirks.meter_off_ns, quirks.waking_ns, is_off=asleep)
        self._buffer = Buffer()

        self._released_ns = -1  # when the shutter was last released
        self._pressed_ns = 0  # when the current full press began
        self._waits_for_focus = False
        self._plan = NO_FRAMES  # of the latest press
        self._frames_left = 0
        self._busy_until_ns = 0
        self._handlers: dict[Due, Callable[[int], None]] = {
            Due.FOCUS_FOUND: self._focus_found,
            Due.PRESS_SEEN: self._press_seen,
            Due.TIMER_ENDS: self._timer_ended,
            Due.CURTAIN_OPENS: self._shutter.open,
            Due.CURTAIN_CLOSES: self._end_exposure,
            Due.NEXT_FRAME: self._expose,
            Due.MIRROR_TIMES_OUT: self._mirror_timed_out,
            Due.METER_GOES_OFF: self._fall_asleep,
        }

    @property
    def next_ns(self) -> int | None:
        """When the camera next does something by itself, None if never."""
        return self._agenda.next_ns

    @property
    def has_reference(self) -> bool:
        """Whether frames are compared with a dialled-in focus."""
        return self._lens.has_reference

    @property
    def lens_has_moved(self) -> bool:
        """Whether the lens stands elsewhere than at the reference, or is on its way."""
        return self._lens.has_moved

    @property
    def is_mirror_up(self) -> bool:
        """Whether the mirror is up, waiting for the second press or exposing."""
        return self._mirror.is_up

    @property
    def is_exposing(self) -> bool:
        """Whether the shutter is open."""
        return self._shutter.is_open

    @property
    def is_asleep(self) -> bool:
        """Whether the meter is off, and no half-press has begun to wake the body."""
        return self._meter.is_off

    def focus_dialled_in(self) -> None:
        """Compare the lens of every later frame with where it stands now."""
        self._lens.set_reference()

    def focus_cleared(self) -> None:
        """Compare no frames: focus is not dialled in."""
        self._lens.clear_reference()

    def line_changed(self, line: Line, closed: bool, at_ns: int) -> None:
        """Handle a contact that changed at `at_ns`; first does what was due before, however late the call comes."""
        self.step(at_ns - 1)
        if CUT in self._quirks.mistakes:
            return
        if SWAPPED in self._quirks.mistakes:
            line = _OTHER[line]
        was_half_pressed, was_fully_pressed = self._contacts.is_half_pressed, self._contacts.is_fully_pressed
        self._contacts.change(line, closed, at_ns)
        self._notice_half_press(was_half_pressed, at_ns)
        self._notice_full_press(was_fully_pressed, at_ns)
        self._notice_touch(at_ns)

    def step(self, now_ns: int) -> None:
        """Do everything that is due by `now_ns`."""
        while (due_ns := self._agenda.next_ns) is not None and due_ns <= now_ns:
            due, at_ns = self._agenda.take()
            self._handlers[due](at_ns)

    def finish(self, now_ns: int) -> None:
        """Report an exposure still in progress: a bulb exposure ends now, any other ends as it would."""
        self.step(now_ns)
        self._agenda.drop(Due.NEXT_FRAME)
        closes_ns = self._agenda.time_of(Due.CURTAIN_CLOSES)
        if self._plan.is_bulb:
            self._end_exposure(now_ns)
        elif closes_ns is not None:
            self.step(closes_ns)

    # -- the two contacts --------------------------------------------------------------------------------------

    def _notice_touch(self, at_ns: int) -> None:
        if self._contacts.is_any_closed:
            self._meter.keep_on()
        else:
            self._mirror.contacts_opened()
            self._rest_if_idle(at_ns)

    def _notice_half_press(self, was_pressed: bool, at_ns: int) -> None:
        is_pressed = self._contacts.is_half_pressed
        if is_pressed and not was_pressed:
            self._meter.wake(at_ns)
            self._lens.half_pressed(at_ns, is_continuous=self.dials.continuous_af)
        elif was_pressed and not is_pressed:
            self._lens.half_press_ended()

    def _notice_full_press(self, was_pressed: bool, at_ns: int) -> None:
        is_pressed = self._contacts.is_fully_pressed
        if is_pressed and not was_pressed and self._accepts_press(at_ns):
            self._pressed_ns = at_ns
            least_ns = self._shortest_press_ns
            if least_ns is None:
                self._press_seen(at_ns)
            else:
                # minus 1, because a press of exactly the minimum is long enough
                self._agenda.put(Due.PRESS_SEEN, at_ns + least_ns - 1)
        elif was_pressed and not is_pressed:
            self._end_press(at_ns)

    # -- full presses ------------------------------------------------------------------------------------------

    @property
    def _shortest_press_ns(self) -> int | None:
        """How long a press has to last, None if the body reacts at once; a bulb may need longer to begin."""
        least_ns, bulb_ns = self._quirks.shortest_press_ns, self._quirks.shortest_bulb_ns
        if not bulb_ns or self.dials.drive is not Drive.BULB or self._quirks.bulb != "hold":
            return least_ns
        return max(least_ns or 0, bulb_ns)

    def _accepts_press(self, at_ns: int) -> bool:
        """Return whether the body accepts a full press that begins now; if not, it ignores that press."""
        return (
            self._contacts.is_valid_press(at_ns, self._released_ns)
            and self._meter.is_awake(at_ns)
            and self._mirror.accepts_press
            and not self._is_busy(at_ns)
        )

    def _is_busy(self, at_ns: int) -> bool:
        """Return whether the body is busy with something that no press can end."""
        if self._shutter.is_busy:
            return not self._plan.is_toggled_bulb
        return at_ns < self._busy_until_ns or any(map(self._agenda.has, (Due.NEXT_FRAME, Due.TIMER_ENDS)))

    def _press_seen(self, _at_ns: int) -> None:
        """React to a press that has lasted long enough, as of its beginning."""
        if self._shutter.is_busy:
            self._end_bulb(self._pressed_ns)  # a toggled one: meanwhile the body accepts no other press
        else:
            self._waits_for_focus = True
            self._release_if_focused()

    def _focus_found(self, at_ns: int) -> None:
        self._lens.end_seeking(at_ns)
        self._release_if_focused()

    def _release_if_focused(self) -> None:
        if not (self._waits_for_focus and self._lens.is_ready):
            return
        self._waits_for_focus = False
        at_ns = max(self._pressed_ns, self._lens.focus_settled_ns)
        if self.dials.self_timer_ns:
            self._agenda.put(Due.TIMER_ENDS, at_ns + self.dials.self_timer_ns)
        elif self.dials.mirror_up and self._mirror.can_be_raised and not self._mirror.is_up:
            self._mirror.raise_up(at_ns)
        else:
            self._mirror.stay_up()
            self._begin(plan_press(self.dials, self._quirks, mirror_is_up=self._mirror.is_up), at_ns)

    def _end_press(self, at_ns: int) -> None:
        self._forget_press()
        if self._plan.while_held:
            self._agenda.drop(Due.NEXT_FRAME)
            if self._plan.is_bulb and self._shutter.is_busy:
                self._end_bulb(at_ns)

    def _forget_press(self) -> None:
        self._waits_for_focus = False
        self._agenda.drop(Due.PRESS_SEEN)

    def _timer_ended(self, at_ns: int) -> None:
        self._begin(plan_one_frame(self.dials), at_ns)

    # -- exposures ---------------------------------------------------------------------------------------------

    def _begin(self, plan: PressPlan, at_ns: int) -> None:
        self._plan, self._frames_left = plan, plan.frames
        self._expose(at_ns)

    def _expose(self, at_ns: int) -> None:
        self._meter.keep_on()
        self._released_ns = at_ns
        self._frames_left -= 1
        length_ns = self._plan.length_ns
        focusing_ns = self._quirks.focusing(self._chance)
        if focusing_ns:
            self._lens.move()
        lag_ns = self._quirks.jittered(self._quirks.opening_lag_ns, self._chance) + focusing_ns
        over_ns = self._shutter.release(at_ns, lag_ns, self._quirks.bulb_max_ns if length_ns is None else length_ns)
        pace_ns = self._buffer.take(at_ns)
        if self._frames_left and over_ns is not None:
            self._agenda.put(Due.NEXT_FRAME, max(at_ns + pace_ns, over_ns))

    def _end_bulb(self, at_ns: int) -> None:
        lag_ns = self._quirks.jittered(self._quirks.closing_lag_ns, self._chance)
        if lag_ns:
            self._agenda.put(Due.CURTAIN_CLOSES, at_ns + lag_ns)
        else:
            self._end_exposure(at_ns)

    def _end_exposure(self, at_ns: int) -> None:
        exposure = self._shutter.close(at_ns)
        self._mirror.lower()
        self._rest_if_idle(at_ns)
        if exposure is not None:
            self._reduce_noise(exposure, at_ns)
            self._on_exposure(exposure)

    def _reduce_noise(self, exposure: Exposure, at_ns: int) -> None:
        """Be busy with a dark frame as long as the bulb exposure; it is not reported as an exposure."""
        if self.dials.noise_reduction and self._plan.is_bulb and exposure.exposure_ns >= NOISE_REDUCTION_FROM_NS:
            self._busy_until_ns = at_ns + exposure.exposure_ns

    def _mirror_timed_out(self, at_ns: int) -> None:
        self._forget_press()  # a press at the instant of the time-out is lost
        if self._mirror.exposes_on_timeout:
            self._begin(plan_one_frame(self.dials), at_ns)
        else:
            self._mirror.lower()
            self._rest_if_idle(at_ns)

    def _rest_if_idle(self, at_ns: int) -> None:
        """Start the meter-off time; a raised mirror has a time-out of its own, and keeps the meter on (assumed)."""
        if not (self._shutter.is_busy or self._mirror.is_up or self._contacts.is_any_closed):
            self._meter.rest(at_ns)

    def _fall_asleep(self, _at_ns: int) -> None:
        self._meter.go_off()
        if self._quirks.focus_by_wire:
            self._lens.move()
