import struct
from types import SimpleNamespace

import pytest
from gpiozero import PinUnknownPi

from hardware import chip_find
from hardware.chip_find import (
    BoardUnknownError,
    ChipPermissionError,
    NoChipError,
    board_pull,
    board_revision,
    open_header_chip,
    reset_pull,
)
from hardware.errors import HardwareError

EXPANDER = "raspberrypi-exp-gpio"


class Chip:
    """As much of gpiod.Chip as finding it needs."""

    def __init__(self, path, label):
        self.path = path
        self.label = label
        self.is_open = True

    def get_info(self):
        if isinstance(self.label, OSError):
            raise self.label
        return SimpleNamespace(label=self.label)

    def close(self):
        self.is_open = False


@pytest.fixture
def machine(tmp_path):
    """Chips by name: a label, or the error that opening it raises; `opened` is what was opened."""
    (tmp_path / "dev").mkdir()
    opened = []

    def find(**chips):
        for name in chips:
            (tmp_path / "dev" / name).touch()

        def open_chip(path):
            what = chips[path.rsplit("/", 1)[1]]
            if isinstance(what, OSError):
                raise what
            opened.append(Chip(path, what() if callable(what) else what))
            return opened[-1]

        return open_header_chip(tmp_path, open_chip)

    find.opened = opened
    return find


@pytest.mark.parametrize("label", ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"])
def test_the_headers_chip_is_found_by_its_label_whatever_its_number(machine, label):
    chip = machine(gpiochip0="gpio-brcmstb@107d508500", gpiochip4=label, gpiochip10="gpio-brcmstb@107d517c00")
    assert chip.path.endswith("/gpiochip4")
    assert [chip.is_open for chip in machine.opened] == [False, True]


def test_chips_are_tried_in_the_order_of_their_numbers(machine):
    assert machine(gpiochip10="pinctrl-rp1", gpiochip2="pinctrl-rp1").path.endswith("/gpiochip2")


def test_no_chip_at_all_is_an_error(machine):
    with pytest.raises(NoChipError, match=r"there is no GPIO chip, no /dev/gpiochip\*: this is no Raspberry Pi"):
        machine()


def test_chips_that_are_no_header_are_named_and_closed(machine):
    with pytest.raises(NoChipError) as caught:
        machine(gpiochip0=EXPANDER, gpiochip1=OSError(22, "Invalid argument"))
    assert str(caught.value) == (
        "none of the GPIO chips is a Raspberry Pi's header: gpiochip0 (raspberrypi-exp-gpio), gpiochip1 (Invalid "
        "argument); it would be called pinctrl-bcm2835, pinctrl-bcm2711 or pinctrl-rp1"
    )
    assert not machine.opened[0].is_open


def test_a_chip_that_goes_away_while_it_is_looked_at_is_closed(machine):
    with pytest.raises(NoChipError, match=r"gpiochip0 \(No such device\)"):
        machine(gpiochip0=lambda: OSError(19, "No such device"))
    assert not machine.opened[0].is_open


def test_a_user_without_permission_learns_how_to_get_it(machine):
    with pytest.raises(ChipPermissionError) as caught:
        machine(gpiochip0=PermissionError(13, "Permission denied"), gpiochip1=EXPANDER)
    assert str(caught.value) == (
        "this user may not open /dev/gpiochip0; add it to the group gpio and log in again: sudo usermod -aG gpio NAME"
    )


def test_a_forbidden_chip_beside_the_header_does_no_harm(machine):
    chip = machine(gpiochip0=PermissionError(13, "Permission denied"), gpiochip1="pinctrl-bcm2711")
    assert chip.path.endswith("/gpiochip1")


def test_the_errors_are_of_this_layer_and_of_a_kind_that_python_knows():
    assert issubclass(NoChipError, HardwareError)
    assert issubclass(NoChipError, FileNotFoundError)
    assert issubclass(ChipPermissionError, PermissionError)
    assert issubclass(BoardUnknownError, HardwareError)
    assert issubclass(BoardUnknownError, PinUnknownPi)


@pytest.fixture
def sysfs(tmp_path):
    path = tmp_path / chip_find.SYS_REVISION
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize(("code", "revision"), [(0xC03114, 0xC03114), (0xE, 0xE), (0x1000010, 0x10)])
def test_the_revision_is_read_where_a_hardened_unit_still_sees_it(tmp_path, sysfs, code, revision):
    sysfs.write_bytes(struct.pack(">L", code))
    assert board_revision(tmp_path) == revision


def test_else_it_is_found_the_way_gpiozero_finds_it(tmp_path, mocker):
    mocker.patch.object(chip_find, "get_pi_revision", return_value=0xA02082)
    assert board_revision(tmp_path) == 0xA02082


@pytest.mark.parametrize("error", [FileNotFoundError(2, "no /proc/cpuinfo"), PinUnknownPi("unable to locate")])
def test_a_board_with_an_unreadable_revision_is_an_error(tmp_path, sysfs, mocker, error):
    sysfs.write_bytes(b"?")
    mocker.patch.object(chip_find, "get_pi_revision", side_effect=error)
    with pytest.raises(
        BoardUnknownError, match="the revision of this Raspberry Pi cannot be read; pass its revision code"
    ):
        board_revision(tmp_path)


def test_a_pull_of_the_board_is_read_as_in_this_gpiozero():
    class OldPin:
        factory = SimpleNamespace(pi_info=SimpleNamespace(pulled_up=lambda name: name == "GPIO2"))

        def __init__(self, number):
            self.number = number

        def __repr__(self):
            return f"GPIO{self.number}"

    assert board_pull(SimpleNamespace(info=SimpleNamespace(pull="up"))) == "up"
    assert [board_pull(OldPin(number)) for number in (2, 17)] == ["up", ""]


def test_pins_are_pulled_at_reset_as_the_data_sheets_say():
    assert {reset_pull(number) for number in range(9)} == {"up"}
    assert {reset_pull(number) for number in range(9, 28)} == {"down"}
    assert reset_pull(28) == "unknown"
