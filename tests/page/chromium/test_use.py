"""The page in use: focus, fire, runs, cut, presets, settings, the log."""

import json
import re

import pytest
from page.screens import frames

MARKUP = "<img src=x onerror=alert(1)>"


def test_it_fires_once_focus_is_set_and_says_why_not_before(phone, table):
    table.expose_for_seconds()
    with table.listening() as client:
        phone.tap("FIRE")
        phone.see("Focus is not dialled in yet; hold back while you focus")
        phone.tap("Focus is set")
        phone.page.locator(".lamp.green.on").wait_for()
        phone.tap("FIRE")
        phone.page.locator(".lamp.amber.on").wait_for()
        phone.page.locator(".lamp.amber.dark").wait_for()
        assert frames(client) == 1


def test_a_double_tap_is_one_command(phone, table):
    table.expose_for_seconds()
    calls = []
    phone.page.on("request", lambda request: calls.append(request.url.rpartition("/")[2]))
    table.dial_in()
    phone.page.locator(".fire.ready").wait_for()
    with table.listening() as client:
        phone.tap_twice("FIRE")
        phone.page.locator(".lamp.amber.on").wait_for()
        phone.page.locator(".lamp.amber.dark").wait_for()
        phone.page.locator(".fire.ready:enabled").wait_for()
        assert frames(client) == 1
    assert calls.count("fire") == 1


def test_a_command_that_comes_late_fires_nothing(phone, table):
    def delay(route):
        body = json.loads(route.request.post_data)
        route.continue_(post_data=json.dumps(body | {"not_after_ns": body["not_after_ns"] - 3_000_000_000}))

    phone.page.route("**/call/fire", delay)
    table.dial_in()
    phone.page.locator(".fire.ready").wait_for()
    with table.listening() as client:
        phone.tap("FIRE")
        phone.see("Nothing was fired")
        phone.see("too late, so nothing was done")
        assert frames(client) == 0


def test_a_run_is_started_paused_resumed_stopped_and_in_the_log(phone, table):
    table.ask("settings.set", key="interval.every", value="1s")
    table.dial_in()
    phone.tap("Start run")
    phone.see("1 fired, 0 skipped")
    phone.tap("Pause")
    phone.see("The run is paused")
    phone.tap("Resume")
    phone.page.get_by_text(re.compile("^[2-9] fired")).wait_for()
    phone.tap("Stop")
    phone.see("Nothing is running")
    phone.go("Log")
    phone.page.get_by_role("link", name=re.compile("^Run 1 ")).click()
    phone.page.get_by_role("heading", name="Run 1").wait_for()
    phone.see("Nikon D850" if phone.page.get_by_text("Nikon D850").count() else "nikon-10pin")
    picture = phone.page.get_by_role("img", name="Picture of run 1")
    picture.wait_for()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert phone.page.get_by_role("row").count() >= 3


def test_a_bulb_shows_how_far_it_is_and_cut_opens_the_contacts(phone, table):
    table.ask("bulb", exposure="30s")
    table.dial_in()
    phone.tap("FIRE")
    phone.page.get_by_role("progressbar", name="Exposing").wait_for()
    assert table.ask("status")["lines"]["shutter"] == "closed"
    phone.go("Settings")  # cut is on every view
    phone.tap("CUT")
    phone.see("Cut: both contacts are open.")
    status = table.ask("status")
    assert status["lines"] == {"focus": "open", "shutter": "open"}
    assert status["exposing"] is None


def test_end_ends_a_bulb_and_fires_no_other(phone, table):
    table.ask("bulb", exposure="30s")
    table.dial_in()
    with table.listening() as client:
        phone.tap("FIRE")
        phone.page.get_by_role("button", name="END").click()
        phone.see("Nothing is running")
        assert frames(client) == 1


