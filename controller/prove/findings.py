"""What a proof has found: values for keys of the profile, how each was found, and whether all presses agree."""

import statistics
from collections.abc import Iterator
from typing import NamedTuple

from config.profile_keys import LONGEST_MS
from controller.prove.belief import misfits, weigh
from controller.prove.parts import OTHER_BULB, lag_of, shown
from controller.prove.press import HOLD_MS, REHEARSED, SETUP
from controller.prove.reading import Count, Reading
from controller.prove.topics import BULB, HELD, LAMP, LAMP_STEP_MS, MIRROR_UP, MIRROR_WAIT
from hardware.clock import MILLISECOND_NS

_SPREAD_NS = 20 * MILLISECOND_NS  # of a lag that is one lag: jitter, not an autofocus in some of the frames
_LEAST_LAGS = 5
_SLEEPS_AT_ONCE_S = 2  # a body that sleeps before the shortest wait of 3 s
_TOPIC_SURE = 0.8
_LAG_SURE = 0.9
_LAMP_SLACK_MS = 8  # half of the three steps within which the lamp tells the lag


class Finding(NamedTuple):
    """A value of a key, how it was found, the numbers of the answers that bear on it, and whether all agree.

    `agrees` also needs enough of them for a value that makes the box less careful. A value of the profile within
    `bounds` is as true, and stands.
    """

    key: str
    value: object
    how: str
    numbers: tuple[int, ...]
    agrees: bool
    bounds: tuple[int, int] | None = None


def findings(reading: Reading) -> Iterator[Finding]:
    """Yield what was found about each key; nothing of a body whose wires are not surely right."""
    if not reading.wires_are_right:
        return
    yield from _release(reading)
    yield from _held(reading)
    yield from _times(reading)
    yield from _bulb(reading)
    yield from _mirror(reading)
    yield from _sleep(reading)
    yield from _lag(reading)


def is_rehearsed(reading: Reading) -> bool | None:
    """Return whether frames as the box would fire them were all taken; None if that is not known."""
    counts = [said.answer.pictures for said in reading.said("rehearsal", "locked rehearsal")]
    known = [pictures for pictures in counts if pictures is not None]
    return all(pictures == REHEARSED for pictures in known) if known else None


def _release(reading: Reading) -> Iterator[Finding]:
    numbers = reading.numbers(*SETUP)
    agrees = not reading.misfits and len(reading.said("alone")) > 0 and len(reading.said("both")) > 0
    is_still = reading.is_still and agrees
    alone = reading.fires_alone
    if alone is not None and agrees:
        how = "SHUTTER alone takes pictures" if alone else "SHUTTER alone takes none, FOCUS before it does"
        yield Finding("shutter_alone_fires", alone, how, numbers, agrees)
    if alone and is_still:
        how = f"SHUTTER alone takes pictures, and the lens stayed in {len(reading.looks)} half-presses"
        yield Finding("focus_held_during_release", False, how, numbers, agrees)
    else:
        is_needed = alone is False and agrees
        how = "FOCUS is needed to fire" if is_needed else "it is not proven that a half-press moves no lens"
        yield Finding("focus_held_during_release", True, how, numbers, is_needed)


def _held(reading: Reading) -> Iterator[Finding]:
    held, chance, wrong = reading.weigh(HELD, "held")
    said = reading.said("held")
    if not any(each.answer.pictures is not None for each in said) or chance < _TOPIC_SURE:
        return
    over_lock = reading.said("locked rehearsal")
    agrees = not wrong and (held.must_open or (bool(over_lock) and is_rehearsed(reading) is True))
    how = f"three presses over a closed FOCUS took {'one picture' if held.must_open else 'three'}"
    yield Finding("release_focus_between_shots", held.must_open, how, reading.numbers("held"), agrees)


def _times(reading: Reading) -> Iterator[Finding]:
    is_whole = is_rehearsed(reading) is True
    press, lead, gap = reading.shortest_press, reading.count("lead"), reading.count("gap")
    rows = (
        ("shutter_min_ms", press, "press"),
        ("shutter_default_ms", press, "press"),
        ("half_press_lead_min_ms", lead, "lead"),
        ("half_press_lead_ms", lead, "lead"),
        ("min_gap_ms", gap, "gap"),
    )
    for key, count, kind in rows:
        used_ms = reading.used_ms(count, kind)  # what is rehearsed, so that nothing shorter gets into a profile
        if count is None or count.works_ms is None or used_ms is None:
            continue
        if kind == "lead" and reading.fires_alone is not False:
            continue
        least_ms = count.works_ms if count.fails_ms is not None else 1  # nothing shorter is known to fail
        bounds = (used_ms, LONGEST_MS) if key == "shutter_default_ms" else (least_ms, used_ms)
        value = count.works_ms if key == "half_press_lead_min_ms" else used_ms
        yield Finding(key, value, _told(count, kind), count.numbers, count.agrees and is_whole, bounds)


def _told(count: Count, kind: str) -> str:
    what = {"press": "presses", "lead": "leads", "gap": "gaps", "bulb": "bulbs", "wake": "wakes"}[kind]
    fails = "" if count.fails_ms is None else f", of {count.fails_ms} ms not"
    return f"{what} of {count.works_ms} ms work{fails}"


