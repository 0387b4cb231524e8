"""The text that `watch` shows, and how a block of lines is redrawn in place."""

import os
import termios

import pytest
from console.fake_box import RUN, fresh_status
from console.fake_terminal import FakeTerminal
from hypothesis import given
from hypothesis import strategies as st

from controller.console import watch_text
from controller.console.screen import Screen, bar_marks
from controller.core.lamp_text import CIRCLES

SECOND = 1_000_000_000
WIDE = (80, 24)


def status(**changes):
    return fresh_status() | {"focus": "DIALLED_IN", "release": "WAITING", "run": RUN} | changes


def test_all_of_a_run_at_a_glance():
    assert watch_text.block(status(), WIDE, "█░") == [
        "focus is dialled in   waiting for the next frame",
        "FOCUS open   SHUTTER open",
        "frame 12 of 300   next in 3.2 s",
        "[██░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░] 3 %",
        "10 fired   1 skipped",
        "55.0 s elapsed   ends in 24m 10s, at 04:12",
    ]


LAMPS = {"green": "on", "amber": "blinks slowly", "red": "dark"}


def test_the_lamps_are_three_marks_and_words():
    block = watch_text.block(status(lamps=LAMPS), WIDE, "█░", CIRCLES)
    assert block[2] == "lamps ● ◐ ○   green on   amber blinks slowly"
    dark = dict.fromkeys(LAMPS, "dark")
    assert watch_text.block(status(lamps=dark), WIDE, "#-")[2] == "lamps . . .   all dark"


def test_the_lamps_fit_a_narrow_screen():
    assert watch_text.block(status(lamps=LAMPS), (40, 24), "#-")[3:5] == [
        "lamps * + .   green on",
        "amber blinks slowly",
    ]


def test_pieces_stay_whole_on_a_narrow_screen():
    run = RUN | {"confirmed": 8, "missed": 1}
    assert watch_text.block(status(run=run, lock=True), (40, 24), "#-") == [
        "focus is dialled in",
        "waiting for the next frame",
        "focus lock on",
        "FOCUS open   SHUTTER open",
        "frame 12 of 300   next in 3.2 s",
        f"[#{'-' * 32}] 3 %",
        "10 fired   8 confirmed   1 missed",
        "1 skipped",
        "55.0 s elapsed",
        "ends in 24m 10s, at 04:12",
    ]


def test_without_a_run_the_state_is_all_there_is():
    assert watch_text.block(status(run=None, release="IDLE"), WIDE, "#-") == [
        "focus is dialled in   nothing is running",
        "FOCUS open   SHUTTER open",
    ]


def test_a_run_without_end_has_no_bar():
    lines = watch_text.block(status(run=RUN | {"count": 0, "ends_in_ns": None}), WIDE, "#-")
    assert lines[2:] == ["frame 12   next in 3.2 s", "10 fired   1 skipped", "55.0 s elapsed   runs until stopped"]


def test_the_last_frame_of_a_run():
    lines = watch_text.block(status(run=RUN | {"slot": 300, "taking": 299, "next_in_ns": None}), WIDE, "#-")
    assert lines[2:4] == ["taking the last frame, 300 of 300", f"[{'#' * 60}] 100 %"]


def test_while_a_frame_is_taken_the_next_one_is_not_named():
    lines = watch_text.block(status(run=RUN | {"slot": 1, "taking": 0, "count": 3}), WIDE, "#-")
    assert lines[2].startswith("taking frame 1 of 3   next in 3.2 s")


def test_a_run_that_has_not_started():
    run = RUN | {"waits": "it begins at sunset, in 2h 10m", "next_in_ns": None}
    assert watch_text.block(status(run=run), WIDE, "#-")[2:] == ["it begins at sunset, in 2h 10m"]


def test_the_bar_shows_a_bulb_exposure():
    exposing = {"elapsed_ns": 61_300_000_000, "asked_ns": 240 * SECOND}
    lines = watch_text.block(status(exposing=exposing, release="EXPOSING"), WIDE, "#-")
    assert lines[3] == f"[{'#' * 14}{'-' * 42}] exposed 1m 01s of 4m"
    lines = watch_text.block(status(exposing=exposing | {"elapsed_ns": 300 * SECOND}, run=None), WIDE, "#-")
    assert lines[2] == f"[{'#' * 56}] exposed 5m 00s of 4m"


def test_a_fault_is_shown_and_cannot_break_the_lines():
    lines = watch_text.block(
        status(run=None, release="FAULT", fault="ZeroDivisionError:\n\x1b[2Jdivision"), WIDE, "#-"
    )
    assert lines[2] == "ZeroDivisionError:  [2Jdivision"


@pytest.mark.parametrize(
    ("encoding", "marks"),
    [("utf-8", "█░"), ("UTF-8", "█░"), ("cp437", "█░"), ("ascii", "#-"), ("ANSI_X3.4-1968", "#-"), ("latin-1", "#-"),
     (None, "#-"), ("no-such-encoding", "#-")],
)  # fmt: skip
def test_a_bar_uses_characters_of_the_encoding(encoding, marks):
    assert bar_marks(encoding) == marks


