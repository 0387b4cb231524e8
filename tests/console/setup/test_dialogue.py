"""The set-up dialogue: every path through it, without a box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cameras import Cameras
from config.model_search import find_model
from config.models import all_models
from controller.cameras.facts import facts
from controller.console.setup.choosing import MOST_CHOICES, names_camera
from controller.console.setup.dialogue import advance, begin
from controller.console.setup.steps import Step
from controller.console.setup.text import after_frame, later, screen
from controller.errors import CommandError

KNOWN = Cameras()
CAMERAS = {each: facts(KNOWN, each) for each in KNOWN.ids()}
BEFORE = {
    "camera.profile": "generic",
    "camera.model": "unset",
    "camera.back_button_focus": "unset",
    "camera.continuous_af": "unset",
}
ENDS = (Step.SETTING, Step.UNDOING, Step.FIRING, Step.DONE, Step.LEFT)
ANSWERS = (
    *("", "yes", "no", "skip", "back", "list", "none", "again", "as it is", "fire", "1", "9", "what"),
    *(
        "canon",
        "sony",
        "nikon-mc-dc2",
        "panasonic",
        "leica",
        "D850",
        "D805",
        "a7",
        "d60",
        "zfc",
        "ZR",
        "x-t5",
        "nikon",
    ),
)
answers = st.lists(st.sampled_from(ANSWERS), max_size=14)


def after(*answers, unsaved=(), **before):
    """The dialogue after these answers; `before` gives settings without `camera.`."""
    dialogue = begin(CAMERAS, BEFORE | {f"camera.{key}": value for key, value in before.items()}, unsaved)
    for answer in answers:
        dialogue = advance(dialogue, answer)
    return dialogue


def after_any(answers, **before):
    """The dialogues after each of these answers up to its end; an impossible one changes nothing."""
    dialogue = after(**before)
    yield dialogue
    for answer in answers:
        try:
            dialogue = advance(dialogue, answer)
        except CommandError as error:
            assert error.word in ("usage", "value", "unknown")
            continue
        yield dialogue
        if dialogue.step in ENDS:
            return


def text_of(dialogue):
    return " ".join(" ".join(screen(dialogue)).split())


def test_a_d850_is_set_up_with_three_answers_and_the_test_frame():
    dialogue = after()
    assert screen(dialogue)[-1] == "Which camera do you have? (e.g. D850)"
    dialogue = advance(dialogue, "D850")
    assert screen(dialogue)[:4] == [
        "Nikon D850. Its port: Nikon 10-pin round (MC-30, MC-30A, MC-36). How sure: two",
        "texts or more.",
        "How to set back-button focus on it:",
        "  1. Custom Settings > a8 AF activation = AF-ON only",
    ]
    assert "half-press its shutter button: does the lens still focus?" in text_of(dialogue)
    dialogue = advance(dialogue, "no")
    assert screen(dialogue) == [
        "Half-press does not move the lens: the box can fire, and the focus stays.",
        "",
        "This will be set:",
        "  camera.model Nikon D850",
        "  camera.profile nikon-10pin",
        "  camera.back_button_focus true",
        "Set and save this?",
    ]
    assert advance(dialogue, "").step is Step.SETTING
    assert advance(dialogue, "no").step is Step.LEFT


def test_a_body_gets_its_own_menu_steps_and_nothing_of_its_siblings():
    for name in ("D850", "D500", "D800", "D200", "D2H"):
        text = text_of(after(name))
        assert sum(f"a{number} af activation" in text.lower() for number in range(1, 9)) == 1
        assert "differs" not in text
        assert "family" not in text
    assert "a8 AF activation = AF-ON only" in text_of(after("d850"))
    assert "a4 AF activation = AF-ON only" in text_of(after("d800"))


def test_a_body_without_steps_of_its_own_gets_those_of_its_family_and_a_sentence_that_says_so():
    for name in ("R5", "A7 III", "X-T5", "D750"):
        assert "The menu steps of this very body were not read; these are those of its family:" in text_of(
            after(name)
        )
    assert "AF w/ Shutter = Off" in text_of(after("A7 III"))
    assert "How sure: one chart." in text_of(after("R5"))


def test_a_body_gets_the_steps_for_bodies_with_or_without_a_button_af_on():
    assert "1. Custom Settings > a Autofocus > AF activation = AF-ON only" in text_of(after("Nikon Df"))
    assert "Assign AE-L/AF-L" not in text_of(after("Nikon Df"))
    assert "1. Custom Settings > f Controls > Assign AE-L/AF-L button = AF-ON" in text_of(after("D7500"))
    assert "AF activation" not in text_of(after("D7500"))
    assert "Bodies without it: Custom Settings" in text_of(after("nikon-mc-dc2"))


def test_a_step_of_the_body_is_not_repeated_by_its_family():
    assert text_of(after("D7000")).count("a1 AF-C priority") == 1


def test_a_note_that_asks_to_look_at_the_camera_is_shown():
    assert "look for a REMOTE jack" not in text_of(after("D850"))
    assert "How sure: one text; weak:" in text_of(after("EOS M3"))
    assert "Look for a 2.5 mm jack" in text_of(after("EOS M3"))


@pytest.mark.parametrize(
    ("answers", "step", "statement"),
    [
        (("no",), Step.CONFIRM, "true"),
        (("skip",), Step.CONFIRM, "unset"),
        (("",), Step.CONFIRM, "unset"),
        (("yes",), Step.NOT_TAKEN, "false"),
        (("yes", "as it is"), Step.AF_MODE, "false"),
        (("yes", "again"), Step.MENU, "false"),
        (("yes", "", "no"), Step.CONFIRM, "true"),
        (("yes", "again", "skip"), Step.AF_MODE, "false"),
        (("yes", "as is", "yes"), Step.CONFIRM, "false"),
    ],
)
def test_the_check_decides_how_the_body_is_set_up(answers, step, statement):
    dialogue = after("D850", *answers)
    assert (dialogue.step, dialogue.back_button_focus) == (step, statement)


def test_if_half_press_still_focuses_the_step_has_not_taken():
    dialogue = after("D850", "yes")
    assert screen(dialogue) == ["The menu step has not taken. Show it again, or use the camera as it is?"]
    assert screen(advance(dialogue, "again")) == screen(after("D850"))


@pytest.mark.parametrize(("answer", "af_mode"), [("yes", "true"), ("no", "false"), ("skip", "unset")])
def test_only_a_body_on_which_half_press_focuses_is_asked_for_its_af_mode(answer, af_mode):
    dialogue = after("D850", "yes", "as it is")
    assert "AF-C or AI Servo?" in text_of(dialogue)
    dialogue = advance(dialogue, answer)
    assert (dialogue.step, dialogue.continuous_af) == (Step.CONFIRM, af_mode)
    assert ("will fire only while you hold back" in text_of(dialogue)) == (answer == "yes")
    assert "AF-S or One Shot" in text_of(dialogue)


def test_a_skipped_check_asks_for_the_af_mode_of_a_body_on_which_half_press_is_known_to_focus():
    assert after("D850", "skip", back_button_focus="false").step is Step.AF_MODE
    assert after("D850", "skip", back_button_focus="true").step is Step.CONFIRM


def test_a_skipped_check_says_that_the_box_does_not_fire():
    assert "until the box knows whether half-press focuses, it fires no frame" in text_of(after("D850", "skip"))
    done = after("D850", "skip", model="Nikon D850", profile="nikon-10pin")
    assert (done.step, done.changes) == (Step.DONE, {})
    assert "fires no frame" in " ".join(later(done))


def test_without_changes_nothing_is_set_and_a_test_frame_follows():
    own = {"model": "Nikon D850", "profile": "nikon-10pin", "back_button_focus": "true"}
    for answers in (("", "no"), ("D850", "no"), ("", "skip")):
        dialogue = after(*answers, **own)
        assert (dialogue.step, dialogue.changes) == (Step.TRY, {})
        assert text_of(dialogue).startswith(
            "All of this is set already. Now, with the camera plugged in, dial focus in: hold"
        )


def test_what_is_set_and_not_saved_is_offered_again_and_other_unsaved_settings_are_named():
    own = {"model": "Nikon D850", "profile": "nikon-10pin", "back_button_focus": "true"}
    dialogue = after("", "no", unsaved=("camera.back_button_focus", "interval.every"), **own)
    assert dialogue.step is Step.CONFIRM
    assert "  camera.back_button_focus true (as it is)" in screen(dialogue)
    assert "Saving also keeps what you have set of: interval.every." in screen(dialogue)


@pytest.mark.parametrize(
    ("answer", "step"),
    [("", Step.FIRING), ("fire", Step.FIRING), ("skip", Step.DONE), ("no", Step.DONE), ("quit", Step.LEFT)],
)
def test_a_test_frame_is_fired_or_not(answer, step):
    assert after("", "skip", profile="canon-e3", back_button_focus="true").step is Step.TRY
    assert after("", "skip", answer, profile="canon-e3", back_button_focus="true").step is step


@pytest.mark.parametrize("statement", ["true", "false"])
def test_the_end_says_what_to_look_at_and_names_the_settings_that_were_not_asked_for(statement):
    lines = after_frame(after("", profile="canon-e3", back_button_focus=statement))
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) < 80
    assert "Is there a new picture? If not: is the plug in" in text
    assert "Did the lens stay where it was? If it moved:" in text
    assert ("AF-S" in text) == (statement == "false")
    assert ("camera.keep_awake true" in text) == (statement == "true")
    assert "camera.noise_reduction true" in text


@pytest.mark.parametrize("answer", ["", "yes", "Y", "skip", " skip "])
def test_the_camera_that_is_set_is_kept(answer):
    shown = text_of(after(profile="nikon-10pin", model="Nikon D850"))
    assert shown.startswith("The camera is set to Nikon D850 (nikon-10pin); Enter keeps it")
    body = after(answer, profile="nikon-10pin", model="Nikon D850")
    assert (body.step, str(body.body), body.changes) == (Step.MENU, "Nikon D850", {})
    profile = after(answer, profile="canon-e3")
    assert (profile.step, profile.profile, profile.body, profile.changes) == (Step.MENU, "canon-e3", None, {})


@pytest.mark.parametrize(
    ("answers", "model", "profile"),
    [
        (("D850",), "Nikon D850", "nikon-10pin"),
        (("nikon  d850",), "Nikon D850", "nikon-10pin"),
        (("R5",), "Canon EOS R5", "canon-r"),
        (("a7iii",), "Sony \N{GREEK SMALL LETTER ALPHA}7 III", "sony-multi"),
        (("D805", ""), "Nikon D850", "nikon-10pin"),
        (("D805", "D750"), "Nikon D750", "nikon-mc-dc2"),
        (("D805", "no", "X-T5"), "Fujifilm X-T5", "fuji-2.5mm"),
        (("d60", "1"), "Canon EOS D60", "canon-n3"),
        (("d60", "canon eos d60"), "Canon EOS D60", "canon-n3"),
        (("d60", "EOS D60"), "Canon EOS D60", "canon-n3"),
        (("a7", "1"), "Sony \N{GREEK SMALL LETTER ALPHA}7", "sony-multi"),
        (("nikon-mc-dc2",), "", "nikon-mc-dc2"),
        (("NIKON-mc-dc2",), "", "nikon-mc-dc2"),
        (("nikon", "3"), "", "nikon-mc-dc2"),
        (("list", "Nikon", "nikon-10pin"), "", "nikon-10pin"),
        (("list", "om", "back", "fuji", "1"), "", "fuji-2.5mm"),
        (("list", "fuji", "D850"), "Nikon D850", "nikon-10pin"),
        (("", "minolta"), "", "sony-minolta-3pin"),
        (("", ""), "", "generic"),
        (("canon", ""), "", "generic"),
        (("generic",), "", "generic"),
        (("d60", "", "canon-r"), "", "canon-r"),
        (("ZR", "2"), "", "nikon-mc-dc1"),
    ],
)
def test_a_camera_is_chosen_by_its_name_or_by_brand_and_connector(answers, model, profile):
    dialogue = after(*answers)
    assert dialogue.step is Step.MENU
    assert (str(dialogue.body or ""), dialogue.profile) == (model, profile)


def test_a_profile_in_place_of_a_body_makes_the_box_forget_the_body():
    dialogue = after("canon-e3", model="Nikon D850", profile="nikon-10pin")
    assert dialogue.changes == {"camera.model": "unset", "camera.profile": "canon-e3"}


def test_a_name_that_fits_bodies_with_different_ports_is_a_numbered_list():
    assert screen(after("d60"))[:3] == [
        "d60 could be one of these cameras:",
        "  1. Canon EOS D60 (canon-n3)",
        "  2. Nikon D60 (no wired port)",
    ]
    lines = screen(after("a7"))
    assert lines[1:3] == [
        "  1. Sony \N{GREEK SMALL LETTER ALPHA}7 (sony-multi)",
        "  2. Sony \N{GREEK SMALL LETTER ALPHA}7 V (port not known)",
    ]
    years = [model.year for model in after("a7").choices[1:]]
    assert years == sorted(years, reverse=True)


def test_a_long_list_is_cut_and_says_so():
    dialogue = after("nikon d")
    more = len(dialogue.choices) - MOST_CHOICES
    assert f"and {more} more; type more of the name to see them." in screen(dialogue)
    with pytest.raises(CommandError, match=f"choose from 1 to {MOST_CHOICES}"):
        advance(dialogue, str(MOST_CHOICES + 1))


def test_a_near_miss_is_offered():
    assert screen(after("D805")) == ["D805: did you mean Nikon D850?"]


def test_a_body_whose_port_is_not_known_leads_to_the_connectors_of_its_brand():
    dialogue = after("ZR")
    assert dialogue.step is Step.CONNECTOR
    assert text_of(dialogue).startswith(
        "No text says which port the Nikon ZR has: look at the camera. Nikon has these"
    )
    for model in all_models():
        if model.port == "unknown":
            assert find_model(str(model)).choice is model
            assert after(str(model)).step is Step.CONNECTOR


@pytest.mark.parametrize(
    ("answers", "word", "sentence"),
    [
        (("canon-e4",), "unknown", 'no camera is called "canon-e4"; did you mean canon-e3?'),
        (("xyzzy",), "unknown", 'no camera is called "xyzzy"; type list to choose by brand and plug'),
        (("cannon",), "unknown", 'no camera is called "cannon"; did you mean canon?'),
        (("zfc",), "value", "the Nikon Z fc has no port for a wired remote (USB-C / Bluetooth only); use its"),
        (("d60", "2"), "value", "the Nikon D60 has no port for a wired remote"),
        (("gh5",), "value", "the Panasonic DC-GH5 cannot be used: its port panasonic-rsl1 does not work with two"),
        (("panasonic-rsl1",), "value", "panasonic-rsl1 does not work with two plain contacts: the port is"),
        (("panasonic",), "value", "panasonic-rsl1 does not work with two plain contacts: the port is"),
        (("leica-rsl1",), "value", "leica-rsl1 cannot be wired, because its contacts are not known: no source"),
        (("canon", "4"), "value", 'there is no number "4"; choose from 1 to 3'),
        (("canon", "0"), "value", 'there is no number "0"; choose from 1 to 3'),
        (("D850", "maybe"), "usage", '"maybe" is not an answer here; type yes, no, skip, back or quit'),
        (("back",), "usage", "this is the first question; type quit to leave the set-up"),
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


@pytest.mark.parametrize("name", ["D850", "a7 iii", "nikon-10pin", "canon", "d60", "nikon d"])
def test_what_names_a_camera_is_known(name):
    assert names_camera(tuple(CAMERAS), name)


def test_a_near_miss_names_a_camera_only_nearly():
    assert not names_camera(tuple(CAMERAS), "D805")
    assert names_camera(tuple(CAMERAS), "D805", nearly=True)
    assert not names_camera(tuple(CAMERAS), "xyzzy", nearly=True)


@given(answers)
def test_quit_ends_it_anywhere_and_every_step_fits_the_terminal(answers):
    for dialogue in after_any(answers):
        if dialogue.step not in ENDS:
            lines = screen(dialogue)
            assert max(map(len, lines)) < 80
            assert len(lines) < 24
            assert len(dialogue.prompt) <= 40
            assert advance(dialogue, "q").step is Step.LEFT


@given(answers)
def test_back_undoes_the_last_answer_at_every_step(answers):
    last = None
    for dialogue in after_any([answer for answer in answers if answer != "back"]):
        if last is not None and dialogue.step not in ENDS:
            assert advance(dialogue, "back") == last
        last = dialogue


@given(answers, st.sampled_from([{}, {"model": "Nikon D850", "profile": "nikon-10pin", "back_button_focus": "true"}]))
def test_nothing_is_set_without_the_confirmation_and_enter_always_leads_to_the_end(answers, before):
    *steps, dialogue = after_any(answers, **before)
    for each in (*steps, dialogue):
        if each.step is Step.SETTING:
            assert each.previous.step is Step.CONFIRM
            assert each.wanted == each.previous.wanted
    for _ in range(8):
        if dialogue.step not in ENDS:
            dialogue = advance(dialogue, "")
    assert dialogue.step in ENDS


@pytest.mark.parametrize("profile", [each for each, row in CAMERAS.items() if row["is_usable"]])
def test_the_menu_of_every_camera_fits_a_screen(profile):
    dialogue = after(profile)
    assert len(screen(dialogue)) < 23
    assert max(map(len, screen(dialogue))) < 80
    assert dialogue.profile == profile


def test_the_menu_of_every_usable_body_fits_a_screen_and_has_its_own_port():
    for model in all_models():
        if model.has_profile and CAMERAS[model.profile]["is_usable"]:
            dialogue = after(str(model))
            assert (dialogue.step, dialogue.body, dialogue.profile) == (Step.MENU, model, model.profile)
            assert len(screen(dialogue)) < 23
            assert max(map(len, screen(dialogue))) < 80
