"""The flash contact against the frames: at the core with edges at will, and on the virtual bench."""

import pytest
from flashes import Core
from hypothesis import given
from hypothesis import strategies as st
from support import CAMERAS, MS, S, play

from config.store import SettingsStore
from controller.box.engine import Engine
from controller.box.notices import Over
from controller.core.confirming import Confirming, Verdict
from controller.core.effects import Announce, Play, RecordSlot, ReportFrame
from controller.core.events import FaultFound, Request, Requested, SetupChanged, SyncSeen, TimelinePlayed
from controller.core.states import Release
from hardware.clock import VirtualClock
from hardware.player import Played, PlayedEdge
from hardware.timeline import Line
from hardware.virtual.flash import EVERY_FRAME, Flash

READY = "at 0s > set interval.count 5\nat 0s > set interval.every 2s\nat 0s hold back 1s\n"
HOLD, GAP = 200 * MS, 330 * MS  # of a canon-e3
NEVER_YET = "the flash contact did not close, and has not closed in this run yet"
NOT_NOW = "the flash contact did not close, though it has closed in this run before"


# -- one frame's edges -----------------------------------------------------------------------------------------


@pytest.fixture
def confirming():
    return Confirming(is_wired=True)


def judge(confirming, *edges, shutter_ns=1_000, is_expected=False):
    for at_ns in edges:
        confirming.seen(at_ns)
    return confirming.judge(shutter_ns, is_expected=is_expected)


def test_the_first_edge_after_shutter_counts(confirming):
    assert judge(confirming, 1_050, 1_051, 1_300) == Verdict("confirmed", 50)


def test_an_edge_at_the_same_instant_as_shutter_counts(confirming):
    assert judge(confirming, 1_000) == Verdict("confirmed", 0)


def test_an_edge_before_shutter_does_not_count(confirming):
    assert judge(confirming, 999) == Verdict("unconfirmed", None)
    assert judge(confirming, 999, 1_020) == Verdict("confirmed", 20)


def test_a_missing_edge_means_missed_only_if_one_is_expected(confirming):
    assert judge(confirming) == Verdict("unconfirmed", None)
    assert judge(confirming, is_expected=True) == Verdict("missed", None)
    assert judge(confirming, 1_050, is_expected=True) == Verdict("confirmed", 50)


def test_the_edges_of_a_frame_do_not_count_for_the_next(confirming):
    judge(confirming, 1_050)
    assert judge(confirming) == Verdict("unconfirmed", None)
    confirming.seen(1_050)
    confirming.forget()
    assert judge(confirming) == Verdict("unconfirmed", None)


def test_a_frame_whose_shutter_never_closed_is_unconfirmed_despite_edges(confirming):
    assert judge(confirming, 1_050, shutter_ns=None) == Verdict("unconfirmed", None)


def test_the_last_lag_is_kept_after_a_frame_without_one(confirming):
    judge(confirming, 1_050)
    judge(confirming, is_expected=True)
    assert (confirming.last_outcome, confirming.last_lag_ns) == ("missed", 50)


def test_a_verdict_has_a_reason_unless_the_frame_is_confirmed(confirming):
    assert [judge(confirming, *edges).reason for edges in [(1_050,), ()]] == [None, NEVER_YET]
    assert judge(confirming, is_expected=True).reason == NOT_NOW


@given(st.lists(st.integers(0, 2_000), min_size=1_000, max_size=1_000).map(sorted))
def test_a_contact_that_chatters_endlessly_takes_bounded_memory(edges):
    confirming = Confirming(is_wired=True)
    for at_ns in edges:
        confirming.seen(at_ns)
    assert len(confirming._edges) < 100
    assert judge(confirming, shutter_ns=0) == Verdict("confirmed", edges[0])


# -- the core, with edges at will ------------------------------------------------------------------------------


def test_the_ledger_has_lags_measured_from_the_actual_closing():
    core = Core([50], [60], [52], [51], late_ns=3 * MS).ask(Request.START, 0).run()
    assert core.rows == [(k, "confirmed", None, lag * MS) for k, lag in enumerate((50, 60, 52, 51))]
    assert (core.sync.outcome, core.sync.lag_ns) == ("confirmed", 51 * MS)


