import gc
import os
import select
import threading
import weakref
from collections import deque
from datetime import timedelta
from types import SimpleNamespace

import gpiod
import pytest
from gpiod.line import Bias, Clock, Direction, Edge, Value
from gpiozero import (
    LED,
    Button,
    Buzzer,
    DigitalInputDevice,
    DigitalOutputDevice,
    GPIOPinInUse,
    InputDevice,
    PinEdgeDetectUnsupported,
    PinFixedPull,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPull,
    PinSetInput,
)

from hardware.buttons import PushButton
from hardware.chip import ChipFactory, log_error
from hardware.chip_find import BoardUnknownError, ChipLostError, EdgesMissedError, LineBusyError
from hardware.clock import VirtualClock
from hardware.errors import HardwareError

PI_4 = 0xC03114
ENODEV, EBUSY, EINVAL = 19, 16, 22


class Line:
    """A line of the fake kernel: its level from outside, its holder, and every level it has had."""

    def __init__(self, number):
        self.number = number
        self.outside = None
        self.driven = None
        self.bias = Bias.DISABLED
        self.consumer = ""
        self.error = None
        self.request = None
        self.levels = [self.level]

    @property
    def direction(self):
        return Direction.INPUT if self.driven is None else Direction.OUTPUT

    @property
    def level(self):
        if self.driven is not None:
            return self.driven
        return (self.bias is Bias.PULL_UP) if self.outside is None else self.outside

    def record_level(self):
        if self.level != self.levels[-1]:
            self.levels.append(self.level)

    def move(self, level, at_ns):
        """Drive the line from outside; a request that wants the edge gets it."""
        before, self.outside = self.level, level
        self.record_level()
        if self.request is not None and before != self.level:
            self.request.edge(self.level, at_ns)


class Request:
    """A request of one line, like gpiod.LineRequest; its descriptor is readable while there are events."""

    def __init__(self, line, settings, size):
        self.line = line
        self.size = size
        self.events = deque()
        self.seqno = 0
        self.lock = threading.Lock()
        self.fd = os.eventfd(0)
        self.settings = []
        self._apply(settings)
        line.request = self

    def _apply(self, settings):
        self.settings.append(settings)
        if settings.direction is Direction.OUTPUT:
            assert settings.edge_detection is Edge.NONE
            self.line.driven = settings.output_value is Value.ACTIVE
        elif settings.direction is Direction.INPUT:
            self.line.driven = None
        if settings.bias is not Bias.AS_IS:
            self.line.bias = settings.bias
        self.line.record_level()

    def _check(self):
        assert self.line.request is self, "released"
        if self.line.error:
            raise OSError(self.line.error, os.strerror(self.line.error))

    def reconfigure_lines(self, config):
        self._check()
        self._apply(config[self.line.number])

    def get_value(self, number):
        self._check()
        return Value.ACTIVE if self.line.level else Value.INACTIVE

    def set_values(self, values):
        self._check()
        assert self.line.driven is not None
        self.line.driven = values[self.line.number] is Value.ACTIVE
        self.line.record_level()

    def edge(self, level, at_ns):
        wanted = (Edge.BOTH, Edge.RISING if level else Edge.FALLING)
        if self.settings[-1].edge_detection not in wanted:
            return
        kinds = gpiod.EdgeEvent.Type
        kind = kinds.RISING_EDGE if level else kinds.FALLING_EDGE
        with self.lock:
            self.seqno += 1
            if not self.events:
                os.eventfd_write(self.fd, 1)
            self.events.append(gpiod.EdgeEvent(kind.value, at_ns, self.line.number, self.seqno, self.seqno))
            if len(self.events) > self.size:
                self.events.popleft()

    def lose(self):
        """Behave as if the chip has disappeared: the descriptor is readable, but every read fails."""
        self.line.error = ENODEV
        os.eventfd_write(self.fd, 1)

    def read_edge_events(self, at_most):
        self._check()
        with self.lock:
            if not self.events:
                assert not os.get_blocking(self.fd), "it would block for ever"
                raise BlockingIOError(11, "Resource temporarily unavailable")
            events = [self.events.popleft() for _ in range(min(at_most, len(self.events)))]
            if not self.events:
                os.eventfd_read(self.fd)
        return events

    def release(self):
        assert self.line.request is self
        self.line.request = None
        os.close(self.fd)  # the line keeps its level, as on a Pi


