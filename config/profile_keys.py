"""The keys of a camera profile, `cameras/ID.toml`: what each may hold, and its default.

Knows each key by itself; `profile_rules` checks keys against each other. Free texts are for people. Where the box
needs a decision, there is a key with a fixed set of words as well: `mirror_up.kind` and `.on_timeout` (its text is in
`.on_timeout_note`), `aeb.set_by` and `.stops_by_itself`, `bulb`.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from config.errors import ConfigError, quoted
from config.kinds import in_sentence
from config.profile import SUPPORTED
from config.units import MS_NS, S_NS, did_you_mean

Facts = Mapping[str, object]

# Used where a profile has no value.
DEFAULTS: Facts = {
    "half_press_lead_ms": 100,  # Camtraptions PIR v4 stills sequence
    "shutter_default_ms": 200,  # Timelapse+ firmware and Intervalometerator both hold 200 ms
    "min_gap_ms": 330,  # Timelapse+ firmware default
    "wake.hold_ms": 400,  # Intervalometerator WakeCamera()
    "wake.lead_ms": 800,  # Intervalometerator TakePhoto(): focus 800 ms before shutter
    "focus_held_during_release": True,  # fires every brand we read about; harmless where half-press does not focus
    "bulb": "hold",  # on every brand we read about
}

LONGEST_MS = 60_000
_LONGEST_S = 3_600

# The lists that grade how sure the keys are, and the names of the grades. An entry is a key, `KEY (remark)`, or free
# text; `everything` covers every key that no list names.
GRADES = {
    "proven": "proven",  # on the body that `proof` names, by its owner
    "confirmed": "confirmed",  # by two or more independent sources
    "single_source": "single source",
    "weak": "weak",  # one source, itself unverified
    "inferred": "inferred",  # our deduction; to be tested on a real body
    "unknown": "unknown",  # in every source read; the key is left out
}


class Rule(NamedTuple):
    """What one key may hold.

    `wanted` describes a valid value, for error messages. A time is a count of `unit_ns`. `is_gradable`: the key
    states a fact about the camera, so the lists of GRADES may name it.
    """

    wanted: str
    allows: Callable[[object], bool]
    needed: bool = False
    unit_ns: int = 0
    choices: tuple[str, ...] = ()
    is_gradable: bool = True


def _is_text(raw: object) -> bool:
    return isinstance(raw, str)


def _is_flag(raw: object) -> bool:
    return isinstance(raw, bool)


def _is_table(raw: object) -> bool:
    return isinstance(raw, dict)


def _is_texts(raw: object) -> bool:
    return isinstance(raw, list) and all(map(_is_text, raw))


def _is_plain(raw: object) -> bool:
    return isinstance(raw, str | int | float) or (isinstance(raw, list) and all(isinstance(n, int) for n in raw))


def _words(*choices: str, needed: bool = False) -> Rule:
    return Rule(f"one of {', '.join(choices)}", lambda raw: raw in choices, needed, choices=choices)


def _count(longest: int, unit_ns: int) -> Rule:
    # type, not isinstance: true is an int
    return Rule(
        f"a whole number from 1 to {longest}", lambda raw: type(raw) is int and 1 <= raw <= longest, unit_ns=unit_ns
    )


_NAME = Rule("text", _is_text, needed=True)
_TEXT = Rule("text", _is_text)
_FLAG = Rule("true or false", _is_flag)
_MS = _count(LONGEST_MS, MS_NS)
_S = _count(_LONGEST_S, S_NS)
_LIST = Rule("a list of texts", _is_texts)
_META = Rule("a list of texts", _is_texts, is_gradable=False)
_TABLE = Rule("a table", _is_table)
_PLAIN = Rule("text, a number, true or false, or a list of numbers", _is_plain)  # for people to read

KEYS: Mapping[str, Rule] = {
    "id": Rule("text", _is_text, is_gradable=False),
    "extends": Rule("the id of a camera profile", _is_text, is_gradable=False),
    "without": _META,  # keys of the extended profile that are not inherited
    "brand": _NAME,
    "connector": _NAME,
    "supported": _words(*SUPPORTED, needed=True),
    "why_not": _TEXT,
    "pins": _TABLE,
    "pins.focus": _PLAIN,
    "pins.shutter": _PLAIN,
    "pins.ground": _PLAIN,
    "pins.*": _PLAIN,
    "models": _LIST,
    "models_note": _TEXT,
    "shutter_alone_fires": _FLAG,
    "focus_held_during_release": _FLAG,
    "release_focus_between_shots": _FLAG,
    "half_press_lead_ms": _MS,
    "half_press_lead_min_ms": _MS,
    "shutter_min_ms": _MS,
    "shutter_default_ms": _MS,
    "min_gap_ms": _MS,
    "wake": _TABLE,
    "wake.via": _words("focus"),
    "wake.hold_ms": _MS,
    "wake.lead_ms": _MS,
    "wake.meter_off_default_s": _S,
    "wake.meter_off_seen_on": _TEXT,
    "keep_awake": _TABLE,
    "keep_awake.via": _words("focus"),
    "keep_awake.pulse_ms": _MS,
    "keep_awake.every_s": _S,
    "mirror_up": _TABLE,
    "mirror_up.kind": _words("press-press", "self-timer-2s", "exposure-delay", "user-asked", "none"),
    "mirror_up.enable": _TEXT,
    "mirror_up.first_press_ms": _MS,
    "mirror_up.settle_min_ms": _MS,
    "mirror_up.timeout_s": _S,
    "mirror_up.on_timeout": _words("drops", "exposes"),
    "mirror_up.on_timeout_note": _TEXT,
    "mirror_up.on_abort": _TEXT,
    "mirror_up.assert_focus": _FLAG,
    "mirror_up.must_release_between": _FLAG,
    "mirror_up.self_timer_auto_s": _S,
    "mirror_up.live_view": _TEXT,
    "mirror_up.mirrorless": _TEXT,
    "mirror_up.models": _LIST,
    "mirror_up.note": _TEXT,
    "exposure_delay": _TEXT,
    "bulb": _words("hold", "toggle", "none"),
    "bulb_min_ms": _MS,
    "bulb_max_s": _S,
    "bulb_with_mirror_up": _TEXT,
    "bulb_alternative": _TABLE,
    "bulb_alternative.mode": _TEXT,
    "bulb_alternative.kind": _words("hold", "toggle"),
    "bulb_alternative.note": _TEXT,
    "aeb": _TABLE,
    "aeb.set_by": _words("hold", "press"),
    "aeb.stops_by_itself": _FLAG,
    "aeb.*": _TEXT,
    "line": _TABLE,
    "line.*": _PLAIN,
    "ladder_ohm": _TABLE,
    "ladder_ohm.*": _PLAIN,
    "release_lag_ms": _TABLE,
    "release_lag_ms.example": _TEXT,
    "release_lag_ms.normal": _MS,
    "release_lag_ms.mirror_already_up": _MS,
    "exposure_lag_ms": _MS,
    "exposure_lag_note": _TEXT,
    "exposure_output": _TABLE,
    "exposure_output.active": _words("low", "high"),
    "exposure_output.min_ms": _MS,
    "exposure_output.*": _TEXT,
    "flash_sync": _TABLE,
    "flash_sync.*": _PLAIN,
    "notes": _TEXT,
    "bbf_setup": _LIST,
    "bbf_also": _LIST,
    "confidence": _words("high", "medium", "low", needed=True),
    **dict.fromkeys(GRADES, _META),
    "sources": _META,
    "proof": Rule("a table", _is_table, is_gradable=False),
    "proof.*": Rule("text", _is_text, is_gradable=False),
}

# Keys that a table must have, if the profile has the table.
NEEDED_INSIDE = (
    "keep_awake.pulse_ms",
    "keep_awake.every_s",
    "mirror_up.kind",
    "bulb_alternative.kind",
    "exposure_output.active",
)


def rule_of(key: str) -> Rule:
    """Return the rule for a key of a profile; ConfigError with a suggestion if the key is unknown."""
    table, dot, _ = key.partition(".")
    rule = KEYS.get(key) or (KEYS.get(f"{table}.*") if dot else None)
    if rule is None:
        names = [name for name in KEYS if not name.endswith("*")]
        raise ConfigError(f"unknown key {quoted(key)}{did_you_mean(key, names)}")
    return rule


def flattened(facts: Facts) -> dict[str, object]:
    """Return all keys with their values; keys inside a table get dotted names, and the table itself is kept."""
    flat = dict(facts)
    for name, table in facts.items():
        if isinstance(table, dict):
            flat |= {f"{name}.{tail}": raw for tail, raw in table.items()}
    return flat


def wrong_values(flat: Facts) -> Iterator[str]:
    """Yield a sentence for each key that is unknown or has an invalid value."""
    for key, raw in flat.items():
        try:
            rule = rule_of(key)
        except ConfigError as error:
            yield str(error)
            continue
        if not rule.allows(raw):
            hint = did_you_mean(raw, rule.choices) if isinstance(raw, str) else ""
            yield f"{key}: {in_sentence(raw)} is not {rule.wanted}{hint}"
        elif hidden := _hidden_in(_characters(key, raw)):
            yield f"{key}: contains {quoted(hidden)}, which a terminal would act on; remove it"


def _characters(key: str, raw: object) -> str:
    """Return all characters of a key and its text, or its list of texts."""
    texts = raw if isinstance(raw, list) else [raw]
    return "".join([key, *(text for text in texts if isinstance(text, str))])


def _hidden_in(text: str) -> str:
    """Return the first character that is hidden, or nothing."""
    return "" if text.isprintable() else next(filter(_is_hidden, text), "")


def _is_hidden(char: str) -> bool:
    """Whether a terminal does not show a character but acts on it: a control code, or one that turns text round."""
    return not char.isprintable() and char not in "\n\t" and unicodedata.category(char) != "Zs"


def missing(flat: Facts) -> Iterator[str]:
    """Yield a sentence for each key that the profile, or one of its tables, needs and does not have."""
    inside = (key for key in NEEDED_INSIDE if isinstance(flat.get(key.partition(".")[0]), dict))
    for key in (*(key for key, rule in KEYS.items() if rule.needed), *inside):
        if key not in flat:
            yield f"{key}: is missing; write {KEYS[key].wanted}"