def test_frames_are_unconfirmed_until_the_body_has_confirmed_one_and_then_missed():
    core = Core([], [], [50], []).ask(Request.START, 0).run()
    assert core.rows == [
        (0, "unconfirmed", NEVER_YET, None),
        (1, "unconfirmed", NEVER_YET, None),
        (2, "confirmed", None, 50 * MS),
        (3, "missed", NOT_NOW, None),
    ]
    assert (core.sync.outcome, core.sync.lag_ns) == ("missed", 50 * MS)


def test_a_new_run_starts_without_confirmed_frames():
    core = (
        Core([50], [], [], [50], interval__count=2, camera__wake=False)
        .ask(Request.START, 0)
        .ask(Request.START, 10_000)
        .run()
    )
    assert core.outcomes == ["confirmed", "missed", "unconfirmed", "confirmed"]


def test_a_row_is_recorded_when_recovering_ends():
    core = Core([50], interval__count=1).ask(Request.START, 0).run()
    [(at_ns, _)] = [each for each in core.effects if isinstance(each[1], RecordSlot)]
    assert at_ns == HOLD + GAP


def test_without_a_sync_input_a_row_is_recorded_when_the_frame_is_played():
    core = Core([50], sync=None, interval__count=1).ask(Request.START, 0).run()
    [(at_ns, enter)] = [each for each in core.effects if isinstance(each[1], RecordSlot)]
    assert (at_ns, enter.row.outcome, enter.row.lag_ns) == (HOLD, "fired", None)
    assert core.sync is None
    assert core.of(ReportFrame) == []


@pytest.mark.parametrize(
    ("edges_ms", "outcome", "lag_ms"),
    [
        ([0], "confirmed", 0),
        ([199], "confirmed", 199),
        ([200], "confirmed", 200),
        ([300], "confirmed", 300),  # in the gap, after the report
        ([529], "confirmed", 529),
        ([530], "confirmed", 530),  # at the last instant
        ([531], "unconfirmed", None),
        ([1_500], "unconfirmed", None),
        ([50, 51, 52, 80], "confirmed", 50),  # bounces
        ([-1], "unconfirmed", None),
        ([-30, 70], "confirmed", 70),
    ],
)
def test_the_window_of_a_frame(edges_ms, outcome, lag_ms):
    core = Core([], edges_ms, interval__count=2).ask(Request.START, 0).run()
    assert core.rows[1][1] == outcome
    assert core.rows[1][3] == (None if lag_ms is None else lag_ms * MS)


def test_a_frame_played_late_does_not_take_an_edge_from_before_it_closed():
    core = Core([-2], late_ns=5 * MS, interval__count=1).ask(Request.START, 0).run()
    assert core.outcomes == ["unconfirmed"]


def test_edges_in_the_pause_between_frames_confirm_nothing():
    core = Core(strangers_ms=range(540, 1_950, 10)).ask(Request.START, 0).run()
    assert core.outcomes == ["unconfirmed"] * 4


def test_edges_without_a_frame_are_ignored():
    core = Core(strangers_ms=(10, 20)).run()
    assert core.effects == []
    assert core.sync.outcome is None


def test_an_edge_handled_after_its_window_still_counts():
    """The loop was held up: report, edge and the end of the gap are all there when it comes back, the edge last."""
    core = Core(interval__count=1)
    [play] = [
        effect for effect in core.controller.handle(Requested(Request.FIRE, "fire"), 0) if isinstance(effect, Play)
    ]
    edges = [PlayedEdge(edge.line, edge.closed, edge.at_ns, edge.at_ns) for edge in play.timeline]
    core.controller.handle(TimelinePlayed(play.number, tuple(edges), cut=False), HOLD)
    assert core.controller.release is Release.RECOVERING
    core.take(10 * S, SyncSeen(50 * MS))
    assert [effect.outcome for effect in core.of(ReportFrame)] == ["confirmed"]


def test_a_single_frame_is_confirmed_too():
    core = Core([52.3], [], [50]).ask(Request.FIRE, 0).ask(Request.FIRE, 2_000).ask(Request.FIRE, 4_000).run()
    assert [effect.text for effect in core.of(Announce)] == [
        "the frame is confirmed: the flash contact closed 52.3 ms after SHUTTER",
        "the frame is unconfirmed: the flash contact did not close",
        "the frame is confirmed: the flash contact closed 50.0 ms after SHUTTER",
    ]
    assert core.rows == []


