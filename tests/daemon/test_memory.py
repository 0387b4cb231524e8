"""That the mirror may be up outlives the daemon, the machine, and a bad disk; times in seconds."""

import json

import pytest

from controller.daemon.mirror_memory import MirrorMemory

S = 1_000_000_000


@pytest.fixture
def memory(tmp_path):
    return MirrorMemory(tmp_path, boot="monday")


def test_nothing_is_remembered_of_a_mirror_that_was_never_up(memory):
    assert memory.recall(5 * S) is None


def test_after_a_crash_the_time_stands(memory, tmp_path):
    memory.keep(131 * S, 100 * S)
    assert MirrorMemory(tmp_path, boot="monday").recall(110 * S) == 131 * S


def test_a_time_that_has_passed_is_nothing_to_wait_for(memory):
    memory.keep(131 * S, 100 * S)
    assert memory.recall(131 * S) is None


def test_after_a_reboot_the_camera_gets_its_whole_time_again(memory, tmp_path):
    memory.keep(131 * S, 100 * S)
    assert MirrorMemory(tmp_path, boot="tuesday").recall(7 * S) == 38 * S


def test_a_mirror_that_is_down_is_forgotten(memory, tmp_path):
    memory.keep(131 * S, 100 * S)
    memory.keep(None, 110 * S)
    memory.keep(None, 110 * S)
    assert memory.recall(111 * S) is None
    assert list(tmp_path.iterdir()) == []


def test_no_time_that_was_written_down_wrongly_makes_the_box_wait_longer_than_the_camera(memory, tmp_path):
    kept = {"boot": "monday", "down_ns": 10**30, "span_ns": 31 * S}
    (tmp_path / "mirror-up.json").write_text(json.dumps(kept))
    assert memory.recall(5 * S) == 36 * S


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"boot": "monday"}', '{"down_ns": "x", "span_ns": 1, "boot": ""}', "\udcff"]
)
def test_a_damaged_file_is_told_and_nothing_is_waited_for(memory, tmp_path, caplog, text):
    (tmp_path / "mirror-up.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert memory.recall(5 * S) is None
    assert "cannot be read" in caplog.text


def test_a_disk_that_takes_nothing_stops_no_frame(tmp_path, caplog):
    memory = MirrorMemory(tmp_path / "gone", boot="monday")
    memory.keep(131 * S, 100 * S)
    assert "cannot be written" in caplog.text
