"""What the photographer does in a run of bulbs: hand-steps that the box calls and a person confirms, and trims."""

import json
from itertools import pairwise
from math import log2

import pytest
from evening import Evening as Box
from evening import M, S

from controller.core.lamps import CALL_BEEPS, Lamp
from controller.errors import CommandError

EVEN = ("set shot.drive bulb", "set shot.ramp_shape even", "set interval.every 30s", "set interval.count 21")
# A stop and a third each five frames; the hand-step of three stops is called at frame 11.
STEPPED = (*EVEN, "set shot.ramp 0% 1s, 100% 2s", "set shot.steps 50% ISO 100-800")
CONSTANT = ("set shot.drive bulb", "set shot.exposure 2s", "set interval.every 10s", "set interval.count 30")


def exposed(box):
    return [frame.exposure_ns / S for frame in box.frames]


def light(seconds, frame, steps=3, frames=20):
    """How long a frame of STEPPED is exposed before the step; the last one takes 2 s after it, so 16 s before."""
    return seconds * 2 ** ((1 + steps) * frame / frames)


def run_status(box):
    return json.loads(box.type("status --json").rpartition("\nok")[0])["run"]


def started(*lines, **more):
    box = Box(*lines, "start", **more)
    return box, box.engine.controller._running.run.grid.t0_ns


def test_a_step_that_is_confirmed_as_it_is_called_is_as_planned():
    box, t0_ns = started(*STEPPED)
    box.until(t0_ns + 10 * 30 * S - 5 * S)
    assert box.said == []
    box.until(t0_ns + 10 * 30 * S - S)
    assert "no hand-step waits; the next one is called in 1s" in box.type("step")
    box.until(t0_ns + 10 * 30 * S + 20 * S)
    assert box.said[-1] == (
        "hand-step 1 of 1: set ISO 100 to 800 on the camera between two frames, then press back, or type step"
    )
    assert box.type("step") == "ok hand-step 1 of 1 is done: frame 12 is exposed for 574ms instead of 4.595s"
    box.until(t0_ns + 40 * M)
    taken = exposed(box)
    assert taken[:11] == pytest.approx([light(1, k) for k in range(11)])
    assert taken[11:] == pytest.approx([light(1, k) / 8 for k in range(11, 21)])
    assert taken[-1] == 2