class Kernel:
    """One header chip with its lines; `kernel[17]` is a line."""

    def __init__(self):
        self.lines = {}
        self.requests = []
        self.open = 0

    def __getitem__(self, number):
        return self.lines.setdefault(number, Line(number))

    def open_chip(self, path):
        self.open += 1
        return self

    def get_info(self):
        return SimpleNamespace(label="pinctrl-bcm2711")

    def get_line_info(self, number):
        return self[number]

    def request_lines(self, *, config, consumer, event_buffer_size):
        assert self.open
        ((number, settings),) = config.items()
        line = self[number]
        if line.request or line.consumer:
            raise OSError(EBUSY, "Device or resource busy")
        if line.error:
            raise OSError(line.error, os.strerror(line.error))
        self.requests.append((number, settings, consumer, event_buffer_size))
        return Request(line, settings, event_buffer_size)

    def close(self):
        self.open -= 1


@pytest.fixture
def kernel():
    return Kernel()


@pytest.fixture
def clock():
    return VirtualClock(1_000)


@pytest.fixture
def errors():
    return []


@pytest.fixture
def make(kernel, clock, errors, tmp_path):
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "gpiochip0").touch()
    made = []

    def make(revision=PI_4):
        arguments = {"open_chip": kernel.open_chip, "root": tmp_path, "clock": clock}
        made.append(ChipFactory(revision, on_error=errors.append, **arguments))
        return made[-1]

    yield make
    for factory in made:
        factory.close()
    assert kernel.open == 0
    assert [number for number, line in kernel.lines.items() if line.request] == []
    assert [thread for thread in threading.enumerate() if thread.name == "backbutton-edges"] == []


@pytest.fixture
def factory(make):
    factory = make()
    factory.use_event_loop()
    return factory


@pytest.fixture
def edges():
    return []


@pytest.fixture
def button(factory, edges):
    with PushButton(5, lambda pressed, ticks: edges.append((pressed, ticks)), factory) as button:
        yield button


class Handler:
    """An object with a handler that the test keeps alive, as `when_changed` requires."""

    def __init__(self, does=None):
        self.reported = []
        self.does = does

    def changed(self, ticks, state):
        self.reported.append((ticks, state))
        if self.does is not None:
            self.does()


# -- outputs


@pytest.mark.parametrize(
    ("make_device", "level"),
    [
        (lambda factory: DigitalOutputDevice(17, initial_value=False, pin_factory=factory), False),
        (lambda factory: DigitalOutputDevice(17, initial_value=True, pin_factory=factory), True),
        (lambda factory: LED(17, active_high=False, pin_factory=factory), True),
        (lambda factory: LED(17, active_high=False, initial_value=True, pin_factory=factory), False),
        (lambda factory: Buzzer(17, pin_factory=factory), False),
    ],
)
@pytest.mark.parametrize("left", [False, True])
def test_an_output_has_its_level_from_its_first_moment(factory, kernel, make_device, level, left):
    line = kernel[17]
    line.driven = left  # by a process that was killed
    line.record_level()
    before = len(line.levels)
    with make_device(factory):
        assert line.level is level
        assert line.levels[before:] == ([] if level == line.levels[before - 1] else [level])
        assert [settings.direction for _, settings, _, _ in kernel.requests] == [Direction.OUTPUT]


def test_a_device_that_asks_for_no_level_gets_what_was_left(factory, kernel):
    kernel[17].driven = True
    kernel[17].levels = [True]
    with DigitalOutputDevice(17, initial_value=None, pin_factory=factory) as device:
        assert device.value == 1
        assert kernel[17].levels == [True]
        device.off()


