"""The link between a browser and the box is lost: they are in network namespaces of their own, and the cable is cut."""

import json
import os
import re
import signal
from contextlib import ExitStack
from time import monotonic

import pytest
from page.air import BOX, HOW, PORT, linked
from page.patience import wait_until
from page.screens import CHROMIUM, Phone
from page.witness import spans, witnessed
from support import S

from controller.prove.asking import next_question
from controller.prove.proof import from_json

CAMERA = "nikon-mc-dc2"
QUICK = "half_press_lead_ms = 20\nshutter_default_ms = 60\nmin_gap_ms = 60\n"
MORE = {
    "bbf": '[interval]\nevery = "1s"\ntolerance = "900ms"\n',  # the machine may be busy
    "factory": 'continuous_af = true\n[focus]\nmode = "continuous"\n',  # no lock keeps FOCUS closed
}
LOST = "No link to the box. It goes on by itself."


class Table:
    """A box and its page on one side of a link, a phone with the page open on the other."""

    address = f"http://{BOX}:{PORT}"

    def __init__(self, stack, folder, link, browser, body, profile):
        self.link = link
        self.box = stack.enter_context(witnessed(folder, CAMERA, body, MORE[body], profile))
        stack.enter_context(link.page(self.box.socket))
        self.phone = Phone(browser, self, night=False)
        stack.callback(self.phone.close)
        self.phone.pair()

    def ask(self, method, **params):
        return self.box.ask(method, **params)

    def closings(self, line="shutter"):
        return self.box.closings(line)

    def await_lost(self):
        """Wait until the page shows that it has no link; returns the seconds that this took."""
        began = monotonic()
        shown = "text => document.body.innerText.includes(text)"
        self.phone.page.wait_for_function(shown, arg=LOST, polling=20)  # a locator looks every 500 ms
        taken = monotonic() - began
        enabled = self.phone.page.locator("button:enabled, input:enabled, a[href]")
        assert enabled.all_text_contents() == ["Try again"]
        return taken

    def find(self):
        """Restore the link, and wait until the page has the box's state; returns the seconds that this took."""
        self.link.restore()
        began = monotonic()
        self.phone.wait_until_live()
        return monotonic() - began


@pytest.fixture(scope="module")
def link():
    with linked() as link:
        yield link


