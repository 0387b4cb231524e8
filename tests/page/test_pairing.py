import threading

import pytest
from page.browser import Browser
from page.patience import wait_until

from controller.errors import CommandError
from controller.page.pairing import browser_name

COOKIE = "HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000"


def press_run(server):
    while True:
        try:
            return server.ask("thumb.tap", button="run")
        except CommandError as error:  # it is still down from the last press
            assert "pressed already" in error.sentence


def wait(browser, request):
    """Ask for the result as a page does, until there is one."""
    while (answer := browser.post("/pair/wait", {"request": request})).json.get("state") == "waiting":
        pass
    return answer


@pytest.fixture
def asked(server, stranger):
    """A stranger that has asked to be paired, and the name of its request; the wait is over after the test."""
    answer = stranger.post("/pair")
    assert answer.status == 200, answer.body
    request = answer.json["request"]
    yield stranger, request

    def is_over():
        return server.ask("pairing.result", request=request)["state"] != "waiting"

    if not is_over():
        press_run(server)  # once: another press would pair the phone of the next test
        wait_until(is_over)


@pytest.mark.parametrize("path", ["/events", "/log/1.svg", "/plan.svg"])
def test_who_is_not_paired_sees_nothing(stranger, path):
    answer = stranger.get(path)
    assert (answer.status, answer.word) == (401, "unpaired")
    assert "pair it first" in answer.json["error"]["text"]


@pytest.mark.parametrize("path", ["/call/status", "/call/fire", "/call/no.such", "/find", "/unpair"])
def test_who_is_not_paired_does_nothing(stranger, path):
    answer = stranger.post(path)
    assert (answer.status, answer.word) == (401, "unpaired")


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "../../etc/passwd", "a" * 5000, '"', "\x01" * 32, "{}"])
def test_a_cookie_that_is_no_token_is_refused(stranger, token):
    stranger.token = token
    assert stranger.get("/events").status == 401


def test_a_press_of_run_pairs(server, asked):
    phone, request = asked
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(wait(phone, request)))
    waiting.start()
    press_run(server)
    waiting.join()
    assert answers[0].status == 200
    assert answers[0].json["state"] == "paired"
    assert "token" not in answers[0].json
    assert answers[0].headers["Set-Cookie"] == f"backbutton={phone.token}; {COOKIE}"
    assert phone.call("status").status == 200
    assert server.ask("status")["release"] == "IDLE"


def test_the_box_says_what_to_do(server, asked):
    _, request = asked
    assert server.ask("pairing.result", request=request)["state"] == "waiting"


def test_a_second_phone_has_to_wait(server, asked):
    answer = Browser(server).post("/pair")
    assert (answer.status, answer.word) == (409, "refused")
    assert "another phone is being paired" in answer.json["error"]["text"]


def test_the_token_is_told_once(server, asked):
    phone, request = asked
    press_run(server)
    assert wait(phone, request).json["state"] == "paired"
    again = wait(Browser(server), request)
    assert again.json["state"] == "over"
    assert "Set-Cookie" not in again.headers


def test_a_request_that_nobody_made_is_over(stranger):
    answer = stranger.post("/pair/wait", {"request": "0" * 32})
    assert (answer.status, answer.json["state"]) == (200, "over")


def test_a_link_pairs_once(server, stranger):
    code = server.ask("pairing.link")["code"]
    answer = stranger.post("/pair/link", {"code": code})
    assert answer.json == {"state": "paired"}
    assert COOKIE in answer.headers["Set-Cookie"]
    assert stranger.call("status").status == 200
    again = Browser(server).post("/pair/link", {"code": code})
    assert (again.status, again.word) == (409, "refused")
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize(
    "params", [{}, {"code": ""}, {"code": 1}, {"code": None}, {"code": "x" * 201}, {"code": ["x"]}]
)
def test_a_code_is_a_text(stranger, params):
    assert stranger.post("/pair/link", params).status == 400


def test_the_box_knows_the_phone_by_a_short_name(server):
    Browser(server, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) <script>alert(1)</script>").pair()
    assert server.ask("pairing.list")["phones"][-1]["name"] == "iPhone"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Safari/604.1", "iPad"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/126.0.0.0 Mobile Safari/537.36", "Android phone"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/126.0.0.0 Safari/537.36", "Android tablet"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15", "Safari on a Mac"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/126.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        ("curl/8.14", "a browser"),
        ("", "a browser"),
        ("Windows", "a browser on Windows"),
        ("Firefox/1", "Firefox"),
        ("x" * 10_000 + "iPhone", "a browser"),
    ],
)
def test_a_browser_is_named_by_what_it_says(agent, name):
    assert browser_name(agent) == name


def test_who_unpairs_sees_nothing_more(server):
    phone = Browser(server).pair()
    other = Browser(server).pair()
    token = phone.token
    answer = phone.post("/unpair")
    assert answer.status == 200
    assert answer.headers["Set-Cookie"] == "backbutton=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0"
    phone.token = token
    assert phone.call("status").status == 401
    assert other.call("status").status == 200


def test_a_stream_ends_when_its_token_is_removed(server):
    phone, other = Browser(server).pair(), Browser(server).pair()
    with phone.watching() as watching, other.watching() as staying:
        watching.wait("state")
        number = len(server.ask("pairing.list")["phones"]) - 1
        server.ask("pairing.remove", number=number)
        assert "no longer paired" in watching.wait("unpaired")["text"]
        assert list(watching.messages()) == []
        staying.wait("event", lambda event: event["kind"] == "pairing")
        staying.wait("state", lambda state: state["phones"] == 1)
    assert phone.get("/events").status == 401


def test_no_token_travels_in_a_body(phone):
    assert phone.call("pairing.remove", token=phone.token).status == 400
    assert phone.call("pairing.check", token=phone.token).status == 404


def test_the_paired_phones_are_listed_and_one_is_removed(server, phone):
    gone = Browser(server, agent="iPad").pair()
    phones = phone.call("pairing.list").json["result"]["phones"]
    (number,) = (each["number"] for each in phones if each["name"] == "iPad")
    assert phone.call("pairing.remove", number=number).status == 200
    assert gone.get("/events").status == 401
    assert phone.call("status").status == 200
