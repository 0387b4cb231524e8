"""How the page looks: widths, touch, night and day, keyboard, and what axe says."""

from pathlib import Path

import pytest
from page.looks import BOXES, NOT_RED, SMALLEST, TARGETS, WIDTHS
from page.screens import VIEWS


def open_everything(phone):
    """Open what can be unfolded, so that it is looked at too."""
    phone.page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")


def shown(phone, view):
    phone.page.goto(f"{phone.table.address}/#{view}")
    phone.page.locator(f".app.{view}").wait_for()
    phone.page.get_by_text("Reading the").first.wait_for(state="detached")
    open_everything(phone)


@pytest.mark.parametrize("night", [False, True])
def test_it_fits_every_width_from_320_to_1280_pixels(open_phone, table, night):
    table.ask("settings.set", key="interval.every", value="100ms")  # a long refusal
    phone = open_phone(table, night=night, is_mobile=False).pair()
    for view in VIEWS:
        shown(phone, view)
        for width in WIDTHS:
            phone.page.set_viewport_size({"width": width, "height": 640})
            inside = phone.page.evaluate("document.documentElement.scrollWidth")
            assert inside <= width, f"{view} is {inside} wide"
            cut = phone.button("CUT").bounding_box()
            assert cut["x"] + cut["width"] <= width, f"{view}, {width}: CUT is at {cut}"
            assert cut["y"] >= 0, f"{view}, {width}: CUT is at {cut}"


def test_every_target_is_large_enough_for_a_glove(open_phone, table):
    phone = open_phone(table, night=False, viewport={"width": 320, "height": 640}).pair()
    for view in VIEWS:
        shown(phone, view)
        small = phone.page.locator(TARGETS).evaluate_all(BOXES % (SMALLEST, SMALLEST))
        assert small == [], view
    fire = (phone.go("Box"), phone.button("FIRE").bounding_box())[1]
    assert min(fire["width"], fire["height"]) >= 110


def test_cut_is_never_hidden_however_far_one_scrolls(phone):
    for view in VIEWS:
        shown(phone, view)
        phone.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        phone.button("CUT").click(trial=True)


def test_by_night_nothing_but_red_is_painted(open_phone, table):
    phone = open_phone(table, night=True).pair()
    for view in VIEWS:
        shown(phone, view)
        assert phone.page.evaluate(NOT_RED) == [], view


def test_the_first_paint_of_a_night_is_dark_before_any_module_runs(open_phone, table):
    phone = open_phone(table, night=True)
    phone.page.route("**/static/main.js", lambda route: route.abort())
    phone.page.goto(table.address)
    assert phone.page.locator("html").get_attribute("data-look") == "night"
    assert phone.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(0, 0, 0)"


def test_the_night_is_a_choice_that_the_phone_keeps(open_phone, table):
    phone = open_phone(table).pair()
    phone.go("Settings")
    phone.page.get_by_role("radio", name="Always").check()
    phone.page.locator('html[data-look="night"]').wait_for()
    phone.page.reload()
    phone.page.locator('html[data-look="night"]').wait_for()
    phone.wait_until_live()
    phone.page.get_by_role("radio", name="Never").check()
    phone.page.locator('html[data-look="day"]').wait_for()


def test_motion_is_reduced_where_that_is_wanted(open_phone, table):
    phone = open_phone(table, night=False, reduced_motion="reduce").pair()
    table.dial_in()
    phone.tap("Start run")
    glow = phone.page.locator(".lamp.amber.blinks-slowly .glow")
    glow.wait_for()
    assert glow.evaluate("element => getComputedStyle(element).animationName") == "none"
    phone.see("amber lamp blinks slowly")


def test_a_keyboard_reaches_and_does_everything(open_phone, table):
    table.expose_for_seconds()
    desk = {"viewport": {"width": 1280, "height": 800}, "has_touch": False, "is_mobile": False}
    phone = open_phone(table, night=False, **desk).pair()
    focused = phone.page.locator(":focus")

    def walk_to(name):
        for _ in range(40):
            phone.page.keyboard.press("Tab")
            if focused.count() and focused.text_content().strip() == name:
                return
        raise AssertionError(f"Tab does not lead to {name}")

    walk_to("Focus is set")
    phone.page.keyboard.press("Enter")
    phone.page.locator(".lamp.green.on").wait_for()
    walk_to("FIRE")
    assert focused.evaluate("element => getComputedStyle(element).outlineWidth") == "3px"
    phone.page.keyboard.press("Enter")
    phone.page.locator(".lamp.amber.on").wait_for()
    walk_to("Log")
    phone.page.keyboard.press("Enter")
    phone.page.get_by_role("heading", name="Log", level=1).wait_for()
    assert focused.text_content() == "Log"  # where a screen reader begins to read
    assert phone.page.title() == "Log - backbutton"


@pytest.mark.parametrize("night", [False, True])
def test_axe_finds_nothing(open_phone, table, night):
    axe = pytest.importorskip("axe_core_python", reason="axe is not asked: axe-core-python is not installed")
    phone = open_phone(table, night=night)
    phone.context.add_init_script(path=Path(axe.__file__).with_name("axe.min.js"))

    def found():
        violations = phone.page.evaluate("axe.run().then(found => found.violations)")
        return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in violations]

    phone.page.goto(table.address)
    phone.button("Pair this phone").wait_for()
    assert found() == [], "pairing"
    phone.pair()
    for view in VIEWS:
        shown(phone, view)
        assert found() == [], view
    phone.go("Box")
    phone.tap("FIRE")
    phone.see("Nothing was fired")
    assert found() == [], "a refusal"