@pytest.fixture(scope="module")
def browser(chromium, link, tmp_path_factory):
    """A chromium on the phone's side of the link."""
    started = tmp_path_factory.mktemp("phone") / "chromium-on-the-phone"
    started.write_text(f'#!/bin/sh\nexec ip netns exec {link.phone} {CHROMIUM} "$@"\n')
    started.chmod(0o755)
    browser = chromium.browser_type.launch(executable_path=started, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def table_of(browser, link, tmp_path):
    with ExitStack() as stack:
        yield lambda body, profile=QUICK: Table(stack, tmp_path, link, browser, body, profile)
    link.restore()


def dial_in(table):
    table.ask("focus.hold", duration="400ms")
    wait_until(lambda: table.ask("status")["focus"] == "DIALLED_IN")
    table.box.rest()


@pytest.mark.parametrize("how", HOW)
def test_a_run_goes_on_while_the_link_is_lost_and_is_current_when_it_is_back(table_of, how):
    table = table_of("bbf")
    dial_in(table)
    table.phone.tap("Start run")
    table.phone.see("1 fired")
    table.link.lose(how)
    lost = table.await_lost()
    fired = table.closings()
    wait_until(lambda: table.closings() >= fired + 2)
    back = table.find()
    run = table.ask("status")["run"]
    table.phone.page.get_by_text(re.compile(f"^({run['fired']}|{run['fired'] + 1}) fired, 0 skipped")).wait_for()
    table.phone.tap("Stop")
    table.phone.see("Nothing is running")
    print(f"{how}: shown as lost after {lost:.1f} s, current {back:.1f} s after the link's return")


@pytest.mark.parametrize("how", HOW)
def test_a_finger_on_fire_while_the_link_is_lost_fires_nothing_later(table_of, how):
    table = table_of("bbf")
    dial_in(table)
    table.phone.page.locator(".fire.ready").wait_for()
    table.link.lose(how)
    table.phone.tap("FIRE")
    table.phone.see("The box did not answer")
    table.await_lost()
    table.find()
    wait_until(lambda: table.link.unsent == 0)  # whatever the phone's kernel still sends has come
    table.phone.go("Plan")
    table.phone.page.locator(".verdict").wait_for()
    table.box.rest()
    assert table.closings() == 0
    table.phone.go("Box")
    table.phone.tap("FIRE")
    wait_until(lambda: table.closings() == 1)


def test_a_timed_focus_ends_by_itself_while_the_link_is_lost(table_of):
    table = table_of("factory")
    table.phone.tap("Focus now")
    wait_until(lambda: table.closings("focus") == 1)
    table.link.lose("silent")
    table.box.rest()
    [(closed_ns, opened_ns)] = spans(table.box.moves, "focus")
    assert opened_ns - closed_ns <= 31 * S  # the longest hold, and what its timeline gives main to end it
    table.await_lost()
    table.find()
    table.phone.button("Focus now").and_(table.phone.page.locator(":enabled")).wait_for()


@pytest.fixture
def asked(table_of):
    """A phone with the first question of a proof, which is of a shipped profile."""
    table = table_of("bbf", profile="")
    table.phone.go("Camera")
    table.phone.press(table.phone.page.get_by_role("link", name="Prove this camera"))
    table.phone.page.get_by_label("Which body is it, as printed on it?").fill("Nikon D750")
    table.phone.tap("Begin")
    table.phone.see("Question 1.")
    return table


@pytest.fixture
def chosen(asked):
    """The same once it is pressed, and the answers are chosen but not sent."""
    asked.phone.tap("Ready: close them now")
    choose(asked.phone)
    return asked


def choose(phone):
    """Choose what the camera of this bench shows at the first question: it takes two pictures, and focuses nothing."""
    for question, seen in (("How many", "2"), ("Did the lens move", "No"), ("Did the first one come late", "No")):
        phone.page.get_by_role("group", name=re.compile(question)).get_by_label(seen, exact=True).check()


def planned(table):
    """The moves of the contacts that the question's press is to make; nobody but a test looks at the press."""
    press = next_question(from_json(json.loads((table.box.journal.parent / "proof.json").read_text())))
    return [(edge.line.value, edge.closed) for edge in press.timeline]


def answers(table):
    return table.ask("proof")["asked"]


def tap_and_lose_the_reply(table, name, method):
    """Have the box do what a button asks for, and the phone not hear of it."""
    daemon = table.box.process.pid
    os.kill(daemon, signal.SIGSTOP)
    try:
        with table.phone.page.expect_request(f"**/call/{method}"):
            table.phone.tap(name)
        wait_until(lambda: table.link.unsent == 0)
        table.link.lose("silent")
    finally:
        os.kill(daemon, signal.SIGCONT)


def send_until_the_next_question(table):
    """Do as a finger that taps as long as it still sees the question, whether its answer has come or not."""
    wait_until(lambda: table.link.unsent == 0)  # whatever the phone's kernel still sends has come
    page = table.phone.page
    send = page.locator("button.main:enabled", has_text="That is what I saw")

    def sent():
        send.evaluate_all("buttons => buttons.forEach(button => button.click())")
        return page.get_by_text("Question 2.").count()

    wait_until(sent)
    table.phone.button("Ready: close them now").and_(page.locator(":enabled")).wait_for()
    assert page.locator("h2#question").inner_text() == table.ask("proof")["question"]["closes"]


@pytest.mark.parametrize("how", HOW)
def test_a_press_of_a_proof_ends_by_itself_while_the_link_is_lost_and_its_question_waits(asked, how):
    moves = planned(asked)
    asked.phone.tap("Ready: close them now")
    wait_until(lambda: asked.closings("focus") == 1)
    asked.link.lose(how)
    assert len(asked.box.moves) < len(moves)
    assert asked.box.rest()["lines"] == {"focus": "open", "shutter": "open"}
    asked.await_lost()
    assert [(move.line, move.closed) for move in asked.box.moves] == moves
    assert answers(asked) == 0
    asked.find()
    choose(asked.phone)
    asked.phone.tap("That is what I saw")
    asked.phone.see("Question 2.")
    assert answers(asked) == 1
    assert len(asked.box.moves) == len(moves)  # nothing has been pressed again


@pytest.mark.parametrize("how", HOW)
def test_an_answer_to_a_proof_that_is_sent_while_the_link_is_lost_is_not_counted_twice(chosen, how):
    moves = len(chosen.box.moves)
    chosen.link.lose(how)
    chosen.phone.tap("That is what I saw")
    chosen.await_lost()
    chosen.phone.see("The box did not answer, so it is not known whether it did this")
    assert answers(chosen) == 0
    chosen.find()
    send_until_the_next_question(chosen)
    assert answers(chosen) == 1
    assert len(chosen.box.moves) == moves


def test_an_answer_to_a_proof_whose_reply_is_lost_is_counted_once(chosen):
    tap_and_lose_the_reply(chosen, "That is what I saw", "proof.answer")
    wait_until(lambda: answers(chosen) == 1)
    chosen.await_lost()
    chosen.find()
    send_until_the_next_question(chosen)
    assert answers(chosen) == 1


def test_a_press_of_a_proof_whose_reply_is_lost_is_not_asked_for_again(asked):
    moves = planned(asked)
    tap_and_lose_the_reply(asked, "Ready: close them now", "proof.press")
    wait_until(lambda: asked.closings("focus") == 1)
    asked.box.rest()
    asked.await_lost()
    asked.find()
    choose(asked.phone)
    assert [(move.line, move.closed) for move in asked.box.moves] == moves
