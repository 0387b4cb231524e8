"""The command `clock`: the time of day told and set by hand, on a box that may wait for it."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from evening import NOON, H, M, S
from evening import Evening as Box

from controller.box import clockset
from controller.errors import CommandError
from hardware.clock import ClockSample
from hardware.walltime import WallTime

ZURICH = timezone(timedelta(hours=1))
SAMPLE = ClockSample(NOON, 0, is_trusted=True)
WRITE = "write it like 21:30, or 2026-11-23T06:30"


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
        ("clock set sunset", f'error value: clock: "sunset" is not a time of day; {WRITE}'),
        ("clock set +30s", f'error value: clock: "+30s" is not a time of day; {WRITE}'),
        ("clock set 2026-13-23T06:30", f'error value: clock: there is no "2026-13-23T06:30"; {WRITE}'),
        ("clock set 2026-11-23T25:30", f'error value: clock: there is no "2026-11-23T25:30"; {WRITE}'),
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


@pytest.mark.parametrize(
    ("typed", "hour_utc", "is_ambiguous"),
    [
        ("2026-10-25T02:30", 0, True),
        ("2026-10-25T02:30 first", 0, False),
        ("2026-10-25 02:30 second", 1, False),
        ("2026-10-25T02:30+01:00", 1, False),
        ("2026-10-25T01:30Z", 1, False),
    ],
)
def test_a_time_that_clocks_show_twice_is_the_first_unless_the_second_is_asked_for(typed, hour_utc, is_ambiguous):
    at_ns = datetime(2026, 10, 25, hour_utc, 30, tzinfo=UTC).timestamp() * S
    assert clockset.utc_ns(typed, SAMPLE, ZoneInfo("Europe/Zurich")) == (at_ns, is_ambiguous)


def test_a_time_that_clocks_leave_out_is_refused():
    with pytest.raises(CommandError, match="02:30 does not exist on 2026-03-29: clocks are put forward over it"):
        clockset.utc_ns("2026-03-29T02:30", SAMPLE, ZoneInfo("Europe/Zurich"))


@pytest.mark.parametrize(("said", "shown"), [("21:30", "21:30:00"), ("21:30:15", "21:30:15"), ("7:05", "07:05:00")])
def test_a_time_without_a_day_is_today_at_the_box(said, shown):
    box = Box("set site.timezone Europe/Zurich")
    assert box.type(f"clock set {said}") == f"ok it is 2026-06-21 {shown} +0200"


def test_of_two_equal_times_the_answer_says_which_it_took():
    box = Box("set site.timezone Europe/Zurich")
    assert box.type("clock set 2026-10-25T02:30") == (
        "ok it is 2026-10-25 02:30:00 +0200, the first 02:30 of that day; "
        'for the second: clock set "2026-10-25 02:30 second"'
    )
    assert box.type('clock set "2026-10-25 02:30 second"') == "ok it is 2026-10-25 02:30:00 +0100"


def test_what_is_told_reads_back():
    sample = ClockSample(clockset.utc_ns("2026-11-23T06:30", SAMPLE, ZURICH)[0], 0, is_trusted=True)
    assert clockset.as_reply(sample, ZURICH)["local"] == "2026-11-23 06:30:00 +0100"
    with pytest.raises(CommandError, match="write it like"):
        clockset.utc_ns("+30s", SAMPLE, ZURICH)
