import ast
from itertools import groupby
from pathlib import Path

import pytest
from support import MS, S

from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.core import lamps as tables
from controller.core.events import Request
from controller.core.lamps import CODES, DARK, MARK_NS, STEADY, Lamp, Lamps, Pattern, View
from controller.core.states import Focus, Release
from controller.core.words import Why
from controller.simulate.stage import Scene, Stage, save_scene
from hardware.clock import VirtualClock

IDLE = View(Focus.UNFOCUSED, Release.IDLE, is_warned=False)


class Eyes:
    """Watches lamps: steps them when they ask for it, and keeps what was switched."""

    def __init__(self, view=IDLE):
        self.view = view
        self.now_ns = 0
        self.seen = {lamp: [] for lamp in Lamp}
        self.steps = 0
        self.lamps = Lamps(lambda: self.view, self._switched, 0)

    def _switched(self, lamp, lit):
        self.seen[lamp].append((self.now_ns // MS, lit))

    def watch(self, until_ns):
        while (due_ns := self.lamps.next_ns) is not None and due_ns <= until_ns:
            self.now_ns = max(self.now_ns, due_ns)
            self.lamps.step(self.now_ns)
            self.steps += 1
        self.now_ns = until_ns

    def forget(self):
        self.steps = 0
        for times in self.seen.values():
            times.clear()

    def is_lit(self, lamp):
        return bool(self.seen[lamp]) and self.seen[lamp][-1][1]

    def blinks(self, lamp):
        """How long each light lasted, in ms."""
        times = [at_ms for at_ms, _ in self.seen[lamp]]
        return [off - on for on, off in zip(times[::2], times[1::2], strict=True)]


@pytest.fixture
def eyes():
    """Eyes on an idle box that has been up for ten seconds."""
    eyes = Eyes()
    eyes.watch(10 * S)
    eyes.forget()
    return eyes


def lasting_views():
    calm = [View(focus, Release.IDLE, is_warned=False) for focus in (Focus.DIALLED_IN, Focus.TRIMMING)]
    runs = [View(Focus.DIALLED_IN, state, is_warned=True) for state in (Release.WAITING, Release.PAUSED)]
    return [IDLE, *calm, *runs, View(Focus.DIALLED_IN, Release.FAULT, is_warned=True)]


@pytest.mark.parametrize(
    ("marks", "elapsed_ms", "lit", "left_ms"),
    [
        ("#", 5_000, True, None),
        ("_", 0, False, None),
        ("##__", 0, True, 200),
        ("##__", 150, True, 50),
        ("##__", 200, False, 200),
        ("##__", 4_350, False, 50),
        ("_##_", 300, False, 200),  # over the end, into the next round
    ],
)
def test_a_pattern_knows_what_it_shows_and_for_how_long(marks, elapsed_ms, lit, left_ms):
    assert MARK_NS == 100 * MS
    assert Pattern(marks).at(elapsed_ms * MS) == (lit, None if left_ms is None else left_ms * MS)


def test_all_three_lamps_are_lit_for_a_second_when_the_box_starts():
    eyes = Eyes()
    eyes.watch(5 * S)
    assert all(eyes.seen[lamp] == [(0, True), (1_000, False)] for lamp in (Lamp.READY, Lamp.BUSY, Lamp.FAULT))
    assert eyes.seen[Lamp.BUZZER] == []


def test_an_idle_box_needs_no_step(eyes):
    assert eyes.lamps.next_ns is None
    eyes.view = View(Focus.DIALLED_IN, Release.IDLE, is_warned=False)
    eyes.watch(10 * S)
    assert eyes.steps == 1
    assert eyes.is_lit(Lamp.READY)
    assert eyes.lamps.next_ns is None


@pytest.mark.parametrize("view", lasting_views(), ids=str)
def test_what_can_last_all_night_wakes_the_box_at_most_twice_a_second(view):
    eyes = Eyes(view)
    eyes.watch(10 * S)
    eyes.forget()
    eyes.watch(110 * S)
    assert eyes.steps <= 200


def test_every_state_has_a_sign_and_no_two_signs_of_a_lamp_look_alike():
    assert set(tables.READY_SIGNS) == set(Focus)
    assert set(tables.BUSY_SIGNS) == set(Release)
    for signs in (tables.READY_SIGNS, tables.BUSY_SIGNS):
        distinct = set(signs.values())
        assert (
            len({sign.pattern.look for sign in distinct})
            == len({sign.pattern.marks for sign in distinct})
            == len(distinct)
        )


def test_every_kind_of_reason_has_a_code_of_its_own_but_the_fault():
    assert set(CODES) == set(Why) - {Why.FAULT}
    assert [code.blinks for code in CODES.values()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("why", CODES, ids=lambda why: why.name)
def test_a_refusal_is_shown_once_in_blinks_and_beeps(eyes, why):
    eyes.lamps.refused(why, eyes.now_ns)
    eyes.watch(30 * S)
    assert eyes.blinks(Lamp.FAULT) == [300] * CODES[why].blinks
    assert eyes.blinks(Lamp.BUZZER) == [100] * CODES[why].blinks
    assert [on for on, lit in eyes.seen[Lamp.BUZZER] if lit] == [on for on, lit in eyes.seen[Lamp.FAULT] if lit]
    assert eyes.lamps.next_ns is None


def test_a_second_refusal_starts_its_code_after_a_dark_moment(eyes):
    eyes.lamps.refused(Why.NOTHING, 10 * S)
    eyes.watch(10 * S + 900 * MS)  # in the second blink
    eyes.lamps.refused(Why.BUSY, eyes.now_ns)
    eyes.watch(30 * S)
    assert eyes.blinks(Lamp.FAULT) == [300, 100, 300, 300]
    assert eyes.seen[Lamp.FAULT][4] == (11_100, True)


def test_a_late_step_does_not_change_the_rhythm(eyes):
    eyes.lamps.refused(Why.BUSY, 10 * S)
    eyes.now_ns = 10 * S + 450 * MS
    eyes.lamps.step(eyes.now_ns)
    eyes.watch(30 * S)
    assert eyes.seen[Lamp.FAULT] == [(10_450, True), (10_500, False), (10_800, True), (11_100, False)]


def test_a_fault_blinks_until_it_is_cleared_and_beeps_once(eyes):
    eyes.view = View(Focus.DIALLED_IN, Release.FAULT, is_warned=True)
    eyes.watch(19_900 * MS)
    assert eyes.blinks(Lamp.BUZZER) == [1_000]
    assert set(eyes.blinks(Lamp.FAULT)) == {500}
    assert len(eyes.blinks(Lamp.FAULT)) == 10
    assert eyes.seen[Lamp.READY] + eyes.seen[Lamp.BUSY] == []
    eyes.view = IDLE
    eyes.watch(30 * S)
    assert not eyes.is_lit(Lamp.FAULT)
    assert eyes.lamps.next_ns is None


def test_a_fault_replaces_a_code_and_a_refusal_during_it_only_beeps(eyes):
    eyes.lamps.refused(Why.NOTHING, 10 * S)
    eyes.view = View(Focus.UNFOCUSED, Release.FAULT, is_warned=False)
    eyes.watch(20_200 * MS)
    eyes.lamps.refused(Why.FAULT, eyes.now_ns)
    eyes.watch(29_900 * MS)
    assert eyes.blinks(Lamp.BUZZER) == [1_000, 1_000]
    assert set(eyes.blinks(Lamp.FAULT)) == {500}
    assert len(eyes.blinks(Lamp.FAULT)) == 20


def test_a_warning_winks_now_and_then_and_never_into_a_code(eyes):
    eyes.view = View(Focus.UNFOCUSED, Release.IDLE, is_warned=True)
    eyes.watch(31 * S)
    assert eyes.seen[Lamp.FAULT] == [(19_900, True), (20_000, False), (29_900, True), (30_000, False)]
    eyes.forget()
    eyes.lamps.refused(Why.FOCUS, 39_800 * MS)
    eyes.watch(55 * S)
    assert eyes.blinks(Lamp.FAULT) == [300, 100]
    assert eyes.seen[Lamp.FAULT][2][0] - eyes.seen[Lamp.FAULT][1][0] > 9_000


def test_a_frame_looks_different_from_the_wait_after_it(eyes):
    eyes.view = View(Focus.DIALLED_IN, Release.EXPOSING, is_warned=False)
    eyes.watch(12 * S)
    eyes.view = View(Focus.DIALLED_IN, Release.RECOVERING, is_warned=False)
    eyes.watch(13 * S)
    assert eyes.seen[Lamp.BUSY] == [(10_000, True)]
    eyes.view = View(Focus.DIALLED_IN, Release.WAITING, is_warned=False)
    eyes.watch(16_500 * MS)
    assert eyes.seen[Lamp.BUSY][1:] == [(13_000, False), (14_000, True), (15_000, False), (16_000, True)]


def test_a_lamp_whose_state_continues_keeps_its_rhythm(eyes):
    eyes.view = View(Focus.TRIMMING, Release.IDLE, is_warned=False)
    eyes.watch(11_500 * MS)
    eyes.view = View(Focus.TRIMMING, Release.IDLE, is_warned=True)
    eyes.watch(13_500 * MS)
    assert eyes.seen[Lamp.READY] == [(10_000, True), (11_000, False), (12_000, True), (13_000, False)]


def test_lamps_that_have_ended_show_nothing_and_need_no_step(eyes):
    eyes.lamps.end()
    eyes.view = View(Focus.DIALLED_IN, Release.FAULT, is_warned=False)
    eyes.lamps.refused(Why.BUSY, 10 * S)
    eyes.watch(20 * S)
    assert eyes.lamps.next_ns is None
    assert eyes.steps == 0


def test_a_lamp_that_cannot_be_switched_is_reported_once_and_not_retried():
    def broken(_lamp, _lit):
        raise OSError("gone")

    lamps = Lamps(lambda: IDLE, broken, 0)
    with pytest.raises(OSError, match="gone"):
        lamps.step(0)
    assert lamps.next_ns is None


def test_the_lamps_do_not_import_a_state_machine():
    tree = ast.parse(Path(tables.__file__).read_text())
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in modules if name.startswith(("controller", "hardware", "config"))} == {
        "controller.core.states",
        "controller.core.words",
        "config.record",
        "hardware.clock",
    }
    assert DARK != STEADY


# -- on the virtual bench ------------------------------------------------------------------------------


class Bench:
    """A box with lamps on the virtual bench, and what its lamp pins did."""

    def __init__(self, tmp_path, *, is_stated=True, **settings):
        self.store = SettingsStore(None, tmp_path)
        self.store.load()
        if is_stated:
            save_scene(Scene("nikon-mc-dc2"), self.store)
        for key, value in settings.items():
            self.store.set(key.replace("__", "."), value)
        self.clock = VirtualClock()
        self.stage = Stage(Scene(), self.store, self.clock, (), threaded=False, with_lamps=True)
        self.changes = []
        watcher = self.stage.bench.factory.watcher
        pins = {self.stage.bench.factory.pin(number): name for name, number in
                (("green", 22), ("amber", 23), ("red", 24), ("buzzer", 16))}  # fmt: skip

        def watch(pin, level, at_ns):
            watcher(pin, level, at_ns)
            self.changes.append((at_ns // MS, pins.get(pin, "line"), level))

        self.stage.bench.factory.watcher = watch

    def run(self, until_ns):
        run_virtually(
            self.stage.parts(), self.stage.inbox, self.clock, lambda: (self._next() or until_ns) >= until_ns
        )
        self.clock.jump_to(max(until_ns, self.clock.now_ns()))

    def _next(self):
        return min((part.next_ns for part in self.stage.parts() if part.next_ns is not None), default=None)

    def hold(self, button, for_ns):
        self.stage.bench.thumb.press(button, self.clock.now_ns() + for_ns)

    def of(self, name):
        return [(at_ms, level) for at_ms, changed, level in self.changes if changed == name]

    def light(self, name):
        return [level for level, _ in groupby(level for _, level in self.of(name))]


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    bench.run(2 * S)
    bench.changes.clear()
    yield bench
    bench.stage.close()


def test_focus_lights_green_and_a_frame_amber(bench):
    bench.hold("back", 500 * MS)
    bench.run(4 * S)
    assert bench.of("green")[-1] == (2_400, True)  # lit last when the quick blinking was, and stays
    assert bench.of("green")[0] == (2_000, True)
    bench.hold("shutter", 100 * MS)
    bench.run(10 * S)
    assert len(bench.of("amber")) == 2
    assert bench.of("amber")[0] == (4_000, True)


def test_the_shutter_without_focus_is_one_red_blink(bench):
    bench.hold("shutter", 100 * MS)
    bench.run(5 * S)
    assert bench.of("red") == [(2_200, True), (2_500, False)]


def test_a_refused_command_is_shown_like_a_refused_button(bench):
    with pytest.raises(ValueError, match="no run"):
        bench.stage.box.engine.ask(Request.PAUSE)
    bench.run(8 * S)
    assert len(bench.of("red")) == 2 * CODES[Why.NOTHING].blinks


def test_an_unstated_set_up_winks_until_it_is_stated(tmp_path):
    bench = Bench(tmp_path, is_stated=False, pins__buzzer="16")
    bench.run(12 * S)
    assert bench.of("red") == [(0, True), (1_000, False), (10_900, True), (11_000, False)]
    bench.hold("back", 500 * MS)
    bench.run(14 * S)
    bench.changes.clear()
    bench.hold("shutter", 100 * MS)
    bench.run(17 * S)
    assert len(bench.of("red")) == len(bench.of("buzzer")) == 2 * CODES[Why.UNSTATED].blinks
    engine = bench.stage.box.engine
    engine.change_settings({"camera.back_button_focus": True})
    bench.changes.clear()
    bench.run(60 * S)
    assert bench.of("red") == []
    bench.stage.close()


def test_a_fault_is_shown_and_cleared(bench):
    bench.hold("back", 500 * MS)
    bench.run(4 * S)
    bench.stage.box.engine.fail("the test says so")
    bench.run(8 * S)
    assert bench.of("green")[-1] == (4_000, False)
    assert len(bench.of("red")) == 8
    bench.stage.box.engine.ask(Request.CLEAR)
    bench.run(10 * S)
    assert bench.of("green")[-1] == (8_000, True)
    assert bench.of("red")[-1][1] is False


def test_at_the_end_the_lines_open_first_then_the_lamps_go_out(bench):
    bench.hold("back", 500 * MS)
    bench.run(4 * S)
    bench.hold("shutter", 100 * MS)
    bench.run(4_150 * MS)
    assert bench.of("line")[-2:] == [(4_000, True), (4_100, True)]
    assert bench.of("amber")[-1] == (4_000, True)
    bench.changes.clear()
    bench.stage.close()
    assert [name for _, name, _ in bench.changes[:2]] == ["line", "line"]
    assert sorted(name for _, name, _ in bench.changes[2:]) == ["amber", "green"]
    assert not any(level for _, _, level in bench.changes)
    assert bench.stage.box.lamps.next_ns is None


def test_the_lamps_can_be_switched_off_before_the_box_is_taken_apart(bench):
    bench.hold("back", 500 * MS)
    bench.run(4 * S)
    bench.changes.clear()
    bench.stage.box.put_out()
    bench.stage.box.engine.fail("the test says so")
    bench.run(8 * S)
    assert bench.changes == [(4_000, "green", False)]


def test_a_box_without_a_lamp_shows_the_others(tmp_path):
    bench = Bench(tmp_path, pins__fault_lamp="unset")
    bench.hold("shutter", 100 * MS)
    bench.run(4 * S)
    assert bench.of("red") == []
    assert bench.of("amber") == [(0, True), (1_000, False)]
    bench.stage.close()


def test_a_simulation_has_no_lamps_unless_asked(tmp_path):
    store = SettingsStore(None, tmp_path)
    store.load()
    stage = Stage(Scene(), store, VirtualClock(), (), threaded=False)
    assert stage.box.lamps is None
    assert stage.bench.factory.pin(22).function == "input"
    stage.close()