def test_gpiozeros_outputs_switch_it(factory, kernel):
    with LED(17, pin_factory=factory) as led, Buzzer(22, active_high=False, pin_factory=factory) as buzzer:
        led.on()
        assert (led.is_lit, kernel[17].level) == (True, True)
        led.toggle()
        assert (led.value, kernel[17].level) == (0, False)
        buzzer.on()
        assert (buzzer.is_active, kernel[22].level) == (True, False)
        buzzer.value = 0
        assert kernel[22].level


@pytest.mark.parametrize(("number", "pull"), [(17, Bias.PULL_DOWN), (5, Bias.PULL_UP)])
def test_a_closed_output_is_an_input_as_after_a_reset_and_free(factory, kernel, number, pull):
    device = DigitalOutputDevice(number, initial_value=True, pin_factory=factory)
    device.close()
    device.close()
    assert (kernel[number].direction, kernel[number].bias) == (Direction.INPUT, pull)
    assert kernel[number].request is None


def test_a_pin_can_be_used_again_and_has_no_old_settings(factory, kernel):
    with DigitalInputDevice(17, pull_up=True, bounce_time=0.1, pin_factory=factory):
        pass
    pin = factory.pin(17)
    assert (pin.pull, pin.bounce, pin.edges) == ("unknown", None, "both")
    with LED(17, pin_factory=factory) as led:
        led.on()
        assert kernel[17].level


def test_the_function_can_change_both_ways_and_the_level_stays(factory, kernel):
    pin = factory.pin(17)
    pin.output_with_state(1)
    assert pin.function == "output"
    pin.function = "input"
    pin.pull = "up"
    assert (pin.function, pin.pull, kernel[17].direction) == ("input", "up", Direction.INPUT)
    before = list(kernel[17].levels)
    pin.function = "output"
    assert (pin.function, pin.state, kernel[17].levels) == ("output", True, before)
    pin.output_with_state(0)
    assert kernel[17].level is False
    assert len(kernel.requests) == 1
    pin.close()


def test_a_level_cannot_be_written_to_an_input_or_a_closed_pin(factory):
    pin = factory.pin(17)
    pin.input_with_pull("down")
    for _ in ("input", "closed"):
        with pytest.raises(PinSetInput, match="cannot set state of pin GPIO17"):
            pin._set_state(1)
        pin.close()


def test_an_output_has_no_pull_and_no_edges(factory):
    handler = Handler()
    with LED(17, pin_factory=factory) as led:
        with pytest.raises(PinFixedPull, match="cannot set pull on non-input pin GPIO17"):
            led.pin.pull = "up"
        with pytest.raises(PinEdgeDetectUnsupported, match="GPIO17 is an output"):
            led.pin.when_changed = handler.changed
        assert led.pin.when_changed is None


# -- inputs


def test_an_input_is_requested_once_and_with_its_pull(factory, kernel):
    with InputDevice(5, pull_up=True, pin_factory=factory) as device:
        ((number, settings, consumer, size),) = kernel.requests
        assert (number, consumer) == (5, "backbutton")
        assert (settings.direction, settings.bias) == (Direction.INPUT, Bias.PULL_UP)
        assert size > 64
        assert (device.pull_up, device.value) == (True, 0)
        kernel[5].outside = False
        assert device.value == 1


@pytest.mark.parametrize(
    ("pull_up", "state", "bias"),
    [(None, True, Bias.DISABLED), (True, None, Bias.PULL_UP), (False, None, Bias.PULL_DOWN)],
)
def test_every_pull_reaches_the_kernel_before_a_level_is_read(factory, kernel, pull_up, state, bias):
    with DigitalInputDevice(6, pull_up=pull_up, active_state=state, pin_factory=factory):
        assert {settings.bias for settings in kernel[6].request.settings} == {bias}


def test_a_line_without_a_function_is_read_as_it_is(factory, kernel):
    kernel[17].driven = True
    kernel[6].bias = Bias.PULL_UP
    assert [factory.pin(number).function for number in (17, 6)] == ["output", "input"]
    assert kernel.requests == []
    assert [factory.pin(number).state for number in (17, 6)] == [True, True]
    assert (kernel[17].driven, kernel[6].bias) == (True, Bias.PULL_UP)


