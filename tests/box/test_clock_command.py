"""The command `clock`: the time of day told and set by hand, on a box that may wait for it."""

from datetime import UTC, datetime

import pytest
from evening import NOON, H, M, S
from evening import Evening as Box

from hardware.walltime import WallTime

SUMMER_ENDS = ("set site.timezone Europe/Zurich", "clock set 2026-10-25T01:00")
NO_TIME = "is not a time of day; write it like 21:30, 21:30:15, 2026-11-23T21:30 or 2026-11-23T21:30+01:00"
NO_OFFSET = "has no valid offset from UTC; choose from -12:00 to +14:00"


def test_the_clock_is_told_in_local_time():
    box = Box("set site.timezone Europe/Zurich")
    assert box.type("clock") == "ok it is 2026-06-21 14:00:10 +0200"


def test_a_clock_that_nobody_knows_is_told_with_the_remedy():
    box = Box(trusted=False)
    told = "ok the clock shows 2026-06-21 12:00:10 +0000, but it is not set; set it like: clock set 2026-11-23T06:30"
    assert box.type("clock") == told


def test_a_clock_that_is_set_by_hand_starts_the_run_that_waits_for_it():
    box = Box("set site.timezone Europe/Zurich", "set interval.count 2", "start 06:30", trusted=False)
    box.until(H)
    assert box.type("clock set 2026-11-23T06:00") == "ok it is 2026-11-23 06:00:00 +0100"
    assert "starts at 06:30 in 30m" in box.type("status")
    box.until(2 * H)
    assert box.shutter == [H + 30 * M, H + 30 * M + 5 * S]


def test_a_day_and_a_time_in_quotes_or_with_seconds_will_do():
    box = Box()
    assert box.type("clock set '2026-11-23 06:30'") == "ok it is 2026-11-23 06:30:00 +0000"
    assert box.type("clock set 2026-11-23T06:30:15") == "ok it is 2026-11-23 06:30:15 +0000"


def test_a_run_tells_how_long_it_has_gone_on_and_when_it_ends():
    box = Box("set site.timezone Europe/Zurich", "set interval.count 121", "set interval.every 1m", "start 14:30")
    assert "gone" not in box.type("status")
    box.until(H)
    assert "30m 00s elapsed, ends in 1h 30m 00s, at 16:30" in box.type("status")


def test_a_clock_that_nobody_knows_tells_no_time_at_which_a_run_ends():
    box = Box("set interval.count 121", "set interval.every 1m", "start", trusted=False)
    assert "ends in 2h 00m 01s\n" in box.type("status")  # 120 intervals, and the last frame with its gap


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("clock set", "error usage: expected: clock [set TIME], for example: clock set 2026-11-23T06:30"),
        ("clock 06:30", "error usage: expected: clock [set TIME], for example: clock set 2026-11-23T06:30"),
        ("clock set now", f'error value: clock: "now" {NO_TIME}'),
        ("clock set +30s", f'error value: clock: "+30s" {NO_TIME}'),
        ("clock set sunset", f'error value: clock: "sunset" {NO_TIME}'),
        ("clock set 2026-11-23", f'error value: clock: "2026-11-23" {NO_TIME}'),
        ("clock set 9:30pm", f'error value: clock: "9:30pm" {NO_TIME}'),
        ("clock set 24:00", 'error value: clock: "24:00" is not a time of day; choose from 00:00 to 23:59'),
        ("clock set 2026-11-23T06:30+15", f'error value: clock: "2026-11-23T06:30+15" {NO_OFFSET}'),
        ("clock set 06:30-00:75", f'error value: clock: "06:30-00:75" {NO_OFFSET}'),
        ("clock set 2026-13-23T06:30", 'error value: clock: "2026-13-23" is not a date; write it like 2026-11-23'),
        (
            "clock set 2026-11-23T25:30",
            'error value: clock: "2026-11-23T25:30" is not a time of day; choose from 00:00 to 23:59',
        ),
    ],
)
def test_what_is_no_time_is_refused_and_changes_nothing(line, answer):
    box = Box(trusted=False)
    assert box.type(line).startswith(answer)
    assert box.engine.wall.sample().wall_ns == NOON + 10 * S


@pytest.fixture
def synchronised(tmp_path):
    """The clock of a machine that is synchronised over the network."""
    mark = tmp_path / "synchronized"
    mark.touch()
    return WallTime(tmp_path / "no rtc", mark)


def test_a_synchronised_clock_is_not_set_by_hand(synchronised):
    box = Box()
    box.engine.wall = synchronised
    refusal = "error refused: the clock is synchronised over the network, so it cannot be set by hand"
    assert box.type("clock set 2026-11-23T06:30") == refusal
    assert abs(synchronised.sample().wall_ns - WallTime().sample().wall_ns) < 3600 * S


