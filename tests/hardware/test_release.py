"""Opening both contacts without the daemon, on a fake chip; tests/kernel/ uses a real one."""

import contextlib
import errno
import os
import subprocess
import sys

import pytest
from gpiod.line import Direction, Value

from config.schema import Settings
from hardware import chip_find, release
from hardware.release import pin_record, release_lines

HEADER = "pinctrl-bcm2711"
LIGHT = (
    "config.errors",
    "controller.cli",
    "controller.cli.commands",
    "controller.errors",
    "controller.gc_pause",
    "controller.cli.options",
    "controller.cli.values",
    "controller.printing",
    "hardware.errors",
    "hardware.release",
)


class FakeInfo:
    def __init__(self, label="", consumer=""):
        self.label, self.consumer = label, consumer


class FakeRequest:
    def __init__(self, chip):
        self.chip = chip

    def release(self):
        self.chip.held -= 1


class FakeChip:
    """A chip that records how each pin was driven; another program holds the `busy` pins."""

    def __init__(self, label=HEADER, busy=(), fails=None):
        self.label, self.busy, self.fails = label, busy, fails
        self.driven = {}
        self.held = 0
        self.is_open = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def get_info(self):
        return FakeInfo(label=self.label)

    def get_line_info(self, pin):
        return FakeInfo(consumer=self.busy[pin])

    def request_lines(self, config, consumer):
        assert consumer == "backbutton-release"
        [(pin, settings)] = config.items()
        if pin in self.busy:
            raise OSError(errno.EBUSY, "Device or resource busy")
        if self.fails is not None:
            raise self.fails
        assert settings.direction is Direction.OUTPUT
        self.driven[pin] = settings.output_value
        self.held += 1
        return FakeRequest(self)

    def close(self):
        self.is_open = False


class Place:
    """A machine with chips, settings files and a record."""

    def __init__(self, folder):
        self.folder = folder
        self.record = folder / "lines"
        self.machine, self.saved = folder / "config.toml", folder / "settings.toml"
        self.chips = {}
        (folder / "dev").mkdir()

    def add(self, name, chip):
        path = self.folder / "dev" / name
        path.touch()
        self.chips[str(path)] = chip
        return chip

    def open(self, path):
        chip = self.chips[path]
        if isinstance(chip, OSError):
            raise chip
        return chip

    def release(self):
        return release_lines(self.record, (self.machine, self.saved), open_chip=self.open, root=self.folder)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture
def chip(place):
    return place.add("gpiochip0", FakeChip())


def low(*pins):
    return dict.fromkeys(pins, Value.INACTIVE)


def test_both_pins_are_driven_low_and_given_back(place, chip):
    assert not place.release()
    assert chip.driven == low(17, 27)
    assert chip.held == 0
    assert not chip.is_open


def test_the_built_in_pins_are_those_of_the_settings():
    pins = Settings().pins
    assert (pins.focus, pins.shutter) == release.DEFAULT_PINS


def test_the_chips_are_those_of_the_pin_factory():
    assert release.HEADER_LABELS == chip_find.HEADER_LABELS


def test_the_saved_settings_stand_above_the_machines(place, chip):
    place.machine.write_text("[pins]\nfocus = 20\nshutter = 21\n")
    place.saved.write_text("[pins]\nshutter = 26\n")
    assert not place.release()
    assert chip.driven == low(20, 26)


def test_the_record_of_the_daemon_overrides_the_settings(place, chip):
    place.saved.write_text("[pins]\nfocus = 20\nshutter = 21\n")
    with pytest.raises(KeyError), pin_record((22, 23), place.record):
        raise KeyError  # a daemon that did not end well
    assert not place.release()
    assert chip.driven == low(22, 23)


def test_a_daemon_that_ended_well_leaves_no_record(place):
    with pin_record((22, 23), place.record):
        assert place.record.read_text() == "22 23\n"
    assert list(place.folder.glob("lines*")) == []


