"""Which profiles exist: the shipped ones, and a box's own, which override or extend them."""

import os
from pathlib import Path

import pytest

from config.cameras import BUILT_IN, Cameras, load_profile, own_folder, profile_ids
from config.errors import ConfigError

MS = 1_000_000
S = 1_000_000_000

WHOLE = """
brand = "Mine"
connector = "three contacts"
supported = "yes"
pins = { focus = "half", shutter = "full", ground = "common" }
confidence = "low"
"""


@pytest.fixture
def own(tmp_path):
    folder = own_folder(tmp_path / "config.toml")
    folder.mkdir()
    return folder


@pytest.fixture
def cameras(own):
    return Cameras(own)


@pytest.fixture
def write(own):
    def write(profile_id, text):
        path = own / f"{profile_id}.toml"
        path.write_text(text)
        return path

    return write


def faults(call, *arguments):
    with pytest.raises(ConfigError) as caught:
        call(*arguments)
    return caught.value.faults


def test_own_profiles_are_beside_the_settings_file(own, tmp_path):
    assert own == tmp_path / "cameras"


def test_a_box_needs_no_profiles_of_its_own(tmp_path):
    assert Cameras(tmp_path / "absent").ids() == Cameras(None).ids() == profile_ids()
    (tmp_path / "file").touch()
    assert Cameras(tmp_path / "file" / "cameras").load("generic").id == "generic"


def test_own_profiles_are_listed_among_the_others(cameras, write):
    path = write("mine", WHOLE)
    assert set(cameras.ids()) == {*profile_ids(), "mine"}
    assert list(cameras.ids()) == sorted(cameras.ids())
    assert cameras.origin("mine") == str(path)
    assert cameras.origin("generic") == BUILT_IN


def test_listing_reads_no_file(cameras, write):
    write("broken", "= = =")
    assert "broken" in cameras.ids()


def test_a_file_whose_name_is_no_valid_id_is_reported_and_not_listed(cameras, write):
    path = write("My Camera", WHOLE)
    write("Mine", WHOLE)
    assert cameras.ids() == profile_ids()
    sentence = "a profile is named ID.toml, where ID has only a to z (lower case), 0 to 9, dots and dashes; rename it"
    assert cameras.misnamed()[1] == f"{path}: {sentence}"
    assert len(cameras.misnamed()) == 2


def test_an_own_profile_takes_precedence_over_a_shipped_one_with_the_same_id(cameras, write):
    path = write("canon-e3", WHOLE)
    assert cameras.load("canon-e3").brand == "Mine"
    assert cameras.origin("canon-e3") == str(path)
    assert load_profile("canon-e3").brand == "Canon"


def test_an_own_profile_needs_only_what_differs(cameras, write):
    write("mine", 'extends = "nikon-mc-dc2"\nhalf_press_lead_ms = 250\nwake = { lead_ms = 900 }')
    mine, nikon = cameras.load("mine"), load_profile("nikon-mc-dc2")
    assert (mine.id, mine.lead_ns, nikon.lead_ns) == ("mine", 250 * MS, 100 * MS)
    assert mine.wake == nikon.wake._replace(lead_ns=900 * MS)
    assert mine.wake.meter_off_ns == 6 * S
    assert (mine.pins, mine.mirror_up, mine.bbf_setup) == (nikon.pins, nikon.mirror_up, nikon.bbf_setup)


def test_a_profile_may_extend_the_shipped_one_of_its_own_id(cameras, write):
    write("nikon-mc-dc2", 'extends = "nikon-mc-dc2"\nshutter_default_ms = 300')
    assert cameras.load("nikon-mc-dc2").hold_ns == 300 * MS
    assert cameras.load("nikon-mc-dc2").models == load_profile("nikon-mc-dc2").models


def test_own_profiles_can_extend_each_other(cameras, write):
    write("b", 'extends = "a"\nmin_gap_ms = 700')
    write("a", 'extends = "canon-e3"\nshutter_default_ms = 300\nmin_gap_ms = 600')
    assert (cameras.load("b").hold_ns, cameras.load("b").gap_ns, cameras.load("b").lead_ns) == (
        300 * MS,
        700 * MS,
        50 * MS,
    )


