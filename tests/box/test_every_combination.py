"""Every technique on every kind of camera in every set-up: what has to be true of the lines and the lens."""

import itertools

import pytest
from support import BODIES, CAMERAS, NEEDS_FOCUS, S, play

DIAL_IN = {
    "single": "at 1s hold back 1s",
    "continuous": "at 1s hold back 1s",
    "trim": "at 1s hold back 1s\nat 2.5s tap back",
}
SHOOT = {
    "frames": "at 4s tap shutter\nat 7s tap shutter\nat 10s > fire",
    "tracking": "at 12s press back\nat 13s tap shutter\nat 16s tap shutter\nat 19s release back\nat 20.5s tap back\nat 23s tap shutter",
    "burst": "at 3s > set shot.drive burst\nat 4s hold shutter 3s\nat 9s tap shutter",
    "self-timer": "at 3s > set shot.self_timer 2s\nat 4s tap shutter\nat 10s tap shutter",
    "run": "at 3s > set interval.count 4\nat 4s tap run\nat 9.5s > pause\nat 13s > resume",
    "run and frame": "at 3s > set interval.count 2\nat 4s tap run\nat 20s hold back 1s\nat 21.5s tap back\nat 24s tap shutter",
    "refocus": "at 4s tap shutter\nat 8s hold back 2s\nat 11s tap back\nat 14s tap shutter",
    "cut": "at 3s > set shot.drive burst\nat 4s press shutter\nat 5s > cut\nat 6s release shutter",
    "stopped run": "at 4s tap run\nat 9.2s > stop",
}
CASES = list(itertools.product(CAMERAS, BODIES, DIAL_IN, SHOOT))


def session(technique, shooting):
    return f"at 0s > set focus.mode {technique}\n{DIAL_IN[technique]}\n{SHOOT[shooting]}\nat 60s > status"


@pytest.mark.parametrize(("camera", "body", "technique", "shooting"), CASES)
def test_the_lens_stands_still_and_the_lines_do_what_the_body_needs(camera, body, technique, shooting):
    outcome = play(session(technique, shooting), camera, body)
    releases = outcome.spans("shutter")
    assert releases, "the session is about frames"
    taken = [sum(closed <= frame["at_ns"] <= opened for frame in outcome.frames) for closed, opened in releases]
    assert sum(taken) == len(outcome.frames)
    assert all(frames >= 1 if "drive burst" in SHOOT[shooting] else frames == 1 for frames in taken)
    assert not any(frame["lens_moved"] for frame in outcome.frames)
    for closed, opened in releases:
        assert opened is not None
        if camera in NEEDS_FOCUS:
            assert any(begin <= closed and (end is None or opened <= end) for begin, end in outcome.spans("focus"))
        elif body == "bbf":
            assert not [at_ns for at_ns, _ in outcome.edges("focus") if closed <= at_ns <= opened]
    assert (outcome.spans("focus")[-1][1] is None) is outcome.state["lock"]
    assert outcome.state["lock"] <= (body == "factory")


@pytest.mark.parametrize(("camera", "body"), list(itertools.product(CAMERAS, BODIES)))
def test_a_body_whose_autofocus_fails_is_never_said_to_have_moved_its_lens(camera, body):
    outcome = play(session("single", "frames"), camera, body, autofocus=False)
    assert len(outcome.frames) == (3 if body == "bbf" else 0)
    assert not any(frame["lens_moved"] for frame in outcome.frames)


def test_a_night_is_as_exact_at_its_end_as_at_its_beginning():
    script = "at 0s > set interval.every 10s\nat 0s > set interval.count 1000\nat 1s hold back 1s\nat 3s > start"
    outcome = play(script, "nikon-mc-dc2")
    [first, *_, last] = outcome.spans("shutter")
    assert last[0] - first[0] == 999 * 10 * S