def test_a_pull_that_the_board_fixes_stays(factory, kernel):
    with Button(2, pin_factory=factory) as button:
        assert button.pin.pull == "up"
    with pytest.raises(PinFixedPull, match="GPIO2 has a physical pull-up resistor"):
        DigitalInputDevice(2, pull_up=False, pin_factory=factory)
    assert kernel[2].request is None


def test_what_gpiozero_does_not_know_is_refused(factory):
    pin = factory.pin(5)
    pin.input_with_pull("up")
    for name, value, error in (
        ("function", "alt0", PinInvalidFunction),
        ("pull", "sideways", PinInvalidPull),
        ("edges", "some", PinInvalidEdges),
        ("bounce", -1, PinInvalidBounce),
    ):
        with pytest.raises(error):
            setattr(pin, name, value)
    assert (pin.function, pin.pull, pin.edges, pin.bounce) == ("input", "up", "both", None)


def test_debouncing_is_the_kernels(factory, kernel):
    with DigitalInputDevice(5, pull_up=True, bounce_time=0.05, pin_factory=factory) as device:
        settings = kernel[5].request.settings
        assert settings[-1].debounce_period == timedelta(milliseconds=50)
        assert settings[-1].event_clock is Clock.MONOTONIC
        device.pin.bounce = None
        assert settings[-1].debounce_period == timedelta()


# -- edges


@pytest.mark.usefixtures("button")
def test_a_button_gets_the_kernels_time_as_an_integer(factory, kernel, edges):
    kernel[5].move(False, 5_000)
    kernel[5].move(None, 9_000)
    assert edges == []
    factory.dispatch()
    assert edges == [(True, 5_000), (False, 9_000)]
    assert {type(ticks) for _, ticks in edges} == {int}


def test_ticks_are_nanoseconds_and_their_difference_seconds(factory, clock):
    clock.jump_to(2_000_000_000)
    assert factory.ticks() == 2_000_000_000
    assert factory.ticks_diff(factory.ticks(), 500_000_000) == 1.5


def test_the_descriptor_is_readable_while_there_are_edges_and_dispatch_never_waits(factory, kernel, button):
    kernel[5].move(False, 1)
    with select.epoll() as watcher:
        watcher.register(factory.fileno())
        assert watcher.poll(0)
        factory.dispatch()
        assert not watcher.poll(0)
    factory.dispatch()


def test_a_button_held_at_the_start_reads_pressed_and_reports_nothing_until_released(factory, kernel, edges):
    kernel[5].outside = False
    with PushButton(5, lambda pressed, ticks: edges.append((pressed, ticks)), factory) as button:
        factory.dispatch()
        assert button.is_active
        assert edges == []
        kernel[5].move(True, 7_000)
        factory.dispatch()
        assert edges == [(False, 7_000)]


def test_gpiozeros_devices_get_edges(factory, kernel, clock):
    reported = []
    with DigitalInputDevice(5, pull_up=True, pin_factory=factory) as device:
        device.when_activated = lambda: reported.append("on")
        device.when_deactivated = lambda: reported.append("off")
        kernel[5].move(False, 1_000_000_000)
        factory.dispatch()
        clock.jump_to(1_500_000_000)
        assert (device.value, device.active_time, reported) == (1, 0.5, ["on"])
        assert device.wait_for_active(0)
        kernel[5].move(True, 2_000_000_000)
        factory.dispatch()
        assert reported == ["on", "off"]


@pytest.mark.parametrize(
    ("wanted", "reported"),
    [("both", [False, True, False]), ("rising", [True]), ("falling", [False, False]), ("none", [])],
)
def test_only_the_selected_edges_are_reported(factory, kernel, wanted, reported):
    handler = Handler()
    pin = factory.pin(5)
    pin.input_with_pull("up")
    pin.when_changed = handler.changed
    pin.edges = wanted
    for at_ns, level in enumerate((False, True, False)):
        kernel[5].move(level, at_ns)
        factory.dispatch()
    assert [state for _, state in handler.reported] == reported