def test_a_replaced_value_does_not_inherit_the_old_grade(cameras, write):
    write("mine", 'extends = "canon-e3"\nshutter_default_ms = 90\nwake = { hold_ms = 90 }\nsources = ["my own test"]')
    mine = cameras.load("mine")
    assert load_profile("canon-e3").confidence_of("shutter_default_ms") == "confirmed"
    assert mine.confidence_of("shutter_default_ms") == "ungraded"
    assert mine.confidence_of("wake.hold_ms") == "ungraded"
    assert mine.confidence_of("wake.lead_ms") == "single source"
    assert mine.confidence_of("shutter_alone_fires") == "confirmed"
    assert mine.sources[-1] == "my own test"
    assert len(mine.sources) > 1


def test_a_profile_can_change_the_grade_of_an_inherited_fact(cameras, write):
    write("mine", 'extends = "generic"\nshutter_min_ms = 40\nsingle_source = ["shutter_min_ms", "min_gap_ms (here)"]')
    mine = cameras.load("mine")
    assert mine.confidence_of("shutter_min_ms") == "single source"
    assert mine.confidence_of("min_gap_ms") == "single source"
    assert mine.confidence_of("half_press_lead_ms") == "inferred"
    assert ("single source", "min_gap_ms (here)") in mine.doubts


def test_a_doubt_disappears_with_the_fact_it_is_about(cameras, write):
    write("mine", 'extends = "nikon-mc-dc2"\nwake = { lead_ms = 900 }')
    doubt = ("inferred", "wake.lead_ms (read for the D1)")
    assert doubt in load_profile("nikon-mc-dc2").doubts
    assert doubt not in cameras.load("mine").doubts


def test_a_mirror_of_another_kind_inherits_nothing(cameras, write):
    write("mine", 'extends = "canon-e3"\nmirror_up = { kind = "none" }')
    mirror_up = cameras.load("mine").mirror_up
    assert (mirror_up.kind, mirror_up.timeout_ns, mirror_up.on_timeout) == ("none", None, None)


def test_an_unwanted_key_is_not_inherited(cameras, write):
    write(
        "mine", 'extends = "sony-multi"\nhalf_press_lead_ms = 1\nwithout = ["half_press_lead_min_ms", "wake.lead_ms"]'
    )
    mine = cameras.load("mine")
    assert (mine.lead_ns, mine.lead_min_ns, mine.wake.lead_ns) == (1 * MS, None, 800 * MS)
    assert mine.confidence_of("wake.lead_ms") == "assumed"


def test_a_contradiction_with_an_inherited_key_names_the_remedy(cameras, write):
    path = write("mine", 'extends = "canon-e3"\nbulb = "none"')
    rule = 'bulb_with_mirror_up: has no meaning where bulb is "none"; leave it out'
    assert faults(cameras.load, "mine") == (f'{path}: {rule}, or write without = ["bulb_with_mirror_up"]',)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('extends = "nikon-mc-dc"', 'extends: unknown camera profile "nikon-mc-dc"; did you mean nikon-mc-dc2?'),
        ('extends = "mine"', "extends: mine cannot extend itself, and backbutton ships no profile of that name"),
        ('extends = "../cameras/generic"', 'extends: unknown camera profile "../cameras/generic"'),
        ("extends = 5", "extends: 5 is not the id of a camera profile"),
        (
            'extends = "generic"\nwithout = ["wake.lead"]',
            'without: "wake.lead" is not a key of the profile it extends; did',
        ),
        ('extends = "generic"\nwithout = ["bulb.x"]', 'without: "bulb.x" is not a key of the profile it extends'),
        ('extends = "generic"\nwithout = ["brand"]', "brand: is missing; write text"),
        ('extends = "generic"\nid = "generic"', 'id: "generic" must be the name of its file, mine'),
        ('extends = "generic"\nmin_gap = 3', 'unknown key "min_gap"; did you mean min_gap_ms?'),
    ],
)
def test_a_profile_that_cannot_be_extended_is_refused(cameras, write, text, fault):
    path = write("mine", text)
    (message,) = faults(cameras.load, "mine")
    assert message.startswith(f"{path}: {fault}")


def test_profiles_that_extend_each_other_in_a_circle_are_refused(cameras, write):
    for each, base in (("a", "b"), ("b", "c"), ("c", "b")):
        write(each, f'extends = "{base}"')
    (message,) = faults(cameras.load, "a")
    assert message.endswith(
        "c.toml: extends: b extends c extends b, which is a circle; remove one of these extends lines"
    )


def test_a_fault_names_its_file(cameras, write):
    write("above", 'extends = "below"\n')
    path = write("below", WHOLE + "min_gap = 3")
    assert faults(cameras.load, "above") == (f'{path}: unknown key "min_gap"; did you mean min_gap_ms?',)


