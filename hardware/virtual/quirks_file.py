"""Bodies from outside: read from a TOML file, written as one, or drawn from a number.

A drawn body is consistent, and as ordinary as the published texts let one expect: its values lie within what they
give for some camera. The same number draws the same body.
"""

import math
import random
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from config.errors import ConfigError, quoted
from config.files import reason_of, text_of, toml_of
from config.units import did_you_mean
from hardware.clock import MILLISECOND_NS
from hardware.virtual import quirks
from hardware.virtual.quirks import MISTAKES, MirrorQuirks, Quirks

_A_BODY = "a description of a virtual camera"
_WORDS: dict[str, tuple[str | None, ...]] = {"bulb": ("hold", "toggle", "none"), "set_by": ("hold", "press")}
_LONGEST_MS = 3_600_000


def body_named(name: str) -> Quirks:
    """Return the body that a number draws, or that the file of that name describes; ConfigError as `read_body`."""
    return drawn(int(name)) if name.isascii() and name.isdigit() else read_body(Path(name))


def read_body(path: Path) -> Quirks:
    """Return the body in a TOML file; ConfigError with all its faults. Times are in milliseconds (`gap_ms`)."""
    try:
        return body_of(toml_of(text_of(path, _A_BODY), _A_BODY))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read, {reason_of(error)}") from None
    except ConfigError as error:
        raise ConfigError(*(f"{path}: {fault}" for fault in error.faults)) from None


def body_of(document: dict[str, Any]) -> Quirks:
    """Return the body with these keys; what is left out is as in `Quirks`."""
    faults: list[str] = []
    mirror = document.get("mirror")
    values = _values(Quirks, {key: raw for key, raw in document.items() if key != "mirror"}, "", faults)
    if mirror is not None and not isinstance(mirror, dict):
        faults.append("mirror: is not a table")
    elif mirror is not None:
        values["mirror"] = MirrorQuirks(**_values(MirrorQuirks, mirror, "mirror.", faults))
    if faults:
        raise ConfigError(*faults)
    return Quirks(**values)


def text_of_body(body: Quirks) -> str:
    """Return the TOML text of a body; only what differs from `Quirks()`."""
    lines = [f"{key} = {raw}" for key, raw in _lines(body, Quirks())]
    if body.mirror is not None:
        lines += ["[mirror]", *(f"{key} = {raw}" for key, raw in _lines(body.mirror, None))]
    return "\n".join(lines) + "\n"


def drawn(seed: int) -> Quirks:
    """Return the body that this number draws."""
    draw = random.Random(seed)  # noqa: S311 - it draws a camera, not a secret
    focuses = draw.random() < 0.4  # noqa: PLR2004 - the shares are this table
    body = Quirks(
        fires_alone=draw.random() < 0.5,  # noqa: PLR2004
        shortest_press_ns=None if draw.random() < 0.1 else _ms(draw, 4, 400),  # noqa: PLR2004
        shortest_bulb_ns=_ms(draw, 20, 700),
        shortest_lead_ns=0 if draw.random() < 0.1 else _ms(draw, 2, 400),  # noqa: PLR2004
        gap_ns=_ms(draw, 20, 1_200),
        focus_must_open=draw.random() < 0.2,  # noqa: PLR2004
        opening_lag_ns=_ms(draw, 5, 200),
        closing_lag_ns=_ms(draw, 1, 30),
        jitter_ns=_ms(draw, 1, 3),
        half_press_focuses=focuses,
        continuous_af=focuses and draw.random() < 0.3,  # noqa: PLR2004
        autofocus_succeeds=not focuses or draw.random() < 0.85,  # noqa: PLR2004
        meter_off_ns=None if draw.random() < 0.3 else _ms(draw, 3_500, 40_000),  # noqa: PLR2004
        waking_ns=_ms(draw, 100, 2_000),
        bulb=draw.choices(("hold", "toggle", "none"), (8, 2, 1))[0],
        set_by=draw.choice((None, "hold", "press")),
        mirror=MirrorQuirks(exposes_on_timeout=draw.random() < 0.5) if draw.random() < 0.5 else None,  # noqa: PLR2004
        review_ns=_ms(draw, 200, 4_000),
        seed=seed,
    )
    return replace(body, mistakes=frozenset(_mistakes(draw, body)))


