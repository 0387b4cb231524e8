"""`prove` at the prompt and in line mode, with the box's own methods on the virtual bench and a virtual owner."""

import json
from dataclasses import replace

import pytest
from evening import Evening, S
from random_proofs import drawn

from config.store import SettingsStore
from controller.console.answer import NOTHING
from controller.console.commands import Session, execute
from controller.console.prove.interactive import InteractiveProof
from controller.errors import CommandError
from controller.prove.asking import next_question
from controller.prove.proof import Proof, from_json
from controller.prove.verdict import merged, overlay, verdict
from controller.simulate.proving import answer_of, prove
from hardware.timeline import Line
from hardware.virtual.owner import VirtualOwner

CAMERA, BODY = "canon-e3", "Canon EOS R6"
PRESS, OVER = "Enter closes the contacts> ", "go by it? (Enter is yes; b, q, parts, drop)> "


class Walk(Evening):
    """A walk on a box that keeps its state in a folder."""

    def __init__(self, folder):
        self.folder = folder
        super().__init__(camera=CAMERA)
        self.walk = InteractiveProof(self.call)

    def _new_store(self):
        return SettingsStore(self.folder / "config.toml", self.folder)

    def call(self, method, **params):
        reply = self.stage.methods.call(method, params)
        self.wait(0)
        return reply

    def say(self, *lines):
        """Type these lines; return the last answer."""
        return [self.walk.handle(line) for line in lines][-1]

    def press(self):
        """Press Enter, and wait until the contacts are open."""
        answer = self.say("")
        assert answer.lines[0].startswith("The box closes its contacts now"), answer
        assert self.release == "PROVING"
        self.wait(600 * S)
        assert self.release == "IDLE"
        return answer

    def line(self, line):
        """Carry out a line of line mode."""
        return execute(Session(self.call), line)

    @property
    def question(self):
        """The press that is asked for; nobody but a test looks at it."""
        return next_question(from_json(json.loads((self.folder / "proof.json").read_text())))

    @property
    def entries(self):
        return json.loads((self.folder / "proof.json").read_text())["entries"]

    @property
    def is_open(self):
        return not any(self.stage.bench.lines.is_closed(line) for line in Line)


@pytest.fixture
def box(tmp_path):
    return Walk(tmp_path)


@pytest.fixture
def asked(box):
    """A walk at its first question."""
    box.say("prove", BODY)
    return box


def typed(press, answer, unknown="?"):
    """What an owner types, each answer by one key."""
    values = [getattr(answer, name) for name in press.rule.asks if name != "lags_ns"]
    keys = {None: unknown, True: "y", False: "n"}
    return [str(value) if type(value) is int else keys[value] for value in values]


def flat(answer):
    return " ".join(" ".join((*answer.lines, answer.text)).split())


@pytest.mark.parametrize("seed", [2, 7])
def test_a_walk_to_the_end_goes_by_what_the_answers_prove(box, seed):
    body = replace(drawn(seed), mistakes=frozenset())
    owner, layer = VirtualOwner(body, seed=seed), box.engine.store.cameras.layer(CAMERA)
    before = box.engine.setup.profile
    box.say("prove", BODY)
    for _ in range(100):
        if box.walk.prompt == OVER:
            break
        press = box.question
        answer = answer_of(owner, press)
        if answer.cannot:
            box.say("none")
            continue
        if press.timeline is not None:
            box.press()
        assert box.engine.setup.profile == before  # nothing half-learnt is used
        box.say(*typed(press, answer))
    proof = prove(Proof(CAMERA, BODY, "hold", "press-press"), VirtualOwner(body, seed=seed))
    above = overlay(verdict(proof, layer), proof, "2026-06-21")
    told = box.say("")
    assert told.text == f"the box goes by what was proven of {CAMERA}"
    assert all(key in flat(told) for key, _ in above.values)
    assert box.engine.setup.profile == merged(layer, above, CAMERA)
    assert (box.walk.prompt, box.walk.leave()) == ("", NOTHING)


def test_it_says_what_it_is_and_closes_nothing_before_enter(box):
    answer = box.say("prove")
    assert "Nothing is closed before you press Enter." in flat(answer)
    assert box.walk.prompt == f"body (Enter is {CAMERA})> "
    shown = flat(box.say(BODY))
    for text in ("Question 1:", "turn it well out of focus", "The box closes", "All is open after", "Then: How many"):
        assert text in shown
    assert box.walk.prompt == PRESS
    assert (box.shutter, box.is_open) == ([], True)


