"""The settings accept a box's own profiles, and refuse unusable ones."""

import pytest

from config.errors import ConfigError
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


def faults(call, *arguments):
    with pytest.raises(ConfigError) as caught:
        call(*arguments)
    return caught.value.faults


def test_an_own_profile_can_be_chosen_and_comes_back_after_a_restart(store, box):
    (box / "cameras" / "mine.toml").write_text(OWN)
    store.load()
    assert store.set("camera.profile", "Mine").camera.profile == "mine"
    store.save()
    again = SettingsStore(box / "config.toml", box / "state")
    assert again.load().camera.profile == "mine"
    assert again.cameras.load("mine").gap_ns == 400_000_000


@pytest.mark.parametrize(
    ("profile_id", "fault"),
    [
        ("canon-e4", 'camera.profile: unknown camera profile "canon-e4"; did you mean canon-e3?'),
        ("", 'camera.profile: unknown camera profile ""; the command cameras lists them'),
        ("panasonic-rsl1", ("camera.profile: panasonic-rsl1 does not work with two plain contacts: the port is a "
         "resistor ladder; two plain contacts to ground do not work; choose another: the command cameras lists them")),
    ],
)  # fmt: skip
def test_an_unusable_profile_is_refused_and_nothing_changes(store, profile_id, fault):
    store.load()
    assert faults(store.set, "camera.profile", profile_id) == (fault,)
    assert store.current.camera.profile == "generic"
    assert store.unsaved() == ()


def test_a_damaged_profile_that_is_not_used_does_no_harm(store, box):
    (box / "cameras" / "broken.toml").write_text("min_gap = 3")
    assert store.load().camera.profile == "generic"
    assert store.set("focus.mode", "trim").focus.mode == "trim"


def test_a_damaged_profile_in_use_is_reported_with_file_and_key(store, box):
    broken, config = box / "cameras" / "broken.toml", box / "config.toml"
    broken.write_text('extends = "canon-e3"\nmin_gap = 3\nbulb = 5')
    config.write_text('[camera]\nprofile = "broken"\n')
    where = f"{config}: camera.profile: {broken}: "
    assert faults(store.load) == (
        where + 'unknown key "min_gap"; did you mean min_gap_ms?',
        where + "bulb: 5 is not one of hold, toggle, none",
    )
    (box / "state" / "settings.toml").write_text('[camera]\nprofile = "generic"\n')
    assert store.load().camera.profile == "generic"
    (box / "state" / "settings.toml").write_text('[camera]\nprofile = "leica-rsl1"\n')
    assert faults(store.load)[0].startswith(f"{box}/state/settings.toml: camera.profile: leica-rsl1 cannot be wired")


def test_a_save_whose_profile_is_missing_cannot_be_rolled_back_to(store, box):
    mine = box / "cameras" / "mine.toml"
    mine.write_text(OWN)
    store.load()
    store.set("camera.profile", "mine")
    store.save()
    store.set("camera.profile", "canon-n3")
    store.save()
    mine.unlink()
    kept = (box / "state" / "settings.toml").read_text()
    message = f'{box}/state/settings.1.toml: camera.profile: unknown camera profile "mine"'
    assert faults(store.rollback, 1)[0].startswith(message)
    assert store.current.camera.profile == "canon-n3"
    assert (box / "state" / "settings.toml").read_text() == kept


def test_other_settings_can_be_changed_while_the_file_in_use_is_being_edited(store, box):
    mine = box / "cameras" / "mine.toml"
    mine.write_text(OWN)
    store.load()
    store.set("camera.profile", "mine")
    mine.write_text("half a li")
    assert store.set("focus.mode", "trim").camera.profile == "mine"
    assert store.cameras.load("mine").gap_ns == 400_000_000
    assert faults(store.set, "camera.profile", "mine")[0].startswith(f"camera.profile: {mine}: this is not TOML")
    mine.write_text(OWN.replace("400", "500"))
    store.set("camera.profile", "mine")
    assert store.cameras.load("mine").gap_ns == 500_000_000


def test_a_reset_to_an_unusable_profile_is_refused(store, box):
    (box / "cameras" / "mine.toml").write_text(OWN)
    (box / "config.toml").write_text('[camera]\nprofile = "mine"\n')
    store.load()
    store.set("camera.profile", "generic")
    (box / "cameras" / "mine.toml").unlink()
    assert faults(store.reset, "camera.profile") == (
        'camera.profile: unknown camera profile "mine"; the command cameras lists them',
    )
    assert store.current.camera.profile == "generic"


# A body by its name


@pytest.mark.parametrize("load", ["load", "load_usable"])
def test_a_file_of_the_machine_may_name_the_body_alone(store, box, load):
    (box / "config.toml").write_text('[camera]\nmodel = "nikon d850"\n')
    settings = getattr(store, load)()
    assert (settings.camera.profile, settings.camera.model) == ("nikon-10pin", "Nikon D850")
    assert store.unsaved() == ()


@pytest.mark.parametrize("load", ["load", "load_usable"])
def test_a_body_in_a_file_that_is_unclear_is_reported_with_the_file(store, box, load):
    (box / "config.toml").write_text('[camera]\nmodel = "a7"\n')
    (fault,) = faults(getattr(store, load))
    assert fault.startswith(f'{box}/config.toml: camera.model: "a7" fits cameras that have different ports')


def test_a_profile_beside_the_body_decides(store, box):
    (box / "config.toml").write_text('[camera]\nmodel = "My own D850"\nprofile = "generic"\n')
    settings = store.load()
    assert (settings.camera.profile, settings.camera.model) == ("generic", "My own D850")


def test_a_body_is_saved_with_its_profile(store, box):
    (box / "config.toml").write_text('[camera]\nmodel = "D850"\n')
    store.load()
    store.set_all(store.parsed("camera.model", "r5"))
    store.save()
    assert 'profile = "canon-r"\nmodel = "Canon EOS R5"' in (box / "state" / "settings.toml").read_text()
    again = SettingsStore(box / "config.toml", box / "state")
    assert again.load().camera.profile == "canon-r"


def test_another_profile_is_another_body(store):
    store.load()
    store.set_all(store.parsed("camera.profile", "D850"))
    assert store.set("camera.profile", "nikon-10pin").camera.model == "Nikon D850"
    assert store.set("camera.profile", "canon-e3").camera.model is None


@pytest.mark.parametrize("name", ["x" * 61, "a\x1b[2Jb", "a\nb"])
def test_a_name_that_a_terminal_would_act_on_is_refused(store, name):
    store.load()
    assert "is no name of a camera" in faults(store.set, "camera.model", name)[0]
