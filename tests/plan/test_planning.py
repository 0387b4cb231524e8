from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import MS, S, play

from config.cameras import load_profile
from config.schema import build
from config.store import SettingsStore
from config.when import When, parse_end
from controller.box.loop import run_virtually
from controller.box.notices import Changed
from controller.console.commands import Session
from controller.core.events import ClockRead
from controller.core.setup import Setup
from controller.errors import CommandError
from controller.plan import text as plan_text
from controller.plan.diagram import draw_plan
from controller.plan.planning import Exposure, plan_frame
from controller.simulate.actor import Actor
from controller.simulate.narrator import Narrator
from controller.simulate.script import parse_script
from controller.simulate.stage import Scene, Stage
from hardware.clock import ClockSample, VirtualClock

M = 60 * S


EVENING_NS = int(datetime(2026, 3, 28, 17, 0, tzinfo=UTC).timestamp()) * S  # 18:00 in Zurich
ZURICH = {"site__latitude": 47_370_000, "site__longitude": 8_540_000}
SUNSET = When("sun", -20 * M, event="sunset")


def plan(camera="nikon-mc-dc2", *, bbf=True, clock=None, **values):
    """The plan of settings written `shot__drive="bulb"`."""
    keys = {key.replace("__", "."): value for key, value in values.items()}
    settings = build({"camera.profile": camera, "camera.back_button_focus": bbf, **keys})
    return plan_frame(Setup(settings, load_profile(camera)), clock)


def named(spans):
    return [(span.name, span.begins_ns, span.ends_ns) for span in spans]


MIRROR_BULB = {"shot__drive": "bulb", "shot__exposure": 4 * M, "shot__mirror_up": 3 * S, "interval__every": 5 * M}

# -- the frame ---------------------------------------------------------------------------------------------------


def test_the_parts_of_a_bulb_exposure_with_the_mirror_up():
    frame_plan = plan(**MIRROR_BULB)
    end = 3_200 * MS + 4 * M
    assert named(frame_plan.parts) == [
        ("lead", 0, 100 * MS),
        ("mirror-up", 100 * MS, 200 * MS),
        ("settle", 200 * MS, 3_200 * MS),
        ("lead", 3_100 * MS, 3_200 * MS),
        ("exposure", 3_200 * MS, end),
        ("gap", end, end + 330 * MS),
    ]
    assert frame_plan.exposures == (Exposure(3_200 * MS, end),)
    assert named(frame_plan.states) == [
        ("MIRROR_UP", 0, 3_200 * MS),
        ("EXPOSING", 3_200 * MS, end + 5 * MS),
        ("RECOVERING", end + 5 * MS, end + 330 * MS),
    ]
    assert (frame_plan.title, frame_plan.refusals) == ("nikon-mc-dc2: bulb 4m, mirror-up 3s", ())


def test_noise_reduction_and_the_bodys_own_bracketing_set_are_parts_too():
    dark = plan("canon-e3", shot__drive="bulb", shot__exposure=9 * S, camera__noise_reduction=True)
    assert named(dark.parts) == [
        ("exposure", 0, 9 * S),
        ("dark frame", 9 * S, 18 * S),
        ("gap", 18 * S, 18_330 * MS),
    ]
    assert [part.name for part in plan("fuji-2.5mm", shot__drive="bracket").parts] == [
        "hold",
        "bracketing set",
        "gap",
    ]


def test_the_sensor_starts_after_the_lag_and_its_end_is_unknown_where_the_camera_decides():
    lags = {"camera__shutter_lag": 60 * MS, "camera__close_lag": 10 * MS}
    bulb = plan("canon-e3", shot__drive="bulb", shot__exposure=2 * S, **lags)
    assert bulb.exposures == (Exposure(60 * MS, 2_060 * MS),)
    assert bulb.parts[0].length_ns == 2_050 * MS
    assert plan("canon-e3", **lags).exposures == (Exposure(60 * MS, None),)