@pytest.mark.usefixtures("button")
def test_a_burst_is_reported_in_batches_and_completely(factory, kernel, edges, errors):
    for at_ns in range(200):
        kernel[5].move(bool(at_ns % 2), at_ns)
    factory.dispatch()
    assert len(edges) == 64
    for _ in range(3):
        factory.dispatch()
    assert edges == [(at_ns % 2 == 0, at_ns) for at_ns in range(200)]
    assert errors == []


@pytest.mark.usefixtures("button")
@pytest.mark.parametrize("count", [600, 601])
def test_dropped_edges_are_reported_and_the_level_is_right(factory, kernel, edges, errors, count):
    for at_ns in range(count):
        kernel[5].move(bool(at_ns % 2), at_ns)
    factory.dispatch()
    assert [ticks for _, ticks in edges] == list(range(count - 256, count))
    assert edges[-1][0] is (count % 2 == 1)
    (error,) = errors
    assert isinstance(error, EdgesMissedError)
    word = "low" if count % 2 else "high"
    assert str(error) == f"GPIO5 changed {count - 256} times more than could be read; it is {word} now"
    factory.dispatch()
    assert len(errors) == 1


@pytest.mark.usefixtures("button")
def test_after_a_gap_a_new_level_is_reported_once(factory, kernel, edges, errors, clock):
    kernel[5].move(False, 2_000)
    kernel[5].request.seqno = 9
    kernel[5].move(True, 3_000)
    kernel[5].outside = False  # the read of the level is ahead of the kernel's event
    clock.jump_to(5_000)
    factory.dispatch()
    assert edges == [(True, 2_000), (False, 3_000), (True, 5_000)]
    assert "GPIO5 changed 8 times more" in str(errors[0])
    kernel[5].request.edge(False, 4_900)
    kernel[5].request.edge(True, 6_000)
    factory.dispatch()
    assert edges[3:] == [(False, 6_000)]


def test_a_storm_of_edges_does_not_hold_the_loop(factory, kernel, button, mocker):
    kernel[5].request.seqno = 1
    read = mocker.patch.object(kernel[5].request, "read_edge_events")
    event = gpiod.EdgeEvent(gpiod.EdgeEvent.Type.RISING_EDGE.value, 5, 5, 9, 9)
    read.return_value = [event] * 64
    kernel[5].move(False, 1)
    factory.dispatch()
    assert read.call_count < 10


def test_an_exception_in_a_handler_loses_no_other_edge(factory, kernel, errors):
    reported = []

    def fail():
        reported.append(1)
        raise ZeroDivisionError

    handler = Handler(fail)
    pin = factory.pin(6)
    pin.input_with_pull("up")
    pin.when_changed = handler.changed
    for at_ns in range(3):
        kernel[6].move(bool(at_ns % 2), at_ns)
    factory.dispatch()
    assert len(handler.reported) == 3
    assert [type(error) for error in errors] == [ZeroDivisionError] * 3


def test_a_device_may_be_closed_by_its_own_handler(factory, kernel, errors):
    reported = []
    device = DigitalInputDevice(5, pull_up=True, pin_factory=factory)
    device.when_activated = lambda: (reported.append(1), device.close())
    for at_ns in range(4):
        kernel[5].move(bool(at_ns % 2), at_ns)
    factory.dispatch()
    assert (reported, errors) == ([1], [])
    assert device.closed


def test_a_device_may_be_closed_by_the_handler_of_another(factory, kernel, edges, errors):
    buttons = {}

    def close_both(_pressed, ticks):
        edges.append(ticks)
        for button in buttons.values():
            button.close()

    for number in (5, 6):
        buttons[number] = PushButton(number, close_both, factory)
    for number in (5, 6):
        kernel[number].move(False, number)
    factory.dispatch()
    assert len(edges) == 1
    assert errors == []


def test_a_handler_that_was_collected_is_reported_once(factory, kernel, errors):
    pin = factory.pin(5)
    pin.input_with_pull("up")
    pin.when_changed = lambda _ticks, _state: None
    gc.collect()
    for at_ns in range(3):
        kernel[5].move(bool(at_ns % 2), at_ns)
        factory.dispatch()
    assert [str(error) for error in errors] == [
        "GPIO5 has lost its handler: when_changed does not keep it alive, so you must"
    ]
    assert pin.when_changed is None


