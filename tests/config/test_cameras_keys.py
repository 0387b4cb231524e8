"""What a profile may contain, and which keys contradict each other."""

import pytest

from config.cameras import Cameras
from config.errors import ConfigError
from config.profile_keys import GRADES, KEYS

MS = 1_000_000
S = 1_000_000_000

PINS = 'pins = { focus = "half", shutter = "full", ground = "common" }\n'
HEAD = 'brand = "Mine"\nconnector = "three contacts"\nconfidence = "low"\n'
SMALLEST = HEAD + 'supported = "yes"\n'
WHOLE = SMALLEST + PINS


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return Cameras().check(path)

    return read


@pytest.fixture
def faults(read, tmp_path):
    def faults(text):
        with pytest.raises(ConfigError) as caught:
            read(text)
        return tuple(fault.removeprefix(f"{tmp_path}/mine.toml: ") for fault in caught.value.faults)

    return faults


def test_missing_keys_get_defaults_that_fire_any_port(read):
    profile = read(WHOLE)
    assert (profile.lead_ns, profile.hold_ns, profile.gap_ns) == (100 * MS, 200 * MS, 330 * MS)
    assert (profile.wake.hold_ns, profile.wake.lead_ns) == (400 * MS, 800 * MS)
    assert (profile.shutter_alone_fires, profile.focus_held_during_release) == (None, True)
    assert profile.release_focus_between_shots is None
    assert (profile.lead_min_ns, profile.shutter_min_ns, profile.bulb_max_ns, profile.wake.meter_off_ns) == (
        None,
    ) * 4
    assert (profile.mirror_up, profile.keep_awake, profile.aeb, profile.bulb_alternative) == (None,) * 4
    assert (profile.bulb, profile.models, profile.bbf_setup, profile.notes) == ("hold", (), (), "")
    assert profile.is_usable


def test_each_key_has_its_grade(read):
    lists = 'confirmed = ["bulb"]\nsingle_source = ["wake"]\nweak = ["everything"]\nunknown = ["shutter_min_ms"]\n'
    profile = read(WHOLE + lists + 'bulb = "hold"\nmin_gap_ms = 400\nwake = { lead_ms = 500 }')
    sure = {key: profile.confidence_of(key) for key in ("bulb", "wake.lead_ms", "min_gap_ms", "shutter_min_ms")}
    assert sure == {
        "bulb": "confirmed",
        "wake.lead_ms": "single source",
        "min_gap_ms": "weak",
        "shutter_min_ms": "unknown",
    }
    assert profile.confidence_of("wake.hold_ms") == profile.confidence_of("half_press_lead_ms") == "assumed"
    assert read(WHOLE + "min_gap_ms = 400").confidence_of("min_gap_ms") == "ungraded"


