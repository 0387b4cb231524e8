"""What moves a contact comes neither late nor twice, if its sender says so; and a hold can end by itself."""

from pathlib import Path

import pytest
from evening import Alarm, Evening, S
from hypothesis import given
from hypothesis import strategies as st

from config import cameras
from config.store import SettingsStore
from controller.box.loop import Inbox, run_virtually
from controller.box.stamps import MOST_KEPT, WINDOW_NS, Stamps
from controller.errors import BadParamsError, CommandError
from hardware.timeline import Line

MS = 1_000_000
MOVING = [
    *("fire", "start", "stop", "pause", "resume", "calibrate", "clear"),
    *("focus.hold", "focus.accept", "focus.clear", "focus.release", "cut"),
]


def call(box, method, **params):
    reply = box.stage.methods.call(method, params)
    box.wait(0)
    return reply


@pytest.mark.parametrize("method", MOVING)
def test_every_method_that_may_move_a_contact_takes_stamps(method):
    box = Evening()
    stamps = {"not_after_ns": box.clock.now_ns(), "id": "one"}
    try:
        call(box, method, **stamps)
    except CommandError as error:
        assert not isinstance(error, BadParamsError)
        assert "too late" not in error.sentence


@pytest.mark.parametrize("method", ["status", "plan", "log", "settings.show", "settings.save"])
def test_what_moves_no_contact_takes_none(method):
    with pytest.raises(BadParamsError, match='takes no "id"'):
        call(Evening(), method, id="one")


def test_a_late_command_is_refused_and_does_nothing():
    box = Evening()
    with pytest.raises(CommandError) as caught:
        call(box, "fire", not_after_ns=box.clock.now_ns() - 2300 * MS)
    assert caught.value.sentence == "this came 2.3s too late, so nothing was done; press again if you want it"
    box.wait(10 * S)
    assert box.frames == []
    call(box, "fire", not_after_ns=box.clock.now_ns())
    box.wait(10 * S)
    assert len(box.frames) == 1


def test_a_command_that_comes_a_second_time_is_refused_and_does_nothing():
    box = Evening()
    call(box, "fire", id="a tap")
    box.wait(10 * S)
    for _ in range(3):
        with pytest.raises(CommandError, match="a second time"):
            call(box, "fire", id="a tap")
        box.wait(10 * S)
    assert len(box.frames) == 1
    call(box, "fire", id="another tap")
    box.wait(10 * S)
    assert len(box.frames) == 2


def test_a_refused_command_is_not_carried_out_by_its_repetition():
    box = Evening("focus clear")
    with pytest.raises(CommandError, match="focus"):
        call(box, "fire", id="a tap")
    box.type("focus hold 1s")
    box.wait(5 * S)
    with pytest.raises(CommandError, match="a second time"):
        call(box, "fire", id="a tap")
    assert box.frames == []


@pytest.mark.parametrize("method", ["cut", "focus.release"])
def test_to_open_a_contact_is_never_too_late_nor_one_too_many(method):
    box = Evening(body="factory")
    for _ in range(2):
        box.type("focus clear")
        box.type("focus hold")
        box.wait(S)
        call(box, method, not_after_ns=0, id="again")
        assert box.engine.controller.focus.name != "FOCUSING"


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_has_a_few_characters(name):
    with pytest.raises(BadParamsError, match="1 to 64 characters"):
        call(Evening(), "fire", id=name)


@given(st.lists(st.integers(0, 30), max_size=60))
def test_of_several_commands_with_one_name_only_the_first_is_let_in(names):
    stamps, admitted = Stamps(0), []
    for name in names:
        try:
            stamps.admit({"id": str(name)}, 0, is_always_welcome=False)
            admitted.append(name)
        except CommandError:
            pass
    assert admitted == list(dict.fromkeys(names))


def test_a_command_from_before_the_start_may_have_been_carried_out_and_is_refused():
    began_ns = 100 * S
    stamps = Stamps(began_ns)
    pressed_ns = began_ns - 1
    with pytest.raises(CommandError, match="has started again since this was pressed"):
        stamps.admit({"id": "one", "not_after_ns": pressed_ns + WINDOW_NS}, began_ns, is_always_welcome=False)
    stamps.admit({"id": "one", "not_after_ns": began_ns + WINDOW_NS}, began_ns, is_always_welcome=False)
    stamps.admit({"id": "cut", "not_after_ns": pressed_ns}, began_ns, is_always_welcome=True)
    stamps.admit({"not_after_ns": began_ns + 1}, began_ns, is_always_welcome=False)


def test_names_take_a_bounded_memory():
    stamps = Stamps(0)
    for name in range(3 * MOST_KEPT):
        stamps.admit({"id": str(name)}, 0, is_always_welcome=False)
    assert list(stamps._names) == [str(name) for name in range(2 * MOST_KEPT, 3 * MOST_KEPT)]


# A hold that ends by itself


def focus_spans(box, line=Line.FOCUS):
    return [(change.at_ns, change.closed) for change in box.changes if change.line is line]


