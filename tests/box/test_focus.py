import pytest
from support import BODIES, CAMERAS, MS, S, play


def test_a_back_button_body_gets_one_wake_pulse_however_long_back_is_held():
    outcome = play("at 1s hold back 5s\nat 7s > status")
    assert outcome.spans("focus") == [(1 * S, 1400 * MS)]
    assert outcome.state == {"focus": "DIALLED_IN", "release": "IDLE", "lock": False}


def test_a_factory_body_keeps_focus_closed_from_the_press_on():
    outcome = play("at 1s hold back 500ms\nat 9s > status", body="factory")
    assert outcome.spans("focus") == [(1 * S, None)]
    assert outcome.state == {"focus": "DIALLED_IN", "release": "IDLE", "lock": True}


@pytest.mark.parametrize("body", BODIES)
def test_exactly_the_minimum_hold_is_long_enough(body):
    assert play("at 1s hold back 300ms\nat 3s > status", body=body).state["focus"] == "DIALLED_IN"


def test_a_tap_on_a_back_button_body_says_that_focus_is_set():
    assert play("at 1s tap back\nat 3s > status").state["focus"] == "DIALLED_IN"


def test_a_tap_on_a_factory_body_is_too_short_to_focus():
    outcome = play("at 1s tap back\nat 3s > status", body="factory")
    assert outcome.state["focus"] == "UNFOCUSED"
    assert outcome.reasons == ["held 0.1 s; hold at least 0.3 s so that the camera can focus"]
    assert outcome.spans("focus") == [(1 * S, 1100 * MS)]


def test_trim_waits_for_a_tap_that_moves_no_line():
    for body in BODIES:
        script = """
            at 0s > set focus.mode trim
            at 1s hold back 500ms
            at 3s tap shutter
            at 5s tap back
            at 7s tap shutter
        """
        outcome = play(script, body=body)
        assert [reason for reason in outcome.reasons if "tap back to accept" in reason]
        assert outcome.state["focus"] == "DIALLED_IN"
        assert len(outcome.frames) == 1
        assert not [at_ns for at_ns, _ in outcome.edges("focus") if 4 * S < at_ns < 6 * S]


def test_a_client_accepts_a_trimmed_focus_without_moving_a_line():
    for body in BODIES:
        script = "at 0s > set focus.mode trim\nat 1s hold back 500ms\nat 3s > focus accept\nat 5s tap shutter"
        outcome = play(script, body=body)
        assert outcome.state["focus"] == "DIALLED_IN"
        assert len(outcome.frames) == 1
        assert not [at_ns for at_ns, _ in outcome.edges("focus") if 2 * S < at_ns < 4 * S]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("", "nothing to accept: no focus is being trimmed (see focus.mode trim)"),
        ("at 1s hold back 500ms", "nothing to accept: no focus is being trimmed (see focus.mode trim)"),
        ("at 2s hold back 3s", "back is already held; let it go first"),
    ],
)
def test_there_must_be_a_trimmed_focus_to_accept(before, reason):
    assert play(f"{before}\nat 3s > focus accept\nat 6s > status").reasons == [reason]


def test_holding_back_again_while_trimming_focuses_anew():
    outcome = play("at 0s > set focus.mode trim\nat 1s hold back 1s\nat 4s press back\nat 4.5s > status")
    assert "FOCUSING" in outcome.narration
    assert outcome.state["focus"] == "FOCUSING"


def test_two_taps_give_focus_up():
    for body in BODIES:
        outcome = play("at 1s hold back 1s\nat 4s tap back\nat 4.3s tap back\nat 6s > status", body=body)
        assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}
        assert outcome.spans("focus")[-1][1] is not None


def test_two_taps_far_apart_do_not_give_focus_up():
    outcome = play("at 1s hold back 1s\nat 4s tap back\nat 4.6s tap back\nat 6s > status", body="factory")
    assert outcome.state["focus"] == "DIALLED_IN"


