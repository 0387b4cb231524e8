"""Starts and ends by clock and sun, by a whole box on the virtual clock, whatever the time of day does meanwhile."""

from datetime import date

import pytest
from evening import NOON, H, M, S
from evening import Evening as Box

from controller.core.daylight import Site, sun_ns

THREE = ("set interval.count 3", "set interval.every 10s")
STEPS = (-2 * H, 2 * H, 300_000_000, -300_000_000)
SUNSET = sun_ns("sunset", date(2026, 6, 21), Site(47.37, 8.54)) - NOON


def slots(t0_ns, count=3, every_ns=10 * S):
    return [t0_ns + k * every_ns for k in range(count)]


# -- starts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "t0_ns"),
    [
        ("13:00", H),
        ("12:00:30", 30 * S),
        ("'2026-06-22 06:30'", 18 * H + 30 * M),
        ("sunset", SUNSET),
        ("sunset-20m", SUNSET - 20 * M),
    ],
)
@pytest.mark.parametrize("camera", ["canon-e3", "nikon-mc-dc2"])
def test_a_start_by_clock_or_sun_is_when_the_first_shutter_closes(when, t0_ns, camera):
    box = Box(*THREE, f"start {when}", camera=camera)
    box.until(t0_ns - S)
    assert (box.release, box.shutter) == ("WAITING", [])
    box.until(t0_ns + 5 * M)
    assert box.shutter == box.fired == slots(t0_ns)
    assert box.release == "IDLE"


def test_the_run_button_waits_for_sunset():
    box = Box(*THREE, "set interval.start sunset")
    box.run_button()
    assert box.release == "WAITING"
    box.until(SUNSET + M)
    assert box.fired == slots(SUNSET)


def test_a_start_after_a_delay_needs_no_clock_and_does_not_move_with_one():
    box = Box(*THREE, "start +30s", trusted=False)  # at 10 s
    box.until(20 * S)
    box.step_wall(2 * H)
    box.until(5 * M)
    assert box.shutter == slots(40 * S)


@pytest.mark.parametrize("step_ns", STEPS)
@pytest.mark.parametrize("step_at_ns", [30 * M, 3 * H - 62 * S, 3 * H - S, 3 * H + 5 * S])
def test_however_the_clock_is_stepped_the_run_starts_once_and_its_grid_stands(step_ns, step_at_ns):
    box = Box(*THREE, "start 15:00")
    box.until(step_at_ns)
    box.step_wall(step_ns)
    is_set = abs(step_ns) > S and step_at_ns < 3 * H - 4 * S  # after that the start stands
    t0_ns = 3 * H - (step_ns if is_set else 0)
    if is_set and step_ns > 0 and t0_ns < step_at_ns:
        box.until(30 * H)
        assert (box.fired, box.release) == ([], "IDLE")
        assert "the start at 15:00 was missed" in box.said[-1]
        return
    box.until(30 * H)
    assert box.shutter == slots(t0_ns)
    assert [row.outcome for row in box.rows] == ["fired"] * 3
    assert box.release == "IDLE"


def test_a_clock_that_steps_back_and_on_again_fires_nothing_early_and_nothing_twice():
    box = Box(*THREE, "start 15:00")
    for at_ns, step_ns in ((H, -2 * H), (2 * H, 2 * H), (3 * H + 15 * S, -2 * H), (5 * H, 2 * H)):
        box.until(at_ns)
        box.step_wall(step_ns)
    box.until(60 * H)
    assert box.shutter == slots(3 * H)


def test_a_start_waits_for_a_clock_that_can_be_trusted_and_that_jumps_by_years_then():
    box = Box(*THREE, "start 06:30", trusted=False)
    waiting = "waiting for the clock to be set: over the network, by a hardware clock, or by hand"
    assert waiting in box.type("status")
    box.until(2 * H)
    assert (box.shutter, box.release) == ([], "WAITING")
    box.stage.wall.set(NOON + 3 * 365 * 24 * H)  # noon, in 2029
    box.wait(2 * M)
    assert "starts at 06:30 in 18h 2" in box.type("status")
    box.until(80 * H)
    assert box.shutter == slots(20 * H + 30 * M)


def test_a_start_on_a_day_that_is_over_once_the_clock_is_set_is_missed():
    box = Box(*THREE, "start '2026-06-21 15:00'", trusted=False)
    box.until(H)
    box.stage.wall.set(NOON + 365 * 24 * H)
    box.until(2 * H)
    assert (box.shutter, box.release) == ([], "IDLE")
    assert "the start at 2026-06-21 15:00 was missed: that was 364 days ago" in box.said[-1]
    assert box.type("start now").startswith("ok")


