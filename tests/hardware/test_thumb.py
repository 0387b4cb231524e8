import pytest

from hardware.virtual.thumb import Thumb


class FakeSwitch:
    """A switch that records how it was driven."""

    def __init__(self):
        self.deeds = []

    def drive_low(self):
        self.deeds.append("closed")

    def drive_high(self):
        self.deeds.append("opened")


@pytest.fixture
def switches():
    return {"back": FakeSwitch(), "shutter": FakeSwitch()}


@pytest.fixture
def thumb(switches):
    return Thumb(switches)


def test_a_thumb_begins_in_the_air(thumb, switches):
    assert thumb.next_ns is None
    assert not thumb.is_pressed("back")
    assert switches["back"].deeds == []


def test_a_press_lasts_until_its_release(thumb, switches):
    thumb.press("back")
    thumb.step(10**18)
    assert thumb.is_pressed("back")
    assert thumb.next_ns is None
    thumb.release("back")
    assert not thumb.is_pressed("back")
    assert switches["back"].deeds == ["closed", "opened"]
    assert switches["shutter"].deeds == []


def test_a_hold_is_released_when_its_time_is_over_and_not_before(thumb, switches):
    thumb.press("back", 500)
    assert thumb.next_ns == 500
    thumb.step(499)
    assert switches["back"].deeds == ["closed"]
    thumb.step(500)
    assert switches["back"].deeds == ["closed", "opened"]
    assert thumb.next_ns is None


def test_the_hold_that_ends_first_is_the_next_to_come(thumb):
    thumb.press("back", 500)
    thumb.press("shutter", 300)
    assert thumb.next_ns == 300
    thumb.step(400)
    assert (thumb.is_pressed("back"), thumb.is_pressed("shutter")) == (True, False)
    assert thumb.next_ns == 500


def test_two_holds_that_end_together_are_both_released(thumb, switches):
    thumb.press("back", 500)
    thumb.press("shutter", 500)
    thumb.step(500)
    assert [switch.deeds for switch in switches.values()] == [["closed", "opened"], ["closed", "opened"]]


def test_a_hold_released_early_ends_only_once(thumb, switches):
    thumb.press("back", 500)
    thumb.release("back")
    thumb.step(500)
    assert switches["back"].deeds == ["closed", "opened"]
    assert thumb.next_ns is None


def test_release_is_idempotent(thumb, switches):
    thumb.release("back")
    assert switches["back"].deeds == []


def test_a_second_press_moves_the_end_of_the_first(thumb):
    thumb.press("back", 500)
    thumb.press("back", 900)
    assert thumb.next_ns == 900