def test_free_text_in_the_lists_is_kept(read):
    profile = read(WHOLE + 'weak = ["90D connector", "pins (clones differ)"]\nsingle_source = ["brand"]')
    assert profile.doubts == (("weak", "90D connector"), ("weak", "pins (clones differ)"))
    assert profile.confidence_of("pins.focus") == "weak"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("min_gap = 3", 'unknown key "min_gap"; did you mean min_gap_ms?'),
        ('min_gap_ms = "3"', 'min_gap_ms: "3" is not a whole number from 1 to 60000'),
        ("min_gap_ms = 0", "min_gap_ms: 0 is not a whole number from 1 to 60000"),
        ("min_gap_ms = -5", "min_gap_ms: -5 is not a whole number from 1 to 60000"),
        ("min_gap_ms = true", "min_gap_ms: true is not a whole number from 1 to 60000"),
        ("min_gap_ms = 1e3", "min_gap_ms: 1000.0 is not a whole number from 1 to 60000"),
        ("bulb_max_s = 3601", "bulb_max_s: 3601 is not a whole number from 1 to 3600"),
        ("wake = { hold_ms = 90000 }", "wake.hold_ms: 90000 is not a whole number from 1 to 60000"),
        ("wake = { held_ms = 9 }", 'unknown key "wake.held_ms"; did you mean wake.hold_ms?'),
        ('wake = { via = "shutter" }', 'wake.via: "shutter" is not one of focus'),
        ("wake = 400", "wake: 400 is not a table"),
        ("shutter_alone_fires = 1", "shutter_alone_fires: 1 is not true or false"),
        ('models = "D90"', 'models: "D90" is not a list of texts'),
        ("models = [90]", "models: a list is not a list of texts"),
        ('bulb = "held"', 'bulb: "held" is not one of hold, toggle, none; did you mean hold?'),
        ("bulb = [1]", "bulb: a list is not one of hold, toggle, none"),
        ('aeb = { set_by = "holding" }', 'aeb.set_by: "holding" is not one of hold, press; did you mean hold?'),
        ("aeb = { raw = 5 }", "aeb.raw: 5 is not text"),
        (
            'mirror_up = { kind = "press" }',
            ('mirror_up.kind: "press" is not one of press-press, self-timer-2s, exposure-delay, user-asked, none; '
            "did you mean press-press?"),
        ),
        ("mirror_up = { }", ("mirror_up.kind: is missing; write one of press-press, self-timer-2s, exposure-delay, "
         "user-asked, none")),
        ("keep_awake = { pulse_ms = 9 }", "keep_awake.every_s: is missing; write a whole number from 1 to 3600"),
        (
            "flash_sync = { a = { b = 1 } }",
            "flash_sync.a: a table is not text, a number, true or false, or a list of numbers",
        ),
        ('id = "yours"', 'id: "yours" must be the name of its file, mine'),
        ("id = 5", "id: 5 is not text"),
        ('confirmed = "pins"', 'confirmed: "pins" is not a list of texts'),
    ],
)  # fmt: skip
def test_an_unknown_or_wrongly_filled_key_is_refused(faults, line, fault):
    assert faults(WHOLE + line) == (fault,)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (
            "shutter_alone_fires = false\nfocus_held_during_release = false",
            (
                "focus_held_during_release: false is wrong: since shutter_alone_fires is false, nothing would fire; "
                "set one of them to true"
            ),
        ),
        (
            "focus_held_during_release = false",
            (
                "focus_held_during_release: false is wrong: since shutter_alone_fires is not given, nothing would fire; "
                "set one of them to true"
            ),
        ),
        (
            "half_press_lead_ms = 50\nhalf_press_lead_min_ms = 51",
            "half_press_lead_ms: 50 is shorter than half_press_lead_min_ms, which is 51; raise it",
        ),
        (
            "half_press_lead_min_ms = 101",
            "half_press_lead_ms: 100 (assumed) is shorter than half_press_lead_min_ms, which is 101; raise it",
        ),
        (
            "shutter_default_ms = 99\nshutter_min_ms = 100",
            "shutter_default_ms: 99 is shorter than shutter_min_ms, which is 100; raise it",
        ),
        (
            "shutter_min_ms = 300",
            "shutter_default_ms: 200 (assumed) is shorter than shutter_min_ms, which is 300; raise it",
        ),
        (
            'mirror_up = { kind = "press-press", timeout_s = 1, settle_min_ms = 1001 }',
            "mirror_up.timeout_s: 1 is shorter than mirror_up.settle_min_ms, which is 1001; raise it",
        ),
        (
            'mirror_up = { kind = "press-press", timeout_s = 1, first_press_ms = 1001 }',
            "mirror_up.timeout_s: 1 is shorter than mirror_up.first_press_ms, which is 1001; raise it",
        ),
        (
            "keep_awake = { pulse_ms = 2000, every_s = 1 }",
            "keep_awake.every_s: 1 is shorter than keep_awake.pulse_ms, which is 2000; raise it",
        ),
        (
            'mirror_up = { kind = "none", settle_min_ms = 500 }',
            'mirror_up.settle_min_ms: has no meaning where mirror_up.kind is "none"; leave it out',
        ),
        (
            'mirror_up = { kind = "press-press", on_timeout = "drops" }',
            "mirror_up.on_timeout: needs mirror_up.timeout_s; add it to say after how long",
        ),
        ('bulb = "none"\nbulb_max_s = 30', 'bulb_max_s: has no meaning where bulb is "none"; leave it out'),
        (
            'bulb = "none"\nbulb_with_mirror_up = "x"',
            'bulb_with_mirror_up: has no meaning where bulb is "none"; leave it out',
        ),
        (
            "ladder_ohm = { idle = 5 }",
            'supported: "yes" contradicts ladder_ohm; a resistor ladder is "needs-other-hardware"',
        ),
        ('why_not = "never"', 'why_not: contradicts supported, which is "yes"; remove one of them'),
        ('unknown = ["brand"]', 'unknown: "brand" has a value in this file; remove one of the two'),
        (
            'confirmed = ["bulb_max_s"]',
            'confirmed: "bulb_max_s" has no value in this file; add one, or remove it from the list',
        ),
        (
            'confirmed = ["wake.lead_ms"]',
            'confirmed: "wake.lead_ms" has no value in this file; add one, or remove it from the list',
        ),
        ('confirmed = ["pin"]', 'confirmed: unknown key "pin"; did you mean pins?'),
        ('confirmed = ["sources"]', 'confirmed: "sources" is not a fact about the camera; remove it'),
        ('weak = ["pins"]\nconfirmed = ["pins"]', 'weak: "pins" is also listed under confirmed; keep one of them'),
    ],
)
def test_a_contradiction_is_refused(faults, lines, fault):
    assert faults(WHOLE + lines) == (fault,)


