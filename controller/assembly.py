"""Puts a box together: pins, lines, latch, player, engine. The composition root of daemon and simulation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from config.schema import Settings
from config.store import SettingsStore
from controller.engine import Engine
from controller.events import Button
from controller.loop import Inbox, Part
from hardware.buttons import PushButton
from hardware.clock import Clock
from hardware.lines import GpioLines, Latch
from hardware.player import Player
from hardware.thread import PlayerThread
from hardware.timeline import Line


@dataclass(slots=True)
class Box:
    """A box that is put together. `player` is to be stepped by the loop, None where it has its own thread."""

    engine: Engine
    latch: Latch
    lines: GpioLines
    player: Part | None
    close: Callable[[], None]


def line_pins(settings: Settings) -> dict[Line, int]:
    """Return the pins of the lines."""
    return {Line.FOCUS: settings.pins.focus, Line.SHUTTER: settings.pins.shutter}


def button_pins(settings: Settings) -> dict[Button, int]:
    """Return the pins of the buttons."""
    pins = settings.pins
    return {Button.BACK: pins.back_button, Button.SHUTTER: pins.shutter_button, Button.RUN: pins.run_button}


def assemble(
    store: SettingsStore, clock: Clock, inbox: Inbox, lines: GpioLines, pin_factory: Any, *, threaded: bool
) -> Box:
    """Put a box together on `lines` and the buttons of `pin_factory`.

    With `threaded` the player runs in its own thread, started here; else it is a part for the loop to step.
    `close` opens both lines before it does anything else; the lines stay their maker's to close.
    """
    latch = Latch(lines)
    engine = Engine(store, clock)
    player = Player(lines, clock, latch, lambda report: inbox.post(partial(engine.played, report)))
    thread = PlayerThread(player, clock, latch, lambda reason: inbox.post(partial(engine.fail, reason)))
    engine.connect(thread if threaded else player)
    buttons = _claim_buttons(store.current, engine, clock, inbox, pin_factory)

    def close() -> None:
        lines.open_all()
        if threaded:
            thread.stop()
        for button in buttons:
            button.close()

    if threaded:
        thread.start()
    return Box(engine, latch, lines, None if threaded else player, close)


def _claim_buttons(
    settings: Settings, engine: Engine, clock: Clock, inbox: Inbox, pin_factory: Any
) -> list[PushButton]:
    def moved(button: Button, pressed: bool, ticks: Any) -> None:
        # Our own pin factories stamp edges in integer nanoseconds; for any other, arrival has to do.
        at_ns = ticks if isinstance(ticks, int) else clock.now_ns()
        inbox.post(partial(engine.button_moved, button, pressed, at_ns))

    return [PushButton(pin, partial(moved, button), pin_factory) for button, pin in button_pins(settings).items()]
