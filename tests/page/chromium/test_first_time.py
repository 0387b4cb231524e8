"""A new box and a new phone: pairing at the box, which camera it is, and the first frame."""

import pytest
from page.screens import NAME, frames, table_with

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def new_box(chromium, tmp_path):
    """A box that knows no camera, and has a preset with an ugly name."""
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / f"{MARKUP}.toml").write_text("")
    with table_with(tmp_path, "--camera", "D850", "--body", "unset") as table:
        yield table


def test_a_press_of_run_pairs_and_the_questions_lead_to_a_test_frame(open_phone, new_box):
    phone = open_phone(new_box)
    phone.page.goto(new_box.address)
    phone.tap("Pair this phone")
    phone.see("Press run on the box within 60 s")
    new_box.ask("thumb.tap", button="run")
    phone.wait_until_live()
    phone.see(MARKUP)  # as text
    assert phone.page.locator("img").count() == 0

    phone.go("Camera")
    phone.page.get_by_label("Its name, as printed on it").fill("d850")
    phone.page.get_by_role("button", name="Nikon D850").click()
    phone.see("a8 AF activation = AF-ON only")
    phone.tap("No")  # half-press does not focus
    phone.tap("Set and save")
    phone.see("It is set and saved.")
    with new_box.listening() as client:
        phone.tap("Fire a test frame")
        phone.see("Nothing was fired")
        assert frames(client) == 0
        phone.tap("Focus is set")
        phone.page.get_by_text("Focus is dialled in").first.wait_for()
        phone.tap("Fire a test frame")
        phone.see("The frame is fired.")
        assert frames(client) == 1
    assert new_box.value("camera.model") == "Nikon D850"
    assert new_box.value("camera.back_button_focus") == "true"
    assert new_box.ask("settings.diff") == []


@pytest.mark.parametrize(
    ("zone", "offset"), [("Europe/Zurich", "+0"), ("America/St_Johns", "-0"), ("Asia/Kolkata", "+0530")]
)
def test_the_box_takes_time_and_zone_from_the_phone(open_phone, new_box, zone, offset):
    phone = open_phone(new_box, timezone_id=zone).pair()
    phone.page.get_by_role("button", name="Set it from this phone").filter(has_text=zone).click()
    phone.see("The box's clock is set")
    clock = new_box.ask("clock")
    assert clock["is_trusted"]
    assert clock["local"].split()[-1].startswith(offset)
    assert new_box.value("site.timezone") == zone
    assert phone.page.get_by_text("The box's clock is not set").count() == 0


def test_by_the_name_of_the_box_it_works_as_in_a_real_network(open_phone, new_box):
    """Browsers trust a page on this machine more than one in the network: no other test would notice."""
    new_box.host = NAME
    phone = open_phone(new_box).pair()
    assert phone.page.evaluate("isSecureContext") is False
    phone.tap("Focus is set")
    phone.page.locator(".lamp.green.on").wait_for()


def test_a_link_pairs_once_and_leaves_the_address(open_phone, new_box):
    link = f"{new_box.address}/pair#{new_box.ask('pairing.link')['code']}"
    first, second = open_phone(new_box), open_phone(new_box)
    first.page.goto(link)
    first.wait_until_live()
    assert first.page.url == f"{new_box.address}/#box"
    second.page.goto(link)
    second.tap("Try again")
    second.see("Press run on the box within 60 s")


def test_on_a_body_in_its_factory_set_up_focus_now_is_ended_by_the_box(chromium, open_phone, tmp_path):
    with table_with(tmp_path, "--camera", "canon-e3", "--body", "factory") as table:
        table.expose_for_seconds()
        phone = open_phone(table, night=False).pair()
        phone.tap("Focus now")
        phone.page.locator(".contacts .closed").filter(has_text="FOCUS").wait_for()
        phone.see("Focus is dialled in, focus lock on")  # nobody has let go of anything
        with table.listening() as client:
            phone.tap("FIRE")
            phone.page.locator(".lamp.amber.on").wait_for()
            phone.page.locator(".lamp.amber.dark").wait_for()
            assert frames(client) == 1
        phone.tap("Clear")
        phone.see("Focus is not dialled in")
        assert table.ask("status")["lines"]["focus"] == "open"
