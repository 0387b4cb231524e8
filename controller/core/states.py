"""The two state machines of the box, as tables. Every change of a state is a row here.

`docs/states.md` is generated from these tables. `focusing`, `shooting` and `running` decide what the lines do at a
row, and refuse an input for which there is no row.
"""

from enum import Enum

from controller.core.machine import Row


class Focus(Enum):
    """The state of focus: what the photographer has done about it."""

    UNFOCUSED = "UNFOCUSED"
    FOCUSING = "FOCUSING"
    TRIMMING = "TRIMMING"
    DIALLED_IN = "DIALLED_IN"

    __hash__ = object.__hash__  # as `Line`


class Release(Enum):
    """The state of the release: what the shutter is doing."""

    IDLE = "IDLE"
    DELAYING = "DELAYING"
    MIRROR_UP = "MIRROR_UP"
    EXPOSING = "EXPOSING"
    RECOVERING = "RECOVERING"
    WAITING = "WAITING"
    PAUSED = "PAUSED"
    PROVING = "PROVING"
    FAULT = "FAULT"

    __hash__ = object.__hash__  # as `Line`


_EVERY_FOCUS = tuple(Focus)
_RESTS = (Release.IDLE, Release.DELAYING, Release.WAITING)
_FRAME = (Release.DELAYING, Release.MIRROR_UP, Release.EXPOSING, Release.RECOVERING)
_BUSY = (*_FRAME, Release.WAITING, Release.PAUSED, Release.PROVING)

# Facts: `factory` (half-press focuses), `tracks` (and in AF-C, so that a lock cannot hold the focus), `trim` (the
# technique), `fresh` (FOCUSING began at UNFOCUSED).
FOCUS_TABLE: tuple[Row[Focus], ...] = (
    Row("back_pressed", (Focus.UNFOCUSED,), Focus.FOCUSING, (), "FOCUS closes"),
    Row("back_pressed", (Focus.DIALLED_IN,), Focus.FOCUSING, ("not factory",), "FOCUS closes for a wake pulse"),
    Row("restored", (Focus.UNFOCUSED,), Focus.DIALLED_IN, ("not factory",), "an interrupted run is resumed; no edge"),
    Row("back_held", (Focus.TRIMMING,), Focus.FOCUSING, (), "held for `focus.min_hold`: focus again"),
    Row(
        "back_held",
        (Focus.DIALLED_IN,),
        Focus.FOCUSING,
        ("factory",),
        "held: the lock opens for the gap, then closes again",
    ),
    Row("back_let_go", (Focus.FOCUSING,), Focus.UNFOCUSED, ("tracks",), "no lock would hold the focus; FOCUS opens"),
    Row("back_let_go", (Focus.FOCUSING,), Focus.TRIMMING, ("trim",), "turn the ring, then tap `back`"),
    Row(
        "back_let_go",
        (Focus.FOCUSING,),
        Focus.DIALLED_IN,
        ("not trim",),
        "factory: FOCUS stays closed as the focus lock",
    ),
    Row("back_tapped", (Focus.TRIMMING,), Focus.DIALLED_IN, (), "accepted; no edge"),
    Row(
        "back_tapped",
        (Focus.FOCUSING,),
        Focus.UNFOCUSED,
        ("fresh", "factory"),
        "too short to focus; FOCUS opens",
    ),
    Row("back_tapped", (Focus.FOCUSING,), Focus.TRIMMING, ("fresh", "trim"), "focus was set on the camera"),
    Row("back_tapped", (Focus.FOCUSING,), Focus.DIALLED_IN, (), "focus was set on the camera, or has not changed"),
    Row(
        "cleared",
        _EVERY_FOCUS,
        Focus.UNFOCUSED,
        (),
        "tapped twice, `focus clear`, `focus.expires`; FOCUS opens",
    ),
    Row("lock_opened", _EVERY_FOCUS, Focus.UNFOCUSED, (), "a limit, `cut`, or the end of a run opened FOCUS"),
)

RELEASE_TABLE: tuple[Row[Release], ...] = (
    Row("delay", (Release.IDLE,), Release.DELAYING, (), "`shot.self_timer` counts down"),
    Row("raise_mirror", _RESTS, Release.MIRROR_UP, (), "by a press of its own; then it settles"),
    Row("expose", (*_RESTS, Release.MIRROR_UP), Release.EXPOSING, (), "the frame plays"),
    Row("recover", (Release.EXPOSING,), Release.RECOVERING, (), "SHUTTER is open; the gap of the profile"),
    Row("finish", (Release.DELAYING, Release.RECOVERING), Release.IDLE, (), "no run, or its last frame"),
    Row("strand", (Release.IDLE,), Release.MIRROR_UP, (), "a cut left the mirror up; wait until the body drops it"),
    Row("fall", (Release.MIRROR_UP,), Release.IDLE, (), "the body has dropped the mirror by itself"),
    Row("wait", (Release.IDLE, Release.RECOVERING, Release.PAUSED), Release.WAITING, (), "for the next slot"),
    Row("pause", (Release.WAITING, Release.RECOVERING), Release.PAUSED, (), "the grid keeps running"),
    Row("end", (Release.WAITING, Release.PAUSED), Release.IDLE, (), "the run is over"),
    Row("prove", (Release.IDLE,), Release.PROVING, (), "a press of a proof plays; any button cuts it"),
    Row("proved", (Release.PROVING,), Release.IDLE, (), "both lines are open again"),
    Row("cut", _BUSY, Release.IDLE, (), "both lines open now"),
    Row("fault", (Release.IDLE, *_BUSY), Release.FAULT, (), "something broke; both lines open"),
    Row("clear", (Release.FAULT,), Release.IDLE, (), "by a person"),
)
