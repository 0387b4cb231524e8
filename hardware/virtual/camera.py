"""A camera that hangs on the two contacts and behaves as its profile says.

It knows nothing of the box. Half-press is FOCUS, or SHUTTER too on a body that fires on SHUTTER alone.
In a factory set-up half-press starts autofocus (AF-S with focus priority): the body fires only once focus
is found, and not at all if it is not; a half-press that goes on keeps the focus it found. With back-button
focus, half-press wakes and meters, and the lens stays where it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from config.cameras import Profile
from hardware.clock import MILLISECOND_NS, SECOND_NS
from hardware.timeline import Line

AUTOFOCUS_NS = 250 * MILLISECOND_NS
SHUTTER_SPEED_NS = SECOND_NS // 125


@dataclass(frozen=True, slots=True)
class Exposure:
    """A picture that was taken; `lens_moved`: since focus was last dialled in the lens has moved."""

    at_ns: int
    exposure_ns: int
    lens_moved: bool


class _Autofocus(Enum):
    IDLE = auto()
    SEEKING = auto()
    FOUND = auto()
    FAILED = auto()


class VirtualCamera:
    """A body in single drive, awake, its lens on autofocus; stepped by the bench, in time order."""

    def __init__(
        self,
        profile: Profile,
        *,
        half_press_focuses: bool,
        on_exposure: Callable[[Exposure], None],
        autofocus_succeeds: bool = True,
    ) -> None:
        self._fires_alone = bool(profile.shutter_alone_fires)
        self._half_press_focuses = half_press_focuses
        self._on_exposure = on_exposure
        self._autofocus_succeeds = autofocus_succeeds
        self._contacts = {Line.FOCUS: False, Line.SHUTTER: False}
        self._autofocus = _Autofocus.IDLE
        self._focus_found_ns: int | None = None
        self._wants_frame = False
        self._lens_steps = 0
        self._dialled_in_at: int | None = None

    @property
    def next_ns(self) -> int | None:
        """When the camera next does something by itself."""
        return self._focus_found_ns

    @property
    def is_watched(self) -> bool:
        """Frames are held against a dial-in."""
        return self._dialled_in_at is not None

    def focus_dialled_in(self) -> None:
        """Take the lens where it stands as the one that every frame from now on is held against."""
        self._dialled_in_at = self._lens_steps

    def focus_given_up(self) -> None:
        """Hold no frame against anything: focus is not dialled in."""
        self._dialled_in_at = None

    def line_changed(self, line: Line, closed: bool, at_ns: int) -> None:
        """Take notice of a contact; what was due before it comes first, however late we hear of it."""
        self.step(at_ns - 1)
        half, full = self._is_half_pressed(), self._is_fully_pressed()
        self._contacts[line] = closed
        self._notice_half_press(half, at_ns)
        self._notice_full_press(full, at_ns)

    def step(self, now_ns: int) -> None:
        """Do what is due."""
        if self._focus_found_ns is not None and self._focus_found_ns <= now_ns:
            at_ns, self._focus_found_ns = self._focus_found_ns, None
            self._lens_steps += 1
            self._autofocus = _Autofocus.FOUND if self._autofocus_succeeds else _Autofocus.FAILED
            self._expose_if_ready(at_ns)

    def _is_half_pressed(self) -> bool:
        return self._contacts[Line.FOCUS] or (self._fires_alone and self._contacts[Line.SHUTTER])

    def _is_fully_pressed(self) -> bool:
        return self._contacts[Line.SHUTTER] and (self._fires_alone or self._contacts[Line.FOCUS])

    def _notice_half_press(self, before: bool, at_ns: int) -> None:
        now = self._is_half_pressed()
        if now and not before and self._half_press_focuses:
            self._lens_steps += 1
            self._autofocus = _Autofocus.SEEKING
            self._focus_found_ns = at_ns + AUTOFOCUS_NS
        elif before and not now:
            self._autofocus = _Autofocus.IDLE
            self._focus_found_ns = None

    def _notice_full_press(self, before: bool, at_ns: int) -> None:
        now = self._is_fully_pressed()
        if now is not before:
            self._wants_frame = now
            self._expose_if_ready(at_ns)

    def _expose_if_ready(self, at_ns: int) -> None:
        if self._wants_frame and (self._autofocus is _Autofocus.FOUND or not self._half_press_focuses):
            self._wants_frame = False  # single drive: one frame a press
            moved = self._dialled_in_at is not None and self._dialled_in_at != self._lens_steps
            self._on_exposure(Exposure(at_ns, SHUTTER_SPEED_NS, moved))
