"""What a refusal advises works: each advice is followed until nothing is refused, and then every slot is fired in time.

On the virtual clock, for every camera in every set-up and drive, with settings that nearly all are too small or too
large at first. `tests/system/test_advice_in_real_time.py` does it in real time.
"""

from dataclasses import dataclass, field, replace

import pytest
from evening import Evening
from support import MS, S

from config.cameras import load_profile
from config.schema import build, find_field
from config.units import format_duration, parse_duration
from controller.core import checks, recipes, runplan
from controller.core.remedies import AT_LEAST, AT_MOST, Remedy
from controller.core.setup import Setup
from controller.core.words import Why
from controller.errors import CommandError
from controller.plan.planning import plan_frame
from controller.simulate.stage import BODIES, Scene
from docs.every_camera import DRIVES, Session, usable
from hardware.timeline import Line

SLOTS = 12
TOO_SMALL = {
    "interval.every": "100ms",
    "shot.mirror_up": "1ms",
    "shot.exposure": "1ms",
    "shot.bracket_hold": "100ms",
}
TOO_LARGE = {
    "interval.every": "100ms",
    "shot.mirror_up": "25s",
    "shot.exposure": "20m",
    "focus.lock_limit": "1m",
    "camera.noise_reduction": "true",
}
BRACKETS = {"small": "1ms, 2ms", "large": "20m, 1s, 9m"}
CASES = [
    (camera, body, drive, has_mirror_up, size)
    for camera in usable()
    for body in BODIES
    for drive in DRIVES
    for has_mirror_up in (False, True)
    for size in ("small", "large")
    if size == "small" or body == "factory" or drive in ("bulb", "list")  # nothing else can be too large
]
WAYS = {"first": {}, "last": {"takes_last": True}, "generous": {"is_generous": True}}
SHARES = {"first": CASES, "last": CASES[::5], "generous": CASES[::7]}


class Box(Session):
    """A session that also keeps the rows of the ledger and the closings of SHUTTER."""

    def __init__(self, scene, settings):
        self.rows, self.closings = [], []
        super().__init__(scene, settings)

    def on_notice(self, notice):
        super().on_notice(notice)
        if hasattr(notice, "row"):
            self.rows.append(notice.row)

    def on_change(self, change):
        super().on_change(change)
        if change.line is Line.SHUTTER and change.closed:
            self.closings.append(change.at_ns)


@dataclass
class Photographer:
    """Follows the advice of refusals: the first of several, or the last; to the letter, or generously."""

    scene: Scene
    settings: dict
    takes_last: bool = False
    is_generous: bool = False
    followed: list = field(default_factory=list)

    def shoots(self, button):
        """Dial in focus and press, and begin again with what the refusal advises; return the box that did not refuse."""
        while True:
            box = Box(self.scene, self.settings)
            box.focus()
            box.hold(button, 100 * MS)
            if not box.result.reasons:
                return box
            [reason] = set(box.result.reasons)
            box.stage.close()
            self.follow(reason)

    def follow(self, reason):
        assert reason.remedies, reason
        assert all(str(remedy) in reason for remedy in reason.remedies), reason
        remedy = reason.remedies[-1 if self.takes_last else 0]
        assert (remedy.key, remedy.value) not in self.followed, f"advised twice: {reason}"
        self.followed.append((remedy.key, remedy.value))
        assert len(self.followed) < 12, self.followed
        self.settings = self.settings | {remedy.key: self.value_of(remedy)}
        if remedy.key == "camera.back_button_focus":
            self.scene = replace(self.scene, body="bbf")

    def value_of(self, remedy):
        if not self.is_generous or not remedy.bound:
            return remedy.value
        if remedy.value.isdigit():
            return str(max(1, int(remedy.value) - 1)) if remedy.bound == AT_MOST else remedy.value
        ns = parse_duration(remedy.value)
        generous_ns = ns * 3 // 2 if remedy.bound == AT_LEAST else ns * 2 // 3
        most_ns = find_field(remedy.key).maximum
        return format_duration(min(generous_ns, most_ns))


