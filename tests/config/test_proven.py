"""What a proof adds to a profile: the grade `proven`, who proved it, and the shortest bulb."""

import pytest

from config.cameras import Cameras
from config.errors import ConfigError
from config.schema import build
from controller.core.checks import refuses_frame, shortest_bulb_ns
from controller.core.setup import Setup
from hardware.virtual.camera import quirks_of

MS = 1_000_000
PROOF = 'proof = { body = "D2X", date = "2026-06-21" }\n'


def mine(tmp_path, text, base="nikon-mc-dc2"):
    (tmp_path / "mine.toml").write_text(f'extends = "{base}"\n{PROOF}{text}')
    return Cameras(tmp_path).load("mine")


def test_a_proven_key_is_graded_so_and_the_others_keep_their_grade(tmp_path):
    profile = mine(tmp_path, 'shutter_min_ms = 70\nproven = ["shutter_min_ms (of 50 ms not)"]')
    assert profile.confidence_of("shutter_min_ms") == "proven"
    assert profile.confidence_of("shutter_default_ms") == "single source"
    assert profile.proof == (("body", "D2X"), ("date", "2026-06-21"))
    assert profile.doubts[-1] == ("proven", "shutter_min_ms (of 50 ms not)")


def test_a_proof_is_not_a_fact_about_the_camera(tmp_path):
    with pytest.raises(ConfigError, match=r'"proof\.body" is not a fact about the camera'):
        mine(tmp_path, 'proven = ["proof.body"]')


@pytest.mark.parametrize(("grade", "refuses"), [("proven", True), ("confirmed", True), ("single_source", False)])
def test_a_focus_lock_is_refused_where_it_is_proven_that_focus_must_open(tmp_path, grade, refuses):
    profile = mine(tmp_path, f'release_focus_between_shots = true\n{grade} = ["release_focus_between_shots"]')
    settings = build({"camera.back_button_focus": False})
    assert (refuses_frame(Setup(settings, profile)) is not None) == refuses
    assert quirks_of(profile, half_press_focuses=True).focus_must_open == refuses


def test_a_bulb_is_not_shorter_than_the_body_can_take(tmp_path):
    settings = build({"shot.drive": "bulb", "shot.exposure": 200 * MS, "camera.back_button_focus": True})
    plain, proven = mine(tmp_path, ""), mine(tmp_path, 'bulb_min_ms = 300\nproven = ["bulb_min_ms"]')
    assert refuses_frame(Setup(settings, plain)) is None
    assert shortest_bulb_ns(Setup(settings, proven)) == 300 * MS
    assert "300ms" in str(refuses_frame(Setup(settings, proven)))
    assert quirks_of(proven, half_press_focuses=False).shortest_bulb_ns == 300 * MS


def test_the_shortest_bulb_has_no_meaning_without_a_bulb(tmp_path):
    with pytest.raises(ConfigError, match="bulb_min_ms: has no meaning where bulb is"):
        mine(tmp_path, 'bulb = "none"\nbulb_min_ms = 300')


@pytest.mark.parametrize("proven", ["cameras", "state"])
def test_what_was_proven_extends_the_shipped_profile_of_its_name_and_the_box_s_own_extends_both(tmp_path, proven):
    """Also where the settings file lies in the state directory, so that both have one folder."""
    own, state = tmp_path / "cameras", tmp_path / proven
    for folder in {own, state}:
        folder.mkdir()
    (state / "nikon-mc-dc2.toml").write_text(f'extends = "nikon-mc-dc2"\n{PROOF}min_gap_ms = 400')
    (own / "mine.toml").write_text('extends = "nikon-mc-dc2"\nhalf_press_lead_ms = 250')
    cameras = Cameras(own, proven=state)
    assert cameras.load("nikon-mc-dc2").gap_ns == 400 * MS
    mine = cameras.load("mine")
    assert (mine.gap_ns, mine.lead_ns, mine.brand) == (400 * MS, 250 * MS, "Nikon")
