"""The walk of a proof on the page: the box asks, closes its contacts, is told, and goes by it in the end."""

import re
from pathlib import Path

import pytest

HEADING = "h2#question"


@pytest.fixture
def walk(phone, table):
    """The first question of a proof on a phone; the proof is forgotten at the end."""
    phone.go("Camera")
    phone.page.get_by_role("link", name="Prove this camera").click()
    phone.page.get_by_label("Which body is it, as printed on it?").fill("Nikon D850")
    phone.tap("Begin")
    phone.see("Question 1.")
    yield phone
    table.ask("cut")
    table.ask("proof.drop")


def press(phone, table):
    phone.tap("Ready: close them now")
    phone.page.get_by_text("The box closes its contacts…").wait_for()
    while table.ask("status")["release"] == "PROVING":
        pass
    phone.button("That is what I saw").wait_for()


def say(phone, **answers):
    """Choose an answer to each question by its beginning, and send them."""
    for group in phone.page.get_by_role("group").filter(has=phone.page.locator("input[name^=proof-]")).all():
        name = group.locator("input").first.get_attribute("name").removeprefix("proof-")
        group.get_by_label(answers.get(name, "I don't know"), exact=True).check()
    phone.tap("That is what I saw")


def test_the_walk_is_fetched_when_it_is_opened(open_phone, table):
    phone = open_phone(table, night=False)
    fetched = []
    phone.page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    phone.pair()
    last = "() => performance.getEntriesByName(location.origin + '/static/views/log.js').length"
    phone.page.wait_for_function(last)  # of the views that are fetched before anybody opens them
    assert "camera.js" not in fetched
    phone.go("Camera")
    phone.page.get_by_role("link", name="Prove this camera").wait_for()
    assert "camera.js" in fetched
    assert "bench.js" in fetched  # this box is a virtual bench
    assert "prove.js" not in fetched
    phone.page.get_by_role("link", name="Prove this camera").click()
    phone.button("Begin").wait_for()
    assert "prove.js" in fetched


def test_a_question_is_asked_pressed_answered_and_taken_back(walk, table):
    question = table.ask("proof")["question"]
    walk.see(question["closes"])
    for sentence in question["set"]:
        walk.see(sentence)
    press(walk, table)
    assert walk.page.locator("button:disabled", has_text="That is what I saw").count() == 1  # nothing is chosen yet
    say(walk, pictures="2", moved="No", late="No")
    walk.see("Question 2.")
    assert table.ask("proof")["asked"] == 1
    assert walk.page.locator(HEADING).evaluate("heading => heading === document.activeElement")
    walk.tap("Take the last answer back")
    walk.page.get_by_role("button", name="Take the last answer back").wait_for(state="detached")
    assert table.ask("proof")["asked"] == 0


def test_an_answer_to_a_question_that_was_answered_elsewhere_is_refused(walk, table):
    press(walk, table)
    table.ask("proof.answer")
    say(walk, pictures="2", moved="No", late="No")
    walk.see("this question was answered already")
    walk.see("Question 2.")
    assert table.ask("proof")["asked"] == 1


def test_cut_opens_the_contacts_and_the_press_is_asked_for_again(walk, table):
    walk.tap("Ready: close them now")
    walk.page.get_by_text("The box closes its contacts…").wait_for()
    walk.tap("CUT")
    walk.button("Ready: close them now").wait_for()
    status = table.ask("status")
    assert status["lines"] == {"focus": "open", "shutter": "open"}
    assert table.ask("proof")["needs_press"]


def test_a_proof_is_left_and_found_again_where_it_was(walk, table):
    walk.page.get_by_role("link", name="Leave; the answers are kept").click()
    walk.page.get_by_role("link", name="Prove this camera").click()
    walk.see("Question 1.")
    walk.page.reload()
    walk.wait_until_live()
    walk.see("Question 1.")


def test_a_part_is_asked_alone_and_again(walk, table):
    press(walk, table)
    say(walk, pictures="2", moved="No", late="No")
    walk.see("Question 2.")
    walk.page.get_by_text("One part alone, or again").click()
    walk.button("Only this: gap").click()
    walk.page.get_by_text("Only gap is asked.").wait_for()
    assert table.ask("proof")["part"] == "gap"
    walk.button("Again from the start: set-up").click()
    walk.see("Question 1.")
    assert (table.ask("proof")["part"], table.ask("proof")["asked"]) == ("set-up", 0)
    walk.button("Ask all parts").click()
    walk.page.get_by_text("All parts are asked.").wait_for()
    assert table.ask("proof")["part"] == "all"


def test_axe_finds_nothing(walk):
    walk.page.get_by_text("One part alone, or again").click()
    axe = pytest.importorskip("axe_core_python", reason="axe is not asked: axe-core-python is not installed")
    walk.page.evaluate(Path(axe.__file__).with_name("axe.min.js").read_text())
    violations = walk.page.evaluate("axe.run().then(found => found.violations)")
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in violations] == []


def test_it_fits_the_narrowest_phone(walk):
    walk.page.set_viewport_size({"width": 320, "height": 640})
    assert walk.page.evaluate("document.documentElement.scrollWidth") <= 320
    walk.page.get_by_text("One part alone, or again").click()
    assert walk.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert re.match("Question 1", walk.page.locator(".camera-view .soft").first.inner_text())
