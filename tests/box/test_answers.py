"""Answers and refusals at the console say what was done, with numbers, and what fits the command."""

import pytest
from evening import Evening as Box
from evening import S

from controller.box.notices import event_of
from controller.console.news import News
from controller.errors import CommandError

BULB = ("set shot.drive bulb", "set shot.exposure 60s")
BRACKET = ("set shot.drive bracket", 'set shot.bracket "2s, 4s, 8s"')
RUN = ("set interval.every 5s", "set interval.count 3", "start")


def told(box: Box) -> list[str]:
    """What a person at another console is shown from now on, as a function of what happens."""
    shown: list[str] = []
    news = News()
    news.note_reply({"focus": "DIALLED_IN", "release": box.release, "lock": False})

    def take(notice) -> None:
        event = event_of(notice)
        if event is not None:
            shown.extend(news.lines([event]))

    box.engine.listen(take)
    return shown


def in_frame(*lines: str, **scene) -> Box:
    """A box 0.1 s into the first frame of a run."""
    box = Box(*lines, **scene)
    box.until(box.engine.controller._running.run.grid.t0_ns + S // 10)
    assert box.release == "EXPOSING"
    return box


@pytest.mark.parametrize("command", ["fire", "stop"])
def test_ending_an_exposure_early_says_how_long_it_was(command):
    box = Box(*BULB, "fire")
    began_ns = box.shutter[0]
    box.until(began_ns + 8 * S)
    assert box.type(command) == "ok exposure ended at 8 s of 60 s"
    box.wait(S)
    assert box.frames[0].exposure_ns < 9 * S


def test_the_button_ends_an_exposure_with_the_same_sentence():
    box = Box(*BULB, "fire")
    shown = told(box)
    box.until(box.shutter[0] + 8 * S)
    box.stage.bench.thumb.press("shutter", box.clock.now_ns() + S // 10)
    box.wait(S)
    assert "* exposure ended at 8 s of 60 s" in shown


def test_an_exposure_that_is_ending_is_not_ended_twice():
    box = Box(*BULB, "fire")
    box.until(box.shutter[0] + S // 20)  # a press of SHUTTER takes longer
    assert box.type("fire") == "ok exposure ended at 0.2 s of 60 s"
    assert box.type("fire") == "ok the exposure is ending already"


def test_long_exposures_are_told_in_minutes():
    box = Box("set shot.drive bulb", "set shot.exposure 1h", "fire")
    box.until(box.shutter[0] + 125 * S)
    assert box.type("fire") == "ok exposure ended at 2m 5s of 1h"


def test_ending_a_bracket_says_which_exposure_of_how_many():
    box = Box(*BRACKET, "fire")
    box.until(box.shutter[0] + S)
    assert box.type("stop") == "ok exposure 1 of 3 ended at 1 s of 2 s; 2 more are not taken"


def test_ending_a_bracket_between_two_exposures_says_which_was_the_last():
    box = Box(*BRACKET, "fire")
    box.until(box.shutter[0] + 2 * S + S // 4)
    assert box.type("stop") == "ok exposure 1 of 3 was the last; 2 more are not taken"


def test_ending_the_last_exposure_of_a_bracket_leaves_nothing_out():
    box = Box(*BRACKET, "fire")
    while len(box.shutter) < 3:
        box.wait(S // 10)
    box.until(box.shutter[2] + S)
    assert box.type("fire") == "ok exposure 3 of 3 ended at 1 s of 8 s"


def test_stopping_before_the_frame_says_that_none_is_taken():
    assert Box("set shot.self_timer 10s", "fire").type("stop") == "ok the self-timer is stopped; no frame is taken"


def test_a_frame_that_cannot_be_stopped_is_finished():
    box = Box("fire")
    assert box.type("stop") == "ok this frame is finished first; nothing comes after it"


def test_a_pause_in_a_frame_says_after_which_frame():
    box = in_frame(*RUN)
    assert box.type("pause") == "ok the run pauses after this frame, 1 of 3"
    assert box.type("resume") == "ok the run continues with frame 2 of 3"
    box.type("pause")
    box.wait(4 * S)
    assert box.release == "PAUSED"
    assert box.type("resume") == "ok the run continues with frame 2 of 3"


def test_a_pause_in_the_last_frame_says_that_the_run_ends():
    box = Box("set interval.count 2", "set interval.every 5s", "start")
    while len(box.shutter) < 2:
        box.wait(S // 20)
    assert box.type("pause") == "ok frame 2 of 2 is the last one; the run ends with it and does not pause"
    box.wait(5 * S)
    assert box.release == "IDLE"


def test_the_run_button_pauses_with_the_same_sentence():
    box = Box("set interval.count 2", "set interval.every 5s", "set shot.drive bulb", "set shot.exposure 3s", "start")
    shown = told(box)
    box.wait(S)
    box.run_button()
    assert shown == ["* the run pauses after this frame, 1 of 2"]
    box.wait(3 * S)
    assert shown == ["* the run pauses after this frame, 1 of 2", "* the run is paused"]


def test_a_stop_in_a_run_says_which_frame_is_the_last():
    box = in_frame(*RUN)
    assert box.type("stop") == "ok the run ends after this frame, 1 of 3"


def test_a_stop_between_two_frames_says_what_came_of_the_run():
    box = in_frame(*RUN)
    box.wait(2 * S)
    assert box.release == "WAITING"
    shown = told(box)
    assert box.type("stop") == "ok the run has ended: 1 of 3 frames fired"
    assert shown == ["* the run has ended: 1 of 3 frames fired"]


def test_a_stop_in_an_exposure_of_a_run_says_how_to_end_the_exposure():
    box = in_frame("set interval.every 20s", "set interval.count 3", *BULB[:1], "set shot.exposure 10s", "start")
    assert box.type("stop") == "ok the run ends after this frame, 1 of 3; fire ends its exposure now"
    assert box.type("fire") == "ok exposure ended at 0.2 s of 10 s"


def test_help_says_what_stop_does():
    assert "end the run after this frame; without a run, end a bulb now" in Box().type("help stop")


@pytest.mark.parametrize(
    ("before", "start", "fire"),
    [
        ((), "a run is already in progress; stop it first", "a run is in progress; pause or stop it first"),
        (
            ("pause",),
            "the run is about to pause; resume continues it, stop ends it",
            "the run is about to pause, and then is still in progress; stop it first",
        ),
        (
            ("stop",),
            "the run ends after this frame; start again when it has ended",
            "the run ends after this frame; press again when it has ended",
        ),
    ],
)
def test_a_refusal_during_a_frame_of_a_run_is_about_the_run(before, start, fire):
    box = in_frame(*RUN)
    for line in before:
        box.type(line)
    assert box.type("start") == f"error refused: {start}"
    assert box.type("fire") == f"error refused: {fire}"


@pytest.mark.parametrize("command", ["start", "calibrate"])
def test_a_start_without_focus_is_refused_with_words_for_the_command(command):
    box = Box("focus clear", wired=True)
    assert box.type(command).endswith(f"hold back while you focus, let go, then {command}")
    assert box.type("fire").endswith("hold back while you focus, let go, then press shutter")


def test_a_tap_of_run_without_focus_is_refused_with_words_for_the_button():
    box = Box("focus clear")
    shown = told(box)
    box.run_button()
    assert any("let go, then tap run" in line for line in shown)


def test_a_start_during_a_pause_or_a_wait_is_refused_with_what_is_in_progress():
    box = Box("start 20:00")
    assert box.type("start") == "error refused: a run already waits for its start; stop it first"
    box.type("pause")
    assert box.type("start") == "error refused: a run is paused; resume continues it, stop ends it"


def test_a_change_of_what_somebody_else_has_changed_is_refused_and_changes_nothing():
    box = Box()
    box.stage.methods.call("settings.set", {"key": "interval.every", "value": "7s"})
    with pytest.raises(CommandError) as caught:
        box.stage.methods.call("settings.set", {"key": "interval.every", "value": "9s", "was": "5s"})
    assert caught.value.word == "changed"
    expected = "interval.every has become 7s meanwhile, so nothing was set; set it again"
    assert caught.value.sentence == expected
    with pytest.raises(CommandError):
        box.stage.methods.call("settings.reset", {"key": "interval.every", "was": "5s"})
    box.stage.methods.call("settings.set", {"key": "Interval.Every", "value": "9s", "was": "7s"})
    assert box.engine.store.current.interval.every_ns == 9_000_000_000
