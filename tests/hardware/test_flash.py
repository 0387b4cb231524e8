import pytest

from hardware.virtual.flash import CLOSED_NS, EVERY_FRAME, Flash, FlashContact

MS = 1_000_000


class Wire:
    """A flash contact, stepped like on the bench, and a record of its changes."""

    def __init__(self, flash):
        self.moves = []
        self.contact = FlashContact(self, flash)

    def drive_low(self):
        self.moves.append((self.now_ns, "closes"))

    def drive_high(self):
        self.moves.append((self.now_ns, "opens"))

    def expose(self, *at_ms):
        for each in at_ms:
            self.wait_until(each)
            self.contact.curtain_opened(each * MS)
        self.wait_until(at_ms[-1] + 1_000)
        return self.moves

    def wait_until(self, at_ms):
        while self.contact.next_ns is not None and self.contact.next_ns <= at_ms * MS:
            self.now_ns = self.contact.next_ns
            self.contact.step(self.now_ns)


def test_a_flash_contact_closes_when_the_curtain_opens_and_opens_soon():
    assert Wire(Flash()).expose(100) == [(100 * MS, "closes"), (100 * MS + CLOSED_NS, "opens")]


def test_a_curtain_reported_late_closes_the_contact_at_once_and_for_as_long():
    wire = Wire(Flash())
    wire.contact.curtain_opened(100 * MS)
    wire.now_ns = 110 * MS
    wire.contact.step(wire.now_ns)
    assert wire.moves == [(110 * MS, "closes")]
    assert wire.contact.next_ns == 110 * MS + CLOSED_NS


def test_it_closes_later_by_its_lag():
    [(closed_ns, _), _] = Wire(Flash(lag_ns=52 * MS)).expose(100)
    assert closed_ns == 152 * MS


@pytest.mark.parametrize(("misses", "seen"), [((), [1, 2, 3]), ((2,), [1, 3]), ((1, 2), [3]), (EVERY_FRAME, [])])
def test_it_misses_the_frames_in_misses(misses, seen):
    moves = Wire(Flash(misses=misses)).expose(1_000, 2_000, 3_000)
    assert [at_ns // (1_000 * MS) for at_ns, move in moves if move == "closes"] == seen


def test_nothing_is_due_before_an_exposure():
    wire = Wire(Flash())
    assert wire.contact.next_ns is None
    assert wire.moves == []
