"""Cameras as data: what is known of one kind of remote port, read from `cameras/ID.toml`.

Knows the keys of a profile and what to assume where one is left out; knows no pin, state or setting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from config.errors import ConfigError, quoted
from config.kinds import shown
from config.units import MS_NS, did_you_mean

_FOLDER = Path(__file__).parent / "cameras"

# Where a profile has no sourced value.
_LEAD_MS = 100  # Camtraptions PIR v4 stills sequence
_HOLD_MS = 200  # Timelapse+ firmware and Intervalometerator both hold 200 ms
_GAP_MS = 330  # Timelapse+ firmware default
_WAKE_HOLD_MS = 400  # Intervalometerator WakeCamera()
_FOCUS_HELD = True  # fires every brand read; moves no lens where half-press does not focus

_LONGEST_MS = 60_000


@dataclass(frozen=True, slots=True)
class Profile:
    """What the box needs to know of a port; a fact nobody has found is None or the fall-back."""

    id: str
    brand: str
    connector: str
    supported: str
    shutter_alone_fires: bool | None
    focus_held_during_release: bool
    lead_ns: int
    hold_ns: int
    gap_ns: int
    wake_hold_ns: int
    models: tuple[str, ...]
    bbf_setup: tuple[str, ...]
    notes: str
    confidence: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one key of a profile may hold."""

    kind: type
    wanted: str
    choices: tuple[str, ...] = ()
    needed: bool = False

    def allows(self, raw: object) -> bool:
        """Whether the value fits; true is no number, a list holds only text, a time is within reason."""
        if type(raw) is not self.kind:
            return False
        match raw:
            case list():
                return all(isinstance(each, str) for each in raw)
            case int() if self.kind is int:
                return 1 <= raw <= _LONGEST_MS
        return not self.choices or raw in self.choices


def _words(*choices: str) -> _Rule:
    return _Rule(str, f"one of {', '.join(choices)}", choices, needed=True)


_NAME = _Rule(str, "text", needed=True)
_TEXT = _Rule(str, "text")
_FLAG = _Rule(bool, "true or false")
_COUNT = _Rule(int, f"a whole number from 1 to {_LONGEST_MS}")
_LIST = _Rule(list, "a list of texts")
_FACTS = _Rule(dict, "a table")  # for people; nothing is decided by what stands in it

_KEYS = {
    "id": _NAME,
    "brand": _NAME,
    "connector": _NAME,
    "supported": _words("yes", "with-caveats", "needs-other-hardware", "pinout-unknown", "no-port"),
    "pins": _FACTS,
    "models": _LIST,
    "models_note": _TEXT,
    "shutter_alone_fires": _FLAG,
    "focus_held_during_release": _FLAG,
    "half_press_lead_ms": _COUNT,
    "shutter_min_ms": _COUNT,
    "shutter_default_ms": _COUNT,
    "min_gap_ms": _COUNT,
    "wake": _FACTS,
    "wake.via": _TEXT,
    "wake.hold_ms": _COUNT,
    "wake.lead_ms": _COUNT,
    "wake.meter_off_default_s": _COUNT,
    "wake.meter_off_seen_on": _TEXT,
    "mirror_up": _FACTS,
    "exposure_delay": _TEXT,
    "bulb": _TEXT,
    "bulb_with_mirror_up": _TEXT,
    "bulb_alternative": _FACTS,
    "aeb": _FACTS,
    "line": _FACTS,
    "release_lag_ms": _FACTS,
    "flash_sync": _FACTS,
    "notes": _TEXT,
    "bbf_setup": _LIST,
    "confidence": _words("high", "medium", "low"),
    # How well the keys above are backed: by two texts or more, by one, by one that is itself unverified,
    # by our own deduction, by none.
    "confirmed": _LIST,
    "single_source": _LIST,
    "weak": _LIST,
    "inferred": _LIST,
    "unknown": _LIST,
    "sources": _LIST,
}


def profile_ids() -> tuple[str, ...]:
    """The profiles there are, sorted; looks at file names only."""
    return tuple(sorted(path.stem for path in _FOLDER.iterdir() if path.suffix == ".toml"))


def load_profile(profile_id: str) -> Profile:
    """The profile of that id; ConfigError if there is none (with a suggestion) or it is faulty."""
    known = profile_ids()
    if profile_id not in known:
        raise ConfigError(f"unknown camera profile {quoted(profile_id)}{did_you_mean(profile_id, known)}")
    path = _FOLDER / f"{profile_id}.toml"
    try:
        return read_profile(profile_id, path.read_text(encoding="utf-8"))
    except ConfigError as error:
        raise ConfigError(*(f"{path}: {fault}" for fault in error.faults)) from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


def read_profile(profile_id: str, text: str) -> Profile:
    """The profile in a TOML text; ConfigError with every key that is unknown, missing or wrong."""
    import tomllib  # noqa: PLC0415 - settings need the ids only; keep their start light

    facts = tomllib.loads(text)
    faults = [*_faults(facts)]
    if not faults and facts["id"] != profile_id:
        faults.append(f"id: {quoted(facts['id'])} must be the name of its file, {profile_id}")
    if faults:
        raise ConfigError(*faults)
    return _profile(facts)


def _faults(facts: Mapping[str, object]) -> Iterator[str]:
    for key, raw in _flat(facts):
        if key not in _KEYS:
            yield f"unknown key {quoted(key)}{did_you_mean(key, _KEYS)}"
        elif not _KEYS[key].allows(raw):
            yield f"{key}: {shown(raw)} is not {_KEYS[key].wanted}"
    for key, rule in _KEYS.items():
        if rule.needed and key not in facts:
            yield f"{key}: is missing; write {rule.wanted}"


def _flat(facts: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The keys with their values, those of `wake` under dotted names because a time is taken from there."""
    yield from facts.items()
    wake = facts.get("wake")
    if isinstance(wake, dict):
        yield from ((f"wake.{tail}", raw) for tail, raw in wake.items())


def _profile(facts: Mapping[str, object]) -> Profile:
    flat = dict(_flat(facts))
    return Profile(
        id=str(flat["id"]),
        brand=str(flat["brand"]),
        connector=str(flat["connector"]),
        supported=str(flat["supported"]),
        shutter_alone_fires=cast("bool | None", flat.get("shutter_alone_fires")),
        focus_held_during_release=bool(flat.get("focus_held_during_release", _FOCUS_HELD)),
        lead_ns=_ns(flat, "half_press_lead_ms", _LEAD_MS),
        hold_ns=_ns(flat, "shutter_default_ms", _HOLD_MS),
        gap_ns=_ns(flat, "min_gap_ms", _GAP_MS),
        wake_hold_ns=_ns(flat, "wake.hold_ms", _WAKE_HOLD_MS),
        models=_texts(flat, "models"),
        bbf_setup=_texts(flat, "bbf_setup"),
        notes=str(flat.get("notes", "")).strip(),
        confidence=str(flat["confidence"]),
    )


def _ns(flat: Mapping[str, object], key: str, fallback_ms: int) -> int:
    return cast("int", flat.get(key, fallback_ms)) * MS_NS


def _texts(flat: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", flat.get(key, [])))