def photographer(camera, body, drive, has_mirror_up, size, **ways):
    settings = (TOO_SMALL if size == "small" else TOO_LARGE) | {"interval.count": str(SLOTS)}
    settings |= {"interval.tolerance": "0s"} | DRIVES[drive][1] | {"shot.exposure": settings["shot.exposure"]}
    if not has_mirror_up:
        settings |= {"shot.mirror_up": "0s"}
    if drive == "list":
        settings |= {"shot.bracket": BRACKETS[size]}
    return Photographer(Scene(camera, body), settings, **ways)


def assert_takes_every_slot_in_time(box):
    box.finish()
    count = box.store.current.interval.count
    assert [(row.slot, row.outcome, row.reason) for row in box.rows] == [(k, "fired", None) for k in range(count)]
    assert {row.due_ns for row in box.rows} <= set(box.closings)
    box.stage.close()


@pytest.mark.parametrize(("way", "case"), [(way, case) for way, cases in SHARES.items() for case in cases])
def test_a_run_that_follows_the_advice_of_each_refusal_is_accepted_and_takes_every_slot_in_time(case, way):
    assert_takes_every_slot_in_time(photographer(*case, **WAYS[way]).shoots("run"))


@pytest.mark.parametrize("takes_last", [False, True])
@pytest.mark.parametrize(
    "case", [case for case in CASES[::4] if case[2] != "burst"], ids=lambda case: "-".join(map(str, case))
)
def test_a_frame_that_follows_the_advice_of_each_refusal_is_taken(case, takes_last):
    box = photographer(*case, takes_last=takes_last).shoots("shutter")
    box.finish()
    assert box.closings
    box.stage.close()


@pytest.mark.parametrize("takes_last", [False, True])
@pytest.mark.parametrize(
    "settings", [{"camera.continuous_af": "true"}, {"camera.continuous_af": "true", "focus.mode": "trim"}]
)
def test_the_advice_about_af_c_works(settings, takes_last):
    box = Photographer(Scene("nikon-mc-dc2", "factory"), settings | {"focus.mode": "single"}, takes_last=takes_last)
    assert_takes_every_slot_in_time(replace(box, settings=box.settings | {"interval.count": "3"}).shoots("run"))


RAMPS = [
    {"interval.every": "100ms", "interval.every_end": "5s"},
    {"interval.every": "5s", "interval.every_end": "100ms"},
    {"interval.every": "100ms", "interval.every_end": "100ms"},
    {"interval.every": "2s", "shot.drive": "bulb", "shot.exposure": "1s", "shot.exposure_end": "30s"},
    {"interval.every": "2s", "shot.drive": "bulb", "shot.exposure": "30s", "shot.exposure_end": "1s"},
    {"interval.every": "20s", "interval.every_end": "2s", "shot.drive": "bulb", "shot.exposure": "30s", "shot.exposure_end": "40s"},
    {"interval.every": "100ms", "shot.drive": "bulb", "shot.exposure": "2s", "shot.exposure_end": "1ms"},
]  # fmt: skip


@pytest.mark.parametrize("count", ["0", "1", "2", "3", "12"])
@pytest.mark.parametrize("noise_reduction", ["true", "false"])
@pytest.mark.parametrize("camera", ["canon-e3", "fuji-2.5mm"])
@pytest.mark.parametrize("ramp", RAMPS, ids=lambda ramp: "-".join(ramp.values()))
def test_the_advice_about_a_ramp_works(ramp, camera, noise_reduction, count):
    settings = ramp | {"interval.count": count, "interval.tolerance": "0s", "camera.noise_reduction": noise_reduction}
    follower = Photographer(Scene(camera), settings)
    assert_takes_every_slot_in_time(follower.shoots("run"))
    unset = {key for key, _ in follower.followed} - {"interval.every", "interval.every_end", "interval.count"}
    assert unset <= {"shot.exposure_end"}


@pytest.mark.parametrize(
    "settings",
    [
        {"shot.drive": "bulb", "shot.exposure": "24h"},
        {"shot.drive": "bulb", "shot.exposure": "20h", "camera.noise_reduction": "true"},
        {"shot.drive": "bracket", "shot.bracket": "20h, 10h, 1s"},
    ],
    ids=lambda settings: "-".join(settings.values()),
)
def test_a_frame_that_is_longer_than_every_interval_is_advised_to_expose_for_less(settings):
    follower = Photographer(Scene(), {"safety.max_exposure": "24h", "interval.count": "2"} | settings)
    assert_takes_every_slot_in_time(follower.shoots("run"))
    assert follower.followed[0][0] in ("shot.exposure", "shot.bracket")


