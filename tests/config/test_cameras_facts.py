"""The shipped profiles hold the facts from their sources, and the facts that the box needs are read correctly."""

import tomllib
from pathlib import Path

import pytest

import config.cameras
from config.cameras import load_profile, profile_ids

MS = 1_000_000
S = 1_000_000_000

FOLDER = Path(config.cameras.__file__).parent / "cameras"
IDS = (
    "canon-e3", "canon-n3", "canon-r", "fuji-2.5mm", "fuji-3.5mm", "fuji-usb", "generic", "hasselblad-phaseone",
    "leica-rsl1", "leica-s-lemo", "nikon-10pin", "nikon-mc-dc1", "nikon-mc-dc2", "olympus-rm-cb1", "olympus-rm-cb2", "olympus-rm-uc1",
    "panasonic-rsl1", "pentax-cs205", "pentax-cs310", "samsung-2.5mm", "samsung-nx", "sigma-cr21",
    "sony-ilx-lr1", "sony-minolta-3pin", "sony-multi",
)  # fmt: skip
UNUSABLE = {
    "fuji-3.5mm": "pinout-unknown",
    "fuji-usb": "needs-other-hardware",
    "hasselblad-phaseone": "pinout-unknown",
    "leica-s-lemo": "pinout-unknown",
    "leica-rsl1": "pinout-unknown",
    "olympus-rm-cb2": "pinout-unknown",
    "panasonic-rsl1": "needs-other-hardware",
    "samsung-nx": "pinout-unknown",
    "sigma-cr21": "pinout-unknown",
}

# What the box decides by; how sure each of these is must be said, where it is given.
DECIDING = (
    "pins.focus", "pins.shutter", "pins.ground", "shutter_alone_fires", "focus_held_during_release",
    "release_focus_between_shots", "half_press_lead_ms", "half_press_lead_min_ms", "shutter_min_ms",
    "shutter_default_ms", "min_gap_ms", "wake.hold_ms", "wake.lead_ms", "wake.meter_off_default_s",
    "keep_awake.pulse_ms", "keep_awake.every_s", "mirror_up.kind", "mirror_up.first_press_ms",
    "mirror_up.settle_min_ms", "mirror_up.timeout_s", "mirror_up.on_timeout", "mirror_up.assert_focus",
    "mirror_up.must_release_between", "mirror_up.self_timer_auto_s", "bulb", "bulb_max_s", "bulb_alternative.kind",
    "aeb.set_by", "aeb.stops_by_itself", "exposure_lag_ms", "release_lag_ms.normal", "exposure_output.active",
)  # fmt: skip


def test_every_connector_has_its_file():
    assert profile_ids() == IDS


@pytest.mark.parametrize("profile_id", IDS)
def test_shipped_profiles_have_no_faults_and_grade_every_fact(profile_id):
    profile = load_profile(profile_id)
    assert profile.id == profile_id == tomllib.loads((FOLDER / f"{profile_id}.toml").read_text())["id"]
    assert profile.supported == UNUSABLE.get(profile_id, profile.supported)
    assert profile.is_usable == (profile_id not in UNUSABLE)
    assert [key for key in DECIDING if profile.confidence_of(key) == "ungraded"] == []


def test_shipped_profiles_extend_nothing():
    assert not [path for path in FOLDER.glob("*.toml") if "extends" in tomllib.loads(path.read_text())]


@pytest.mark.parametrize(
    ("profile_id", "times_ms", "alone", "held"),
    [
        ("canon-e3", (50, 200, 330, 400), True, False),
        ("canon-n3", (50, 200, 330, 400), True, False),
        ("nikon-mc-dc2", (100, 100, 330, 400), False, True),
        ("nikon-10pin", (100, 100, 330, 400), False, True),
        ("sony-multi", (100, 132, 330, 400), False, True),
        ("fuji-2.5mm", (500, 500, 1000, 400), True, False),
        ("pentax-cs205", (100, 200, 330, 400), True, False),
        ("olympus-rm-uc1", (100, 200, 330, 400), False, True),
        ("generic", (500, 500, 1000, 400), None, True),
    ],
)
def test_the_times_are_the_sourced_ones(profile_id, times_ms, alone, held):
    profile = load_profile(profile_id)
    times_ns = (profile.lead_ns, profile.hold_ns, profile.gap_ns, profile.wake.hold_ns)
    assert times_ns == tuple(ms * MS for ms in times_ms)
    assert (profile.shutter_alone_fires, profile.focus_held_during_release) == (alone, held)