def test_an_exposure_of_zero_length_is_refused_and_still_drawn():
    frame_plan = plan("canon-e3", shot__drive="bulb", shot__exposure=1 * MS, camera__close_lag=1 * MS)
    assert "shot.exposure: 1ms is too short" in frame_plan.refusals[0]
    assert plan_text.waveform(frame_plan)[1].count("█") == 1
    assert "exposure 0s" in draw_plan(frame_plan)


def test_a_frame_without_a_timeline_is_refused_with_the_reason():
    with pytest.raises(CommandError, match=r"shot\.exposure: 1ms is too short"):
        plan("canon-e3", shot__drive="bulb", shot__exposure=1 * MS, camera__close_lag=500 * MS)


def test_under_a_focus_lock_only_shutter_moves():
    frame_plan = plan(bbf=False)
    assert frame_plan.focus_is_held
    assert [edge.line.value for edge in frame_plan.timeline] == ["shutter", "shutter"]
    assert frame_plan.contacts == "nikon-mc-dc2: FOCUS stays closed (focus lock) while SHUTTER closes"


@given(
    camera=st.sampled_from(["nikon-mc-dc2", "canon-e3", "fuji-2.5mm", "sony-multi", "generic"]),
    bbf=st.sampled_from([True, False, None]),
    drive=st.sampled_from(["single", "burst", "bulb", "bracket"]),
    exposure=st.integers(1 * S, 600 * S),
    bracket=st.lists(st.integers(1 * S, 60 * S), max_size=15).map(tuple),
    settle=st.sampled_from([0, 2 * S, 20 * S]),
    dark=st.booleans(),
    lag=st.integers(0, 200 * MS),
    columns=st.integers(30, 79),
)
def test_the_parts_fill_the_frame_and_every_drawing_fits(
    camera, bbf, drive, exposure, bracket, settle, dark, lag, columns
):
    frame_plan = plan(
        camera,
        bbf=bbf,
        shot__drive=drive,
        shot__exposure=exposure,
        shot__bracket=bracket,
        shot__mirror_up=settle,
        camera__noise_reduction=dark,
        camera__shutter_lag=lag,
    )
    at_ns = 0
    for part in frame_plan.parts:
        if part.name != "lead" or part.begins_ns == at_ns:
            assert part.begins_ns == at_ns
            at_ns = part.ends_ns
        else:
            assert part.ends_ns == at_ns
    assert (
        at_ns
        == frame_plan.recipe.lead_ns
        + frame_plan.recipe.hold_ns
        + frame_plan.recipe.rest_ns
        - frame_plan.recipe.lead_ns
    )
    assert at_ns == frame_plan.states[-1].ends_ns
    assert all(len(row) <= 79 for row in plan_text.waveform(frame_plan))
    assert all(len(row) <= columns for row in plan_text.waveform(frame_plan, columns=columns))


# -- the plan and the box ----------------------------------------------------------------------------------------


class Witness:
    """Takes down what a stage does, and when its release machine changes."""

    zero_ns = 0

    def __init__(self):
        self.changes, self.exposures, self.states = [], [], []

    def on_change(self, change):
        self.changes.append(change)

    def on_exposure(self, exposure):
        self.exposures.append(exposure)

    def on_notice(self, notice):
        if isinstance(notice, Changed):
            self.states.append((notice.at_ns, notice.release.name))


def taken(folder, camera, *, bbf, values):
    """What the box and the virtual camera make of a frame: edges, states, exposures."""
    store = SettingsStore(None, folder)
    keys = {key.replace("__", "."): value for key, value in values.items()}
    store.current = build({"camera.profile": camera, "camera.back_button_focus": bbf, **keys})
    witness, clock = Witness(), VirtualClock()
    stage = Stage(Scene(camera, "bbf" if bbf else "factory"), store, clock, (witness,), threaded=False)
    session = Session(lambda method, **params: stage.methods.call(method, params))
    script = parse_script("at 0s hold back 500ms\nat 3s > fire", "script")
    box, quiet = stage.box.engine, Narrator(lambda _: None)
    actor = Actor(script, stage.begin(), box, stage.bench.thumb, session, quiet, lambda _: None)
    run_virtually(stage.parts(actor), stage.inbox, clock, actor.is_over)
    stage.finish()
    stage.close()
    return witness


