"""The built-in presets on every camera, what a preset does in a line, and what holding `run` asks for."""

from itertools import product

import pytest
from support import MS, S

from config.cameras import load_profile, profile_ids
from config.presets import BUILT_IN, KEYS, values_to_save
from config.ramp import parse_ramp
from config.schema import FIELDS, build, changes, check_all, with_value
from config.steps import parse_steps
from config.when import When
from controller.core import checks, presets, recipes, runplan
from controller.core.controller import Controller
from controller.core.effects import Effect, Refuse, StepPreset
from controller.core.events import (
    Button,
    ButtonMoved,
    FaultFound,
    InterruptedRunFound,
    PresetsMarked,
    Request,
    Requested,
    TimePassed,
)
from controller.core.setup import Setup
from controller.core.states import Release

USABLE = [name for name in profile_ids() if load_profile(name).is_usable]


def setup(profile="canon-e3", **values):
    stated = {"camera.profile": profile, "camera.back_button_focus": True}
    return Setup(
        build(stated | {key.replace("__", "."): value for key, value in values.items()}), load_profile(profile)
    )


def applied(name, before):
    settings = before.settings
    for key, value in presets.built_in(name, before).items():
        settings = with_value(settings, key, value)
    return Setup(settings, before.profile)


@pytest.mark.parametrize(("profile", "body", "name"), [*product(USABLE, (True, False), BUILT_IN)])
def test_a_built_in_preset_works_on_every_camera_whose_port_allows_it(profile, body, name):
    after = applied(name, setup(profile, camera__back_button_focus=body))
    assert check_all(after.settings) == ()
    reason = checks.refuses_frame(after)
    assert reason is None or name == "stars" or "fires only once" in reason
    if reason is None:
        recipe = recipes.recipe(after, focus_is_held=after.has_lock)
        assert runplan.refuses(after, runplan.grid_of(after.settings, 0, 2), lambda _: recipe, is_wired=False) is None


@pytest.mark.parametrize(("first", "second"), [*product(BUILT_IN, BUILT_IN)])
def test_a_built_in_preset_leaves_nothing_that_shapes_the_next_one(first, second):
    alone, after = applied(second, setup()).settings, applied(second, applied(first, setup())).settings
    unused = {"interval.every"} | (
        {"shot.exposure"} if second != "stars" else set()
    )  # by frames, and by other drives
    assert set(changes(alone, after)) <= unused - ({"interval.every"} if second in ("stars", "timelapse") else set())


def test_landscape_raises_the_mirror_where_the_body_has_one():
    assert presets.built_in("landscape", setup())["shot.mirror_up"] == 2 * S
    assert presets.built_in("landscape", setup("sony-multi"))["shot.mirror_up"] == 0
    assert presets.built_in("landscape", setup("pentax-cs205"))["shot.mirror_up"] == 0
    assert presets.built_in("landscape", setup(camera__back_button_focus=False))["shot.mirror_up"] == 0


def test_action_is_a_burst_in_continuous_focus():
    after = applied("action", setup(shot__mirror_up=2 * S, shot__self_timer=2 * S)).settings
    assert (after.focus.mode, after.shot.drive) == ("continuous", "burst")
    assert (after.shot.mirror_up_ns, after.shot.self_timer_ns) == (0, 0)


def test_stars_are_back_to_back_with_as_long_an_exposure_as_is_allowed():
    shot = applied("stars", setup()).settings
    assert (shot.shot.drive, shot.shot.exposure_ns) == ("bulb", 20 * S)
    assert 20 * S < shot.interval.every_ns < 21 * S
    assert applied("stars", setup(safety__max_exposure=5 * S)).settings.shot.exposure_ns == 5 * S


def test_stars_with_noise_reduction_leave_room_for_the_dark_frame_and_say_what_to_switch_off():
    after = applied("stars", setup(camera__noise_reduction=True))
    assert after.settings.camera.noise_reduction
    assert 40 * S < after.settings.interval.every_ns < 41 * S
    assert presets.remarks("stars", after) == (presets.NOISE_REDUCTION,)
    assert presets.remarks("stars", applied("stars", setup())) == ()
    assert presets.remarks("action", after) == ()


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, "single frames, every 5s"),
        ({"shot.drive": "bulb", "shot.exposure": S, "shot.exposure_end": 15 * S}, "bulb 1s to 15s, every 5s"),
        ({"shot.drive": "burst", "focus.mode": "continuous"}, "bursts, focus continuous, every 5s"),
        ({"shot.drive": "bracket"}, "the camera's own bracket, every 5s"),
        ({"shot.drive": "bracket", "shot.bracket": (S, 4 * S)}, "bulb bracket 1s, 4s, every 5s"),
        (
            {"shot.drive": "bulb", "shot.ramp": parse_ramp("sunset 1s, -6deg 4s")},
            "bulb exposures, every 5s, shot.ramp sunset 1s, -6deg 4s",
        ),
        ({"shot.mirror_up": S, "shot.self_timer": 2 * S}, "single frames, mirror-up 1s, self-timer 2s, every 5s"),
        ({"interval.count": 24, "interval.every_end": 9 * S}, "single frames, every 5s to 9s, 24 frames"),
        ({"focus.interlock": False}, "single frames, every 5s, focus.interlock false"),
        ({"safety.max_hold": 10 * S}, "single frames, every 5s, safety.max_hold 10s"),
    ],
)
def test_a_line_says_what_a_preset_does(values, line):
    assert presets.describe(values_to_save(build(values))) == line


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_that_differs_is_in_the_line(key):
    field = FIELDS[key]
    drive = {"shot.exposure": "bulb", "shot.exposure_end": "bulb", "shot.bracket": "bracket"}.get(key, "single")
    values = values_to_save(build({"shot.drive": drive}))
    others = {"start": When("delay", offset_ns=S), "end": When("delay", offset_ns=S), "durations": (S,)}
    others |= {"ramp": parse_ramp("0% 1s, 100% 2s"), "steps": parse_steps("50% +1")}
    other = others.get(field.kind) or (not field.default if field.kind == "bool" else field.maximum)
    other = next(word for word in field.choices if word != field.default) if field.kind == "choice" else other
    assert presets.describe(values | {key: other}) != presets.describe(values)


