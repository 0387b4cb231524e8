"""What contradicts what in a camera profile, and how well each of its keys is backed.

Knows the keys of a profile together, each of them valid by itself; knows no file.
"""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from config.errors import ConfigError, quoted
from config.kinds import shown
from config.profile import USABLE
from config.profile_keys import DEFAULTS, GRADES, Facts, flattened, rule_of
from config.units import did_you_mean

_ENTRY = re.compile(r"([a-z]\w*(?:\.\w+)?)(?: \(.*\))?")
_EVERYTHING = "everything"
_CONTACTS = ("pins.focus", "pins.shutter", "pins.ground")

# Where one says no more than a number, the first must not be below the second.
_NOT_BELOW = (
    ("half_press_lead_ms", "half_press_lead_min_ms"),
    ("shutter_default_ms", "shutter_min_ms"),
    ("mirror_up.timeout_s", "mirror_up.settle_min_ms"),
    ("mirror_up.timeout_s", "mirror_up.first_press_ms"),
    ("keep_awake.every_s", "keep_awake.pulse_ms"),
)

# The first is of no use unless the second is one of these.
_ONLY_WITH: tuple[tuple[str, str, tuple[object, ...]], ...] = (
    ("mirror_up.first_press_ms", "mirror_up.kind", ("press-press",)),
    ("mirror_up.settle_min_ms", "mirror_up.kind", ("press-press",)),
    ("mirror_up.timeout_s", "mirror_up.kind", ("press-press",)),
    ("mirror_up.on_timeout", "mirror_up.kind", ("press-press",)),
    ("mirror_up.must_release_between", "mirror_up.kind", ("press-press",)),
    ("bulb_max_s", "bulb", ("hold", "toggle")),
    ("bulb_with_mirror_up", "bulb", ("hold", "toggle")),
)


def value_of(flat: Facts, key: str) -> object:
    """What the key holds, or is assumed to hold; None if neither."""
    return flat.get(key, DEFAULTS.get(key))


def nanoseconds(flat: Facts, key: str) -> int | None:
    """The time a key holds, or is assumed to hold; None if neither."""
    count = value_of(flat, key)
    return None if count is None else cast("int", count) * rule_of(key).unit_ns


def contradictions(flat: Facts) -> Iterator[str]:
    """Every pair of keys that cannot both be true, a sentence each with what to do."""
    yield from _of_release(flat)
    yield from _of_wiring(flat)
    for key, least in _NOT_BELOW:
        time_ns, least_ns = nanoseconds(flat, key), nanoseconds(flat, least)
        if time_ns is not None and least_ns is not None and time_ns < least_ns:
            yield f"{key}: {_told(flat, key)} is shorter than {least}, which is {flat[least]}; raise it"
    for key, other, values in _ONLY_WITH:
        if key in flat and value_of(flat, other) not in values:
            remedy = "leave it out" if "extends" not in flat else f"leave it out, or write without = [{quoted(key)}]"
            yield f"{key}: means nothing where {other} is {_told(flat, other)}; {remedy}"
    if "mirror_up.on_timeout" in flat and "mirror_up.timeout_s" not in flat:
        yield "mirror_up.on_timeout: needs mirror_up.timeout_s beside it; say after how long"


def _of_release(flat: Facts) -> Iterator[str]:
    held, alone = value_of(flat, "focus_held_during_release"), flat.get("shutter_alone_fires")
    if held is False and alone is not True:
        told = "false" if alone is False else "not said"
        rule = f"where shutter_alone_fires is {told} nothing would fire"
        yield f"focus_held_during_release: false is wrong, {rule}; make one of them true"


