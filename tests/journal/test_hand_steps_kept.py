"""A ramp, its hand-steps and trims over a crash and a power cut: taken up where the plan stands."""

import json

import pytest
from booked import BookedBox
from support import MS, S

from controller.core.events import Request
from controller.core.launching import JOURNAL_NS
from controller.journal.damage import DamagedError
from controller.journal.read import Reader
from controller.simulate.stage import VIRTUAL_NOON_NS

T0 = 1100 * MS + JOURNAL_NS  # of every run here: focus is dialled in by the first press
EVERY = 30 * S
RAMP = {
    "interval.every": "30s",
    "interval.count": "21",
    "shot.drive": "bulb",
    "shot.ramp_shape": "even",
    "shot.ramp": "0% 1s, 100% 2s",
    "shot.steps": "50% +3",
}
SITE = {"site.timezone": "Etc/UTC", "site.latitude": "47.37", "site.longitude": "8.54"}
SUN_RAMP = {"shot.ramp_shape": "sky", "shot.ramp": "12:00 1s, 62deg 2s", "shot.steps": "12:05 +1"}
BY_SUN = SITE | RAMP | SUN_RAMP


def in_run(settings, slots):
    """A box whose run has taken so many frames."""
    box = BookedBox(settings).focus().ask(Request.START)
    return box.wait_until(T0 + (slots - 1) * EVERY + 25 * S)


def restarted(old):
    now_ns = old.clock.now_ns()
    return BookedBox({"interval.resume": "auto"}, after=old, now_ns=now_ns, wall_ns=VIRTUAL_NOON_NS + now_ns)


def rebooted(old, off_ns=2 * EVERY):
    return BookedBox(
        {"interval.resume": "auto"}, after=old, boot="boot 2", now_ns=10 * S,
        wall_ns=VIRTUAL_NOON_NS + old.clock.now_ns() + off_ns,
    )  # fmt: skip


def planned(box):
    run = box.engine.controller._running.run
    return [run.exposure_ns(slot) for slot in range(run.grid.count)], run.moves


@pytest.mark.parametrize("again", [restarted, rebooted])
@pytest.mark.parametrize("settings", [RAMP, BY_SUN], ids=["even", "by the sun"])
def test_a_power_cut_in_mid_ramp_leaves_its_exposures_as_they_were(settings, again):
    old = in_run(settings, 5)
    box = again(old)
    exposures, moves = planned(box)
    assert exposures == pytest.approx(planned(old)[0], rel=1e-6)
    assert moves == ((0, 0, 0),)


@pytest.mark.parametrize("again", [restarted, rebooted])
def test_a_power_cut_between_a_call_and_its_confirmation_calls_again(again):
    old = in_run(RAMP, 12)
    assert old.engine.controller.calls_step
    box = again(old)
    assert box.engine.controller.calls_step
    assert [sentence for sentence in box.said if sentence.startswith("hand-step 1 of 1: set the camera")]
    box.ask(Request.STEP)
    assert not box.engine.controller.calls_step
    assert planned(box)[1][-1][1] == 1


@pytest.mark.parametrize("again", [restarted, rebooted])
def test_what_was_confirmed_and_trimmed_stays_after_a_power_cut(again):
    old = in_run(RAMP, 12)
    old.ask(Request.STEP)
    old.engine.ask(Request.TRIM, trim=-2)
    before = planned(old)
    assert before[1][1:] == ((12, 1, -2),)
    box = again(old)
    assert planned(box) == (pytest.approx(before[0], rel=1e-6), before[1])
    assert not box.engine.controller.calls_step
    twice = again(box)
    assert planned(twice)[1] == before[1]


def test_a_trim_of_a_run_without_a_ramp_stays_too():
    plain = {"interval.every": "30s", "interval.count": "21", "shot.drive": "bulb", "shot.exposure": "4s"}
    old = in_run(plain, 3)
    old.engine.ask(Request.TRIM, trim=6)
    box = restarted(old)
    assert planned(box)[0][-1] == 8 * S == planned(old)[0][-1]


def test_the_journal_has_each_move_of_a_run():
    old = in_run(RAMP, 12)
    old.ask(Request.STEP)
    old.engine.ask(Request.TRIM, trim=2)
    assert Reader(old.journal.connection).runs(1)[0].run.moves == ((0, 0, 0), (12, 1, 2))


@pytest.mark.parametrize("moves", ["[[1]]", "nonsense", "[[0, 9, 0]]", "[[0, 0, 31]]", '[[0, "a", 0]]', "{}"])
def test_damaged_moves_are_not_taken_up(moves):
    old = in_run(RAMP, 3)
    old.journal.connection.execute("UPDATE run SET moves = ?", (moves,))
    reader = Reader(old.journal.connection)
    assert reader.runs(1)  # the list of runs is shown all the same
    if json.loads("[]" if moves == "nonsense" else moves) != {}:
        with pytest.raises(DamagedError):
            reader.unfinished("boot 1")