def test_a_preset_of_one_setting_says_only_that():
    assert presets.describe({"interval.every": 10 * S}) == "every 10s"


class Finger:
    """A core with a finger on `run`; keeps what the core asks for, with the time."""

    def __init__(self, marked=0, **values):
        self.controller = Controller(setup(focus__interlock=False, **values))
        self.effects: list[tuple[int, Effect]] = []
        if marked:
            self.take(PresetsMarked(marked), 0)

    def take(self, event, at_ns):
        self.effects += [(at_ns, effect) for effect in self.controller.handle(event, at_ns)]

    def until(self, at_ns):
        while (due_ns := self.controller.next_deadline_ns) is not None and due_ns <= at_ns:
            self.take(TimePassed(), due_ns)

    def hold(self, from_ns, to_ns):
        for pressed, at_ns in ((True, from_ns), (False, to_ns)):
            self.until(at_ns)
            self.take(ButtonMoved(Button.RUN, pressed, at_ns), at_ns)
        self.until(to_ns + S)
        return self

    @property
    def steps(self):
        return [at_ns for at_ns, effect in self.effects if isinstance(effect, StepPreset)]

    @property
    def refusals(self):
        return [(effect.event, str(effect.reason)) for _, effect in self.effects if isinstance(effect, Refuse)]


def test_holding_run_steps_once_after_a_second_and_a_half_whatever_else_the_core_did():
    finger = Finger(marked=2).hold(S, 9 * S).hold(20 * S, 21_500 * MS).hold(30 * S, 31_499 * MS)
    assert finger.steps == [2_500 * MS, 21_500 * MS]
    assert finger.controller.release is not Release.IDLE  # the third was a tap: it has started a run


def test_with_none_marked_a_hold_is_what_it_was():
    finger = Finger().hold(S, 9 * S)
    assert finger.steps == []
    assert finger.refusals == [("run held", "nothing is in progress; there is nothing to stop")]


def test_after_the_last_mark_is_gone_a_hold_is_what_it_was():
    finger = Finger(marked=1)
    finger.take(PresetsMarked(0), 0)
    assert finger.hold(S, 9 * S).steps == []
    assert len(finger.refusals) == 1


@pytest.mark.parametrize("marked", [0, 3])
def test_during_a_run_a_hold_stops_it_marked_or_not(marked):
    finger = Finger(marked, interval__count=9)
    finger.take(Requested(Request.START, "start"), S)
    finger.until(2 * S)
    assert finger.controller.release is not Release.IDLE
    finger.hold(2 * S, 5 * S)
    assert finger.steps == []
    assert finger.refusals == []
    assert finger.controller._running.run is None or finger.controller._running.run.stop_wanted


@pytest.mark.parametrize("marked", [0, 3])
def test_an_interrupted_run_is_dropped_by_a_hold_marked_or_not(marked):
    finger = Finger(marked)
    finger.take(InterruptedRunFound(2, was_dialled_in=False), 0)
    finger.hold(S, 5 * S)
    assert finger.steps == []
    assert not finger.controller.has_interrupted_run


@pytest.mark.parametrize("marked", [0, 3])
def test_during_a_self_timer_a_hold_stops_it_marked_or_not(marked):
    finger = Finger(marked, shot__self_timer=30 * S)
    finger.take(Requested(Request.FIRE, "fire"), S)
    finger.hold(2 * S, 5 * S)
    assert finger.steps == []
    assert finger.controller.release is Release.IDLE


@pytest.mark.parametrize("marked", [0, 3])
def test_in_a_fault_a_hold_is_refused_marked_or_not(marked):
    finger = Finger(marked)
    finger.take(FaultFound("the test says so"), 0)
    assert finger.hold(S, 5 * S).steps == []


@pytest.mark.parametrize("marked", [0, 3])
def test_a_chord_cuts_and_steps_nowhere(marked):
    finger = Finger(marked)
    finger.take(ButtonMoved(Button.BACK, True, S), S)
    finger.hold(S + 100 * MS, 6 * S)
    assert finger.steps == []
