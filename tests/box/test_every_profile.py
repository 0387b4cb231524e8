"""What `cameras --check` accepts, the box can play: random profiles, with every drive, the mirror, and wake pulses."""

import random
import tempfile
from pathlib import Path

import pytest

from config.cameras import Cameras
from config.errors import ConfigError
from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.console.commands import Session, execute
from controller.core.states import Release
from controller.simulate.stage import Scene, Stage
from hardware.clock import VirtualClock

S = 1_000_000_000
HEAD = (
    'brand = "Mine"\nconnector = "any"\nsupported = "yes"\nconfidence = "low"\n'
    'pins = { focus = "half", shutter = "full", ground = "common" }\n'
)

MS = (1, 2, 4, 5, 6, 9, 10, 11, 50, 100, 200, 330, 500, 800, 1000, 3000, 5000, 30_000, 60_000)
SECONDS = (1, 2, 3, 5, 6, 10, 30, 60, 600, 3600)
FLAGS = ("true", "false")
KEYS = {
    **dict.fromkeys(
        (
            *("half_press_lead_ms", "half_press_lead_min_ms", "shutter_min_ms", "shutter_default_ms", "min_gap_ms"),
            *("wake.hold_ms", "wake.lead_ms", "mirror_up.first_press_ms", "mirror_up.settle_min_ms"),
            *("keep_awake.pulse_ms", "exposure_lag_ms"),
        ),
        MS,
    ),
    **dict.fromkeys(("wake.meter_off_default_s", "keep_awake.every_s", "mirror_up.timeout_s", "bulb_max_s"), SECONDS),
    **dict.fromkeys(
        (
            *("shutter_alone_fires", "focus_held_during_release", "release_focus_between_shots"),
            *("mirror_up.assert_focus", "mirror_up.must_release_between", "aeb.stops_by_itself"),
        ),
        FLAGS,
    ),
    "mirror_up.kind": ('"press-press"', '"press-press"', '"user-asked"', '"none"'),
    "mirror_up.on_timeout": ('"drops"', '"exposes"'),
    "bulb": ('"hold"', '"toggle"', '"none"'),
    "aeb.set_by": ('"hold"', '"press"'),
}
DRIVES = ("single", "burst", "bulb", "bracket", "bracket 1s, 2s, 4s")
SETTINGS = {
    "camera.wake": FLAGS,
    "camera.keep_awake": FLAGS,
    "camera.noise_reduction": FLAGS,
    "shot.mirror_up": ("0s", "1s", "2s", "5s"),
    "shot.exposure": ("1s", "5s", "30s"),
    "interval.every": ("1s", "7s", "2m"),
    "focus.interlock": FLAGS,
    "focus.mode": ("single", "continuous", "trim"),
}
NO_TIMELINE = ("sort them", "twice in a row", "before the start of its timeline", "say when it opens")


class Desk:
    """A box with a camera of that profile, on the virtual clock, worked at the console."""

    def __init__(self, folder, profile, body):
        (folder / "cameras").mkdir()
        (folder / "cameras" / "mine.toml").write_text(HEAD + text_of(profile))
        self.accepted = []
        self.clock = VirtualClock()
        store = SettingsStore(folder / "config.toml", folder)
        Cameras(store.cameras.own).check(folder / "cameras" / "mine.toml")
        store.set_all({"camera.profile": "mine", "camera.back_button_focus": body == "bbf", "interval.count": 3})
        self.stage = Stage(Scene("mine", body), store, self.clock, (), threaded=False)
        self._session = Session(lambda method, **params: self.stage.methods.call(method, params))

    def type(self, line):
        answer = execute(self._session, line)
        assert answer.word in (None, "refused", "value"), answer
        assert not any(words in answer.text for words in NO_TIMELINE), answer
        if answer.word is None:
            self.accepted.append(line)
        self.wait(0)

    def wait(self, for_ns):
        alarm = Alarm(self.clock.now_ns() + for_ns)
        run_virtually(self.stage.parts(alarm), self.stage.inbox, self.clock, lambda: alarm.next_ns is None)
        assert self.stage.box.engine.controller.release is not Release.FAULT

    def press(self, button, for_ns):
        self.stage.bench.thumb.press(button, self.clock.now_ns() + for_ns)
        self.wait(for_ns + S)


