"""What is known about camera ports, in words: the list of ports, and the description of one.

Takes replies of `facts`; reads no file. Lines are at most 79 columns wide, so that they fit a terminal behind the
console's leading blank.
"""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from config.units import format_duration
from controller.cameras.bodies import Reply, bodies_table

_WIDTH = 79
_INDENT = " " * 23
_LABEL = 27

# The description of one port. A section has a heading, rows, and the table whose remarks follow. A row has a label,
# the path of its value in the reply, and the key whose grade is shown (default: the path). A row without a value is
# left out, except for those in _MATTERS.
_Rows = tuple[tuple[str, str, str], ...]
_SECTIONS: tuple[tuple[str, _Rows, str], ...] = (
    (
        "Wiring: contacts of the plug",
        (("FOCUS", "pins.focus", ""), ("SHUTTER", "pins.shutter", ""), ("ground", "pins.ground", "")),
        "pins",
    ),
    (
        "A release",
        (
            ("fires on SHUTTER alone", "shutter_alone_fires", ""),
            ("FOCUS closed when firing", "focus_held_during_release", ""),
            ("FOCUS open between frames", "release_focus_between_shots", ""),
            ("FOCUS leads SHUTTER by", "lead_ns", "half_press_lead_ms"),
            ("- at least", "lead_min_ns", "half_press_lead_min_ms"),
            ("SHUTTER closed for", "hold_ns", "shutter_default_ms"),
            ("- at least", "shutter_min_ns", "shutter_min_ms"),
            ("pause before next frame", "gap_ns", "min_gap_ms"),
            ("release lag", "release_lag.normal_ns", "release_lag_ms.normal"),
            ("- with the mirror up", "release_lag.mirror_already_up_ns", "release_lag_ms.mirror_already_up"),
            ("exposure lag", "exposure_lag_ns", "exposure_lag_ms"),
            ("- source", "exposure_lag_note", ""),
        ),
        "",
    ),
    (
        "Sleep",
        (
            ("woken by FOCUS for", "wake.hold_ns", "wake.hold_ms"),
            ("- before SHUTTER by", "wake.lead_ns", "wake.lead_ms"),
            ("meter switches off after", "wake.meter_off_ns", "wake.meter_off_default_s"),
            ("kept awake by FOCUS for", "keep_awake.pulse_ns", "keep_awake.pulse_ms"),
            ("- every", "keep_awake.every_ns", "keep_awake.every_s"),
        ),
        "",
    ),
    (
        "Mirror-up",
        (
            ("method", "mirror_up.kind", ""),
            ("first press", "mirror_up.first_press_ns", "mirror_up.first_press_ms"),
            ("settling time, at least", "mirror_up.settle_min_ns", "mirror_up.settle_min_ms"),
            ("without a second press", "mirror_up.on_timeout", ""),
            ("- after", "mirror_up.timeout_ns", "mirror_up.timeout_s"),
            ("with the self-timer", "mirror_up.self_timer_ns", "mirror_up.self_timer_auto_s"),
            ("exposure delay", "exposure_delay", ""),
        ),
        "mirror_up",
    ),
    (
        "Bulb",
        (
            ("SHUTTER", "bulb", ""),
            ("shortest exposure", "bulb_min_ns", "bulb_min_ms"),
            ("longest exposure", "bulb_max_ns", "bulb_max_s"),
            ("with mirror-up", "bulb_with_mirror_up", ""),
            ("another mode", "bulb_alternative.mode", ""),
            ("- SHUTTER", "bulb_alternative.kind", ""),
            ("- remark", "bulb_alternative.note", ""),
        ),
        "",
    ),
    (
        "The body's own bracketing",
        (("the set is taken by", "aeb.set_by", ""), ("stops after the set", "aeb.stops_by_itself", "")),
        "aeb",
    ),
    ("Flash contact", (), "flash_sync"),
    (
        "Exposure contact",
        (
            ("while exposing", "exposure_output.active", ""),
            ("at least", "exposure_output.min_ns", "exposure_output.min_ms"),
        ),
        "exposure_output",
    ),
    ("Electrical", (), "line"),
    ("Resistors, in ohms", (), "ladder_ohm"),
)
_WITH_REMARKS = ("pins", "mirror_up", "aeb", "exposure_output")  # these have typed fields too
_UNGRADED = "ungraded"
_UNITS = {"v": "V", "ua": "uA"}
_ON_TIMEOUT = {"drops": "the mirror comes down, no picture", "exposes": "the camera takes the picture by itself"}
_MIRROR_UP = {
    "press-press": "one press raises the mirror, the next exposes",
    "self-timer-2s": "the camera's own 2 s self-timer raises the mirror",
    "exposure-delay": "the camera's exposure delay mode raises the mirror",
    "user-asked": "depends on the camera; see its manual",
    "none": "there is no mirror to raise",
}
_WORDS = {"mirror_up.kind": _MIRROR_UP, "mirror_up.on_timeout": _ON_TIMEOUT}
_MATTERS = ("pins", "shutter_alone_fires", "release_focus_between_shots")


