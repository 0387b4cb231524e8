"""Topic: which contacts fire this body, what a half-press does to its lens, and how it was left set.

One hypothesis is one body. The order in which contacts close matters: a body that needs FOCUS is taken to fire only
if FOCUS closes first (Sony's guide says so). On one that fires in either order, only the lens tells that the wires
are swapped.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from controller.prove.belief import NOTHING, Shown, Topic
from controller.prove.press import (
    ASLEEP,
    CONTINUOUS,
    CUT,
    LATE,
    MANUAL,
    MIRROR,
    MOVED,
    ON_MF,
    PICTURES,
    REVIEW_OFF,
    SWAPPED,
    TIMER,
    Press,
)

# What a half-press does: nothing (back-button focus); it focuses, and a body in AF-S then fires, in AF-C fires at
# once; or it seeks focus and finds none, and the body does not fire.
STILL, SINGLE_AF, CONTINUOUS_AF, NO_FOCUS = "still", "AF-S", "AF-C", "no focus"
_AF = {STILL: 0.6, SINGLE_AF: 0.22, CONTINUOUS_AF: 0.1, NO_FOCUS: 0.08}
_WIRES = {"": 0.93, SWAPPED: 0.05, CUT: 0.02}
_DRIVES = {"": 0.92, CONTINUOUS: 0.05, MIRROR: 0.03}
_MISTAKES = {MANUAL: 0.08, ASLEEP: 0.1, TIMER: 0.06, REVIEW_OFF: 0.06}
_SLOW = 0.2  # the share of bodies whose review comes more than 2 s after the picture, at times

_TWICE = 2
_MANY = frozenset([3])  # three pictures or more


class Body(NamedTuple):
    """A body, its wires, its lens and its dials: what is wrong before anything was put right."""

    fires_alone: bool
    af: str
    wires: str
    drive: str
    mistakes: frozenset[str]
    is_slow: bool

    @property
    def focuses(self) -> bool:
        """Whether a half-press moves the lens while it is on AF."""
        return self.af != STILL

    def wires_after(self, swaps: int) -> str:
        """Return how it is wired once the wires were swapped that often."""
        if self.wires == CUT or swaps % 2 == 0:
            return self.wires
        return "" if self.wires == SWAPPED else SWAPPED

    def wrong_after(self, put_right: Collection[str]) -> frozenset[str]:
        """Return what is still wrong at the dials once these were put right."""
        drive = {self.drive} - {""}
        return (self.mistakes | drive).difference(put_right)


def _bodies() -> Iterator[tuple[Body, float]]:
    flags: list[Mapping[Any, float]] = [dict.fromkeys((False, True), 0.5), _AF, _WIRES, _DRIVES]
    mistakes: list[Mapping[Any, float]] = [{"": 1 - share, mistake: share} for mistake, share in _MISTAKES.items()]
    slow: Mapping[Any, float] = {False: 1 - _SLOW, True: _SLOW}
    for picks in product(*(table.items() for table in (*flags, *mistakes, slow))):
        values = [value for value, _ in picks]
        chance = 1.0
        for _, share in picks:
            chance *= share
        alone, af, wires, drive, *wrong, is_slow = values
        left = frozenset(str(each) for each in wrong if each)
        yield Body(bool(alone), str(af), str(wires), str(drive), left, bool(is_slow)), chance


class _Contacts(NamedTuple):
    """What reaches the body: whether SHUTTER does, FOCUS does, and which comes first; and how often."""

    shutter: bool
    focus: bool
    focus_first: bool
    times: int


_PLAIN = {
    "alone": _Contacts(True, False, False, _TWICE),
    "focus": _Contacts(False, True, True, 1),
    "both": _Contacts(True, True, True, _TWICE),
    "capped": _Contacts(True, True, True, _TWICE),
    "on MF": _Contacts(True, True, True, _TWICE),
    "alone on MF": _Contacts(True, False, False, _TWICE),
    "own": _Contacts(True, True, True, _TWICE),
    "reversed": _Contacts(True, True, False, _TWICE),
}
_NONE = _Contacts(False, False, False, 0)


def _reaching(kind: str, wires: str) -> _Contacts:
    plain = _PLAIN[kind]
    if kind == "own" or wires == "":
        return plain
    if wires == CUT:
        return _NONE
    return _Contacts(plain.focus, plain.shutter, not plain.focus_first, plain.times)


def predicted(body: Body, press: Press) -> Shown:
    """Return what a press shows on this body."""
    wrong = body.wrong_after(press.put_right)
    on_mf = MANUAL in wrong
    if press.kind == "rear":
        return ((MOVED, frozenset([not on_mf])),)
    if press.kind not in _PLAIN:
        return NOTHING
    contacts = _reaching(press.kind, body.wires_after(press.swaps))
    focuses = body.focuses and not on_mf and ON_MF not in press.rule.needs
    is_half_pressed = contacts.focus or (contacts.shutter and body.fires_alone)
    pictures, may_be_late, must_be_late = _pictures(body, contacts, wrong, press.kind, focuses=focuses)
    shown: list[tuple[str, frozenset[bool] | frozenset[int]]] = [
        (PICTURES, frozenset([0]) if REVIEW_OFF in wrong else pictures)
    ]
    if MOVED in press.rule.asks:
        shown.append((MOVED, frozenset([focuses and is_half_pressed])))
    if LATE in press.rule.asks and REVIEW_OFF not in wrong and pictures != {0}:
        shown.append((LATE, frozenset([True] if must_be_late else [False, True] if may_be_late else [False])))
    return tuple(shown)


def _pictures(
    body: Body, contacts: _Contacts, wrong: frozenset[str], kind: str, *, focuses: bool
) -> tuple[frozenset[int], bool, bool]:
    """Return how many pictures may come, whether the first may be late, and whether it must be."""
    none = frozenset([0])
    fires = contacts.shutter and (body.fires_alone or (contacts.focus and contacts.focus_first))
    is_blocked = focuses and (body.af == NO_FOCUS or (kind == "capped" and body.af == SINGLE_AF))
    if not fires or is_blocked:
        return none, False, False
    presses = frozenset([contacts.times])
    if ASLEEP in wrong and kind != "own" and not (contacts.focus and contacts.focus_first):
        presses = frozenset(range(contacts.times))  # the first press wakes it, the second may come too soon
    if TIMER in wrong:
        late = {0, 1} if 0 in presses else {1}
        few = late | ({2} if presses == {_TWICE} else set())  # a timer of 2 s is over before the second press
        return frozenset(few) if MIRROR not in wrong else frozenset([0, 1]), True, True
    if CONTINUOUS in wrong:
        return frozenset({*_MANY} | ({0} if 0 in presses else set())), body.is_slow, False
    if MIRROR in wrong:
        return frozenset(number // _TWICE for number in presses), body.is_slow, False
    return presses, body.is_slow, False


_ALL = tuple(_bodies())
_NUMBERS = {body: number for number, (body, _) in enumerate(_ALL)}


@lru_cache(maxsize=64)
def _put_right(told: tuple[str, ...], swaps: int) -> tuple[int, ...]:
    """Return for each body the number of what it is once these mistakes were put right."""
    return tuple(
        _NUMBERS[
            body._replace(
                wires=body.wires_after(swaps),
                drive="" if body.drive in told else body.drive,
                mistakes=body.mistakes.difference(told),
            )
        ]
        for body, _ in _ALL
    )


def _merge(press: Press) -> tuple[Press, tuple[int, ...]]:
    return Press(press.kind), _put_right(press.put_right, press.swaps)


BODY = Topic("body", tuple(body for body, _ in _ALL), tuple(chance for _, chance in _ALL), predicted, _merge)
