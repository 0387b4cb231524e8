import ast
import dataclasses
import itertools
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_values import values

from config.cameras import profile_ids
from config.errors import ConfigError
from config.schema import (
    FIELDS,
    SECTIONS,
    Settings,
    build,
    check_all,
    default_toml,
    find_field,
    settings_table,
    value_of,
    with_value,
)
from config.when import When

S = 1_000_000_000


def refusal(call, *arguments):
    with pytest.raises(ConfigError) as caught:
        call(*arguments)
    return str(caught.value)


def test_the_defaults_are_those_of_the_design():
    settings = Settings()
    assert (settings.focus.mode, settings.focus.min_hold_ns, settings.focus.expires_ns) == (
        "single",
        3 * S // 10,
        0,
    )
    assert (settings.focus.lock_limit_ns, settings.safety.max_hold_ns) == (4 * 3600 * S, 30 * S)
    assert (settings.interval.every_ns, settings.interval.count, settings.interval.start_delay_ns) == (
        5 * S,
        0,
        0,
    )
    assert (settings.camera.profile, settings.camera.back_button_focus) == ("generic", None)
    assert dataclasses.astuple(settings.pins) == (17, 27, 5, 6, 12, 22, 23, 24, None, None)
    assert check_all(settings) == ()


def test_a_key_drops_the_unit_that_its_attribute_carries():
    assert FIELDS["focus.min_hold"].name == "min_hold_ns"
    assert FIELDS["interval.start_tolerance"].name == "start_tolerance_ns"
    assert FIELDS["site.latitude"].name == "latitude_udeg"
    assert not [key for key in FIELDS if key.endswith(("_ns", "_udeg"))]


def test_fields_come_in_the_order_of_declaration():
    assert list(FIELDS)[:3] == ["focus.mode", "focus.min_hold", "focus.double_tap"]
    assert list(FIELDS)[-1] == "pins.buzzer"


# What decides about the frames of a run, and when it starts and ends; what back means is decided in `focusing`.
RUN_MODULES = ("checks", "exposing", "frame_cache", "frames", "instants", "launching", "placing", "ramp", "recipes", "run_times", "runplan",
               "running", "shooting", "wake_pulses", "wake_schedule")  # fmt: skip


def settings_read_by(path):
    """The keys of the settings that a module reads, as attributes: `interval.every_ns`, `settings.latitude_udeg`."""
    keys = {(field.section, field.name): key for key, field in FIELDS.items()}
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
    for node in nodes:
        base = node.value
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        for (section, attribute), key in keys.items():
            if node.attr == attribute and (name == section or (name == "settings" and attribute not in SECTIONS)):
                yield key


def test_every_setting_that_shapes_a_frame_or_a_run_stays_as_it_is_during_a_run():
    core = Path(__file__).parents[2] / "controller" / "core"
    read = {key for name in RUN_MODULES for key in settings_read_by(core / f"{name}.py")}
    assert len(read) > 25, "the modules read settings in another way than this test knows"
    assert {key for key in read if not (FIELDS[key].in_run or FIELDS[key].restart)} == set()


