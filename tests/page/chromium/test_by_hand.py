"""A run of bulbs on the page: hand-steps and their Done, trims, and what stays in its place under a finger."""

import re
from pathlib import Path

import pytest
from page.looks import BOXES, NOT_RED, SMALLEST, TARGETS, WIDTHS
from page.patience import wait_until

RUN = {"shot.drive": "bulb", "shot.ramp_shape": "even", "interval.every": "2s", "interval.count": "40"}
RAMP = {"shot.ramp": "0% 200ms, 100% 1s"}
ONE = {"shot.steps": "2% ISO 100-200"}
TWO = {"shot.steps": "2% ISO 100-200, 3% f/8-f/2.8"}
# What of the page moves, and by how many pixels, while a run goes on: 30 looks at where each of these is.
MOVES = """
async selectors => {
  const top = selector => document.querySelector(selector).getBoundingClientRect().top;
  const seen = selectors.map(selector => [selector, top(selector), top(selector)]);
  const headings = new Set();
  for (let look = 0; look < 200 && !(headings.size > 1 && look > 60); look++) {
    await new Promise(done => setTimeout(done, 50));
    headings.add(document.querySelector("#exposing").textContent);
    for (const row of seen) {
      row[1] = Math.min(row[1], top(row[0]));
      row[2] = Math.max(row[2], top(row[0]));
    }
  }
  return [headings.size, seen.filter(([, least, most]) => most - least > 0.5)];
}
"""


def begin(table, settings):
    """Start a run of bulbs."""
    for key, value in (RUN | settings).items():
        table.ask("settings.set", key=key, value=value)
    table.dial_in()
    table.ask("start")


def run_of(table):
    return table.ask("status")["run"]


def done(phone, *, enabled=True):
    return phone.page.get_by_role("button", name="Done", exact=True, disabled=not enabled)


def test_a_hand_step_is_shown_done_and_gone_and_the_exposure_drops(phone, table):
    begin(table, RAMP | ONE)
    phone.page.get_by_role("heading", name="Hand-step 1 of 1").wait_for()
    phone.see("Set ISO 100 to 200 on the camera")
    phone.see("A hand-step waits")
    phone.see("green lamp blinks three times, then rests")
    phone.see("The next picture is as planned.")
    phone.page.locator(
        ".moment", has_text=re.compile("^Now next in|^Wait (exposing|taking)|^(Now|Wait) next frame")
    ).wait_for()
    before = run_of(table)["exposure_ns"]
    phone.press(done(phone))
    phone.see("Hand-step 1 of 1 is done")
    phone.page.locator(".hand-step").wait_for(state="detached")
    phone.see("Focus is dialled in")
    assert run_of(table)["step"] is None
    assert run_of(table)["exposure_ns"] < 0.6 * before


def test_now_and_wait_follow_the_frames(phone, table):
    begin(table, {"shot.ramp": "0% 2s, 100% 3s", "interval.every": "6s", "interval.count": "10"} | ONE)
    phone.page.locator(".moment.now", has_text="next frame in").wait_for()
    phone.page.locator(".moment:not(.now)", has_text="exposing").wait_for()
    phone.tap("Pause")
    phone.page.locator(".moment.now", has_text="the run is paused").wait_for()


def test_a_double_tap_on_done_confirms_one_step_and_the_next_one_can_be_read_first(phone, table):
    calls = []
    phone.page.on("request", lambda request: calls.append(request.url.rpartition("/")[2]))
    begin(table, RAMP | TWO)
    while run_of(table)["next_in_ns"] is None or run_of(table)["slot"] < 2:
        pass  # both wait from the third frame on
    done(phone).wait_for()
    phone.tap_twice("Done")
    phone.page.get_by_role("heading", name="Hand-step 2 of 2").wait_for()
    phone.see("Set f/8 to f/2.8 on the camera")
    assert not done(phone, enabled=False).is_enabled()
    phone.tap_twice("Done")
    assert calls.count("step") == 1
    assert run_of(table)["step"]["number"] == 2
    phone.press(done(phone))
    phone.page.locator(".hand-step").wait_for(state="detached")
    assert calls.count("step") == 2


def test_a_page_that_lags_behind_confirms_nothing_that_was_not_read(phone, table):
    def be_late(route):
        table.ask("step")  # somebody presses back meanwhile
        route.continue_()

    phone.page.route("**/call/step", be_late)
    begin(table, RAMP | TWO)
    wait_until(lambda: run_of(table)["slot"] >= 2)
    phone.press(done(phone))
    phone.see("Nothing was confirmed")
    phone.see("Hand-step 2 of 2 waits by now, and not 1; nothing was confirmed: set f/8 to f/2.8 on the camera")
    assert run_of(table)["step"]["number"] == 2


def test_other_views_say_that_a_hand_step_waits(phone, table):
    phone.go("Log")
    begin(table, RAMP | ONE)
    phone.page.locator(".title", has_text="Hand-step 1 of 1 waits").wait_for()


def test_taps_on_a_trim_are_one_change_and_the_run_says_the_next_exposure(phone, table):
    calls = []
    phone.page.on("request", lambda request: calls.append(request.url.rpartition("/")[2]))
    begin(table, {"shot.exposure": "500ms"})
    phone.see("Trim: as planned")
    phone.page.locator(".big", has_text=re.compile("next exposure as set")).wait_for()
    for _ in range(2):
        phone.tap("+1/3 brighter")
    phone.see("Trim: +2/3")
    phone.see("The run is trimmed to +2/3, from frame")
    phone.page.locator(".run", has_text=re.compile(r"Next exposure 794 ms, trimmed \+2/3\.")).wait_for()
    assert calls.count("trim") == 1
    phone.tap("-1/3 darker")
    phone.see("The run is trimmed to +1/3, from frame")
    phone.tap("As planned")
    phone.see("The run goes back to its plan")
    phone.see("Trim: as planned")
    assert run_of(table)["trim"] == 0