def test_an_unknown_profile_is_refused_with_a_suggestion(cameras, write):
    write("canon-e5", WHOLE)
    assert faults(load_profile, "canon-e4") == ('unknown camera profile "canon-e4"; did you mean canon-e3?',)
    assert faults(cameras.load, "canon-e55") == ('unknown camera profile "canon-e55"; did you mean canon-e5?',)


@pytest.mark.parametrize(
    "name", ["", "../cameras/generic", "generic.toml", "/etc/passwd", "GENERIC\n", "a" * 300, "."]
)
def test_only_a_valid_profile_id_opens_a_file(cameras, name):
    assert faults(cameras.load, name)[0].startswith("unknown camera profile")


def test_a_damaged_profile_is_refused_with_its_path(cameras, own):
    contents = {
        "short": (b"id = ", "this is not TOML: "),
        "bytes": (b"\xff\xfe", "is not UTF-8 text, line 1"),
        "deep": (b"x = " + b"[" * 100_000, "nested too deeply to be a camera profile"),
        "large": (b"#" * (1 << 21), "is too large to be a camera profile"),
    }
    for name, (content, fault) in contents.items():
        (own / f"{name}.toml").write_bytes(content)
        (message,) = faults(cameras.load, name)
        assert message.startswith(f"{own / name}.toml: {fault}")


def test_a_path_that_is_not_a_file_is_not_a_profile(cameras, own):
    os.mkfifo(own / "pipe.toml")
    (own / "folder.toml").mkdir()
    (own / "gone.toml").symlink_to(own / "nowhere")
    assert faults(cameras.load, "pipe") == (f"{own}/pipe.toml: is not a file",)
    assert faults(cameras.load, "folder") == (f"{own}/folder.toml: is not a file",)
    assert faults(cameras.load, "gone") == (f"{own}/gone.toml: cannot be read, no such file or directory",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_reported(cameras, own):
    own.chmod(0)
    try:
        assert faults(cameras.ids) == (f"{own}: cannot be read, permission denied",)
        assert faults(cameras.load, "generic") == (f"{own}/generic.toml: cannot be read, permission denied",)
    finally:
        own.chmod(0o700)


@pytest.mark.parametrize(
    ("profile_id", "because"),
    [
        ("panasonic-rsl1", "does not work with two plain contacts: the port is a resistor ladder;"),
        ("fuji-usb", "does not work with two plain contacts: RR-80 is resistor coded;"),
        ("leica-rsl1", "cannot be wired, because its contacts are not known: no source describes a Leica port;"),
    ],
)
def test_an_unusable_port_cannot_be_chosen(cameras, profile_id, because):
    (message,) = faults(cameras.read_usable, profile_id)
    assert message.startswith(f"{profile_id} {because}")
    assert message.endswith("; choose another: the command cameras lists them")


def test_a_chosen_profile_stays_as_it_was_until_it_is_chosen_again(cameras, write):
    write("mine", WHOLE + "min_gap_ms = 400")
    chosen = cameras.keep(cameras.read_usable("mine"))
    path = write("mine", WHOLE + "min_gap_ms = 500")
    assert cameras.load("mine") is chosen
    path.write_text("damaged")
    assert cameras.load("mine") is chosen
    write("mine", WHOLE + "min_gap_ms = 500")
    assert cameras.keep(cameras.read_usable("mine")).gap_ns == cameras.load("mine").gap_ns == 500 * MS


def test_any_file_can_be_checked_like_an_own_profile(cameras, write, tmp_path):
    write("base", WHOLE)
    path = tmp_path / "mine.toml"
    path.write_text('extends = "base"\nmin_gap_ms = 500')
    assert cameras.check(path).gap_ns == 500 * MS
    path.write_text('extends = "base"\nmin_gap_ms = 0\nbrand = 5')
    assert len(faults(cameras.check, path)) == 2
    assert "rename it" in faults(cameras.check, tmp_path / "Mine.toml")[0]
    assert faults(cameras.check, tmp_path / "absent.toml")[0].endswith("cannot be read, no such file or directory")


def test_the_example_in_the_documentation_is_a_valid_profile(cameras, write):
    text = (Path(__file__).parents[2] / "docs" / "cameras.md").read_text()
    example = text.split("```toml\n")[1].split("```")[0]
    write("my-d750", example)
    mine = cameras.read_usable("my-d750")
    assert (mine.lead_ns, mine.confidence_of("half_press_lead_ms")) == (250 * MS, "confirmed")
    assert (mine.mirror_up, mine.wake.lead_ns, mine.wake.meter_off_ns) == (None, 900 * MS, 6 * S)
