"""A proof over the methods of the control socket: questions, presses, answers, and what is used of it, and when."""

import json
from dataclasses import replace

import pytest
from evening import Evening, S
from random_proofs import drawn

from config.store import SettingsStore
from controller.box.proof_desk import ProofDesk
from controller.core.events import InterruptedRunFound
from controller.errors import CommandError
from controller.prove.asking import next_question
from controller.prove.press import Press
from controller.prove.proof import Proof, from_json
from controller.prove.verdict import merged, overlay, verdict
from controller.simulate.proving import answer_of, prove
from hardware.timeline import Line
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks import SWAPPED, TIMER

CAMERA = "canon-e3"
BODY = "Canon EOS R6"
ASKED = ("pictures", "moved", "late", "is_long", "lit")


class Box(Evening):
    """An evening with a folder for its state, focus cleared, whose contacts are watched."""

    def __init__(self, folder, **scene):
        self.folder = folder
        self.moves = []
        super().__init__(camera=CAMERA, **scene)
        self.call("focus.clear")
        self.moves.clear()

    def _new_store(self):
        return SettingsStore(self.folder / "config.toml", self.folder)

    def on_change(self, change):
        super().on_change(change)
        self.moves.append((change.line, change.closed))

    def call(self, method, **params):
        reply = self.stage.methods.call(method, params)
        self.wait(0)
        return reply

    def press(self):
        """Have the contacts closed for the question, and wait until they are open."""
        reply = self.call("proof.press")
        assert self.release == "PROVING"
        self.wait(reply["seconds"] * S)
        assert self.release == "IDLE"

    @property
    def question(self):
        return self.call("proof")["question"]

    @property
    def is_open(self):
        return not any(self.stage.bench.lines.is_closed(line) for line in Line)

    @property
    def profile(self):
        return self.engine.setup.profile


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path)


def press_of(box):
    """The press that the desk asks for; nobody but a test looks at it."""
    rows = json.loads((box.folder / "proof.json").read_text())
    return next_question(from_json(rows))


def said_of(answer):
    """The parameters that say an answer."""
    said = {name: getattr(answer, name) for name in ASKED if getattr(answer, name) is not None}
    return said | ({"cannot": True} if answer.cannot else {})


def prove_all(box, owner):
    """Answer all questions as that owner does, each after its press; returns how many there were."""
    reply = box.call("proof.begin", body=BODY)
    count = 0
    while reply["question"] is not None:
        if reply["needs_press"]:
            box.press()
        answer = answer_of(owner, press_of(box))
        reply = box.call("proof.answer", **said_of(answer))
        count += 1
        assert count < 100
    assert reply["state"] == "over"
    return count


@pytest.mark.parametrize("seed", [2, 5])
def test_a_whole_proof_over_the_socket_yields_what_the_pure_one_does(box, seed):
    body = replace(drawn(seed), mistakes=frozenset())
    asked = prove_all(box, VirtualOwner(body, seed=seed))
    proof = prove(Proof(CAMERA, BODY, "hold", "press-press"), VirtualOwner(body, seed=seed))
    assert asked == len(proof.entries)
    layer = box.engine.store.cameras.layer(CAMERA)
    above = overlay(verdict(proof, layer), proof, "2026-06-21")
    before = box.profile
    assert before.proof == ()
    finished = box.call("proof.finish")
    assert box.profile == merged(layer, above, CAMERA)
    assert box.profile != before
    taken = {row["key"] for row in finished["judged"] if row["is_taken"]}
    assert {key for key, _ in above.values} <= taken
    assert (
        SettingsStore(box.folder / "config.toml", box.folder).cameras.load(CAMERA) == box.profile
    )  # after a restart


def test_nothing_half_learnt_is_used_and_a_restart_goes_on_with_the_question(tmp_path):
    box = Box(tmp_path)
    before = box.profile
    box.call("proof.begin", body=BODY)
    box.press()
    reply = box.call("proof.answer", pictures=2, moved=False, late=False)
    assert reply["asked"] == 1
    again = Box(tmp_path)
    assert again.profile == before
    assert again.call("proof") == reply
    assert again.moves == []  # nothing is pressed by itself


