"""The page's server killed at any instant while a phone fires, focuses and cuts: the box does what it would have done.

BACKBUTTON_PAGE_KILLS sets how often it is killed (8).
"""

import http.client
import os
import random
import secrets
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic_ns
from typing import NamedTuple

import pytest
from journals import reading
from page.browser import Browser, make_static, serving
from page.patience import wait_until
from page.witness import spans, witnessed
from support import MS, S

KILLS = int(os.environ.get("BACKBUTTON_PAGE_KILLS", "8"))
QUICK = "half_press_lead_ms = 20\nshutter_default_ms = 60\nmin_gap_ms = 60\n"
MORE = {
    "bbf": '[shot]\nexposure = "4s"\n',
    # FOCUS is closed while a phone focuses, and no lock keeps it closed after that.
    "factory": 'continuous_af = true\n[focus]\nmode = "continuous"\n',
}
SLACK_NS = S  # the timeline of a hold opens FOCUS that much after main should have; and a machine may be busy
NOTICED_NS = 10 * MS  # a body does not notice what is shorter, as after a cut (shutter_min_ms of the profile)
PULSE_NS = 500 * MS  # FOCUS wakes the body for that long
HOLD_NS, BULB_NS = 1_500 * MS, 4 * S
EVERY_MS, FRAMES = 250, 4
WITHIN_NS = 2 * S


class Act(NamedTuple):
    """What a phone asks for; `closings` are how often SHUTTER closes for it if nothing disturbs, or at most."""

    name: str
    method: str
    params: dict
    closings: int = 0
    longest_ns: int = PULSE_NS  # that any contact stays closed


class Scene:
    """A box, and a phone that is paired with it for good; servers of the page come and go."""

    def __init__(self, box, folder):
        self.box = box
        self.port = free_port()
        self.static = make_static(folder / "static")
        self.token = None

    @contextmanager
    def page(self):
        with serving(self.box.socket, self.static, self.port) as page:
            phone = Browser(page)
            phone.token = self.token
            if self.token is None:
                self.token = phone.pair().token
            yield page, phone


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def fire(scene):
    return Act("fire", "fire", stamped(), closings=1)


def run(scene):
    return Act("start", "start", stamped(count=str(FRAMES), every=f"{EVERY_MS}ms"), closings=FRAMES)


def cut_of_a_run(scene):
    do_until(scene, "shutter", "start", count=str(4 * FRAMES), every=f"{EVERY_MS}ms")
    return Act("cut in a run", "cut", {}, closings=4 * FRAMES)


def stop_of_a_run(scene):
    do_until(scene, "focus", "start", count=str(4 * FRAMES), every=f"{EVERY_MS}ms")
    return Act("stop of a run", "stop", {}, closings=4 * FRAMES)


def cut_of_a_bulb(scene):
    scene.box.ask("settings.set", key="shot.drive", value="bulb")
    do_until(scene, "shutter", "fire")
    return Act("cut of a bulb", "cut", {}, closings=1, longest_ns=BULB_NS + PULSE_NS)


def focus(scene):
    return Act("focus", "focus.hold", stamped(duration=f"{HOLD_NS // MS}ms"), longest_ns=HOLD_NS)


def fire_while_focusing(scene):
    do_until(scene, "focus", "focus.hold", duration=f"{HOLD_NS // MS}ms")
    return Act("fire while focusing", "fire", stamped(), closings=1, longest_ns=HOLD_NS)


def release_of_focus(scene):
    do_until(scene, "focus", "focus.hold", duration=f"{HOLD_NS // MS}ms")
    return Act("release of focus", "focus.release", {}, longest_ns=HOLD_NS)


def cut_of_focus(scene):
    do_until(scene, "focus", "focus.hold", duration=f"{HOLD_NS // MS}ms")
    return Act("cut of focus", "cut", {}, longest_ns=HOLD_NS)


ACTS = {
    "bbf": (fire, cut_of_a_bulb, run, cut_of_a_run, fire, stop_of_a_run),
    "factory": (focus, fire_while_focusing, cut_of_focus, focus, release_of_focus),
}


def stamped(**params):
    return {**params, "not_after_ns": monotonic_ns() + WITHIN_NS, "id": secrets.token_hex(16)}


def do_until(scene, line, method, **params):
    """Have the box do something, and wait until a contact closes for it."""
    begun = len(scene.box.moves)
    scene.box.ask(method, **params)
    wait_until(lambda: any(move.line == line and move.closed for move in scene.box.moves[begun:]))


def send(phone, act):
    """Ask for it; returns the answer, None if there is none."""
    try:
        return phone.call(act.method, **act.params)
    except (OSError, http.client.HTTPException):
        return None


def wait_for_chance(scene, chance, begun, asked):
    """Let an instant pass that chance chooses: as the request goes out, at a move of a contact, or any."""
    when = chance.choice(("as it is asked", "as it is asked", "at a move", "any"))
    if when == "at a move":
        moves = len(scene.box.moves) - begun + chance.randrange(1, 6)
        wait_until(lambda: len(scene.box.moves) - begun >= moves or (asked.done() and is_over(scene)))
    elif when == "any":
        until_ns = monotonic_ns() + chance.randrange(S)
        wait_until(lambda: monotonic_ns() >= until_ns)
    for _ in range(chance.randrange(60_000)):
        pass  # any instant of what follows