def test_a_start_that_is_past_by_less_than_the_tolerance_comes_as_soon_as_can_be():
    box = Box(*THREE, "start 15:00")
    box.until(H)
    box.stage.wall.set(NOON + 3 * H + 10 * S)
    box.wait(5 * M)
    assert len(box.shutter) == 3
    assert box.shutter[0] < H + 2 * M
    assert box.shutter == slots(box.shutter[0])


@pytest.mark.parametrize("tolerance", ["0s", "3s", "10s", "1m"])
@pytest.mark.parametrize("trusted", [True, False])
def test_a_clock_that_is_set_to_shortly_before_the_start_does_not_miss_it(tolerance, trusted):
    box = Box(*THREE, f"set interval.start_tolerance {tolerance}", "start 15:00", trusted=trusted)
    box.until(10 * M)
    box.stage.wall.set(NOON + 3 * H - 8 * S)
    box.wait(5 * M)
    assert len(box.shutter) == 3
    late_ns = box.shutter[0] - (10 * M + 8 * S)
    assert 0 <= late_ns <= 30 * S
    assert tolerance != "0s" or late_ns == 0


@pytest.mark.parametrize("way", ["stop", "cut"])
@pytest.mark.parametrize("trusted", [True, False])
def test_a_start_that_is_waited_for_can_be_given_up(way, trusted):
    box = Box(*THREE, "start 15:00", trusted=trusted)
    box.until(H)
    assert box.type(way).startswith("ok")
    assert box.release == "IDLE"
    box.until(4 * H)
    assert (box.shutter, box.rows) == ([], [])
    assert box.type("set interval.every 5s").startswith("ok")


def test_a_run_that_is_paused_while_it_waits_begins_paused():
    box = Box(*THREE, "start 13:00")
    assert box.type("pause").startswith("ok")
    box.until(H + 15 * S)
    assert (box.release, box.shutter) == ("PAUSED", [])
    assert [row.reason for row in box.rows] == ["paused"] * 2
    assert box.type("resume").startswith("ok")
    box.until(2 * H)
    assert box.shutter == [H + 20 * S]


def test_a_pause_that_is_taken_back_before_the_start_costs_nothing():
    box = Box(*THREE, "start 13:00", "pause")
    box.until(H // 2)
    assert box.type("resume").startswith("ok")
    box.until(2 * H)
    assert box.shutter == slots(H)


def test_what_a_run_refuses_is_refused_while_it_waits():
    box = Box(*THREE, "set focus.expires 30m", "start 15:00")
    for line in ("set interval.every 5s", "rollback", "fire", "start", "focus clear", "focus hold", "calibrate"):
        assert box.type(line).startswith("error refused: "), line
    box.until(4 * H)
    assert box.shutter == slots(3 * H)  # focus did not expire over the wait
    assert box.engine.controller.focus.name == "UNFOCUSED"  # but after it


def test_the_status_says_what_is_waited_for():
    box = Box(*THREE, "set interval.end sunset+1h")
    assert box.type("start sunset") == "ok the run is scheduled: starts at 19:26 (sunset) in 7h 26m"
    box.until(H)
    assert "  starts at 19:26 (sunset) in 6h 26m" in box.type("status")
    run = box.engine.status().run
    done_ns = SUNSET + 2 * 10 * S + 530_000_000  # the third slot, SHUTTER for 200 ms, the gap of 330 ms
    assert (run.next_in_ns, run.ends_in_ns, run.slot) == (None, done_ns - H, 0)
    box.until(SUNSET - 2 * S)
    assert "frame 1 of 3 in 2.0 s" in box.type("status")


def test_the_plan_says_that_it_begins_by_the_sun():
    box = Box(*THREE, "set interval.start sunset-20m", "set interval.end dusk")
    plan = box.type("plan")
    assert "starts at sunset-20m" in plan
    assert "no frame is due after dusk (interval.end)" in plan
    assert "refused" not in plan


def test_a_start_by_the_sun_needs_a_place():
    box = Box(*THREE, "reset site.latitude")
    assert box.type("start sunset").startswith("error refused: sunset needs site.latitude and site.longitude")


# -- a focus lock ------------------------------------------------------------------------------------------------


def test_a_start_that_the_focus_lock_would_not_see_is_refused_beforehand():
    box = Box(*THREE, "set interval.start 19:00", body="factory")
    assert "the run would end in 7h 10s, but the focus lock opens in 3h 59m 50s (focus" in box.type("start")
    box.run_button()
    assert "the focus lock opens in 3h 59m 49s" in box.refused[-1]
    assert box.release == "IDLE"
    assert box.type("start 15:00").startswith("ok")
    box.until(4 * H)
    assert box.shutter == slots(3 * H)


def test_a_start_that_comes_to_lie_behind_the_focus_lock_ends_the_run_there_and_then():
    box = Box(*THREE, "start 15:00", body="factory")
    box.until(H)
    box.step_wall(-2 * H)
    box.wait(2 * M)
    assert (box.release, box.shutter) == ("IDLE", [])
    assert "the focus lock opens in 2h 59m 50s" in box.said[-1]


def test_a_lock_that_opens_while_nobody_knows_the_time_ends_the_run():
    box = Box(*THREE, "start 15:00", body="factory", trusted=False)
    box.until(5 * H)
    assert (box.release, box.shutter) == ("IDLE", [])
    assert "the run ends here, because the focus lock ends (focus.lock_limit)" in box.said


def test_a_lock_that_lasts_until_the_end_of_a_run_lasts_for_any_count():
    box = Box("set interval.count 5000", "set interval.end +1h", body="factory")
    assert box.type("start").startswith("ok")
    box = Box("set interval.end 18:00", body="factory")
    assert "the focus lock opens in" in box.type("start")


# -- ends --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "count", "t0_ns", "frames"),
    [
        ("now", "+1m", 0, None, 6),
        ("now", "+61s", 0, None, 7),
        ("now", "+1m", 4, None, 4),
        ("now", "+1m", 100, None, 6),
        ("13:00", "+1m", 0, H, 6),
        ("13:00", "13:01", 0, H, 6),
        ("13:00", "13:01:01", 0, H, 7),
        ("13:00", "13:01", 4, H, 4),
        ("sunset", "sunset+1m", 0, SUNSET, 6),
        ("sunset", "'2026-06-21 19:30'", 3, SUNSET, 3),
    ],
)
def test_a_run_ends_before_its_end_or_by_its_count_whichever_is_first(start, end, count, t0_ns, frames):
    box = Box("set interval.every 10s", f"set interval.count {count}", f"set interval.end {end}")
    assert box.type(f"start {start}").startswith("ok")
    box.until(20 * H)
    assert box.shutter == slots(box.shutter[0] if t0_ns is None else t0_ns, frames)
    assert box.release == "IDLE"


