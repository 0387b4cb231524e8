"""A run through twilight whose start is not known yet, because the clock is not set."""

from evening import Evening, H, S

RAMP = (
    "set shot.drive bulb",
    "set shot.ramp sunset 1s, -9deg 20s",
    "set interval.every 25s",
    "set interval.count 100",
)
WAITING = (*RAMP, "set interval.start sunset-30m")


def test_a_run_that_waits_for_the_clock_gets_its_ramp_when_the_clock_is_set():
    box = Evening(*WAITING, trusted=False)
    box.run_button()
    assert box.release == "WAITING", box.refused
    box.type("clock set 2026-06-21T18:00")
    box.wait(4 * H)
    assert [row.outcome for row in box.rows] == ["fired"] * 100
    assert box.frames[0].exposure_ns == 1 * S
    assert box.frames[-1].exposure_ns > 1 * S


def test_the_plan_of_a_run_that_waits_for_the_clock_does_not_count_the_exposure_in_the_settings():
    assert "refused" not in Evening(*WAITING, trusted=False).type("plan")


def test_what_cannot_work_with_any_key_is_refused_before_the_clock_is_set():
    box = Evening(*WAITING, "set interval.every 1s", trusted=False)
    assert "interval.every is 1s, but a frame takes 1.33s (exposure 1s, gap 330ms)" in box.type("start")


def test_a_ramp_that_turns_out_not_to_work_ends_the_wait_with_the_reason():
    box = Evening(*WAITING, "set camera.shortest_bulb 2s", trusted=False)
    box.run_button()
    assert box.release == "WAITING"
    box.type("clock set 2026-06-21T18:00")
    box.wait(H // 4)
    assert box.release == "IDLE"
    assert "is exposed for 1s, and the shortest bulb is 2s" in "".join((*box.refused, *box.said))
