import io
import re
import sys
from itertools import chain

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from controller import qr
from controller.qr import Screen, draw, screen_of

TEXT = "WIFI:T:WPA;S:backbutton-AB23;P:1234-5678-9012-3456;;"
COLOUR = re.compile(r"\x1b\[([0-9;]*)m")
HALVES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


def screen(*, has_colours=True, has_blocks=True, columns=80):
    return Screen(columns, has_colours, has_blocks)


def expected(text):
    """The code with a quiet zone of four light modules, drawn by segno itself."""
    code = segno.make(text, error="l", micro=False)
    return [[bool(module) for module in row] for row in code.matrix_iter(border=4)]


def from_blocks(lines):
    """Read half blocks: whether each half of a cell has the colour of the text."""
    return list(chain.from_iterable(map(list, zip(*(HALVES[char] for char in line), strict=True)) for line in lines))


def is_code(rows, text):
    """Whether these rows are the code, but for a light one below where their number had to be even."""
    wanted = expected(text)
    extra = rows[len(wanted) :]
    return [list(row) for row in rows[: len(wanted)]] == wanted and len(extra) < 2 and not any(chain(*extra))


@given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=150))
def test_a_terminal_shows_dark_on_light_whatever_its_own_colours(text):
    lines = draw(text, screen(columns=200)).lines
    assert all(COLOUR.findall(line) == ["0;30;47", "0"] for line in lines)
    assert is_code(from_blocks(COLOUR.sub("", line) for line in lines), text)


def test_a_terminal_without_half_blocks_shows_coloured_spaces():
    lines = draw(TEXT, screen(has_blocks=False)).lines
    rows = []
    for line in lines:
        assert set(COLOUR.sub("", line)) == {" "}
        runs = re.findall(r"\x1b\[(40|47)m( +)", line)
        assert "".join(f"\x1b[{colour}m{spaces}" for colour, spaces in runs) + "\x1b[0m" == line
        cells = [colour == "40" for colour, spaces in runs for _ in spaces]
        assert cells[::2] == cells[1::2]  # two columns a module, which is about square
        rows.append(cells[::2])
    assert rows == expected(TEXT)


def test_without_colours_the_light_modules_are_drawn_and_a_note_says_so():
    drawing = draw(TEXT, screen(has_colours=False))
    assert "\x1b" not in "".join(drawing.lines)
    drawn = [[not is_drawn for is_drawn in row] for row in from_blocks(drawing.lines)]
    assert is_code(drawn, TEXT)
    assert "light text on a dark screen" in drawing.note


def test_without_colours_and_half_blocks_there_is_a_sentence():
    drawing = draw(TEXT, screen(has_colours=False, has_blocks=False))
    assert drawing.lines == ()
    assert drawing.note.startswith("There is no QR code, because this output has neither colours nor block")


@pytest.mark.parametrize("has_blocks", [True, False])
def test_the_code_of_a_hotspot_fits_on_a_terminal(has_blocks):
    lines = draw(TEXT, screen(has_blocks=has_blocks)).lines
    assert max(len(COLOUR.sub("", line)) for line in lines) == (37 if has_blocks else 74)
    assert len(lines) == (19 if has_blocks else 37)


def test_a_screen_that_is_too_narrow_gets_a_sentence():
    assert draw(TEXT, screen(columns=36)) == qr.Drawing(
        (), "There is no room for the QR code, which needs 37 columns."
    )
    assert draw(TEXT, screen(columns=37)).lines


def test_a_text_that_is_too_long_gets_a_sentence():
    assert draw("x" * 5000, screen()) == qr.Drawing((), "This is too long for a QR code.")


def test_without_segno_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "segno", None)
    assert draw(TEXT, screen()).lines == ()
    assert "sudo apt install python3-segno" in draw(TEXT, screen()).note


class Terminal(io.TextIOWrapper):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("encoding", "has_blocks"), [("utf-8", True), ("ascii", False), ("latin-1", False), ("cp437", True)]
)
def test_what_a_stream_can_show(encoding, has_blocks, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert screen_of(Terminal(io.BytesIO(), encoding=encoding)) == Screen(100, True, has_blocks)
    plain = screen_of(io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert (plain.has_colours, plain.has_blocks) == (False, has_blocks)


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("NO_COLOR", "1")])
def test_a_terminal_that_wants_no_colours_gets_none(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    assert not screen_of(Terminal(io.BytesIO(), encoding="utf-8")).has_colours