@pytest.mark.parametrize("takes_last", [False, True])
@pytest.mark.parametrize("ramp", [{}, {"interval.every_end": "10s"}, {"interval.every_end": "3m"}])
@pytest.mark.parametrize("count", ["500", "3"])
def test_the_advice_about_a_focus_lock_works(ramp, count, takes_last):
    settings = ramp | {"interval.every": "1m", "interval.count": count, "focus.lock_limit": "2m"}
    assert_takes_every_slot_in_time(Photographer(Scene("canon-e3", "factory"), settings, takes_last).shoots("run"))


def test_a_frame_that_no_lock_lasts_for_is_not_told_to_focus_again_only():
    settings = {"shot.drive": "bulb", "shot.exposure": "5m", "focus.lock_limit": "2m"}
    follower = Photographer(Scene("canon-e3", "factory"), settings)
    follower.shoots("shutter").stage.close()
    assert follower.followed == [("focus.lock_limit", "6m")]


def test_the_advice_for_a_camera_whose_set_up_is_not_known_works():
    for takes_last, body in ((False, "bbf"), (True, "factory")):
        settings = {"camera.back_button_focus": "unset", "interval.count": "3"}
        assert_takes_every_slot_in_time(Photographer(Scene("generic", body), settings, takes_last).shoots("run"))


# -- the plan --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES[::7], ids=lambda case: "-".join(map(str, case)))
def test_the_plan_advises_what_start_advises(case):
    wanted = photographer(*case)
    stated = {"camera.profile": case[0], "camera.back_button_focus": "true" if case[1] == "bbf" else "false"}
    values = {key: find_field(key).parse(text) for key, text in (stated | wanted.settings).items()}
    try:
        planned = plan_frame(Setup(build(values), load_profile(case[0]))).refusals[0]
    except CommandError as error:
        planned = error.sentence
    box = Box(wanted.scene, wanted.settings)
    box.focus()
    box.hold("run", 100 * MS)
    asked = box.result.reasons[0]
    assert (asked.why, asked.remedies[0].key) == (Why.PLAN, planned.remedies[0].key)
    box.stage.close()


@pytest.mark.parametrize(("every", "is_tight"), [("530ms", True), ("579ms", True), ("580ms", False), ("5s", False)])
def test_the_plan_warns_of_an_interval_that_leaves_no_time_and_says_which_does(every, is_tight):
    box = Evening(f"set interval.every {every}")
    plan = box.type("plan").replace("\n  ", "")
    assert ("some may be late; set interval.every to at least 580ms" in plan) == is_tight
    assert box.type("start").startswith("ok")


# -- the margin ------------------------------------------------------------------------------------------------


def setup_of(camera):
    return Setup(build({"camera.back_button_focus": True}), load_profile(camera))


@pytest.mark.parametrize("camera", usable())
def test_the_advised_interval_leaves_time_to_hand_over_a_frame_and_to_record_its_intent(camera):
    recipe = recipes.recipe(setup_of(camera), focus_is_held=False)
    for is_wired in (False, True):
        spare_ns = runplan.least_interval_ns(recipe, is_wired=is_wired) - recipe.frame_ns
        recorded_ns = 0 if is_wired else recipe.rest_ns  # before the camera is ready
        assert spare_ns >= runplan.AHEAD_NS
        assert spare_ns + recorded_ns >= runplan.AHEAD_NS + runplan.COMMIT_NS


def test_a_calibration_leaves_that_time_too():
    recipe = recipes.recipe(setup_of("generic"), focus_is_held=False)
    assert recipe.frame_ns == 2 * S
    assert runplan.calibration_grid(0, recipe).every_ns == 3 * S


def test_what_no_setting_allows_is_not_advised():
    profile = replace(load_profile("canon-e3"), gap_ns=26 * S)
    setup = Setup(build({"camera.back_button_focus": True, "shot.mirror_up": 1 * S}), profile)
    reason = checks.refuses_frame(setup)
    assert reason.remedies == (Remedy("shot.mirror_up", "0s"),)
    assert reason.endswith("between the presses; set shot.mirror_up 0s")