class Alarm:
    """A part that has something due once, so that time goes on until then."""

    def __init__(self, at_ns):
        self.next_ns = at_ns

    def step(self, _now_ns):
        self.next_ns = None


def text_of(profile):
    return "".join(f"{key} = {value}\n" for key, value in profile.items())


def is_accepted(profile):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "mine.toml"
        path.write_text(HEAD + text_of(profile))
        try:
            Cameras().check(path)
        except ConfigError:
            return False
    return True


def random_profile(chance):
    """Random values for some keys; often accepted, as keys that go together come together."""
    share = chance.choice((0.2, 0.5, 0.8))
    profile = {key: chance.choice(values) for key, values in KEYS.items() if chance.random() < share}
    if profile.get("mirror_up.kind", "") != '"press-press"':
        profile = {key: value for key, value in profile.items() if not key.startswith("mirror_up.")}
    if "keep_awake.every_s" not in profile:
        profile.pop("keep_awake.pulse_ms", None)
    return profile


def check(profile, body, drive, values):
    """Play frames with that profile, if the check of profiles accepts it; returns whether it did."""
    if not is_accepted(profile):
        return False
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Path(name), profile, body)
        kind, _, bracket = drive.partition(" ")
        desk.type(f"set shot.drive {kind}")
        desk.type(f'set shot.bracket "{bracket or "none"}"')
        for key, value in values.items():
            desk.type(f"set {key} {value}")
        try:
            play(desk)
        finally:
            desk.stage.close()
    return True


@pytest.mark.parametrize(
    ("profile", "drive"),
    [
        ({"wake.hold_ms": 1000, "wake.lead_ms": 500, "wake.meter_off_default_s": 5}, "single"),
        ({"wake.lead_ms": 300, "wake.meter_off_default_s": 5}, "single"),
        ({"min_gap_ms": 1}, "bracket 1s, 2s, 4s"),
        ({"min_gap_ms": 10}, "bracket 1s, 2s, 4s"),
        ({"wake.hold_ms": 500, "wake.lead_ms": 500, "wake.meter_off_default_s": 2}, "bulb"),
    ],
)
def test_what_was_once_accepted_and_broke_a_frame_is_refused_or_played(profile, drive):
    check(profile, "bbf", drive, {"camera.wake": "true"})


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_check_accepts_the_box_can_play(seed):
    chance, accepted = random.Random(seed), 0
    while accepted < 10:
        case = (
            random_profile(chance),
            chance.choice(("bbf", "factory")),
            chance.choice(DRIVES),
            {key: chance.choice(choices) for key, choices in SETTINGS.items()},
        )
        try:
            accepted += check(*case)
        except Exception as error:
            error.add_note(f"{case}")
            raise


def play(desk):
    """Take frames by hand and in runs, with a body that is awake and one that sleeps, to the end and cut short."""
    desk.press("back", S)
    for pause_ns in (0, 2 * S, 100 * S):
        desk.type("fire")
        desk.wait(pause_ns)
        desk.type("plan")
    desk.wait(200 * S)
    desk.press("back", 2 * S)
    desk.press("shutter", 2 * S)
    desk.type("start")
    desk.wait(10 * S)
    desk.type("pause")
    desk.wait(70 * S)
    desk.press("back", S)
    desk.type("resume")
    desk.wait(30 * S)
    desk.type("stop")
    desk.wait(90 * S)
    desk.type("start")
    desk.wait(400 * S)
    desk.type("fire")
    desk.wait(S // 10)
    desk.type("cut")
    desk.wait(60 * S)


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (
            {"min_gap_ms": 1},
            "min_gap_ms: 1 is too short; FOCUS opens after SHUTTER, so the box needs 10 ms between two presses; raise it",
        ),
    ],
)
def test_a_profile_that_the_box_cannot_play_is_refused_in_a_sentence(tmp_path, profile, sentence):
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + text_of(profile))
    with pytest.raises(ConfigError) as caught:
        Cameras().check(path)
    assert caught.value.faults == (f"{path}: {sentence}",)