@pytest.mark.parametrize("record", ["", "17", "17 x", "17 99", "\xe9"])
def test_a_record_that_cannot_be_read_is_none(place, chip, record):
    place.record.write_text(record, encoding="latin-1")
    assert not place.release()
    assert chip.driven == low(17, 27)


@pytest.mark.parametrize("settings", ["[pins\n", "[pins]\nfocus = 40\n", "[pins]\nfocus = true\n", "\xe9"])
def test_with_unreadable_settings_the_built_in_pins_are_driven_with_a_warning(place, chip, settings):
    place.machine.write_text(settings, encoding="latin-1")
    sentence = place.release()
    assert str(place.machine) in sentence
    assert "17 and 27 were driven low" in sentence
    assert chip.driven == low(17, 27)


def test_with_damaged_saved_settings_the_machines_own_pins_are_driven_with_a_warning(place, chip):
    place.machine.write_text("[pins]\nfocus = 20\nshutter = 21\n")
    place.saved.write_text("[pins\n")
    assert place.release() == f"{place.saved} is not a TOML file; the pins 20 and 21 were driven low instead"
    assert chip.driven == low(20, 21)


def test_a_pipe_in_place_of_settings_hangs_nothing(place, chip):
    os.mkfifo(place.machine)
    assert not place.release()
    assert chip.driven == low(17, 27)


def test_a_machine_without_chips_has_nothing_to_release(place):
    assert not place.release()


def test_a_chip_that_is_no_header_is_left_alone(place):
    other = place.add("gpiochip0", FakeChip("raspberrypi-exp-gpio"))
    assert not place.release()
    assert other.driven == {}
    assert not other.is_open


def test_the_header_is_found_by_its_label(place):
    other = place.add("gpiochip0", FakeChip("raspberrypi-exp-gpio"))
    header = place.add("gpiochip4", FakeChip("pinctrl-rp1"))
    assert not place.release()
    assert (other.driven, header.driven) == ({}, low(17, 27))


def test_a_pin_held_by_a_program_is_reported_and_the_other_is_still_driven(place):
    chip = place.add("gpiochip0", FakeChip(busy={17: "backbutton"}))
    assert place.release() == ("GPIO17 is held by backbutton; stop it first: sudo systemctl stop backbutton")
    assert chip.driven == low(27)


def test_a_pin_that_fails_is_reported(place):
    place.add("gpiochip0", FakeChip(fails=OSError(errno.ENODEV, "No such device")))
    assert place.release() == "GPIO17 cannot be driven: No such device; GPIO27 cannot be driven: No such device"


def test_a_chip_without_permission_is_reported(place):
    place.add("gpiochip0", PermissionError(errno.EACCES, "Permission denied"))
    assert "Permission denied; sudo backbutton release-lines" in place.release()


def test_without_the_package_gpiod_a_sentence_says_what_to_install(place, monkeypatch):
    (place.folder / "dev" / "gpiochip0").touch()
    monkeypatch.setitem(sys.modules, "gpiod", None)
    sentence = release_lines(place.record, (), root=place.folder)
    assert "python3-libgpiod" in sentence


def test_it_imports_almost_nothing(tmp_path):
    with contextlib.suppress(KeyError), pin_record((17, 27), tmp_path / "lines"):
        raise KeyError  # a daemon that did not end well
    command = ["release-lines", "--socket", str(tmp_path / "control.sock")]
    program = f"import sys; from controller.cli import main; main({command}); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(result.stdout.split())
    assert "hardware.release" in loaded
    ours = {name for name in loaded if name.split(".")[0] in ("config", "controller", "hardware")}
    assert ours <= {*LIGHT, "config", "controller", "hardware"}
    assert not loaded & {"gpiozero", "asyncio", "logging", "tomllib", "tempfile"}


def test_it_is_a_command():
    command = [sys.executable, "-m", "controller.cli", "release-lines", "--help"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "sudo backbutton release-lines" in result.stdout
    assert result.returncode == 0