@pytest.mark.parametrize(
    "lines",
    [
        "shutter_alone_fires = false\nfocus_held_during_release = true",
        "shutter_alone_fires = true\nfocus_held_during_release = false",
        "half_press_lead_ms = 50\nhalf_press_lead_min_ms = 50",
        "shutter_min_ms = 200",
        'mirror_up = { kind = "press-press", timeout_s = 1, settle_min_ms = 1000, on_timeout = "drops" }',
        'bulb = "toggle"\nbulb_max_s = 30',
        'unknown = ["bulb_max_s", "wake", "what nobody knows"]',
    ],
)
def test_an_apparent_contradiction_is_accepted(read, lines):
    assert read(WHOLE + lines).id == "mine"


def test_a_usable_profile_needs_its_contacts(faults, read):
    missing = "pins.focus, pins.shutter, pins.ground: is missing, and a usable profile needs it; name the contact"
    assert faults(SMALLEST) == (missing,)
    assert faults(SMALLEST + 'unknown = ["pins"]') == (missing,)
    caveats = HEAD + 'supported = "with-caveats"\n'
    assert faults(caveats) == (f"{missing}, or list pins under unknown",)
    assert read(caveats + 'unknown = ["pins (positions)"]').is_usable
    assert read(caveats + 'unknown = ["pins.focus", "pins.shutter", "pins.ground"]').is_usable
    assert faults(SMALLEST + 'pins = { focus = 3, shutter = 3, ground = "3" }') == (
        'pins: 3, 3, "3" are not three different contacts; each needs its own',
    )


def test_an_unusable_profile_needs_a_reason(faults, read):
    text = HEAD + 'supported = "no-port"\n'
    assert faults(text) == ('why_not: is missing; explain in a sentence why supported is "no-port"',)
    assert not read(text + 'why_not = "there is no socket"').is_usable


def test_numbered_contacts_are_called_pins(read):
    pins = read(SMALLEST + 'pins = { focus = 11, shutter = 4, ground = "3 (9 seems equal)", other = 5 }').pins
    assert (pins.focus, pins.shutter, pins.ground) == ("pin 11", "pin 4", "3 (9 seems equal)")
    assert pins.remarks == (("other", "5"),)


def test_all_faults_are_reported_at_once(faults):
    message = faults('brand = "Mine"\nsupported = "perhaps"\nmin_gap = 3\nconfidence = "low"\nid = "yours"')
    assert message == (
        'supported: "perhaps" is not one of yes, with-caveats, needs-other-hardware, pinout-unknown, no-port',
        'unknown key "min_gap"; did you mean min_gap_ms?',
        "connector: is missing; write text",
        'id: "yours" must be the name of its file, mine',
    )
    assert len(faults(WHOLE + 'focus_held_during_release = false\nshutter_min_ms = 300\nconfirmed = ["pin"]')) == 3


def test_no_key_is_known_under_two_spellings():
    tables = {key.partition(".")[0] for key in KEYS if "." in key}
    assert tables <= set(KEYS)
    assert set(GRADES) <= set(KEYS)
