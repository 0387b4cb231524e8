"""The lag watch on random bodies that focus in a tenth of their frames. `make search-lags` compares rules on thousands.

A number draws a body, its calibration and its frames, as lags in milliseconds. What is counted is what a rule finds of
the frames that focused, and what it suspects of the others.
"""

import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from support import play

from controller.core.calibrating import FRAMES, measure
from controller.core.lag_watch import Usual
from hardware.virtual.flash import Flash
from hardware.virtual.quirks import Quirks

MS = 1_000_000
FOCUSES = 0.1  # of the frames, those of the calibration too
FOCUSING_MS = 147  # an EOS-1D: 201 ms with AF, 54 without
LEFT_MS = 47  # the same, where FOCUS closes 100 ms ahead of SHUTTER

Chance = random.Random
BODIES: dict[str, Callable[[Chance], float]] = {
    "steady": lambda chance: chance.gauss(0, 0.7),
    "5 ms either way": lambda chance: chance.uniform(-5, 5),
    "normal, 5 ms": lambda chance: chance.gauss(0, 5),
    "asks every 10 ms": lambda chance: chance.choice((-5, 5)) + chance.gauss(0, 0.5),
    "late by 5 ms and more, once in 20": lambda chance: (
        chance.gauss(0, 1) + (chance.expovariate(1 / 5) if chance.random() < 0.05 else 0)
    ),
    "a picture of 30 a second": lambda chance: chance.uniform(-16.7, 16.7),
    "normal, 15 ms": lambda chance: chance.gauss(0, 15),
}

Rule = Callable[[Sequence[int]], Callable[[int], bool]]


@dataclass
class Tally:
    """How many frames focused, and how many not; and how many of each were suspected."""

    focused: int = 0
    found: int = 0
    others: int = 0
    false: int = 0

    def add(self, *, focused: bool, suspected: bool) -> None:
        if focused:
            self.focused, self.found = self.focused + 1, self.found + suspected
        else:
            self.others, self.false = self.others + 1, self.false + suspected


def ours(lags_ns: Sequence[int]) -> Callable[[int], bool]:
    """Return the rule of the box, from the lags of a calibration."""
    measured = measure(lags_ns, FRAMES)
    assert measured is not None
    latest_ns = Usual(measured.median_ns, measured.spread_ns).latest_ns
    return lambda lag_ns: lag_ns > latest_ns


def limit(floor_ms: float, deviations: float, *, both: bool = False) -> Rule:
    """Return a rule: later (or on `both` sides off) by more than a floor and so many median deviations."""

    def rule(lags_ns: Sequence[int]) -> Callable[[int], bool]:
        usual = median(lags_ns)
        allowed = max(floor_ms * MS, deviations * median(abs(each - usual) for each in lags_ns))
        return lambda lag_ns: lag_ns - usual > allowed or (both and usual - lag_ns > allowed)

    return rule


def by_range(lags_ns: Sequence[int]) -> Callable[[int], bool]:
    """Later than the latest of the calibration by 10 ms."""
    most_ns = max(lags_ns)
    return lambda lag_ns: lag_ns > most_ns + 10 * MS


def by_deviation(lags_ns: Sequence[int]) -> Callable[[int], bool]:
    """Later than the mean by 4 standard deviations of the calibration, or by 5 ms."""
    mean = sum(lags_ns) / len(lags_ns)
    deviation = (sum((each - mean) ** 2 for each in lags_ns) / (len(lags_ns) - 1)) ** 0.5
    return lambda lag_ns: lag_ns > mean + max(5 * MS, 4 * deviation)


def following(lags_ns: Sequence[int]) -> Callable[[int], bool]:
    """As the rule of the box, from the median of the last 15 lags that were not suspected."""
    usual = median(lags_ns)
    allowed = max(30 * MS, 5 * median(abs(each - usual) for each in lags_ns))
    kept: list[int] = [round(usual)] * 15

    def suspects(lag_ns: int) -> bool:
        if lag_ns - median(kept) > allowed:
            return True
        kept.append(lag_ns)
        del kept[0]
        return False

    return suspects