RUNS = st.none() | st.builds(
    lambda **changes: RUN | changes,
    slot=st.integers(0, 10**6),
    count=st.integers(0, 10**6),
    fired=st.integers(0, 10**6),
    confirmed=st.none() | st.integers(0, 10**6),
    missed=st.integers(0, 10**6),
    next_in_ns=st.integers(0, 10**15),
    elapsed_ns=st.integers(0, 10**16),
    ends_in_ns=st.none() | st.integers(0, 10**16),
    waits=st.none() | st.text(max_size=200),
)
EXPOSING = st.none() | st.builds(dict, elapsed_ns=st.integers(0, 10**13), asked_ns=st.integers(10**6, 10**13))


@given(RUNS, EXPOSING, st.none() | st.text(max_size=300), st.integers(1, 200), st.integers(1, 60))
def test_no_line_reaches_the_last_column_nor_the_block_the_last_row(run, exposing, fault, columns, rows):
    lines = watch_text.block(status(run=run, exposing=exposing, fault=fault), (columns, rows), "█░")
    assert 1 <= len(lines) <= max(1, rows - 1)
    assert all(0 < len(line) <= max(1, columns - 1) for line in lines)
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("columns", range(40, 201))
def test_no_piece_is_split_from_40_columns_on(columns):
    lines = watch_text.block(status(), (columns, 24), "#-")
    told = "   ".join(line for line in lines if "[" not in line).split("   ")
    assert told == [
        "focus is dialled in", "waiting for the next frame", "FOCUS open", "SHUTTER open", "frame 12 of 300",
        "next in 3.2 s", "10 fired", "1 skipped", "55.0 s elapsed", "ends in 24m 10s, at 04:12",
    ]  # fmt: skip


# -- in place, on a terminal ------------------------------------------------------------------------------


class Terminal:
    """A pty of a given size, and the screen on it."""

    def __init__(self, columns, rows):
        self.fd, far = os.openpty()
        self.out = open(far, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - a descriptor, closed below
        self.resize(columns, rows)
        self.screen = FakeTerminal(columns=columns, rows=rows)

    def resize(self, columns, rows):
        termios.tcsetwinsize(self.out.fileno(), (rows, columns))

    def read(self):
        self.out.write("\a")  # which is not seen, and ends what has been written
        self.out.flush()
        text = b""
        while not text.endswith(b"\a"):
            text += os.read(self.fd, 4096)
        self.screen.feed(text.decode())
        return text.decode()

    def close(self):
        self.out.close()
        os.close(self.fd)


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal(40, 6)
    yield terminal
    terminal.close()


def test_a_block_replaces_the_one_before(terminal):
    screen = Screen(terminal.out)
    for block in (["one", "two"], ["one and more", "zwei"], ["1"], ["a", "b", "c"]):
        screen.draw([], block)
        terminal.read()
        assert terminal.screen.lines == block
        assert (terminal.screen.row, terminal.screen.column) == (len(block), 0)


def test_only_changed_lines_are_written(terminal):
    screen = Screen(terminal.out)
    screen.draw([], ["the same", "one", "the same"])
    terminal.read()
    screen.draw([], ["the same", "two", "the same"])
    assert "same" not in terminal.read()
    assert terminal.screen.lines == ["the same", "two", "the same"]


def test_lines_above_the_block_stay_and_scroll_away(terminal):
    screen = Screen(terminal.out)
    for number in range(20):
        screen.draw([f"* event {number}"] if number % 2 else [], [f"state {number}", "and more"])
    terminal.read()
    told = [f"* event {number}" for number in range(1, 20, 2)]
    assert terminal.screen.lines == [*told, "state 19", "and more"]


def test_a_line_above_may_be_longer_than_a_row(terminal):
    screen = Screen(terminal.out)
    screen.draw([], ["a state that nearly fills its row up"] * 3)
    screen.draw(["* " + "x" * 78, "* " + "y" * 50], ["short"])
    terminal.read()
    assert terminal.screen.lines == ["* " + "x" * 38, "x" * 40, "* " + "y" * 38, "y" * 12, "short"]


def test_on_a_narrowed_screen_the_block_is_drawn_again_below(terminal):
    screen = Screen(terminal.out)
    assert screen.size == (40, 6)
    screen.draw([], ["x" * 39])
    terminal.resize(30, 6)
    screen.draw([], ["y" * 29])
    terminal.read()
    assert terminal.screen.lines[:2] == ["x" * 39, "y" * 29]
    assert screen.size == (30, 6)


def test_a_terminal_without_a_size_counts_as_80_by_24(terminal):
    terminal.resize(0, 0)
    assert Screen(terminal.out).size == (80, 24)
