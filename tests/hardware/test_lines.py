import pytest
from gpiozero.pins.mock import MockFactory, MockPin

from hardware.errors import UnsafePinError
from hardware.lines import GpioLines, Latch
from hardware.timeline import Line

F, S = Line.FOCUS, Line.SHUTTER
PIN_OF = {F: 17, S: 27}


class DiaryPin(MockPin):
    """A mock pin that records each call in its factory's diary."""

    def _set_function(self, value):
        self.factory.diary.append((repr(self), value))
        super()._set_function(value)

    def _set_state(self, value):
        if (repr(self), value) in self.factory.broken:
            raise OSError("the pin is gone")
        self.factory.diary.append((repr(self), bool(value)))
        super()._set_state(value)


class DiaryFactory(MockFactory):
    def __init__(self):
        self.diary = []
        self.broken = set()
        super().__init__(pin_class=DiaryPin)

    def level(self, line):
        return self.pin(PIN_OF[line]).state


@pytest.fixture
def factory():
    factory = DiaryFactory()
    yield factory
    factory.broken.clear()
    factory.reset()


@pytest.fixture
def lines(factory):
    return GpioLines(PIN_OF[F], PIN_OF[S], factory)


def test_both_lines_are_open_from_the_moment_they_are_claimed(factory, lines):
    for line in Line:
        assert lines.is_closed(line) is False
        assert [state for _, state in factory.pin(PIN_OF[line]).states] == [False]
        assert factory.pin(PIN_OF[line]).function == "output"


def test_closed_is_high_and_open_is_low(factory, lines):
    lines.write(S, closed=True)
    assert (factory.level(S), factory.level(F)) == (True, False)
    assert lines.is_closed(S)
    lines.write(S, closed=False)
    assert (factory.level(S), factory.level(F)) == (False, False)


@pytest.mark.parametrize("line", Line)
def test_each_line_moves_its_own_pin_and_no_other(factory, lines, line):
    lines.write(line, closed=True)
    assert [each for each in Line if factory.level(each)] == [line]


def test_opening_all_opens_shutter_before_focus_and_may_be_done_again(factory, lines):
    lines.write(F, closed=True)
    lines.write(S, closed=True)
    factory.diary.clear()
    lines.open_all()
    assert factory.diary == [("GPIO27", False), ("GPIO17", False)]
    lines.open_all()
    assert not lines.is_closed(F)
    assert not lines.is_closed(S)


@pytest.mark.parametrize("broken", Line)
def test_a_line_that_cannot_be_opened_does_not_keep_the_other_closed(factory, lines, broken):
    for line in Line:
        lines.write(line, closed=True)
    factory.broken.add((f"GPIO{PIN_OF[broken]}", False))
    with pytest.raises(OSError, match="the pin is gone"):
        lines.open_all()
    assert [line for line in Line if factory.level(line)] == [broken]


def test_both_pins_are_low_before_either_is_given_back(factory, lines):
    lines.write(F, closed=True)
    lines.write(S, closed=True)
    factory.diary.clear()
    lines.close()
    given_back = [entry for entry in factory.diary if entry[1] == "input"]
    assert factory.diary[:2] == [("GPIO27", False), ("GPIO17", False)]
    assert sorted(given_back) == [("GPIO17", "input"), ("GPIO27", "input")]


def test_a_pin_that_was_given_back_can_be_claimed_again(factory, lines):
    lines.close()
    again = GpioLines(PIN_OF[F], PIN_OF[S], factory)
    assert not again.is_closed(S)


class WatchedLines:
    """Two contacts that record whether the latch had tripped when they were opened."""

    def __init__(self):
        self.latch = Latch(self)
        self.tripped_when_opened = []

    def write(self, line, closed):
        raise AssertionError(f"a latch only opens; it has written {closed} to {line}")

    def open_all(self):
        self.tripped_when_opened.append(self.latch.tripped)


def test_a_latch_opens_nothing_until_it_trips():
    lines = WatchedLines()
    assert not lines.latch.tripped
    assert lines.tripped_when_opened == []


def test_a_latch_has_tripped_before_it_opens_the_lines_so_that_the_player_sees_it():
    lines = WatchedLines()
    lines.latch.trip()
    assert lines.tripped_when_opened == [True]


def test_a_latch_may_trip_any_number_of_times_and_stays_tripped():
    lines = WatchedLines()
    for _ in range(3):
        lines.latch.trip()
    assert lines.latch.tripped
    assert lines.tripped_when_opened == [True, True, True]


@pytest.mark.parametrize("pin", [*range(9), 14, 15])
def test_a_pin_that_closes_a_contact_at_boot_is_refused_before_anything_is_claimed(factory, pin):
    for pins in ((pin, 27), (17, pin)):
        with pytest.raises(UnsafePinError, match=rf"GPIO{pin} .*; choose from 9 to 13 and 16 to 27"):
            GpioLines(*pins, factory)
    GpioLines(17, 27, factory).close()


@pytest.mark.parametrize("pin", [*range(9, 14), *range(16, 27)])
def test_every_other_pin_may_carry_a_line(factory, pin):
    GpioLines(pin, 27, factory).close()
