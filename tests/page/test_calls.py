import re
import secrets
import time
from pathlib import Path

import pytest

import config
from controller.errors import CommandError
from controller.page.calls import CALLS
from controller.page.link import OPENING
from controller.page.lookup import find

CAMERAS = Path(config.__file__).with_name("cameras")
NEVER = (
    "settings.rollback",
    "pairing.link",
    "pairing.ask",
    "pairing.result",
    "pairing.redeem",
    "pairing.check",
    "subscribe",
    "unsubscribe",
    "clients",
)


@pytest.fixture
def fires(phone):
    """A paired phone whose box fires at once."""
    phone.call("cut")
    idle(phone)
    assert phone.call("settings.set", key="focus.interlock", value="false").status == 200
    return phone


def test_focus_is_dialled_in_and_a_frame_is_fired(phone):
    idle(phone)
    with phone.watching() as watching:
        assert phone.move("focus.hold", duration="300ms").status == 200
        watching.wait("state", lambda state: state["status"]["focus"] == "DIALLED_IN")
        watching.wait("state", lambda state: state["status"]["lines"]["focus"] == "open")
        assert phone.move("fire").json["result"]["release"] == "EXPOSING"
        watching.wait("event", lambda event: event["kind"] == "changed" and event["release"] == "IDLE")
    assert phone.move("focus.clear").status == 200


def idle(phone):
    """Wait until nothing is running."""
    with phone.watching() as watching:
        watching.wait("state", lambda state: state["status"]["release"] == "IDLE")


def test_a_call_is_answered_with_its_result_and_the_time_of_the_box(phone):
    before = time.monotonic_ns()
    answer = phone.call("clock")
    assert answer.status == 200
    assert answer.json["result"].keys() >= {"local", "is_trusted"}
    assert before < answer.json["now_ns"] < time.monotonic_ns()
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_refusal_has_the_word_and_the_sentence_of_the_box(phone):
    answer = phone.call("settings.set", key="interval.every", value="1ms")
    assert (answer.status, answer.word) == (409, "value")
    assert answer.json["error"]["text"].startswith("interval.every: 1ms")


@pytest.mark.parametrize("method", [*NEVER, "no.such", "", "status/", "../status", "STATUS", "status%00", "__init__"])
def test_what_is_not_in_the_table_cannot_be_called(phone, method):
    answer = phone.post(f"/call/{method}")
    assert (answer.status, answer.word) == (404, "unknown")


@pytest.mark.parametrize("method", [name for name, call in CALLS.items() if call.is_stamped])
@pytest.mark.parametrize(
    "stamps",
    [
        {},
        {"id": "a"},
        {"not_after_ns": 1},
        {"id": "", "not_after_ns": 1},
        {"id": "a", "not_after_ns": "1"},
        {"id": "a", "not_after_ns": True},
        {"id": "a" * 65, "not_after_ns": 1},
        {"id": 1, "not_after_ns": 1.5},
    ],
)
def test_what_may_move_a_contact_says_until_when_and_has_a_name(server, phone, method, stamps):
    answer = phone.call(method, **stamps)
    assert (answer.status, answer.word) == (400, "usage")


@pytest.mark.parametrize("method", ["cut", "stop", "pause", "focus.release"])
def test_what_ends_something_needs_no_stamps_and_may_have_them(phone, method):
    assert phone.call(method).status in (200, 409)
    assert phone.move(method).status in (200, 409)
    assert phone.call(method).json.get("error", {}).get("word") != "usage"


def test_a_late_command_fires_nothing(fires):
    answer = fires.move("fire", within_ns=-1_000_000_000)
    assert (answer.status, answer.word) == (409, "refused")
    assert "too late, so nothing was done" in answer.json["error"]["text"]


def test_a_command_that_comes_twice_fires_once(fires):
    stamps = {"id": secrets.token_hex(16), "not_after_ns": time.monotonic_ns() + 5_000_000_000}
    assert fires.call("fire", **stamps).status == 200
    idle(fires)
    again = fires.call("fire", **stamps)
    assert (again.status, again.word) == (409, "refused")
    assert "a second time" in again.json["error"]["text"]
    assert fires.call("status").json["result"]["release"] == "IDLE"


def test_nothing_is_held_open_by_a_phone(phone):
    answer = phone.move("focus.hold")
    assert answer.status == 400
    assert "duration" in answer.json["error"]["text"]


def test_a_phone_confirms_no_hand_step_that_it_does_not_name(phone):
    answer = phone.move("step")
    assert (answer.status, answer.word) == (400, "usage")
    assert "number" in answer.json["error"]["text"]
    answer = phone.move("step", number=1)
    assert answer.json["error"]["text"] == "there is no run; begin one with start"


def test_a_change_of_what_somebody_else_has_changed_is_refused(server, phone):
    server.ask("settings.set", key="interval.every", value="7s")
    answer = phone.call("settings.set", key="interval.every", value="9s", was="5s")
    assert (answer.status, answer.word) == (409, "changed")
    assert phone.call("settings.set", key="interval.every", value="9s", was="7s").status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"fire",
        b"[]",
        b"null",
        b'"a"',
        b"1",
        b'{"a":',
        b"\xff",
        b'{"a": NaN}',
        b"[" * 5000,
        b'{"a":' * 3000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"{}{}",
    ],
)
def test_a_body_is_one_object(phone, body):
    answer = phone.post("/call/status", body)
    assert (answer.status, answer.word) == (400, "usage")


def test_an_unknown_parameter_is_refused_by_the_box(phone):
    answer = phone.call("status", x=1)
    assert (answer.status, answer.word) == (409, "usage")


