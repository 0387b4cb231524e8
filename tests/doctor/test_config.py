import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.doctor.board import Board
from controller.doctor.bootconfig import (
    LOW,
    PinAtBoot,
    effective,
    expanded,
    is_on,
    line_for,
    overlays,
    pins_at_boot,
    with_lines,
)

PI4 = Board("Raspberry Pi 4 Model B Rev 1.4", 0xC03114)
WANTED = ("dtparam=strict_gpiod", "gpio=17,27=op,dl")


def keys(text, board=PI4):
    return [key for key, _ in effective(text, board)]


@pytest.mark.parametrize(
    ("model", "sections", "has_device_port"),
    [
        ("Raspberry Pi Zero W Rev 1.1", {"pi0", "pi0w"}, True),
        ("Raspberry Pi Zero 2 W Rev 1.0", {"pi0", "pi0w", "pi02"}, True),
        ("Raspberry Pi Zero Rev 1.3", {"pi0"}, True),
        ("Raspberry Pi Model A Plus Rev 1.1", {"pi1"}, True),
        ("Raspberry Pi Model B Plus Rev 1.2", {"pi1"}, False),
        ("Raspberry Pi 2 Model B Rev 1.1", {"pi2"}, False),
        ("Raspberry Pi 3 Model B Rev 1.2", {"pi3"}, False),
        ("Raspberry Pi 3 Model B Plus Rev 1.3", {"pi3", "pi3+"}, False),
        ("Raspberry Pi 3 Model A Plus Rev 1.0", {"pi3", "pi3+"}, True),
        ("Raspberry Pi 4 Model B Rev 1.4", {"pi4"}, True),
        ("Raspberry Pi 400 Rev 1.0", {"pi4", "pi400"}, True),
        ("Raspberry Pi Compute Module 4 Rev 1.0", {"pi4", "cm4"}, True),
        ("Raspberry Pi Compute Module 4S Rev 1.0", {"pi4", "cm4s"}, True),
        ("Raspberry Pi 5 Model B Rev 1.0", {"pi5"}, True),
        ("Raspberry Pi 500 Rev 1.0", {"pi5", "pi500"}, True),
        ("Raspberry Pi Compute Module 5 Rev 1.0", {"pi5", "cm5"}, True),
        ("Orange Pi 5", set(), False),
        ("", set(), False),
    ],
)
def test_a_board_is_recognised_by_its_model_name(model, sections, has_device_port):
    board = Board(model)
    assert set(board.sections) == sections
    assert board.has_device_port is has_device_port
    assert board.is_pi is bool(sections)


@pytest.mark.parametrize(
    ("text", "counting"),
    [
        ("a=1\nb=2", ["a", "b"]),
        ("#a=1\n  # b=2\nc=3", ["c"]),
        ("[pi5]\na=1\n[pi4]\nb=2\n[cm4]\nc=3", ["b"]),
        ("[PI4]\r\na=1\r\n[all]\r\nb=2\r\n", ["a", "b"]),
        ("[pi5]\na=1\n[all]\nb=2", ["b"]),
        ("[none]\na=1\n[all]\nb=2", ["b"]),
        ("[none]\n[pi4]\na=1", []),
        ("[EDID=VSC-TD2220]\na=1\n[pi4]\nb=2\n[all]\nc=3", ["c"]),
        ("[gpio4=1]\na=1\n[gpio4=0]\nb=2", []),
        ("[0x12345678]\na=1\n[all]\nb=2", ["b"]),
        ("[tryboot]\na=1", []),
        ("[board-type=0x11]\na=1\n[board-type=0x14]\nb=2", ["a"]),
        ("[no such filter]\na=1", []),
        ("", []),
        ("start_x\n=\n", [""]),
    ],
)
def test_a_line_applies_if_all_its_filters_match(text, counting):
    assert keys(text) == counting


def test_a_board_reads_the_sections_of_its_family():
    text = "[pi4]\na=1\n[pi400]\nb=2\n[pi0w]\nc=3"
    assert keys(text, Board("Raspberry Pi 400 Rev 1.0")) == ["a", "b"]
    assert keys(text, Board("Raspberry Pi Zero 2 W Rev 1.0")) == ["c"]


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("dtparam=strict_gpiod", True),
        ("dtparam=strict_gpiod=on", True),
        ("dtparam=audio=on,strict_gpiod", True),
        ("dtparam=strict_gpiod=off", False),
        ("dtparam=strict_gpiod\ndtparam=strict_gpiod=off", False),
        ("dtparam=strict_gpiod=0\ndtparam=strict_gpiod", True),
        ("dtparam=strict_gpiod # a remark is part of the value", False),
        ("dtoverlay=strict_gpiod", False),
        ("", False),
    ],
)
def test_the_last_line_of_a_parameter_wins(text, on):
    assert is_on(effective(text, PI4), "strict_gpiod") is on


