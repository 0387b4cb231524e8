import pytest


@pytest.fixture
def heard(factory):
    heard = []
    factory.watcher = lambda pin, level, at_ns: heard.append((pin, level, at_ns))
    return heard


def output(factory, number):
    pin = factory.pin(number)
    pin.output_with_state(False)
    return pin


def test_the_watcher_hears_every_change_of_an_output_with_the_benchs_time(factory, clock, heard):
    pin = output(factory, 17)
    pin.state = True
    clock.jump_to(2_000)
    pin.state = False
    assert heard == [(pin, True, 1_000), (pin, False, 2_000)]


def test_a_write_that_changes_nothing_is_not_heard(factory, heard):
    pin = output(factory, 17)
    pin.state = False
    assert heard == []


def test_inputs_are_not_watched(factory, heard):
    pin = factory.pin(5)
    pin.function, pin.pull = "input", "up"
    pin.drive_low()
    assert heard == []


def test_a_pin_that_becomes_an_input_again_is_not_heard(factory, heard):
    pin = output(factory, 17)
    pin.close()
    assert heard == []


def test_an_output_may_change_while_nobody_watches(factory):
    pin = output(factory, 17)
    pin.state = True
    assert pin.state


def test_no_history_is_kept(factory, clock, heard):
    pin = output(factory, 17)
    for at_ns in range(1_000, 2_000):
        clock.jump_to(at_ns)
        pin.state = at_ns % 2 == 0
    assert len(heard) == 1_000
    assert len(pin.states) == 0


def test_an_edge_of_an_input_carries_the_benchs_time(factory, clock):
    edges = []

    def changed(ticks, state):  # named, because the pin holds it only weakly
        edges.append((ticks, state))

    pin = factory.pin(5)
    pin.function, pin.pull = "input", "up"
    pin.when_changed = changed
    clock.jump_to(5_000)
    pin.drive_low()
    assert edges == [(5_000, False)]


def test_ticks_are_the_benchs_nanoseconds_and_their_difference_is_in_seconds(factory, clock):
    earlier = factory.ticks()
    clock.jump_to(1_500_001_000)
    assert (earlier, factory.ticks()) == (1_000, 1_500_001_000)
    assert factory.ticks_diff(factory.ticks(), earlier) == pytest.approx(1.5)