def table(rows: list[Reply]) -> list[str]:
    """Return the profiles in groups: those that work, those with caveats, those that do not, those with faults."""
    groups = (
        ("These work with two plain contacts:", [row for row in rows if row.get("supported") == "yes"]),
        (
            "These work with two plain contacts, with caveats (see cameras ID):",
            [row for row in rows if row.get("supported") == "with-caveats"],
        ),
        ("These do not work with two plain contacts:", [row for row in rows if not row.get("is_usable", True)]),
        ("These files have faults and cannot be used:", [row for row in rows if "faults" in row]),
    )
    parts = [[heading, *(line for row in group for line in _row(row))] for heading, group in groups if group]
    return _with_blank_lines(parts)


def _with_blank_lines(parts: Iterable[list[str]]) -> list[str]:
    return [line for part in parts for line in ("", *part)][1:]


def _row(row: Reply) -> Iterator[str]:
    cells = row.get("faults") or [_title(row), row["why_not"]]
    if row.get("proof"):
        cells = [*cells, proven_on(row["proof"])]
    if row["is_own"] and row["origin"]:
        cells = [*cells, f"own: {row['origin']}"]
    yield from _wrapped(f"  {row['id']}", str(cells[0]))
    for cell in filter(None, cells[1:]):
        yield from _wrapped("", str(cell))


def _wrapped(label: str, text: str, indent: str = _INDENT) -> list[str]:
    head = f"{label}  ".ljust(len(indent))
    return _lines(text, head, indent) or [label]


def _title(row: Reply) -> str:
    brand, connector = row["brand"], row["connector"]
    return str(connector) if connector.startswith(brand) else f"{brand}: {connector}"


def description(reply: Reply, set_up: str | None = None) -> list[str]:
    """Return everything known about one port, with the grade of each fact; first how a body fires.

    `set_up` of the body is bbf (back-button focus) or factory (half-press focuses).
    """
    verdict = f"{reply['verdict']}: {reply['why_not']}" if reply["why_not"] else reply["verdict"]
    body = reply["body"]
    head = [
        *([] if body is None else bodies_table([body])),
        *_paragraph(f"{reply['id']} - {_title(reply)}"),
        *_paragraph(f"It {verdict}."),
        *_paragraph(f"Overall confidence: {reply['confidence']}. Profile: {reply['origin']}."),
    ]
    sections = [[heading, *lines] for heading, lines in _sections(reply) if lines]
    how = [] if set_up is None else [_paragraph(_how_it_fires(reply, set_up))]
    return _with_blank_lines([head, *how, *sections])


def _how_it_fires(reply: Reply, set_up: str) -> str:
    needs_focus = reply["focus_held_during_release"]
    if set_up == "bbf":
        how = "FOCUS closes with SHUTTER, as this port needs it" if needs_focus else "SHUTTER closes alone"
        return f"Set to back-button focus: to fire, {how}; half-press focuses nothing, so the lens stays."
    if reply["release_focus_between_shots"]:
        how = "such a body was seen to fire only once unless FOCUS opens between frames; use back-button focus"
    else:
        how = "the box keeps FOCUS closed from the dial-in on, as a focus lock; use AF-S or One Shot"
    return f"In its factory set-up half-press focuses: {how}."