def test_a_preset_changes_the_plan_and_the_box(phone, table):
    phone.go("Plan")
    phone.page.get_by_role("button", name=re.compile("^stars")).click()
    phone.see("Preset stars: shot.drive bulb")
    phone.page.get_by_text(re.compile("exposure 20 s")).wait_for()
    phone.sees_value("Exposure", "20s")
    assert table.value("shot.drive") == "bulb"


def test_a_ramp_shows_the_night_in_the_plan(phone, table):
    still = {"shot.drive": "bulb", "shot.exposure": "1s", "interval.every": "10s", "interval.count": "61"}
    for key, value in {**still, "shot.ramp_shape": "even"}.items():
        table.ask("settings.set", key=key, value=value)
    phone.go("Plan")
    phone.page.get_by_role("heading", name="This works").wait_for()
    picture = phone.page.get_by_role("img", name="Picture of the run")
    assert picture.count() == 0
    table.ask("settings.set", key="shot.ramp", value="0% 1s, 50% 4s, 100% 2s")
    picture.wait_for()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    phone.see("frame 31 (50%): the bulb lasts 4s")
    before = picture.get_attribute("src")
    table.ask("settings.set", key="shot.ramp", value="0% 1s, 50% 5s, 100% 2s")
    phone.see("frame 31 (50%): the bulb lasts 5s")
    assert picture.get_attribute("src") != before
    shown = picture.bounding_box()
    assert shown["width"] <= phone.page.viewport_size["width"], "all of the night is seen at once"
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def test_steps_set_the_box_and_its_verdict_follows(phone, table):
    phone.go("Plan")
    for count in ("1", "2", "3"):
        phone.tap("Frames: more")
        phone.sees_value("Frames", count)
    phone.see("A run takes 3 frames, one every 5s")
    assert table.value("interval.count") == "3"
    phone.page.get_by_label("A frame every", exact=True).fill("100ms")
    phone.page.get_by_label("A frame every", exact=True).press("Enter")
    phone.see("The box would refuse this")
    phone.page.locator(".verdict button:disabled", has_text="Start run").wait_for()


def test_a_wrong_value_stays_with_the_reason_beside_it(phone, table):
    phone.go("Plan")
    field = phone.page.get_by_label("A frame every", exact=True)
    field.fill("5")
    field.press("Enter")
    phone.see('"5" has no unit')
    phone.sees_value("A frame every", "5")
    phone.tap("Back to 5s")
    phone.sees_value("A frame every", "5s")
    assert table.value("interval.every") == "5s"


@pytest.mark.parametrize(("answer", "expected"), [("Set 7s", "7s"), ("Keep 9s", "9s")])
def test_a_change_made_elsewhere_is_shown_beside_an_open_form(phone, table, answer, expected):
    phone.go("Plan")
    field = phone.page.get_by_label("A frame every", exact=True)
    field.fill("7s")
    table.ask("settings.set", key="interval.every", value="9s")
    phone.see("Changed elsewhere.")
    phone.sees_value("A frame every", "7s")
    assert table.value("interval.every") == "9s"
    phone.tap(answer)
    phone.page.get_by_text("Changed elsewhere.").wait_for(state="detached")
    table.wait_for_value("interval.every", expected)
    phone.sees_value("A frame every", expected)


def test_a_change_that_the_phone_has_not_heard_of_is_not_overwritten(phone, table):
    """The setting changes between the last event and the request: the daemon refuses, and the page asks."""

    def change_first(route):
        table.ask("settings.set", key="interval.every", value="9s")
        route.continue_()

    # Only once: a later request would wait for this test to talk to the browser, and it asks the box meanwhile.
    phone.page.route("**/call/settings.set", change_first, times=1)
    phone.go("Plan")
    phone.tap("A frame every: more")
    phone.see("Changed elsewhere.")
    assert table.value("interval.every") == "9s"
    phone.tap("Set 6s")
    table.wait_for_value("interval.every", "6s")