def test_a_cut_frame_is_recorded_as_cut_with_or_without_an_edge():
    for edges in ([50], []):
        core = Core([50], edges).ask(Request.START, 0).ask(Request.CUT, 2_100).run()
        assert core.outcomes == ["confirmed", "cut"]


def test_the_edges_of_a_frame_that_was_cut_do_not_confirm_the_next():
    core = (
        Core([], [50], [])
        .ask(Request.FIRE, 0)
        .ask(Request.FIRE, 2_000)
        .ask(Request.CUT, 2_100)
        .ask(Request.FIRE, 2_600)
        .run()
    )
    assert [effect.outcome for effect in core.of(ReportFrame)] == ["unconfirmed", "unconfirmed"]


@pytest.mark.parametrize(("edges", "outcome"), [([50], "confirmed"), ([], "unconfirmed"), ([500], "unconfirmed")])
def test_a_cut_in_the_gap_judges_the_fired_frame_but_never_as_missed(edges, outcome):
    core = Core([50], edges).ask(Request.START, 0).ask(Request.CUT, 2_400).run()
    assert core.outcomes == ["confirmed", outcome]
    assert core.controller.release is Release.IDLE


def test_a_fault_in_the_gap_records_the_frame_too():
    core = Core([50]).ask(Request.START, 0).at(300 * MS, FaultFound("broken")).run()
    assert core.outcomes == ["confirmed"]
    assert core.controller.release is Release.FAULT


def test_a_frame_of_a_player_that_died_is_cut_and_not_judged():
    core = Core().ask(Request.START, 0).run(until_ms=0)
    [play] = core.of(Play)
    closing = PlayedEdge(Line.SHUTTER, True, 0, 0)
    core.events.clear()
    core.take(50 * MS, TimelinePlayed(play.number, (closing,), cut=True))
    assert core.outcomes == ["cut"]
    assert core.of(ReportFrame) == []


def test_a_run_counts_what_was_confirmed_and_missed():
    core = Core([], [50], [], [51], interval__count=0).ask(Request.START, 0).run(until_ms=7_000)
    run = core.controller.status(7 * S).run
    assert (run.fired, run.confirmed, run.missed, run.skipped) == (4, 2, 1, 0)


def test_a_run_without_a_sync_input_counts_neither():
    core = Core(sync=None, interval__count=0).ask(Request.START, 0).run(until_ms=3_000)
    run = core.controller.status(3 * S).run
    assert (run.fired, run.confirmed, run.missed) == (2, None, None)


def test_the_last_frame_before_a_pause_or_a_stop_is_judged_first():
    for ask, release in ((Request.PAUSE, Release.PAUSED), (Request.STOP, Release.IDLE)):
        core = Core([50], [51]).ask(Request.START, 0).ask(ask, 2_100).run(until_ms=3_000)
        assert core.outcomes == ["confirmed", "confirmed"]
        assert core.controller.release is release


@pytest.mark.parametrize(("before", "after", "outcome"), [(25, None, "confirmed"), (None, 25, "fired")])
def test_the_inputs_are_fixed_when_the_box_starts(before, after, outcome):
    core, other = Core([50], sync=before, interval__count=1), Core(sync=after, interval__count=1)
    core.at(0, SetupChanged(other.setup)).ask(Request.START, 1).run()
    assert core.outcomes == [outcome]


@given(
    st.lists(st.lists(st.integers(-60, 1_900), max_size=6), min_size=4, max_size=4),
    st.integers(0, 40 * MS),
)
def test_each_frame_is_recorded_once_with_its_first_edge(edges_ms, late_ns):
    core = Core(*edges_ms, late_ns=late_ns).ask(Request.START, 0).run()
    window_ms = (HOLD + GAP - late_ns) / MS  # the gap counts from the plan, the window from what came of it
    windows = [[offset for offset in edges if 0 <= offset <= window_ms] for edges in edges_ms]
    assert [row[0] for row in core.rows] == [0, 1, 2, 3]
    assert [row[3] for row in core.rows] == [min(edges) * MS if edges else None for edges in windows]
    first = next((place for place, edges in enumerate(windows) if edges), 4)
    words = ["confirmed" if edges else "unconfirmed" if k < first else "missed" for k, edges in enumerate(windows)]
    assert core.outcomes == words


