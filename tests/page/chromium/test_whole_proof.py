"""A whole proof on the page, from "Begin" to "Go by it": what is tapped is what an owner of the body would tap.

The bench's clock skips what a press only waits for (`page.hurry`); the rest is as in any proof.
"""

import json
import tomllib
from contextlib import ExitStack
from dataclasses import replace

import pytest
from page.patience import wait_until
from page.screens import Phone, free_port
from page.witness import witnessed
from processes import started
from support import MS

from config.cameras import Cameras
from controller.prove import text
from controller.prove.asking import next_question
from controller.prove.press import ON_BULB, PICTURES
from controller.prove.proof import Proof, from_json
from controller.prove.verdict import UNDATED, merged, overlay, verdict
from controller.simulate.proving import answer_of, prove
from hardware.timeline import Line
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks import quirks_of
from hardware.virtual.quirks_file import text_of_body

PORT = "nikon-10pin"  # of a D850
BODY = "Nikon D850"
CLOSE_ENOUGH_NS = 100 * MS  # the shortest press and lead outside of ladders are 150 and 250 ms above what it needs


def unlike_its_profile():
    """A D850 on back-button focus that needs a longer lead and press than the texts say, and has no mirror-up."""
    usual = quirks_of(Cameras().load(PORT), half_press_focuses=False)
    return replace(usual, shortest_lead_ns=250 * MS, shortest_press_ns=150 * MS, opening_lag_ns=64 * MS, mirror=None)


class Table:
    """A box whose contacts are witnessed, and its page on a phone."""

    def __init__(self, stack, folder, browser, body):
        quirks = folder / "body.toml"
        quirks.write_text(text_of_body(body))
        scene = ("--quirks", quirks)
        self.box = stack.enter_context(witnessed(folder, PORT, "bbf", bench=scene, hurried=True))
        self.state = folder / "state"
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        stack.enter_context(started("page", "--socket", self.box.socket, "--port", port, ready="http"))
        self.phone = Phone(browser, self, night=False)
        stack.callback(self.phone.close)
        self.phone.pair()

    def ask(self, method, **params):
        return self.box.ask(method, **params)

    @property
    def proof(self):
        """The proof so far, from its file."""
        return from_json(json.loads((self.state / "proof.json").read_text()))

    def await_answers(self, count):
        wait_until(lambda: len(self.proof.entries) == count)


@pytest.fixture
def body():
    return unlike_its_profile()


@pytest.fixture
def table(chromium, tmp_path, body):
    with ExitStack() as stack:
        yield Table(stack, tmp_path, chromium, body)


def label(value, most):
    """Return what the page calls an answer."""
    if value is None:
        return "I don't know"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value} or more" if value == most else f"{value}"


def say(phone, press, answer):
    """Choose, under each question of a press, what the answer says, and send it."""
    for name in press.rule.asks:
        most = press.rule.most if name == PICTURES else None
        group = phone.page.get_by_role("group", name=text.ASKS[name])
        group.get_by_label(label(getattr(answer, name), most), exact=True).check()
    phone.tap("That is what I saw")


def walk(table, owner):
    """Answer every question on the page as the owner does; returns the presses that the box was to play."""
    phone, pressed = table.phone, []
    while (press := next_question(table.proof)) is not None:
        asked = len(table.proof.entries)
        phone.see(f"Question {asked + 1}.")
        assert phone.page.locator("h2#question").inner_text() == text.closes(press)
        answer = answer_of(owner, press)
        if answer.cannot:
            phone.tap("My camera has no such setting")
        else:
            if press.timeline is not None:
                pressed.append(press)
                have_pressed(table, press, answer)
            say(phone, press, answer)
        table.await_answers(asked + 1)
    return pressed