def test_the_machine_of_a_box_is_one_clock_for_runs_and_journal(monkeypatch, tmp_path):
    box = Box()
    box.engine.wall = WallTime(tmp_path / "no rtc", tmp_path / "not synchronised")
    monkeypatch.setattr(box.engine.wall, "_is_synchronised", lambda: False)  # whatever this machine is
    assert box.type("clock set 2030-01-01T00:00").startswith("ok it is 2030-01-01 00:00:00 +0000")
    assert box.engine.wall.sample().is_trusted
    assert box.engine.wall.sample().wall_ns >= datetime(2030, 1, 1, tzinfo=UTC).timestamp() * S


def test_a_time_alone_is_today_where_the_box_is():
    box = Box("set site.timezone Asia/Tokyo", "clock set 2026-10-25T05:00")  # in UTC it is still the 24th
    assert box.type("clock set 21:30") == "ok it is 2026-10-25 21:30:00 +0900"
    assert box.type("clock set 21:30:15") == "ok it is 2026-10-25 21:30:15 +0900"


def test_a_time_alone_on_a_clock_that_was_not_set_reports_the_day_it_assumed():
    box = Box(trusted=False)
    remark = "the clock was not set before, so check the date; for another day, write it like"
    assert box.type("clock set 21:30") == f"ok it is 2026-06-21 21:30:00 +0000; {remark}: clock set 2026-06-22T21:30"
    assert box.type("clock set 21:31") == "ok it is 2026-06-21 21:31:00 +0000"


def test_a_time_alone_is_refused_where_the_date_is_certainly_wrong():
    box = Box(trusted=False)
    box.stage.wall.set(0, is_trusted=False)
    rule = "the box does not know the date, its clock shows 1970-01-01; add it, like 2026-11-23T21:30"
    assert box.type("clock set 21:30") == f"error value: clock: {rule}"
    assert box.type("clock set 2026-11-23T21:30") == "ok it is 2026-11-23 21:30:00 +0000"


def test_of_two_equal_times_the_first_is_set_and_the_answer_says_how_to_set_the_second():
    box = Box(*SUMMER_ENDS)
    first = box.type("clock set 2026-10-25T02:30")
    assert first == (
        "ok it is 2026-10-25 02:30:00 +0200; this is the first 02:30 of that day; for the second: "
        "clock set 2026-10-25T02:30+01:00"
    )
    assert box.type(first.rpartition(": ")[2]) == "ok it is 2026-10-25 02:30:00 +0100"


def test_of_two_equal_times_today_the_second_can_be_set_too():
    box = Box(*SUMMER_ENDS)
    assert "+0200; this is the first 02:30 of that day" in box.type("clock set 2:30:15")
    assert box.type("clock set 2:30:15+01:00") == "ok it is 2026-10-25 02:30:15 +0100"


def test_a_time_that_clocks_leave_out_is_refused():
    box = Box("set site.timezone Europe/Zurich")
    rule = "02:30 does not exist on 2026-03-29: clocks go forward over it that day; give the time that they show"
    assert box.type("clock set 2026-03-29T02:30") == f"error value: clock: {rule}"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2026-10-25T02:30 first", "02:30:00 +0200"),
        ("2026-10-25 02:30 second", "02:30:00 +0100"),
        ("02:30 Second", "02:30:00 +0100"),
        ("2026-10-25T01:30Z", "02:30:00 +0100"),
        ("2026-10-25T04:30 second", "04:30:00 +0100"),  # occurs once
    ],
)
def test_of_two_equal_times_one_can_be_asked_for(typed, shown):
    assert Box(*SUMMER_ENDS).type(f'clock set "{typed}"') == f"ok it is 2026-10-25 {shown}"


@pytest.mark.parametrize("offset", ["+05:30", "+0530", " +05:30"])
def test_a_time_with_its_offset_is_that_instant_wherever_the_box_is(offset):
    box = Box()
    assert box.type(f"clock set '2026-11-23T06:30{offset}'") == "ok it is 2026-11-23 01:00:00 +0000"
    assert box.type("clock set 2026-11-23T06:30Z") == "ok it is 2026-11-23 06:30:00 +0000"
    assert box.type("clock set 2026-11-23T06:30-03") == "ok it is 2026-11-23 09:30:00 +0000"


def test_what_clock_shows_can_be_typed_back():
    box = Box("set site.timezone Europe/Zurich", "clock set 2026-10-25T02:30+01:00")
    shown = box.type("clock").removeprefix("ok it is ")
    assert box.type(f"clock set '{shown}'") == f"ok it is {shown}"