def test_a_new_handler_gets_no_earlier_edges(factory, kernel, errors):
    first, second = Handler(), Handler()
    pin = factory.pin(5)
    pin.input_with_pull("up")
    pin.when_changed = first.changed
    for at_ns in range(300):
        kernel[5].move(bool(at_ns % 2), at_ns)
    pin.when_changed = None
    kernel[5].move(False, 400)
    pin.when_changed = second.changed
    kernel[5].move(True, 500)
    factory.dispatch()
    assert (first.reported, second.reported, errors) == ([], [(500, True)], [])


# -- threads


def test_where_a_loop_watches_there_is_no_thread(factory, button):
    assert "backbutton-edges" not in [thread.name for thread in threading.enumerate()]


def test_without_an_event_loop_a_thread_reports_edges(make, kernel):
    pressed = threading.Event()
    with DigitalInputDevice(5, pull_up=True, pin_factory=make()) as device:
        device.when_activated = pressed.set
        kernel[5].move(False, 1)
        assert pressed.wait(5)


def test_a_loop_that_comes_later_ends_the_thread(make, kernel, edges):
    factory = make()
    with PushButton(5, lambda pressed, ticks: edges.append((pressed, ticks)), factory):
        assert "backbutton-edges" in [thread.name for thread in threading.enumerate()]
        factory.use_event_loop()
        assert "backbutton-edges" not in [thread.name for thread in threading.enumerate()]
        kernel[5].move(False, 1)
        assert edges == []
        factory.dispatch()
        assert edges == [(True, 1)]


def test_a_handler_in_the_thread_may_close_the_factory(make, kernel):
    factory = make()
    button = PushButton(5, lambda *_: factory.close(), factory)
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "backbutton-edges"]
    kernel[5].move(False, 1)
    thread.join(5)
    assert not thread.is_alive()
    button.close()


# -- errors


@pytest.mark.parametrize("device", [DigitalOutputDevice, DigitalInputDevice, LED, Button])
def test_a_busy_line_is_refused_with_the_name_of_its_holder(factory, kernel, device):
    kernel[17].consumer = "spi0 CS0"
    with pytest.raises(LineBusyError) as caught:
        device(17, pin_factory=factory)
    assert str(caught.value) == 'GPIO17 is in use by "spi0 CS0"; stop that program, or choose another pin'


def test_who_has_a_line_without_a_name_is_another_program(factory, kernel):
    Request(kernel[17], gpiod.LineSettings(), 16)
    with pytest.raises(LineBusyError, match="GPIO17 is in use by another program"):
        LED(17, pin_factory=factory)
    kernel[17].request.release()


@pytest.mark.parametrize("device", [DigitalOutputDevice, DigitalInputDevice])
def test_a_line_that_was_busy_can_be_had_while_its_error_still_lives(factory, kernel, device):
    kernel[17].consumer = "gpioset"
    try:
        device(17, pin_factory=factory)
    except LineBusyError as error:
        kept = error
    kernel[17].consumer = ""
    second = device(17, pin_factory=factory)
    with pytest.raises(GPIOPinInUse):
        device(17, pin_factory=factory)
    del kept  # the first device dies now, and closes its pin
    gc.collect()
    assert kernel[17].request is not None
    assert second.value == 0
    second.close()


def test_other_errors_of_the_kernel_are_passed_on(factory, kernel):
    kernel[17].error = EINVAL
    with pytest.raises(HardwareError, match="GPIO17 cannot be used; the kernel says: Invalid argument"):
        LED(17, pin_factory=factory)


def test_a_lost_chip_is_reported_once_by_dispatch(factory, kernel, button, errors, edges):
    kernel[5].request.lose()
    for _ in range(3):
        factory.dispatch()
    (error,) = errors
    assert isinstance(error, ChipLostError)
    assert str(error) == "GPIO5 is gone: the kernel has lost its GPIO chip; switch the Pi off and on"
    assert edges == []


