"""A person in front of the virtual camera: sets it as he is told, looks at lens and screen, and says what he saw.

He forgets things (the body's mistakes) until he is told of them, is sometimes wrong, and sometimes does not know.
Knows the body, not why he is asked.
"""

import random
from collections.abc import Collection
from dataclasses import replace

from config.record import dataclass
from hardware.clock import MILLISECOND_NS, SECOND_NS
from hardware.timeline import Edge, Line, Timeline
from hardware.virtual.camera import Dials, Drive, Exposure, VirtualCamera
from hardware.virtual.quirks import ASLEEP, CUT, MANUAL, REVIEW_OFF, SWAPPED, Quirks

_LATE_NS = 2 * SECOND_NS
_LONG_NS = 3 * SECOND_NS // 2
_OFTEN_BY_ONE = 0.7  # the share of miscounts that are off by one
_SAYS_NONE = 0.5  # how often he says "none" if the screen stays dark, and not that he does not know
_LIGHT_NS = 2 * SECOND_NS  # how long the box's lamp is lit
_FLASH_NOISE_NS = MILLISECOND_NS // 5


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, and what is asked: the names of the fields of Seen.

    `timeline` is what the box closes. With `by_hand` he presses the camera's own button twice instead; without either
    he presses the rear button that focuses. He watches for `watch_ns` longer, and counts up to `most` pictures.
    """

    asks: tuple[str, ...]
    timeline: Timeline | None = None
    by_hand: bool = False
    dials: Dials = Dials()
    is_on_mf: bool = False
    is_capped: bool = False
    lamp_ns: int | None = None
    watch_ns: int = 12 * SECOND_NS
    most: int = 9


@dataclass(frozen=True, slots=True)
class Seen:
    """What he says: pictures, whether the lens moved, and so on; None where he does not know."""

    pictures: int | None = None
    moved: bool | None = None
    late: bool | None = None
    is_long: bool | None = None
    lit: bool | None = None
    cannot: bool = False
    lags_ns: tuple[int, ...] = ()


class VirtualOwner:
    """Owns the body `quirks`; of his answers the shares `wrong` and `unknown` are wrong and "I don't know"."""

    def __init__(self, quirks: Quirks, *, seed: int = 0, wrong: float = 0, unknown: float = 0) -> None:
        self.quirks = quirks
        self._chance = random.Random(f"owner {seed}")  # noqa: S311 - a person's mistakes, no secret
        self._wrong = wrong
        self._unknown = unknown
        self._put_right: frozenset[str] = frozenset()
        self._swaps = 0

    def put_right(self, mistakes: Collection[str], swaps: int) -> None:
        """Put these mistakes right, and swap the wires until they have been swapped that often."""
        self._put_right |= frozenset(mistakes) - {SWAPPED, CUT}
        left = self.quirks.mistakes - self._put_right
        if (swaps - self._swaps) % 2 and CUT not in left:
            left ^= {SWAPPED}
        self._swaps = swaps
        self.quirks = replace(self.quirks, mistakes=left)

    def do(self, task: Task) -> Seen:
        """Do it, and say what he saw."""
        body = self.quirks
        is_bulb = task.dials.drive is Drive.BULB
        if (is_bulb and body.bulb == "none") or (task.dials.mirror_up and body.mirror is None):
            return Seen(cannot=True)
        if task.timeline is None and not task.by_hand:
            truth = Seen(moved=MANUAL not in body.mistakes)
        else:
            truth = _Watched(body, task, self._chance.getrandbits(32)).seen()
        if REVIEW_OFF in body.mistakes and truth.pictures is not None:
            says_none = self._chance.random() < _SAYS_NONE
            truth = replace(truth, pictures=0 if says_none else None, late=None, is_long=None, lit=None)
        return self._said(truth, task)

    def _said(self, truth: Seen, task: Task) -> Seen:
        said = {name: getattr(truth, name) for name in task.asks}
        for name, value in said.items():
            if value is None or name == "lags_ns":
                continue
            if self._chance.random() < self._unknown:
                said[name] = None
            elif self._chance.random() < self._wrong:
                said[name] = self._miscounted(value, task.most) if name == "pictures" else not value
        return Seen(**said)

    def _miscounted(self, count: int, most: int) -> int:
        near = [each for each in (count - 1, count + 1) if 0 <= each <= most]
        others = [each for each in range(most + 1) if each != count]
        return self._chance.choice(near if self._chance.random() < _OFTEN_BY_ONE else others)


class _Watched:
    """A task that is performed once, on a body that is awake unless nobody wakes it, and what there is to see."""

    def __init__(self, body: Quirks, task: Task, seed: int) -> None:
        self._task = task
        mistakes = body.mistakes | ({MANUAL} if task.is_on_mf else set())
        if task.by_hand:
            mistakes -= {SWAPPED, CUT, ASLEEP}
        succeeds = body.autofocus_succeeds and not task.is_capped
        self._body = replace(body, mistakes=frozenset(mistakes), autofocus_succeeds=succeeds, seed=seed)
        self._pictures: list[Exposure] = []
        self._opened_ns: list[int] = []
        self._closings_ns: list[int] = []
        self._noise = random.Random(seed)  # noqa: S311 - of a measurement
        timeline = task.timeline if task.timeline is not None else _by_hand()
        self._shutter_ns = [edge.at_ns for edge in timeline if edge.line is Line.SHUTTER and edge.closed]
        camera = VirtualCamera(self._body, on_exposure=self._pictures.append, on_open=self._opened_ns.append)
        camera.dials = self._body.dials(task.dials)
        camera.focus_dialled_in()
        for edge in timeline:
            camera.step(edge.at_ns - 1)
            camera.line_changed(edge.line, edge.closed, edge.at_ns)
            if edge.closed:
                self._closings_ns.append(edge.at_ns)
        camera.step(timeline.end_ns + task.watch_ns)
        self._moved = camera.lens_has_moved
        camera.finish(timeline.end_ns + task.watch_ns)

    def seen(self) -> Seen:
        """Return the truth about everything that may be asked."""
        pictures = self._pictures
        first = pictures[0] if pictures else None
        return Seen(
            pictures=min(len(pictures), self._task.most),
            moved=self._moved,
            late=None if first is None else self._is_late(first),
            is_long=any(picture.exposure_ns >= _LONG_NS for picture in pictures),
            lit=None if first is None or self._task.lamp_ns is None else self._is_lit(first, self._task.lamp_ns),
            lags_ns=tuple(self._lags()),
        )

    def _is_late(self, picture: Exposure) -> bool:
        """Whether it shows more than 2 s after the contact closed that took it, or the timer was started."""
        pressed_ns = [at_ns for at_ns in self._closings_ns if at_ns <= picture.at_ns]
        return picture.at_ns + self._body.review_ns - pressed_ns[-1] > _LATE_NS

    def _is_lit(self, picture: Exposure, lamp_ns: int) -> bool:
        on_ns = self._shutter_ns[0] + lamp_ns
        return picture.at_ns < on_ns + _LIGHT_NS and on_ns < picture.at_ns + picture.exposure_ns

    def _lags(self) -> list[int]:
        """Return what a flash contact on the sync input measures."""
        lags = []
        for opened_ns in self._opened_ns:
            before = [at_ns for at_ns in self._shutter_ns if at_ns <= opened_ns]
            if before:
                lags.append(opened_ns - before[-1] + self._noise.randint(0, _FLASH_NOISE_NS))
        return lags


def _by_hand() -> Timeline:
    """Return what a finger does on the camera's own button: half-press, full press; twice."""
    edges = []
    for at_s in (0, 4):
        edges += [Edge(at_s * SECOND_NS, Line.FOCUS, True), Edge((at_s + 1) * SECOND_NS, Line.SHUTTER, True)]
        edges += [Edge((at_s + 2) * SECOND_NS, Line.SHUTTER, False), Edge((at_s + 2) * SECOND_NS, Line.FOCUS, False)]
    return Timeline(tuple(edges))
