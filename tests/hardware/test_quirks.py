import tomllib
from dataclasses import replace

import pytest

from config.cameras import load_profile, profile_ids
from config.errors import ConfigError
from controller.cli import main
from hardware.timeline import Line
from hardware.virtual.camera import Dials, Drive, Quirks, VirtualCamera, quirks_of
from hardware.virtual.quirks import (
    ASLEEP,
    CONTINUOUS,
    CUT,
    MANUAL,
    NO_MIRROR_UP,
    NOT_BULB,
    SWAPPED,
    TIMER,
    MirrorQuirks,
)
from hardware.virtual.quirks_file import body_named, body_of, drawn, text_of_body

MS = 1_000_000
F, S = Line.FOCUS, Line.SHUTTER
BULB = Dials(Drive.BULB)


class Body:
    def __init__(self, dials=None, **quirks):
        self.pictures, self.openings = [], []
        self.camera = VirtualCamera(Quirks(**quirks), on_exposure=self.pictures.append, on_open=self.openings.append)
        self.camera.dials = Quirks(**quirks).dials(dials or Dials())
        self.camera.focus_dialled_in()

    def act(self, *changes):
        for at_ms, line, closed in changes:
            self.camera.step(at_ms * MS - 1)
            self.camera.line_changed(line, closed, at_ms * MS)
        self.camera.step(200_000 * MS)
        return self

    @property
    def frames(self):
        return [(picture.at_ns / MS, picture.exposure_ns / MS) for picture in self.pictures]


def pulse(line, at_ms, for_ms):
    return (at_ms, line, True), (at_ms + for_ms, line, False)


def test_a_number_draws_the_same_body_each_time_and_another_for_another_number():
    assert drawn(7) == drawn(7) == body_named("7")
    assert len({replace(drawn(seed), seed=0) for seed in range(500)}) == 500


def test_a_body_reads_back_from_its_text():
    for seed in range(500):
        assert body_of(tomllib.loads(text_of_body(drawn(seed)))) == drawn(seed)


def test_drawn_bodies_are_of_all_kinds():
    bodies = [drawn(seed) for seed in range(2_000)]
    for name in (
        "fires_alone",
        "focus_must_open",
        "half_press_focuses",
        "continuous_af",
        "autofocus_succeeds",
        "bulb",
    ):
        assert len({getattr(body, name) for body in bodies}) > 1, name
    assert {len(body.mistakes) for body in bodies} >= {0, 1, 2}
    assert 0.4 < sum(not body.mistakes for body in bodies) / 2_000 < 0.7
    assert all(body.half_press_focuses or not body.continuous_af for body in bodies)


def test_a_file_is_read_and_its_faults_are_sentences(tmp_path):
    path = tmp_path / "body.toml"
    path.write_text('gap_ms = 400\nmistakes = ["swapped"]\n[mirror]\ntimeout_ms = 8_000\n')
    body = Quirks(gap_ns=400 * MS, mistakes=frozenset([SWAPPED]), mirror=MirrorQuirks(8_000 * MS))
    assert body_named(str(path)) == body
    path.write_text('gap_m = 1\nbulb = "press"\nfires_alone = 1\nseed = true\nopening_lag_ms = -1\nmistakes = ["x"]')
    with pytest.raises(ConfigError) as caught:
        body_named(str(path))
    assert [fault.removeprefix(f"{path}: ") for fault in caught.value.faults] == [
        'unknown key "gap_m"; did you mean gap_ms?',
        "bulb: is not one of hold, toggle, none",
        "fires_alone: is not true or false",
        "seed: is not a whole number",
        "opening_lag_ms: is not a number of milliseconds up to 3600000",
        (
            "mistakes: is not a list of swapped, cut, manual focus, asleep, self-timer, review off, continuous, "
            "mirror-up, not on bulb, mirror-up not set"
        ),
    ]