def _of_wiring(flat: Facts) -> Iterator[str]:
    supported = flat["supported"]
    if supported not in USABLE:
        if "why_not" not in flat:
            yield f"why_not: is missing; say in a sentence why supported is {shown(supported)}"
        return
    if "why_not" in flat:
        yield f"why_not: contradicts supported, which is {shown(supported)}; leave one out"
    if "ladder_ohm" in flat:
        yield f'supported: {shown(supported)} contradicts ladder_ohm; resistors are "needs-other-hardware"'
    admitted = () if supported == "yes" else _keys_in(flat, "unknown")
    missing = [key for key in _CONTACTS if key not in flat and not {key, "pins"} & {*admitted}]
    if missing:
        remedy = "say which contact it is" + (", or list pins under unknown" if supported != "yes" else "")
        yield f"{', '.join(missing)}: is missing from a profile that can be used; {remedy}"
    contacts = [flat[key] for key in _CONTACTS if key in flat]
    if len(set(map(str, contacts))) < len(contacts):
        yield f"pins: {', '.join(map(shown, contacts))} are not three different contacts; each has its own"


def _told(flat: Facts, key: str) -> str:
    said = shown(value_of(flat, key)) if value_of(flat, key) is not None else "not said"
    return said if key in flat or said == "not said" else f"{said} (assumed)"


def _entries(flat: Facts, grade: str) -> list[str]:
    return cast("list[str]", flat.get(grade, []))


def _keys_in(flat: Facts, grade: str) -> list[str]:
    """The keys that a list names; what is free text is none."""
    return [match[1] for entry in _entries(flat, grade) if (match := _ENTRY.fullmatch(entry))]


def doubts(flat: Facts) -> tuple[tuple[str, str], ...]:
    """What the lists add in words: how it is backed, and the entry; a bare key is no doubt."""
    return tuple(
        (called, entry)
        for grade, called in GRADES.items()
        for entry in _entries(flat, grade)
        if "(" in entry or not _ENTRY.fullmatch(entry)
    )


def wrong_grades(flat: Facts) -> Iterator[str]:
    """Every entry of the lists that names no key, one that is not given, or one that is graded already."""
    seen: dict[str, str] = {}
    for grade in GRADES:
        for key in _keys_in(flat, grade):
            fault = _wrong_entry(flat, grade, key)
            if fault:
                yield f"{grade}: {fault}"
            elif key in seen:
                yield f"{grade}: {quoted(key)} is named under {seen[key]} too; keep one"
            seen[key] = grade


def _wrong_entry(flat: Facts, grade: str, key: str) -> str:
    if key == _EVERYTHING:
        return ""
    try:
        if not rule_of(key).is_said:
            return f"{quoted(key)} is no fact of a camera; take it out"
    except ConfigError as error:
        return str(error)
    if grade == "unknown" and key in flat:
        return f"{quoted(key)} is given all the same; take it out of one place"
    if grade != "unknown" and key not in flat:
        return f"{quoted(key)} is not given; take it out, or give it"
    return ""


def grades(flat: Facts, own: Facts, below: Mapping[str, str]) -> dict[str, str]:
    """How well each key that is given or assumed is backed, in words.

    `own` are the facts of the file whose lists stand in `flat`; what it does not touch is backed as it was `below`.
    """
    listed = {key: GRADES[grade] for grade in GRADES if grade != "unknown" for key in _keys_in(flat, grade)}
    said = {key: _grade(listed, key, own, below) for key in flat if rule_of(key).is_said}
    return said | {key: "assumed" for key in DEFAULTS if key not in flat}


def _grade(listed: Mapping[str, str], key: str, own: Facts, below: Mapping[str, str]) -> str:
    named = listed.get(key) or listed.get(key.partition(".")[0])
    if named is None and key not in own:
        named = below.get(key)
    return named or listed.get(_EVERYTHING, "ungraded")


def taken_over(below: Facts, without: list[str]) -> dict[str, object]:
    """The facts below without these keys; ConfigError where there is no such key."""
    facts = {key: {**raw} if isinstance(raw, dict) else raw for key, raw in below.items()}
    for key in without:
        table, _, tail = key.partition(".")
        inside = facts.get(table) if tail else facts
        if not isinstance(inside, dict) or (tail or table) not in inside:
            names = did_you_mean(key, flattened(below))
            raise ConfigError(f"without: {quoted(key)} is no key of the profile it extends{names}")
        del inside[tail or table]
    return facts


def still_unknown(flat: Facts, own: Facts) -> list[str]:
    """The entries under unknown that `own` does not make known."""
    return [entry for entry in _entries(flat, "unknown") if not {*_ENTRY.findall(entry)[:1]} & {*own}]
