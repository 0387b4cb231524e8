from dataclasses import replace

import pytest
from random_proofs import LAYERS, Field, proved

from config.cameras import Cameras, load_profile
from config.profile_keys import KEYS, flattened
from controller.prove.answer import Answer
from controller.prove.asking import next_question
from controller.prove.careful import RULES, compared, may_take
from controller.prove.findings import Finding
from controller.prove.proof import Proof, answered
from controller.prove.reading import Reading
from controller.prove.verdict import merged, overlay, verdict
from controller.simulate.proving import answer_of, prove
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks import Quirks
from hardware.virtual.quirks_file import drawn

MS = 1_000_000
DATE = "2026-06-21"


def test_every_key_that_a_proof_finds_has_a_rule_with_a_reason():
    found = {each.finding.key for seed in range(8) for each in proved(seed).verdict.judged}
    assert found == set(RULES)
    assert all(rule.why.endswith(".") and len(rule.why) > 30 for rule in RULES.values())
    assert set(RULES) <= set(KEYS)


@pytest.mark.parametrize(
    ("key", "value", "before", "sign"),
    [
        ("focus_held_during_release", True, False, 1),
        ("focus_held_during_release", False, True, -1),
        ("release_focus_between_shots", True, None, 1),
        ("release_focus_between_shots", False, None, 0),
        ("half_press_lead_ms", 200, 100, 1),
        ("half_press_lead_ms", 50, 100, -1),
        ("min_gap_ms", 330, 330, 0),
        ("wake.meter_off_default_s", 4, None, 1),
        ("wake.meter_off_default_s", 8, None, -1),
        ("bulb", "none", "hold", 1),
        ("bulb", "toggle", "hold", None),
        ("mirror_up.kind", "press-press", "none", -1),
        ("mirror_up.kind", "press-press", "user-asked", None),
        ("mirror_up.on_timeout", "exposes", "drops", 1),
        ("exposure_lag_ms", 60, 10, None),
        ("shutter_alone_fires", True, None, None),
    ],
)
def test_the_direction_of_each_key(key, value, before, sign):
    facts = {} if before is None else {key: before}
    assert compared(key, value, facts).sign == sign


def test_a_shortest_press_is_compared_with_the_usual_one_where_no_shortest_is_known():
    assert compared("shutter_min_ms", 100, {"shutter_default_ms": 200}).sign == -1
    assert compared("shutter_min_ms", 100, {"shutter_default_ms": 200, "shutter_min_ms": 50}).sign == 1


@pytest.mark.parametrize("key", RULES)
def test_less_careful_is_taken_only_if_all_agree_and_some_keys_never(key):
    pairs = [(True, False), (100, 200), ("none", "hold"), ("press-press", "none"), ("exposes", "drops"), (9, 5)]
    both_ways = [pair for one, other in pairs for pair in ((one, other), (other, one)) if KEYS[key].allows(one)]
    signs = set()
    for value, before in both_ways:
        care = compared(key, value, {key: before})
        assert may_take(key, care, agrees=False) == (care.sign == 1)
        if care.sign == -1:
            assert may_take(key, care, agrees=True) == RULES[key].may_loosen
        signs.add(care.sign)
    assert signs == ({1, -1} if RULES[key].care is not None else {None})


def test_the_key_that_guards_the_lens_is_never_loosened():
    assert not RULES["focus_held_during_release"].may_loosen
    for seed in range(8):
        result = proved(seed, profile="generic")
        assert result.merged.focus_held_during_release, "generic closes FOCUS, and so it stays"


def test_a_proven_profile_tells_body_date_and_how_for_each_key():
    result = next(result for result in map(proved, range(5)) if result.overlay is not None)
    profile, above = result.merged, result.overlay
    assert dict(profile.proof) == {"body": f"body {result.seed}", "date": DATE}
    for key, _ in above.values:
        assert profile.confidence_of(key) == "proven"
    doubts = [text for grade, text in profile.doubts if grade == "proven"]
    assert len(doubts) == len(above.values)
    assert all(" (" in text for text in doubts)
    assert profile.brand == load_profile(result.profile).brand


def test_an_overlay_may_be_written_as_a_file_and_read_as_one_of_the_box_s_own(tmp_path):
    result = proved(2, profile="nikon-10pin")
    document = result.overlay.document(LAYERS["nikon-10pin"])
    lines = [f"{key} = {toml(value)}" for key, value in document.items()]
    (tmp_path / "mine.toml").write_text("\n".join(lines))
    assert Cameras(tmp_path).load("mine") == result.merged


def toml(value):
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)