def test_a_press_closes_the_contacts_of_the_question_and_loses_the_focus(box):
    box.stage.bench.thumb.press("back", box.clock.now_ns() + S)
    box.wait(3 * S)
    assert box.call("status")["focus"] == "DIALLED_IN"
    box.moves.clear()
    box.call("proof.begin", body=BODY)
    planned = [(edge.line, edge.closed) for edge in press_of(box).timeline.edges]
    box.press()
    assert box.moves == planned
    assert box.call("status")["focus"] == "UNFOCUSED"
    assert box.rows == []  # no run knows of it


@pytest.mark.parametrize("how", ["back", "shutter", "run", "cut", "stop"])
def test_anything_that_is_pressed_opens_the_contacts_and_the_press_counts_as_not_done(box, how):
    box.call("proof.begin", body=BODY)
    box.call("proof.press")
    box.wait(S // 10)
    assert not box.is_open
    if how in ("cut", "stop"):
        box.call(how)
    else:
        box.stage.bench.thumb.press(how, box.clock.now_ns() + S // 5)
        box.wait(S // 2)
    assert box.is_open
    assert box.release == "IDLE"
    box.wait(10 * S)
    assert box.is_open
    assert box.call("status")["focus"] == "UNFOCUSED"
    assert box.call("proof")["needs_press"]
    with pytest.raises(CommandError, match="have not been closed for this question; press first"):
        box.call("proof.answer", pictures=2)


@pytest.mark.parametrize("method", ["fire", "start", "focus.hold", "calibrate", "proof.press"])
def test_nothing_else_gets_the_contacts_meanwhile(box, method):
    box.call("proof.begin", body=BODY)
    box.call("proof.press")
    with pytest.raises(CommandError, match=r"a proof has the contacts|anything"):
        box.call(method)
    assert box.release == "PROVING"


def test_a_press_is_refused_while_something_else_has_the_contacts(box):
    box.call("proof.begin", body=BODY)
    box.call("focus.hold")
    with pytest.raises(CommandError, match="FOCUS is closed"):
        box.call("proof.press")
    box.call("focus.release")
    box.call("settings.set", key="focus.interlock", value="false")
    box.call("fire")
    with pytest.raises(CommandError, match="a frame is being taken"):
        box.call("proof.press")


def test_settings_cannot_change_under_a_press(box):
    box.call("proof.begin", body=BODY)
    box.call("proof.press")
    with pytest.raises(CommandError, match="a proof has the contacts"):
        box.call("settings.set", key="camera.profile", value="generic")


@pytest.mark.parametrize(
    ("method", "params", "sentence"),
    [
        ("proof.answer", {"pictures": 1}, "no proof is begun; begin one with: prove"),
        ("proof.back", {}, "no proof is begun; begin one with: prove"),
        ("proof.press", {}, "there is no question to press for"),
        ("proof.finish", {}, "no proof is begun; begin one with: prove"),
        ("proof.begin", {"body": "  "}, '"  " is no name of a body; a body\'s name has 1 to 40 characters'),
        ("proof.begin", {"body": "x" * 41}, "is no name of a body"),
        ("proof.begin", {"body": "a\x1b[2J"}, "is no name of a body"),
        ("proof.answer", {"pictures": -1}, "pictures must be 0 to 99"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(box, method, params, sentence):
    with pytest.raises(CommandError) as refused:
        box.call(method, **params)
    assert sentence in str(refused.value)
    assert not (box.folder / "proof.json").exists()


def test_the_last_answer_can_be_taken_back_and_all_forgotten(box):
    first = box.call("proof.begin", body=BODY)
    box.press()
    box.call("proof.answer", pictures=2, moved=False, late=False)
    assert box.call("proof.back")["question"] == first["question"]
    with pytest.raises(CommandError, match="there is no answer"):
        box.call("proof.back")
    assert box.call("proof.drop")["state"] == "none"
    assert not (box.folder / "proof.json").exists()


def test_a_setting_that_a_question_does_not_need_cannot_be_missing(box):
    box.call("proof.begin", body=BODY)
    with pytest.raises(CommandError, match="needs no setting of the camera"):
        box.call("proof.answer", cannot=True)
    assert box.call("proof")["asked"] == 0


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"version": 99}', b'{"version": 1}'])
def test_a_damaged_file_is_told_and_kept(box, content):
    path = box.folder / "proof.json"
    path.write_bytes(content)
    for method, params in (("proof", {}), ("proof.begin", {"body": BODY}), ("proof.finish", {})):
        with pytest.raises(CommandError, match=r"proof\.json: .*forget it: prove drop"):
            box.call(method, **params)
    assert path.read_bytes() == content
    assert box.call("proof.drop")["state"] == "none"


def test_a_proof_of_another_camera_is_not_mixed_with_it(box):
    box.call("proof.begin", body=BODY)
    box.call("settings.set", key="camera.profile", value="generic")
    with pytest.raises(CommandError, match="a proof of canon-e3 was left"):
        box.call("proof.begin", body="another")
    assert box.call("proof.begin", body="another", again=True)["profile"] == "generic"


@pytest.mark.parametrize("method", ["proof.press", "proof.finish"])
def test_a_proof_of_another_camera_is_neither_gone_on_with_nor_used(box, method):
    """The owner has chosen another camera meanwhile: its contacts are not pressed, and it stays chosen."""
    box.call("proof.begin", body=BODY)
    box.call("settings.set", key="camera.profile", value="generic")
    with pytest.raises(CommandError, match=r"a proof of canon-e3, and the box goes by generic; .*: prove drop"):
        box.call(method)
    assert box.engine.store.current.camera.profile == "generic"
    assert box.is_open


def test_a_profile_of_the_owners_is_not_proven(box):
    own = box.folder / "cameras" / "mine.toml"
    assert not own.exists()
    own.parent.mkdir(exist_ok=True)
    own.write_text('extends = "canon-e3"\n')
    box.call("settings.set", key="camera.profile", value="mine")
    with pytest.raises(CommandError, match="is a profile of your own"):
        box.call("proof.begin", body=BODY)


def test_the_lamp_is_lit_when_its_picture_wants_it():
    box = Evening(camera=CAMERA)
    box.type("focus clear")
    press = Press("lamp", steps_ms=(70,))
    box.engine.press_for_proof(press.timeline, press.lamp_ns)
    closes_ns = next(edge.at_ns for edge in press.timeline.edges if edge.line is Line.SHUTTER)
    controller = box.engine.controller
    begun_ns = box.clock.now_ns()
    box.until(begun_ns + closes_ns + 69_000_000)
    assert controller.lights_lamp is False
    box.until(begun_ns + closes_ns + 70_000_000)
    assert controller.lights_lamp is True
    box.wait(10 * S)
    assert controller.lights_lamp is None


def test_the_flash_contact_measures_how_late_each_picture_is():
    box = Evening(camera=CAMERA)
    box.type("focus clear")
    ended = []
    box.engine.listen(lambda notice: ended.append(getattr(notice, "effect", None)))
    press = Press("flash", fires_alone=False)
    box.engine.press_for_proof(press.timeline, None)
    begun_ns = box.clock.now_ns()
    for edge in press.timeline.edges:
        if edge.line is Line.SHUTTER and edge.closed:
            box.until(begun_ns + edge.at_ns + 50_000_000)
            box.engine.sync_seen(box.clock.now_ns())
    box.wait(20 * S)
    [effect] = [each for each in ended if each is not None]
    assert effect.is_whole
    assert len(effect.lags_ns) == 10
    assert all(abs(lag_ns - 50_000_000) < 1_000_000 for lag_ns in effect.lags_ns)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("proof.begin", {"body": BODY, "again": True}),
        ("proof.back", {}),
        ("proof.part", {"part": "lag"}),
        ("proof.part", {"part": "set-up", "again": True}),
        ("proof.drop", {}),
    ],
)
def test_a_press_counts_only_for_the_question_that_it_was_played_for(box, method, params):
    box.call("proof.begin", body=BODY)
    box.press()
    box.call("proof.answer", pictures=2, moved=False, late=False)
    box.call("proof.press")
    box.call(method, **params)
    box.call("proof.begin", body=BODY)
    box.wait(60 * S)
    assert box.call("proof")["needs_press"]
    with pytest.raises(CommandError, match="press first"):
        box.call("proof.answer", pictures=2)


def test_an_answer_that_comes_twice_counts_once(box):
    box.call("proof.begin", body=BODY)
    box.press()
    both = [box.stage.methods.answer("proof.answer", {"pictures": 2, "moved": False}) for _ in range(2)]
    assert both[0].run()["asked"] == 1
    with pytest.raises(CommandError, match="press first"):
        both[1].run()
    with pytest.raises(CommandError, match="this question was answered already"):
        box.call("proof.answer", number=1, cannot=True)
    assert box.call("proof")["asked"] == 1


@pytest.mark.parametrize("seed", range(3))
def test_back_asks_the_same_question_again(box, seed):
    owner = VirtualOwner(drawn(seed), seed=seed, wrong=0.1, unknown=0.1)
    reply = box.call("proof.begin", body=BODY)
    while reply["question"] is not None:
        press = press_of(box)
        if reply["needs_press"]:
            box.call("proof.press")
            box.wait(600 * S)
        answer = answer_of(owner, press)
        said = {name: getattr(answer, name) for name in ASKED if getattr(answer, name) is not None}
        said = {"cannot": True} if answer.cannot else said
        now = box.call("proof.answer", **said)
        back = box.call("proof.back")
        assert (press_of(box), back["number"]) == (press, reply["number"])
        if back["needs_press"]:
            box.call("proof.press")
            box.wait(600 * S)
        reply = box.call("proof.answer", **said)
        assert reply["question"] is None or now["question"]["kind"] == reply["question"]["kind"]


@pytest.mark.parametrize(
    "change",
    [
        {"profile": 3},
        {"body": 7},
        {"entries": 5},
        {"entries": [{"press": {"kind": []}, "answer": {}, "is_replaced": False}]},
        {"entries": [{"press": {"kind": "press", "steps_ms": ["a"]}, "answer": {}, "is_replaced": False}]},
        {"entries": [{"press": {"kind": "both"}, "answer": {"pictures": "2"}, "is_replaced": False}]},
        {"entries": [{"press": {"kind": "both", "again": 0}, "answer": {}, "is_replaced": False}]},
    ],
)
def test_a_file_with_values_of_the_wrong_kind_is_told_and_kept(box, change):
    box.call("proof.begin", body=BODY)
    path = box.folder / "proof.json"
    content = json.dumps(json.loads(path.read_text()) | change)
    again = Box(box.folder)
    path.write_text(content)
    with pytest.raises(CommandError, match=r"proof\.json: .*forget it: prove drop"):
        again.call("proof")
    assert path.read_text() == content


def test_mistakes_are_told_once(tmp_path):
    """Above all the swapped wires: told twice, they would be swapped back."""
    box = Box(tmp_path)
    body = replace(drawn(0), mistakes=frozenset({SWAPPED, TIMER}))
    owner, told = VirtualOwner(body, seed=0), []
    reply = box.call("proof.begin", body=BODY)
    while reply["question"] is not None:
        told += [text for text in reply["question"]["set"] if "seem" in text]
        if reply["needs_press"]:
            box.call("proof.press")
            box.wait(600 * S)
        answer = answer_of(owner, press_of(box))
        said = {name: getattr(answer, name) for name in ASKED if getattr(answer, name) is not None}
        reply = box.call("proof.answer", **({"cannot": True} if answer.cannot else said))
    assert len(told) == len(set(told))
    assert any("exchange FOCUS and SHUTTER" in text for text in told)


def test_without_a_lamp_no_picture_of_it_is_asked_for(tmp_path):
    desk = ProofDesk(tmp_path / "proof.json", SettingsStore(None, tmp_path).cameras, has_lamp=False)
    desk.begin(CAMERA, BODY, lambda: None, has_flash=False, again=False)
    owner, kinds = VirtualOwner(replace(drawn(2), mistakes=frozenset()), seed=2), []
    while desk.question is not None:
        kinds.append(desk.question.kind)
        desk.answer(said_of(answer_of(owner, desk.question)), None, (desk.turn, ()), lambda: None)
    assert "rehearsal" in kinds
    assert "lamp" not in kinds


def test_a_fault_opens_the_contacts_and_forbids_to_press(box):
    box.call("proof.begin", body=BODY)
    box.call("proof.press")
    box.wait(S // 10)
    box.engine.fail("a test")
    assert (box.is_open, box.release) == (True, "FAULT")
    with pytest.raises(CommandError, match="stopped because of a fault"):
        box.call("proof.press")
    box.call("clear")
    assert box.call("proof")["needs_press"]
    box.press()


def test_a_press_would_disturb_a_run_that_is_offered_or_waits(box):
    box.call("proof.begin", body=BODY)
    box.engine.run_found(InterruptedRunFound(3, was_dialled_in=False))
    with pytest.raises(CommandError, match="would change the interrupted run"):
        box.call("proof.press")
    box.call("stop")
    box.call("settings.set", key="focus.interlock", value="false")
    box.call("start", when="+1h")
    with pytest.raises(CommandError, match="a run is in progress"):
        box.call("proof.press")
    with pytest.raises(CommandError, match="would change the run in progress"):
        box.call("proof.finish")
    assert box.moves == []


def test_a_flash_contact_that_chatters_fills_no_memory():
    box = Evening(camera=CAMERA)
    box.type("focus clear")
    box.engine.press_for_proof(Press("flash").timeline, None)
    for _ in range(3000):
        box.engine.sync_seen(box.clock.now_ns())
    assert len(box.engine.controller._proving._seen_ns) == 1024


def answer_all(box, owner):
    """Answer until nothing more is asked; returns the kinds of the presses."""
    kinds = []
    while (reply := box.call("proof"))["question"] is not None:
        if reply["needs_press"]:
            box.press()
        kinds.append(reply["question"]["kind"])
        box.call("proof.answer", **said_of(answer_of(owner, press_of(box))))
    return kinds


def test_a_part_is_asked_alone_later_and_again_also_after_a_restart(box, tmp_path):
    owner = VirtualOwner(replace(drawn(2), mistakes=frozenset()), seed=2)
    box.call("proof.begin", body=BODY)
    chosen = box.call("proof.part", part="mirror")
    assert (chosen["part"], chosen["question"]["kind"] in ("alone", "focus", "both")) == ("mirror", True)
    assert "mirror" in answer_all(box, owner)
    over = box.call("proof")
    assert (over["state"], over["text"].partition(";")[0]) == ("over", "that was the last question of this part")
    counts = {each["name"]: each["answers"] for each in over["parts"]}
    assert counts["mirror"] > 0
    assert counts["set-up"] > 0
    assert not any(counts[name] for name in counts if name not in ("mirror", "set-up"))

    again = Box(tmp_path)
    assert again.call("proof")["part"] == "mirror"
    again.call("proof.part", part="all")
    kinds = answer_all(again, owner)
    assert "gap" in kinds
    assert "mirror" not in kinds
    again.call("proof.finish")
    proven = again.profile
    again.call("proof.part", part="gap", again=True)
    assert again.profile == proven  # nothing changes before the end
    assert set(answer_all(again, owner)) == {"gap"}
    again.call("proof.finish")
    assert again.profile == proven


@pytest.mark.parametrize(("part", "again"), [("gaps", False), ("", False), ("all", True), ("GAP", False)])
def test_what_is_no_part_is_refused_with_those_that_there_are(box, part, again):
    box.call("proof.begin", body=BODY)
    before = box.call("proof")
    with pytest.raises(CommandError, match="is no part of a proof; choose from set-up, held, press"):
        box.call("proof.part", part=part, again=again)
    assert box.call("proof") == before


def test_what_a_proof_finds_of_the_set_up_is_for_the_owner_to_state(box):
    body = replace(drawn(2), mistakes=frozenset(), half_press_focuses=False)
    prove_all(box, VirtualOwner(body, seed=2))
    box.call("settings.set", key="camera.back_button_focus", value="unset")
    assert box.call("proof.finish")["states"] == [{"key": "camera.back_button_focus", "value": "true"}]
    assert box.engine.store.current.camera.back_button_focus is None
    box.call("settings.set", key="camera.back_button_focus", value="true")
    assert box.call("proof.finish")["states"] == []


def test_a_run_that_begins_while_a_proof_is_written_goes_on_by_what_it_began_with(box):
    prove_all(box, VirtualOwner(replace(drawn(2), mistakes=frozenset()), seed=2))
    before = box.profile
    finish = box.stage.methods.answer("proof.finish", {})
    written = finish.work(lambda: None)
    box.call("settings.set", key="focus.interlock", value="false")
    box.call("start")
    with pytest.raises(CommandError, match="what was proven is written, and used once you finish again, or when"):
        finish.then(written)
    assert box.profile == before
    box.call("stop")
    box.wait(60 * S)
    box.call("proof.finish")
    assert box.profile != before


def test_a_press_for_a_question_that_was_answered_elsewhere_closes_nothing(box):
    box.call("proof.begin", body=BODY)
    box.press()
    box.call("proof.answer", pictures=2, moved=False)
    box.moves.clear()
    with pytest.raises(CommandError, match="answered already; look at the one that is asked now"):
        box.call("proof.press", number=1)
    assert (box.moves, box.release) == ([], "IDLE")
    box.call("proof.press", number=2)
    assert box.release == "PROVING"