def test_what_was_changed_elsewhere_is_asked_about_only_once_it_is_known(phone, table):
    """A tap on "Set 6s" beside a value that is not the box's any more would be refused again."""
    held = []

    def hold(route):
        held.append(route)

    def change_first(route):
        table.ask("settings.set", key="interval.every", value="9s")
        route.continue_()

    phone.page.route("**/call/settings.set", change_first, times=1)
    phone.go("Plan")
    phone.sees_value("A frame every", "5s")
    phone.page.route("**/call/settings.show", hold, times=1)
    with phone.page.expect_request("**/call/settings.show"):
        phone.tap("A frame every: more")
    table.ask("settings.set", key="interval.count", value="7")
    phone.sees_value("Frames", "7")  # so all that the page has heard is drawn
    assert phone.page.get_by_text("Changed elsewhere.").count() == 0
    held[0].continue_()
    phone.see("Changed elsewhere.")
    phone.tap("Set 6s")
    table.wait_for_value("interval.every", "6s")


def test_all_settings_are_there_and_can_be_set_reset_and_saved(phone, table):
    phone.go("Settings")
    phone.page.get_by_role("heading", name="Shot").click()
    phone.page.get_by_role("radio", name="burst").check()
    phone.see("Lost at power-off:")
    phone.page.get_by_role("heading", name="Focus").click()
    phone.page.get_by_role("switch", name="Interlock").click()
    phone.page.get_by_text(re.compile("focus.interlock, shot.drive|shot.drive, focus.interlock")).wait_for()
    assert (table.value("shot.drive"), table.value("focus.interlock")) == ("burst", "false")
    phone.tap("Reset focus.interlock")
    phone.see("focus.interlock is true")
    phone.tap("Reset shot.drive")
    phone.page.get_by_text("Lost at power-off:").wait_for(state="detached")
    keys = phone.page.locator(".setting code").all_text_contents()
    assert keys == [row["key"] for row in table.ask("settings.show")]


def test_a_pasted_place_gives_sun_times_and_a_red_night(open_phone, table):
    phone = open_phone(table).pair()
    table.ask("clock.set", time="2026-06-21T00:30+02:00")
    phone.go("Plan")
    phone.page.get_by_label("Paste coordinates, in any usual form").fill("47°22'N, 8°32'E")
    phone.tap("Set place")
    phone.see("The place is set")
    phone.page.get_by_text("Sunrise", exact=True).wait_for()
    assert table.value("site.latitude") == "47.366667"
    phone.page.locator('html[data-look="night"]').wait_for()
    table.ask("clock.set", time="2026-06-21T12:30+02:00")
    phone.page.reload()
    phone.page.locator('html[data-look="day"]').wait_for()


def test_text_from_elsewhere_is_never_markup(phone, table):
    phone.go("Plan")
    phone.page.get_by_text("Keep or mark presets").click()
    phone.page.get_by_label("Keep what is set now as").fill(MARKUP)
    phone.tap("Keep")
    phone.see(f'"{MARKUP}" is not a name for a preset')
    phone.go("Camera")
    phone.page.get_by_label("Its name, as printed on it").fill(MARKUP)
    phone.see(MARKUP)
    assert phone.page.locator("img").count() == 0


def test_the_bench_can_be_played_in_the_browser(phone, table):
    table.expose_for_seconds()
    phone.see("This is a virtual bench")
    phone.page.get_by_role("group", name="The box's button back").get_by_role("button", name="Hold 1 s").click()
    phone.page.locator(".lamp.green.on").wait_for()
    with table.listening() as client:
        phone.page.get_by_role("group", name="The box's button shutter").get_by_role("button", name="Tap").click()
        phone.page.locator(".lamp.amber.on").wait_for()
        phone.page.locator(".lamp.amber.dark").wait_for()
        assert frames(client) == 1


def test_a_trimmed_focus_is_accepted_by_the_same_button(phone, table):
    table.ask("settings.set", key="focus.mode", value="trim")
    phone.tap("Focus is set")
    phone.see("Trim focus by hand")
    phone.page.locator(".deck button:enabled", has_text="Focus is set").tap()
    phone.see("Focus is dialled in")