def test_settings_that_need_a_restart_are_marked():
    assert [key for key, field in FIELDS.items() if field.restart] == [k for k in FIELDS if k.startswith("pins.")]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("focus.mode", " Trim ", "trim"),
        ("interval.every", "1/4s", S // 4),
        ("interval.count", "300", 300),
        ("interval.start", "now", When("now")),
        ("interval.start", "+30s", When("delay", 30 * S)),
        ("interval.start", "Sunset-20m", When("sun", -1200 * S, event="sunset")),
        ("interval.end", "none", None),
        ("interval.end", "+2h", When("delay", 7200 * S)),
        ("site.latitude", "47.37", 47_370_000),
        ("site.latitude", "-33.8688", -33_868_800),
        ("site.longitude", "+180", 180_000_000),
        ("site.longitude", "-0.0000014", -1),
        ("site.latitude", "unset", None),
        ("site.timezone", "Europe/Zurich", "Europe/Zurich"),
        ("site.timezone", "america/new_york", "America/New_York"),
        ("site.timezone", "unset", None),
        ("focus.interlock", "off", False),
        ("focus.interlock", "Yes", True),
        ("camera.back_button_focus", "unset", None),
        ("camera.back_button_focus", "on", True),
        ("camera.back_button_focus", "false", False),
        ("focus.expires", "0", 0),
        ("pins.buzzer", "16", 16),
        ("pins.ready_lamp", " Unset ", None),
    ],
)
def test_a_value_is_read_from_text(key, text, value):
    assert FIELDS[key].parse(text) == value
    assert type(FIELDS[key].parse(text)) is type(value)


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("interval.every", "50ms", "interval.every: 50ms is below 100ms; choose from 100ms to 24h"),
        ("focus.min_hold", "6s", "focus.min_hold: 6s is above 5s; choose from 50ms to 5s"),
        (
            "focus.mode",
            "singel",
            'focus.mode: "singel" is not one of single, continuous, trim; did you mean single?',
        ),
        (
            "interval.every",
            "5",
            'interval.every: "5" has no unit; write 5s for seconds, or 5m for minutes; choose from 100ms to 24h',
        ),
        ("focus.interlock", "maybe", 'focus.interlock: "maybe" is not one of true, false'),
        ("interval.count", "x", 'interval.count: "x" is not a whole number; choose from 0 to 1000000'),
        ("interval.count", "-1", "interval.count: -1 is below 0; choose from 0 to 1000000"),
        ("interval.count", "9" * 90, None),
        ("interval.count", "1_0", None),
        ("interval.count", "٣", None),
        (
            "interval.start",
            "30s",
            (
                'interval.start: "30s" is not a start; write it like now, +30s, 06:30, 2026-11-23T06:30, sunrise, '
                "sunset-20m, dawn+1h or dusk; did you mean +30s?"
            ),
        ),
        ("interval.start", "+25h", "interval.start: +25h is above +24h; choose at most +24h"),
        (
            "site.latitude",
            "47°x",
            (
                'site.latitude: "47°x" is not an angle; write degrees like 47.37 or 47°22\'N, with a minus or S for the '
                "other side, or unset"
            ),
        ),
        ("site.latitude", "47,37", None),
        ("site.latitude", "٤٧", None),
        ("site.latitude", "90.000001", "site.latitude: 90.000001 is above 90; choose from -90 to 90, unset"),
        ("site.longitude", "-181", "site.longitude: -181 is below -180; choose from -180 to 180, unset"),
        (
            "site.timezone",
            "zurich",
            (
                'site.timezone: "zurich" is not a time zone; write it like Europe/Zurich, or unset; did you mean '
                "Europe/Zurich?"
            ),
        ),
        ("site.timezone", "new york", None),
        ("site.timezone", "Europe", None),
        ("site.timezone", "../../etc/passwd", None),
        ("site.timezone", "", None),
        ("interval.start", "+5", None),
        ("camera.back_button_focus", "2", 'camera.back_button_focus: "2" is not one of true, false, unset'),
        ("pins.focus", "28", "pins.focus: 28 is above 27; choose from 0 to 27"),
        ("pins.buzzer", "28", "pins.buzzer: 28 is above 27; choose from 0 to 27, unset"),
        ("pins.buzzer", "none", 'pins.buzzer: "none" is not a whole number; choose from 0 to 27, unset'),
        ("pins.focus", "unset", None),
    ],
)
def test_a_refusal_names_key_value_rule_and_remedy(key, text, sentence):
    message = refusal(FIELDS[key].parse, text)
    assert message == (sentence or message)
    assert message.startswith(f"{key}: ")
    assert message.isprintable()