def have_pressed(table, press, answer):
    """Have the contacts closed; the bench's camera takes what the owner sees.

    But nobody sets it to B, and on a busy machine an edge may be late: then it takes what that press is, not this one.
    """
    before, moves = table.box.pictures, len(table.box.moves)
    table.phone.tap("Ready: close them now")
    table.phone.button("That is what I saw").wait_for()
    if PICTURES in press.rule.asks and ON_BULB not in press.rule.needs and not press.steps_ms:
        table.box.rest()
        if were_on_time(table.box.moves[moves:], press):
            wait_until(
                lambda: table.box.pictures - before >= answer.pictures
            )  # the bench tells of them a little later
            assert min(table.box.pictures - before, press.rule.most) == answer.pictures


def were_on_time(moves, press):
    """Return whether each contact moved when the press wants it to, closely enough for this body."""
    late_ns = [move.at_ns - edge.at_ns for move, edge in zip(moves, press.timeline, strict=True)]
    return max(late_ns) - min(late_ns) < CLOSE_ENOUGH_NS


def fire(table):
    """Dial in focus and fire from the page; returns how many pictures the camera took of it."""
    before = table.box.pictures
    table.phone.go("Box")
    table.phone.tap("Focus is set")
    table.phone.page.locator(".fire.ready:enabled").wait_for()
    fired = table.box.closings()
    table.phone.tap("FIRE")
    wait_until(lambda: table.box.closings() > fired)
    table.box.rest()
    return table.box.pictures - before


def test_a_whole_proof_is_walked_on_the_page_and_the_box_goes_by_it(table, body):
    shipped = Cameras().layer(PORT)
    phone = table.phone
    assert fire(table) == 0  # the texts have its lead too short
    moved = len(table.box.moves)
    before = table.ask("cameras", profile=PORT)

    phone.go("Camera")
    phone.press(phone.page.get_by_role("link", name="Prove this camera"))
    phone.page.get_by_label("Which body is it, as printed on it?").fill(BODY)
    phone.tap("Begin")
    phone.see("Question 1.")
    pressed = walk(table, VirtualOwner(body))

    known = Cameras().load(PORT)
    proof = prove(Proof(PORT, BODY, known.bulb, known.mirror_up.kind), VirtualOwner(body))
    assert table.proof == proof  # nothing was lost, doubled or changed on its way from the finger to the file
    planned = [(edge.line, edge.closed) for press in pressed for edge in press.timeline]
    assert [(Line(move.line), move.closed) for move in table.box.moves[moved:]] == planned
    assert table.box.rest()["focus"] == "UNFOCUSED"
    assert table.ask("cameras", profile=PORT) == before  # nothing of it is used yet

    given = verdict(proof, shipped)
    phone.press(phone.page.get_by_text("What the answers say so far"))
    for sentence in given.sentences:
        phone.see(sentence)
    table.ask("settings.set", key="camera.back_button_focus", value="unset")
    phone.tap("Go by it")
    phone.see(f"The box goes by what was proven of {PORT}")
    rows = phone.page.locator(".camera-view li").all_inner_texts()
    assert [row.partition(" ")[0] for row in rows] == [judged.finding.key for judged in given.judged]

    phone.tap("Set and save: camera.back_button_focus true")
    phone.button("Set and save: camera.back_button_focus true").wait_for(state="detached")
    assert table.ask("settings.show", section="camera.back_button_focus")[0]["value"] == "true"
    assert "camera.back_button_focus" not in table.ask("status")["unsaved"]

    above = table.state / "cameras" / f"{PORT}.toml"
    written = overlay(given, proof, UNDATED)
    assert tomllib.loads(above.read_text()) == written.document(shipped)
    goes_by = table.ask("cameras", profile=PORT)
    assert goes_by["origin"] == str(above)
    assert {row["key"] for row in goes_by["proven"]} == {key for key, _ in written.values}
    assert goes_by["lead_ns"] == merged(shipped, written, PORT).lead_ns > before["lead_ns"]
    assert fire(table) == 1
    assert "THE LENS MOVED" not in table.box.told
