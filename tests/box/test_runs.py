import pytest
from support import BODIES, CAMERAS, MS, S, play

READY = "at 0s > set interval.count 4\nat 0s hold back 1s\n"
LEAD = {"canon-e3": 0, "nikon-mc-dc2": 100 * MS, "generic": 500 * MS}


@pytest.mark.parametrize("camera", CAMERAS)
def test_slots_lie_on_the_grid_and_start_after_the_lead(camera):
    outcome = play(READY + "at 2s > start", camera)
    t0 = 2 * S + LEAD[camera]
    assert outcome.slots == [(k, t0 + k * 5 * S, "fired") for k in range(4)]
    assert [span[0] for span in outcome.spans("shutter")] == [t0 + k * 5 * S for k in range(4)]
    assert outcome.state["release"] == "IDLE"


@pytest.mark.parametrize("body", BODIES)
def test_the_lens_stays_where_it_is_through_a_run(body):
    for camera in CAMERAS:
        outcome = play(READY + "at 2s tap run", camera, body)
        assert [frame["lens_moved"] for frame in outcome.frames] == [False] * 4


def test_the_lock_is_opened_at_the_end_of_a_run():
    outcome = play(READY + "at 2s tap run", body="factory")
    assert outcome.state == {"focus": "UNFOCUSED", "release": "IDLE", "lock": False}
    assert outcome.spans("focus")[0][1] is not None


def test_a_start_can_be_delayed():
    outcome = play(READY + "at 2s > start +30s", "nikon-mc-dc2")
    assert outcome.slots[0][1] == 32 * S
    assert play(READY + "at 1s > set interval.start +10s\nat 2s > start").slots[0][1] == 12 * S


def test_pause_keeps_the_grid_and_resume_the_phase():
    outcome = play(READY + "at 2s > start\nat 8s > pause\nat 14s > resume")
    assert outcome.slots == [
        (0, 2 * S, "fired"),
        (1, 7 * S, "fired"),
        (2, 12 * S, "skipped"),
        (3, 17 * S, "fired"),
    ]
    assert outcome.report["ledger"][2]["reason"] == "paused"


def test_a_pause_in_a_frame_comes_at_the_next_gap():
    outcome = play(READY + "at 2s > start\nat 2.05s > pause")
    assert outcome.slots == [(0, 2 * S, "fired")]
    assert outcome.state["release"] == "PAUSED"


def test_resume_takes_back_a_pause_that_has_not_begun():
    outcome = play(READY + "at 2s > start\nat 2.05s > pause\nat 2.1s > resume")
    assert [outcome for _, _, outcome in outcome.slots] == ["fired"] * 4


def test_a_run_paused_past_its_end_is_over():
    outcome = play(READY + "at 2s > start\nat 3s > pause\nat 30s > status")
    assert [outcome for _, _, outcome in outcome.slots] == ["fired"] + ["skipped"] * 3
    assert outcome.state["release"] == "IDLE"


def test_no_row_is_written_for_a_slot_still_to_come():
    outcome = play(READY + "at 2s > start\nat 3s > pause\nat 11.9s > status")
    assert len(outcome.slots) == 2


def test_stop_finishes_the_frame():
    outcome = play(READY + "at 2s > start\nat 7.1s > stop")
    assert len(outcome.frames) == 2
    assert outcome.spans("shutter")[1] == (7 * S, 7200 * MS)
    assert outcome.state["release"] == "IDLE"


def test_cut_ends_frame_and_run_now():
    outcome = play(READY + "at 2s > start\nat 7.1s > cut", "generic")
    assert outcome.spans("shutter")[-1] == (2500 * MS, 3 * S)
    assert outcome.slots == [(0, 2500 * MS, "fired"), (1, 7500 * MS, "cut")]
    assert outcome.state == {"focus": "DIALLED_IN", "release": "IDLE", "lock": False}


def test_the_run_button_starts_pauses_resumes_and_stops():
    script = "at 2s tap run\nat 4s tap run\nat 5s tap run\nat 9s hold run 1.6s"
    outcome = play(READY + script)
    assert [outcome for _, _, outcome in outcome.slots] == ["fired", "fired"]
    assert outcome.state["release"] == "IDLE"
    assert outcome.reasons == []


