"""Runs the box's own interval rule in the simulated world: its engine and player, with its lines on mock pins.

Both of its loops wake as late as the world says, and the engine learns of a frame only when the camera is done with
it. A real box is more punctual: its player wakes early and then spins until the edge, which is not simulated here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.world import Frame, World
from config.schema import Settings, build
from config.store import SettingsStore
from controller.box.assembly import line_pins
from controller.box.engine import Engine
from controller.box.loop import Inbox, Part, next_ns, run_virtually
from controller.box.notices import Entered, Notice
from controller.core.effects import LedgerRow
from controller.core.events import Request
from controller.core.states import Release
from hardware.clock import SECOND_NS, VirtualClock
from hardware.lines import GpioLines, Latch
from hardware.player import Played, Player
from hardware.timeline import Line
from hardware.virtual.pins import BenchFactory


@dataclass(frozen=True, slots=True)
class Night:
    """What the box did: the frames it took, and the outcome of every slot."""

    frames: tuple[Frame, ...]
    ledger: tuple[LedgerRow, ...]


def settings(world: World) -> Settings:
    """Return the default settings with the world's run, for a Canon, which SHUTTER alone fires."""
    return build(
        {
            "camera.profile": "canon-e3",
            "camera.back_button_focus": True,
            "interval.every": world.every_ns,
            "interval.count": world.count,
        }
    )


def take(world: World) -> Night:
    """Dial focus in and take a whole run; returns what the box did."""
    clock, inbox = VirtualClock(), Inbox()
    store = SettingsStore(None, Path())  # never loads or saves
    store.current = settings(world)
    engine = Engine(store, clock)
    camera = _Camera(world, engine.played, inbox)
    pins = line_pins(store.current)
    lines = GpioLines(pins[Line.FOCUS], pins[Line.SHUTTER], BenchFactory(clock))
    player = Player(lines, clock, Latch(lines), camera.played)
    engine.connect(player)
    ledger: list[LedgerRow] = []
    engine.listen(partial(_enter, ledger))
    parts = (_Late(player, camera), camera, _Late(engine, camera))
    _dial_in(engine, lambda at_ns: _run_until(at_ns, parts, inbox, clock))
    engine.ask(Request.START)
    run_virtually(parts, inbox, clock, lambda: engine.controller.release is Release.IDLE)
    lines.close()
    return _from_slot_0(camera.frames, ledger)


class _Camera:
    """Delays the player's report of each frame until the camera is done with the frame."""

    def __init__(self, world: World, pass_on: Callable[[Played], None], inbox: Inbox) -> None:
        self._world = world
        self._pass_on = pass_on
        self._inbox = inbox
        self._held: Played | None = None
        self.frames: list[Frame] = []
        self.next_ns: int | None = None

    @property
    def late_ns(self) -> int:
        """How late the wait for the next frame ends."""
        return self._world.lates_ns[min(len(self.frames), self._world.count - 1)]

    def played(self, report: Played) -> None:
        """Handle a report of the player; one without SHUTTER is not a frame and is passed on at once."""
        closing = next((edge for edge in report.edges if edge.line is Line.SHUTTER and edge.closed), None)
        if closing is None:
            self._inbox.post(partial(self._pass_on, report))
            return
        ended_ns = closing.actual_ns + self._world.shots_ns[len(self.frames)]
        self.frames.append(Frame(len(self.frames), closing.planned_ns, closing.actual_ns, ended_ns))
        self._held, self.next_ns = report, ended_ns

    def step(self, _now_ns: int) -> None:
        """Pass on the delayed report."""
        report, self._held, self.next_ns = self._held, None, None
        if report is not None:
            self._pass_on(report)


class _Late:
    """A part of the loop that wakes late, by what the world says of the next frame."""

    def __init__(self, part: Part, camera: _Camera) -> None:
        self._part = part
        self._camera = camera
        self.step = part.step

    @property
    def next_ns(self) -> int | None:
        """When the part is next stepped; None if it waits for nothing."""
        due_ns = self._part.next_ns
        return None if due_ns is None else due_ns + self._camera.late_ns


def _enter(ledger: list[LedgerRow], notice: Notice) -> None:
    if isinstance(notice, Entered):
        ledger.append(notice.row)


def _dial_in(engine: Engine, run_until: Callable[[int], None]) -> None:
    run_until(SECOND_NS)
    engine.ask(Request.FOCUS_HOLD)
    run_until(2 * SECOND_NS)
    engine.ask(Request.FOCUS_RELEASE)
    run_until(4 * SECOND_NS)


def _run_until(at_ns: int, parts: tuple[Part, ...], inbox: Inbox, clock: VirtualClock) -> None:
    run_virtually(parts, inbox, clock, lambda: (next_ns(parts) or at_ns) >= at_ns)
    clock.jump_to(at_ns)


def _from_slot_0(frames: list[Frame], ledger: list[LedgerRow]) -> Night:
    """Return the night with times counted from slot 0, and each frame numbered by its slot in the ledger.

    The rows are sorted, because a slot that passes while a frame is in progress is recorded before that frame.
    """
    in_order = sorted(ledger, key=lambda row: row.slot)
    zero_ns = in_order[0].due_ns
    rows = tuple(replace(row, due_ns=row.due_ns - zero_ns) for row in in_order)
    fired = (row for row in rows if row.outcome == "fired")
    shifted = (
        Frame(row.slot, frame.due_ns - zero_ns, frame.began_ns - zero_ns, frame.ended_ns - zero_ns)
        for frame, row in zip(frames, fired, strict=True)
    )
    return Night(tuple(shifted), rows)