def test_the_answers_of_a_question_are_asked_one_by_one_or_typed_in_one_line(asked):
    assert asked.press().lines[1] == "How many pictures are new? (3 is 3 or more)"
    assert asked.walk.prompt == "0 to 3 or ?> "
    assert asked.say("2").lines == ("Did the lens move?",)
    assert asked.walk.prompt == "y, n or ?> "
    assert asked.say("n").lines == ("Did the first one come late, more than 2 s after its press?",)
    asked.say("?")
    asked.press()
    asked.say("0 n ?")
    assert [row["answer"] for row in asked.entries] == [
        {"pictures": 2, "moved": False},
        {"pictures": 0, "moved": False},
    ]


@pytest.mark.parametrize("word", ["x", "-1", "y", "", "100", "²", "1 y n n"])
def test_what_is_no_answer_is_not_taken(asked, word):
    asked.press()
    asked.say(word)
    assert (len(asked.entries) == 0) is (word != "1 y n n")  # the fourth is one too many, and ignored
    assert asked.is_open


def test_nothing_is_answered_while_the_contacts_are_closed(asked):
    asked.say("")
    asked.wait(S // 10)
    answer = asked.say("2 n n")
    assert (answer.word, answer.text) == ("refused", "the contacts are still closed; answer once they are open")
    asked.wait(20 * S)
    asked.say("2 n n")
    assert len(asked.entries) == 1


@pytest.mark.parametrize("how", ["cut", "stop", "shutter"])
def test_a_press_that_is_cut_is_asked_for_again(asked, how):
    asked.say("")
    asked.wait(S // 10)
    assert not asked.is_open
    if how == "shutter":
        asked.stage.bench.thumb.press("shutter", asked.clock.now_ns() + S // 5)
        asked.wait(S // 2)
    else:
        assert asked.walk.handle(how) is None  # the walk leaves it to the console
        asked.line(how)
    assert asked.is_open
    assert asked.say("2 n n").lines[0] == "The press was cut, so it does not count."
    assert (asked.walk.prompt, asked.entries) == (PRESS, [])


def test_a_refused_press_leaves_the_question_open(asked):
    asked.call("focus.hold")
    assert "FOCUS is closed" in asked.say("").text
    assert asked.walk.prompt == PRESS
    asked.call("focus.release")
    asked.call("focus.clear")
    asked.press()


def test_back_takes_an_answer_back(asked):
    first = asked.say("b")
    assert (first.word, first.text) == ("usage", "this is the first question; q leaves the proof")
    asked.press()
    assert asked.say("2", "b").lines == ("How many pictures are new? (3 is 3 or more)",)
    asked.say("b")  # to the press
    assert asked.walk.prompt == PRESS
    asked.press()
    asked.say("2 n n")
    again = asked.say("b")
    assert again.lines[0] == "The last answer is taken back."
    assert "FOCUS, then SHUTTER, twice" in again.lines[1]
    assert asked.entries == []


def test_it_is_left_and_resumed_also_after_a_restart(asked, tmp_path):
    asked.press()
    asked.say("2 n n")
    assert asked.say("q").text == "the answers are kept, and used only once you finish; prove goes on with them"
    assert asked.walk.prompt == ""
    again = Walk(tmp_path)
    shown = again.say("prove")
    assert shown.lines[0].startswith(f"The proof of the {BODY} goes on; 1 answer so far.")
    assert "Question 2:" in flat(shown)
    assert again.shutter == []


def test_ctrl_c_leaves_it(asked):
    asked.say("")
    assert asked.walk.leave().text.startswith("the answers are kept")
    assert asked.walk.prompt == ""


def test_a_question_answered_elsewhere_is_not_pressed(asked):
    asked.call("proof.press")
    asked.wait(20 * S)
    asked.call("proof.answer", pictures=2, moved=False)
    asked.shutter.clear()
    shown = asked.say("")
    assert shown.lines[0] == "Somebody has gone on with this proof elsewhere; this is the question now."
    assert (asked.shutter, asked.release) == ([], "IDLE")


def test_all_can_be_forgotten_but_not_by_a_slip(asked):
    asked.say("drop", "n")
    assert asked.walk.prompt == PRESS
    assert asked.say("drop", "y").text == "the proof is forgotten; the box goes by what it went by before"
    assert asked.call("proof")["state"] == "none"


def test_a_damaged_file_is_told(box, tmp_path):
    (tmp_path / "proof.json").write_text("{")
    answer = box.say("prove")
    assert "forget it: prove drop" in answer.text
    assert box.walk.prompt == ""


def test_line_mode_walks_the_same_way(box):
    assert box.line("prove").text == "no proof is begun; then: prove begin BODY"
    begun = box.line(f"prove begin {BODY}")
    assert begun.lines[0] == "Question 1: FOCUS, then SHUTTER, twice"
    assert begun.text == "set the camera, then: prove press"
    refused = box.line("prove answer 2 n n")
    assert (refused.word, "press first" in refused.text) == ("refused", True)
    assert box.line("prove press").text.startswith("the contacts are closed for the question, and open again in ")
    assert box.line("prove").text == "the contacts are being closed for this question; wait until they are open"
    box.wait(20 * S)
    assert box.line("prove").text == "then: prove answer, with 0 to 3 or -; y, n or -; y, n or -"
    short = box.line("prove answer 2")
    assert (short.word, short.text.startswith("this question takes 3 answers: How many")) == ("usage", True)
    assert box.line("prove answer 2 n -").lines[0].startswith("Question 2:")
    assert box.entries[0]["answer"] == {"pictures": 2, "moved": False}
    assert box.line("prove back").lines[0].startswith("Question 1:")
    assert box.line("prove press now").word == "usage"
    assert box.line("prove drop").text == "no proof is begun; then: prove begin BODY"


def test_a_setting_that_the_camera_has_not_is_an_answer(box):
    body = replace(drawn(2), mistakes=frozenset())
    owner = VirtualOwner(body, seed=2)
    reply = box.call("proof.begin", body=BODY)
    while not reply["question"]["cannot"]:
        press = box.question
        if reply["needs_press"]:
            box.call("proof.press")
            box.wait(600 * S)
        box.line(f"prove answer {' '.join(typed(press, answer_of(owner, press), '-'))}")
        reply = box.call("proof")
    assert box.line("prove").text.endswith(", or prove answer none if the camera has no such setting")
    count = len(box.entries)
    box.line("prove answer none")
    assert box.entries[count]["answer"] == {"cannot": True}


def test_errors_of_the_box_are_shown(box):
    def broken(_method, **_params):
        raise CommandError("offline", "the box does not answer")

    assert InteractiveProof(broken).handle("prove").word == "offline"


@pytest.mark.parametrize("line", ["prove press", "pro", "prove --json", "status", "", "prove ?"])
def test_other_lines_begin_no_walk(box, line):
    assert box.walk.handle(line) is None


def test_the_parts_are_listed_and_asked_alone_and_again(asked):
    asked.press()
    asked.say("2 n n")
    listed = flat(asked.say("parts"))
    assert "The parts (all are asked):" in listed
    assert "set-up what fires it, and what a half-press does: 1 answer" in listed
    assert "gap the shortest gap between two frames: not asked yet" in listed
    assert asked.walk.prompt == PRESS
    asked.say("part gap")
    assert "only gap is asked" in flat(asked.say("parts"))
    assert len(asked.entries) == 1
    asked.say("redo set-up")
    assert asked.entries == []
    asked.say("part all")
    assert "all are asked" in flat(asked.say("parts"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("part", '"part" is not possible here; type Enter, b, q, parts, finish or drop'),
        ("part gaps", '"gaps" is no part of a proof; choose from set-up, held'),
        ("redo all", '"all" is no part of a proof; choose from set-up, held'),
    ],
)
def test_a_part_that_there_is_not_is_refused(asked, line, words):
    answer = asked.say(line)
    assert words in answer.text
    assert asked.walk.prompt == PRESS


def test_line_mode_asks_a_part_alone_and_again(box):
    box.line("prove begin D850")
    assert "Question 1" in flat(box.line("prove part mirror"))
    assert box.call("proof")["part"] == "mirror"
    box.line("prove redo gap")
    assert box.call("proof")["part"] == "gap"
    missing = box.line("prove part")
    assert (missing.word, missing.text) == ("usage", "prove part needs the name of a part, like: prove part gap")
