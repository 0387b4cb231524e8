"""The set-up dialogue: every path through it, without a box."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cameras import Cameras
from controller.cameras.facts import facts
from controller.console.setup.dialogue import Step, advance, begin
from controller.console.setup.text import screen, what_to_check
from controller.errors import CommandError

KNOWN = Cameras()
CAMERAS = {each: facts(KNOWN, each) for each in KNOWN.ids()}
BEFORE = {
    "camera.profile": "canon-e3",
    "camera.back_button_focus": "unset",
    "camera.continuous_af": "unset",
    "camera.noise_reduction": "false",
    "camera.keep_awake": "false",
}
TO_THE_CHECK = ("", "", "")  # that camera; menu; advice
ENDS = (Step.SETTING, Step.SAVING, Step.FIRING, Step.DONE, Step.FAILED, Step.UNCLEAR, Step.LEFT)
ANSWERS = ("", "yes", "no", "skip", "1", "9", "canon", "sony", "nikon-mc-dc2", "panasonic", "leica", "what")


def after(*answers, profile="", **before):
    """The dialogue after these answers; `before` gives settings without `camera.`."""
    dialogue = begin(CAMERAS, BEFORE | {f"camera.{key}": value for key, value in before.items()}, profile)
    for answer in answers:
        dialogue = advance(dialogue, answer)
    return dialogue


@pytest.mark.parametrize(
    ("answers", "statement", "asks_by_wire"),
    [
        (("yes", "no"), "false", False),
        (("yes", "yes"), "false", False),
        (("yes", ""), "false", False),
        (("no", "yes"), "true", True),
        (("no", "no", "yes"), "true", True),
        (("skip",), "unset", False),
        (("no", "skip"), "unset", False),
        (("no", "no", "skip"), "unset", False),
        (("",), "unset", False),
    ],
)
def test_the_check_decides_how_the_body_is_set_up(answers, statement, asks_by_wire):
    dialogue = after(*TO_THE_CHECK, *answers)
    assert (dialogue.step, dialogue.back_button_focus) == (Step.NOISE, statement)
    assert (advance(dialogue, "yes").step is Step.BY_WIRE) == asks_by_wire


@pytest.mark.parametrize(("answer", "af_mode"), [("yes", "true"), ("no", "false"), ("skip", "unset")])
def test_only_a_body_on_which_half_press_focuses_is_asked_for_its_af_mode(answer, af_mode):
    dialogue = after(*TO_THE_CHECK, "yes")
    assert dialogue.step is Step.AF_MODE
    assert "AF-C or AI Servo?" in " ".join(screen(dialogue))
    dialogue = advance(dialogue, answer)
    assert (dialogue.step, dialogue.continuous_af) == (Step.NOISE, af_mode)
    says = " ".join(screen(advance(dialogue, "skip")))
    assert ("will fire only while you hold back" in says) == (answer == "yes")
    assert "AF-S or One Shot" in says


def test_a_skipped_check_asks_for_the_af_mode_of_a_body_on_which_half_press_is_known_to_focus():
    assert after(*TO_THE_CHECK, "skip", back_button_focus="false").step is Step.AF_MODE
    assert after(*TO_THE_CHECK, "skip", back_button_focus="true").step is Step.NOISE


def test_if_neither_button_focuses_and_not_at_mf_nothing_is_decided():
    dialogue = after(*TO_THE_CHECK, "no", "no", "no")
    assert dialogue.step is Step.UNCLEAR
    assert dialogue.changes == {}


def test_all_changes_are_shown_before_they_are_set():
    dialogue = after("nikon-mc-dc2", "", "", "no", "yes", "yes", "yes", noise_reduction="true")
    assert dialogue.step is Step.CONFIRM
    assert screen(dialogue) == [
        "Half-press does not move the lens: the box can fire, and the focus stays.",
        "This will be set:",
        "  camera.profile nikon-mc-dc2",
        "  camera.back_button_focus true",
        "  camera.noise_reduction true (as it is)",
        "  camera.keep_awake true",
        "Set this now?",
    ]
    assert list(dialogue.changes) == ["camera.profile", "camera.back_button_focus", "camera.keep_awake"]
    assert advance(dialogue, "").step is Step.SETTING
    assert advance(dialogue, "no").step is Step.LEFT


def test_a_skipped_check_is_mentioned():
    dialogue = after("nikon-mc-dc2", "", "", "skip", "skip", "skip", back_button_focus="false")
    assert screen(dialogue)[0] == "You skipped the check: camera.back_button_focus stays false."
    assert dialogue.changes == {"camera.profile": "nikon-mc-dc2"}


def test_without_changes_nothing_is_set_and_a_test_frame_follows():
    dialogue = after(*TO_THE_CHECK, "no", "yes", "no", "no", back_button_focus="true")
    assert (dialogue.step, dialogue.is_saved) == (Step.TRY, True)
    assert screen(dialogue)[0].startswith("All of this is set already. Now dial focus in: hold back on the box")
    assert after(*TO_THE_CHECK, "skip", "skip").step is Step.TRY


@pytest.mark.parametrize(
    ("answer", "step"),
    [("", Step.FIRING), ("fire", Step.FIRING), ("skip", Step.DONE), ("quit", Step.LEFT)],
)
def test_a_test_frame_is_fired_or_not(answer, step):
    assert after(*TO_THE_CHECK, "skip", "skip", answer).step is step


@pytest.mark.parametrize(("answer", "step"), [("", Step.DONE), ("no", Step.FAILED), ("skip", Step.DONE)])
@pytest.mark.parametrize("statement", ["true", "false", "unset"])
def test_a_failed_test_frame_leads_to_what_to_check(answer, step, statement):
    dialogue = replace(after(*TO_THE_CHECK, "skip", "skip", back_button_focus=statement), step=Step.TAKEN)
    assert advance(dialogue, answer).step is step
    lines = what_to_check(dialogue)
    assert max(map(len, lines)) < 80
    assert ("AF-S" in " ".join(lines)) == (statement == "false")


@pytest.mark.parametrize("answer", ["", "yes", "Y", "skip", " skip "])
def test_the_camera_that_is_set_is_saved(answer):
    dialogue = after(answer)
    assert (dialogue.step, dialogue.profile) == (Step.MENU, "canon-e3")


@pytest.mark.parametrize(
    ("answers", "profile"),
    [
        (("nikon-mc-dc2",), "nikon-mc-dc2"),
        (("NIKON-mc-dc2",), "nikon-mc-dc2"),
        (("no", "nikon", "3"), "nikon-mc-dc2"),
        (("no", "Nikon", "nikon-10pin"), "nikon-10pin"),
        (("no", "om", "no", "fuji", "1"), "fuji-2.5mm"),
        (("no", "minolta"), "sony-minolta-3pin"),
        (("no", "generic"), "generic"),
        (("no", "canon-r"), "canon-r"),
        (("no", "skip"), "canon-e3"),
        (("no", "nikon", ""), "canon-e3"),
    ],
)
def test_a_camera_is_chosen_by_its_id_or_by_brand_and_connector(answers, profile):
    dialogue = after(*answers)
    assert (dialogue.step, dialogue.profile) == (Step.MENU, profile)


def test_a_camera_named_at_once_is_chosen_at_once():
    assert after(profile="Sony-Multi").profile == "sony-multi"
    with pytest.raises(CommandError, match="did you mean canon-e3"):
        after(profile="canon-e4")


def test_a_box_without_a_camera_is_asked_for_the_brand():
    dialogue = begin(CAMERAS, BEFORE | {"camera.profile": "generic"})
    assert dialogue.step is Step.BRAND
    assert advance(dialogue, "").profile == "generic"


@pytest.mark.parametrize(
    ("answers", "word", "sentence"),
    [
        (("canon-e4",), "unknown", 'there is no camera "canon-e4"; did you mean canon-e3?'),
        (("xyzzy",), "unknown", 'there is no camera "xyzzy"; answer no to choose by brand'),
        (("panasonic-rsl1",), "value", "panasonic-rsl1 does not work with two plain contacts: the port is"),
        (("no", "panasonic"), "value", "panasonic-rsl1 does not work with two plain contacts: the port is"),
        (
            ("no", "leica-rsl1"),
            "value",
            "leica-rsl1 cannot be wired, because its contacts are not known: no source describes",
        ),
        (("no", "cannon"), "unknown", 'there is no brand or ID "cannon"; did you mean canon?'),
        (("no", "p"), "unknown", 'there is no brand or ID "p"; did you mean Panasonic or Pentax or Phase One XF?'),
        (("no", "xyzzy"), "unknown", 'there is no brand or ID "xyzzy"; type generic for any other'),
        (("no", "canon", "4"), "value", 'there is no number "4"; choose from 1 to 3'),
        (("no", "canon", "0"), "value", 'there is no number "0"; choose from 1 to 3'),
        (("no", "samsung", "samsung-nx"), "value", "samsung-nx cannot be wired, because its contacts are not known"),
        (("", "", "", "maybe"), "usage", '"maybe" is not an answer here; type yes, no, skip or quit'),
    ],
)
def test_an_impossible_answer_is_refused_with_the_reason(answers, word, sentence):
    *before, last = answers
    with pytest.raises(CommandError) as caught:
        advance(after(*before), last)
    assert caught.value.word == word
    assert caught.value.sentence.startswith(sentence)


def test_a_damaged_profile_is_refused_with_its_fault():
    broken = {"id": "broken", "faults": ["broken.toml: bulb: 5 is not one of hold, toggle, none"]}
    with pytest.raises(CommandError, match="bulb: 5 is not one of"):
        advance(begin(CAMERAS | {"broken": broken}, BEFORE), "broken")


@given(st.lists(st.sampled_from(ANSWERS), max_size=12))
def test_quit_ends_it_anywhere_and_every_step_fits_the_terminal(answers):
    dialogue = begin(CAMERAS, BEFORE)
    for answer in answers:
        if dialogue.step in ENDS:
            return
        lines = screen(dialogue)
        assert max(map(len, (*lines, dialogue.prompt))) < 80
        assert len(lines) < 24
        assert advance(dialogue, "q").step is Step.LEFT
        try:
            dialogue = advance(dialogue, answer)
        except CommandError as error:
            assert error.word in ("usage", "value", "unknown")


@pytest.mark.parametrize("profile", [each for each, row in CAMERAS.items() if row["is_usable"]])
def test_the_menu_of_every_camera_fits_a_screen(profile):
    dialogue = after(profile=profile)
    assert len(screen(dialogue)) < 23
    assert max(map(len, screen(dialogue))) < 80
