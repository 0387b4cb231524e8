"""What is wrong with how a camera was left is an outcome: the owner is told, and the proof goes on."""

from dataclasses import replace

import pytest

from config.cameras import Cameras
from controller.prove.answer import Answer
from controller.prove.asking import next_question
from controller.prove.press import (
    ASLEEP,
    CONTINUOUS,
    CUT,
    MANUAL,
    MIRROR,
    NO_MIRROR_UP,
    NOT_BULB,
    REVIEW_OFF,
    SWAPPED,
    TIMER,
    Press,
)
from controller.prove.proof import Proof, answered
from controller.prove.reading import Reading
from controller.prove.text import closes, described, looks_for, to_set
from controller.prove.verdict import overlay, verdict
from controller.simulate.proving import answer_of, prove
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks import MirrorQuirks, Quirks

MS = 1_000_000
CANON = Quirks(
    fires_alone=True,
    shortest_press_ns=40 * MS,
    gap_ns=250 * MS,
    opening_lag_ns=60 * MS,
    closing_lag_ns=5 * MS,
    jitter_ns=1 * MS,
    waking_ns=400 * MS,
    mirror=MirrorQuirks(),
    review_ns=500 * MS,
)
NIKON = replace(CANON, fires_alone=False, shortest_lead_ns=60 * MS, meter_off_ns=6_000 * MS)
FACTORY = replace(CANON, half_press_focuses=True)


def proven(body, *, profile="generic", **owner):
    return prove(Proof(profile, "mine", "hold", "user-asked"), VirtualOwner(body, **owner))


def told(proof):
    return {each for entry in proof.entries for each in entry.press.put_right}


def switch(body):
    """Return what is told of a lens that stays: to look at its switch."""
    return set() if body.half_press_focuses else {MANUAL}


@pytest.mark.parametrize("body", [CANON, NIKON, FACTORY], ids=["canon", "nikon", "factory"])
@pytest.mark.parametrize("mistake", [MANUAL, TIMER, REVIEW_OFF, CONTINUOUS, MIRROR, NOT_BULB, NO_MIRROR_UP])
def test_a_mistake_is_found_told_and_put_right(body, mistake):
    proof = proven(replace(body, mistakes=frozenset([mistake])))
    assert told(proof) == {mistake} | switch(body)
    reading = Reading(proof)
    assert (reading.fires_alone, reading.focuses) == (body.fires_alone, body.half_press_focuses)
    assert verdict(proof, Cameras().layer("generic")).contradictions == ()


@pytest.mark.parametrize("body", [CANON, NIKON, FACTORY], ids=["canon", "nikon", "factory"])
def test_of_a_camera_that_was_left_right_only_the_switch_of_a_lens_that_stays_is_looked_at(body):
    assert told(proven(body)) == switch(body)
    assert {entry.press.swaps for entry in proven(body).entries} == {0}


def test_a_sleeping_camera_that_fires_alone_is_woken():
    assert told(proven(replace(CANON, mistakes=frozenset([ASLEEP])))) <= {ASLEEP, MANUAL}
    assert told(proven(replace(NIKON, mistakes=frozenset([ASLEEP])))) == {MANUAL}, "FOCUS wakes it"


@pytest.mark.parametrize("body", [CANON, NIKON, FACTORY], ids=["canon", "nikon", "factory"])
def test_swapped_wires_are_swapped_back(body):
    owner = VirtualOwner(replace(body, mistakes=frozenset([SWAPPED])))
    proof = prove(Proof("generic"), owner)
    assert {entry.press.swaps for entry in proof.entries} == {0, 1}
    assert owner.quirks.mistakes == frozenset()
    assert Reading(proof).wires_are_right


@pytest.mark.parametrize("body", [CANON, NIKON, FACTORY], ids=["canon", "nikon", "factory"])
def test_swapped_wires_that_stay_swapped_yield_no_profile(body):
    """The owner leaves when he is told of them."""
    proof, owner = Proof("generic"), VirtualOwner(replace(body, mistakes=frozenset([SWAPPED])))
    while (press := next_question(proof)).swaps == 0:
        proof = answered(proof, press, answer_of(owner, press))
    given = verdict(proof, Cameras().layer("generic"))
    assert overlay(given, proof, "2026-06-21") is None
    assert given.back_button_focus is None
    assert "exchange FOCUS and SHUTTER at the plug" in " ".join(to_set(press, told=(), swaps=0))


def test_a_camera_that_no_contact_reaches_yields_nothing_and_says_so():
    proof = proven(replace(CANON, mistakes=frozenset([CUT])))
    given = verdict(proof, Cameras().layer("generic"))
    assert given.sentences[0] == "No contact reaches the camera: check plug and wires."
    assert overlay(given, proof, "2026-06-21") is None
    assert len(proof.entries) <= 12


