import ctypes
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest

from hardware import walltime
from hardware.clock import VirtualClock, VirtualWall, read_both_clocks
from hardware.errors import ClockError
from hardware.walltime import WallTime, estimated_error_us, machine_zone, zone_named, zone_or

S = 1_000_000_000


@pytest.fixture
def kernel(monkeypatch):
    """A kernel whose clock has this error; with the default error nothing has disciplined it."""
    kernel_clock = {"error_us": 16_000_000}
    monkeypatch.setattr(walltime, "estimated_error_us", lambda: kernel_clock["error_us"])
    return kernel_clock


def zone_file(name):
    return next(path for path in (Path(each, name) for each in TZPATH) if path.exists())


@pytest.fixture
def wall(kernel, tmp_path):
    return WallTime(tmp_path / "since_epoch", tmp_path / "synchronized")


def test_both_clocks_are_read_at_one_instant():
    before = time.time_ns(), time.monotonic_ns()
    wall_ns, monotonic_ns = read_both_clocks()
    after = time.time_ns(), time.monotonic_ns()
    assert before[1] <= monotonic_ns <= after[1]
    assert before[0] <= wall_ns <= after[0]


def test_a_virtual_wall_goes_with_its_clock_and_jumps_when_set():
    clock = VirtualClock(5)
    wall = VirtualWall(clock, 1_000)
    clock.jump_to(8)
    assert (wall.sample().wall_ns, wall.sample().monotonic_ns, wall.sample().is_trusted) == (1_003, 8, True)
    wall.set(0, is_trusted=False)
    assert (wall.sample().wall_ns, wall.sample().monotonic_ns, wall.sample().is_trusted) == (0, 8, False)


def test_a_clock_that_was_never_set_is_not_trusted(wall):
    assert not wall.sample().is_trusted


def test_a_kernel_that_hides_its_error_is_not_trusted(wall, kernel):
    kernel["error_us"] = None
    assert not wall.sample().is_trusted


def test_a_clock_synchronised_by_chrony_is_believed_and_stays_so_offline(wall, kernel):
    kernel["error_us"] = 15_999_999
    assert wall.sample().is_trusted
    kernel["error_us"] = 16_000_000
    assert wall.sample().is_trusted


def test_a_clock_synchronised_by_timesyncd_is_believed(wall, tmp_path):
    (tmp_path / "synchronized").touch()
    assert wall.sample().is_trusted


@pytest.mark.parametrize(
    ("seconds", "is_trusted"), [("{now}\n", True), ("{late}", False), ("1234\n", False), ("", False), ("x", False)]
)
def test_a_hardware_clock_is_believed_if_it_is_set_and_agrees(wall, tmp_path, seconds, is_trusted):
    now = int(time.time())
    assert now > datetime(2026, 1, 1, tzinfo=UTC).timestamp(), "the machine of this test has no time"
    (tmp_path / "since_epoch").write_text(seconds.format(now=now, late=now - 60))
    assert wall.sample().is_trusted is is_trusted


def test_two_clocks_that_agree_on_1970_are_not_believed(wall, tmp_path, monkeypatch):
    monkeypatch.setattr(walltime, "read_both_clocks", lambda: (1_234 * S, 0))  # a Pi 5 without a battery
    (tmp_path / "since_epoch").write_text("1234\n")
    assert not wall.sample().is_trusted


def test_a_time_set_by_hand_is_trusted_and_advances(wall):
    wall.set_by_hand(1_800_000_000 * S)
    first, second = wall.sample(), wall.sample()
    assert first.is_trusted
    assert 0 <= first.wall_ns - 1_800_000_000 * S < 60 * S
    assert second.wall_ns - first.wall_ns == second.monotonic_ns - first.monotonic_ns


def test_a_synchronised_clock_replaces_a_time_set_by_hand(wall, tmp_path):
    wall.set_by_hand(1_000 * S)
    (tmp_path / "synchronized").touch()
    sample = wall.sample()
    assert sample.is_trusted
    assert abs(sample.wall_ns - time.time_ns()) < 60 * S


def test_a_time_set_by_hand_is_preferred_to_a_hardware_clock_until_then(wall, tmp_path):
    (tmp_path / "since_epoch").write_text(str(int(time.time())))
    assert wall.sample().is_trusted
    wall.set_by_hand(1_000 * S)
    assert wall.sample().wall_ns < 2_000 * S
    (tmp_path / "synchronized").touch()
    assert wall.sample().wall_ns > 2_000 * S


def test_a_time_set_by_hand_while_another_thread_reads_the_clock_stays_set(wall, monkeypatch):
    def agrees(self, wall_ns):
        self.set_by_hand(1_000 * S)  # as main does, between two steps of the journal's thread
        return False

    monkeypatch.setattr(WallTime, "_agrees_with_rtc", agrees)
    for sample in (wall.sample(), wall.sample()):
        assert (sample.is_trusted, sample.wall_ns // (60 * S)) == (True, 1_000 // 60)


def test_a_zone_that_the_machine_lacks_is_replaced():
    assert [zone_or(name, UTC) for name in (None, "Nowhere/AtAll")] == [UTC, UTC]
    assert zone_or("Europe/Zurich", UTC) == ZoneInfo("Europe/Zurich")


def test_a_synchronised_clock_is_not_set_by_hand(wall, tmp_path):
    (tmp_path / "synchronized").touch()
    with pytest.raises(
        ClockError, match=r"^the clock is synchronised over the network, so it cannot be set by hand$"
    ):
        wall.set_by_hand(1_000 * S)


def test_the_kernels_error_is_read_from_adjtimex():
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(512)
    state = libc.adjtimex(buffer)
    offset = 3 * ctypes.sizeof(ctypes.c_long)  # after modes, offset, freq
    maxerror_us = ctypes.c_long.from_buffer_copy(buffer, offset).value
    error_us = estimated_error_us()
    assert (error_us is None) == (state < 0)
    assert error_us is None or 0 <= error_us - maxerror_us < 1_000_000


def test_the_machine_names_its_zone_by_a_file(tmp_path):
    localtime = tmp_path / "localtime"
    assert machine_zone(localtime) is UTC
    localtime.write_bytes(b"no zone")
    assert machine_zone(localtime) is UTC
    zurich = zone_file("Europe/Zurich")
    localtime.unlink()
    localtime.symlink_to(zurich)
    summer = datetime(2026, 7, 1, 12, tzinfo=machine_zone(localtime))
    assert summer.isoformat() == "2026-07-01T12:00:00+02:00"


def test_a_zone_is_that_of_its_name_or_of_the_machine():
    assert zone_named("Europe/Zurich") == ZoneInfo("Europe/Zurich")
    assert datetime(2026, 7, 1, tzinfo=zone_named(None)).utcoffset() is not None
    with pytest.raises(ClockError, match=r"^this machine has no time zone Europe/Nowhere; install tzdata$"):
        zone_named("Europe/Nowhere")


def test_the_machines_zone_is_parsed_once_and_again_after_it_has_changed(tmp_path):
    localtime = tmp_path / "localtime"
    localtime.write_bytes(zone_file("Europe/Zurich").read_bytes())
    zurich = machine_zone(localtime)
    assert machine_zone(localtime) is zurich
    localtime.unlink()
    localtime.write_bytes(zone_file("Asia/Tokyo").read_bytes())
    assert datetime(2026, 6, 21, tzinfo=machine_zone(localtime)).strftime("%z") == "+0900"
