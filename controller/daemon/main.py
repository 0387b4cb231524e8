"""The daemon: a box under asyncio, its control socket, its signals. The composition root of `backbutton run`.

Threads: main (this loop), player, journal, files. However the daemon ends, both lines are opened before anything else
is taken apart. Main feeds the service manager's watchdog, as long as the player runs too.
"""

import asyncio
import logging
import os
import resource
import sys
from contextlib import AbstractContextManager, ExitStack, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from config.files import Pause
from config.record import dataclass
from config.store import SettingsStore
from controller import gc_pause
from controller.box.assembly import Box
from controller.box.engine import Engine
from controller.box.loop import AsyncLoop, Inbox, Part
from controller.box.methods import Methods
from controller.box.notices import Notice, event_of
from controller.box.recovery import recover
from controller.box.settings_methods import load_sun
from controller.box.signals import lines_open_on_signals
from controller.daemon import locks
from controller.daemon.control import ControlServer
from controller.daemon.dispatch import BoxDispatcher
from controller.daemon.faults import FaultHandler
from controller.daemon.files_thread import FilesThread
from controller.daemon.notify import Heartbeat, Notifier
from controller.daemon.pins import Pins
from controller.errors import DaemonError
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.schema import FILE
from controller.journal.writer import JournalWriter
from controller.printing import OutputError
from hardware.clock import SystemClock
from hardware.errors import ClockError, HardwareError
from hardware.release import pin_record
from hardware.thread import PlayerThread
from hardware.walltime import boot_id

if TYPE_CHECKING:
    from controller.simulate.stage import Scene


_FILES = 24  # three streams, two locks, the journal's three, the loop's four, the chip, the socket, and some clients
_RETRY_S = 1.0  # while a frame keeps an interrupted run from being offered


@dataclass(frozen=True, slots=True)
class Places:
    """Where the daemon finds its settings, keeps its state, and listens to clients."""

    config: Path
    state_dir: Path
    socket: Path

    @property
    def record(self) -> Path:
        """The file that says which pins are driven, for `release-lines`."""
        return self.socket.with_name("lines")


class Surroundings(Protocol):
    """A box with its pins: real ones, or the virtual bench."""

    box: Box
    inbox: Inbox
    methods: Methods

    def parts(self) -> tuple[Part, ...]:
        """Return the parts that the loop has to step."""

    def close(self) -> None:
        """Open both lines and take everything apart."""


def run_daemon(places: Places, scene: "Scene | None") -> int:
    """Serve until a signal comes: on the virtual bench if there is a scene, else on the pins.

    Returns the exit status. Raises DaemonError or ConfigError, with sentences for the user, if it cannot start; no
    contact has been closed then.
    """
    _refuse_few_files()
    logging.raiseExceptions = False  # a log that cannot be written ends nothing
    with ExitStack() as stack:
        stack.enter_context(locks.held_directory(places.state_dir, f"the state directory {places.state_dir}"))
        lock = places.socket.with_name(places.socket.name + ".lock")
        stack.enter_context(locks.held_file(lock, f"the socket {places.socket}"))
        locks.refuse_if_served(places.socket)
        store = SettingsStore(places.config, places.state_dir)
        store.load_usable()
        _say_faults(store.faults)
        if scene is None:
            stack.enter_context(_pins_written_down(store, places.record))
        try:
            return asyncio.run(_serve(places, store, scene))
        except HardwareError as error:  # the chip disappeared during the shutdown
            raise DaemonError(str(error)) from error


