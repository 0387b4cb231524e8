"""A camera that hangs on the two contacts and behaves as its profile says, in every drive.

It knows nothing of the box, and joins the body's parts: `contacts` says what a half-press and a full press is,
`lens` and `meter` what a half-press does, `work` what a full press is worth, `mirror` and `shutter` how that is
taken. A full press that is not answered is lost; one that is answered waits for focus for as long as it lasts.
"""

from collections.abc import Callable

from config.cameras import Profile
from hardware.clock import SECOND_NS
from hardware.timeline import Line
from hardware.virtual.agenda import Agenda, Due
from hardware.virtual.contacts import Contacts
from hardware.virtual.dials import SHUTTER_SPEED_NS, Dials, Drive
from hardware.virtual.lens import AUTOFOCUS_NS, Lens
from hardware.virtual.meter import Meter
from hardware.virtual.mirror import Mirror
from hardware.virtual.shutter import Buffer, Exposure, Shutter
from hardware.virtual.work import NO_WORK, Work, one_frame, work_of_a_press

__all__ = ["AUTOFOCUS_NS", "SHUTTER_SPEED_NS", "Dials", "Drive", "Exposure", "VirtualCamera"]

NOISE_REDUCTION_FROM_NS = SECOND_NS  # assumed: the shortest bulb exposure after which a dark one is taken


def _nobody_hears(at_ns: int) -> None:
    """No flash hangs on the camera."""