@pytest.mark.parametrize(
    ("camera", "bbf", "values"),
    [
        ("nikon-mc-dc2", True, MIRROR_BULB),
        ("nikon-mc-dc2", False, {}),
        ("canon-e3", True, {}),
        ("canon-e3", True, {"shot__drive": "bulb", "shot__exposure": 9 * S, "camera__noise_reduction": True}),
        ("sony-multi", True, {"shot__drive": "burst"}),
        (
            "nikon-mc-dc2",
            True,
            {"shot__drive": "bracket", "shot__bracket": (1 * S, 4 * S, 16 * S), "shot__mirror_up": 2 * S},
        ),
    ],
)
def test_the_box_does_what_its_plan_says(tmp_path, camera, bbf, values):
    frame_plan, did = plan(camera, bbf=bbf, **values), taken(tmp_path, camera, bbf=bbf, values=values)
    planned = [(edge.at_ns, edge.line, edge.closed) for edge in frame_plan.timeline]
    # what comes before is the half-press of `back`, what comes after a lock is opened by the end
    fired_ns = next(at_ns for at_ns, name in did.states if name == frame_plan.states[0].name)
    frame = [change for change in did.changes if change.at_ns >= fired_ns]
    first_ns = frame[0].at_ns
    assert [(change.at_ns - first_ns, change.line, change.closed) for change in frame][: len(planned)] == planned
    states = [(name, at_ns - first_ns) for at_ns, name in did.states if at_ns >= fired_ns]
    assert states == [
        *((state.name, state.begins_ns) for state in frame_plan.states),
        ("IDLE", frame_plan.states[-1].ends_ns),
    ]
    lengths = [exposure.ends_ns and exposure.ends_ns - exposure.begins_ns for exposure in frame_plan.exposures]
    assert len(did.exposures) >= len(lengths)
    if lengths[0] is not None:
        assert [exposure.exposure_ns for exposure in did.exposures] == lengths


# -- the run -----------------------------------------------------------------------------------------------------


def test_a_run_begins_with_the_first_edge_and_ends_when_the_camera_is_ready():
    run = plan(**MIRROR_BULB, interval__count=3).run
    assert (run.starts_in_ns, run.length_ns) == (0, 10 * M + 4 * M + 3_530 * MS)
    later = plan(**MIRROR_BULB, interval__count=3, interval__start=When("delay", 30 * S)).run
    assert later.starts_in_ns == 30 * S - 3_200 * MS
    assert later.ends_in_ns == later.starts_in_ns + run.length_ns


def test_a_run_that_starts_by_the_sun_has_a_length_but_no_known_end():
    frame_plan = plan("canon-e3", interval__count=3, interval__start=When("sun", -20 * M, event="sunset"))
    assert (frame_plan.run.length_ns, frame_plan.run.ends_in_ns) == (10_530 * MS, None)
    (sentence,) = [line for line in plan_text.lines(frame_plan) if line.startswith("a run")]
    assert sentence == (
        "a run takes 3 frames, one every 5s, starts at sunset-20m (as soon as the clock is set), and lasts 10.53s"
    )


def test_a_run_that_starts_by_the_sun_has_its_times_where_the_clock_is_known():
    clock = ClockRead(ClockSample(EVENING_NS, 5 * S, is_trusted=True), ZoneInfo("Europe/Zurich"))
    frame_plan = plan("canon-e3", clock=clock, interval__count=3, interval__start=SUNSET, **ZURICH)
    assert frame_plan.refusals == ()
    (sentence,) = [line for line in plan_text.lines(frame_plan, clock) if line.startswith("a run")]
    assert sentence == (
        "a run takes 3 frames, one every 5s, starts at sunset-20m (on Sat 28 Mar 2026 at 18:29:39), "
        "and lasts 10.53s; it ends on Sat 28 Mar 2026 at 18:29:50"
    )


