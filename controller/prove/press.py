"""A press: what the box closes and for how long, how the camera has to be set for it, and what it asks.

Each kind is one row of KINDS. The lines open by themselves: what a press closes is a Timeline.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from config.record import dataclass
from hardware.clock import MILLISECOND_NS
from hardware.timeline import Edge, Line, Timeline

# What a press asks. An answer may leave out any of them: "I don't know".
PICTURES = "pictures"  # how many pictures are new
MOVED = "moved"  # whether the lens moved
LATE = "late"  # whether the first picture came late, more than 2 s after the press
LONG = "is_long"  # whether one of the pictures is a long exposure
LIT = "lit"  # whether the box's lamp is lit in the picture
LAGS = "lags_ns"  # nobody is asked: the flash contact measures them

# What may be wrong with how the camera was left. The box says so, and the owner puts it right.
SWAPPED, CUT = "swapped", "cut"  # the wires; they cannot be put right at the dials
MANUAL, ASLEEP, TIMER, REVIEW_OFF = "manual focus", "asleep", "self-timer", "review off"
CONTINUOUS, MIRROR = "continuous", "mirror-up"  # the drive dial
NOT_BULB, NO_MIRROR_UP = "not on bulb", "mirror-up not set"

# How the camera has to be set, beside the usual: single frames, review on, no self-timer, awake, the lens on AF and
# turned well out of focus.
ON_BULB, WITH_MIRROR_UP, ON_MF, CAPPED = "bulb", "mirror-up", "MF", "cap"

# Between two presses that are not to disturb each other: longer than the gap that any camera read about needs (1 s).
REST_MS = 1_600
HOLD_MS = 1_000  # long enough for every body, and for an autofocus that has a long way to go
LEAD_MS = 1_000
WAKE_MS = 3_000  # FOCUS wakes every body in that time (the longest source: 3 s)
SEPARATION_MS = 5  # FOCUS opens after SHUTTER, as in a frame (controller.core.frames)
RELEASE_MS = 500
MIRROR_WAIT_MS = 34_000  # a raised mirror drops after 30 s
_WATCH_MS = 12_000
_BULB_MS = 3_000
_MOST = 9  # pictures that a person counts; more is "9 or more"


class Kind(NamedTuple):
    """What a press asks, how the camera is set, and the most pictures that are told apart."""

    asks: tuple[str, ...]
    needs: tuple[str, ...] = ()
    most: int = 3
    closes: bool = True


_LOOK = (PICTURES, MOVED, LATE)
KINDS: Mapping[str, Kind] = {
    "alone": Kind(_LOOK),
    "focus": Kind((PICTURES, MOVED)),
    "both": Kind(_LOOK),
    "reversed": Kind(_LOOK),
    "own": Kind(_LOOK, closes=False),
    "rear": Kind((MOVED,), closes=False),
    "capped": Kind((PICTURES,), (CAPPED,)),
    "on MF": Kind((PICTURES,), (ON_MF,)),
    "alone on MF": Kind((PICTURES,), (ON_MF,)),
    "held": Kind((PICTURES,), (ON_MF,)),
    "press": Kind((PICTURES,), (ON_MF,), _MOST),
    "long press": Kind((PICTURES,), (ON_MF,), _MOST),
    "lead": Kind((PICTURES,), (ON_MF,), _MOST),
    "gap": Kind((PICTURES,), (ON_MF,), _MOST),
    "bulb": Kind((PICTURES, LONG), (ON_MF, ON_BULB)),
    "short bulb": Kind((PICTURES,), (ON_MF, ON_BULB), _MOST),
    "mirror": Kind((PICTURES,), (ON_MF, WITH_MIRROR_UP)),
    "mirror wait": Kind((PICTURES,), (ON_MF, WITH_MIRROR_UP)),
    "sleep": Kind((PICTURES,), (ON_MF,), _MOST),
    "wake": Kind((PICTURES,), (ON_MF,), _MOST),
    "rehearsal": Kind((PICTURES, MOVED), (), _MOST),
    "locked rehearsal": Kind((PICTURES,), (), _MOST),
    "flash": Kind((LAGS,), (ON_MF,)),
    "lamp": Kind((LIT,), (ON_MF,)),
}
SETUP = ("alone", "focus", "both", "reversed", "own", "rear", "capped", "on MF", "alone on MF")
# The parts of a proof, in the order in which they make sense, and their presses; each can be asked alone or again.
PARTS: Mapping[str, tuple[str, ...]] = {
    "set-up": SETUP,
    "held": ("held",),
    "press": ("press", "long press"),
    "lead": ("lead",),
    "gap": ("gap",),
    "bulb": ("bulb", "short bulb"),
    "mirror": ("mirror", "mirror wait"),
    "sleep": ("sleep", "wake"),
    "rehearsal": ("rehearsal", "locked rehearsal"),
    "lag": ("flash", "lamp"),
}

REHEARSED = 5  # frames of a rehearsal
FLASHES = 10  # frames whose lag the flash contact measures


@dataclass(frozen=True, slots=True)
class Press:
    """One question's press: its kind, and whether SHUTTER fires alone or FOCUS closes around it.

    `steps_ms` are the lengths of a ladder, longest first (waits: shortest first), or the lamp's delay. Where the kind
    itself does not set them, frames have the three times. `put_right` are the mistakes that the owner has been told
    of before it; `swaps` is how often he has been told to swap the two wires. `again` is the number of the answer
    that it may replace.
    """

    kind: str
    fires_alone: bool = False
    steps_ms: tuple[int, ...] = ()
    hold_ms: int = RELEASE_MS
    lead_ms: int = LEAD_MS
    gap_ms: int = REST_MS
    put_right: tuple[str, ...] = ()
    swaps: int = 0
    again: int | None = None

    @property
    def rule(self) -> Kind:
        """What it asks, and how the camera is set for it."""
        return KINDS[self.kind]

    @property
    def timeline(self) -> Timeline | None:
        """What the two lines do, None if nothing is closed."""
        return Timeline(tuple(_Edges(self).edges())) if self.rule.closes else None

    @property
    def watch_ms(self) -> int:
        """How long to watch the camera after the last edge: a self-timer takes 10 s, a raised mirror 30 s."""
        return MIRROR_WAIT_MS if self.kind == "mirror wait" else _WATCH_MS

    @property
    def lamp_ns(self) -> int | None:
        """When the box's lamp is lit, None if it is not part of it; counts from when SHUTTER closes."""
        return self.steps_ms[0] * MILLISECOND_NS if self.kind == "lamp" else None