@pytest.mark.parametrize(
    ("text", "pins"),
    [
        ("gpio=17,27=op,dl", {17: LOW, 27: LOW}),
        ("gpio=17=op\ngpio=17=dl", {17: LOW}),
        ("gpio=16-18=ip\ngpio=17=op,dl", {16: PinAtBoot("ip"), 17: LOW, 18: PinAtBoot("ip")}),
        ("gpio=17=op,dl\ngpio=0-27=a2", dict.fromkeys(set(range(28)) - {17}, PinAtBoot("a2")) | {17: PinAtBoot("a2", "dl")}),
        ("gpio=17=op,dh", {17: PinAtBoot("op", "dh")}),
        ("gpio=17=OP,DL,pn", {17: LOW}),
        ("gpio=2-1,x,,-=op", {}),
        ("gpio=0-99999999999=op", dict.fromkeys(range(54), PinAtBoot("op"))),
        ("gpio=", {}),
    ],
)  # fmt: skip
def test_gpio_lines_have_lists_and_ranges_and_the_last_wins(text, pins):
    assert pins_at_boot(effective(text, PI4)) == pins


def test_overlays_are_read_with_their_parameters():
    assert overlays(effective("dtoverlay=dwc2,dr_mode=host\ndtoverlay=", PI4)) == {"dwc2": ("dr_mode=host",), "": ()}


def test_included_files_are_read_in_their_place():
    files = {"user.txt": "b=2\ninclude deep.txt", "deep.txt": "c=3"}
    assert keys(expanded("a=1\ninclude user.txt\nd=4\ninclude none.txt", files.get)) == ["a", "b", "c", "d"]


def test_a_file_that_includes_itself_is_read_a_limited_number_of_times():
    assert expanded("a=1\ninclude x", lambda _: "include x\nb=1").count("b=1") == 8


def test_a_file_that_includes_itself_many_times_ends_soon():
    reads = []
    expanded("include x\n" * 20, lambda name: reads.append(name) or "include x\n" * 20 + "b=1")
    assert len(reads) == 64


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "# added by backbutton doctor\nx=1\n"),
        ("a=1", "a=1\n# added by backbutton doctor\nx=1\n"),
        ("[all]\na=1\n", "[all]\na=1\n# added by backbutton doctor\nx=1\n"),
        ("[cm5]\na=1\n", "[cm5]\na=1\n[all]\n# added by backbutton doctor\nx=1\n"),
        ("[all]\ninclude y\n", "[all]\ninclude y\n[all]\n# added by backbutton doctor\nx=1\n"),
        ("[pi4]\r\na=1\r\n", "[pi4]\r\na=1\r\n[all]\r\n# added by backbutton doctor\r\nx=1\r\n"),
    ],
)
def test_lines_are_added_at_the_end_under_all(text, after):
    assert with_lines(text, ["x=1", "x=1"]) == after
    assert with_lines(text, []) == text


LINES = st.sampled_from([
    "[all]", "[pi4]", "[pi5]", "[none]", "[gpio4=1]", "[EDID=X]", "[board-type=0x11]", "[tryboot]", "# a remark", "",
    "dtparam=strict_gpiod", "dtparam=strict_gpiod=off", "dtoverlay=dwc2", "gpio=17=ip", "gpio=0-27=op,dh",
    "gpio=17,27=op,dl", "enable_uart=1", "  [pi5]  ", "include other.txt", "nonsense",
])  # fmt: skip


@given(
    st.lists(LINES), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from([PI4, Board("Raspberry Pi 5")])
)
def test_added_lines_apply_to_every_board_and_change_nothing_before_them(lines, end, ends, board):
    text = end.join(lines) + (end if ends else "")
    after = with_lines(text, WANTED)
    assert after.startswith(text)
    settings = effective(expanded(after, {"other.txt": "[cm3]\nb=1"}.get), board)
    assert is_on(settings, "strict_gpiod")
    assert [pins_at_boot(settings)[pin] for pin in (17, 27)] == [LOW, LOW]
    assert effective(expanded(text, {"other.txt": "[cm3]\nb=1"}.get), board) == settings[: -len(WANTED)]
    if end == "\r\n" and text.count("\n"):
        assert not re.search(r"(?<!\r)\n", after)


@given(st.text())
def test_any_text_can_be_read(text):
    settings = effective(text, PI4)
    pins_at_boot(settings)
    overlays(settings)
    assert effective(with_lines(text, ()), PI4) == settings


def test_the_line_for_pins_is_in_their_order():
    assert line_for((27, 17)) == "gpio=17,27=op,dl"
