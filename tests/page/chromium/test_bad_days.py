"""Bad days: no link, no daemon, no server, an old pairing. The box goes on, and nothing happens late."""

import os
import signal

import pytest
from page.screens import frames


@pytest.fixture
def silence(table):
    """Return a function that stops the page's server without a word, and one that lets it go on."""
    number = table.server.pid
    yield lambda: os.kill(number, signal.SIGSTOP), lambda: os.kill(number, signal.SIGCONT)
    os.kill(number, signal.SIGCONT)


def everything_is_disabled(phone):
    enabled = phone.page.locator("button:enabled, input:enabled, a[href]")
    return enabled.all_text_contents() == ["Try again"]


def test_a_silent_link_is_shown_and_the_run_goes_on(phone, table, silence):
    stop, go_on = silence
    table.ask("settings.set", key="interval.every", value="1s")
    table.dial_in()
    phone.tap("Start run")
    phone.see("1 fired")
    stop()
    phone.see("No link to the box. It goes on by itself.")
    assert everything_is_disabled(phone)
    with table.listening() as client:
        while frames(client) == 0:
            pass
    go_on()
    phone.page.get_by_text("No link to the box").wait_for(state="detached")
    phone.wait_until_live()
    phone.page.get_by_text(f"{table.ask('status')['run']['fired']} fired").wait_for()


def test_a_finger_on_fire_while_the_link_dies_fires_nothing_later(phone, table, silence):
    stop, go_on = silence
    table.dial_in()
    phone.page.locator(".fire.ready").wait_for()
    with table.listening() as client:
        stop()
        phone.tap("FIRE")
        phone.see("The box did not answer, so it is not known whether it did this.")
        phone.see("No link to the box")
        go_on()
        phone.page.get_by_text("No link to the box").wait_for(state="detached")
        phone.wait_until_live()
        phone.go("Plan")  # what the server got while it slept is answered before what comes now
        phone.page.locator(".verdict").wait_for()
        assert frames(client) == 0


@pytest.mark.parametrize("file", ["main.js", "shell.js", "page.css"])
def test_a_page_that_came_in_part_is_loaded_again(open_phone, table, file):
    """As when a phone has just joined a network: its browser drops what is on its way when an address is added."""
    phone = open_phone(table)
    is_changing = [True]
    phone.page.route(
        f"**/static/{file}", lambda route: route.abort("internetdisconnected") if is_changing else route.continue_()
    )
    phone.page.goto(f"{table.address}/pair#{table.ask('pairing.link')['code']}")
    phone.see("A part of the page did not come; it is loaded again")
    is_changing.clear()
    phone.wait_until_live()


def test_a_daemon_that_starts_again_is_found_again(phone, table):
    table.stop_box()
    phone.see("the box's own program cannot be reached")
    assert everything_is_disabled(phone)
    table.start_box()
    phone.wait_until_live()
    phone.tap("Focus is set")
    phone.page.locator(".lamp.green.on").wait_for()


def test_a_server_that_is_killed_is_found_again(phone, table):
    phone.go("Plan")
    table.stop_page()
    phone.see("No link to the box. It goes on by itself.")
    assert everything_is_disabled(phone)
    table.ask("settings.set", key="interval.every", value="8s")
    table.start_page()
    phone.wait_until_live()
    phone.page.get_by_text("every 8s").wait_for()
    phone.sees_value("A frame every", "8s")


def test_a_page_that_was_put_away_is_current_when_it_is_shown_again(phone, table):
    phone.page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})")
    with phone.page.expect_request("**/events"):
        phone.page.evaluate(
            "delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))",
        )
    phone.wait_until_live()


def test_a_phone_that_was_removed_pairs_again(phone, table):
    table.ask("pairing.remove")
    phone.see("The box does not know this phone any more.")
    phone.button("Pair this phone").wait_for()


def test_an_old_pairing_leads_back_to_pairing(open_phone, table):
    phone = open_phone(table).pair()
    phone.context.add_cookies([{"name": "backbutton", "value": "old", "url": table.address}])
    phone.page.reload()
    phone.see("The box does not know this phone any more.")


def test_a_phone_can_be_forgotten_by_its_owner(phone, table):
    phone.go("Settings")
    phone.tap("Forget this phone")
    phone.page.get_by_role("button", name="Forget this phone: really?").click()
    phone.button("Pair this phone").wait_for()
    phone.page.reload()
    phone.button("Pair this phone").wait_for()


def test_two_phones_see_the_same_box(open_phone, table):
    one, other = (open_phone(table, night=False).pair() for _ in range(2))
    one.tap("Focus is set")
    other.page.locator(".lamp.green.on").wait_for()
    other.go("Plan")
    one.go("Plan")
    one.tap("Frames: more")
    other.see("A run takes 1 frame")
    other.sees_value("Frames", "1")
