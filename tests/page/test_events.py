import itertools
import signal
import time

import pytest
from page.browser import Browser, make_static, serving
from processes import daemon


def test_a_stream_begins_with_the_state_of_the_box(server, phone):
    before = time.monotonic_ns()
    with phone.watching() as watching:
        assert watching.answer.headers["Content-Type"] == "text/event-stream"
        assert watching.answer.headers["Cache-Control"] == "no-store"
        name, state = next(watching.messages())
    assert name == "state"
    assert state.keys() == {"status", "says", "phones", "now_ns"}
    assert before < state["now_ns"] < time.monotonic_ns()
    assert state["phones"] == 1
    assert state["status"]["bench"]
    assert state["says"].keys() == {
        "state",
        "camera",
        "run",
        "frame",
        "next",
        "ends",
        "exposure",
        "step",
        "off",
        "mirror",
        "sync",
        "hint",
        "last",
    }
    assert state["says"]["state"] == "focus is not dialled in; nothing is running"
    assert state["says"]["hint"] == "focus with the camera, then tap: focus is set"


def test_a_state_comes_though_nothing_happens(phone):
    with phone.watching() as watching:
        states = [state["now_ns"] for _, state in itertools.islice(watching.messages(), 3)]
    assert states == sorted(set(states))


def test_an_event_of_the_box_comes_with_its_sentence_and_a_new_state(server, phone):
    with phone.watching() as watching:
        watching.wait("state")
        server.ask("settings.set", key="interval.every", value="11s")
        event = watching.wait("event")
        assert event["kind"] == "set"
        assert event["text"].startswith("interval.every is now 11s")
        watching.wait("state", lambda state: "interval.every" in state["status"]["unsaved"])


def test_a_refusal_is_remembered_as_the_last(phone):
    with phone.watching() as watching:
        watching.wait("state")
        assert phone.move("resume").status == 409
        told = watching.wait("event", lambda event: event["kind"] == "refused")
        state = watching.wait("state", lambda state: state["says"]["last"] is not None)
        assert state["says"]["last"] == told["text"]


def test_two_phones_are_told_the_same_and_counted(server, phone):
    other = Browser(server, agent="iPad").pair()
    with phone.watching() as first, other.watching() as second:
        assert first.wait("state", lambda state: state["phones"] == 2)
        assert other.call("settings.set", key="interval.count", value="33").status == 200
        events = [watching.wait("event", lambda event: event["kind"] == "set") for watching in (first, second)]
        assert events[0] == events[1]
        second.__exit__()
        first.wait("state", lambda state: state["phones"] == 1)


def test_two_streams_of_one_phone_are_one_phone(phone):
    with phone.watching() as first, phone.watching() as second:
        assert second.wait("state")["phones"] == 1
        assert first.wait("state")["phones"] == 1


def test_a_fifth_stream_of_one_phone_is_refused(phone):
    with phone.watching(), phone.watching(), phone.watching(), phone.watching() as last:
        answer = phone.get("/events")
        assert (answer.status, answer.word) == (429, "busy")
        assert answer.headers["Retry-After"] == "1"
        last.wait("state")


def test_only_the_head_of_a_stream_can_be_asked_for(phone):
    headers = phone.headers(Origin=None, Content_Type=None)
    assert phone.send("HEAD", "/events", headers=headers).status == 200


def test_the_box_is_asked_only_while_somebody_looks(server, phone):
    def clients():
        return [client["name"] for client in server.ask("clients")["clients"]]

    with phone.watching() as watching:
        watching.wait("state")
        assert clients() == ["page"]
    deadline = time.monotonic() + 20
    while clients():
        assert time.monotonic() < deadline


@pytest.fixture
def apart(tmp_path):
    """The page's server, and what starts its daemon."""
    static = make_static(tmp_path / "static")
    with serving(tmp_path / "control.sock", static) as page:
        yield page, lambda: daemon(tmp_path)


def test_a_daemon_that_is_gone_is_told_every_second_and_found_again(apart):
    page, box = apart
    phone = Browser(page)
    with box():
        phone.pair()
    with phone.watching() as watching:
        for _ in range(2):
            assert watching.wait("offline")["text"].startswith("the box's own program cannot be reached")
        answer = phone.call("status")
        assert (answer.status, answer.word) == (503, "offline")
        with box():
            watching.wait("state")
            with phone.watching() as other:
                other.wait("state")
            assert phone.call("status").status == 200
        watching.wait("offline")


def test_a_daemon_that_hangs_is_told_as_one_that_is_gone(apart):
    page, box = apart
    phone = Browser(page)
    with box() as process:
        phone.pair()
        with phone.watching() as watching:
            watching.wait("state")
            process.send_signal(signal.SIGSTOP)
            watching.wait("offline")
            assert phone.call("status").word == "offline"
            process.send_signal(signal.SIGCONT)
            watching.wait("state")


def test_a_phone_that_is_not_paired_learns_it_when_the_daemon_is_back(apart):
    page, box = apart
    phone = Browser(page)
    phone.token = "f" * 64
    with phone.watching() as watching:
        watching.wait("offline")
        with box():
            assert "no longer paired" in watching.wait("unpaired")["text"]
            assert list(watching.messages()) == []


def test_strangers_are_told_that_the_daemon_is_gone(apart):
    page, _ = apart
    answer = Browser(page).post("/pair")
    assert (answer.status, answer.word) == (503, "offline")
