"""Fingers on buttons, in milliseconds: raw edges in, gestures out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.cameras import load_profile
from config.schema import Settings, build
from controller.core.controller import Controller
from controller.core.effects import Play, Refuse
from controller.core.events import Button, ButtonMoved
from controller.core.gestures import Gesture, Gestures, Kind
from controller.core.setup import Setup
from controller.core.states import Release

BACK, SHUTTER, RUN = Button.BACK, Button.SHUTTER, Button.RUN
PRESSED, LET_GO, TAPPED, HELD = Kind.PRESSED, Kind.LET_GO, Kind.TAPPED, Kind.HELD
CHORD, STUCK = Kind.CHORD_HELD, Kind.STUCK
MS = 1_000_000
DEBOUNCE_MS = 20  # the defaults of the settings
TAP_MS = 300
DOUBLE_TAP_MS = 400


class Fingers:
    """Moves buttons in time order, with all that time completes in between; remembers what came of it, and when."""

    def __init__(self):
        self.gestures = Gestures()
        self.gestures.learn(Settings())
        self.log = []

    def wait_until(self, at_ms):
        """Let time pass from deadline to deadline, as the loop does."""
        while (due_ns := self.gestures.next_ns) is not None and due_ns <= at_ms * MS:
            self._note(due_ns, self.gestures.advance(due_ns))
        return self

    def move(self, button, pressed, at_ms):
        self.wait_until(at_ms)
        self._note(at_ms * MS, self.gestures.moved(button, pressed, at_ms * MS))
        return self

    def press(self, button, *at_ms):
        """Close a contact; more times are bounces, open and closed by turns."""
        return self._bounce(button, at_ms, closes=True)

    def let_go(self, button, *at_ms):
        return self._bounce(button, at_ms, closes=False)

    def hold(self, button, from_ms, to_ms):
        return self.press(button, from_ms).let_go(button, to_ms)

    def of(self, *kinds):
        """Return what came, of these kinds only: (at_ms, kind, button)."""
        return [(at_ms, gesture.kind, gesture.button) for at_ms, gesture in self.log if gesture.kind in kinds]

    @property
    def kinds(self):
        return [gesture.kind for _, gesture in self.log]

    @property
    def taps(self):
        return [gesture.taps for _, gesture in self.log if gesture.kind is LET_GO]

    def _bounce(self, button, times_ms, *, closes):
        for place, at_ms in enumerate(times_ms):
            self.move(button, closes == (place % 2 == 0), at_ms)
        return self

    def _note(self, at_ns, gestures):
        self.log += [(at_ns // MS, gesture) for gesture in gestures]


@pytest.fixture
def fingers():
    return Fingers()


# -- debouncing ------------------------------------------------------------------------------------------------


def test_a_press_and_its_release_count_at_their_first_edge(fingers):
    fingers.press(BACK, 1_000).let_go(BACK, 1_500)
    assert fingers.log == [(1_000, Gesture(PRESSED, BACK)), (1_500, Gesture(LET_GO, BACK, 500 * MS))]


def test_bounces_within_the_lock_out_are_ignored(fingers):
    fingers.press(BACK, 1_000, 1_001, 1_002, 1_010, 1_019).let_go(BACK, 1_500, 1_503, 1_504).wait_until(9_000)
    assert fingers.log == [(1_000, Gesture(PRESSED, BACK)), (1_500, Gesture(LET_GO, BACK, 500 * MS))]


def test_an_edge_at_the_end_of_the_lock_out_counts_again(fingers):
    fingers.press(BACK, 1_000).let_go(BACK, 1_000 + DEBOUNCE_MS)
    assert fingers.of(LET_GO) == [(1_020, LET_GO, BACK)]


def test_the_contact_is_read_again_when_the_lock_out_ends(fingers):
    fingers.press(BACK, 1_000).let_go(BACK, 1_007)
    assert not fingers.gestures.is_settled
    assert fingers.gestures.next_ns == 1_020 * MS
    fingers.wait_until(1_020)
    assert fingers.log[1:] == [(1_020, Gesture(LET_GO, BACK, 7 * MS, taps=1))]
    assert fingers.gestures.is_settled


def test_a_change_hidden_by_the_lock_out_counts_from_when_it_happened(fingers):
    fingers.hold(RUN, 1_000, 1_007)
    fingers.press(RUN, 1_021).wait_until(9_000)  # locked out until 1_027, 20 ms after the letting go
    assert fingers.of(PRESSED, LET_GO, HELD) == [
        (1_000, PRESSED, RUN),
        (1_020, LET_GO, RUN),
        (1_027, PRESSED, RUN),
        (1_021 + 1_500, HELD, RUN),
    ]


def test_a_lock_out_that_hid_nothing_ends_without_a_gesture(fingers):
    fingers.press(BACK, 1_000).wait_until(1_020)
    assert fingers.kinds == [PRESSED]
    assert fingers.gestures.next_ns == 31_000 * MS  # when it counts as stuck


def test_each_button_has_a_lock_out_of_its_own(fingers):
    fingers.press(BACK, 1_000).press(SHUTTER, 1_001)
    assert fingers.of(PRESSED) == [(1_000, PRESSED, BACK), (1_001, PRESSED, SHUTTER)]


def test_the_lock_out_is_as_long_as_the_settings_say(fingers):
    fingers.gestures.learn(build({"buttons.debounce": 50 * MS}))
    fingers.press(BACK, 1_000, 1_049, 1_049).wait_until(2_000)
    assert fingers.kinds == [PRESSED]


def test_the_release_of_a_button_that_was_never_pressed_is_ignored(fingers):
    fingers.let_go(BACK, 1_000)
    assert fingers.log == []


@st.composite
def bouncing_presses(draw):
    """Presses whose contacts bounce for less than the lock-out and then stand still for at least as long."""
    presses, at_ms = [], 0
    for _ in range(draw(st.integers(1, 5))):
        edges = []
        for rest_ms in (draw(st.integers(DEBOUNCE_MS, 900)), draw(st.integers(DEBOUNCE_MS, 900))):
            at_ms += rest_ms + DEBOUNCE_MS
            bounces = sorted(draw(st.lists(st.integers(0, DEBOUNCE_MS - 1), max_size=6)))
            edges.append([at_ms, *(at_ms + after_ms for after_ms in bounces[: len(bounces) // 2 * 2])])
        presses.append(tuple(edges))
    return presses


@settings(max_examples=25)
@given(bouncing_presses(), st.sampled_from(Button))
def test_however_a_contact_bounces_a_press_is_one_press_and_one_release(presses, button):
    fingers = Fingers()
    expected = []
    for closing, opening in presses:
        fingers.press(button, *closing).let_go(button, *opening)
        expected += [(closing[0], PRESSED, button), (opening[0], LET_GO, button)]
    fingers.wait_until(60_000)
    assert fingers.of(PRESSED, LET_GO) == expected


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(Button), st.integers(0, 60)), max_size=20))
def test_whatever_the_contacts_do_gestures_alternate_and_end_as_the_contact_is(moves):
    fingers, at_ms, is_down = Fingers(), 0, dict.fromkeys(Button, False)
    for button, after_ms in moves:
        at_ms += after_ms
        is_down[button] = not is_down[button]
        fingers.move(button, is_down[button], at_ms)
    fingers.wait_until(at_ms + 2 * DEBOUNCE_MS)
    for button in Button:
        kinds = [gesture.kind for _, gesture in fingers.log if gesture.button is button]
        edges = [kind for kind in kinds if kind in (PRESSED, LET_GO)]
        assert edges == [PRESSED, LET_GO] * (len(edges) // 2) + [PRESSED] * (len(edges) % 2)
        assert fingers.gestures.is_pressed(button) is is_down[button] is (len(edges) % 2 == 1)
    assert fingers.gestures.is_settled


# -- taps ------------------------------------------------------------------------------------------------------


def test_a_press_shorter_than_the_minimum_hold_is_a_tap(fingers):
    fingers.hold(BACK, 1_000, 1_000 + TAP_MS - 1)
    assert fingers.taps == [1]


def test_a_press_of_the_minimum_hold_is_no_tap(fingers):
    fingers.hold(BACK, 1_000, 1_000 + TAP_MS)
    assert fingers.taps == [0]


def test_two_taps_within_the_gap_are_a_double_tap(fingers):
    fingers.hold(BACK, 1_000, 1_100).hold(BACK, 1_100 + DOUBLE_TAP_MS - 1, 1_600)
    assert fingers.taps == [1, 2]


def test_two_taps_further_apart_are_two_taps(fingers):
    fingers.hold(BACK, 1_000, 1_100).hold(BACK, 1_100 + DOUBLE_TAP_MS + 1, 1_600)
    assert fingers.taps == [1, 1]


def test_the_third_tap_is_a_first_one_again(fingers):
    for at_ms in (1_000, 1_200, 1_400, 1_600):
        fingers.hold(BACK, at_ms, at_ms + 100)
    assert fingers.taps == [1, 2, 1, 2]


def test_a_hold_between_two_taps_keeps_them_apart(fingers):
    fingers.hold(BACK, 1_000, 1_100).hold(BACK, 1_200, 1_600).hold(BACK, 1_700, 1_800)
    assert fingers.taps == [1, 0, 1]


def test_taps_of_two_buttons_do_not_add_up(fingers):
    fingers.hold(BACK, 1_000, 1_100).hold(SHUTTER, 1_200, 1_300)
    assert fingers.taps == [1, 1]


# -- run -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("for_ms", [30, 299, 1_499])
def test_run_released_before_it_became_a_hold_is_a_tap(fingers, for_ms):
    fingers.hold(RUN, 1_000, 1_000 + for_ms).wait_until(9_000)
    assert fingers.kinds == [PRESSED, LET_GO, TAPPED]


@pytest.mark.parametrize("for_ms", [1_500, 1_501, 5_000])
def test_run_held_for_a_second_and_a_half_acts_then_and_is_no_tap(fingers, for_ms):
    fingers.hold(RUN, 1_000, 1_000 + for_ms)
    assert fingers.kinds == [PRESSED, HELD, LET_GO]
    assert fingers.of(HELD) == [(2_500, HELD, RUN)]


def test_run_is_held_only_once_a_press(fingers):
    fingers.press(RUN, 1_000).wait_until(60_000)
    assert fingers.kinds == [PRESSED, HELD, STUCK]
    assert fingers.gestures.next_ns is None


@pytest.mark.parametrize("button", [BACK, SHUTTER])
def test_the_other_buttons_have_no_tap_and_no_hold_of_their_own(fingers, button):
    fingers.hold(button, 1_000, 1_100).hold(button, 3_000, 9_000)
    assert fingers.kinds == [PRESSED, LET_GO, PRESSED, LET_GO]


# -- the chord -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [BACK, SHUTTER])
@pytest.mark.parametrize("run_first", [True, False])
def test_run_with_another_button_for_a_second_is_the_chord_counted_from_the_later_press(fingers, other, run_first):
    first, second = (RUN, other) if run_first else (other, RUN)
    fingers.press(first, 1_000).press(second, 1_400).wait_until(9_000)
    assert fingers.of(CHORD, HELD, TAPPED) == [(2_400, CHORD, RUN)]


def test_the_chord_swallows_the_tap_and_the_hold_of_run(fingers):
    fingers.press(RUN, 1_000).press(BACK, 1_100).wait_until(2_100).let_go(BACK, 2_200).let_go(RUN, 2_300)
    assert fingers.of(CHORD, TAPPED, HELD) == [(2_100, CHORD, RUN)]


def test_a_chord_released_too_early_is_neither_chord_nor_tap(fingers):
    fingers.press(BACK, 1_000).press(RUN, 1_100).let_go(RUN, 2_000).let_go(BACK, 2_500).wait_until(9_000)
    assert fingers.of(CHORD, TAPPED, HELD) == []


def test_run_is_no_tap_once_another_button_has_been_down_with_it(fingers):
    fingers.press(RUN, 1_000).hold(BACK, 1_100, 1_200).let_go(RUN, 1_300)
    assert fingers.of(TAPPED) == []


def test_the_next_press_of_run_is_a_tap_again(fingers):
    fingers.press(RUN, 1_000).hold(BACK, 1_100, 1_200).let_go(RUN, 1_300).hold(RUN, 2_000, 2_100)
    assert fingers.of(TAPPED) == [(2_100, TAPPED, RUN)]


def test_back_with_shutter_is_ordinary_use(fingers):
    fingers.press(BACK, 1_000).press(SHUTTER, 1_100).wait_until(30_000)
    assert fingers.kinds == [PRESSED, PRESSED]


def test_of_two_other_buttons_the_one_that_stays_down_keeps_the_chord_going(fingers):
    fingers.press(RUN, 1_000).press(BACK, 1_100).press(SHUTTER, 1_500).let_go(BACK, 1_800).wait_until(9_000)
    assert fingers.of(CHORD) == [(2_500, CHORD, RUN)]


def test_the_chord_cuts_even_after_run_alone_was_held_for_a_stop(fingers):
    fingers.press(RUN, 1_000).wait_until(2_500).press(BACK, 3_000).wait_until(9_000)
    assert fingers.of(HELD, CHORD) == [(2_500, HELD, RUN), (4_000, CHORD, RUN)]


# -- buttons that are down when something ends -----------------------------------------------------------------


@pytest.mark.parametrize("button", Button)
def test_an_ignored_button_does_nothing_until_it_is_released(fingers, button):
    fingers.press(button, 1_000).wait_until(1_100)
    fingers.gestures.ignore_held()
    assert not fingers.gestures.is_pressed(button)
    fingers.wait_until(9_000).let_go(button, 9_500)
    assert fingers.kinds == [PRESSED]
    fingers.hold(button, 9_600, 9_700)
    assert fingers.of(PRESSED, LET_GO)[1:] == [(9_600, PRESSED, button), (9_700, LET_GO, button)]


def test_an_ignored_button_makes_no_chord(fingers):
    fingers.press(BACK, 1_000).wait_until(1_100)
    fingers.gestures.ignore_held()
    fingers.hold(RUN, 1_200, 2_500)
    assert fingers.of(CHORD, TAPPED) == [(2_500, TAPPED, RUN)]


def test_buttons_that_are_up_are_not_ignored(fingers):
    fingers.gestures.ignore_held()
    fingers.hold(BACK, 1_000, 1_100)
    assert fingers.kinds == [PRESSED, LET_GO]


def test_a_tap_before_and_one_after_are_no_double_tap(fingers):
    fingers.hold(BACK, 1_000, 1_100)
    fingers.gestures.ignore_held()
    fingers.hold(BACK, 1_200, 1_300)
    assert fingers.taps == [1, 1]


# -- edges that are handled late, because the loop was busy ----------------------------------------------------


@pytest.fixture
def controller():
    """A plain remote for a Canon, its shutter in burst."""
    values = {
        "focus.interlock": False,
        "shot.drive": "burst",
        "camera.profile": "canon-e3",
        "camera.back_button_focus": True,
    }
    return Controller(Setup(build(values), load_profile("canon-e3")))


def handle(controller, now_ms, *moves):
    """Hand edges to the core at `now_ms`, each with the time it happened; return what is to be done."""
    effects = ()
    for button, pressed, at_ms in moves:
        effects += controller.handle(ButtonMoved(button, pressed, at_ms * MS), now_ms * MS)
    return effects


def test_bounces_that_are_handled_late_are_still_bounces(controller):
    effects = handle(controller, 40, (SHUTTER, True, 0), (SHUTTER, False, 2), (SHUTTER, True, 3))
    assert [type(effect) for effect in effects] == [Play]


def test_run_released_in_time_is_a_tap_even_if_handled_late(controller):
    handle(controller, 0, (RUN, True, 0))
    effects = handle(controller, 1_600, (RUN, False, 1_200))
    assert not any(isinstance(effect, Refuse) for effect in effects)
    assert controller.release is Release.EXPOSING


def test_run_held_long_enough_is_a_hold_even_if_its_release_is_handled_at_the_same_instant(controller):
    effects = handle(controller, 2_000, (RUN, True, 0), (RUN, False, 1_700))
    assert [type(effect) for effect in effects] == [Refuse]
    assert controller.release is Release.IDLE


def test_a_button_that_was_down_at_the_start_does_nothing_until_it_is_released():
    fingers = Fingers()
    fingers._note(0, fingers.gestures.found_down(SHUTTER, 0))
    fingers.let_go(SHUTTER, 60_000).hold(SHUTTER, 61_000, 61_100)
    assert fingers.of(*Kind) == [(0, STUCK, SHUTTER), (61_000, PRESSED, SHUTTER), (61_100, LET_GO, SHUTTER)]


def test_a_stuck_button_is_reported_once_and_again_when_it_sticks_again():
    fingers = Fingers().hold(BACK, 0, 100_000).press(BACK, 200_000).wait_until(400_000)
    assert fingers.of(STUCK) == [(30_000, STUCK, BACK), (230_000, STUCK, BACK)]


def test_a_button_held_through_a_cut_is_reported_as_stuck_too():
    fingers = Fingers().press(BACK, 0).wait_until(1_000)
    fingers.gestures.ignore_held()
    assert fingers.wait_until(60_000).of(STUCK) == [(30_000, STUCK, BACK)]
