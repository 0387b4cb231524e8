"""What the daemon tells those who subscribed."""

import select

import pytest
from system.test_daemon import daemon

from controller.client import Client


@pytest.fixture
def clients(tmp_path):
    path = tmp_path / "control.sock"
    with daemon(tmp_path), Client.connect(path) as one, Client.connect(path) as other:
        other.call("subscribe")
        yield one, other


def heard(client):
    """The next events."""
    select.select([client], [], [])
    return client.events()


def test_a_setting_that_is_another_is_told_with_its_value(clients):
    one, other = clients
    one.call("settings.set", key="interval.every", value="9000ms")
    [event] = heard(other)
    assert (event["kind"], event["values"]) == ("set", {"interval.every": "9s"})


def test_a_setting_that_stays_as_it_is_is_no_event(clients):
    one, other = clients
    one.call("settings.set", key="interval.every", value="5s")
    one.call("settings.save")
    one.call("settings.set", key="interval.count", value="7")
    assert [event["values"] for event in heard(other)] == [{"interval.count": "7"}]


def test_all_that_a_rollback_changes_is_one_event(clients):
    one, other = clients
    for value in ("8s", "9s"):
        one.call("settings.set", key="interval.every", value=value)
        one.call("settings.set", key="interval.count", value=value[0])
        one.call("settings.save")
    other.call("status")
    other.events()
    one.call("settings.rollback")
    [event] = heard(other)
    assert event["values"] == {"interval.every": "8s", "interval.count": "8"}
