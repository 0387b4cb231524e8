"""A box starts with whatever is usable of its saved settings, says what is not, and keeps the file."""

import os

import pytest

from config.errors import ConfigError
from config.schema import Settings
from config.store import SettingsStore

OWN = 'extends = "canon-e3"\nmin_gap_ms = 400\n'


@pytest.fixture
def box(tmp_path):
    (tmp_path / "cameras").mkdir()
    (tmp_path / "state").mkdir()
    return tmp_path


@pytest.fixture
def store(box):
    return SettingsStore(box / "config.toml", box / "state")


@pytest.fixture
def saved(box):
    return box / "state" / "settings.toml"


def restarted(box):
    store = SettingsStore(box / "config.toml", box / "state")
    store.load_usable()
    return store


def test_a_file_without_faults_is_loaded_as_ever(store, saved):
    saved.write_text('[focus]\nmode = "trim"\n')
    assert store.load_usable().focus.mode == "trim"
    assert (store.faults, store.unsaved()) == ((), ())


def test_a_key_of_a_newer_version_and_a_value_out_of_bounds_are_left_out_and_reported(store, saved):
    saved.write_text('[focus]\nmode = "trim"\nwhisper = 3\nmin_hold = "1h"\n[radio]\non = true\n')
    assert store.load_usable().focus.mode == "trim"
    assert store.current.focus.min_hold_ns == Settings().focus.min_hold_ns
    *faults, remedy = store.faults
    assert [fault.partition(": ")[2].partition(";")[0] for fault in faults] == [
        f'{saved}: unknown setting "focus.whisper"',
        f"{saved}: focus.min_hold: 1h is above 5s",
        f'{saved}: unknown section "radio"',
    ]
    assert remedy == (
        "the saved settings have faults: save replaces settings.toml without these, and keeps the old file beside it"
    )
    assert store.origin("focus.mode") == "saved"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\x00\x01", "this is not TOML"),
        (b"[focus\n", "this is not TOML"),
        (b"\xff\xfe", "is not UTF-8 text, line 1"),
        (b"#" * 2_000_000, "is too large to be a settings file"),
        (b"x = " + b"[" * 100_000, ""),
    ],
    ids=["zeros", "no TOML", "no text", "too large", "nested"],
)
def test_a_file_that_cannot_be_read_at_all_leaves_the_machines_own_settings(store, box, saved, content, fault):
    (box / "config.toml").write_text('interval.every = "9s"')
    saved.write_bytes(content)
    assert store.load_usable().interval.every_ns == 9_000_000_000
    assert store.faults[0].startswith(f"not in force: {saved}: {fault}")
    assert saved.read_bytes() == content


def test_a_pipe_and_a_folder_in_place_of_the_file_are_reported_and_hang_nothing(store, saved):
    os.mkfifo(saved)
    store.load_usable()
    assert store.faults[0] == f"not in force: {saved}: is not a file"


def test_a_file_that_the_kernel_makes_up_is_refused_and_hangs_nothing(box, saved):
    saved.symlink_to("/proc/self/status")  # like /proc/kmsg, a plain file of no size; that one needs root
    store = restarted(box)
    assert store.faults[0] == f"not in force: {saved}: is not a file"


def test_saved_values_that_contradict_the_machines_own_are_left_out(store, box, saved):
    (box / "config.toml").write_text('interval.every = "1s"')
    saved.write_text('interval.tolerance = "2s"\ninterval.count = 7\npins.focus = 22\n')
    settings = store.load_usable()
    assert settings.interval.count == 7
    assert settings.interval.tolerance_ns < settings.interval.every_ns
    assert f"{saved}: interval.tolerance: 2s must be below interval.every" in store.faults[0]


def test_two_saved_pins_that_are_the_same_lose_one_of_them(store, saved):
    saved.write_text("pins.focus = 9\npins.shutter = 9\n")
    pins = store.load_usable().pins
    assert (pins.focus, pins.shutter) == (9, Settings().pins.shutter)


@pytest.mark.parametrize("damage", [None, "half a li", 'extends = "leica-rsl1"\n'])
def test_a_camera_that_is_gone_is_unset_with_what_was_said_about_it(box, store, saved, damage):
    (box / "cameras" / "mine.toml").write_text(OWN)
    (box / "config.toml").write_text("camera.back_button_focus = true")
    store.load()
    store.set("camera.profile", "mine")
    store.set("camera.shutter_lag", "80ms")
    store.set("focus.mode", "trim")
    store.save()
    if damage is None:
        (box / "cameras" / "mine.toml").unlink()
    else:
        (box / "cameras" / "mine.toml").write_text(damage)
    again = restarted(box)
    assert again.current.camera == Settings().camera
    assert again.current.focus.mode == "trim"
    assert again.cameras.load("generic").id == "generic"
    assert again.faults[0].startswith(f"not in force: {saved}: camera.profile: ")
    assert again.faults[-2] == f"not in force: {saved}: the camera is unset; run setup"
    again.save()
    assert restarted(box).faults == ()
    assert restarted(box).current == again.current


def test_a_camera_that_is_no_text_is_unset_too(box, saved):
    saved.write_text("camera.profile = 3\ncamera.back_button_focus = true\n")
    assert restarted(box).current.camera == Settings().camera


def test_the_file_is_kept_when_it_is_replaced_and_the_warning_ends(box, store, saved):
    content = '[focus]\nmode = "trim"\nwhisper = 3\n'
    saved.write_text(content)
    store.load_usable()
    store.save()
    assert (box / "state" / "settings.toml.damaged").read_text() == content
    assert store.faults == ()
    assert restarted(box).faults == ()
    assert restarted(box).current.focus.mode == "trim"
    saved.write_text("focus.whisper = 4")
    restarted(box).save()
    assert (box / "state" / "settings.toml.damaged-2").read_text() == "focus.whisper = 4"


def test_earlier_saves_are_offered_and_rolled_back_to(box, store, saved):
    for count in (1, 2, 3):
        store.set("interval.count", str(count))
        store.save()
    saved.write_text("not a settings file")
    again = restarted(box)
    assert again.current.interval.count == 0
    assert again.faults[-1].endswith("; rollback 1 brings back the save before it (2 kept)")
    assert again.rollback(1).interval.count == 2
    assert again.faults == ()
    assert (box / "state" / "settings.toml.damaged").read_text() == "not a settings file"
    assert restarted(box).current.interval.count == 2


def test_a_fault_of_the_machines_own_file_stops_the_start_with_all_of_them(box, store, saved):
    (box / "config.toml").write_text('focus.mod = "trim"\nfocus.min_hold = "1h"\n')
    saved.write_text("focus.whisper = 3")
    with pytest.raises(ConfigError) as caught:
        store.load_usable()
    assert len(caught.value.faults) == 2
    (box / "config.toml").write_text('camera.profile = "nothing"')
    with pytest.raises(ConfigError, match="unknown camera profile"):
        store.load_usable()