def test_html_in_a_profile_a_preset_or_a_setting_comes_as_json_text(server, phone):
    folder, nasty = server.control.parent, "<script>alert(1)</script>"
    (folder / "cameras").mkdir()
    generic = (CAMERAS / "generic.toml").read_text().replace('"generic"', '"nasty"')
    (folder / "cameras" / "nasty.toml").write_text(re.sub(r"(?m)^connector = .*", f'connector = "{nasty}"', generic))
    answers = [
        phone.call("cameras", profile="nasty"),
        phone.call("preset.apply", name=nasty),
        phone.call("settings.set", key="interval.every", value=nasty),
        phone.call("settings.set", key=nasty, value="1"),
        phone.post("/find", {"name": nasty}),
    ]
    for answer in answers:
        assert nasty in str(answer.json)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", CALLS)
def test_the_table_knows_which_methods_of_the_box_may_move_a_contact(server, method):
    needs = {"thumb.hold": {"button": "back", "duration": "1s"}, "trim": {"stops": "0"}}
    params = needs.get(method, {"button": "back"} if method.startswith("thumb.") else {})
    with pytest.raises(CommandError) as refusal:
        server.ask(method, id="", **params)
    takes_stamps = refusal.value.sentence == "id must have 1 to 64 characters"
    assert takes_stamps or refusal.value.sentence.startswith(f'{method} takes no "id"')
    assert takes_stamps == (CALLS[method].is_stamped or method in OPENING)


def test_a_camera_comes_with_the_guide_to_its_set_up(phone):
    guide = phone.call("cameras", profile="D850").json["result"]["guide"]
    assert guide["usable"]
    assert guide["why"] == ""
    assert guide["head"][0].startswith("Nikon D850. Its port: ")
    assert guide["menu"][0] == "Custom Settings > a8 AF activation = AF-ON only"
    assert any(line.startswith("Drive mode: single") for line in guide["advice"])
    assert not any("\n" in line for lines in (guide["head"], guide["menu"], guide["advice"]) for line in lines)


def test_a_camera_without_steps_says_so(phone):
    guide = phone.call("cameras", profile="generic").json["result"]["guide"]
    assert len(guide["menu"]) >= 1
    assert phone.call("cameras").json["result"][0].keys() == {"id", "origin", "is_own"}


def test_a_camera_that_cannot_be_used_says_why(phone):
    unusable = next(
        row
        for row in phone.post("/find", {"name": "samsung"}).json["fitting"]
        if not row["usable"] and row["profile"] not in ("none", "unknown")
    )
    guide = phone.call("cameras", profile=unusable["profile"]).json["result"]["guide"]
    assert not guide["usable"]
    assert guide["why"].startswith(unusable["profile"])


def test_a_camera_is_found_by_its_name(phone):
    found = phone.post("/find", {"name": "d850"}).json
    assert found["choice"] == {
        "name": "Nikon D850",
        "brand": "Nikon",
        "profile": "nikon-10pin",
        "usable": True,
        "confidence": "confirmed",
        "why": "two texts or more",
    }
    assert found["fitting"][0] == found["choice"]
    assert found["near"] == []


def test_a_camera_that_several_names_fit_is_chosen_from_a_list(phone):
    found = phone.post("/find", {"name": "canon"}).json
    assert found["choice"] is None
    assert len(found["fitting"]) == 12
    assert "type the whole name" in found["text"]


def test_a_name_that_nothing_fits_offers_what_is_near(phone):
    found = phone.post("/find", {"name": "d805"}).json
    assert (found["choice"], found["fitting"]) == (None, [])
    assert found["near"]
    assert "did you mean" in found["text"]


def test_a_body_without_a_port_says_what_to_do_instead():
    row = find("D3000")["fitting"][0]
    assert not row["usable"]
    assert row["why"]


@pytest.mark.parametrize("params", [{}, {"name": ""}, {"name": 5}, {"name": "x" * 201}])
def test_a_name_is_a_text(phone, params):
    assert phone.post("/find", params).status == 400


def test_the_picture_of_a_run_is_an_image_that_runs_nothing(fires):
    assert fires.move("start", count="1", every="3s").status == 200
    with fires.watching() as watching:
        watching.wait("state", lambda state: state["status"]["release"] == "IDLE")
    runs = fires.call("log").json["result"]["runs"]
    answer = fires.get(f"/log/{runs[0]['run']}.svg")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert answer.body.startswith(b"<svg")


def test_the_picture_of_a_plan_is_an_image_that_runs_nothing(phone):
    answer = phone.get("/plan.svg?1")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert answer.body.startswith(b"<svg")


@pytest.mark.parametrize("run", ["999999", "0"])
def test_a_run_that_does_not_exist_is_refused(phone, run):
    assert phone.get(f"/log/{run}.svg").status == 409


@pytest.mark.parametrize("run", ["x", "-1", "1.5", "9" * 19, "%00", "\u0661".encode().hex("%"), "1%0a"])
def test_a_run_is_a_number(phone, run):
    assert phone.get(f"/log/{run}.svg").status == 404


def test_the_thumb_of_the_bench_presses_buttons(phone):
    idle(phone)
    with phone.watching() as watching:
        watching.wait("state")
        assert phone.move("thumb.hold", button="back", duration="500ms").status == 200
        watching.wait("event", lambda event: event["kind"] == "changed" and event["focus"] == "FOCUSING")
        watching.wait("event", lambda event: event["kind"] == "changed" and event["focus"] != "FOCUSING")
    assert phone.move("thumb.tap", button="no").status == 409
    phone.move("focus.clear")
