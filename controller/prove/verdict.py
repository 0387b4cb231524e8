"""The verdict: what the answers amount to, what contradicts, and the overlay of the profile that follows.

An overlay holds keys of a camera profile; merged over the profile it makes the box more careful, or as careful,
except where every press that bears on a key agrees. `careful` has the table.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from config.profile import Profile
from config.profile_keys import Facts, flattened
from config.profile_read import Layer, check_values, layered, profile_of
from config.profile_rules import ONLY_WITH_BULB, value_of
from controller.prove.careful import Care, compared, may_take
from controller.prove.findings import Finding, findings, is_rehearsed, lamp_misfits
from controller.prove.proof import Proof
from controller.prove.reading import Reading
from controller.prove.text import described, said_of_body
from controller.prove.topics import BULB, HELD, MIRROR_UP, MIRROR_WAIT

UNDATED = "unknown"  # the day of a proof on a box whose clock is not set


class Judged(NamedTuple):
    """A finding beside the profile: how careful it is, and whether the overlay takes it."""

    finding: Finding
    care: Care
    is_taken: bool


class Verdict(NamedTuple):
    """What a proof amounts to.

    `back_button_focus` and `continuous_af` are what it would state of the set-up, None where it is not proven; a body
    that focuses counts as in AF-C until AF-S is proven. `sentences` say what is concluded and why, `contradictions`
    which answers do not fit.
    """

    back_button_focus: bool | None
    continuous_af: bool | None
    sentences: tuple[str, ...]
    contradictions: tuple[str, ...]
    judged: tuple[Judged, ...]
    facts: Facts  # of the profile, flat


class Overlay(NamedTuple):
    """Keys for a profile of the box's own that extends `extends`, and how each was proven, on `body` at `date`."""

    extends: str
    body: str
    date: str
    values: tuple[tuple[str, object], ...]
    how: tuple[tuple[str, str], ...]

    def document(self, below: Layer) -> dict[str, Any]:
        """Return it as the document of a profile that extends the one below."""
        document: dict[str, Any] = {"extends": self.extends}
        for key, value in self.values:
            table, _, tail = key.partition(".")
            if tail:
                document.setdefault(table, {})[tail] = value
            else:
                document[key] = value
        flat = flattened(below.facts)
        left_out = [key for key in ONLY_WITH_BULB if key in flat] if ("bulb", "none") in self.values else []
        if left_out:
            document["without"] = left_out
        document["proven"] = [f"{key} ({how})" for key, how in self.how]
        document["proof"] = {"body": self.body, "date": self.date}
        return document


def verdict(proof: Proof, below: Layer) -> Verdict:
    """Return what a proof amounts to beside the profile `below`."""
    reading = Reading(proof)
    facts = flattened(below.facts)
    judged = []
    for found in findings(reading):
        finding = _as_known(found, facts)
        care = compared(finding.key, finding.value, facts)
        judged.append(Judged(finding, care, may_take(finding.key, care, agrees=finding.agrees)))
    return Verdict(
        _back_button_focus(reading),
        _continuous_af(reading),
        (*said_of_body(reading), *(finding.how for finding, _, _ in judged)),
        tuple(_contradictions(reading)),
        tuple(judged),
        facts,
    )


def _as_known(finding: Finding, facts: Facts) -> Finding:
    """Return a finding with the profile's value, if that lies within its bounds."""
    before = compared(finding.key, finding.value, facts).before
    if finding.bounds is None or not isinstance(before, int):
        return finding
    low, high = finding.bounds
    return finding._replace(value=before) if low <= before <= high else finding


def overlay(given: Verdict, proof: Proof, date: str) -> Overlay | None:
    """Return the overlay that a verdict yields, None if it yields none."""
    taken = [each.finding for each in given.judged if each.is_taken]
    taken = [each for each in taken if _has_meaning(each.key, {found.key: found.value for found in taken}, given)]
    if not taken:
        return None
    values = tuple((each.key, each.value) for each in taken)
    return Overlay(proof.profile, proof.body, date, values, tuple((each.key, each.how) for each in taken))


def _has_meaning(key: str, values: Mapping[str, object], given: Verdict) -> bool:
    """Return whether a key has a meaning beside the others, by the rules of profiles."""
    facts = given.facts
    if key == "bulb_min_ms":
        return values.get("bulb", value_of(facts, "bulb")) != "none"
    if key == "mirror_up.on_timeout":
        kind = values.get("mirror_up.kind", facts.get("mirror_up.kind"))
        return kind == facts.get("mirror_up.kind") == "press-press" and "mirror_up.timeout_s" in facts
    return True


def merged(below: Layer, above: Overlay, profile_id: str) -> Profile:
    """Return the profile with the overlay; ConfigError if they do not go together, by the rules of profiles."""
    document = above.document(below)
    check_values(profile_id, document)
    return profile_of(profile_id, layered(document, below))


def _back_button_focus(reading: Reading) -> bool | None:
    if not reading.wires_are_right or reading.misfits:
        return None
    if reading.focuses:
        return False
    return True if reading.is_still else None


def _continuous_af(reading: Reading) -> bool | None:
    if not reading.focuses:
        return None
    return not (reading.is_single_af and not reading.misfits)


def _contradictions(reading: Reading) -> Iterator[str]:
    for number in reading.misfits:
        press = reading.proof.entries[number].press
        yield f"answer {number + 1} ({described(press)}) does not fit the others"
    if reading.saw_it_move and reading.focuses is False:
        yield "once the lens was seen to move, and otherwise it stayed: a half-press counts as one that may focus"
    for kind in ("press", "long press", "lead", "gap", "short bulb", "sleep", "wake"):
        count = reading.count(kind)
        if count is not None and not count.agrees:
            numbers = ", ".join(str(number + 1) for number in count.numbers)
            yield f"answers {numbers} count the same ladder differently"
    if is_rehearsed(reading) is False:
        yield "frames as the box would fire them were not all taken, so one of the ladders was counted too well"
    for number in lamp_misfits(reading):
        yield f"answer {number + 1} (whether the lamp is lit) does not fit the others"
    for topic, kind in ((HELD, "held"), (BULB, "bulb"), (MIRROR_UP, "mirror"), (MIRROR_WAIT, "mirror wait")):
        for number in reading.weigh(topic, kind)[2]:
            press = reading.proof.entries[number].press
            yield f"answer {number + 1} ({described(press)}) does not fit the others"
