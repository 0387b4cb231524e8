"""The narration of a simulation: lamps, chapters, runs, and why FOCUS closes."""

import io
from pathlib import Path
from textwrap import dedent

import pytest
from support import play

from controller.simulate.command import Output, play_script
from controller.simulate.script import parse_script
from controller.simulate.stage import Scene

DIALLED_IN = "at 0s hold back 1s\n"
DEMO = Path(__file__).parents[2] / "docs" / "landscape.session"


def told(outcome, kind):
    """Return the lines of one kind, without their times."""
    lines = (line[12:].strip() for line in outcome.narration.splitlines())
    return [line.removeprefix(kind).strip() for line in lines if line.startswith(kind)]


def test_lamps_are_told_when_they_change():
    assert told(play(DIALLED_IN + "at 2s tap shutter\nat 4s tap shutter"), "lamps") == [
        "+ . .  green blinks quickly (back is down: focus, then let go)",
        "* . .  green on (focus is dialled in)",
        "* * .  amber on (a frame is being taken)",
        "* . .  amber dark (nothing is in progress)",
    ]


def test_the_frames_of_a_run_are_told_once():
    lamps = told(play(DIALLED_IN + "at 2s > set interval.count 50\nat 2s > start"), "lamps")
    assert lamps[2:] == [
        "* * .  amber on (a frame is being taken)",
        "* + .  amber blinks slowly (a run waits for its next frame)",
        "* * .  amber on (a frame is being taken)",
        "* . .  amber dark (nothing is in progress)",
    ]


def test_a_refusal_tells_its_blinks_in_words():
    assert told(play("at 0s tap shutter"), "lamps") == ["red blinks once: refused, focus is not dialled in"]


def test_a_terminal_in_utf_8_gets_circles():
    narration = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    play_script(Scene(), parse_script(DIALLED_IN, "script"), Output(narration), fast=True)
    narration.seek(0)
    assert "lamps   ● ○ ○  green on (focus is dialled in)" in narration.read()


def test_a_run_ends_with_a_sentence():
    outcome = play(DIALLED_IN + "at 2s > set interval.count 24\nat 2s > start")
    assert told(outcome, "run") == ["the run is over: 24 of 24 frames fired, none late, and the lens did not move"]


def test_a_run_that_was_stopped_tells_how_many_frames_it_had():
    outcome = play(DIALLED_IN + "at 2s > set interval.count 24\nat 2s > start\nat 14s > stop")
    assert told(outcome, "run") == ["the run is over: 3 of 24 frames fired, none late, and the lens did not move"]


def test_a_frame_without_a_run_is_no_run():
    assert told(play(DIALLED_IN + "at 2s tap shutter"), "run") == []


def test_a_back_button_body_is_told_once_why_focus_opens_so_early():
    outcome = play("at 0s hold back 1s\nat 3s hold back 1s", "nikon-mc-dc2")
    because = "opens after 0.4 s: that woke the camera; AF-ON focuses, and stays free while FOCUS is open"
    assert told(outcome, "FOCUS") == ["closes", because, "closes", "opens"]


def test_a_body_that_focuses_by_half_press_gets_no_such_reason():
    assert "woke" not in play("at 0s hold back 2s\nat 3s > focus clear", "nikon-mc-dc2", "factory").narration


def test_chapters_are_told_before_their_first_line():
    script = """
        # == Before dawn ==
        # a comment
        at 0s tap shutter

        #== not a title
        # == The sun
        at 1s tap shutter
        # == The end, which has no lines
    """
    lines = parse_script(dedent(script), "script")
    assert [line.chapter for line in lines] == ["Before dawn", "The sun"]
    narrated = play(script).narration
    assert narrated.startswith("\n== Before dawn ==\n     0.000 s  thumb")
    assert "\n== The sun ==\n     1.000 s  thumb" in narrated
    assert "The end" not in narrated


@pytest.mark.parametrize("body", ["bbf", "factory"])
def test_the_demo_has_chapters_and_ends_its_run(body):
    narration = io.StringIO()
    script = parse_script(DEMO.read_text(), "demo")
    assert play_script(Scene("nikon-mc-dc2", body), script, Output(narration), fast=True) == 0
    assert narration.getvalue().count("\n== ") == 4
    assert "the run is over: 10 of 10 frames fired, none late, and the lens did not move" in narration.getvalue()