def test_a_factory_body_refocuses_when_back_is_held_on_a_lock():
    outcome = play("at 1s hold back 500ms\nat 5s hold back 1s\nat 9s > status", body="factory")
    assert outcome.spans("focus") == [(1 * S, 5300 * MS), (5630 * MS, None)]
    assert outcome.state == {"focus": "DIALLED_IN", "release": "IDLE", "lock": True}


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("held", ["310ms", "400ms", "700ms", "1s", "1.4s"])
def test_a_refocus_let_go_of_early_is_finished_before_a_frame_may_be_taken(camera, held):
    """FOCUS is in its gap when back is let go: dialled in is only what the camera has had time to find."""
    presses = "\n".join(f"at {5000 + 100 * n}ms tap shutter" for n in range(5, 40, 2))
    outcome = play(f"at 1s hold back 500ms\nat 5s hold back {held}\n{presses}\nat 12s > status", camera, "factory")
    assert outcome.frames
    assert not any(frame["lens_moved"] for frame in outcome.frames)
    assert outcome.state["lock"]


def test_a_lock_opens_at_its_limit():
    script = "at 0s > set focus.lock_limit 1m\nat 1s hold back 500ms\nat 90s > status"
    outcome = play(script, body="factory")
    assert outcome.spans("focus") == [(1 * S, 61 * S)]
    assert outcome.state["focus"] == "UNFOCUSED"


def test_back_held_for_ever_on_a_factory_body_is_opened_by_the_limit():
    outcome = play("at 1s press back\nat 40s > status", body="factory")
    assert outcome.spans("focus") == [(1 * S, 31 * S)]
    assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}


def test_focus_expires_when_asked_to():
    outcome = play("at 0s > set focus.expires 1m\nat 1s hold back 500ms\nat 70s tap shutter\nat 80s > status")
    assert outcome.state["focus"] == "UNFOCUSED"
    assert outcome.frames == []


def test_focus_does_not_expire_in_the_middle_of_a_run():
    script = """
        at 0s > set focus.expires 7s
        at 0s > set interval.count 4
        at 1s hold back 500ms
        at 2s tap run
    """
    outcome = play(script)
    assert len(outcome.frames) == 4
    assert play(script + "    at 25s > status").state["focus"] == "UNFOCUSED"


def test_the_console_can_hold_release_and_clear():
    outcome = play("at 0s > focus hold\nat 1s > focus release\nat 2s > fire\nat 4s > focus clear", body="factory")
    assert len(outcome.frames) == 1
    assert outcome.spans("focus") == [(0, 4 * S)]
    assert outcome.state["focus"] == "UNFOCUSED"


def test_releasing_what_is_not_held_is_refused():
    assert play("at 0s > focus release").reasons == ["back is not held; there is nothing to release"]


def test_back_is_refused_during_a_run_and_free_in_a_pause():
    script = """
        at 0s hold back 500ms
        at 1s tap run
        at 3s tap back
        at 4s tap run
        at 5s hold back 500ms
        at 7s > resume
        at 8s > stop
    """
    outcome = play(script)
    assert outcome.reasons == ["focus is locked during a run; pause first"]
    assert outcome.state == {"focus": "DIALLED_IN", "release": "IDLE", "lock": False}


def test_back_and_console_cannot_both_hold():
    outcome = play("at 0s press back\nat 0.1s > focus hold\nat 1s release back")
    assert outcome.reasons == ["back is already held; let it go first"]
    assert outcome.state["focus"] == "DIALLED_IN"


def test_another_body_set_up_makes_focus_worthless():
    outcome = play("at 0s hold back 1s\nat 3s > set camera.back_button_focus true\nat 4s tap shutter", body="factory")
    assert outcome.spans("focus") == [(0, 3 * S)]
    assert outcome.frames == []


def test_a_finger_that_lets_go_does_not_end_what_the_console_began():
    script = "at 0s press back\nat 1s > focus clear\nat 5s > focus hold\nat 5.1s release back\nat 6s > focus release"
    outcome = play(script, "generic", "factory")
    assert outcome.reasons == []
    assert outcome.spans("focus") == [(0, 1 * S), (5 * S, None)]
    assert outcome.state["lock"]


def test_a_lock_that_may_not_work_on_this_body_is_warned_of():
    warned = play("at 1s > status", "nikon-10pin", "factory").narration
    assert "this body may fire only once while FOCUS stays closed" in warned
    assert "may fire only once" not in play("at 1s > status", "nikon-10pin", "bbf").narration
    assert "may fire only once" not in play("at 1s > status", "nikon-mc-dc2", "factory").narration