def test_autofocus_that_finds_nothing_is_told_from_a_port_that_does_not_fire():
    for body in (FACTORY, replace(NIKON, half_press_focuses=True)):
        proof = proven(replace(body, autofocus_succeeds=False))
        assert Reading(proof).af == "no focus"
        assert Reading(proof).fires_alone is body.fires_alone
        assert "Autofocus finds nothing; on MF it fires." in verdict(proof, Cameras().layer("generic")).sentences


def test_af_c_is_told_from_af_s_by_covering_the_lens_and_af_s_only_if_seen_three_times():
    single, continuous = proven(FACTORY), proven(replace(FACTORY, continuous_af=True))
    layer = Cameras().layer("generic")
    assert (verdict(single, layer).back_button_focus, verdict(single, layer).continuous_af) == (False, False)
    assert (verdict(continuous, layer).back_button_focus, verdict(continuous, layer).continuous_af) == (False, True)
    assert sum(entry.press.kind == "capped" for entry in single.entries) == 3


@pytest.mark.parametrize("body", [CANON, NIKON], ids=["canon", "nikon"])
def test_back_button_focus_is_stated_only_after_four_looks_two_rear_buttons_and_the_rehearsal(body):
    proof, owner, layer = Proof("generic"), VirtualOwner(body), Cameras().layer("generic")
    while (press := next_question(proof)) is not None:
        stated = verdict(proof, layer).back_button_focus
        assert stated is (True if any(entry.press.kind == "rehearsal" for entry in proof.entries) else None)
        proof = answered(proof, press, answer_of(owner, press))
    assert stated is True
    on_af = [entry for entry in proof.entries if MANUAL in entry.press.put_right and entry.answer.moved is not None]
    assert [entry.answer.moved for entry in on_af if entry.press.kind == "rear"] == [True, True]
    assert len([entry for entry in on_af if entry.press.kind != "rear"]) >= 5


def test_a_lens_on_mf_is_not_taken_for_back_button_focus_though_its_owner_saw_the_rear_button_move_it():
    """He did not look at the switch, and one of his answers is wrong."""
    proof, owner = Proof("generic"), VirtualOwner(replace(FACTORY, mistakes=frozenset([MANUAL])))
    is_wrong = True
    while (press := next_question(proof)) is not None:
        deaf = replace(press, put_right=tuple(each for each in press.put_right if each != MANUAL))
        answer = answer_of(owner, deaf)
        if press.kind == "rear" and is_wrong:
            answer, is_wrong = replace(answer, moved=True), False
        proof = answered(proof, press, answer)
    assert verdict(proof, Cameras().layer("generic")).back_button_focus is None


def test_after_the_last_mistake_was_put_right_the_camera_is_seen_to_fire_before_it_counts_as_set():
    """On a body whose autofocus finds nothing, one late picture on MF may be mirror-up, but it is the drive."""
    body = replace(FACTORY, autofocus_succeeds=False, fires_alone=False, mistakes=frozenset([CONTINUOUS, TIMER]))
    proof = proven(body)
    assert {CONTINUOUS, TIMER} <= told(proof)
    ladder = next(number for number, entry in enumerate(proof.entries) if entry.press.kind == "press")
    last = [entry for entry in proof.entries[:ladder] if entry.answer.pictures == 2][-1]
    assert {CONTINUOUS, TIMER} <= set(last.press.put_right)


def test_one_look_that_saw_the_lens_move_is_enough_to_state_nothing():
    proof = Proof("generic", part="set-up")
    owner = VirtualOwner(CANON)
    while (press := next_question(proof)) is not None:
        answer = answer_of(owner, press)
        proof = answered(proof, press, replace(answer, moved=True) if press.kind == "focus" else answer)
    given = verdict(proof, Cameras().layer("generic"))
    assert given.back_button_focus is None
    assert any("does not fit" in each or "seen to move" in each for each in given.contradictions)


def test_every_press_is_told_in_words():
    for body in (CANON, NIKON, FACTORY):
        proof = proven(body)
        for entry in proof.entries:
            words = [described(entry.press), closes(entry.press), *looks_for(entry.press), *to_set(entry.press)]
            assert all(words[:2])
            assert all(each == "" or each[-1] in ".?:" for each in words[2:])


def test_a_lens_that_stayed_while_the_wires_were_swapped_tells_nothing():
    """FOCUS alone reached SHUTTER then, and a body that needs FOCUS did nothing."""
    proof = answered(Proof("generic"), Press("focus", put_right=(MANUAL,)), Answer(pictures=0, moved=False))
    assert Reading(proof).looks == [False]
    proof = answered(proof, Press("rear", put_right=(MANUAL,), swaps=1), Answer())
    assert Reading(proof).looks == []
    proof = answered(proof, Press("focus", put_right=(MANUAL,), swaps=1), Answer(pictures=0, moved=True))
    assert Reading(proof).looks == [True]