def _bulb(reading: Reading) -> Iterator[Finding]:
    said, numbers = reading.said("bulb"), reading.numbers("bulb")
    if any(each.answer.cannot for each in said):
        yield Finding("bulb", "none", "the camera has no bulb", numbers, len(said) == 1)
        return
    bulb, chance, wrong = reading.weigh(BULB, "bulb")
    if not shown(reading, "bulb") or chance < _TOPIC_SURE or bulb.kind == "none":
        return
    enough = 1 if bulb.kind == reading.proof.bulb else OTHER_BULB
    how = (
        "SHUTTER held for 3 s exposes for as long"
        if bulb.kind == "hold"
        else "one press opens it, the next closes it"
    )
    yield Finding("bulb", bulb.kind, how, numbers, not wrong and shown(reading, "bulb") >= enough)
    least = reading.count("short bulb")
    shortest = reading.shortest_press
    if bulb.kind == "hold" and least is not None and least.works_ms is not None and least.fails_ms is not None:
        is_longer = shortest is None or shortest.works_ms is None or least.works_ms > shortest.works_ms
        if is_longer:
            yield Finding("bulb_min_ms", least.works_ms, _told(least, "bulb"), least.numbers, least.agrees)


def _mirror(reading: Reading) -> Iterator[Finding]:
    said, numbers = reading.said("mirror"), reading.numbers("mirror")
    if any(each.answer.cannot for each in said):
        how = "the camera has no setting in which a press raises the mirror"
        yield Finding("mirror_up.kind", _unraised(reading), how, numbers, len(said) == 1)
        return
    mirror, chance, wrong = reading.weigh(MIRROR_UP, "mirror")
    if not said or chance < _TOPIC_SURE:
        return
    if not mirror.is_raised:
        yield Finding("mirror_up.kind", _unraised(reading), "two presses took two pictures", numbers, not wrong)
        return
    enough = 1 if reading.proof.mirror == "press-press" else 2
    how = "two presses took one picture"
    yield Finding("mirror_up.kind", "press-press", how, numbers, not wrong and shown(reading, "mirror") >= enough)
    exposes, chance, wrong = reading.weigh(MIRROR_WAIT, "mirror wait")
    if reading.said("mirror wait") and chance >= _TOPIC_SURE:
        how = f"after one press {'a' if exposes else 'no'} picture came by itself within 34 s"
        waits = reading.numbers("mirror wait")
        yield Finding("mirror_up.on_timeout", "exposes" if exposes else "drops", how, waits, not wrong)


def _unraised(reading: Reading) -> str:
    """Return the kind of a mirror that no press raises: as the profile has it, if that is such a kind."""
    known = reading.proof.mirror
    return known if known in ("self-timer-2s", "exposure-delay") else "none"


def _sleep(reading: Reading) -> Iterator[Finding]:
    asleep = reading.count("sleep")
    if asleep is None or asleep.fails_ms is None:
        return
    works_s = _SLEEPS_AT_ONCE_S if asleep.works_ms is None else asleep.works_ms // HOLD_MS
    how = f"it took a press after {works_s} s, and none after {asleep.fails_ms // HOLD_MS} s"
    bounds = (works_s, asleep.fails_ms // HOLD_MS - 1)
    yield Finding("wake.meter_off_default_s", works_s, how, asleep.numbers, asleep.agrees, bounds)
    wake = reading.count("wake")
    used_ms = reading.used_ms(wake, "wake")
    if wake is not None and wake.works_ms is not None and used_ms is not None:
        how, bounds = _told(wake, "wake"), (wake.works_ms, used_ms)
        yield Finding("wake.lead_ms", used_ms, how, wake.numbers, wake.agrees, bounds)


def _lag(reading: Reading) -> Iterator[Finding]:
    lags = [lag for said in reading.said("flash") for lag in said.answer.lags_ns]
    if len(lags) >= _LEAST_LAGS:
        median_ms = max(1, round(statistics.median(lags) / MILLISECOND_NS))
        spread_ns = max(lags) - min(lags)
        how = f"median of {len(lags)} by the flash contact, spread {spread_ns / MILLISECOND_NS:.1f} ms"
        yield Finding("exposure_lag_ms", median_ms, how, reading.numbers("flash"), spread_ns <= _SPREAD_NS)
        return
    said = reading.said("lamp")
    lag_ms, chance = lag_of(weigh(LAMP, said))
    if said and chance >= _LAG_SURE:
        how = f"by {len(said)} pictures of the lamp, to within {_LAMP_SLACK_MS} ms"
        bounds = (lag_ms - _LAMP_SLACK_MS, lag_ms + _LAMP_SLACK_MS)
        agrees = not lamp_misfits(reading)
        yield Finding("exposure_lag_ms", max(1, lag_ms), how, reading.numbers("lamp"), agrees, bounds)


def lamp_misfits(reading: Reading) -> tuple[int, ...]:
    """Return the numbers of the answers about the lamp that fit no lag near the likeliest one.

    Near is one step beyond its bounds: a lag that strays by a few milliseconds is on both sides of a bound.
    """
    said = reading.said("lamp")
    lag_ms, _ = lag_of(weigh(LAMP, said))
    most_ms = _LAMP_SLACK_MS + LAMP_STEP_MS
    near = [each for each in LAMP.hypotheses if abs(each + LAMP_STEP_MS / 2 - lag_ms) <= most_ms]
    odd = [set(misfits(LAMP, each, said)) for each in near]
    numbers = reading.numbers("lamp")
    return tuple(numbers[index] for index in sorted(set.intersection(*odd)))
