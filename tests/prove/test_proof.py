import json

import pytest

from controller.errors import CommandError
from controller.prove.answer import Answer
from controller.prove.asking import PARTS, next_question
from controller.prove.press import Press
from controller.prove.proof import Proof, answered, from_json, taken_back, to_json
from controller.simulate.proving import answer_of, prove
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks_file import drawn

EMPTY = Proof("nikon-mc-dc2", "D750", "hold", "press-press")


def of(*pairs, proof=EMPTY):
    for press, answer in pairs:
        proof = answered(proof, press, answer)
    return proof


@pytest.mark.parametrize("seed", [2, 3, 9, 10])
def test_a_proof_is_written_and_read_back_at_any_point(seed):
    proof = prove(EMPTY, VirtualOwner(drawn(seed), seed=seed, wrong=0.1, unknown=0.1))
    for count in range(len(proof.entries)):
        part = Proof(
            *(getattr(proof, name) for name in ("profile", "body", "bulb", "mirror", "has_flash")),
            proof.entries[:count],
        )
        read = from_json(json.loads(json.dumps(to_json(part))))
        assert read == part
        assert next_question(read) == next_question(part)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda document: document.pop("version"), "it is no proof"),
        (lambda document: document.update(version=2), "of version 2, and this is version 1"),
        (lambda document: document["entries"][0]["press"].update(kind="x"), "answer 1 is to no question of ours"),
        (lambda document: document["entries"][0]["press"].update(again=0), "answer 1 is to no question of ours"),
        (lambda document: document["entries"][0]["press"].update(more=1), "it is no proof"),
        (lambda document: document.update(entries=3), "it is no proof"),
    ],
)
def test_what_is_no_proof_is_refused_in_a_sentence(damage, words):
    document = to_json(of((Press("both"), Answer(pictures=2))))
    damage(document)
    with pytest.raises(CommandError, match=words):
        from_json(document)


def test_an_answer_that_is_taken_back_counts_no_more():
    proof = of((Press("both"), Answer(pictures=2)), (Press("alone"), Answer(pictures=0)))
    assert [number for number, _ in taken_back(proof, 0).live()] == [1]
    assert taken_back(proof, 1).live() == of((Press("both"), Answer(pictures=2))).live()
    with pytest.raises(CommandError, match="there is no answer 3; there are 2"):
        taken_back(proof, 2)


def test_a_second_look_replaces_an_answer_if_it_differs():
    first = (Press("both"), Answer(pictures=0, moved=False))
    assert [number for number, _ in of(first, (Press("both", again=0), Answer(pictures=2, moved=False))).live()] == [
        1
    ]
    assert [number for number, _ in of(first, (Press("both", again=0), Answer(pictures=0))).live()] == [0, 1]
    assert [number for number, _ in of(first, (Press("both", again=0), Answer())).live()] == [0]


def test_it_takes_two_looks_to_replace_that_the_lens_moved():
    first = (Press("focus"), Answer(pictures=0, moved=True))
    stayed = (Press("focus", again=0), Answer(pictures=0, moved=False))
    assert [number for number, _ in of(first, stayed).live()] == [0, 1]
    assert [number for number, _ in of(first, stayed, stayed).live()] == [1, 2]
    moved = (Press("focus", again=0), Answer(pictures=0, moved=True))
    assert [number for number, _ in of((Press("focus"), Answer(moved=False)), moved).live()] == [1]


def test_somebody_who_knows_nothing_is_not_asked_for_ever():
    proof = prove(EMPTY, VirtualOwner(drawn(2), unknown=1))
    assert 5 < len(proof.entries) < 25
    assert not proof.live()


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_asked_alone_and_asks_nothing_else(part):
    owner = VirtualOwner(drawn(2))
    proof = EMPTY
    while (press := next_question(proof, "set-up")) is not None:
        proof = answered(proof, press, answer_of(owner, press))
    before = len(proof.entries)
    kinds = set()
    while (press := next_question(proof, part)) is not None:
        proof = answered(proof, press, answer_of(owner, press))
        kinds.add(press.kind)
    own = {
        "press": {"press"},
        "lead": {"lead"},
        "held": {"held"},
        "bulb": {"bulb", "short bulb"},
        "mirror": {"mirror"},
        "sleep": {"sleep"},
        "lag": {"lamp"},
    }
    assert kinds == own.get(part, set()), "set-up is over, and gap and rehearsal need the ladders before them"
    assert len(proof.entries) >= before


def test_nothing_but_the_set_up_is_asked_before_it_is_known_that_both_wires_are_right():
    assert next_question(EMPTY, "press") is None
    assert next_question(EMPTY).kind in ("alone", "focus", "both")