def _refuse_few_files() -> None:
    """DaemonError where the process may not open the files that a daemon needs; raises the limit if it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _FILES <= hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, hard))
    elif soft < _FILES:
        remedy = "raise the limit, like: ulimit -n 1024"
        raise DaemonError(f"at most {soft} files may be open, and the box needs {_FILES}; {remedy}")


def _pins_written_down(store: SettingsStore, record: Path) -> AbstractContextManager[None]:
    pins = store.current.pins
    return pin_record((pins.focus, pins.shutter), record)


async def _serve(places: Places, store: SettingsStore, scene: "Scene | None") -> int:
    clock = SystemClock()
    notifier = Notifier.of(os.environ)
    surroundings = _surroundings(store, clock, scene)
    box = surroundings.box
    journal: JournalWriter | None = None
    files: FilesThread | None = None
    try:
        loop = AsyncLoop(_parts(surroundings, notifier, clock), surroundings.inbox, clock)
        faults = FaultHandler(box, loop)
        loop.on_fault = faults.take
        asyncio.get_running_loop().set_exception_handler(faults.take_from_asyncio)
        files = FilesThread(surroundings.inbox.post, _player(box).wait_for_edge)
        dispatcher = BoxDispatcher(surroundings.methods, _player(box), loop, files)
        server = ControlServer(dispatcher, places.socket, clock.now_ns)
        box.engine.listen(lambda notice: _publish(server, notice))
        _say_faults(store.presets.files.faults)
        _watch(surroundings, loop, faults)
        with lines_open_on_signals(box.latch, loop.end, is_last=True):
            journal = keep_journal(places.state_dir, box, surroundings.inbox, files)
            _load_for_serving(box)
            await server.start()
            gc_pause.end()
            _say_ready(places.socket, _player(box), notifier)
            rest = ("difflib", *surroundings.methods.imports)  # the first typing mistake needs difflib
            files.submit(lambda pause: _import_all(rest, pause), lambda _: None)
            await loop.wait()
            box.lines.open_all()
            box.put_out()
            notifier.stopping()
            await server.close()
    except BaseException:
        box.latch.trip()
        raise
    finally:
        try:
            surroundings.close()
        finally:  # even if the chip is gone
            if files is not None:
                files.stop()
            surroundings.inbox.drain()  # the last frame still has to be recorded
            if journal is not None:
                journal.stop()
            notifier.close()
    return 0


def _import_all(modules: tuple[str, ...], pause: Pause) -> None:
    """Import what the box is ready to fire without."""
    for module in modules:
        pause()
        import_module(module)


def keep_journal(state_dir: Path, box: Box, inbox: Inbox, files: FilesThread) -> JournalWriter:
    """Record runs in the journal of `state_dir`, and take up what the last process left there."""
    engine, boot = box.engine, boot_id()
    journal = JournalWriter(
        state_dir / FILE,
        lambda run_id, slot: inbox.post(partial(engine.intent_saved, run_id, slot)),
        lambda sentence: inbox.post(partial(engine.journal_reported, sentence)),
        boot,
        engine.wall.sample,
        pause=_player(box).wait_for_edge,
        on_open=lambda: inbox.post(lambda: _recover_late(engine, books, files)),
    )
    books = Bookkeeper(journal, boot)
    journal.start()
    engine.keep_books(books)
    for fault in (*engine.store.faults, *engine.store.presets.files.faults):
        journal.note("settings", fault)
    box.journal = state_dir / FILE
    recover(engine, books)
    return journal


def _recover_late(engine: Engine, books: Bookkeeper, files: FilesThread) -> None:
    """Take up what the last process left, if the journal opened too late for the start; main must read no file."""
    unfinished = books.journal.unfinished
    if unfinished is None or engine.controller.has_interrupted_run:
        recover(engine, books)
    elif engine.controller.refuses_settings(shapes_run=True) is not None and not books.has_begun:
        asyncio.get_running_loop().call_later(_RETRY_S, _recover_late, engine, books, files)  # after this frame
    else:
        camera = unfinished.run.camera
        files.submit(
            lambda _: engine.store.read_profile(camera), lambda outcome: recover(engine, books, outcome.result)
        )


def _load_for_serving(box: Box) -> None:
    """Read what main would else read while it serves: the time zone, and what a start by the sun needs."""
    settings = box.engine.store.current
    for value in (settings.interval.start, settings.interval.end, settings.shot.ramp):
        load_sun(value)
    with suppress(ClockError):  # reported when a run needs it
        _ = box.engine.zone


def _parts(surroundings: Surroundings, notifier: Notifier, clock: SystemClock) -> tuple[Part, ...]:
    """Return what the loop steps: the box, and a heartbeat if a service manager wants one."""
    if notifier.watchdog_ns is None:
        return surroundings.parts()
    player = _player(surroundings.box)
    player.loop_at_least_every(notifier.watchdog_ns * 3 // 4)  # a little more often than the heartbeat looks
    heartbeat = Heartbeat(player.has_looped, notifier.feed, notifier.watchdog_ns, clock.now_ns())
    return (*surroundings.parts(), heartbeat)


def _player(box: Box) -> PlayerThread:
    assert box.thread is not None, "a daemon's player has its own thread"
    return box.thread


def _watch(surroundings: Surroundings, loop: AsyncLoop, faults: FaultHandler) -> None:
    """Make the loop watch the pins, if they come from a factory that a loop can watch."""
    factory: Any = surroundings.factory if isinstance(surroundings, Pins) else None
    if not hasattr(factory, "use_event_loop"):
        return
    factory.on_error = faults.take_trouble
    loop.look = factory.dispatch
    factory.use_event_loop()
    asyncio.get_running_loop().add_reader(factory.fileno(), loop.kick)


def _say_ready(socket: Path, player: PlayerThread, notifier: Notifier) -> None:
    _say(sys.stdout, f"backbutton is ready: {socket}")
    _say(sys.stderr, f"backbutton: the player has {player.realtime}")
    notifier.ready(f"ready; the player has {player.realtime}")


def _say_faults(faults: tuple[str, ...]) -> None:
    for fault in faults:
        _say(sys.stderr, f"backbutton: {fault}")


def _narrate(line: str) -> None:
    _say(sys.stderr, line)


def _say(stream: TextIO, line: str) -> None:
    """Write a line in one piece: other threads write too. A stream that takes nothing must not end the box."""
    with suppress(OSError, ValueError, OutputError):
        stream.write(f"{line}\n")
        stream.flush()


def _surroundings(store: SettingsStore, clock: SystemClock, scene: "Scene | None") -> Surroundings:
    if scene is None:
        return Pins(store, clock)
    from controller.box.lamp_view import EngineView  # noqa: PLC0415 - the same
    from controller.core.lamp_text import lamp_marks_for  # noqa: PLC0415 - the same
    from controller.simulate.narrator import Narrator  # noqa: PLC0415 - a box on pins needs no virtual camera
    from controller.simulate.stage import Stage, save_scene  # noqa: PLC0415 - the same

    save_scene(scene, store)
    narrator = Narrator(_narrate, lamp_marks_for(sys.stderr.encoding))
    stage = Stage(scene, store, clock, (narrator,), threaded=True, with_lamps=True)
    narrator.view = EngineView(stage.box.engine)
    stage.begin()
    return stage


def _publish(server: ControlServer, notice: Notice) -> None:
    event = event_of(notice)
    if event is not None:
        server.publish(event)
