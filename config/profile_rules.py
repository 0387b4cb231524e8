"""Checks the keys of a camera profile against each other, and works out the grade of each key.

Expects keys that are valid by themselves. Knows no file.
"""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from config.errors import ConfigError, quoted
from config.kinds import in_sentence
from config.profile import USABLE
from config.profile_keys import DEFAULTS, GRADES, Facts, flattened, rule_of
from config.units import did_you_mean

_ENTRY = re.compile(r"([a-z]\w*(?:\.\w+)?)(?: \(.*\))?")
_EVERYTHING = "everything"
# FOCUS opens 5 ms after SHUTTER, and has to be open for a while before it closes for the next press.
_LEAST_GAP_MS = 10
_CONTACTS = ("pins.focus", "pins.shutter", "pins.ground")

# The first must not be below the second; both are times.
_NOT_BELOW = (
    ("half_press_lead_ms", "half_press_lead_min_ms"),
    ("shutter_default_ms", "shutter_min_ms"),
    ("mirror_up.timeout_s", "mirror_up.settle_min_ms"),
    ("mirror_up.timeout_s", "mirror_up.first_press_ms"),
    ("keep_awake.every_s", "keep_awake.pulse_ms"),
)

# The first has a meaning only if the second has one of these values.
_ONLY_WITH: tuple[tuple[str, str, tuple[object, ...]], ...] = (
    ("mirror_up.first_press_ms", "mirror_up.kind", ("press-press",)),
    ("mirror_up.settle_min_ms", "mirror_up.kind", ("press-press",)),
    ("mirror_up.timeout_s", "mirror_up.kind", ("press-press",)),
    ("mirror_up.on_timeout", "mirror_up.kind", ("press-press",)),
    ("mirror_up.must_release_between", "mirror_up.kind", ("press-press",)),
    ("bulb_min_ms", "bulb", ("hold", "toggle")),
    ("bulb_max_s", "bulb", ("hold", "toggle")),
    ("bulb_with_mirror_up", "bulb", ("hold", "toggle")),
)
ONLY_WITH_BULB = tuple(key for key, other, _ in _ONLY_WITH if other == "bulb")


def value_of(flat: Facts, key: str) -> object:
    """Return the value of the key, or its default; None if it has neither."""
    return flat.get(key, DEFAULTS.get(key))


def nanoseconds(flat: Facts, key: str) -> int | None:
    """Return the time of the key, or its default; None if it has neither."""
    count = value_of(flat, key)
    return None if count is None else cast("int", count) * rule_of(key).unit_ns


def contradictions(flat: Facts) -> Iterator[str]:
    """Yield a sentence with the remedy for each pair of keys that contradict each other."""
    yield from _of_release(flat)
    yield from _of_wiring(flat)
    yield from _of_times(flat)
    for key, least in _NOT_BELOW:
        time_ns, least_ns = nanoseconds(flat, key), nanoseconds(flat, least)
        if time_ns is not None and least_ns is not None and time_ns < least_ns:
            bound = _value_text(flat, least)
            yield f"{key}: {_value_text(flat, key)} is shorter than {least}, which is {bound}; raise it"
    for key, other, values in _ONLY_WITH:
        if key in flat and value_of(flat, other) not in values:
            remedy = "leave it out" if "extends" not in flat else f"leave it out, or write without = [{quoted(key)}]"
            yield f"{key}: has no meaning where {other} is {_value_text(flat, other)}; {remedy}"
    if "mirror_up.on_timeout" in flat and "mirror_up.timeout_s" not in flat:
        yield "mirror_up.on_timeout: needs mirror_up.timeout_s; add it to say after how long"


def _of_times(flat: Facts) -> Iterator[str]:
    """Check the time between two presses."""
    gap_ms = cast("int", value_of(flat, "min_gap_ms"))
    if gap_ms < _LEAST_GAP_MS:
        rule = f"FOCUS opens after SHUTTER, so the box needs {_LEAST_GAP_MS} ms between two presses"
        yield f"min_gap_ms: {gap_ms} is too short; {rule}; raise it"


def _of_release(flat: Facts) -> Iterator[str]:
    held, alone = value_of(flat, "focus_held_during_release"), flat.get("shutter_alone_fires")
    if held is False and alone is not True:
        value = "false" if alone is False else "not given"
        rule = f"since shutter_alone_fires is {value}, nothing would fire"
        yield f"focus_held_during_release: false is wrong: {rule}; set one of them to true"


