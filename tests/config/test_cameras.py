import pytest

from config import cameras
from config.cameras import load_profile, profile_ids, read_profile
from config.errors import ConfigError

MS = 1_000_000

SMALLEST = """
id = "mine"
brand = "Mine"
connector = "three contacts"
supported = "yes"
confidence = "low"
"""


def faults(text):
    with pytest.raises(ConfigError) as caught:
        read_profile("mine", text)
    return caught.value.faults


def test_every_profile_that_ships_can_be_loaded():
    assert {"canon-e3", "generic", "nikon-mc-dc2"} <= set(profile_ids())
    assert list(profile_ids()) == sorted(profile_ids())
    assert [load_profile(each).id for each in profile_ids()] == list(profile_ids())


@pytest.mark.parametrize(
    ("profile_id", "times_ms", "alone", "held"),
    [
        ("canon-e3", (50, 200, 330, 400), True, False),
        ("nikon-mc-dc2", (100, 100, 330, 400), False, True),
        ("generic", (500, 500, 1000, 400), None, True),
    ],
)
def test_the_times_are_the_sourced_ones(profile_id, times_ms, alone, held):
    profile = load_profile(profile_id)
    times_ns = (profile.lead_ns, profile.hold_ns, profile.gap_ns, profile.wake_hold_ns)
    assert times_ns == tuple(ms * MS for ms in times_ms)
    assert (profile.shutter_alone_fires, profile.focus_held_during_release) == (alone, held)


def test_a_profile_brings_the_steps_of_the_back_button_set_up():
    assert any("AF-ON" in step for step in load_profile("canon-e3").bbf_setup)
    assert "D850" not in load_profile("nikon-mc-dc2").models
    assert "D750" in load_profile("nikon-mc-dc2").models


def test_keys_left_out_fall_back_to_what_fires_any_port():
    profile = read_profile("mine", SMALLEST)
    times_ns = (profile.lead_ns, profile.hold_ns, profile.gap_ns, profile.wake_hold_ns)
    assert times_ns == (100 * MS, 200 * MS, 330 * MS, 400 * MS)
    assert (profile.shutter_alone_fires, profile.focus_held_during_release) == (None, True)
    assert (profile.models, profile.bbf_setup, profile.notes) == ((), (), "")


def test_an_unknown_profile_is_refused_with_what_was_meant():
    with pytest.raises(ConfigError, match='unknown camera profile "canon-e4"; did you mean canon-e3'):
        load_profile("canon-e4")


@pytest.mark.parametrize("name", ["", "../cameras/generic", "generic.toml", "/etc/passwd", "GENERIC\n"])
def test_nothing_but_the_id_of_a_profile_opens_a_file(name):
    with pytest.raises(ConfigError, match="unknown camera profile"):
        load_profile(name)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("min_gap = 3", 'unknown key "min_gap"; did you mean min_gap_ms?'),
        ('min_gap_ms = "3"', 'min_gap_ms: "3" is not a whole number from 1 to 60000'),
        ("min_gap_ms = 0", "min_gap_ms: 0 is not a whole number from 1 to 60000"),
        ("min_gap_ms = true", "min_gap_ms: true is not a whole number from 1 to 60000"),
        ("min_gap_ms = 1e3", "min_gap_ms: 1000.0 is not a whole number from 1 to 60000"),
        ("wake = { hold_ms = 90000 }", "wake.hold_ms: 90000 is not a whole number from 1 to 60000"),
        ("wake = { held_ms = 9 }", 'unknown key "wake.held_ms"; did you mean wake.hold_ms?'),
        ("wake = 400", "wake: 400 is not a table"),
        ("shutter_alone_fires = 1", "shutter_alone_fires: 1 is not true or false"),
        ('models = "D90"', 'models: "D90" is not a list of texts'),
        ("models = [90]", "models: a list is not a list of texts"),
    ],
)
def test_an_unknown_or_wrongly_typed_key_is_refused(line, fault):
    assert faults(SMALLEST + line) == (fault,)


def test_missing_keys_and_wrong_words_are_all_named():
    said = faults('id = "mine"\nbrand = "Mine"\nsupported = "perhaps"\nconfidence = "low"')
    assert said == (
        'supported: "perhaps" is not one of yes, with-caveats, needs-other-hardware, pinout-unknown, no-port',
        "connector: is missing; write text",
    )


def test_a_profile_must_carry_the_name_of_its_file():
    assert faults(SMALLEST.replace("mine", "yours")) == ('id: "yours" must be the name of its file, mine',)


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe", SMALLEST.encode() + b"x = 1"])
def test_a_damaged_profile_is_refused_with_its_path(content, tmp_path, monkeypatch):
    monkeypatch.setattr(cameras, "_FOLDER", tmp_path)
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_profile("mine")
    assert all(fault.startswith(f"{tmp_path / 'mine.toml'}: ") for fault in caught.value.faults)
