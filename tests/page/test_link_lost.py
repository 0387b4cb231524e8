"""The link between phone and box is lost: the box goes on, and nothing comes late. Real sockets, a real kernel."""

import json
from contextlib import ExitStack
from time import monotonic_ns

import pytest
from journals import frames_of
from page.air import HOW, Phone, linked
from page.patience import wait_until
from page.witness import spans, witnessed
from support import MS, S

QUICK = "half_press_lead_ms = 20\nshutter_default_ms = 60\nmin_gap_ms = 60\n"
MORE = {
    "bbf": '[interval]\nevery = "500ms"\ncount = 8\ntolerance = "490ms"\n',  # the machine may be busy
    "factory": 'continuous_af = true\n[focus]\nmode = "continuous"\n',  # no lock keeps FOCUS closed
}
WITHIN_NS = 2 * S


class Scene:
    """A box, its page, the link, and a phone that is paired."""

    def __init__(self, stack, folder, body):
        self.link = stack.enter_context(linked())
        self.box = stack.enter_context(witnessed(folder, "nikon-mc-dc2", body, MORE[body], QUICK))
        self.page = stack.enter_context(self.link.page(self.box.socket))
        self.phone = Phone(self.link, self.page).pair()

    def dial_in(self):
        self.box.ask("focus.hold", duration="400ms")
        wait_until(lambda: self.box.ask("status")["focus"] == "DIALLED_IN")
        self.box.rest()

    def closings(self, line="shutter"):
        return sum(move.line == line and move.closed for move in self.box.moves)

    @property
    def is_looked_at(self):
        """Whether the daemon has the server of the page as a client: it does while somebody looks on."""
        return any(each["name"] == "page" for each in self.box.ask("clients")["clients"])


@pytest.fixture
def scene_of(tmp_path):
    with ExitStack() as stack:
        yield lambda body: Scene(stack, tmp_path, body)


@pytest.mark.parametrize("how", HOW)
def test_a_run_goes_on_without_the_phone_which_finds_all_current_when_it_is_back(scene_of, how):
    scene = scene_of("bbf")
    scene.dial_in()
    with scene.phone.watching() as watching:
        assert watching.wait("state")["status"]["run"] is None
        assert scene.phone.move("start").status == 200
        watching.wait("state", lambda state: state["status"]["run"] is not None)
        assert scene.is_looked_at
        scene.link.lose(how)
        wait_until(lambda: scene.box.ask("status")["run"] is None)
        wait_until(lambda: scene.box.ask("log")["runs"][0]["outcome"] == "finished")
        assert frames_of(scene.box.journal) == dict.fromkeys(range(8), "fired")
        wait_until(lambda: not scene.is_looked_at)  # the server gives up a phone that has gone without a word
        scene.link.restore()
        back_ns = monotonic_ns()
        with scene.phone.watching() as anew:
            name, state = next(anew.messages())
    assert name == "state"
    assert state["now_ns"] >= back_ns
    assert (state["status"]["run"], state["says"]["run"]) == (None, None)
    assert scene.closings() == 8


@pytest.mark.parametrize("how", HOW)
def test_a_frame_asked_for_over_a_lost_link_is_not_fired_when_the_link_is_back(scene_of, how):
    scene = scene_of("bbf")
    scene.dial_in()
    connection = scene.phone.connection()
    connection.connect()
    scene.link.lose(how)
    until_ns = monotonic_ns() + WITHIN_NS
    body = json.dumps({"not_after_ns": until_ns, "id": "0123456789abcdef"}).encode()
    connection.request("POST", "/call/fire", body, scene.phone.headers())
    wait_until(lambda: monotonic_ns() > until_ns)
    scene.link.restore()  # now the phone's kernel sends again what was not acknowledged
    answer = connection.getresponse()
    error = json.loads(answer.read())["error"]
    connection.close()
    assert answer.status == 409
    assert "too late, so nothing was done" in error["text"]
    scene.box.rest()
    assert scene.closings() == 0
    assert scene.phone.move("fire").status == 200
    wait_until(lambda: scene.closings() == 1)


def test_a_frame_whose_answer_is_lost_is_fired_once(scene_of):
    scene = scene_of("bbf")
    scene.dial_in()
    connection = scene.phone.connection()
    connection.connect()
    params = {"not_after_ns": monotonic_ns() + WITHIN_NS, "id": "0123456789abcdef"}
    connection.request("POST", "/call/fire", json.dumps(params).encode(), scene.phone.headers())
    scene.link.lose("silent")
    connection.close()
    scene.link.restore()
    again = scene.phone.call("fire", **params)  # as a browser may do by itself
    assert again.status in (200, 409)
    scene.box.rest()
    assert scene.closings() <= 1
    if again.status == 200 or "second time" in again.json["error"]["text"]:
        assert scene.closings() == 1


def test_a_timed_focus_ends_by_itself_when_the_phone_has_gone(scene_of):
    scene = scene_of("factory")
    assert scene.phone.move("focus.hold", duration="1500ms").status == 200
    wait_until(lambda: scene.closings("focus") == 1)
    scene.link.lose("silent")
    scene.box.rest()
    [(closed_ns, opened_ns)] = spans(scene.box.moves, "focus")
    assert opened_ns - closed_ns <= 1500 * MS + S  # its timeline opens it a second after it should have ended
    scene.link.restore()
    with scene.phone.watching() as watching:
        assert watching.wait("state")["status"]["focus"] == "UNFOCUSED"