def test_a_lost_chip_raises_an_error_in_every_read_write_or_change(factory, kernel, errors):
    pin = factory.pin(17)
    pin.output_with_state(0)
    kernel[17].error = ENODEV
    for use in (lambda: pin.state, lambda: pin._set_state(1), lambda: pin._set_function("input")):
        with pytest.raises(ChipLostError):
            use()
    pin._function = "output"
    pin.close()
    assert [type(error) for error in errors] == [ChipLostError]
    assert kernel[17].request is None


def test_a_chip_lost_while_a_level_is_reread_is_reported(factory, kernel, button, errors, mocker):
    kernel[5].request.seqno = 5
    kernel[5].move(False, 1)
    mocker.patch.object(kernel[5].request, "get_value", side_effect=OSError(ENODEV, "No such device"))
    factory.dispatch()
    assert [type(error) for error in errors] == [ChipLostError]


def test_a_line_without_edge_detection_is_not_left_half_configured(factory, kernel):
    handler = Handler()
    pin = factory.pin(5)
    pin.input_with_pull("up")
    kernel[5].error = EINVAL
    with pytest.raises(HardwareError, match="GPIO5 cannot be used"):
        pin.when_changed = handler.changed
    kernel[5].error = None
    assert pin.when_changed is None
    pin.when_changed = handler.changed
    kernel[5].move(False, 1)
    factory.dispatch()
    assert handler.reported == [(1, False)]


def test_troubles_are_logged_unless_somebody_listens(caplog):
    log_error(EdgesMissedError("a sentence"))
    log_error(ZeroDivisionError("ours"))
    assert [(record.getMessage(), bool(record.exc_info)) for record in caplog.records] == [
        ("a sentence", False),
        ("ours", True),
    ]


# -- the factory


def test_factories_share_nothing(make, kernel):
    first, second = make(), make()
    with LED(17, pin_factory=first), pytest.raises(LineBusyError, match="in use by another program"):
        LED(17, pin_factory=second)
    with LED(17, pin_factory=second):
        assert first.pin(17) is not second.pin(17)


def test_closing_gives_everything_back_and_once_is_enough(make, kernel):
    factory = make()
    LED(17, initial_value=True, pin_factory=factory).pin.state  # noqa: B018 - held by nobody but the factory
    with factory:
        led = LED(22, initial_value=True, pin_factory=factory)
    factory.close()
    assert (kernel[22].direction, kernel[22].request, kernel.open) == (Direction.INPUT, None, 0)
    with pytest.raises(HardwareError, match="GPIO23 cannot be used: its pin factory is closed"):
        LED(23, pin_factory=factory)
    led.close()


def test_a_factory_that_is_dropped_can_be_collected(make):
    factory = make()
    with Button(5, pin_factory=factory):
        pass
    pin = weakref.ref(factory.pin(5))
    factory.close()
    gc.collect()
    assert pin() is None


@pytest.mark.parametrize(
    "revision", [0x0010, 0x900093, 0x9000C1, 0x902120, 0xA02082, 0xA020D3, 0xC03114, 0xC03130, 0xC04170, 0xD04171]
)
def test_every_board_from_the_first_to_the_fifth_has_its_pins(make, kernel, revision):
    factory = make(revision)
    factory.use_event_loop()
    with LED(17, pin_factory=factory) as led, Button(2, pin_factory=factory):
        led.on()
        assert kernel[17].level
    board = factory.board_info if hasattr(factory, "board_info") else factory.pi_info  # gpiozero 2 and 1.6
    assert board.revision == f"{revision:04x}"


def test_an_unknown_board_is_refused_at_the_first_pin(make, mocker):
    mocker.patch("hardware.chip_find.get_pi_revision", side_effect=FileNotFoundError)
    with pytest.raises(BoardUnknownError, match="pass its revision code"):
        make(None).pin(17)


def test_the_garbage_collector_may_close_a_device_while_a_pin_is_reserved(factory, reserve_during_collection):
    assert reserve_during_collection(factory)