RULES: dict[str, Rule] = {
    "ours: 30 ms or 5 deviations": ours,
    "30 ms": limit(30, 0),
    "25 ms or 5 deviations": limit(25, 5),
    "20 ms or 5 deviations": limit(20, 5),
    "10 ms or 5 deviations": limit(10, 5),
    "5 deviations": limit(0, 5),
    "10 deviations": limit(0, 10),
    "30 ms or 10 deviations": limit(30, 10),
    "4 standard deviations": by_deviation,
    "10 ms over the latest": by_range,
    "ours, on both sides": limit(30, 5, both=True),
    "ours, following": following,
}


def search(
    rule: Rule,
    body: str,
    seeds: range,
    frames: int = 200,
    *,
    focusing_ms: float = FOCUSING_MS,
    drift_ms: float = 0,
    shift_ms: float = 0,
) -> Tally:
    """Count what a rule finds on the bodies of these numbers; their lags drift, and are shifted against calibration."""
    tally, stray = Tally(), BODIES[body]
    for seed in seeds:
        chance = Chance(f"{body} {focusing_ms} {seed}")
        base = chance.uniform(50, 120)

        def lag_ns(*, focuses: bool, chance: Chance = chance, base: float = base) -> int:
            focusing = max(0.0, chance.gauss(focusing_ms, focusing_ms / 6)) if focuses else 0
            return max(0, round((base + stray(chance) + focusing) * MS))

        suspects = rule([lag_ns(focuses=chance.random() < FOCUSES) for _ in range(FRAMES)])
        for frame in range(frames):
            focuses = chance.random() < FOCUSES
            moved_ns = round((shift_ms + drift_ms * frame / frames) * MS)
            tally.add(focused=focuses, suspected=suspects(lag_ns(focuses=focuses) + moved_ns))
    return tally


def body_of(seed: int) -> Quirks:
    """Return the virtual body that a number draws: it focuses in a tenth of its frames, and its lag strays."""
    chance = Chance(f"body {seed}")
    lag_ns, jitter_ns = chance.randint(40, 120) * MS, chance.choice((1, 5, 10, 16)) * MS
    return Quirks(
        opening_lag_ns=lag_ns, jitter_ns=jitter_ns, focuses_percent=10, focusing_ns=FOCUSING_MS * MS, seed=seed
    )


def played(seed: int, frames: int = 300) -> Tally:
    """Calibrate that body with the whole box on its bench, keep what it offers, and count in a run what it suspects."""
    body = body_of(seed)
    calibration = play("at 0s hold back 1s\nat 2s > calibrate", flash=Flash(), quirks=body)
    kept = [f"at 0s > {each}" for each in re.findall(r"set camera\.\w+ [\w.]+", calibration.narration)]
    assert len(kept) == 2
    run = ["at 0s hold back 1s", "at 0s > set interval.every 1s", f"at 0s > set interval.count {frames}"]
    outcome = play("\n".join([*kept, *run, "at 2s > start"]), flash=Flash(), quirks=replace(body, seed=seed + 10**6))
    tally, longest_ns = Tally(), body.opening_lag_ns + body.jitter_ns
    for frame, (_, due_ns, became) in zip(outcome.frames, outcome.slots, strict=True):
        assert became in ("confirmed", "suspected")
        tally.add(focused=frame["at_ns"] - due_ns > longest_ns, suspected=became == "suspected")
    return tally


def main(seeds: int) -> None:
    """Print the table of the decision: for each rule and body the share found and that of false alarms."""
    tallies = [played(seed) for seed in range(seeds)]
    found, focused, false, others = (
        sum(getattr(each, name) for each in tallies) for name in ("found", "focused", "false", "others")
    )
    print(f"the whole box: found {found} of {focused}, false {false} of {others}")
    print(f"  bodies with less than all found: {[k for k, each in enumerate(tallies) if each.found < each.focused]}")
    columns = [(body, {"focusing_ms": ms}) for body in BODIES for ms in (FOCUSING_MS, LEFT_MS)]
    columns += [("steady", {"drift_ms": 20}), ("steady", {"drift_ms": 60}), ("steady", {"shift_ms": 15})]
    columns += [("steady", {"shift_ms": -40}), ("5 ms either way", {"drift_ms": 20})]
    for body, how in columns:
        print(f"{body}, {', '.join(f'{name} {value}' for name, value in how.items())}")
        for name, rule in RULES.items():
            tally = search(rule, body, range(seeds), **how)
            found, false = 100 * tally.found / tally.focused, 100 * tally.false / tally.others
            print(f"  {name:<28} {found:6.2f} % of {tally.focused}   false {false:7.3f} % of {tally.others}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
