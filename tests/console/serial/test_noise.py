"""The noise gate, with bytes and times, without a port."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.console.serial.noise import HOLD_NS, QUIET_NS, Kind, NoiseGate, Piece

CUT = Piece(Kind.CUT)
UMLAUT = "ä".encode()


def typed(data):
    return Piece(Kind.TYPED, data)


def noise(data):
    return Piece(Kind.NOISE, data)


def test_text_passes_at_once():
    gate = NoiseGate()
    assert [gate.feed(chunk, 0) for chunk in (b"st", b"atus\r", UMLAUT)] == [
        [typed(b"st")],
        [typed(b"atus\r")],
        [typed(UMLAUT)],
    ]
    assert gate.deadline_ns is None


def test_a_character_may_arrive_in_two_parts():
    gate = NoiseGate()
    assert gate.feed(UMLAUT[:1], 0) == [typed(UMLAUT[:1])]
    assert gate.feed(UMLAUT[1:], QUIET_NS) == [typed(UMLAUT[1:])]


def test_ctrl_c_is_cut_once_no_noise_has_followed():
    gate = NoiseGate()
    assert gate.feed(b"stat\x03", 7) == []
    assert gate.deadline_ns == 7 + HOLD_NS
    assert gate.expire(6 + HOLD_NS) == []
    assert gate.expire(7 + HOLD_NS) == [CUT]
    assert gate.deadline_ns is None


def test_input_after_ctrl_c_follows_the_cut():
    gate = NoiseGate()
    assert gate.feed(b"a\x03b", 0) == []
    assert gate.feed(b"\x03status\r", 1) == []
    assert gate.expire(HOLD_NS) == [CUT, typed(b"status\r")]


@pytest.mark.parametrize("burst", [b"\xff\x03", b"\x03\xff", b"\x00\x03", b"\x03" + b"a" * 4096])
def test_ctrl_c_in_noise_is_not_cut(burst):
    gate = NoiseGate()
    assert gate.feed(burst, 0) == [noise(burst)]
    assert gate.expire(HOLD_NS) == []


def test_noise_that_starts_with_ctrl_c_is_not_cut():
    gate = NoiseGate()
    assert gate.feed(b"\x03", 0) == []
    assert gate.feed(b"\xfe", HOLD_NS - 1) == [noise(b"\x03\xfe")]
    assert gate.expire(HOLD_NS) == []


@pytest.mark.parametrize("chunks", [[b"a\r\0b"], [b"a\r", b"\0b"], [b"a\r", b"\0", b"b"], [b"a", b"\r\0", b"b"]])
def test_the_nul_that_ends_a_line_of_telnet_is_dropped(chunks):
    gate = NoiseGate()
    pieces = [piece for chunk in chunks for piece in gate.feed(chunk, 0)]
    assert {piece.kind for piece in pieces} == {Kind.TYPED}
    assert b"".join(piece.data for piece in pieces) == b"a\rb"


@pytest.mark.parametrize("chunk", [b"\0a", b"\r\0\0", b"a\0\r"])
def test_any_other_nul_is_noise(chunk):
    assert [piece.kind for piece in NoiseGate().feed(chunk, 0)] == [Kind.NOISE]


def test_bytes_right_after_noise_are_noise_until_it_has_been_quiet():
    gate = NoiseGate()
    gate.feed(b"\xff", 0)
    assert gate.feed(b"\x10\r", QUIET_NS - 1) == [noise(b"\x10\r")]
    assert gate.feed(b"\x03", QUIET_NS) == []
    assert gate.expire(QUIET_NS + HOLD_NS) == [CUT]


def test_a_mebibyte_of_noise_in_small_chunks_is_never_a_cut():
    chance, gate, now_ns = random.Random(1), NoiseGate(), 0
    for _ in range(20_000):
        now_ns += chance.randrange(HOLD_NS // 20)  # about a byte every 0.5 ms: as fast as 19200 baud
        assert CUT not in gate.expire(now_ns)
        assert CUT not in gate.feed(chance.randbytes(chance.randrange(1, 100)), now_ns)


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=9), st.integers(0, 2 * QUIET_NS)), max_size=20))
def test_nothing_is_lost_except_input_before_ctrl_c(chunks):
    gate, now_ns, held = NoiseGate(), 0, b""
    for chunk, wait_ns in chunks:
        now_ns += wait_ns
        pieces = gate.expire(now_ns)
        if pieces:
            assert (pieces[0], b"".join(piece.data for piece in pieces)) == (CUT, held.rpartition(b"\x03")[2])
            held = b""
        pieces = gate.feed(chunk, now_ns)
        held += chunk
        if pieces:
            assert b"".join(piece.data for piece in pieces) == held
            held = b""
        assert (gate.deadline_ns is not None) == bool(held)
