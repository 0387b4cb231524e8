from itertools import pairwise
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_values import steps_at_any_time

from config.errors import ConfigError
from config.moments import FORMS, Height, Share
from config.steps import EXAMPLE, MOST, Step, format_steps, parse_steps

STOP = 6
AT = Height(-4_000_000)
CHANGES = "ISO 100-800, f/8-f/2.8, or stops like +1/3, -1 or +2 2/3"


def refusal(text):
    with pytest.raises(ConfigError) as caught:
        parse_steps(text)
    return str(caught.value)


def sixths(change):
    (step,) = parse_steps(f"-4deg {change}")
    return step.sixths


@pytest.mark.parametrize(
    ("change", "sixths", "setting"),
    [
        ("ISO 100-800", 18, "ISO 100-800"),
        ("iso100-800", 18, "ISO 100-800"),
        ("ISO 100 - ISO 800", 18, "ISO 100-800"),
        ("Iso 100->800", 18, "ISO 100-800"),
        ("ISO 100 → 800", 18, "ISO 100-800"),
        ("ISO\u00a0100\u2013800", 18, "ISO 100-800"),
        ("ISO 100 to 800", 18, "ISO 100-800"),
        ("ISO 100..800", 18, "ISO 100-800"),
        ("ISO 800-100", -18, "ISO 800-100"),
        ("ISO 100-6400", 36, "ISO 100-6400"),
        ("f/8-f/2.8", 18, "f/8-f/2.8"),
        ("f8-2.8", 18, "f/8-f/2.8"),
        ("F/8.0 to F/2.8", 18, "f/8-f/2.8"),
        ("ƒ/8\u2013ƒ/2.8", 18, "f/8-f/2.8"),
        ("f/1.7-f/2.4", -6, "f/1.7-f/2.4"),
        ("+3", 18, ""),
        ("3 stops", 18, ""),
        ("+1/3 stop", 2, ""),
        ("+1⅓", 8, ""),
        ("0.3", 2, ""),
        ("\u22121 1/2 EV", -9, ""),
    ],
)
def test_a_change_is_read_as_people_write_it(change, sixths, setting):
    assert parse_steps(f"-4deg {change}") == (Step(AT, sixths, setting),)


def test_steps_are_separated_by_commas():
    assert parse_steps("-4deg ISO 100-800,-7° f/8-f/2.8, 50% +1 1/3") == (
        Step(AT, 18, "ISO 100-800"),
        Step(Height(-7_000_000), 18, "f/8-f/2.8"),
        Step(Share(500_000), 8),
    )
    assert format_steps(parse_steps(EXAMPLE)) == EXAMPLE


def test_a_sun_event_may_have_an_offset_before_the_change():
    assert format_steps(parse_steps("dusk +3, dusk +10m +3, dusk -10m -1/3")) == "dusk +3, dusk+10m +3, dusk-10m -1/3"


@pytest.mark.parametrize("text", ["none", "", " None "])
def test_there_may_be_no_steps(text):
    assert parse_steps(text) == ()
    assert format_steps(()) == "none"


# -- the arithmetic of dials -------------------------------------------------------------------------------------

THIRDS = (50, 64, 80, 100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1250, 1600, 2000, 2500, 3200)
HALVES = (100, 140, 200, 280, 400, 560, 800, 1100, 1600, 2200, 3200)


@pytest.mark.parametrize(("dial", "click"), [(THIRDS, 2), (HALVES, 3)])
def test_each_click_of_an_iso_dial_is_a_third_or_a_half_of_a_stop(dial, click):
    assert [sixths(f"ISO {before}-{after}") for before, after in pairwise(dial)] == [click] * (len(dial) - 1)
    assert sixths(f"ISO {dial[0]}-{dial[-1]}") == click * (len(dial) - 1)


# ISO 517, as engraved: full and third stops, and the halves between full stops.
FULL = ("0.7", "1", "1.4", "2", "2.8", "4", "5.6", "8", "11", "16", "22", "32", "45")
APERTURE_THIRDS = (
    "1",
    "1.1",
    "1.2",
    "1.4",
    "1.6",
    "1.8",
    "2",
    "2.2",
    "2.5",
    "2.8",
    "3.2",
    "3.5",
    "4",
    "4.5",
    "5",
    "5.6",
    "6.3",
    "7.1",
    "8",
    "9",
    "10",
    "11",
    "13",
    "14",
    "16",
    "18",
    "20",
    "22",
)
APERTURE_HALVES = ("1.4", "1.7", "2", "2.4", "2.8", "3.3", "4", "4.8", "5.6", "6.7", "8", "9.5", "11")