@pytest.mark.parametrize(("end", "frames"), [("+35s", 4), ("18:20", 120), ("sunset", 298)])
def test_the_end_of_a_run_decides_how_many_frames_are_planned(end, frames):
    clock = ClockRead(ClockSample(EVENING_NS, 5 * S, is_trusted=True), ZoneInfo("Europe/Zurich"))
    run = plan("canon-e3", clock=clock, interval__every=10 * S, interval__end=parse_end(end), **ZURICH).run
    assert run.count == frames
    assert run.length_ns == (frames - 1) * 10 * S + 530 * MS


def test_a_refused_plan_promises_nothing():
    frame_plan = plan(**MIRROR_BULB | {"interval__every": 4 * M})
    assert plan_text.lines(frame_plan) == [f"refused: {frame_plan.refusals[0]}"]


def test_a_run_without_end_has_no_length():
    run = plan().run
    assert (run.length_ns, run.ends_in_ns) == (None, None)
    assert "a run takes a frame every 5s, until it is stopped" in plan_text.lines(plan())


def test_the_end_of_a_run_is_computed_from_the_given_time(monkeypatch):
    frame_plan = plan("canon-e3", interval__count=721, interval__every=60 * S)
    clock = ClockRead(ClockSample(EVENING_NS, 0, is_trusted=False), ZoneInfo("Europe/Zurich"))
    (sentence,) = [line for line in plan_text.lines(frame_plan, clock) if line.startswith("a run")]
    assert sentence == (
        "a run takes 721 frames, one every 1m, and lasts 12h 530ms; if started now, it ends "
        "on Sun 29 Mar 2026 at 07:00:00, by a clock that is not set"
    )
    assert "started now" not in "".join(plan_text.lines(frame_plan))
    assert plan_text.as_reply(frame_plan, clock)["run"]["is_trusted"] is False


def test_a_run_that_does_not_fit_is_refused_with_the_numbers():
    (sentence,) = plan(**MIRROR_BULB | {"interval__every": 4 * M}).refusals
    assert "interval.every is 4m, but a frame takes 243.53s" in sentence
    assert "camera.back_button_focus is not set" in plan(bbf=None).refusals[0]


@pytest.mark.parametrize(("limit", "works"), [(60_105 * MS, True), (60_104 * MS, False)])
def test_a_run_must_be_over_before_the_focus_lock_opens(limit, works):
    frame_plan = plan(bbf=False, interval__count=13, focus__lock_limit=limit)
    assert (frame_plan.refusals == ()) is works
    assert works or "the focus lock opens in" in frame_plan.refusals[0]


def test_the_plan_refuses_a_lock_that_the_box_refuses():
    outcome = play(
        """
        at 0s > set focus.lock_limit 1m
        at 0s > set interval.count 14
        at 0s hold back 500ms
        at 1s > start
        """,
        "nikon-mc-dc2",
        "factory",
    )
    assert "the focus lock opens in" in outcome.reasons[0]
    assert plan(bbf=False, interval__count=14, focus__lock_limit=1 * M).refusals


# -- sleep -------------------------------------------------------------------------------------------------------


def sleepy(**values):
    frame_plan = plan(**{"interval__every": 60 * S, **values})
    return [text.split(",")[0] for text in frame_plan.warnings if "may go to sleep" in text], frame_plan.notes


def test_a_camera_that_may_sleep_is_woken_and_the_plan_says_so():
    warnings, notes = sleepy()
    assert warnings == []
    assert notes == ("the camera may go to sleep between frames; a half-press wakes it 500ms before each frame",)


