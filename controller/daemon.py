"""The daemon: a box under asyncio, its control socket, its signals. The composition root of `backbutton run`.

Threads: main (this loop) and the player. Whatever ends the daemon, both lines are opened before anything
else is taken apart.
"""

import asyncio
import logging
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gpiozero import BadPinFactory, Device, GPIOZeroError

from config.store import SettingsStore
from controller import locks
from controller.assembly import Box, assemble
from controller.control import ControlServer
from controller.errors import CommandError, DaemonError
from controller.loop import AsyncLoop, Inbox, Part
from controller.methods import Methods
from controller.narrator import Narrator
from controller.notices import Changed, Entered, Notice, Refused, Said
from controller.signals import lines_open_on_signals
from controller.stage import Scene, Stage, state_scene
from hardware.clock import SystemClock
from hardware.lines import GpioLines

_log = logging.getLogger("backbutton")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the daemon finds its settings, keeps its state, and is talked to."""

    config: Path
    state_dir: Path
    socket: Path


class Surroundings(Protocol):
    """A box with its pins: real ones, or the virtual bench."""

    box: Box
    inbox: Inbox
    methods: Methods

    def parts(self) -> tuple[Part, ...]:
        """Return what the loop has to step."""

    def close(self) -> None:
        """Open both lines and take everything apart."""


class Pins:
    """A box on the pins of gpiozero's factory."""

    def __init__(self, store: SettingsStore, clock: SystemClock) -> None:
        self.inbox = Inbox()
        self._factory = _pin_factory()
        try:
            pins = store.current.pins
            self._lines = GpioLines(pins.focus, pins.shutter, self._factory)
            self.box = assemble(store, clock, self.inbox, self._lines, self._factory, threaded=True)
        except GPIOZeroError as error:
            raise DaemonError(f"the pins cannot be used: {error}; see: backbutton config --keys") from error
        self.methods = Methods(self.box.engine, self._lines.is_closed, None)

    def parts(self) -> tuple[Part, ...]:
        """Return what the loop has to step."""
        return (self.box.engine,)

    def close(self) -> None:
        """Open both lines and give the pins back."""
        self.box.close()
        self._lines.close()
        self._factory.close()


def run_daemon(places: Places, scene: Scene | None) -> int:
    """Serve until a signal comes; with a scene on the virtual bench, else on the pins.

    Returns the exit status. Raises DaemonError or ConfigError, with sentences for the user, where it cannot
    start; nothing has been closed then.
    """
    with ExitStack() as stack:
        stack.enter_context(locks.held_directory(places.state_dir, f"the state directory {places.state_dir}"))
        lock = places.socket.with_name(places.socket.name + ".lock")
        stack.enter_context(locks.held_file(lock, f"the socket {places.socket}"))
        store = SettingsStore(places.config, places.state_dir)
        store.load()
        return asyncio.run(_serve(places, store, scene))


async def _serve(places: Places, store: SettingsStore, scene: Scene | None) -> int:
    clock = SystemClock()
    surroundings = _surroundings(store, clock, scene)
    try:
        loop = AsyncLoop(surroundings.parts(), surroundings.inbox, clock)
        loop.on_fault = _Faults(surroundings.box).take
        server = ControlServer(_Kicking(surroundings, loop), places.socket)
        surroundings.box.engine.listen(lambda notice: _publish(server, notice))
        with lines_open_on_signals(surroundings.box.latch, loop.end):
            await server.start()
            print(f"backbutton is ready: {places.socket}", flush=True)
            await loop.wait()
            surroundings.box.lines.open_all()
            await server.close()
    finally:
        surroundings.close()
        surroundings.inbox.drain()
    return 0


def _surroundings(store: SettingsStore, clock: SystemClock, scene: Scene | None) -> Surroundings:
    if scene is None:
        return Pins(store, clock)
    state_scene(scene, store)
    narrator = Narrator(lambda line: print(line, file=sys.stderr, flush=True))
    stage = Stage(scene, store, clock, (narrator,), threaded=True)
    stage.begin()
    return stage


def _pin_factory() -> Any:
    if "GPIOZERO_PIN_FACTORY" not in os.environ:
        raise DaemonError(
            "this version has no driver for the Pi's pins of its own yet; try the virtual bench with --bench, "
            "or name one of gpiozero's with GPIOZERO_PIN_FACTORY"
        )
    try:
        return Device._default_pin_factory()  # noqa: SLF001 - gpiozero offers no public way to ask for it
    except (BadPinFactory, ImportError, KeyError) as error:
        raise DaemonError(f"gpiozero cannot load the pin factory of GPIOZERO_PIN_FACTORY: {error}") from error


class _Faults:
    """Takes what broke in the loop: traceback into the log, lines open, FAULT until a person clears it."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def take(self, error: Exception) -> None:
        self._box.lines.open_all()
        _log.error("a fault of ours; both lines are open", exc_info=error)
        self._box.engine.fail(f"{type(error).__name__}: {error}")


class _Kicking:
    """A dispatcher that has the loop look at what each call has changed."""

    def __init__(self, surroundings: Surroundings, loop: AsyncLoop) -> None:
        self._methods = surroundings.methods
        self._loop = loop

    def call(self, method: str, params: dict[str, object]) -> object:
        try:
            return self._methods.call(method, params)
        except CommandError:
            raise
        except Exception as error:
            self._loop.on_fault(error)
            raise
        finally:
            self._loop.kick()


def _publish(server: ControlServer, notice: Notice) -> None:
    match notice:
        case Refused(at_ns, event, reason):
            server.publish({"kind": "refused", "at_ns": at_ns, "event": event, "reason": reason})
        case Said(at_ns, text):
            server.publish({"kind": "said", "at_ns": at_ns, "text": text})
        case Changed(at_ns, focus, release, lock):
            state = {"focus": focus.name, "release": release.name, "lock": lock}
            server.publish({"kind": "changed", "at_ns": at_ns, **state})
        case Entered(at_ns, row):
            entry = {"slot": row.slot, "outcome": row.outcome, "reason": row.reason}
            server.publish({"kind": "entered", "at_ns": at_ns, **entry})
