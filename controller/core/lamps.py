"""What the three lamps and the buzzer show. The tables are data, from which docs/lamps.md is generated.

Knows the states of the box, refusals, and the time that it is passed; knows no pin and has no thread. The loop steps
this part when a lamp has to change; a steady lamp needs no step.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from config.record import dataclass
from controller.core.states import Focus, Release
from controller.core.words import Why
from hardware.clock import MILLISECOND_NS

MARK_NS = 100 * MILLISECOND_NS
_OTHER = {"#": "_", "_": "#"}


class Lamp(Enum):
    """The lamps and the buzzer of the box."""

    READY = "ready"  # green
    BUSY = "busy"  # amber
    FAULT = "fault"  # red
    BUZZER = "buzzer"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Light over time: a mark for every MARK_NS, `#` lit, `_` dark; `look` describes it in words."""

    marks: str
    look: str = ""

    @property
    def length_ns(self) -> int:
        """How long it takes to show the pattern once."""
        return len(self.marks) * MARK_NS

    def at(self, elapsed_ns: int) -> tuple[bool, int | None]:
        """Return whether the repeated pattern is lit at that time, and how long until that changes (None: never)."""
        mark, into_ns = divmod(elapsed_ns % self.length_ns, MARK_NS)
        change = (self.marks * 2).find(_OTHER[self.marks[mark]], mark)
        return self.marks[mark] == "#", None if change < 0 else (change - mark) * MARK_NS - into_ns


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern of a lamp, and what it means."""

    pattern: Pattern
    meaning: str


DARK = Pattern("_", "dark")
STEADY = Pattern("#", "on")
QUICK = Pattern("##__", "blinks quickly")
ALL_LIT = Pattern("#" * 10, "on for a second")
ENDLESS = Pattern("#####_____", "blinks without end")
WINK = Pattern("_" * 99 + "#", "winks every 10 s")
LONG_BEEP = Pattern("#" * 10, "one long beep")

STARTED = Sign(ALL_LIT, "the box has started, and its lamps work")

READY_SIGNS = {
    Focus.DIALLED_IN: Sign(STEADY, "focus is dialled in"),
    Focus.FOCUSING: Sign(QUICK, "`back` is down: focus, then let go"),
    Focus.TRIMMING: Sign(Pattern("#" * 10 + "_" * 10, "blinks slowly"), "turn the ring, then tap `back`"),
    Focus.UNFOCUSED: Sign(DARK, "focus is not dialled in"),
}

_FRAME = Sign(STEADY, "a frame is being taken")
_IDLE = Sign(DARK, "nothing is in progress")

# The wait begins dark, so that it can be told from the frame before it however short the interval is.
BUSY_SIGNS = {
    Release.EXPOSING: _FRAME,
    Release.MIRROR_UP: _FRAME,
    Release.RECOVERING: _FRAME,
    Release.WAITING: Sign(Pattern("_" * 10 + "#" * 10, "blinks slowly"), "a run waits for its next frame"),
    Release.PAUSED: Sign(Pattern("_____##__##" + "_" * 25, "blinks twice, then rests"), "the run is paused"),
    Release.DELAYING: Sign(QUICK, "a frame is about to begin, as when the self-timer counts down"),
    Release.PROVING: Sign(Pattern("#_", "flickers"), "a proof has the contacts; any button opens them"),
    Release.IDLE: _IDLE,
    Release.FAULT: _IDLE,
}

FAULT = Sign(ENDLESS, "fault: both contacts are open; fix the cause, then type `clear`")
WARNING = Sign(
    WINK,
    "a warning; `status` shows it: the camera's set-up is unknown, a run was interrupted, the card is full, "
    "a frame may have focused",
)


@dataclass(frozen=True, slots=True)
class Code:
    """What the red lamp and the buzzer show once for a refusal: a number of blinks, with a beep for each."""

    blinks: int
    meaning: str
    remedy: str

    @property
    def lamp(self) -> Pattern:
        """The blinks; dark first, so that a code that interrupts another one can be counted."""
        return Pattern("__" + "###___" * self.blinks)

    @property
    def buzzer(self) -> Pattern:
        """The beeps, one at the start of each blink."""
        return Pattern("__" + "#_____" * self.blinks)


# Why.FAULT needs no code: in a fault the lamp blinks without end anyway.
CODES = {
    Why.FOCUS: Code(
        1, "focus is not dialled in", "hold `back` long enough while you focus; in `trim`, tap to accept"
    ),
    Why.BUSY: Code(2, "something is in progress", "wait for the frame; pause or stop the run"),
    Why.UNSTATED: Code(
        3, "the box does not know how the camera is set up", "`set camera.back_button_focus true`, or `false`"
    ),
    Why.PLAN: Code(4, "the run as planned cannot work", "`plan` and `start` give the numbers"),
    Why.NOTHING: Code(5, "there is nothing to stop, resume or clear", "type `status` to see what the box is doing"),
    Why.STUCK: Code(
        6,
        "a button was down at power-on, or for longer than `safety.max_hold`",
        "release it; if nobody holds it, look for a stuck button or a short",
    ),
}


def blinks(number: int) -> Pattern:
    """Return so many blinks; dark before and after, so that they can be counted beside a lamp that is lit."""
    return Pattern("_____" + "###___" * number + "___", "blink together")


PRESET = Sign(blinks(1), "holding `run` has chosen the marked preset of that number (1 to 9 blinks)")


# Unlike all else, the three lamps blink together.
PAIRING = Sign(Pattern("#_#_______", "blinks twice each second"), "a phone asks to be paired: press `run`")


CALL = Sign(
    Pattern("##__##__##____________", "blinks three times, then rests"),
    "a hand-step waits: change the camera between two frames, then press `back`",
)
CALL_BEEPS = Pattern("#####____#####" + "_" * 286)  # twice, every 30 s


@dataclass(frozen=True, slots=True)
class View:
    """The state of the box that the lamps show."""

    focus: Focus
    release: Release
    is_warned: bool
    is_pairing: bool = False
    is_lit: bool | None = None  # the amber lamp, while a proof takes a picture of it
    calls_step: bool = False

    def signs(self) -> Mapping[Lamp, Pattern]:
        """Return what each lamp shows during this state; in a fault, nothing but the fault."""
        if self.release is Release.FAULT:
            return {Lamp.FAULT: FAULT.pattern}
        if self.is_pairing:
            return dict.fromkeys((Lamp.READY, Lamp.BUSY, Lamp.FAULT), PAIRING.pattern)
        return {
            Lamp.READY: (CALL if self.calls_step else READY_SIGNS[self.focus]).pattern,
            Lamp.BUZZER: CALL_BEEPS if self.calls_step else DARK,
            Lamp.BUSY: BUSY_SIGNS[self.release].pattern if self.is_lit is None else STEADY if self.is_lit else DARK,
            Lamp.FAULT: WARNING.pattern if self.is_warned else DARK,
        }


class _Lamp:
    """One lamp: a lasting pattern, and a pattern shown once in its place."""

    def __init__(self, once: Pattern | None, now_ns: int) -> None:
        self._lasting = DARK
        self._once = once
        self._since_ns = now_ns

    def last(self, pattern: Pattern, now_ns: int) -> None:
        """Show a pattern from now on; idempotent: a pattern that is already shown does not restart."""
        if pattern != self._lasting:
            self._lasting = pattern
            if self._once is None:
                self._since_ns = now_ns

    def once(self, pattern: Pattern | None, now_ns: int) -> None:
        """Show a pattern once from its beginning, then the lasting one; None shows the lasting one at once."""
        if pattern is not None or self._once is not None:
            self._once, self._since_ns = pattern, now_ns

    def at(self, now_ns: int) -> tuple[bool, int | None]:
        """Return whether the lamp is lit, and when that may change by itself."""
        if self._once is not None:
            end_ns = self._since_ns + self._once.length_ns
            if now_ns < end_ns:
                lit, left_ns = self._once.at(now_ns - self._since_ns)
                return lit, end_ns if left_ns is None else min(end_ns, now_ns + left_ns)
            self._once, self._since_ns = None, end_ns
        lit, left_ns = self._lasting.at(now_ns - self._since_ns)
        return lit, None if left_ns is None else now_ns + left_ns


class Lamps:
    """Shows the state of the box, as a part of the loop. All three lamps are lit for a second from `now_ns` on.

    `look` returns the state; `show` switches a lamp, and is called only for a lamp that changes.
    """

    def __init__(self, look: Callable[[], View], show: Callable[[Lamp, bool], None], now_ns: int) -> None:
        self._look = look
        self._show = show
        self._lamps = {lamp: _Lamp(None if lamp is Lamp.BUZZER else ALL_LIT, now_ns) for lamp in Lamp}
        self._is_lit = dict.fromkeys(Lamp, False)
        self._seen: View | None = None
        self._next_ns: int | None = now_ns
        self._is_over = False
        self._counts = False  # the number of a preset may still be blinking

    @property
    def next_ns(self) -> int | None:
        """When the next `step` is due: at once if the state has changed since the last one."""
        if self._is_over:
            return None
        return self._next_ns if self._look() == self._seen else 0

    def refused(self, why: Why, at_ns: int) -> None:
        """Show the code of a refusal, in place of one that is still being shown."""
        code = CODES.get(why)
        if code is not None:
            self._lamps[Lamp.FAULT].once(code.lamp, at_ns)
        self._lamps[Lamp.BUZZER].once(LONG_BEEP if code is None else code.buzzer, at_ns)
        self._next_ns = at_ns

    def chosen(self, number: int, at_ns: int) -> None:
        """Blink the number of a preset with the green and the amber lamp, which no refusal uses."""
        for lamp in (Lamp.READY, Lamp.BUSY):
            self._lamps[lamp].once(blinks(number), at_ns)
        self._counts, self._next_ns = True, at_ns

    def step(self, now_ns: int) -> None:
        """Switch the lamps that change. If `show` raises, no lamp is switched again: one fault is enough."""
        view = self._look()
        if view != self._seen:
            self._view_changed(view, now_ns)
        shown = {lamp: light.at(now_ns) for lamp, light in self._lamps.items()}
        self._next_ns = min((at_ns for _, at_ns in shown.values() if at_ns is not None), default=None)
        self._is_over = True
        for lamp, (lit, _) in shown.items():
            if lit is not self._is_lit[lamp]:
                self._show(lamp, lit)
                self._is_lit[lamp] = lit
        self._is_over = False

    def end(self) -> None:
        """Stop switching lamps."""
        self._is_over = True

    def _view_changed(self, view: View, now_ns: int) -> None:
        enters_fault = view.release is Release.FAULT and (
            self._seen is None or self._seen.release is not Release.FAULT
        )
        if self._counts and (view.focus, view.release) != (self._seen and (self._seen.focus, self._seen.release)):
            self._counts = False  # what the box does now is more important
            for lamp in (Lamp.READY, Lamp.BUSY):
                self._lamps[lamp].once(None, now_ns)
        self._seen = view
        signs = view.signs()
        for lamp, light in self._lamps.items():
            light.last(signs.get(lamp, DARK), now_ns)
            if enters_fault:
                light.once(LONG_BEEP if lamp is Lamp.BUZZER else None, now_ns)