@pytest.mark.parametrize("how", ["back", "step"])
def test_back_and_step_confirm_it_and_neither_moves_a_line(how):
    box, t0_ns = started(*STEPPED)
    box.until(t0_ns + 10 * 30 * S + 20 * S)
    assert box.engine.controller.calls_step
    closed = list(box.shutter)
    if how == "back":
        box.stage.bench.thumb.press("back", box.clock.now_ns() + S // 5)
        box.wait(S)
    else:
        box.type("step")
    assert not box.engine.controller.calls_step
    assert (box.shutter, box.engine.controller.focus.name) == (closed, "DIALLED_IN")
    box.wait(30 * S)
    assert exposed(box)[11] == pytest.approx(light(1, 11) / 8)


def test_back_is_for_focus_where_no_step_waits():
    box, t0_ns = started(*STEPPED)
    box.until(t0_ns + 20 * S)
    box.stage.bench.thumb.press("back", box.clock.now_ns() + S // 5)
    box.wait(S)
    assert box.refused == ["focus is locked during a run; pause first"]


def test_in_a_pause_back_focuses_and_the_step_still_waits():
    box, t0_ns = started(*STEPPED)
    box.until(t0_ns + 10 * 30 * S + 20 * S)
    box.type("pause")
    box.stage.bench.thumb.press("back", box.clock.now_ns() + S)
    box.wait(500_000_000)
    assert box.engine.controller.focus.name == "FOCUSING"
    box.wait(2 * S)
    assert box.engine.controller.calls_step
    assert "is done" in box.type("step")


def test_while_nobody_confirms_it_goes_on_as_it_can_and_says_how_far_it_is_off():
    lines = (*EVEN, "set shot.ramp 0% 1s, 100% 8s", "set shot.steps 50% +3")
    box, t0_ns = started(*lines)
    box.until(t0_ns + 20 * 30 * S - 5 * S)
    longest = box.engine.controller._running.run.exposures.bounds.most_in(30 * S)
    status = run_status(box)
    assert status["exposure_ns"] == longest
    assert status["step"] == {
        "number": 1, "of": 1, "sixths": 18,
        "change": "set the camera to gather 3 stops more light (ISO, aperture or filter)",
    }  # fmt: skip
    taken = exposed(box)
    assert max(taken) == longest / S < 30
    wanted = [2 ** (6 * k / 20) for k in range(20)]
    assert taken == pytest.approx([min(each, longest / S) for each in wanted[: len(taken)]])


def test_a_step_that_is_confirmed_late_brightens_the_run_by_a_third_of_a_stop_a_frame():
    lines = (*EVEN, "set shot.ramp 0% 1s, 100% 8s", "set shot.steps 50% +3")
    box, t0_ns = started(*lines)
    box.until(t0_ns + 18 * 30 * S + 28 * S)  # three frames could not be long enough
    before = run_status(box)["off_plan_stops"]
    assert before < -0.5
    box.type("step")
    box.until(t0_ns + 40 * M)
    wanted = [2 ** (6 * k / 20) for k in range(21)]
    off = [
        log2(8 * took / asked) if k > 18 else log2(took / asked)
        for k, (took, asked) in enumerate(zip(exposed(box), wanted, strict=True))
    ]
    assert off[18] < -0.5
    assert off[19] - off[18] == pytest.approx(1 / 3, abs=0.01)
    assert off[20] == pytest.approx(0, abs=1e-6)


def test_steps_that_wait_are_confirmed_one_by_one():
    box, t0_ns = started(*EVEN, "set shot.ramp 0% 1s, 100% 2s", "set shot.steps 40% +1, 50% +2")
    box.until(t0_ns + 10 * 30 * S + 20 * S)
    assert "hand-step 1 of 2 waits" in box.type("status")
    assert "hand-step 1 of 2 is done" in box.type("step")
    assert "hand-step 2 of 2 waits" in box.type("status")
    assert "hand-step 2 of 2 is done" in box.type("step")
    assert "this run has no hand-steps left to confirm" in box.type("step")


def test_a_client_that_names_a_step_confirms_no_other():
    box, t0_ns = started(*EVEN, "set shot.ramp 0% 1s, 100% 2s", "set shot.steps 40% +1, 50% ISO 200-800")
    box.until(t0_ns + 10 * 30 * S + 20 * S)
    call = box.stage.methods.call
    assert "hand-step 1 of 2 is done" in call("step", {"number": 1})["did"]
    with pytest.raises(CommandError) as refusal:
        call("step", {"number": 1})  # the second tap of a double tap
    assert refusal.value.sentence == (
        "hand-step 2 of 2 waits by now, and not 1; nothing was confirmed: set ISO 200 to 800 on the camera"
    )
    assert run_status(box)["step"]["number"] == 2
    assert "hand-step 2 of 2 is done" in call("step", {"number": 2})["did"]
    with pytest.raises(CommandError, match="this run has no hand-steps left to confirm"):
        call("step", {"number": 2})


def test_lamps_and_buzzer_call_until_it_is_confirmed():
    box, t0_ns = started(*STEPPED)
    box.until(t0_ns + 10 * 30 * S + 20 * S)
    assert "green blinks three times, then rests" in json.dumps(box.type("status --json")).replace('\\"', "").replace(
        ": ", " "
    )
    view = box.stage.methods._lamp_view()
    assert view.signs()[Lamp.BUZZER] == CALL_BEEPS
    box.type("step")
    assert view != box.stage.methods._lamp_view()


@pytest.mark.parametrize("line", ["step", "trim 1/3"])
def test_without_a_run_there_is_nothing_to_do(line):
    assert Box(*STEPPED).type(line) == "error refused: there is no run; begin one with start"


# -- trims -------------------------------------------------------------------------------------------------------


def test_a_trim_is_reached_by_a_third_of_a_stop_a_frame():
    box, t0_ns = started(*CONSTANT)
    box.until(t0_ns + 15 * S)
    assert box.type("trim +1") == "ok the run is trimmed to +1, from frame 3 on, in full at frame 5"
    box.until(t0_ns + 65 * S)
    assert box.type("trim -1/3").startswith("ok the run is trimmed to -1/3, from frame 8 on, in full at frame 11")
    box.until(t0_ns + 115 * S)
    assert box.type("trim 0") == "ok the run goes back to its plan, from frame 13 on"
    box.until(t0_ns + 10 * M)
    stops = [log2(seconds / 2) * 3 for seconds in exposed(box)]
    assert stops == pytest.approx([0, 0, 1, 2, 3, 3, 3, 2, 1, 0, -1, -1, *[0] * 18], abs=1e-6)


def test_the_limit_of_a_trim_can_be_set():
    box, t0_ns = started(*CONSTANT, "set shot.ramp_limit 1/6")
    box.until(t0_ns + 15 * S)
    box.type("trim +1/2")
    box.until(t0_ns + 10 * M)
    assert [round(log2(seconds / 2) * 6) for seconds in exposed(box)][:7] == [0, 0, 1, 2, 3, 3, 3]


def test_a_trim_that_has_no_room_says_what_is_missing():
    box, t0_ns = started(*CONSTANT)
    box.until(t0_ns + 15 * S)
    answer = box.type("trim +3")
    assert "as far as it can: 0." in answer
    assert answer.endswith("stops are missing, because the interval has no room for more")
    box.until(t0_ns + 10 * M)
    assert max(exposed(box)) < 10
    assert len(box.fired) == 30


@pytest.mark.parametrize(
    ("lines", "line", "answer"),
    [
        (CONSTANT, "trim", "error usage: expected: trim STOPS, for example: trim +1/3"),
        (CONSTANT, "trim bright", 'error value: "bright" is not a number of stops; write it like +1/3, -1, +2 2/3 or 0'),
        (CONSTANT, "trim 9", "error refused: trim +9 is out of range; choose from -5 to +5 stops"),
        (CONSTANT, "trim 0", None),
        (("set interval.every 10s",), "trim 1", "error refused: trim changes bulb exposures, and a run with shot.drive single"),
    ],
)  # fmt: skip
def test_a_trim_that_cannot_be_is_refused(lines, line, answer):
    box, t0_ns = started(*lines)
    box.until(t0_ns + 5 * S)
    before = box.engine.controller._running.run.moves
    said = box.type(line)
    assert said.startswith(answer or "error refused: the run is trimmed to 0 already")
    assert box.engine.controller._running.run.moves == before


def test_a_calibration_cannot_be_trimmed():
    box = Box(*CONSTANT, wired=True)
    box.type("calibrate")
    box.wait(S)
    assert "trim changes bulb exposures, and a calibration has none" in box.type("trim 1")


# -- the clock ---------------------------------------------------------------------------------------------------


def test_a_ramp_follows_a_clock_that_is_set_on_the_way_without_a_jump():
    lines = ("set shot.drive bulb", "set interval.every 30s", "set interval.count 240")
    box, t0_ns = started(*lines, "set shot.ramp 12:00 1s, 14:00 8s", "set shot.ramp_shape even")
    box.until(t0_ns + 30 * M)
    box.step_wall(20 * M)  # the box thought it was 12:30, and it is 12:50
    box.until(t0_ns + 60 * M)
    stops = [log2(each) for each in exposed(box)]
    assert stops[58] == pytest.approx(3 * 29 / 120, abs=0.02)
    assert stops[119 - 1] == pytest.approx(3 * 79 / 120, abs=0.05)
    assert max(after - before for before, after in pairwise(stops)) < 1 / 3 + 0.02


@pytest.mark.parametrize("line", ["step", "trim 1/3"])
def test_during_the_last_frame_there_is_nothing_left_to_change(line):
    box, t0_ns = started(*EVEN, "set shot.ramp 0% 1s, 100% 2s", "set shot.steps 90% +1")
    box.until(t0_ns + 20 * 30 * S + S)
    assert box.engine.controller.calls_step
    assert box.type(line) == "error refused: no frame is left in this run; nothing would change"
