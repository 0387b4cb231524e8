"""A few hundred of the random proofs; `make search-proofs` makes thousands."""

import statistics
from collections import Counter

import pytest
from random_proofs import RIGHT, WRONG, findings_of


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_with_honest_answers_every_quirk_is_recovered_or_undecided_and_no_frame_moves_the_lens(first):
    results = [findings_of(seed, 0) for seed in range(first, first + 20)]
    assert {result.seed: broken for result, broken in results if broken} == {}
    judged = Counter(how for result, _ in results for how in result.judged.values())
    assert judged[WRONG] == 0
    assert judged[RIGHT] / judged.total() > 0.9
    assert statistics.median(len(result.proof.entries) for result, _ in results) <= 25


@pytest.mark.parametrize("first", range(0, 80, 20))
def test_with_one_answer_in_ten_wrong_it_notices_or_ends_more_careful_and_no_frame_moves_the_lens(first):
    results = [findings_of(seed, 0.1) for seed in range(first, first + 20)]
    assert {result.seed: broken for result, broken in results if broken} == {}