class VirtualCamera:
    """A body and its lens, switched on and awake; stepped by the bench, in time order.

    `dials` may be replaced while the body is at rest, and count from the next press on. `on_open` hears when the
    first curtain is open, as a flash contact tells; `on_exposure` hears of every picture once it is over. Where
    the profile has a shortest press, both hear of a frame once the press has lasted that long, and are told the
    times of a body that knew at once. With `focus_by_wire` the lens moves when the body falls asleep.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        half_press_focuses: bool,
        on_exposure: Callable[[Exposure], None],
        autofocus_succeeds: bool = True,
        focus_by_wire: bool = False,
        on_open: Callable[[int], None] = _nobody_hears,
    ) -> None:
        self.dials = Dials()
        self._profile = profile
        self._on_exposure = on_exposure
        self._focus_by_wire = focus_by_wire
        self._agenda = Agenda()
        self._contacts = Contacts(profile)
        self._lens = Lens(self._agenda, half_press_focuses=half_press_focuses, autofocus_succeeds=autofocus_succeeds)
        self._shutter = Shutter(self._agenda, self._lens, profile.exposure_lag_ns or 0, on_open)
        self._mirror = Mirror(self._agenda, profile)
        self._meter = Meter(self._agenda, profile.wake)
        self._buffer = Buffer()

        self._released_ns = -1  # the shutter, the last time
        self._pressed_ns = 0  # since when it is fully pressed
        self._waits_for_focus = False
        self._work = NO_WORK  # what the latest press was worth
        self._frames_left = 0
        self._busy_until_ns = 0
        self._does: dict[Due, Callable[[int], None]] = {
            Due.FOCUS_FOUND: self._focus_found,
            Due.PRESS_SEEN: self._press_seen,
            Due.CURTAIN_OPENS: self._shutter.open,
            Due.CURTAIN_CLOSES: self._end_exposure,
            Due.NEXT_FRAME: self._expose,
            Due.MIRROR_TIMES_OUT: self._mirror_timed_out,
            Due.METER_GOES_OFF: self._fall_asleep,
        }

    @property
    def next_ns(self) -> int | None:
        """When the camera next does something by itself."""
        return self._agenda.next_ns

    @property
    def is_watched(self) -> bool:
        """Frames are held against a dial-in."""
        return self._lens.is_watched

    @property
    def is_mirror_up(self) -> bool:
        """The mirror waits for the second press, or is up for the exposure that came of it."""
        return self._mirror.is_up

    @property
    def is_exposing(self) -> bool:
        """The shutter is open."""
        return self._shutter.is_open

    @property
    def is_asleep(self) -> bool:
        """The meter has gone off, and no half-press has begun to wake the body."""
        return self._meter.is_off

    def focus_dialled_in(self) -> None:
        """Take the lens where it stands as the one that every frame from now on is held against."""
        self._lens.dialled_in()

    def focus_cleared(self) -> None:
        """Hold no frame against anything: focus is not dialled in."""
        self._lens.given_up()

    def line_changed(self, line: Line, closed: bool, at_ns: int) -> None:
        """Take notice of a contact; what was due before it comes first, however late we hear of it."""
        self.step(at_ns - 1)
        half, full = self._contacts.is_half_pressed, self._contacts.is_fully_pressed
        self._contacts.change(line, closed, at_ns)
        self._notice_half_press(half, at_ns)
        self._notice_full_press(full, at_ns)
        self._notice_touch(at_ns)

    def step(self, now_ns: int) -> None:
        """Do what is due."""
        while (due_ns := self._agenda.next_ns) is not None and due_ns <= now_ns:
            what, at_ns = self._agenda.take()
            self._does[what](at_ns)

    def finish(self, now_ns: int) -> None:
        """Nobody watches any longer: tell of the exposure that goes on, in bulb as if it ended now."""
        self.step(now_ns)
        self._agenda.drop(Due.NEXT_FRAME)
        closes_ns = self._agenda.time_of(Due.CURTAIN_CLOSES)
        if self._work.is_bulb:
            self._end_exposure(now_ns)
        elif closes_ns is not None:
            self.step(closes_ns)

    # -- the two contacts --------------------------------------------------------------------------------------

    def _notice_touch(self, at_ns: int) -> None:
        if self._contacts.are_touched:
            self._meter.stir()
        else:
            self._mirror.contacts_opened()
            self._rest_if_idle(at_ns)

    def _notice_half_press(self, before: bool, at_ns: int) -> None:
        now = self._contacts.is_half_pressed
        if now and not before:
            self._meter.wake(at_ns)
            self._lens.half_pressed(at_ns)
        elif before and not now:
            self._lens.let_go()

    def _notice_full_press(self, before: bool, at_ns: int) -> None:
        now = self._contacts.is_fully_pressed
        if now and not before and self._is_answered(at_ns):
            self._pressed_ns = at_ns
            if self._profile.shutter_min_ns is None:
                self._press_seen(at_ns)
            else:
                # a press that is let go at the very end of the minimum has been long enough, hence the 1
                self._agenda.put(Due.PRESS_SEEN, at_ns + self._profile.shutter_min_ns - 1)
        elif before and not now:
            self._let_go(at_ns)

    # -- full presses ------------------------------------------------------------------------------------------

    def _is_answered(self, at_ns: int) -> bool:
        """Tell whether the body takes notice of a full press that begins now; if not, that press is lost."""
        return (
            self._contacts.suffice(at_ns, self._released_ns)
            and self._meter.is_awake(at_ns)
            and self._mirror.answers
            and not self._is_busy(at_ns)
        )

    def _is_busy(self, at_ns: int) -> bool:
        """Tell whether the body has something to finish, which no press can end."""
        if self._shutter.is_busy:
            return not self._work.is_toggled_bulb
        return at_ns < self._busy_until_ns or self._agenda.has(Due.NEXT_FRAME)

    def _press_seen(self, _at_ns: int) -> None:
        """Answer the press, which has lasted long enough, as of its beginning."""
        if self._shutter.is_busy:
            self._end_exposure(self._pressed_ns)  # a toggled bulb: no other is answered meanwhile
        else:
            self._waits_for_focus = True
            self._answer_if_focused()

    def _focus_found(self, at_ns: int) -> None:
        self._lens.seek_over(at_ns)
        self._answer_if_focused()

    def _answer_if_focused(self) -> None:
        if not (self._waits_for_focus and self._lens.is_ready):
            return
        self._waits_for_focus = False
        at_ns = max(self._pressed_ns, self._lens.sought_until_ns)
        if self.dials.mirror_up and self._mirror.can_be_raised and not self._mirror.is_up:
            self._mirror.raise_up(at_ns)
        else:
            self._mirror.stay_up()
            self._begin(work_of_a_press(self.dials, self._profile, mirror_is_up=self._mirror.is_up), at_ns)

    def _let_go(self, at_ns: int) -> None:
        self._forget_press()
        if self._work.while_held:
            self._agenda.drop(Due.NEXT_FRAME)
            if self._work.is_bulb and self._shutter.is_busy:
                self._end_exposure(at_ns)

    def _forget_press(self) -> None:
        self._waits_for_focus = False
        self._agenda.drop(Due.PRESS_SEEN)

    # -- exposures ---------------------------------------------------------------------------------------------

    def _begin(self, work: Work, at_ns: int) -> None:
        self._work, self._frames_left = work, work.frames
        self._expose(at_ns)

    def _expose(self, at_ns: int) -> None:
        self._meter.stir()
        self._released_ns = at_ns
        self._frames_left -= 1
        length_ns = self._work.length_ns
        over_ns = self._shutter.release(at_ns, self._profile.bulb_max_ns if length_ns is None else length_ns)
        pace_ns = self._buffer.take(at_ns)
        if self._frames_left and over_ns is not None:
            self._agenda.put(Due.NEXT_FRAME, max(at_ns + pace_ns, over_ns))

    def _end_exposure(self, at_ns: int) -> None:
        exposure = self._shutter.close(at_ns)
        self._mirror.lower()
        self._rest_if_idle(at_ns)
        if exposure is not None:
            self._reduce_noise(exposure, at_ns)
            self._on_exposure(exposure)

    def _reduce_noise(self, exposure: Exposure, at_ns: int) -> None:
        """Take a dark frame as long as the bulb exposure; it is no exposure to anybody who watches."""
        if self.dials.noise_reduction and self._work.is_bulb and exposure.exposure_ns >= NOISE_REDUCTION_FROM_NS:
            self._busy_until_ns = at_ns + exposure.exposure_ns

    def _mirror_timed_out(self, at_ns: int) -> None:
        self._forget_press()  # a press that comes with the time-out is lost
        if self._mirror.exposes_on_timeout:
            self._begin(one_frame(self.dials), at_ns)
        else:
            self._mirror.lower()
            self._rest_if_idle(at_ns)

    def _rest_if_idle(self, at_ns: int) -> None:
        """Let the meter go off in its time; a raised mirror keeps it on, for its own time-out runs (assumed)."""
        if not (self._shutter.is_busy or self._mirror.is_up or self._contacts.are_touched):
            self._meter.rest(at_ns)

    def _fall_asleep(self, _at_ns: int) -> None:
        self._meter.go_off()
        if self._focus_by_wire:
            self._lens.move()
