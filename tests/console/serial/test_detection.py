import pytest

from controller.console.serial.detection import TIMEOUT_NS, Detected, TerminalDetector
from controller.console.serial.write_buffer import WriteBuffer

REPLY = b"\x1b[48;120R"


@pytest.mark.parametrize("text", [b"status\r", b"status\n", b"status\r\nfire\r\n", b"plain\r"])
def test_a_first_line_with_text_chooses_line_mode_and_is_kept(text):
    assert TerminalDetector().feed(text, 0) == Detected(is_plain=True, typed=text)


def test_a_line_may_come_key_by_key():
    probe = TerminalDetector()
    assert [probe.feed(bytes([key]), 0) for key in b"stat"] == [None] * 4
    assert probe.feed(b"\r", 0) == Detected(is_plain=True, typed=b"stat\r")


@pytest.mark.parametrize("enter", [b"\r", b"\n"])
def test_a_bare_enter_asks_and_a_reply_chooses_readline(enter):
    probe = TerminalDetector()
    assert probe.feed(enter, 0) is None
    assert probe.has_asked
    assert probe.deadline_ns == TIMEOUT_NS
    assert probe.feed(REPLY, 10) == Detected(is_plain=False, size=(48, 120))


def test_input_around_a_reply_is_kept():
    probe = TerminalDetector()
    probe.feed(b"\rsta", 0)
    assert probe.feed(b"t" + REPLY[:4], 1) is None
    assert probe.feed(REPLY[4:] + b"us\r", 2) == Detected(is_plain=False, typed=b"status\r", size=(48, 120))


def test_a_reply_without_a_plausible_size_still_means_a_terminal():
    probe = TerminalDetector()
    probe.feed(b"\r", 0)
    assert probe.feed(b"\x1b[1;1R", 1) == Detected(is_plain=False, size=None)


def test_without_a_reply_in_time_line_mode_gets_the_input():
    probe = TerminalDetector()
    probe.feed(b"\nstatus\n", 1000)
    assert probe.expire(1000 + TIMEOUT_NS - 1) is None
    assert probe.expire(1000 + TIMEOUT_NS) == Detected(is_plain=True, typed=b"status\n")


def test_nothing_expires_before_anything_was_asked():
    assert TerminalDetector().expire(10**18) is None


@pytest.mark.parametrize("noise", [b"AT\r", b"AT+GCAP\r\n", b"\xff\xfe\x80\r", b"\x00~x\xf0~\r", b"\x1b[24;80R\r"])
def test_noise_and_modem_commands_decide_nothing(noise):
    probe = TerminalDetector()
    assert probe.feed(noise.rstrip(b"\n"), 0) is None
    assert not probe.has_asked
    assert probe.feed(b"status\r", 0) == Detected(is_plain=True, typed=b"status\r")


def test_endless_noise_is_not_collected():
    assert TerminalDetector().feed(b"x" * 5000, 0) == Detected(is_plain=True, typed=b"x" * 5000)


def test_a_write_buffer_drops_the_oldest_lines_and_marks_it():
    backlog = WriteBuffer(20, b"...\n")
    backlog.add(b"one\ntwo\nthree\n")
    backlog.add(b"four\nfive\n")
    assert bytes(backlog._held) == b"...\ntwo\nthree\nfour\nfive\n"


def test_a_write_buffer_is_bounded():
    backlog = WriteBuffer(20, b"...\n")
    for _ in range(100):
        backlog.add(b"x" * 50)
        assert len(backlog) <= 4
