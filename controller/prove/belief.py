"""Weighs hypotheses by answers that may be wrong, and tells how much a press would say. Knows no camera.

A topic is a list of hypotheses of which one is true. Each predicts what a press shows: for each thing that is asked,
the values it allows. Topics are weighed apart from each other, so that none of them is large.
"""

import math
import operator
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from controller.prove.answer import Answer
from controller.prove.press import LAGS, PICTURES, Press

# How often a person's answer is taken to be wrong. More than most people need, so that one answer decides nothing.
WRONG = 0.06
_NEGLIGIBLE = 1e-9

Shown = tuple[tuple[str, frozenset[Any]], ...]  # the values that a hypothesis allows, by what is asked
NOTHING: Shown = ()  # the press says nothing about it


class Topic(NamedTuple):
    """Hypotheses, how likely each is beforehand, and what each predicts of a press; compared by name.

    `merge` may return a simpler press, and for each hypothesis the number of one that predicts the same of that.
    """

    name: str
    hypotheses: tuple[Any, ...]
    prior: tuple[float, ...]
    predict: Callable[[Any, Press], Shown]
    merge: Callable[[Press], tuple[Press, tuple[int, ...]]] | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Topic) and other.name == self.name


class Said(NamedTuple):
    """A press and the answer to it."""

    press: Press
    answer: Answer


@lru_cache(maxsize=256)
def predictions(topic: Topic, press: Press) -> tuple[tuple[Shown, ...], tuple[int, ...]]:
    """Return the different predictions of a press, and for each hypothesis the number of its own."""
    if topic.merge is not None:
        simpler, same = topic.merge(press)
        if simpler != press:
            shown, own = predictions(topic, simpler)
            return shown, tuple(map(own.__getitem__, same))
    numbers: dict[Shown, int] = {}
    own = tuple([numbers.setdefault(topic.predict(each, press), len(numbers)) for each in topic.hypotheses])
    return tuple(numbers), own


def weigh(topic: Topic, said: Iterable[Said]) -> tuple[float, ...]:
    """Return how likely each hypothesis is after these answers; they add up to 1."""
    return _after(topic, tuple(Said(plain(press), answer) for press, answer in said))


@lru_cache(maxsize=64)
def _after(topic: Topic, said: tuple[Said, ...]) -> tuple[float, ...]:
    if not said:
        return topic.prior
    weights, (press, answer) = _after(topic, said[:-1]), said[-1]
    shown, own = predictions(topic, press)
    factors = [_likelihood(each, press, answer) for each in shown]
    weighed = [weight * factors[number] for weight, number in zip(weights, own, strict=True)]
    total = sum(weighed)
    return tuple([weight / total for weight in weighed])


def misfits(topic: Topic, hypothesis: Hashable, said: Sequence[Said]) -> list[int]:
    """Return the numbers of the answers that this hypothesis does not predict."""
    return [number for number, (press, answer) in enumerate(said) if not _fits(topic, hypothesis, press, answer)]


def gain(topic: Topic, weights: Sequence[float], press: Press) -> float:
    """Return how many bits of information the answer to a press is expected to give."""
    simple = plain(press)
    joint, noise = _answers(topic, simple)
    masses = [sum(map(weights.__getitem__, group)) for group in _groups(topic, simple)]
    heavy = [(mass, joint[number]) for number, mass in enumerate(masses) if mass > _NEGLIGIBLE]
    likely = [sum([mass * chances[at] for mass, chances in heavy]) for at in range(len(joint[0]))]
    expected: float = _entropy(likely) - sum(map(operator.mul, masses, noise))
    return expected


@lru_cache(maxsize=256)
def _groups(topic: Topic, press: Press) -> tuple[tuple[int, ...], ...]:
    """Return for each prediction the numbers of the hypotheses that make it."""
    shown, own = predictions(topic, press)
    groups: list[list[int]] = [[] for _ in shown]
    for hypothesis, number in enumerate(own):
        groups[number].append(hypothesis)
    return tuple(map(tuple, groups))


@lru_cache(maxsize=512)
def _answers(topic: Topic, press: Press) -> tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]:
    """Return for each prediction how likely each possible answer is, and how uncertain the answer is then."""
    shown, _ = predictions(topic, press)
    asked = [name for name in press.rule.asks if name != LAGS]
    joint = []
    for each in shown:
        chances = [_chances(dict(each).get(name), name, press) for name in asked]
        joint.append(tuple(math.prod(picks) for picks in product(*chances)))
    return tuple(joint), tuple(map(_entropy, joint))


@lru_cache(maxsize=512)
def plain(press: Press) -> Press:
    """Return the same press without what no hypothesis knows, so that equal ones are equal."""
    return Press(press.kind, steps_ms=press.steps_ms, put_right=tuple(sorted(press.put_right)), swaps=press.swaps % 2)


def press_again(press: Press, number: int | None) -> Press:
    """Return the same press, asked again because of the answer with that number."""
    return replace(press, again=number)


def likeliest(topic: Topic, weights: Sequence[float]) -> Any:
    """Return the hypothesis with the greatest weight."""
    return topic.hypotheses[weights.index(max(weights))]


def _values(name: str, press: Press) -> range:
    """Return the values that an answer may have, as numbers."""
    return range(press.rule.most + 1) if name == PICTURES else range(2)


def given(name: str, press: Press, answer: Answer) -> int | None:
    """Return what an answer says about one thing, as a number; of pictures, at most as many as are told apart."""
    value = getattr(answer, name)
    return None if value is None else min(int(value), press.rule.most) if name == PICTURES else int(value)


def _likelihood(shown: Shown, press: Press, answer: Answer) -> float:
    factor = 1.0
    for name, allowed in shown:
        value = given(name, press, answer)
        if value is not None:
            factor *= _chance(allowed, value, len(_values(name, press)))
    return factor


def _fits(topic: Topic, hypothesis: Hashable, press: Press, answer: Answer) -> bool:
    pairs = ((allowed, given(name, press, answer)) for name, allowed in topic.predict(hypothesis, plain(press)))
    return all(value is None or value in allowed for allowed, value in pairs)


def _chance(allowed: frozenset[Any], value: int, count: int) -> float:
    if len(allowed) >= count:
        return 1 / count
    return (1 - WRONG) / len(allowed) if value in allowed else WRONG / (count - len(allowed))


def _chances(allowed: frozenset[Any] | None, name: str, press: Press) -> list[float]:
    values = _values(name, press)
    if allowed is None:
        return [1 / len(values)] * len(values)
    return [_chance(allowed, value, len(values)) for value in values]


def _entropy(chances: Sequence[float]) -> float:
    return -sum(chance * math.log2(chance) for chance in chances if chance)