def test_a_trim_ends_at_five_stops_and_a_refusal_leaves_it_as_it_was(phone, table):
    begin(table, {"shot.exposure": "500ms"})
    table.ask("trim", stops="-5")
    phone.see("Trim: -5")
    phone.page.get_by_role("button", name="-1/3 darker", disabled=True).wait_for()
    phone.page.route("**/call/trim", lambda route: route.continue_(post_data="{}"))
    phone.tap("+1/3 brighter")
    phone.see("The trim stays as it was")
    phone.see("Trim: -5")


def test_other_drives_have_no_trim(open_phone, table):
    phone = open_phone(table, night=False)
    fetched = []
    phone.page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    phone.pair()
    table.ask("settings.set", key="interval.every", value="1s")
    table.dial_in()
    table.ask("start")
    phone.see("1 fired")
    assert phone.page.locator(".trim").count() == 0
    assert "by_hand.js" not in fetched


def test_a_page_knows_stops_as_the_box_does(phone):
    texts = phone.page.evaluate(
        "import('/static/views/by_hand.js').then(({stops}) => [0, 2, -6, 16, -3, 5, 1, 30, -4].map(stops))"
    )
    assert texts == ["0", "+1/3", "-1", "+2 2/3", "-1/2", "+5/6", "+1/6", "+5", "-2/3"]


@pytest.mark.parametrize("width", [320, 390])
def test_what_is_tapped_stays_in_its_place_from_frame_to_frame(phone, table, width):
    phone.page.set_viewport_size({"width": width, "height": 568})
    begin(table, {"shot.ramp": "0% 1.2s, 100% 1.3s", "interval.every": "3s"} | ONE)
    done(phone).wait_for()
    seen, moved = phone.page.evaluate(MOVES, [".hand-step button", ".trim", ".trim button:last-child", ".fire"])
    assert (seen, moved) == (2, [])


def test_after_a_hand_step_went_no_tap_meant_for_it_is_taken(phone, table):
    begin(table, RAMP | ONE)
    phone.press(done(phone))
    phone.page.locator(".hand-step").wait_for(state="detached")
    assert phone.page.locator(".trim button:enabled").count() == 0
    phone.page.locator(".trim button:enabled").first.wait_for()


@pytest.mark.parametrize("night", [False, True])
def test_it_fits_every_width_and_glove(open_phone, table, night):
    axe = pytest.importorskip("axe_core_python", reason="axe is not asked: axe-core-python is not installed")
    phone = open_phone(table, night=night, is_mobile=False)
    phone.context.add_init_script(path=Path(axe.__file__).with_name("axe.min.js"))
    phone.pair()
    begin(table, RAMP | {"shot.steps": "2% +3"})
    done(phone).wait_for()
    for width in WIDTHS:
        phone.page.set_viewport_size({"width": width, "height": 640})
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= width
        small = phone.page.locator(f".hand-step, .trim >> {TARGETS}").evaluate_all(BOXES % (SMALLEST, SMALLEST))
        assert small == [], width
    violations = phone.page.evaluate("axe.run().then(found => found.violations)")
    assert [each["id"] for each in violations] == []
    if night:
        assert phone.page.evaluate(NOT_RED) == []


def test_done_can_be_reached_on_the_smallest_phone(open_phone, table):
    phone = open_phone(table, night=False, viewport={"width": 320, "height": 480}).pair()
    begin(table, RAMP | {"shot.steps": "2% +3"})
    phone.see("Set the camera to gather 3 stops more light (ISO, aperture or filter)")
    phone.press(done(phone))
    phone.see("Hand-step 1 of 1 is done")


# -- the settings of a ramp ----------------------------------------------------------------------------------------


def test_a_long_ramp_is_shown_whole_on_a_narrow_phone_and_so_is_a_refusal(phone, table):
    phone.page.set_viewport_size({"width": 320, "height": 640})
    long = "sunset 100ms, -6deg 2s, -9deg 20s, -12deg 30s, -18deg 40s"
    table.ask("settings.set", key="site.latitude", value="47.4")
    table.ask("settings.set", key="site.longitude", value="8.5")
    phone.go("Settings")
    phone.page.get_by_role("heading", name="Shot").click()
    field = phone.page.get_by_label("Ramp", exact=True)
    assert field.get_attribute("placeholder") == "sunset 1/10s, -6deg 2s, -9deg 20s"
    field.fill(long.replace(", -9", ",\n-9"))
    field.press("Enter")
    table.wait_for_value("shot.ramp", long)
    phone.sees_value("Ramp", long)
    assert field.evaluate(
        "field => field.scrollHeight <= field.clientHeight && field.scrollWidth <= field.clientWidth"
    )
    field.fill("nonsense")
    field.press("Enter")
    refusal = phone.page.get_by_text('shot.ramp: "nonsense" is not a key; write a moment and an exposure, like')
    assert refusal.evaluate("text => text.scrollWidth <= text.clientWidth && text.scrollHeight <= text.clientHeight")
    phone.tap(f"Back to {long}")
    phone.tap("Take the example for Steps")
    table.wait_for_value("shot.steps", "-4deg ISO 100-800, -7deg f/8-f/2.8")
    phone.tap("None for Ramp")
    phone.see("hand-steps belong to a ramp; set shot.ramp first")
    phone.tap("None for Steps")
    table.wait_for_value("shot.steps", "none")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