class _Edges:
    """Lays presses of the two lines one after the other."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._now_ms = 0
        self._list: list[tuple[int, Line, bool]] = []

    def edges(self) -> list[Edge]:
        """Return all edges of the press, in time order."""
        lay: Mapping[str, Callable[[], None]] = {
            "alone": self._alone,
            "focus": lambda: self._close(Line.FOCUS, 0, HOLD_MS),
            "both": self._both,
            "capped": self._both,
            "on MF": self._both,
            "alone on MF": self._alone,
            "reversed": self._reversed,
            "held": lambda: self._held(3),
            "press": self._pulses,
            "long press": self._pulses,
            "short bulb": self._pulses,
            "lead": self._leads,
            "gap": self._gaps,
            "bulb": self._bulb,
            "mirror": lambda: self._frames(2),
            "mirror wait": lambda: self._frames(1),
            "sleep": self._sleeps,
            "wake": self._wakes,
            "rehearsal": self._rehearsal,
            "locked rehearsal": lambda: self._held(REHEARSED),
            "flash": lambda: self._frames(FLASHES),
            "lamp": lambda: self._frames(1),
        }
        lay[self._press.kind]()
        ordered = sorted(self._list, key=lambda edge: edge[0])
        return [Edge(at_ms * MILLISECOND_NS, line, closed) for at_ms, line, closed in ordered]

    def _close(self, line: Line, at_ms: int, for_ms: int) -> None:
        self._list += [(at_ms, line, True), (at_ms + for_ms, line, False)]

    def _frame(self, hold_ms: int, lead_ms: int) -> None:
        """Fire once, as this body does, and go on to when SHUTTER opens."""
        if not self._press.fires_alone:
            self._close(Line.FOCUS, self._now_ms, lead_ms + hold_ms + SEPARATION_MS)
            self._now_ms += lead_ms
        self._close(Line.SHUTTER, self._now_ms, hold_ms)
        self._now_ms += hold_ms

    def _wake(self) -> None:
        self._close(Line.FOCUS, 0, LEAD_MS)
        self._now_ms = WAKE_MS

    def _alone(self) -> None:
        self._close(Line.SHUTTER, 0, HOLD_MS)
        self._close(Line.SHUTTER, HOLD_MS + REST_MS, HOLD_MS)

    def _both(self) -> None:
        self._over(Line.FOCUS, Line.SHUTTER)

    def _reversed(self) -> None:
        self._over(Line.SHUTTER, Line.FOCUS)

    def _over(self, below: Line, above: Line) -> None:
        for lead_ms in (WAKE_MS, LEAD_MS):
            self._close(below, self._now_ms, lead_ms + HOLD_MS + SEPARATION_MS)
            self._close(above, self._now_ms + lead_ms, HOLD_MS)
            self._now_ms += lead_ms + HOLD_MS + REST_MS

    def _held(self, times: int) -> None:
        """Keep FOCUS closed and press SHUTTER over it."""
        at_ms = WAKE_MS
        for _ in range(times):
            self._close(Line.SHUTTER, at_ms, self._press.hold_ms)
            at_ms += self._press.hold_ms + self._press.gap_ms
        self._close(Line.FOCUS, 0, at_ms - self._press.gap_ms + SEPARATION_MS)

    def _pulses(self) -> None:
        self._wake()
        for step_ms in self._press.steps_ms:
            self._frame(step_ms, LEAD_MS)
            self._now_ms += REST_MS

    def _leads(self) -> None:
        self._wake()
        for step_ms in self._press.steps_ms:
            self._frame(HOLD_MS, step_ms)
            self._now_ms += REST_MS

    def _gaps(self) -> None:
        """Press again and again; from the second press on SHUTTER closes a step after it opened."""
        self._wake()
        lead_ms = self._press.lead_ms
        self._frame(self._press.hold_ms, lead_ms)
        for step_ms in self._press.steps_ms:
            self._now_ms += step_ms - (0 if self._press.fires_alone else lead_ms)
            self._frame(self._press.hold_ms, lead_ms)

    def _frames(self, count: int) -> None:
        self._wake()
        for _ in range(count):
            self._frame(self._press.hold_ms, LEAD_MS)
            self._now_ms += REST_MS

    def _bulb(self) -> None:
        self._wake()
        self._frame(_BULB_MS, LEAD_MS)
        self._now_ms += _BULB_MS
        self._frame(HOLD_MS, LEAD_MS)  # long enough for a picture in bulb too

    def _sleeps(self) -> None:
        self._wake()
        self._frame(HOLD_MS, LEAD_MS)
        for step_ms in self._press.steps_ms:
            self._idle(step_ms)
            self._frame(HOLD_MS, self._press.lead_ms)

    def _idle(self, for_ms: int) -> None:
        """Wait from when the last contact has opened, which is FOCUS where that closes: so a body counts."""
        self._now_ms += for_ms + (0 if self._press.fires_alone else SEPARATION_MS)

    def _wakes(self) -> None:
        """Let the body fall asleep before each step; a half-press wakes it, and SHUTTER closes a step later."""
        self._wake()
        for step_ms in self._press.steps_ms:
            self._idle(self._press.gap_ms)
            if self._press.fires_alone:
                self._close(Line.FOCUS, self._now_ms, step_ms // 2)
                self._now_ms += step_ms
            self._frame(HOLD_MS, step_ms)

    def _rehearsal(self) -> None:
        self._wake()
        for _ in range(REHEARSED):
            self._frame(self._press.hold_ms, self._press.lead_ms)
            self._now_ms += self._press.gap_ms
