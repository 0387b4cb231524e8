"""How long a phone is remembered, whatever the time of day is."""

import pytest

from controller.box.phones import IDLE_NS, MOST, MOST_STARTS, PhoneBook


def no_pause():
    pass


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "phones.json"


def test_a_phone_that_comes_within_the_time_is_known_for_ever(path):
    book = PhoneBook(path, "boot", 0)
    token, fault = book.add("iPhone", 0, no_pause)
    assert fault is None
    for visit in range(1, 10):
        assert book.visit(token, visit * IDLE_NS, no_pause) == ("iPhone", None)
    assert book.visit(token, 10 * IDLE_NS + 1, no_pause) == (None, None)
    assert book.names(10 * IDLE_NS + 1) == []


def test_a_phone_is_forgotten_after_so_many_starts_in_which_others_came(path):
    book = PhoneBook(path, "boot 0", 0)
    token, _ = book.add("iPhone", 0, no_pause)
    other, _ = book.add("other", 0, no_pause)
    for start in range(1, MOST_STARTS + 1):
        assert PhoneBook(path, f"boot {start}", 0).visit(other, 0, no_pause) == ("other", None)
    assert PhoneBook(path, f"boot {MOST_STARTS}", 0).names(0) == ["iPhone", "other"]
    last = PhoneBook(path, "the next", 0)
    assert last.visit(token, 0, no_pause) == (None, None)
    assert last.names(0) == ["other"]


def test_starts_in_which_nobody_came_do_not_count(path):
    token, _ = PhoneBook(path, "boot", 0).add("iPhone", 0, no_pause)
    for start in range(MOST_STARTS * 2):
        PhoneBook(path, f"boot {start}", 0)
    assert PhoneBook(path, "now", 0).visit(token, 0, no_pause) == ("iPhone", None)


def test_of_too_many_phones_those_that_came_last_stay(path):
    book = PhoneBook(path, "boot", 0)
    tokens = [book.add(f"phone {n}", 0, no_pause)[0] for n in range(MOST)]
    book.visit(tokens[0], 1, no_pause)
    book.add("one more", 1, no_pause)
    assert [book.visit(token, 1, no_pause)[0] is not None for token in tokens] == [True, False, *[True] * (MOST - 2)]


def test_only_the_first_visit_of_a_start_is_written(path):
    token, _ = PhoneBook(path, "boot", 0).add("iPhone", 0, no_pause)
    book = PhoneBook(path, "next", 0)
    before = path.read_bytes()
    book.visit(token, 0, no_pause)
    after = path.read_bytes()
    assert before != after
    path.unlink()
    book.visit(token, 0, no_pause)
    assert not path.exists()


def test_tokens_differ_and_have_256_bits(path):
    book = PhoneBook(path, "boot", 0)
    tokens = {book.add("a", 0, no_pause)[0] for _ in range(20)}
    assert len(tokens) == 20
    assert {len(bytes.fromhex(token)) for token in tokens} == {32}
