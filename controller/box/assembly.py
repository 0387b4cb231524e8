"""Assembles a box: pins, lines, latch, player, engine, lamps. The composition root of daemon and simulation."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from config.record import dataclass
from config.schema import Settings
from config.store import SettingsStore
from controller.box.engine import Engine
from controller.box.lamp_view import EngineView
from controller.box.loop import Inbox, Part
from controller.box.notices import Notice, Refused, Stepped
from controller.core.events import Button
from controller.core.lamps import Lamp, Lamps
from controller.core.words import Reason
from hardware.buttons import PushButton
from hardware.clock import Clock
from hardware.lamps import GpioLamps
from hardware.lines import GpioLines, Latch
from hardware.player import Player
from hardware.sync import SyncInput
from hardware.thread import PlayerThread
from hardware.timeline import Line


@dataclass(slots=True)
class Box:
    """The parts of a box. The loop steps `player`, which is None if it has a `thread` of its own.

    The loop steps `lamps` after the engine; None if there are none. `put_out` switches them off for good, once the
    lines are open. `journal` is the file in which runs are recorded, if they are.
    """

    engine: Engine
    latch: Latch
    lines: GpioLines
    player: Part | None
    thread: PlayerThread | None
    lamps: Part | None
    put_out: Callable[[], None]
    close: Callable[[], None]
    journal: Path | None = None


def line_pins(settings: Settings) -> dict[Line, int]:
    """Return the pins of the lines."""
    return {Line.FOCUS: settings.pins.focus, Line.SHUTTER: settings.pins.shutter}


def button_pins(settings: Settings) -> dict[Button, int]:
    """Return the pins of the buttons."""
    pins = settings.pins
    return {Button.BACK: pins.back_button, Button.SHUTTER: pins.shutter_button, Button.RUN: pins.run_button}


def lamp_pins(settings: Settings) -> dict[str, int | None]:
    """Return the pins of the lamps, by the names of `Lamp`."""
    pins = settings.pins
    return {Lamp.READY.value: pins.ready_lamp, Lamp.BUSY.value: pins.busy_lamp, Lamp.FAULT.value: pins.fault_lamp}


def assemble(
    store: SettingsStore,
    clock: Clock,
    inbox: Inbox,
    lines: GpioLines,
    pin_factory: Any,
    *,
    threaded: bool,
    with_lamps: bool = True,
) -> Box:
    """Assemble a box on `lines` and on the buttons and lamps of `pin_factory`.

    With `threaded` the player runs in its own thread, started here; otherwise the loop has to step it. `close` opens
    both lines before it does anything else, then switches the lamps off; the caller closes the lines.
    """
    latch = Latch(lines)
    engine = Engine(store, clock)
    player = Player(lines, clock, latch, lambda report: inbox.post(partial(engine.played, report)))
    thread = PlayerThread(player, clock, latch, lambda reason: inbox.post(partial(engine.fail, reason)))
    engine.connect(thread if threaded else player)
    lamps, put_out = _claim_lamps(engine, pin_factory) if with_lamps else (None, _nothing)
    inputs: list[PushButton | SyncInput] = [
        *_claim_buttons(store.current, engine, clock, inbox, pin_factory),
        *_claim_sync(store.current, engine, clock, inbox, pin_factory),
    ]

    def close() -> None:
        lines.open_all()
        try:
            put_out()
        finally:
            if threaded:
                thread.stop()
            for device in inputs:
                device.close()

    if threaded:
        thread.start()
    stepped, own = (None, thread) if threaded else (player, None)
    return Box(engine, latch, lines, stepped, own, lamps, put_out, close)


def _claim_lamps(engine: Engine, pin_factory: Any) -> tuple[Lamps, Callable[[], None]]:
    """Return lamps that follow the engine, and a function that switches them off for good."""
    settings = engine.store.current
    devices = GpioLamps(lamp_pins(settings), settings.pins.buzzer, pin_factory)
    lamps = Lamps(EngineView(engine), lambda lamp, lit: devices.show(lamp.value, lit), engine.clock.now_ns())

    def take(notice: Notice) -> None:
        match notice:
            case Refused(at_ns, _, Reason() as reason):
                lamps.refused(reason.why, at_ns)
            case Stepped(at_ns, number=number):
                lamps.chosen(number, at_ns)

    def put_out() -> None:
        lamps.end()
        devices.close()

    engine.listen(take)
    return lamps, put_out


def _nothing() -> None:
    """Do nothing: there are no lamps."""


def _claim_buttons(
    settings: Settings, engine: Engine, clock: Clock, inbox: Inbox, pin_factory: Any
) -> list[PushButton]:
    def moved(button: Button, pressed: bool, ticks: Any) -> None:
        inbox.post(partial(engine.button_moved, button, pressed, _edge_ns(ticks, clock)))

    switches = {
        button: PushButton(pin, partial(moved, button), pin_factory) for button, pin in button_pins(settings).items()
    }
    for button, switch in switches.items():
        if switch.is_active:
            inbox.post(partial(engine.button_found, button))
    return list(switches.values())


def _claim_sync(settings: Settings, engine: Engine, clock: Clock, inbox: Inbox, pin_factory: Any) -> list[SyncInput]:
    """Return the sync input in a list, which is empty if there is none."""

    def closed(ticks: Any) -> None:
        inbox.post(partial(engine.sync_seen, _edge_ns(ticks, clock)))

    pin = settings.pins.sync
    return [] if pin is None else [SyncInput(pin, closed, pin_factory)]


def _edge_ns(ticks: Any, clock: Clock) -> int:
    """Return the time of an edge, which our pin factories give in nanoseconds; for others, the time of arrival."""
    return ticks if isinstance(ticks, int) else clock.now_ns()