class Watched(Evening):
    """An evening that keeps the edges."""

    def __init__(self, *lines, **scene):
        self.changes = []
        super().__init__(*lines, **scene)

    def on_change(self, change):
        self.changes.append(change)
        super().on_change(change)


def test_a_timed_hold_dials_in_at_its_end_and_leaves_the_lock():
    box = Watched("focus clear", body="factory")
    began_ns = box.clock.now_ns()
    assert box.type("focus hold 2s").startswith("ok")
    box.wait(S)
    assert box.engine.controller.focus.name == "FOCUSING"
    box.until(began_ns + 2 * S + 10 * MS)
    assert box.engine.controller.focus.name == "DIALLED_IN"
    box.wait(10 * S)
    edges = [edge for edge in focus_spans(box) if edge[0] >= began_ns]
    assert [closed for _, closed in edges] == [False, True]  # cleared, then closed and kept: the lens stays
    assert box.engine.status().lock


def test_where_main_does_not_end_a_timed_hold_its_timeline_opens_focus():
    box = Watched("focus clear", body="factory")
    box.type("focus hold 2s")
    began_ns = [edge[0] for edge in focus_spans(box) if edge[1]][-1]
    alarm = Alarm(began_ns + 10 * S)
    parts = (box.stage.box.player, box.stage.bench.camera, alarm)  # main hangs: the engine is not among them
    run_virtually(parts, Inbox(), box.clock, lambda: alarm.next_ns is None)
    box.wait(S)
    (closed, opened) = focus_spans(box)[-2:]
    assert (closed[1], opened[1]) == (True, False)
    assert opened[0] - closed[0] == 3 * S
    assert box.engine.controller.focus.name == "UNFOCUSED"


@pytest.mark.parametrize("length", ["100ms", "20s", "21s", "1h"])
def test_a_hold_that_is_too_short_or_too_long_is_refused(length):
    box = Evening("set safety.max_hold 20s", "focus clear")
    answer = box.type(f"focus hold {length}")
    assert "is out of range; choose from 300ms (focus.min_hold) to 19.9s (just below safety.max_hold)" in answer
    assert box.engine.controller.focus.name == "UNFOCUSED"


def test_the_longest_hold_ends_before_its_limit_opens_focus():
    box = Evening("set safety.max_hold 20s", "focus clear", body="factory")
    box.type("focus hold 19.9s")
    box.wait(30 * S)
    assert box.engine.controller.focus.name == "DIALLED_IN"


class OwnGap(Watched):
    """An evening with an own factory body, between whose presses FOCUS must be open that long."""

    def __init__(self, folder, gap_ms):
        self.machine_file = folder / "backbutton.toml"
        shipped = Path(cameras.__file__).with_name("cameras") / "fuji-2.5mm.toml"
        profile = shipped.read_text(encoding="utf-8").replace('id = "fuji-2.5mm"', 'id = "own"')
        (folder / "cameras").mkdir()
        (folder / "cameras" / "own.toml").write_text(profile.replace("min_gap_ms = 1000", f"min_gap_ms = {gap_ms}"))
        super().__init__(camera="own", body="factory")

    def _new_store(self):
        return SettingsStore(self.machine_file, self.machine_file.parent / "state")


@pytest.mark.parametrize("gap_ms", [10, 700, 1000, 1500, 5000, 20_000])
@pytest.mark.parametrize("length", ["300ms", "500ms", "2s", "25s"])
def test_a_timed_refocus_gives_the_body_the_time_to_focus_however_long_its_gap(gap_ms, length, tmp_path):
    box = OwnGap(tmp_path, gap_ms)
    assert box.engine.controller.focus.name == "DIALLED_IN"
    assert box.engine.setup.profile.gap_ns == gap_ms * MS
    before = len(box.changes)
    assert box.type(f"focus hold {length}").startswith("ok")
    box.wait(60 * S)
    assert box.engine.controller.focus.name == "DIALLED_IN"
    opened, closed = box.changes[before:]  # and closed it stays
    assert (opened.closed, closed.closed) == (False, True)
    assert closed.at_ns - opened.at_ns >= gap_ms * MS


@pytest.mark.parametrize("gap_ms", [10, 5000])
def test_a_timed_refocus_that_main_does_not_end_is_not_dialled_in_afterwards(gap_ms, tmp_path):
    box = OwnGap(tmp_path, gap_ms)
    box.type("focus hold 500ms")
    box.wait(S)  # the press is over, but where the gap is long FOCUS has not closed yet
    if gap_ms == 10:
        box.type("focus hold 2s")
        box.wait(S)
    alarm = Alarm(box.clock.now_ns() + 20 * S)
    parts = (box.stage.box.player, box.stage.bench.camera, alarm)  # main hangs
    run_virtually(parts, Inbox(), box.clock, lambda: alarm.next_ns is None)
    box.wait(S)
    assert box.engine.controller.focus.name == "UNFOCUSED"
    assert not box.changes[-1].closed
    assert "a timed hold that was not ended" in " ".join(box.said)


def test_only_a_hold_takes_a_time():
    assert Evening().type("focus clear 2s") == "error usage: focus clear takes no time; write it like: focus hold 2s"
    assert "is not a duration" in Evening().type("focus hold abc")
