import pytest

from hardware.sync import SyncInput

PIN = 25


@pytest.fixture
def closings():
    return []


@pytest.fixture
def sync(factory, closings):
    with SyncInput(PIN, closings.append, factory) as sync:
        yield sync


@pytest.mark.usefixtures("sync")
def test_a_sync_input_is_pulled_up_and_reports_nothing_at_first(factory, closings):
    assert factory.pin(PIN).pull == "up"
    assert closings == []


@pytest.mark.usefixtures("sync")
def test_only_closings_are_reported_with_the_time_of_the_edge(factory, clock, closings):
    for at_ns, close in ((5_000, True), (9_000, False), (9_500, True), (9_600, False)):
        clock.jump_to(at_ns)
        factory.pin(PIN).drive_low() if close else factory.pin(PIN).drive_high()
    assert closings == [5_000, 9_500]


def test_a_contact_that_is_closed_at_the_start_reports_nothing_until_it_closes_again(factory, clock, closings):
    factory.pin(PIN).function = "input"
    factory.pin(PIN).drive_low()
    with SyncInput(PIN, closings.append, factory):
        clock.jump_to(2_000)
        factory.pin(PIN).drive_high()
        assert closings == []
        factory.pin(PIN).drive_low()
    assert closings == [2_000]


def test_a_closed_input_reports_nothing(factory, closings, sync):
    sync.close()
    factory.pin(PIN).drive_low()
    assert closings == []
