"""Contradictions between a ramp and other settings, and what the help and the files say of its settings."""

import pytest

from config.errors import ConfigError
from config.schema import FIELDS, build, check_all, find_field

SITE = {"site.latitude": "47.37", "site.longitude": "8.54"}
SUN = {"shot.ramp": "sunset 1s, -6deg 4s, -9deg 20s"}
CLOCK = {"shot.ramp": "20:00 1s, 21:00 20s", "shot.ramp_shape": "even"}


def faults(settings, changed=()):
    values = {key: find_field(key).parse(text) for key, text in settings.items()}
    return check_all(build(values), changed)


@pytest.mark.parametrize(
    "settings",
    [
        SITE | SUN,
        SITE | SUN | {"shot.ramp_shape": "even"},
        SITE | SUN | {"shot.steps": "-7deg ISO 100-800"},
        CLOCK,
        CLOCK | {"shot.steps": "20:30 +1"},
        SITE | CLOCK | {"shot.ramp_shape": "sky"},
        {"shot.ramp": "0% 1s, 100% 20s", "shot.ramp_shape": "even"},
        CLOCK | {"shot.ramp": "20:00 1h, 21:00 1s"},  # as long as safety.max_exposure
        {"shot.exposure_end": "20s"},
        {"shot.ramp_limit": "1"},
    ],
)
def test_settings_of_a_ramp_go_together(settings):
    assert faults(settings) == ()


NEEDS = "needs site.latitude and site.longitude; set them first"


@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        (
            SITE | SUN | {"shot.exposure_end": "20s"},
            ["shot.ramp: shot.exposure_end is a ramp too; set one of them, and the other to none or 0s"],
        ),
        ({"shot.steps": "20:30 +1"}, ["shot.steps: hand-steps belong to a ramp; set shot.ramp first"]),
        (
            CLOCK | {"shot.ramp": "20:00 1s, 21:00 2h, 22:00 61m"},
            [
                "shot.ramp: 21:00 2h must not be above safety.max_exposure, which is 1h; lower it or raise safety.max_exposure",
            ],
        ),
        (SUN, [f"shot.ramp: sunset {NEEDS}"]),
        (SUN | {"site.latitude": "47.37"}, [f"shot.ramp: sunset {NEEDS}"]),
        ({"shot.ramp": "20:00 1s, -6deg 4s"}, [f"shot.ramp: -6deg {NEEDS}"]),
        (CLOCK | {"shot.steps": "20:30 +1, dusk +1, -9deg +1"}, [f"shot.steps: dusk {NEEDS}"]),
        (
            CLOCK | {"shot.ramp_shape": "sky"},
            [f"shot.ramp_shape: sky {NEEDS}, or set shot.ramp_shape even"],
        ),
        (
            {"interval.start": "sunset-30m"} | SUN,
            [f"interval.start: sunset-30m {NEEDS}", f"shot.ramp: sunset {NEEDS}"],
        ),
        (
            {"shot.exposure_end": "20s"} | CLOCK | {"shot.ramp": "20:00 1s, 21:00 2h"},
            [
                "shot.ramp: 21:00 2h must not be above safety.max_exposure",
                "shot.ramp: shot.exposure_end is a ramp too",
            ],
        ),
    ],
)
def test_contradictions_of_a_ramp_are_all_named_with_what_to_do(settings, sentences):
    found = faults(settings)
    assert len(found) == len(sentences)
    assert all(fault.startswith(sentence) for fault, sentence in zip(found, sentences, strict=True))


def test_the_longest_exposure_of_a_ramp_is_checked_when_the_limit_is_lowered():
    (fault,) = faults(SITE | SUN | {"shot.exposure": "1s", "safety.max_exposure": "10s"}, ["safety.max_exposure"])
    assert fault.startswith("shot.ramp: -9deg 20s must not be above safety.max_exposure, which is 10s")


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("shot.ramp", "-6 2s, -9 20s", 'shot.ramp: "-6" is not a moment of a run; '),
        ("shot.steps", "-4deg nd", 'shot.steps: "nd" is not a change of the camera; '),
        ("shot.ramp_shape", "skye", 'shot.ramp_shape: "skye" is not one of sky, even; did you mean sky?'),
        ("shot.ramp_limit", "1/4", 'shot.ramp_limit: "1/4" is not one of 1/6, 1/3, 1/2, 2/3, 1, 2'),
        ("camera.shortest_bulb", "11s", "camera.shortest_bulb: 11s is above 10s; choose from 0s to 10s"),
    ],
)
def test_a_refusal_begins_with_the_setting(key, text, sentence):
    with pytest.raises(ConfigError) as caught:
        FIELDS[key].parse(text)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("key", ["shot.ramp", "shot.steps"])
def test_a_file_holds_a_ramp_and_its_steps_as_text(key):
    with pytest.raises(ConfigError) as caught:
        FIELDS[key].check([1, 2])
    assert str(caught.value) == f'{key}: a list is not text in quotes; write it like "none"'
    assert FIELDS[key].check("none") == ()


@pytest.mark.parametrize("key", ["shot.ramp", "shot.steps"])
def test_the_examples_in_the_help_of_a_ramp_are_valid(key):
    field = FIELDS[key]
    assert [bool(field.parse(text)) for text in field.choices] == [False, True]