@pytest.mark.parametrize("seed", [1, 7, 16, 31])
def test_half_a_proof_is_never_less_careful(seed):
    """Whenever it is left: nothing is taken that is less careful than the profile and the body."""
    whole = proved(seed)
    for count in range(len(whole.proof.entries)):
        part = replace(whole.proof, entries=whole.proof.entries[:count])
        given = verdict(part, LAYERS[whole.profile])
        above = overlay(given, part, DATE)
        own = None if above is None else merged(LAYERS[whole.profile], above, "mine")
        assert replace(whole, proof=part, verdict=given, overlay=above, merged=own).too_bold == []


def test_a_ladder_that_was_counted_too_well_is_noticed_by_the_rehearsal_and_not_taken():
    body = Quirks(shortest_press_ns=150 * MS, gap_ns=100 * MS, opening_lag_ns=20 * MS)
    owner = VirtualOwner(body)
    proof = Proof("canon-e3", "mine", "hold", "press-press")
    while (press := next_question(proof)) is not None:
        answer = answer_of(owner, press)
        proof = answered(proof, press, replace(answer, pictures=6) if press.kind == "press" else answer)
    given = verdict(proof, LAYERS["canon-e3"])
    assert any("counted too well" in each for each in given.contradictions)
    own = merged(LAYERS["canon-e3"], overlay(given, proof, DATE), "mine")
    assert own.hold_ns == 200 * MS
    assert own.shutter_min_ns is None


def test_bulb_none_leaves_out_what_has_no_meaning_then():
    body = replace(drawn(1), mistakes=frozenset(), bulb="none")
    proof = prove(Proof("olympus-rm-cb1", "mine", "hold", ""), VirtualOwner(body))
    layer = LAYERS["olympus-rm-cb1"]
    assert "bulb_max_s" in flattened(layer.facts)
    own = merged(layer, overlay(verdict(proof, layer), proof, DATE), "mine")
    assert (own.bulb, own.bulb_max_ns) == ("none", None)


def test_a_lag_measured_with_a_spread_like_an_autofocus_is_not_taken():
    proof = prove(Proof("canon-e3", has_flash=True), VirtualOwner(Quirks(opening_lag_ns=54 * MS, jitter_ns=1 * MS)))
    rows = [entry for entry in proof.entries if entry.press.kind == "flash"]
    lags = (*rows[0].answer.lags_ns[:-1], 201 * MS)
    entries = tuple(replace(each, answer=Answer(lags_ns=lags)) if each in rows else each for each in proof.entries)

    def lag(one):
        return next(each for each in verdict(one, LAYERS["canon-e3"]).judged if each.finding.key == "exposure_lag_ms")

    assert (lag(proof).is_taken, lag(proof).finding.value) == (True, 54)
    assert not lag(replace(proof, entries=entries)).is_taken


def test_the_play_of_a_proof_would_see_a_lens_that_moves():
    """The check has teeth: a Canon's own profile, whose owner has stated nothing, moves the lens of a factory body."""
    body = Quirks(half_press_focuses=True)
    field = Field(load_profile("canon-e3"), body, {})
    assert field.play() > 0
    assert any(frame.lens_moved for frame in field.frames)
    proof = prove(Proof("canon-e3", "mine", "hold", "press-press"), VirtualOwner(body))
    own = merged(LAYERS["canon-e3"], overlay(verdict(proof, LAYERS["canon-e3"]), proof, DATE), "mine")
    assert own.focus_held_during_release
    assert Field(own, body, {}).play() == 0, "unstated, it refuses"
    stated = Field(own, body, {"camera.back_button_focus": "false"})
    assert stated.play() > 0
    assert not any(frame.lens_moved for frame in stated.frames)


def test_findings_name_the_answers_that_bear_on_them():
    proof = proved(2).proof
    for each in verdict(proof, LAYERS["generic"]).judged:
        assert isinstance(each.finding, Finding)
        assert each.finding.numbers == tuple(sorted(each.finding.numbers))
        assert all(0 <= number < len(proof.entries) for number in each.finding.numbers)
    assert Reading(proof).misfits == ()


def test_a_lag_that_an_answer_about_the_lamp_contradicts_is_not_taken():
    proof, layer = prove(Proof("canon-e3"), VirtualOwner(Quirks(opening_lag_ns=54 * MS))), LAYERS["canon-e3"]
    lamp = next(entry for entry in proof.entries if entry.press.kind == "lamp")
    odd = answered(proof, replace(lamp.press, steps_ms=(120,)), Answer(lit=True))
    for one, is_taken in ((proof, True), (odd, False)):
        given = verdict(one, layer)
        assert any(each.finding.key == "exposure_lag_ms" and each.is_taken for each in given.judged) is is_taken
        assert any("lamp" in each for each in given.contradictions) is not is_taken