@pytest.mark.parametrize(
    ("key", "raw", "sentence"),
    [
        ("focus.min_hold", 300, 'focus.min_hold: 300 is not text with a unit; write it like "300ms"'),
        ("focus.min_hold", 0.3, None),
        ("focus.mode", True, 'focus.mode: true is not text in quotes; write it like "single"'),
        (
            "focus.interlock",
            "true",
            'focus.interlock: "true" is not true or false without quotes; write it like true',
        ),
        ("focus.interlock", 1, None),
        ("pins.focus", True, "pins.focus: true is not a whole number without quotes; write it like 17"),
        ("pins.focus", "17", None),
        ("pins.focus", 17.0, None),
        ("pins.focus", [17], "pins.focus: a list is not a whole number without quotes; write it like 17"),
        ("focus.mode", {"a": 1}, None),
        ("camera.back_button_focus", 1, None),
        (
            "pins.busy_lamp",
            True,
            'pins.busy_lamp: true is not a whole number without quotes or "unset"; write it like 23',
        ),
        (
            "site.latitude",
            47.37,
            'site.latitude: 47.37 is not degrees in quotes, like "47.37", or "unset"; write it like "unset"',
        ),
        ("interval.end", 30, 'interval.end: 30 is not text in quotes; write it like "none"'),
        ("interval.start", 30, 'interval.start: 30 is not text in quotes; write it like "now"'),
    ],
)
def test_a_file_value_of_the_wrong_type_is_refused(key, raw, sentence):
    message = refusal(FIELDS[key].check, raw)
    assert message == (sentence or message)
    assert message.startswith(f"{key}: ")


def test_a_number_too_long_to_print_is_refused():
    assert refusal(FIELDS["pins.focus"].check, 16**5000) == (
        "pins.focus: a huge number is above 27; choose from 0 to 27"
    )


def test_a_statement_can_be_written_in_a_file_either_way():
    field = FIELDS["camera.back_button_focus"]
    assert [field.check(True), field.check(False), field.check("unset")] == [True, False, None]


@given(st.sampled_from(sorted(FIELDS)).flatmap(lambda key: st.tuples(st.just(key), values(FIELDS[key]))))
def test_every_allowed_value_reads_back_from_console_and_file(pair):
    key, value = pair
    field = FIELDS[key]
    assert field.parse(field.format(value)) == value
    assert field.check(tomllib.loads(f"x = {field.literal(value)}")["x"]) == value


def test_an_unknown_setting_is_refused_with_a_suggestion():
    assert refusal(find_field, "focus.mod") == 'unknown setting "focus.mod"; did you mean focus.mode?'
    assert refusal(find_field, "mode") == 'unknown setting "mode"; did you mean focus.mode?'
    assert refusal(find_field, "zzz") == (
        'unknown setting "zzz"; the sections of settings are focus, safety, shot, interval, camera, site, buttons, pins'
    )
    assert refusal(find_field, "toler") == 'unknown setting "toler"; did you mean interval.tolerance?'
    assert refusal(find_field, "shot") == (
        '"shot" is a section, not a setting; its settings are shot.drive, shot.exposure, '
        "shot.exposure_end, shot.ramp, shot.ramp_shape, shot.ramp_limit, shot.steps, shot.mirror_up, shot.bracket, shot.bracket_hold, shot.self_timer"
    )


def test_values_are_built_over_the_defaults():
    settings = build({"focus.mode": "trim", "interval.start": When("delay", S)})
    assert (settings.focus.mode, settings.interval.start_delay_ns) == ("trim", S)
    assert value_of(settings, "interval.start") == When("delay", S)
    assert settings.safety == Settings().safety


def test_building_from_an_unknown_key_is_refused():
    assert refusal(build, {"focus.mod": "trim"}).endswith("did you mean focus.mode?")


