"""Reads a proof: what is likely of the body by now, and what the ladders say. Pure; asks nothing.

A reading is made for each question and each verdict, and computes what it is asked for once.
"""

from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from controller.prove.belief import Said, Topic, likeliest, misfits, weigh
from controller.prove.body import BODY, CONTINUOUS_AF, NO_FOCUS, SINGLE_AF, STILL, Body
from controller.prove.press import ASLEEP, CONTINUOUS, CUT, MANUAL, MIRROR, REVIEW_OFF, SETUP, SWAPPED, TIMER, Press
from controller.prove.proof import Proof
from controller.prove.shares import Key, shares, where
from controller.prove.topics import FIRST, LADDERS

SURE, LIKELY, SUSPECTED = 0.97, 0.6, 0.15
_WORTH_A_LOOK = 0.1  # that the lens is on MF: once it was not seen to move, its switch is looked at
# So often must the lens have been seen to stay, its switch looked at, before the rest is asked; the rehearsal is one
# more look, and with it a half-press counts as one that does not focus, if the rear button moved the lens so often.
LOOKS, REARS = 4, 2
_CAPPED = 3  # so often must the covered lens have kept the body from firing before it counts as in AF-S
_FIRED = 2  # pictures of a press of the set-up, if nothing is wrong


class Count(NamedTuple):
    """What a ladder says: the shortest step that worked and the next one, None beyond its ends; whether all agree.

    `numbers` are the answers that bear on it.
    """

    works_ms: int | None
    fails_ms: int | None
    agrees: bool
    numbers: tuple[int, ...]


def _says(hypothesis: Any) -> Any:
    return hypothesis[0] if isinstance(hypothesis, tuple) else hypothesis