@pytest.mark.parametrize(("ring", "click"), [(FULL, 6), (APERTURE_THIRDS, 2), (APERTURE_HALVES, 3)])
def test_each_click_of_an_aperture_ring_is_a_full_third_or_half_stop(ring, click):
    assert [sixths(f"f/{wide}-f/{narrow}") for wide, narrow in pairwise(ring)] == [-click] * (len(ring) - 1)
    assert sixths(f"f/{ring[-1]}-f/{ring[0]}") == click * (len(ring) - 1)


@pytest.mark.parametrize(
    "aperture", [*APERTURE_THIRDS[1:], *APERTURE_HALVES, *FULL[2:], "0.7", "0.8", "0.9", "0.95", "36"]
)
def test_every_aperture_is_nearly_where_its_number_says(aperture):
    # f/5.6 stands for 5.66, and f/1.2 for 1.26.
    assert abs(sixths(f"f/{aperture}-f/1") - 2 * STOP * log2(float(aperture))) < 0.9


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "-4deg iso800",
            '"iso800" is a single ISO; write the one before and the one after, like ISO 100-800',
        ),
        (
            "-4deg f/2.8",
            '"f/2.8" is a single aperture; write the one before and the one after, like f/8-f/2.8',
        ),
        ("-4deg ISO 100-100", f'"ISO 100-100" changes nothing; write a change like {CHANGES}'),
        ("-4deg 0", f'"0" changes nothing; write a change like {CHANGES}'),
        ("-4deg +13", '"+13" is a change of 13 stops; choose at most 12'),
        ("-4deg ISO 100-1000000", '"ISO 100-1000000" is a change of 13 1/3 stops; choose at most 12'),
        ("-4deg ISO 0-100", '"ISO 0-100" has no such ISO; choose from ISO 6 to 4000000'),
        ("-4deg f/8-f/3", "f/3 is not an aperture in thirds or halves of a stop; choose f/2.8 or f/3.2"),
        ("-4deg f/99-f/8", "f/99 is not an aperture in thirds or halves of a stop; choose f/45"),
        ("-4deg f/8-f/0", "f/0 is not an aperture in thirds or halves of a stop; choose f/0.7"),
        ("-4deg nd", f'"nd" is not a change of the camera; write it like {CHANGES}'),
        ("-4deg f/8 f/2.8", f'"f/8 f/2.8" is not a change of the camera; write it like {CHANGES}'),
        ("-4deg 100-800", f'"100-800" is not a change of the camera; write it like {CHANGES}'),
        ("-4deg 1/4", '"1/4" is neither thirds nor halves of a stop; write it like +1/3, -1, +2 2/3 or 0'),
        ("-4deg 1,5", '"1,5" has a comma in the number; write 1.5'),
        ("-4deg f8 - 2,8", '"2,8" has a comma in the number; write 2.8'),
        ("-4deg", '"-4deg" has no change; write it like -4deg ISO 100-800, or -4deg +3'),
        ("dusk +10m", '"dusk +10m" has no change; write it like dusk+10m ISO 100-800, or dusk+10m +3'),
        ("ISO 100-800", '"ISO 100-800" has no moment; write one before it, like -6deg ISO 100-800'),
        ("-4 +3", f'"-4" is not a moment of a run; write it like {FORMS}; did you mean -4deg?'),
        ("suset ISO 100-800", f'"suset" is not a moment of a run; write it like {FORMS}; did you mean sunset?'),
        ("x", f'"x" is not a hand-step; write a moment ({FORMS}) and a change, like {EXAMPLE}'),
        ("-4deg +3,", 'a hand-step is missing after "-4deg +3"; write it there, or remove the comma'),
        ("-4deg +3; -6deg +1", '"-4deg +3; -6deg +1" has semicolons; write commas instead'),
        (", ".join(["-4deg +1"] * 9), "9 hand-steps are too many; choose at most 8"),
        ("-4deg ISO \u0661\u0660\u0660-800", None),
        ("-4deg \x1b[2J", None),
        ("-4deg " + "9" * 10_000, None),
        ("x " * 5_000, None),
    ],
)
def test_what_is_no_step_is_refused_with_what_was_meant(text, sentence):
    message = refusal(text)
    assert message == (sentence or message)
    assert message.isprintable()
    assert len(message) < 400


@given(st.lists(steps_at_any_time, max_size=MOST).map(tuple))
def test_all_steps_read_back_from_their_text(steps):
    text = format_steps(steps)
    assert parse_steps(text) == steps
    assert parse_steps(text.lower().replace("-", "\u2013")) == steps


@given(
    st.lists(
        st.sampled_from(["dusk", "-4deg", "ISO", "100", "-", "800", "f/8", "to", "+1", "1/3", ",", "x"]), max_size=12
    )
)
def test_any_text_is_steps_or_refused(words):
    try:
        steps = parse_steps(" ".join(words))
    except ConfigError as error:
        assert str(error).isprintable()
        return
    assert parse_steps(format_steps(steps)) == steps
