import threading

import pytest
from gpiozero import DigitalOutputDevice, GPIOPinInUse, PinPWMUnsupported
from gpiozero.pins.mock import MockFactory

from hardware.lamps import GpioLamps

PINS = {"green": 22, "red": 24, "none": None}


@pytest.fixture
def factory():
    factory = MockFactory()
    yield factory
    factory.close()


@pytest.fixture
def lamps(factory):
    lamps = GpioLamps(PINS, 16, factory)
    yield lamps
    lamps.close()


def levels(factory):
    return {number: factory.pin(number).state for number in (22, 24, 16)}


@pytest.mark.usefixtures("lamps")
def test_lamps_and_buzzer_are_off_from_the_moment_they_are_claimed(factory):
    assert levels(factory) == {22: 0, 24: 0, 16: 0}
    assert {factory.pin(number).function for number in (22, 24, 16)} == {"output"}
    assert factory.pin(23).function == "input"


def test_each_is_switched_by_its_name(factory, lamps):
    lamps.show("red", True)
    assert levels(factory) == {22: 0, 24: 1, 16: 0}
    lamps.show("red", False)
    lamps.show("buzzer", True)
    assert levels(factory) == {22: 0, 24: 0, 16: 1}


def test_a_lamp_that_does_not_exist_is_ignored(factory, lamps):
    lamps.show("none", True)
    GpioLamps({}, None, factory).show("buzzer", True)
    assert levels(factory) == {22: 0, 24: 0, 16: 0}


def test_closing_puts_them_out_before_the_pins_are_given_back(factory, lamps):
    lamps.show("green", True)
    lamps.show("buzzer", True)
    lamps.close()
    assert [state.state for state in factory.pin(22).states][-1] == 0
    assert [state.state for state in factory.pin(16).states][-1] == 0
    lamps.close()
    lamps.show("green", True)
    assert levels(factory)[22] == 0
    GpioLamps(PINS, 16, factory).close()  # the pins are free again


def test_one_that_fails_does_not_keep_another_lit(factory, lamps, mocker):
    lamps.show("green", True)
    lamps.show("red", True)
    mocker.patch.object(factory.pin(22), "_set_state", side_effect=OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        lamps.close()
    assert levels(factory)[24] == 0


def test_lamps_that_cannot_all_be_claimed_leave_none_claimed(factory):
    with DigitalOutputDevice(24, pin_factory=factory), pytest.raises(GPIOPinInUse):
        GpioLamps(PINS, 16, factory)
    GpioLamps(PINS, 16, factory).close()


def test_no_thread_is_started(factory):
    before = threading.enumerate()
    lamps = GpioLamps(PINS, 16, factory)
    for lit in (True, False, True):
        lamps.show("green", lit)
        lamps.show("buzzer", lit)
    assert threading.enumerate() == before
    lamps.close()


def test_a_factory_without_pwm_will_do(factory):
    with pytest.raises(PinPWMUnsupported):
        factory.pin(22).frequency = 100
    GpioLamps(PINS, None, factory).close()
