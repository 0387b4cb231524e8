import pytest
from evening import Evening, S

from config.cameras import load_profile
from config.schema import build
from controller.core.controller import Controller
from controller.core.effects import OpenBoth, Play
from controller.core.events import Button, ButtonMoved, Request, Requested
from controller.core.setup import Setup
from controller.daemon.faults import FaultHandler
from hardware.timeline import Line

MS = 1_000_000


@pytest.fixture
def told():
    return []


@pytest.fixture
def controller(told):
    values = {"camera.back_button_focus": True, "focus.interlock": False}
    setup = Setup(build(values), load_profile("canon-e3"))
    box = Controller(setup, lambda effect: told.append((effect, box.release.name)))
    return box


def test_a_line_moves_before_any_state_does(controller, told):
    effects = controller.handle(ButtonMoved(Button.SHUTTER, True, 0), 0)
    [(play, state)] = told
    assert isinstance(play, Play)
    assert (state, controller.release.name) == ("IDLE", "EXPOSING")
    assert play in effects


def test_what_moves_the_lines_is_told_once_and_in_order(controller, told):
    controller.handle(ButtonMoved(Button.SHUTTER, True, 0), 0)
    effects = controller.handle(Requested(Request.CUT, "cut"), MS)
    moving = [effect for effect in effects if isinstance(effect, (Play, OpenBoth))]
    assert [effect for effect, _ in told[1:]] == moving == [OpenBoth()]


def test_a_fault_after_the_line_was_told_to_close_leaves_both_open(monkeypatch):
    evening = Evening("set focus.interlock false")
    box, machine = evening.stage.box, evening.engine.controller._release
    change, broken = machine.change, RuntimeError("a fault of ours")

    def breaks_once(_trigger):
        monkeypatch.setattr(machine, "change", change)
        raise broken

    monkeypatch.setattr(machine, "change", breaks_once)
    with pytest.raises(RuntimeError):
        evening.engine.ask(Request.FIRE)
    assert box.player.next_ns is not None  # SHUTTER was about to close
    FaultHandler(box, loop=None).take(broken)
    evening.until(60 * S)
    assert evening.shutter == []
    assert not any(box.lines.is_closed(line) for line in Line)
    assert evening.release == "FAULT"
