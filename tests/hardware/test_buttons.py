import pytest

from hardware.buttons import PushButton

PIN = 5


@pytest.fixture
def edges():
    return []


@pytest.fixture
def button(factory, edges):
    with PushButton(PIN, lambda pressed, ticks: edges.append((pressed, ticks)), factory) as button:
        yield button


@pytest.mark.usefixtures("button")
def test_a_button_is_pulled_up_and_reports_nothing_at_first(factory, edges):
    assert factory.pin(PIN).pull == "up"
    assert factory.pin(PIN).state
    assert edges == []


@pytest.mark.usefixtures("button")
def test_a_button_is_pressed_when_its_pin_is_low_and_reports_the_time_of_the_edge(factory, clock, edges):
    clock.jump_to(5_000)
    factory.pin(PIN).drive_low()
    clock.jump_to(9_000)
    factory.pin(PIN).drive_high()
    assert edges == [(True, 5_000), (False, 9_000)]


@pytest.mark.usefixtures("button")
def test_every_bounce_is_reported(factory, clock, edges):
    for at_ns in range(2_000, 2_010):
        clock.jump_to(at_ns)
        factory.pin(PIN).drive_low() if at_ns % 2 == 0 else factory.pin(PIN).drive_high()
    assert edges == [(at_ns % 2 == 0, at_ns) for at_ns in range(2_000, 2_010)]


@pytest.mark.usefixtures("button")
def test_a_level_that_is_driven_again_is_no_edge(factory, edges):
    factory.pin(PIN).drive_low()
    factory.pin(PIN).drive_low()
    assert edges == [(True, 1_000)]


def test_a_closed_button_reports_nothing(factory, edges, button):
    button.close()
    factory.pin(PIN).drive_low()
    assert edges == []
