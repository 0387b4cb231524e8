import copy
import json
import random
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_proofs import WRONG, judge

from config.cameras import Cameras
from controller.errors import CommandError
from controller.prove.answer import Answer
from controller.prove.asking import next_question
from controller.prove.press import PARTS, Press
from controller.prove.proof import Proof, answered, from_json, to_json, without
from controller.prove.verdict import verdict
from controller.simulate.proving import prove
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
        part = replace(proof, entries=proof.entries[:count])
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
        (lambda document: document["entries"][0]["press"].update(kind="lamp"), "answer 1 is to no question of ours"),
        (
            lambda document: document["entries"][0]["press"].update(put_right="x"),
            "answer 1 is to no question of ours",
        ),
        (lambda document: document["entries"][0]["answer"].update(lags_ns={}), "answer 1 is to no question of ours"),
        (lambda document: document.update(part="gaps"), "it asks for a part that does not exist"),
        (lambda document: document.update(entries=3), "it is no proof"),
    ],
)
def test_what_is_no_proof_is_refused_in_a_sentence(damage, words):
    document = to_json(of((Press("both"), Answer(pictures=2))))
    damage(document)
    with pytest.raises(CommandError, match=words):
        from_json(document)


WHOLE = to_json(prove(EMPTY, VirtualOwner(drawn(2))))
ODD = (None, True, -1, 10**12, 1.5, "", "x", "gap", [], [1], ["x"], [None], {})


def paths(part, above=()):
    """Yield where something is in a document."""
    for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        yield (*above, key)
        yield from paths(part[key], (*above, key))


@given(st.sampled_from(list(paths(WHOLE))), st.sampled_from(ODD), st.integers(1, len(WHOLE["entries"])))
def test_whatever_is_odd_in_a_proof_gets_a_sentence_or_does_no_harm(path, odd, count):
    document = copy.deepcopy(WHOLE)
    part = document
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = odd
    if isinstance(document["entries"], list):
        document["entries"] = document["entries"][:count]
    with suppress(CommandError):
        proof = from_json(document)
        next_question(proof)
        verdict(proof, Cameras().layer(EMPTY.profile))


def test_the_answers_of_a_part_are_taken_out_and_second_looks_at_others_still_replace_them():
    gap, focus = (Press("gap"), Answer(pictures=3)), (Press("focus"), Answer(moved=False))
    look = (Press("focus", again=1), Answer(moved=True))
    proof = of(gap, focus, look, (Press("gap", again=0), Answer(pictures=5)))
    left = without(proof, ("gap",))
    assert left == of(focus, (Press("focus", again=0), Answer(moved=True)))
    assert [number for number, _ in left.live()] == [1]
    assert without(left, ("focus",)) == EMPTY
    assert without(proof, ()) == proof


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
def test_a_part_alone_asks_what_it_rests_on_and_nothing_else(part):
    proof = prove(replace(EMPTY, part=part), VirtualOwner(drawn(2)))
    rest_on = {"gap": ("press", "lead"), "rehearsal": ("held", "press", "lead", "gap")}
    wanted = {"set-up", part, *rest_on.get(part, ())}
    assert {asked for asked, kinds in PARTS.items() if proof.asked(*kinds)} == wanted


def test_nothing_but_the_set_up_is_asked_before_it_is_known_that_both_wires_are_right():
    for part in ("", *PARTS):
        assert next_question(replace(EMPTY, part=part)).kind in ("alone", "focus", "both")


@pytest.mark.parametrize("seed", range(6))
def test_part_by_part_in_any_order_it_concludes_what_it_does_as_a_whole(seed):
    order = random.Random(seed).sample(list(PARTS), len(PARTS))
    owner = VirtualOwner(drawn(seed))
    proof = replace(EMPTY, has_flash=True)
    for part in (*order, *order[:3]):
        proof = prove(replace(proof, part=part), owner)
    judged = judge(drawn(seed), owner.quirks, proof)
    assert WRONG not in judged.values()
    assert next_question(replace(proof, part="")) is None
    again = prove(replace(without(proof, PARTS[order[0]]), part=order[0]), owner)
    assert judge(drawn(seed), owner.quirks, again) == judged