@pytest.mark.parametrize("profile_id", profile_ids())
def test_a_profile_s_own_body_has_no_mistakes_and_no_jitter(profile_id):
    body = quirks_of(load_profile(profile_id), half_press_focuses=True)
    assert (body.mistakes, body.jitter_ns, body.lens_is_driven) == (frozenset(), 0, True)


def test_swapped_wires_reach_each_other_s_contact():
    assert Body(mistakes=frozenset([SWAPPED])).act(*pulse(S, 100, 200)).frames == []
    assert Body(mistakes=frozenset([SWAPPED])).act(*pulse(F, 100, 200)).frames == [(100, 8)]
    assert Body(mistakes=frozenset([CUT])).act(*pulse(F, 100, 200), *pulse(S, 500, 200)).frames == []


def test_a_sleeping_body_takes_the_second_press():
    body = Body(mistakes=frozenset([ASLEEP]), waking_ns=500 * MS)
    assert body.act(*pulse(S, 100, 200), *pulse(S, 599, 50), *pulse(S, 700, 200)).frames == [(700, 8)]


def test_a_self_timer_takes_one_frame_late_and_no_press_meanwhile():
    body = Body(mistakes=frozenset([TIMER]))
    assert body.act(*pulse(S, 100, 200), *pulse(S, 5_000, 200)).frames == [(10_100, 8)]


def test_a_lens_on_mf_does_not_move_and_the_body_fires():
    assert Body(half_press_focuses=True, mistakes=frozenset([MANUAL])).act(*pulse(S, 100, 50)).frames == [(100, 8)]
    assert Body(half_press_focuses=True).act(*pulse(S, 100, 50)).frames == []
    assert Body(half_press_focuses=True).act(*pulse(S, 100, 500)).pictures[0].lens_moved


def test_a_wrong_dial_takes_other_pictures():
    assert len(Body(mistakes=frozenset([CONTINUOUS])).act(*pulse(S, 100, 500)).frames) == 3
    assert Body(BULB, mistakes=frozenset([NOT_BULB])).act(*pulse(S, 100, 500)).frames == [(100, 8)]
    up = Dials(mirror_up=True)
    presses = (*pulse(S, 100, 100), *pulse(S, 2_000, 100))
    assert len(Body(up, mirror=MirrorQuirks()).act(*presses).frames) == 1
    assert len(Body(up, mirror=MirrorQuirks(), mistakes=frozenset([NO_MIRROR_UP])).act(*presses).frames) == 2


def test_a_bulb_opens_and_closes_late_and_needs_the_longer_press():
    body = Body(BULB, opening_lag_ns=60 * MS, closing_lag_ns=10 * MS, shortest_bulb_ns=150 * MS)
    assert body.act(*pulse(S, 1_000, 149), *pulse(S, 2_000, 150)).frames == [(2_060, 100)]
    assert Body(shortest_bulb_ns=150 * MS).act(*pulse(S, 1_000, 20)).frames == [(1_000, 8)]


def test_lags_jitter_the_same_for_the_same_seed():
    lags = [Body(opening_lag_ns=50 * MS, jitter_ns=3 * MS, seed=4).act(*pulse(S, 0, 100)).openings for _ in "12"]
    assert lags[0] == lags[1] != [50 * MS]
    assert 47 * MS <= lags[0][0] <= 53 * MS


def test_simulate_plays_a_body_that_a_number_draws(tmp_path, capsys):
    script = tmp_path / "two.session"
    script.write_text("at 0s hold back 1s\nat 2s tap shutter\nat 4s tap shutter\n")
    assert main(["simulate", "--quirks", "3", "--fast", "--script", str(script)]) == 0
    assert "took 2 frames" in capsys.readouterr().out.replace("it took: ", "took ").replace(
        "the camera took: ", "took "
    )
    assert main(["simulate", "--quirks", "none.toml", "--fast", "--script", str(script)]) != 0
    assert capsys.readouterr().err == "backbutton: none.toml: cannot be read, no such file or directory\n"