class Reading:
    """What a proof says so far."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        last = proof.entries[-1].press if proof.entries else None
        self._told = last.put_right if last is not None else ()
        self._told_once = frozenset(self._told)
        self._swapped = last.swaps if last is not None else 0

    @cached_property
    def _live(self) -> list[tuple[int, Said]]:
        return self.proof.live()

    def said(self, *kinds: str) -> list[Said]:
        """Return the answers that count to presses of these kinds."""
        return [said for _, said in self._live if said.press.kind in kinds]

    def numbers(self, *kinds: str) -> tuple[int, ...]:
        """Return their numbers."""
        return tuple(number for number, said in self._live if said.press.kind in kinds)

    # -- the body ----------------------------------------------------------------------------------------------

    @cached_property
    def _setup(self) -> tuple[Said, ...]:
        return tuple(self.said(*SETUP))

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """How likely each hypothesis about the body is."""
        return weigh(BODY, self._setup)

    @cached_property
    def _shares(self) -> dict[Key, float]:
        return shares(self._setup)

    @cached_property
    def likeliest(self) -> Body:
        """The likeliest one."""
        body: Body = likeliest(BODY, self.weights)
        return body

    def _chance(self, name: str, what: str = "") -> float:
        """Return how likely it is that something holds for the body now."""
        if name == "wrong" and what in self._told:
            return 0
        told = self._told_once if name == "anything wrong" else frozenset()
        key = (name, what, told, self._swapped % 2 if name == "wires" else 0)
        chance = self._shares.get(key)
        if chance is None:
            chance = sum(map(self.weights.__getitem__, where(*key)))
            self._shares[key] = chance
        return chance

    @cached_property
    def put_right(self) -> tuple[str, ...]:
        """What the owner is to have put right before the next press."""
        wrong = (MANUAL, ASLEEP, TIMER, REVIEW_OFF, CONTINUOUS, MIRROR)
        # The one hides every picture, the other every move of the lens, and looking after them costs nothing.
        limits = {REVIEW_OFF: SUSPECTED, MANUAL: _WORTH_A_LOOK}
        new = [each for each in wrong if each not in self._told and self._is_wrong(each) > limits.get(each, LIKELY)]
        return (*self._told, *new)

    @cached_property
    def swaps(self) -> int:
        """How often he is to have swapped the wires before it."""
        return self._swapped + int(self.is_swapped > 0.8 and self._swapped < 3)  # noqa: PLR2004 - then he gives up

    def now(self, press: Press) -> Press:
        """Return a press as it is asked now: with what is put right by then."""
        return replace(press, put_right=self.put_right, swaps=self.swaps)

    @cached_property
    def is_swapped(self) -> float:
        """How likely it is that the wires are swapped now."""
        return self._chance("wires", SWAPPED)

    def _is_wrong(self, mistake: str) -> float:
        return self._chance("wrong", mistake)

    @cached_property
    def misfits(self) -> tuple[int, ...]:
        """The numbers of the answers that contradict what is likeliest of the body."""
        live = [(number, said) for number, said in self._live if said.press.kind in SETUP]
        wrong = misfits(BODY, self.likeliest, [said for _, said in live])
        return tuple(live[index][0] for index in wrong)

    @property
    def fires_alone(self) -> bool | None:
        """Whether the body fires on SHUTTER alone; None if that is not sure."""
        return self._sure(self._chance("alone"))

    @property
    def wires_are_right(self) -> bool:
        """Whether both contacts surely reach their own."""
        return self._chance("wires", "") >= SURE

    @property
    def is_cut(self) -> bool:
        """Whether surely no contact reaches the body."""
        return self._chance("wires", CUT) >= SURE

    @property
    def is_single_af(self) -> bool:
        """Whether a half-press surely focuses in AF-S, so that a held one keeps the focus: seen twice."""
        blocked = [said.answer.pictures for said in self.said("capped") if said.answer.pictures is not None]
        return self.af == SINGLE_AF and len(blocked) >= _CAPPED and not any(blocked)

    @property
    def focuses(self) -> bool | None:
        """Whether a half-press focuses; None if that is not sure."""
        return self._sure(1 - self._has_af(STILL))

    @property
    def af(self) -> str | None:
        """What the half-press does; None if that is not sure."""
        sure = [af for af in (STILL, SINGLE_AF, CONTINUOUS_AF, NO_FOCUS) if self._has_af(af) >= 0.9]  # noqa: PLR2004
        return sure[0] if sure else None

    def _has_af(self, af: str) -> float:
        return self._chance("af", af)

    @cached_property
    def wrong_now(self) -> float:
        """How likely it is that something is still wrong at the dials; later presses wake the body by themselves."""
        return self._chance("anything wrong")

    @cached_property
    def looks(self) -> list[bool]:
        """What was seen of the lens in each half-press: whether it moved.

        That it stayed counts only if it was surely on AF, and the wires as they are now.
        """
        kinds = {"focus", "both", "own", "rehearsal", *(["alone"] if self.fires_alone else [])}
        return [
            said.answer.moved
            for said in self.said(*kinds)
            if said.answer.moved or (said.answer.moved is False and self._would_show(said.press))
        ]

    def _would_show(self, press: Press) -> bool:
        return MANUAL in press.put_right and (press.swaps - self._swapped) % 2 == 0

    @property
    def rears(self) -> list[bool]:
        """What was seen of the lens while the rear button was pressed, surely on AF: whether it moved."""
        said = [each for each in self.said("rear") if MANUAL in each.press.put_right]
        return [each.answer.moved for each in said if each.answer.moved is not None]

    @property
    def saw_it_fire(self) -> bool:
        """Whether the box was seen to fire as it should, since all that pictures depend on was put right."""
        right = set(self.put_right).intersection((TIMER, REVIEW_OFF, CONTINUOUS, MIRROR))
        return any(
            said.answer.pictures == _FIRED and said.press.swaps == self.swaps and right <= set(said.press.put_right)
            for said in self.said(*SETUP)
            if said.press.rule.closes
        )

    @property
    def saw_it_move(self) -> bool:
        """Whether a single answer says that a half-press moved the lens, whatever the others say."""
        kinds = ("alone", "focus", "both", "reversed", "own", "rehearsal")
        return any(said.answer.moved for said in self.said(*kinds))

    @property
    def is_still(self) -> bool:
        """Whether a half-press surely leaves the lens alone: seen often enough, and never otherwise."""
        if self.focuses is not False or self.saw_it_move:
            return False
        return len(self.looks) > LOOKS and sum(self.rears) >= REARS

    @staticmethod
    def _sure(chance: float) -> bool | None:
        return True if chance >= SURE else False if chance <= 1 - SURE else None

    # -- the rest ----------------------------------------------------------------------------------------------

    def weigh(self, topic: Topic, *kinds: str) -> tuple[Any, float, tuple[int, ...]]:
        """Return the likeliest hypothesis of a topic, how likely what it says is, and the answers that contradict it.

        What it says is its first field; the others are about how the camera was left.
        """
        live = [(number, said) for number, said in self._live if said.press.kind in kinds]
        said = [each for _, each in live if not each.answer.cannot]
        weights = weigh(topic, said)
        best = likeliest(topic, weights)
        wrong = misfits(topic, best, [each for _, each in live])
        pairs = zip(weights, topic.hypotheses, strict=True)
        chance = sum(weight for weight, each in pairs if _says(each) == _says(best))
        return best, chance, tuple(live[index][0] for index in wrong)

    def counts(self, kind: str) -> list[tuple[int, Said, int]]:
        """Return the answers to a ladder: number, press and answer, and how many steps worked."""
        rows = [(number, said) for number, said in self._live if said.press.kind == kind]
        return [
            (number, said, min(max(0, (said.answer.pictures or 0) - FIRST.get(kind, 0)), len(said.press.steps_ms)))
            for number, said in rows
            if said.answer.pictures is not None
        ]

    def count(self, kind: str) -> Count | None:
        """Return what a ladder says, by the most careful answer of those that agree; None if nothing is known.

        Two answers agree if they are no more than a step apart.
        """
        rows = self.counts(kind)
        if not rows:
            return None
        steps = rows[0][1].press.steps_ms
        found = sorted(count for _, _, count in rows)
        agrees = found[-1] - found[0] <= 1
        pairs = [low for low, high in pairwise(found) if high - low <= 1]
        count = found[0] if agrees or not pairs else pairs[0]
        works = steps[count - 1] if count else None
        fails = steps[count] if count < len(steps) else None
        return Count(works, fails, agrees, tuple(number for number, _, _ in rows))

    @property
    def shortest_press(self) -> Count | None:
        """The shortest press that fires, by both ladders of it."""
        short, long = self.count("press"), self.count("long press")
        if short is None or short.works_ms is not None or long is None:
            return short
        fails_ms = long.fails_ms if long.fails_ms is not None else short.fails_ms
        return Count(long.works_ms, fails_ms, short.agrees and long.agrees, short.numbers + long.numbers)

    @cached_property
    def used_press_ms(self) -> int | None:
        """How long the box should press."""
        return self.used_ms(self.shortest_press, "press")

    @cached_property
    def used_lead_ms(self) -> int | None:
        """How long FOCUS should lead."""
        return self.used_ms(self.count("lead"), "lead")

    def used_ms(self, count: Count | None, kind: str) -> int | None:
        """Return the step above the shortest one that works: what the box should use, and rehearses."""
        if count is None or count.works_ms is None:
            return None
        steps = sorted({*LADDERS[kind], *(LADDERS["long press"] if kind == "press" else ())})
        longer = [step for step in steps if step > count.works_ms]
        return longer[0] if longer else count.works_ms * 3 // 2