def is_over(scene):
    status = scene.box.ask("status")
    return status["run"] is None and status["release"] == "IDLE" and set(status["lines"].values()) == {"open"}


def kill_once(scene, chance, act_of):
    """Ask for something and kill the server; returns the act, its answer, and whether a browser asked again."""
    begun = len(scene.box.moves)
    with scene.page() as (page, phone), phone.watching() as watching:
        watching.wait("state")
        act = act_of(scene)
        with ThreadPoolExecutor(1) as asking:
            asked = asking.submit(send, phone, act)
            wait_for_chance(scene, chance, begun, asked)
            page.process.kill()
            page.process.wait()
            answer = asked.result()
    again = None
    if answer is None and chance.randrange(2):  # a browser may repeat by itself what was not answered
        with scene.page() as (_, phone):
            again = send(phone, act)
    return begun, act, answer, again


def check(scene, begun, act, answer, again):
    """Hold what the contacts did against what was asked, and against the journal; returns how often SHUTTER closed."""
    scene.box.rest()
    moves = scene.box.moves[begun:]
    shutter = spans(moves, "shutter")
    for closed_ns, opened_ns in (*shutter, *spans(moves, "focus")):
        assert opened_ns - closed_ns <= act.longest_ns + SLACK_NS, (act.name, "a contact was closed for too long")
    answers = [each for each in (answer, again) if each is not None]
    assert all(each.status in (200, 409) for each in answers), [each.body for each in answers]
    done = [each.json["now_ns"] for each in answers if each.status == 200]
    assert len(shutter) <= act.closings, (act.name, "a frame was fired twice")
    if act.method == "fire" and done:
        assert len(shutter) == 1, "what was answered was not done"
    if "not_after_ns" in act.params:
        first_ns = next((move.at_ns for move in moves if move.closed and act.method != "start"), 0)
        is_prepared = act.name == "fire while focusing"
        assert is_prepared or first_ns <= act.params["not_after_ns"] + SLACK_NS, (act.name, "done late")
        assert all(at_ns <= act.params["not_after_ns"] + SLACK_NS for at_ns in done), (act.name, "taken late")
    if act.method == "cut" and done:
        assert all(opened_ns <= done[0] + SLACK_NS for _, opened_ns in shutter), (act.name, "closed after a cut")
    return len(shutter)


def check_journal(path, closed_in_runs):
    """Hold what the journal says of each run against how often SHUTTER was closed in it."""
    with reading(path) as reader:
        runs = sorted(reader.runs(1_000), key=lambda run: run.run.run_id)
        frames = [[frame.outcome for frame in reader.frames(run)] for run in runs]
    assert len(runs) == len(closed_in_runs)
    for run, outcomes, closed in zip(runs, frames, closed_in_runs, strict=True):
        fired, in_flight = outcomes.count("fired"), outcomes.count("cut")
        assert run.outcome in ("finished", "cut", "stopped"), run
        assert in_flight <= (run.outcome == "cut")
        assert fired <= closed <= fired + in_flight, (run, outcomes, closed)


@pytest.mark.parametrize("body", ACTS)
def test_a_page_that_is_killed_at_any_instant_holds_nothing_and_fires_nothing_twice(body, tmp_path):
    chance, kills, figures = random.Random(body), -(-KILLS // len(ACTS)), Counter()
    acts = ACTS[body]
    with witnessed(tmp_path, "nikon-mc-dc2", body, MORE[body], QUICK) as box:
        scene = Scene(box, tmp_path)
        if body == "bbf":
            box.ask("focus.hold", duration="400ms")
            wait_until(lambda: box.ask("status")["focus"] == "DIALLED_IN")
            box.rest()
        in_runs = []
        for number in range(kills):
            begun, act, answer, again = kill_once(scene, chance, acts[number % len(acts)])
            closed = check(scene, begun, act, answer, again)
            if closed and act.closings > 1:
                in_runs.append(closed)
            kind = "not answered" if answer is None else "answered"
            figures.update({f"{act.name}, {kind}": 1, "SHUTTER closed": closed, "asked again": again is not None})
            box.ask("settings.set", key="shot.drive", value="single")
        wait_until(lambda: box.ask("log")["runs"][:1] == [] or box.ask("log")["runs"][0]["outcome"] != "open")
        check_journal(box.journal, in_runs)
        seen = [span for span in spans(box.moves, "shutter") if span[1] - span[0] >= NOTICED_NS]
        # On a machine that is too busy the camera of the bench can be too late to see a press; never one too many.
        assert box.pictures <= len(seen), "the camera has taken more than was fired"
        figures.update({"pictures": box.pictures, "presses that a body notices": len(seen)})
    print(body, dict(figures))