def _mistakes(draw: random.Random, body: Quirks) -> list[str]:
    """Return what is wrong with how it was left: nothing in half of the bodies, seldom more than two things."""
    shares = {
        quirks.SWAPPED: 0.06,
        quirks.CUT: 0.01,
        quirks.MANUAL: 0.1,
        quirks.ASLEEP: 0.12,
        quirks.TIMER: 0.06,
        quirks.REVIEW_OFF: 0.06,
        quirks.CONTINUOUS: 0.05,
        quirks.MIRROR: 0.05 if body.mirror is not None else 0,
        quirks.NOT_BULB: 0.08,
        quirks.NO_MIRROR_UP: 0.08,
    }
    drawn_ones = [mistake for mistake, share in shares.items() if draw.random() < share]
    if quirks.CONTINUOUS in drawn_ones and quirks.MIRROR in drawn_ones:
        drawn_ones.remove(quirks.MIRROR)  # both are positions of one dial
    return [each for each in drawn_ones if not (each == quirks.SWAPPED and quirks.CUT in drawn_ones)]


def _ms(draw: random.Random, least: int, most: int) -> int:
    """Return a time that is as likely to be short as long, in whole milliseconds."""
    return round(math.exp(draw.uniform(math.log(least), math.log(most)))) * MILLISECOND_NS


def _lines(body: Quirks | MirrorQuirks, plain: Quirks | None) -> list[tuple[str, str]]:
    lines = []
    for field in fields(body):
        value = getattr(body, field.name)
        if field.name == "mirror" or value is None or (plain is not None and value == getattr(plain, field.name)):
            continue
        if field.name.endswith("_ns"):
            lines.append((f"{field.name.removesuffix('_ns')}_ms", f"{value / MILLISECOND_NS:g}"))
        elif isinstance(value, frozenset):
            lines.append((field.name, f"[{', '.join(map(_literal, sorted(value)))}]"))
        else:
            lines.append((field.name, _literal(value)))
    return lines


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'


def _values(kind: type[Any], document: dict[str, Any], table: str, faults: list[str]) -> dict[str, Any]:
    """Return the fields that a table gives; adds a sentence to `faults` for each that is wrong."""
    names = {field.name.replace("_ns", "_ms"): field for field in fields(kind) if field.name != "mirror"}
    values: dict[str, Any] = {}
    for key, raw in document.items():
        field = names.get(key)
        if field is None:
            faults.append(f"unknown key {quoted(table + key)}{did_you_mean(key, list(names))}")
        elif fault := _fault(key, raw, field.default):
            faults.append(f"{table}{key}: {fault}")
        else:
            values[field.name] = _value(key, raw)
    return values


def _fault(key: str, raw: object, default: object) -> str:
    if key.endswith("_ms"):
        is_time = isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= _LONGEST_MS
        return "" if is_time else f"is not a number of milliseconds up to {_LONGEST_MS}"
    if key in _WORDS:
        return "" if raw in _WORDS[key] else f"is not one of {', '.join(map(str, _WORDS[key]))}"
    if key == "mistakes":
        is_list = isinstance(raw, list) and all(each in MISTAKES for each in raw)
        return "" if is_list else f"is not a list of {', '.join(MISTAKES)}"
    if isinstance(default, bool):
        return "" if isinstance(raw, bool) else "is not true or false"
    return "" if type(raw) is int else "is not a whole number"


def _value(key: str, raw: Any) -> Any:
    if key.endswith("_ms"):
        return round(raw * MILLISECOND_NS)
    return frozenset(raw) if key == "mistakes" else raw