def test_a_cut_timeline_is_reported_by_when_shutter_was_due_to_close(tmp_path):
    """The player reads the clock after it has written the pin; what hangs on the pin may have acted before that."""
    engine, notices = Engine(SettingsStore(None, tmp_path), VirtualClock(9_000)), []
    engine.listen(notices.append)
    engine.played(Played(1, (PlayedEdge(Line.SHUTTER, True, 5_000, 5_040),), cut=True))
    assert notices == [Over(9_000, 5_000, cut=True)]


# -- on the virtual bench --------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["bbf", "factory"])
@pytest.mark.parametrize("camera", CAMERAS)
def test_every_body_confirms_its_frames(camera, body):
    outcome = play(READY + "at 2s > start", camera, body, flash=Flash(lag_ns=60 * MS))
    assert [row[2] for row in outcome.slots] == ["confirmed"] * 5
    assert [frame["outcome"] for frame in outcome.frames] == ["confirmed"] * 5
    assert [row["reason"] for row in outcome.report["ledger"]] == [None] * 5


def test_frames_that_the_contact_misses_are_shown_in_ledger_frames_and_narration():
    outcome = play(READY + "at 2s > start", flash=Flash(misses=(1, 4)))
    words = ["unconfirmed", "confirmed", "confirmed", "missed", "confirmed"]
    assert [row[2] for row in outcome.slots] == words
    assert [frame["outcome"] for frame in outcome.frames] == words
    assert f"frame 1 of 5 unconfirmed: {NEVER_YET}" in outcome.narration
    assert f"frame 4 of 5 missed: {NOT_NOW}" in outcome.narration
    assert "frame 2 of" not in outcome.narration


def test_a_body_that_took_no_frame_confirms_none():
    script = "at 0s > set interval.count 2\nat 0s hold back 1s\nat 2s > start"
    outcome = play(script, "nikon-mc-dc2", "factory", autofocus=False, flash=Flash())
    assert outcome.frames == []
    assert [row[2] for row in outcome.slots] == ["unconfirmed"] * 2


def test_a_burst_is_confirmed_by_its_first_edge():
    script = "at 0s > set shot.drive burst\nat 0s hold back 1s\nat 2s hold shutter 3s\nat 9s > status"
    outcome = play(script, flash=Flash(lag_ns=40 * MS))
    assert "the frame is confirmed: the flash contact closed 40.0 ms after SHUTTER" in outcome.narration


def test_a_single_frame_is_announced_and_shown_in_status():
    script = "at 0s hold back 1s\nat 2s > fire\nat 4s > status"
    outcome = play(script, flash=Flash(lag_ns=60 * MS))
    assert "flash contact  the last frame was confirmed; last measured lag 60.0 ms" in outcome.narration
    outcome = play(script, flash=Flash(misses=EVERY_FRAME))
    assert "flash contact  the last frame was unconfirmed" in outcome.narration
    assert "flash contact  no frame yet" in play("at 0s > status", flash=Flash()).narration


def test_status_shows_what_the_contact_saw_during_a_run():
    outcome = play(READY + "at 2s > start\nat 9s > status", flash=Flash(misses=(3,)))
    assert "4 fired (3 confirmed, 1 missed), 0 skipped" in outcome.narration


def test_a_cut_frame_is_cut_in_frames_and_ledger():
    outcome = play(READY + "at 2s > start\nat 4.1s > cut", flash=Flash())
    assert [frame["outcome"] for frame in outcome.frames] == ["confirmed", "cut"]
    assert [row[2] for row in outcome.slots] == ["confirmed", "cut"]


def test_setting_the_pin_takes_effect_after_a_restart():
    outcome = play("at 0s > set pins.sync 25\n" + READY + "at 2s > start")
    assert "takes effect after save, then" in outcome.narration
    assert [row[2] for row in outcome.slots] == ["fired"] * 5


def test_without_a_flash_contact_it_is_not_mentioned():
    outcome = play(READY + "at 2s > fire\nat 4s > start\nat 6s > status")
    assert "flash" not in outcome.narration
    assert "confirmed" not in outcome.narration
