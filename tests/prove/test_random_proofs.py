"""Some of the random proofs, and those that once broke a promise; `make search-proofs` makes thousands."""

import statistics
from collections import Counter

import pytest
from random_proofs import RIGHT, WRONG, findings_of


def test_with_honest_answers_every_quirk_is_recovered_or_undecided_and_no_frame_moves_the_lens():
    results = [findings_of(seed, 0) for seed in range(20)]
    assert {result.seed: broken for result, broken in results if broken} == {}
    judged = Counter(how for result, _ in results for how in result.judged.values())
    assert judged[WRONG] == 0
    assert judged[RIGHT] / judged.total() > 0.9
    assert statistics.median(len(result.proof.entries) for result, _ in results) <= 25


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (450, "review off, and the camera was not seen to fire"),
        (460, "review off, and autofocus that finds nothing"),
        (521, "review off, and AF-C"),
        (2000, "it sleeps 5 ms before a wait of the ladder ends, and FOCUS had opened 5 ms later than SHUTTER"),
        (2218, "continuous and the self-timer, taken for mirror-up"),
        (2563, "it sleeps 1 ms before a wait of the ladder ends"),
        (3035, "its lag strays to both sides of a step of the lamp"),
        (6385, "it would sleep the moment a wait of the ladder ends"),
    ],
)
def test_a_body_that_once_was_concluded_wrongly_from_honest_answers(seed, why):
    assert findings_of(seed, 0)[1] == [], why


def test_with_one_answer_in_ten_wrong_it_notices_or_ends_more_careful_and_no_frame_moves_the_lens():
    assert {seed: broken for seed in range(10) if (broken := findings_of(seed, 0.1)[1])} == {}


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (1071, "the lens is on MF, and it was wrongly seen to move by the rear button"),
        (2105, "the same, with swapped wires"),
        (2318, "the same"),
        (2424, "the same, and one look fewer"),
        (2761, "two miscounts of a bulb, after one that said that it was not on B"),
    ],
)
def test_a_body_that_once_was_concluded_too_boldly_from_wrong_answers(seed, why):
    assert findings_of(seed, 0.1)[1] == [], why


def test_somebody_who_often_does_not_know_leads_to_nothing_wrong():
    assert {seed: broken for seed in (20002, 20007, 20017, 20040) if (broken := findings_of(seed, 0, 0.2)[1])} == {}
