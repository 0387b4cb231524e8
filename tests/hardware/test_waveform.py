import re

from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.timeline import Line
from hardware.waveform import ASCII, Change, closures, draw, vcd

F, S = Line.FOCUS, Line.SHUTTER
MS = 1_000_000
S_NS = 1_000_000_000


def changes(*rows):
    return [Change(*row) for row in rows]


NIKON_FRAME = changes((0, F, True), (100 * MS, S, True), (200 * MS, S, False), (205 * MS, F, False))


# -- pictures --------------------------------------------------------------------------------------------------


def test_a_frame_that_needs_focus_is_drawn_as_one_pulse_within_the_other():
    assert draw(NIKON_FRAME, -25 * MS, 225 * MS, width=50) == [
        "FOCUS    _____█████████████████████████████████████████____",
        "SHUTTER  _________________________████████████████████_____",
        "              0 s       50 ms     100 ms    150 ms",
    ]


def test_a_frame_on_shutter_alone_is_drawn_in_ascii_for_plain_terminals():
    frame = changes((250 * MS, S, True), (450 * MS, S, False))
    assert draw(frame, 0, S_NS, width=40, marks=ASCII) == [
        "FOCUS    ________________________________________",
        "SHUTTER  __________########______________________",
        "         0 s     200 ms  400 ms  600 ms  800 ms",
    ]


def test_no_row_is_wider_than_its_limit():
    for width in (1, 5, 24, 25, 64, 79):
        focus, shutter, scale = draw(NIKON_FRAME, -100 * MS, 300 * MS, width)
        assert len(focus) == len(shutter) == 9 + width >= len(scale)


def test_labels_of_the_scale_stand_where_their_time_is():
    _, shutter, scale = draw(changes((2 * S_NS, S, True), (3 * S_NS, S, False)), -S_NS, 4 * S_NS, width=50)
    assert scale.index("2 s") == shutter.index("█")


def test_the_shortest_pulse_shows():
    pulse = changes((500 * MS, S, True), (500 * MS + 1, S, False))
    assert draw(pulse, 0, 3_600 * S_NS, width=20)[1].count("█") == 1


def test_a_pulse_of_no_length_shows():
    pulse = changes((500 * MS, S, True), (500 * MS, S, False))
    assert draw(pulse, 0, S_NS, width=20)[1] == "SHUTTER  __________█_________"


def test_a_line_that_is_still_closed_is_drawn_to_the_end():
    assert draw(changes((500 * MS, F, True)), 0, S_NS, width=20)[0] == "FOCUS    __________██████████"


def test_a_line_that_closed_before_the_picture_begins_is_drawn_from_its_beginning():
    held = changes((-5 * S_NS, F, True), (500 * MS, F, False))
    assert draw(held, 0, S_NS, width=20)[0] == "FOCUS    ██████████__________"


def test_what_lies_outside_the_picture_is_not_drawn():
    outside = changes((-9 * MS, S, True), (0, S, False), (S_NS, S, True), (2 * S_NS, S, False))
    assert draw(outside, 0, S_NS, width=20)[1] == "SHUTTER  " + "_" * 20


def test_nothing_at_all_can_be_drawn():
    assert draw([], 0, 0, width=20) == [
        "FOCUS    ____________________",
        "SHUTTER  ____________________",
        "         0 s",
    ]


# -- closures --------------------------------------------------------------------------------------------------


def test_closures_pair_closing_and_opening_of_one_line():
    assert closures(NIKON_FRAME, S) == [(100 * MS, 200 * MS)]
    assert closures(changes((1, S, True), (2, S, False), (5, S, True)), S) == [(1, 2), (5, None)]
    assert closures(NIKON_FRAME[1:3], F) == []


def test_an_opening_of_what_was_never_closed_is_no_closure():
    assert closures(changes((1, S, False), (2, S, True), (3, S, False)), S) == [(2, 3)]


# -- value change dump -----------------------------------------------------------------------------------------


def test_a_dump_of_a_frame_is_what_a_waveform_viewer_reads():
    assert vcd(NIKON_FRAME, 230 * MS).splitlines() == [
        "$timescale 1 ns $end",
        "$scope module backbutton $end",
        "$var wire 1 f focus $end",
        "$var wire 1 s shutter $end",
        "$upscope $end",
        "$enddefinitions $end",
        "#0",
        "0f",
        "0s",
        "1f",
        "#100000000",
        "1s",
        "#200000000",
        "0s",
        "#205000000",
        "0f",
        "#230000000",
    ]


def test_an_empty_dump_still_has_its_length():
    assert vcd([], 5).endswith("#0\n0f\n0s\n#5\n")
    assert vcd([], 0).endswith("#0\n0f\n0s\n")


def read_back(dump):
    """Read a dump as a viewer would: the value of each line at every time that is named, and the end."""
    header, _, body = dump.partition("$enddefinitions $end\n")
    lines = {ident: Line(name) for ident, name in re.findall(r"\$var wire 1 (\S) (\S+) \$end", header)}
    at_ns, values = 0, []
    for row in body.splitlines():
        if row.startswith("#"):
            assert values == [] or int(row[1:]) > at_ns
            at_ns = int(row[1:])
        else:
            values.append((at_ns, lines[row[1:]], row[0] == "1"))
    return values, at_ns


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Line), st.booleans()), max_size=20), st.integers(0, 99))
def test_a_dump_can_be_read_back_exactly(steps, rest_ns):
    at_ns, rows = 0, []
    for gap_ns, line, closed in steps:
        at_ns += gap_ns
        rows.append((at_ns, line, closed))
    values, end_ns = read_back(vcd(changes(*rows), at_ns + rest_ns))
    assert values == [(0, F, False), (0, S, False), *rows]
    assert end_ns == at_ns + rest_ns