@pytest.mark.parametrize(
    ("changes", "starts"),
    [
        ({"interval.tolerance": 5 * S}, ["interval.tolerance: 5s must be below interval.every, which is 5s"]),
        (
            {"focus.min_hold": 2 * S, "safety.max_hold": S},
            ["focus.min_hold: 2s must be below safety.max_hold"],
        ),
        ({"buttons.debounce": S // 10, "focus.min_hold": S // 20}, ["buttons.debounce: 100ms must be below"]),
        ({"focus.lock_limit": 60 * S, "safety.max_hold": 61 * S}, ["safety.max_hold: 61s must not be above"]),
        ({"focus.lock_limit": 60 * S, "safety.max_hold": 60 * S}, []),
        ({"pins.ready_lamp": 17}, ["pins.ready_lamp: 17 is already the pin of pins.focus; choose another"]),
        ({"pins.ready_lamp": None, "pins.buzzer": None}, []),
        (
            {"interval.start": When("sun", event="dawn"), "interval.end": When("sun", 60 * S, event="dusk")},
            ["interval.start: dawn needs site.latitude and site.longitude; set them first", "interval.end: dusk+1m"],
        ),
        ({"interval.start": When("sun", event="dawn"), "site.latitude": 47_370_000}, ["interval.start: dawn needs"]),
        ({"interval.end": When("sun", event="dusk"), "site.latitude": 0, "site.longitude": 0}, []),
        ({"pins.focus": 27}, ["pins.shutter: 27 is already the pin of pins.focus; choose another"]),
        (
            {"pins.focus": 6, "interval.tolerance": 6 * S},
            ["interval.tolerance: 6s", "pins.shutter_button: 6"],
        ),
    ],
)
def test_contradictions_between_settings_are_all_named(changes, starts):
    faults = check_all(build(changes))
    assert len(faults) == len(starts)
    assert all(fault.startswith(start) for fault, start in zip(faults, starts, strict=True))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"safety.max_hold": S // 4},
            "safety.max_hold: 250ms must be above focus.min_hold, which is 300ms; raise it or lower focus.min_hold",
        ),
        (
            {"safety.max_exposure": S},
            "safety.max_exposure: 1s must not be below shot.exposure, which is 30s; raise it or lower shot.exposure",
        ),
        ({"pins.focus": 27}, "pins.focus: 27 is already the pin of pins.shutter; choose another"),
    ],
)
def test_a_contradiction_begins_with_the_setting_that_was_changed(changes, fault):
    assert check_all(build(changes), changes) == (fault,)


def test_a_changed_setting_leaves_the_original_alone():
    settings = Settings()
    assert with_value(settings, "focus.mode", "trim") != settings
    assert settings == Settings()


def test_the_profile_choices_are_the_shipped_profiles():
    assert FIELDS["camera.profile"].choices == profile_ids()


def test_the_default_file_sets_nothing_and_holds_every_setting_commented_out():
    text = default_toml()
    assert all(part == {} for part in tomllib.loads(text).values())
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    document = tomllib.loads(uncommented)
    values = {key: field.check(document[field.section][key.split(".")[1]]) for key, field in FIELDS.items()}
    assert build(values) == Settings()
    assert '# min_hold = "300ms"' in text.splitlines()


def test_the_table_has_a_row_for_every_setting_and_no_broken_row():
    head, ruler, *rows = settings_table().splitlines()
    assert [row.split("`")[1] for row in rows] == list(FIELDS)
    assert {row.count("|") for row in [head, ruler, *rows]} == {5}


def test_help_is_one_line_that_fits_a_terminal():
    assert all("\n" not in field.help and 10 < len(field.help) < 100 for field in FIELDS.values())


def test_a_list_of_durations_is_written_with_commas_or_blanks():
    field = FIELDS["shot.bracket"]
    assert field.parse("1s, 4s,16s") == field.parse("1s 4s 16s") == (S, 4 * S, 16 * S)
    assert field.format((S, 4 * S)) == "1s, 4s"
    assert field.parse("none") == field.parse("") == field.default == ()
    assert field.literal((S,)) == '"1s"'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1s, 48h", "shot.bracket: 48h is above 24h; choose from up to 15 of 1ms to 24h, none"),
        ("1s " * 16, "shot.bracket: 16 are too many; choose up to 15 of 1ms to 24h, none"),
        (
            "1s, soon",
            'shot.bracket: "soon" is not a duration; write it like 250ms, 1.5s, 1/60s or 2h; choose from up to 15 of 1ms to 24h, none',
        ),
    ],
)
def test_an_invalid_list_is_refused(text, sentence):
    assert refusal(FIELDS["shot.bracket"].parse, text) == sentence


def test_no_bulb_exposure_is_longer_than_the_limit():
    settings = build({"shot.bracket": (S, 7200 * S)})
    (fault,) = check_all(settings)
    assert fault.startswith("shot.bracket: 2h must not be above safety.max_exposure, which is 1h")
    (fault,) = check_all(build({"shot.exposure": 7200 * S}))
    assert fault.startswith("shot.exposure: 2h must not be above safety.max_exposure, which is 1h")


def test_suggestions_are_valid_and_ascending():
    chosen = [FIELDS["shot.exposure"].parse(text) for text in FIELDS["shot.exposure"].suggested]
    assert chosen == sorted(set(chosen))
    assert all(1.15 < later / earlier < 1.4 for earlier, later in itertools.pairwise(chosen))
