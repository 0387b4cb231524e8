from dataclasses import replace

from hardware.timeline import Edge, Line, Timeline
from hardware.virtual.camera import Dials, Drive, Quirks
from hardware.virtual.owner import Seen, Task, VirtualOwner
from hardware.virtual.quirks import CUT, MANUAL, REVIEW_OFF, SWAPPED, TIMER, MirrorQuirks

MS = 1_000_000
LOOK = ("pictures", "moved", "late")


def pulses(*at_ms, for_ms=500, line=Line.SHUTTER):
    edges = [(at, True) for at in at_ms] + [(at + for_ms, False) for at in at_ms]
    return Timeline(tuple(Edge(at * MS, line, closed) for at, closed in sorted(edges)))


TWO = pulses(0, 3_000)
FACTORY = Quirks(half_press_focuses=True, review_ns=500 * MS)


def test_he_says_what_he_saw():
    assert VirtualOwner(FACTORY).do(Task(LOOK, TWO)) == Seen(pictures=2, moved=True, late=False)
    assert VirtualOwner(replace(FACTORY, review_ns=2_500 * MS)).do(Task(LOOK, TWO)).late is True
    assert VirtualOwner(FACTORY).do(Task(LOOK, pulses(0, line=Line.FOCUS))) == Seen(pictures=0, moved=True)


def test_he_says_only_what_he_is_asked():
    assert VirtualOwner(FACTORY).do(Task(("moved",), TWO)) == Seen(moved=True)


def test_he_sets_the_camera_as_he_is_told():
    assert VirtualOwner(FACTORY).do(Task(LOOK, TWO, is_on_mf=True)).moved is False
    assert VirtualOwner(FACTORY).do(Task(LOOK, TWO, is_capped=True)).pictures == 0
    bulb = VirtualOwner(Quirks()).do(Task(("pictures", "is_long"), pulses(0, for_ms=3_000), dials=Dials(Drive.BULB)))
    assert bulb == Seen(pictures=1, is_long=True)


def test_he_says_so_where_the_camera_has_no_such_setting():
    assert VirtualOwner(Quirks(bulb="none")).do(Task(LOOK, TWO, dials=Dials(Drive.BULB))).cannot
    assert VirtualOwner(Quirks()).do(Task(LOOK, TWO, dials=Dials(mirror_up=True))).cannot
    assert not VirtualOwner(Quirks(mirror=MirrorQuirks())).do(Task(LOOK, TWO, dials=Dials(mirror_up=True))).cannot


def test_he_presses_the_camera_s_own_button_whatever_the_wires_are():
    for mistake in (SWAPPED, CUT):
        body = replace(FACTORY, fires_alone=False, mistakes=frozenset([mistake]))
        assert VirtualOwner(body).do(Task(LOOK, by_hand=True)) == Seen(pictures=2, moved=True, late=False)


def test_the_rear_button_focuses_unless_the_lens_is_on_mf():
    assert VirtualOwner(Quirks()).do(Task(("moved",))).moved is True
    assert VirtualOwner(Quirks(mistakes=frozenset([MANUAL]))).do(Task(("moved",))).moved is False


def test_he_puts_right_what_he_is_told_and_it_stays_right():
    owner = VirtualOwner(Quirks(mistakes=frozenset([TIMER, SWAPPED])))
    owner.put_right((TIMER,), 0)
    assert owner.quirks.mistakes == {SWAPPED}
    owner.put_right((), 1)
    assert owner.quirks.mistakes == frozenset()
    owner.put_right((TIMER,), 1)
    assert owner.quirks.mistakes == frozenset()
    owner.put_right((), 2)
    assert owner.quirks.mistakes == {SWAPPED}, "told to swap them once more, he does"


def test_he_cannot_see_pictures_while_review_is_off():
    owner = VirtualOwner(Quirks(mistakes=frozenset([REVIEW_OFF])), seed=1)
    said = [owner.do(Task(LOOK, TWO)) for _ in range(30)]
    assert {each.pictures for each in said} == {0, None}
    assert {each.moved for each in said} == {False}


def test_he_photographs_the_lamp():
    owner = VirtualOwner(Quirks(opening_lag_ns=60 * MS))
    dials = Dials(speed_ns=MS)
    lit = [owner.do(Task(("lit",), pulses(0), dials=dials, lamp_ns=at * MS)).lit for at in (20, 55, 65, 100)]
    assert lit == [True, True, False, False]


def test_the_flash_contact_measures_each_frame():
    owner = VirtualOwner(Quirks(opening_lag_ns=60 * MS, jitter_ns=2 * MS))
    lags = owner.do(Task(("lags_ns",), pulses(*range(0, 20_000, 2_000)))).lags_ns
    assert len(lags) == 10
    assert all(58 * MS <= lag <= 63 * MS for lag in lags)
    assert len({*lags}) > 5


def test_the_shares_of_wrong_answers_and_of_those_he_does_not_know():
    owner = VirtualOwner(FACTORY, seed=3, wrong=0.2, unknown=0.1)
    said = [owner.do(Task(LOOK, TWO)) for _ in range(1_000)]
    for name, truth in (("pictures", 2), ("moved", True), ("late", False)):
        answers = [getattr(each, name) for each in said]
        assert 60 < answers.count(None) < 140
        assert 130 < sum(each not in (None, truth) for each in answers) < 230
    again = VirtualOwner(FACTORY, seed=3, wrong=0.2, unknown=0.1)
    assert [again.do(Task(LOOK, TWO)) for _ in range(1_000)] == said