def proven_on(proof: Reply) -> str:
    """Return on which body a proof was made, and when."""
    return f"proven on {proof.get('body') or 'a body without a name'}, {proof.get('date', 'at an unknown date')}"


def in_unit(key: str, raw: object) -> str:
    """Return the value of a key in the file's unit, in words; "not known" for none."""
    from config.profile_keys import rule_of  # noqa: PLC0415 - only what was proven needs it

    if raw is None:
        return "not known"
    unit_ns = rule_of(key).unit_ns
    return format_duration(int(str(raw)) * unit_ns) if unit_ns else _in_words(raw, "")


def _proven_lines(reply: Reply) -> Iterator[str]:
    for row in reply["proven"]:
        yield from _entry(row["key"], f"{in_unit(row['key'], row['value'])}{_beside(row)}")
        yield from _entry("", row["how"]) if row["how"] else ()


def _beside(row: Reply) -> str:
    """Return the shipped value, to stand beside one that was proven, if it is another."""
    return "" if row["value"] == row["shipped"] else f"; shipped: {in_unit(row['key'], row['shipped'])}"


def _sections(reply: Reply) -> Iterator[tuple[str, list[str]]]:
    yield f"P{proven_on(reply['proof'])[1:]}", [*_proven_lines(reply)]
    for heading, rows, table_name in _SECTIONS:
        yield heading, [*_fact_lines(reply, rows), *_remark_lines(reply, table_name)]
    yield "Caveats", [line for note in reply["notes"].splitlines() for line in _item("-", note)]
    steps = enumerate((*reply["bbf_setup"], *reply["bbf_also"]), 1)
    yield "How to set back-button focus", [line for n, step in steps for line in _item(f"{n}.", step)]
    models = ", ".join(reply["models"])
    notes = filter(None, (models, reply["models_note"]))
    yield "Camera bodies", [line for note in notes for line in _item("", note)]
    doubts = [pair for pair in reply["doubts"] if pair[0] != "proven"]  # which have a section of their own
    yield "Remarks on confidence", [line for pair in doubts for line in _item("-", ": ".join(pair))]
    yield "Sources", [line for source in reply["sources"] for line in _item("-", source)]


def _fact_lines(reply: Reply, rows: _Rows) -> Iterator[str]:
    beside = {row["key"]: _beside(row) for row in reply["proven"]}
    for label, path, key in rows:
        value = _at(reply, path)
        if value not in (None, ""):
            grade = reply["how_sure"].get(key or path, "unknown")
            yield from _entry(label, f"{_in_words(value, path)} ({grade}{beside.get(key or path, '')})")
        elif path.startswith(_MATTERS):
            yield from _entry(label, "not known")


def _remark_lines(reply: Reply, table_name: str) -> Iterator[str]:
    inside = reply.get(table_name) or {}
    remarks = inside["remarks"] if table_name in _WITH_REMARKS and inside else inside
    for name, text in remarks.items():
        grade = reply["how_sure"].get(f"{table_name}.{name}", _UNGRADED)
        yield from _entry(
            " ".join(_UNITS.get(word, word) for word in name.split("_")),
            text if grade == _UNGRADED else f"{text} ({grade})",
        )


def _at(reply: Reply, path: str) -> Any:
    value: Any = reply
    for name in path.split("."):
        value = None if value is None else value[name]
    return value


def _in_words(value: object, path: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if path in _WORDS:
        return _WORDS[path][str(value)]
    return format_duration(value) if isinstance(value, int) and path.endswith("_ns") else str(value)


def _entry(label: str, text: str) -> list[str]:
    return _wrapped(f"  {label}", text, " " * (_LABEL + 2))


def _item(mark: str, text: str) -> list[str]:
    head = f"  {mark} " if mark else "  "
    return _lines(text, head, " " * len(head))


def _paragraph(text: str) -> list[str]:
    return _lines(text, "", "")


def _lines(text: str, head: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH - 1, initial_indent=head, subsequent_indent=indent, break_on_hyphens=False)