@pytest.mark.parametrize(
    "values",
    [{"camera__wake": False}, {"camera": "fuji-2.5mm"}, {"camera": "canon-e3", "bbf": None}],
    ids=["not to be woken", "nobody knows how", "not stated"],
)
def test_a_camera_that_may_sleep_and_is_not_woken_gets_a_warning(values):
    warnings, notes = sleepy(**values)
    assert len(warnings) == 1
    assert notes == ()


@pytest.mark.parametrize(
    "values",
    [
        {"interval__every": 2 * S},
        {"interval__count": 1},
        {"camera__keep_awake": True, "camera__wake": False},
        {"bbf": False},
    ],
    ids=["no time to", "one frame", "kept awake", "held awake by the lock"],
)
def test_a_camera_that_stays_awake_gets_no_note(values):
    assert sleepy(**values) == ([], ())


def test_sleep_is_counted_from_the_last_opening_to_the_next_first_edge():
    # 6 s to sleep, half a second sooner drowsy; a frame's contacts take 200 ms
    assert sleepy(interval__every=5_700 * MS)[1] != ()
    assert sleepy(interval__every=5_699 * MS)[1] == ()


# -- in words ----------------------------------------------------------------------------------------------------


def test_a_short_frame_is_drawn_to_scale():
    assert plan_text.waveform(plan("canon-e3")) == [
        "FOCUS    ________________________________________________________________",
        "SHUTTER  ______████████████████████████████████████████████████████______",
        "               0 s          50 ms        100 ms      150 ms       200 ms",
    ]


def test_a_long_frame_is_drawn_with_times_and_break_marks():
    focus, shutter, times, note = plan_text.waveform(plan(**MIRROR_BULB))
    assert times.split("  ")[-1].strip() == "4m 3.2s"
    assert shutter[times.index("3.2s")] == "█"
    assert shutter[times.index("3.2s") - 1] == "_"
    assert (focus.count("//"), shutter.count("//")) == (2, 2)
    assert note.strip() == "times from the first edge; not to scale, shortened most at //"


def test_a_lead_within_the_settling_time_is_marked():
    assert "  at 3.1s     lead       100ms (at the end of settle)" in plan_text.lines(plan(**MIRROR_BULB))


def test_a_lock_is_drawn_closed_all_the_way():
    for frame_plan in (plan(bbf=False), plan(bbf=False, shot__drive="bracket", shot__bracket=(1 * S, 60 * S))):
        assert set(plan_text.waveform(frame_plan)[0][9:]) <= {"█", "/"}


def test_a_bracket_of_many_is_drawn_in_pieces_that_hold_every_exposure():
    frame_plan = plan("canon-e3", shot__drive="bracket", shot__bracket=tuple(k * S for k in range(1, 16)))
    shutters = [row[9:] for row in plan_text.waveform(frame_plan) if row.startswith("SHUTTER")]
    exposures = [row.replace("//", "██").split("_") for row in shutters]
    assert len(shutters) == 5
    assert sum(len([run for run in row if run]) for row in exposures) >= 15


def test_a_bracket_is_drawn_take_by_take_on_a_narrow_terminal_with_every_time():
    frame_plan = plan(shot__drive="bracket", shot__bracket=tuple(2**k * S for k in range(5)), interval__every=60 * S)
    rows = plan_text.waveform(frame_plan, columns=39)
    assert rows[:4] == [
        "FOCUS    ___██████████//██████___",
        "SHUTTER  _________████//█████____",
        "            0s    100ms      1.1s",
        "FOCUS    ___██████████//██████___",
    ]
    assert "".join(rows).count("SHUTTER") == 5
    assert rows[-2:] == ["         times from the first edge; not", "         to scale, shortened most at //"]


def test_a_width_that_no_terminal_has_is_taken_as_the_nearest_one():
    for columns, nearest in ((-5, 30), (0, 30), (10**9, 79)):
        assert plan_text.waveform(plan(), columns=columns) == plan_text.waveform(plan(), columns=nearest)
