import math

import pytest

from controller.prove.answer import Answer
from controller.prove.belief import WRONG, Said, gain, likeliest, misfits, predictions, weigh
from controller.prove.body import BODY, predicted
from controller.prove.press import KINDS, Press
from controller.prove.topics import BULB, HELD, LADDERS, LAMP, ladder

PRESS = ladder("press", LADDERS["press"])


def said(kind, **answer):
    return Said(Press(kind, steps_ms=LADDERS.get(kind, ())), Answer(**answer))


def test_hypotheses_are_a_distribution():
    for topic in (BODY, BULB, HELD, LAMP, PRESS):
        assert math.isclose(sum(topic.prior), 1, abs_tol=0.002)
        assert all(0 < weight < 1 for weight in topic.prior)
        assert len({*topic.hypotheses}) == len(topic.hypotheses)


def test_an_answer_makes_likely_what_predicts_it():
    weights = weigh(PRESS, [said("press", pictures=4)])
    assert likeliest(PRESS, weights) == 4
    assert weights[4] / weights[2] == pytest.approx((1 - WRONG) / (WRONG / 9))
    assert sum(weights) == pytest.approx(1)


def test_i_dont_know_says_nothing():
    assert weigh(PRESS, [said("press")]) == PRESS.prior


def test_an_answer_to_another_press_says_nothing():
    assert weigh(HELD, [said("press", pictures=3)]) == pytest.approx(HELD.prior)


def test_no_answer_excludes_anything_for_good():
    weights = weigh(BODY, [said("both", pictures=0)] * 4)
    assert all(weight > 0 for weight in weights)
    again = weigh(BODY, [said("both", pictures=0)] + [said("both", pictures=2)] * 4)
    assert sum(w for w, body in zip(again, BODY.hypotheses, strict=True) if not body.wires) > 0.95


def test_a_misfit_is_an_answer_that_the_likeliest_does_not_predict():
    answers = [said("press", pictures=4), said("press", pictures=2), said("press", pictures=4)]
    assert misfits(PRESS, likeliest(PRESS, weigh(PRESS, answers)), answers) == [1]


def test_a_press_tells_less_once_it_was_answered():
    press = Press("press", steps_ms=LADDERS["press"])
    before, after = PRESS.prior, weigh(PRESS, [said("press", pictures=4)])
    assert 2 < gain(PRESS, before, press) < math.log2(8)
    assert 0 < gain(PRESS, after, press) < 0.5


@pytest.mark.parametrize(
    "kind", ["alone", "focus", "both", "reversed", "own", "rear", "capped", "on MF", "alone on MF"]
)
def test_each_press_of_the_set_up_tells_something_and_no_more_than_its_answers_can(kind):
    count = math.prod(4 if each == "pictures" else 2 for each in KINDS[kind].asks)
    assert 0.1 < gain(BODY, BODY.prior, Press(kind)) < math.log2(count)


def test_a_press_after_something_was_put_right_is_predicted_as_on_a_body_that_was_never_wrong_so():
    for press in (
        Press("both", put_right=("continuous", "review off"), swaps=1),
        Press("alone on MF", put_right=("manual focus", "mirror-up", "self-timer")),
        Press("own", put_right=("asleep",)),
        Press("rear", put_right=("manual focus",)),
    ):
        shown, own = predictions(BODY, press)
        assert [shown[number] for number in own] == [predicted(body, press) for body in BODY.hypotheses]