def test_a_canon_drops_its_mirror_and_a_nikon_takes_the_picture():
    canon, nikon = load_profile("canon-e3"), load_profile("nikon-mc-dc2")
    assert (canon.mirror_up.kind, canon.mirror_up.timeout_ns, canon.mirror_up.on_timeout) == (
        "press-press",
        30 * S,
        "drops",
    )
    assert (canon.mirror_up.first_press_ns, canon.mirror_up.settle_min_ns) == (250 * MS, 500 * MS)
    assert canon.mirror_up.self_timer_ns == 2 * S
    assert canon.mirror_up.assert_focus
    assert (nikon.mirror_up.kind, nikon.mirror_up.timeout_ns, nikon.mirror_up.on_timeout) == (
        "press-press",
        30 * S,
        "exposes",
    )
    assert nikon.mirror_up.assert_focus, "a body that needs both contacts sees no press without FOCUS"
    assert canon.mirror_up.must_release_between is nikon.mirror_up.must_release_between is True
    assert canon.confidence_of("mirror_up.on_timeout") == "confirmed"
    assert nikon.confidence_of("mirror_up.on_timeout") == "single source"
    assert load_profile("nikon-10pin").confidence_of("mirror_up.timeout_s") == "inferred"


def test_a_fujifilm_needs_long_pulses_and_long_gaps():
    fuji = load_profile("fuji-2.5mm")
    assert (fuji.shutter_min_ns, fuji.hold_ns, fuji.gap_ns) == (300 * MS, 500 * MS, 1 * S)
    assert fuji.mirror_up.kind == "none"
    assert fuji.aeb.set_by == "press"
    assert fuji.confidence_of("min_gap_ms") == "single source"


def test_a_sony_needs_focus_before_shutter():
    sony = load_profile("sony-multi")
    assert (sony.lead_ns, sony.lead_min_ns, sony.wake.lead_ns) == (100 * MS, 2 * MS, 1500 * MS)
    assert (sony.pins.ground, sony.pins.shutter, sony.pins.focus) == ("pin 2", "pin 4", "pin 5")
    assert (sony.exposure_lag_ns, sony.confidence_of("exposure_lag_ms")) == (10 * MS, "single source")
    assert (sony.aeb.set_by, sony.aeb.stops_by_itself) == ("hold", None)


def test_other_facts_that_the_box_needs_are_read():
    old, lr1 = load_profile("nikon-10pin"), load_profile("sony-ilx-lr1")
    assert (old.release_focus_between_shots, old.confidence_of("release_focus_between_shots")) == (
        True,
        "single source",
    )
    assert (old.wake.lead_ns, old.wake.meter_off_ns) == (500 * MS, 6 * S)
    assert (old.keep_awake, old.confidence_of("keep_awake.every_s")) == ((100 * MS, 20 * S), "weak")
    assert (old.bulb, old.bulb_alternative.mode, old.bulb_alternative.kind) == ("hold", "Time", "toggle")
    assert load_profile("olympus-rm-cb1").bulb_max_ns == 480 * S
    assert load_profile("canon-e3").aeb[:2] == ("hold", True)
    assert load_profile("canon-e3").release_lag == ("400D", 115 * MS, 66 * MS)
    assert (lr1.exposure_output.active, lr1.exposure_output.min_ns) == ("low", 1 * MS)
    assert (lr1.pins.focus, lr1.pins.shutter) == ("terminal FOCUS", "terminal TRIGGER")


def test_a_panasonic_says_why_two_contacts_cannot_work_it():
    panasonic = load_profile("panasonic-rsl1")
    assert "resistor ladder" in panasonic.why_not
    assert panasonic.ladder_ohm[0] == ("chain", "36000, 2700, 2000")


def test_a_profile_brings_the_steps_of_the_back_button_set_up():
    assert any("AF-ON" in step for step in load_profile("canon-e3").bbf_setup)
    assert any("SHUTTER AF = OFF" in step for step in load_profile("fuji-2.5mm").bbf_setup)