def test_an_end_by_the_sun_ends_a_run_without_count():
    box = Box("set interval.every 10m", "set interval.end sunset", "start 13:00")
    box.until(30 * H)
    assert box.shutter == slots(H, -(-(SUNSET - H) // (10 * M)), 10 * M)


@pytest.mark.parametrize(("step_ns", "frames"), [(-2 * H, 18), (2 * H, 2), (-300_000_000, 6), (20 * M, 4)])
def test_the_grid_of_a_run_stands_when_the_clock_is_set_and_its_end_follows_the_clock(step_ns, frames):
    box = Box("set interval.every 10m", "set interval.end 14:00", "start 13:00")
    box.until(H + 15 * M)
    box.step_wall(step_ns)
    box.until(20 * H)
    assert box.shutter == slots(H, frames, 10 * M)


@pytest.mark.parametrize(("step_ns", "frames"), [(-48 * H, 6), (48 * H, 6)])
def test_a_clock_that_was_wrong_in_its_date_leaves_the_run_its_end_on_the_right_day(step_ns, frames):
    box = Box("set interval.every 10m", "set interval.end 14:00", "start 13:00")
    box.until(H + 15 * M)
    box.step_wall(step_ns)
    box.until(80 * H)
    assert box.shutter == slots(H, frames, 10 * M)


@pytest.mark.parametrize("start", ["now", "15:00", "sunset"])
def test_an_end_before_the_start_is_refused(start):
    box = Box("set interval.end '2026-06-21 11:30'")
    answer = box.type(f"start {start}")
    assert answer.startswith("error refused: interval.end is 2026-06-21 11:30, and the run would start after that")
    assert box.release == "IDLE"


def test_an_end_that_the_start_has_passed_by_a_clock_that_was_set_ends_the_run():
    box = Box("set interval.end '2026-06-21 16:00'", "start 06:30", trusted=False)
    box.until(H)
    box.stage.wall.set(NOON + H)
    box.wait(2 * M)
    assert (box.release, box.shutter) == ("IDLE", [])
    assert "the run would start after that" in box.said[-1]


def test_an_end_by_the_clock_waits_for_no_clock():
    box = Box("set interval.end 14:00", trusted=False)
    assert box.type("start").startswith("error refused: interval.end depends on the clock, which is not set")