def test_run_with_another_button_is_cut_and_no_tap():
    script = (
        READY + "at 2s > start\nat 4s press run\nat 4.1s press shutter\nat 5.5s release run\nat 5.6s release shutter"
    )
    outcome = play(script)
    assert outcome.state["release"] == "IDLE"
    assert len(outcome.frames) == 1


def test_a_run_that_begins_before_focus_is_refused():
    outcome = play("at 1s tap run")
    assert outcome.report["refusals"][0]["event"] == "run tapped"
    assert outcome.slots == []


def test_a_run_needs_focus_that_is_dialled_in_even_in_continuous():
    outcome = play("at 0s > set focus.mode continuous\nat 1s press back\nat 2s > start\nat 3s release back")
    assert len(outcome.reasons) == 1


def test_an_interval_too_short_for_the_frame_is_refused_with_the_numbers():
    outcome = play("at 0s > set interval.every 1s\nat 0s hold back 1s\nat 3s > start", "generic")
    assert outcome.reasons == [
        "interval.every is 1s, but a frame takes 2s (lead 500ms, hold 500ms, gap 1s); set interval.every to at least 2.05s"
    ]


def test_an_interval_of_exactly_a_frame_works():
    script = "at 0s > set interval.every 630ms\nat 0s > set interval.count 50\nat 0s hold back 1s\nat 3s > start"
    outcome = play(script, "nikon-mc-dc2")
    assert [outcome for _, _, outcome in outcome.slots] == ["fired"] * 50


def test_a_run_that_the_lock_would_not_outlast_is_refused():
    outcome = play("at 0s > set interval.count 5000\nat 0s hold back 1s\nat 3s > start", body="factory")
    assert "focus lock" in outcome.reasons[0]
    assert outcome.slots == []


def test_an_endless_run_ends_before_the_lock_does():
    script = "at 0s > set focus.lock_limit 1m\nat 0s hold back 1s\nat 3s > start\nat 2m > status"
    outcome = play(script, "nikon-mc-dc2", "factory")
    assert outcome.state["release"] == "IDLE"
    assert max(opened for _, opened in outcome.spans("shutter")) < outcome.spans("focus")[0][1] <= 61 * S
    assert not any(frame["lens_moved"] for frame in outcome.frames)


def test_an_endless_run_is_stopped_at_the_last_line():
    outcome = play("at 0s hold back 1s\nat 3s > start\nat 14s > status")
    assert len(outcome.frames) == 3
    assert outcome.state["release"] == "IDLE"


def test_an_endless_run_begun_by_the_last_tap_is_stopped_after_its_first_frame():
    outcome = play("at 0s hold back 1s\nat 3s tap run")
    assert outcome.state["release"] == "IDLE"
    assert len(outcome.frames) <= 1


def test_a_paused_endless_run_stays_paused():
    assert play("at 0s hold back 1s\nat 3s > start\nat 5s > pause").state["release"] == "PAUSED"


def test_settings_that_shape_a_run_are_refused_during_it():
    outcome = play(READY + "at 2s > start\nat 3s > set interval.every 1s\nat 4s > set focus.mode continuous")
    assert outcome.reasons == ["interval.every: this would change the run in progress; stop it first"]
    assert len(outcome.frames) == 4


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("pause", "there is no run; begin one with start"),
        ("resume", "there is no run; begin one with start"),
        ("stop", "nothing is in progress; there is nothing to stop"),
        ("clear", "there is no fault to clear"),
    ],
)
def test_what_makes_no_sense_when_idle_is_refused(command, reason):
    assert play(f"at 0s > {command}").reasons == [reason]


def test_cut_is_never_refused():
    assert play("at 0s > cut").reasons == []


def test_two_thousand_frames_lie_on_the_grid_to_the_nanosecond():
    script = "at 0s > set interval.count 2000\nat 0s > set interval.every 5s\nat 1s hold back 1s\nat 3s > start"
    outcome = play(script, "nikon-mc-dc2")
    t0 = outcome.slots[0][1]
    assert [due for _, due, _ in outcome.slots] == [t0 + k * 5_000_000_000 for k in range(2000)]
    assert len(outcome.frames) == 2000
    assert not any(frame["lens_moved"] for frame in outcome.frames)
