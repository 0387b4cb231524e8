"""Builds a profile from the facts in its files, or reports everything that is wrong with them.

Knows how a profile is merged over the one it extends; reads no file.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, cast

from config.errors import ConfigError, quoted
from config.profile import (
    Bracketing,
    BulbAlternative,
    ExposureOutput,
    KeepAwake,
    MirrorUp,
    Pins,
    Profile,
    ReleaseLag,
    Remarks,
    Wake,
)
from config.profile_keys import GRADES, Facts, flattened, missing, wrong_values
from config.profile_rules import (
    contradictions,
    doubts,
    grades,
    inherited,
    nanoseconds,
    still_unknown,
    value_of,
    wrong_grades,
)

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Layer(NamedTuple):
    """The facts of a file merged over those it extends, the grade of each, and the entries in free text."""

    facts: Facts = _NOTHING
    how_sure: Mapping[str, str] = _NOTHING
    doubts: Remarks = ()


def check_values(profile_id: str, document: Facts) -> None:
    """Check each key of one file; ConfigError with all faults. A file that extends another need not be complete."""
    flat = flattened(document)
    faults = [*wrong_values(flat), *(missing(flat) if "extends" not in flat else ())]
    stated_id = flat.get("id", profile_id)
    if isinstance(stated_id, str) and stated_id != profile_id:
        faults.append(f"id: {quoted(stated_id)} must be the name of its file, {profile_id}")
    if faults:
        raise ConfigError(*faults)


def layered(document: Facts, below: Layer) -> Layer:
    """Merge the valid facts of one file over what it extends.

    Tables are merged key by key, unless their `kind` changes; sources are appended; the file that gives a fact grades
    it, or a file above that names it. ConfigError if `without` names an unknown key.
    """
    own = flattened(document)
    kept = inherited(below.facts, cast("list[str]", document.get("without", [])))
    facts = {key: raw for key, raw in kept.items() if key not in GRADES} | {
        key: _merged(kept.get(key), raw) for key, raw in document.items()
    }
    facts["unknown"] = still_unknown(below.facts, own) + still_unknown(document, {})
    facts["sources"] = [*cast("list[str]", below.facts.get("sources", [])), *_sources(document)]
    flat = flattened(facts)
    inherited_doubts = tuple(doubt for doubt in below.doubts if doubt[1].partition(" (")[0] not in own)
    return Layer(facts, grades(flat, own, below.how_sure), inherited_doubts + doubts(document))


def _sources(document: Facts) -> list[str]:
    return cast("list[str]", document.get("sources", []))


def _merged(below: object, above: object) -> object:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    has_new_kind = above.get("kind", below.get("kind")) != below.get("kind")
    return above if has_new_kind else below | above


def profile_of(profile_id: str, layer: Layer) -> Profile:
    """Return the profile with these facts; ConfigError with all contradictions."""
    flat = flattened(layer.facts)
    faults = [*missing(flat)] or [*contradictions(flat), *wrong_grades(flat)]
    if faults:
        raise ConfigError(*faults)
    return _Reader(flat, layer).profile(profile_id)


class _Reader:
    """Converts valid facts to the fields of a profile."""

    def __init__(self, flat: Facts, layer: Layer) -> None:
        self._flat = flat
        self._layer = layer

    def profile(self, profile_id: str) -> Profile:
        return Profile(
            id=profile_id,
            brand=self._text("brand"),
            connector=self._text("connector"),
            supported=self._text("supported"),
            why_not=self._text("why_not"),
            pins=self._pins(),
            models=self._texts("models"),
            models_note=self._text("models_note"),
            shutter_alone_fires=self._flag("shutter_alone_fires"),
            focus_held_during_release=bool(self._flag("focus_held_during_release")),
            release_focus_between_shots=self._flag("release_focus_between_shots"),
            lead_ns=self._required_ns("half_press_lead_ms"),
            lead_min_ns=self._ns("half_press_lead_min_ms"),
            hold_ns=self._required_ns("shutter_default_ms"),
            shutter_min_ns=self._ns("shutter_min_ms"),
            gap_ns=self._required_ns("min_gap_ms"),
            wake=Wake(
                self._required_ns("wake.hold_ms"),
                self._required_ns("wake.lead_ms"),
                self._ns("wake.meter_off_default_s"),
            ),
            keep_awake=self._keep_awake(),
            mirror_up=self._mirror_up(),
            exposure_delay=self._text("exposure_delay"),
            bulb=self._text("bulb"),
            bulb_min_ns=self._ns("bulb_min_ms"),
            bulb_max_ns=self._ns("bulb_max_s"),
            bulb_alternative=self._bulb_alternative(),
            bulb_with_mirror_up=self._text("bulb_with_mirror_up"),
            aeb=self._aeb(),
            exposure_lag_ns=self._ns("exposure_lag_ms"),
            exposure_lag_note=self._text("exposure_lag_note"),
            release_lag=self._release_lag(),
            exposure_output=self._exposure_output(),
            flash_sync=self._remarks("flash_sync"),
            line=self._remarks("line"),
            ladder_ohm=self._remarks("ladder_ohm"),
            notes=self._text("notes").strip(),
            bbf_setup=self._texts("bbf_setup"),
            bbf_also=self._texts("bbf_also"),
            confidence=self._text("confidence"),
            how_sure=tuple(self._layer.how_sure.items()),
            doubts=self._layer.doubts,
            sources=self._texts("sources"),
            proof=self._remarks("proof"),
        )

    def _pins(self) -> Pins:
        focus, shutter, ground = (self._pin(f"pins.{contact}") for contact in ("focus", "shutter", "ground"))
        return Pins(focus, shutter, ground, self._remarks("pins", but=("focus", "shutter", "ground")))

    def _pin(self, key: str) -> str | None:
        raw = self._flat.get(key)
        return f"pin {raw}" if isinstance(raw, int) else cast("str | None", raw)

    def _keep_awake(self) -> KeepAwake | None:
        if "keep_awake" not in self._flat:
            return None
        return KeepAwake(self._required_ns("keep_awake.pulse_ms"), self._required_ns("keep_awake.every_s"))

    def _mirror_up(self) -> MirrorUp | None:
        if "mirror_up" not in self._flat:
            return None
        needs_focus = bool(self._flag("focus_held_during_release"))  # such a body ignores SHUTTER without FOCUS
        return MirrorUp(
            kind=self._text("mirror_up.kind"),
            first_press_ns=self._ns("mirror_up.first_press_ms"),
            settle_min_ns=self._ns("mirror_up.settle_min_ms"),
            timeout_ns=self._ns("mirror_up.timeout_s"),
            on_timeout=self._text("mirror_up.on_timeout") or None,
            assert_focus=needs_focus or bool(self._flag("mirror_up.assert_focus")),
            must_release_between=self._flag("mirror_up.must_release_between") is not False,  # as in every source
            self_timer_ns=self._ns("mirror_up.self_timer_auto_s"),
            remarks=self._remarks("mirror_up", but=("kind", "on_timeout", "on_timeout_note")),
        )

    def _bulb_alternative(self) -> BulbAlternative | None:
        if "bulb_alternative" not in self._flat:
            return None
        return BulbAlternative(*(self._text(f"bulb_alternative.{tail}") for tail in ("mode", "kind", "note")))

    def _aeb(self) -> Bracketing | None:
        if "aeb" not in self._flat:
            return None
        return Bracketing(
            self._text("aeb.set_by") or None, self._flag("aeb.stops_by_itself"), self._remarks("aeb", but=("set_by",))
        )

    def _release_lag(self) -> ReleaseLag | None:
        if "release_lag_ms" not in self._flat:
            return None
        times_ns = (self._ns(f"release_lag_ms.{tail}") for tail in ("normal", "mirror_already_up"))
        return ReleaseLag(self._text("release_lag_ms.example"), *times_ns)

    def _exposure_output(self) -> ExposureOutput | None:
        if "exposure_output" not in self._flat:
            return None
        remarks = self._remarks("exposure_output", but=("active",))
        return ExposureOutput(self._text("exposure_output.active"), self._ns("exposure_output.min_ms"), remarks)

    def _text(self, key: str) -> str:
        return cast("str", value_of(self._flat, key) or "")

    def _texts(self, key: str) -> tuple[str, ...]:
        return tuple(cast("list[str]", self._flat.get(key, [])))

    def _flag(self, key: str) -> bool | None:
        return cast("bool | None", value_of(self._flat, key))

    def _ns(self, key: str) -> int | None:
        return nanoseconds(self._flat, key)

    def _required_ns(self, key: str) -> int:
        time_ns = self._ns(key)
        assert time_ns is not None, f"{key} has been checked to be present, or has a default"
        return time_ns

    def _remarks(self, table: str, but: tuple[str, ...] = ()) -> Remarks:
        """Return the texts of a table for people; in a table without typed fields, its numbers too."""
        inside = cast("dict[str, object]", self._flat.get(table, {}))
        is_typed = table in ("mirror_up", "aeb", "exposure_output")  # their numbers and flags are fields
        return tuple(
            (name, ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw))
            for name, raw in inside.items()
            if name not in but and not (is_typed and isinstance(raw, bool | int))
        )
