import pytest


@pytest.fixture
def changes(factory):
    changes = []
    factory.watcher = lambda pin, level, at_ns: changes.append((pin, level, at_ns))
    return changes


def output(factory, number):
    pin = factory.pin(number)
    pin.output_with_state(False)
    return pin


def test_the_watcher_gets_every_change_of_an_output_with_the_benchs_time(factory, clock, changes):
    pin = output(factory, 17)
    pin.state = True
    clock.jump_to(2_000)
    pin.state = False
    assert changes == [(pin, True, 1_000), (pin, False, 2_000)]


def test_a_write_that_changes_nothing_is_not_reported(factory, changes):
    pin = output(factory, 17)
    pin.state = False
    assert changes == []


def test_inputs_are_not_reported(factory, changes):
    pin = factory.pin(5)
    pin.function, pin.pull = "input", "up"
    pin.drive_low()
    assert changes == []


def test_a_pin_that_becomes_an_input_again_is_not_reported(factory, changes):
    pin = output(factory, 17)
    pin.close()
    assert changes == []


def test_an_output_may_change_without_a_watcher(factory):
    pin = output(factory, 17)
    pin.state = True
    assert pin.state


def test_no_history_is_kept(factory, clock, changes):
    pin = output(factory, 17)
    for at_ns in range(1_000, 2_000):
        clock.jump_to(at_ns)
        pin.state = at_ns % 2 == 0
    assert len(changes) == 1_000
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


def test_the_garbage_collector_may_close_a_device_while_a_pin_is_reserved(factory, reserve_during_collection):
    assert reserve_during_collection(factory)
