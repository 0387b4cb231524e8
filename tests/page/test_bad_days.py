"""What goes wrong between a phone and the box on a bad day, at the level of HTTP, against the real daemon."""

import itertools
import re
import secrets
from contextlib import ExitStack
from time import monotonic_ns

import pytest
from journals import frames_of
from page.browser import Browser, box_and_page, make_static, serving
from page.patience import wait_until
from page.witness import witnessed
from processes import daemon
from support import S

from controller.box.phones import MOST

HOUR_NS = 3600 * S
QUICK = "half_press_lead_ms = 20\nshutter_default_ms = 60\nmin_gap_ms = 60\n"
RUN = '[interval]\nevery = "500ms"\ncount = 12\ntolerance = "490ms"\nresume = "auto"\n'  # the machine may be busy


@pytest.fixture
def page(tmp_path):
    """A box of its own and its page: what is set and who is paired is nobody else's."""
    with box_and_page(tmp_path) as page:
        page.ask("settings.set", key="focus.interlock", value="false")
        yield page


def test_a_phone_that_slept_for_an_hour_fires_nothing_with_what_it_knew(page):
    phone = Browser(page).pair()
    slept = {"not_after_ns": monotonic_ns() - HOUR_NS, "id": secrets.token_hex(16)}
    for method, params in (("fire", {}), ("start", {}), ("focus.hold", {"duration": "500ms"}), ("calibrate", {})):
        answer = phone.call(method, **slept, **params)
        assert (answer.status, answer.word) == (409, "refused")
        assert re.match(r"this came 36\d\d\.\d+s too late, so nothing was done", answer.json["error"]["text"])
    status = page.ask("status")
    assert (status["run"], status["release"], set(status["lines"].values())) == (None, "IDLE", {"open"})
    assert phone.call("cut", **slept).status == 200  # to open the contacts late does no harm
    with phone.watching() as watching:
        state = watching.wait("state")
    assert phone.call("fire", not_after_ns=state["now_ns"] + 2 * S, id=secrets.token_hex(16)).status == 200


def test_of_two_phones_the_stale_one_changes_nothing_that_it_has_not_seen(page):
    fresh, stale = Browser(page).pair(), Browser(page).pair()
    seen = stale.call("settings.show", section="interval.every").json["result"][0]["value"]
    page.ask("settings.set", key="interval.count", value="0")
    assert fresh.call("settings.set", key="interval.every", value="7s", was=seen).status == 200
    assert fresh.move("start").status == 200
    refused = [
        stale.call("settings.set", key="interval.every", value="9s", was=seen),
        stale.move("start"),
        stale.move("fire", within_ns=-S),
    ]
    assert [answer.status for answer in refused] == [409, 409, 409]
    assert all(answer.json["error"]["text"] for answer in refused)
    assert page.ask("settings.show", section="interval.every")[0]["value"] == "7s"
    assert page.ask("status")["run"] is not None
    assert stale.call("stop").status == 200  # but whoever is there may end it
    with fresh.watching() as watching:
        watching.wait("state", lambda state: state["status"]["run"] is None)


def test_to_set_the_clock_unpairs_nobody_and_makes_no_command_late(page):
    first, other = Browser(page).pair(), Browser(page).pair()
    with first.watching() as watching:
        before = watching.wait("state")["now_ns"]
        for time in ("2031-06-01T12:00:00+02:00", "2024-01-01T00:00:00+00:00"):
            answer = other.call("clock.set", time=time)
            assert answer.status == 200, answer.body
            for phone in (first, other):
                assert phone.call("status").status == 200
        assert first.move("fire").status == 200
        assert watching.wait("state")["now_ns"] >= before
    assert len(page.ask("pairing.list")["phones"]) == 2


def test_a_phone_that_newer_ones_have_pushed_out_sees_and_does_nothing_more(page):
    oldest = Browser(page).pair()
    with oldest.watching() as watching:
        watching.wait("state")
        for _ in range(MOST):
            Browser(page).pair()
        watching.wait("unpaired")
        assert list(itertools.islice(watching.messages(), 1)) == []
    answer = oldest.move("fire")
    assert (answer.status, answer.word) == (401, "unpaired")


def test_a_box_that_has_forgotten_its_phones_tells_them_so(tmp_path):
    static = make_static(tmp_path / "static")
    with serving(tmp_path / "control.sock", static) as server:
        phone = Browser(server)
        with daemon(tmp_path):
            phone.pair()
        with phone.watching() as watching:
            watching.wait("offline")
            (tmp_path / "phones.json").unlink()
            with daemon(tmp_path):
                watching.wait("unpaired")
                assert phone.call("status").status == 401
                assert phone.pair().call("status").status == 200


def test_a_daemon_that_is_killed_under_a_run_is_shown_with_its_run_when_it_is_back(tmp_path):
    with ExitStack() as stack:
        control = tmp_path / "control.sock"
        server = stack.enter_context(serving(control, make_static(tmp_path / "static")))
        with witnessed(tmp_path, "canon-e3", "bbf", RUN, QUICK) as box:
            phone = Browser(server).pair()
            box.ask("focus.hold", duration="400ms")
            wait_until(lambda: box.ask("status")["focus"] == "DIALLED_IN")
            watching = stack.enter_context(phone.watching())
            stamps = {"not_after_ns": monotonic_ns() + 2 * S, "id": secrets.token_hex(16)}
            assert phone.call("start", **stamps).status == 200
            watching.wait("state", lambda state: (state["status"]["run"] or {"fired": 0})["fired"] >= 2)
            box.process.kill()
            watching.wait("offline")
            assert phone.call("status").word == "offline"
        closed = sum(move.line == "shutter" and move.closed for move in box.moves)
        with witnessed(tmp_path, "canon-e3", "bbf", RUN, QUICK) as box:
            state = watching.wait("state")
            assert state["status"]["run"] is not None
            assert phone.call("start", **stamps).status == 409  # the same press again: a run is in progress
            watching.wait("state", lambda state: state["status"]["run"] is None)
            wait_until(lambda: box.ask("log")["runs"][0]["outcome"] == "finished")
        closed += sum(move.line == "shutter" and move.closed for move in box.moves)
        outcomes = [*frames_of(box.journal).values()]
    assert outcomes.count("fired") <= closed <= outcomes.count("fired") + outcomes.count("unknown")
    assert outcomes.count("fired") > 2