def _of_wiring(flat: Facts) -> Iterator[str]:
    supported = flat["supported"]
    if supported not in USABLE:
        if "why_not" not in flat:
            yield f"why_not: is missing; explain in a sentence why supported is {in_sentence(supported)}"
        return
    if "why_not" in flat:
        yield f"why_not: contradicts supported, which is {in_sentence(supported)}; remove one of them"
    if "ladder_ohm" in flat:
        rule = 'a resistor ladder is "needs-other-hardware"'
        yield f"supported: {in_sentence(supported)} contradicts ladder_ohm; {rule}"
    admitted = () if supported == "yes" else _keys_in(flat, "unknown")
    missing = [key for key in _CONTACTS if key not in flat and not {key, "pins"} & {*admitted}]
    if missing:
        remedy = "name the contact" + (", or list pins under unknown" if supported != "yes" else "")
        yield f"{', '.join(missing)}: is missing, and a usable profile needs it; {remedy}"
    contacts = [flat[key] for key in _CONTACTS if key in flat]
    if len(set(map(str, contacts))) < len(contacts):
        yield f"pins: {', '.join(map(in_sentence, contacts))} are not three different contacts; each needs its own"


def _value_text(flat: Facts, key: str) -> str:
    value = value_of(flat, key)
    if value is None:
        return "not given"
    return in_sentence(value) if key in flat else f"{in_sentence(value)} (assumed)"


def _entries(flat: Facts, grade: str) -> list[str]:
    return cast("list[str]", flat.get(grade, []))


def _keys_in(flat: Facts, grade: str) -> list[str]:
    """Return the keys that a list names; skips free text."""
    return [match[1] for entry in _entries(flat, grade) if (match := _ENTRY.fullmatch(entry))]


def doubts(flat: Facts) -> tuple[tuple[str, str], ...]:
    """Return pairs of grade and entry for entries with a remark or in free text; bare keys are left out."""
    return tuple(
        (grade_name, entry)
        for grade, grade_name in GRADES.items()
        for entry in _entries(flat, grade)
        if "(" in entry or not _ENTRY.fullmatch(entry)
    )


def wrong_grades(flat: Facts) -> Iterator[str]:
    """Yield a sentence for each list entry that names an unknown key, a missing key, or an already graded one."""
    seen: dict[str, str] = {}
    for grade in GRADES:
        for key in _keys_in(flat, grade):
            fault = _wrong_entry(flat, grade, key)
            if fault:
                yield f"{grade}: {fault}"
            elif key in seen:
                yield f"{grade}: {quoted(key)} is also listed under {seen[key]}; keep one of them"
            seen[key] = grade


def _wrong_entry(flat: Facts, grade: str, key: str) -> str:
    if key == _EVERYTHING:
        return ""
    try:
        if not rule_of(key).is_gradable:
            return f"{quoted(key)} is not a fact about the camera; remove it"
    except ConfigError as error:
        return str(error)
    if grade == "unknown" and key in flat:
        return f"{quoted(key)} has a value in this file; remove one of the two"
    if grade != "unknown" and key not in flat:
        return f"{quoted(key)} has no value in this file; add one, or remove it from the list"
    return ""


def grades(flat: Facts, own: Facts, below: Mapping[str, str]) -> dict[str, str]:
    """Return the grade of each key that has a value or a default.

    `own` are the facts of the file whose lists are in `flat`; keys it does not mention keep their grade from `below`.
    """
    listed = {key: GRADES[grade] for grade in GRADES if grade != "unknown" for key in _keys_in(flat, grade)}
    graded = {key: _grade(listed, key, own, below) for key in flat if rule_of(key).is_gradable}
    return graded | {key: "assumed" for key in DEFAULTS if key not in flat}


def _grade(listed: Mapping[str, str], key: str, own: Facts, below: Mapping[str, str]) -> str:
    grade = listed.get(key) or listed.get(key.partition(".")[0])
    if grade is None and key not in own:
        grade = below.get(key)
    return grade or listed.get(_EVERYTHING, "ungraded")


def inherited(below: Facts, without: list[str]) -> dict[str, object]:
    """Return the facts of the extended profile without these keys; ConfigError for a key it does not have."""
    facts = {key: {**raw} if isinstance(raw, dict) else raw for key, raw in below.items()}
    for key in without:
        table, _, tail = key.partition(".")
        inside = facts.get(table) if tail else facts
        if not isinstance(inside, dict) or (tail or table) not in inside:
            names = did_you_mean(key, flattened(below))
            raise ConfigError(f"without: {quoted(key)} is not a key of the profile it extends{names}")
        del inside[tail or table]
    return facts


def still_unknown(flat: Facts, own: Facts) -> list[str]:
    """Return the entries under `unknown` for which `own` has no value."""
    return [entry for entry in _entries(flat, "unknown") if not {*_ENTRY.findall(entry)[:1]} & {*own}]
