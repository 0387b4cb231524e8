"""A few of the random sessions; `make search` plays thousands."""

import pytest
from random_sessions import findings, session

COUNT = 200
STEP = 20


@pytest.mark.parametrize("first", range(0, COUNT, STEP))
def test_a_random_session_keeps_every_promise_and_is_the_same_twice(first, tmp_path):
    for seed in range(first, first + STEP):
        assert findings(seed, tmp_path) == [], session(seed).text()
