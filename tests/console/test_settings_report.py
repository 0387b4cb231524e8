"""`show` over the real methods: values, their origins, and what differs from the defaults."""

import pytest
from evening import Evening

from controller.console.settings_report import settings


@pytest.fixture
def box():
    return Evening()


def test_settings_are_listed_by_section_with_origin_and_default(box):
    box.type("set shot.bracket '1s, 2s, 4s, 8s, 15s, 30s, 1m, 2m, 4m, 8m'")
    assert box.type("show shot").split("\n") == [
        " shot: what one release does",
        "   shot.drive         single          built-in",
        "   shot.exposure      30s             built-in",
        "   shot.exposure_end  0s              built-in",
        "   shot.ramp          none            built-in",
        "   shot.ramp_shape    sky             built-in",
        "   shot.ramp_limit    1/3             built-in",
        "   shot.steps         none            built-in",
        "   shot.mirror_up     0s              built-in",
        "   shot.bracket       1s, 2s, 4s, 8s, 15s, 30s, ...  set, not saved  (built-in: none)",
        "   shot.bracket_hold  3s              built-in",
        "   shot.self_timer    0s              built-in",
        "ok 11 settings; show KEY explains one of them",
    ]
    assert " value         1s, 2s, 4s, 8s, 15s, 30s, 1m, 2m, 4m, 8m (set, not saved)" in box.type("show shot.bracket")


def test_show_changed_lists_only_what_differs(box):
    for key in ("camera.profile", "site.timezone", "site.latitude", "site.longitude", "camera.back_button_focus"):
        box.type(f"reset {key}")
    assert box.type("show changed") == "ok every setting has its built-in value"
    box.type("set interval.every 7s")
    assert box.type("show changed").split("\n")[1] == " value           7s (set, not saved)"
    box.type("set interval.count 3")
    assert box.type("show chan").split("\n") == [
        " interval: how many frames a run takes, how often, and when",
        "   interval.every  7s  set, not saved  (built-in: 5s)",
        "   interval.count  3   set, not saved  (built-in: 0)",
        "ok 2 settings; show KEY explains one of them",
    ]


def test_the_box_builders_file_is_named_as_an_origin():
    rows = [{"key": f"interval.{name}", "value": "9s", "default": "5s", "origin": "machine"} for name in ("a", "b")]
    assert settings(rows).lines[1] == "  interval.a  9s  config.toml     (built-in: 5s)"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("show zz", 'no section or setting "zz"; the sections are focus, safety, shot, interval, camera, site, buttons, pins'),
        ("show interval.evry", 'no section or setting "interval.evry"; did you mean interval.every?'),
        ("show interval.ever", 'no section or setting "interval.ever"; did you mean interval.every?'),
    ],
)  # fmt: skip
def test_an_unknown_name_is_answered_with_the_known_ones(box, line, answer):
    assert box.type(line) == f"error unknown: {answer}"
