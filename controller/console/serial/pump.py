"""The pump: joins a serial port to a console process on a pty, so that no cable can hang the console.

Knows the port, the seat at it and Ctrl-C; knows no command. It always reads both sides, never waits for one to
take what it writes, and turns Ctrl-C into `cut` itself, whatever the console is doing; not one that is noise.
"""

import os
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from controller.client import Client
from controller.console.serial.noise import Kind, NoiseGate, Piece
from controller.console.serial.port import Port
from controller.console.serial.session import LIMIT, Seat
from controller.console.serial.write_buffer import Backlog
from controller.errors import CommandError
from hardware.clock import SECOND_NS, Clock, SystemClock

_CONSOLE = (sys.executable, "-m", "controller.cli", "console")
_LOST = b"\r\n* some lines are lost: nobody read them\r\n"
_CUT_TIMEOUT_S = 1.0


def serve_port(socket: Path, port: str, baud: int, plain: bool, console: tuple[str, ...] = _CONSOLE) -> int:
    """Serve a console on a serial port until SIGTERM, SIGINT or SIGHUP; return the exit status.

    `console` is the command of one, to which `--socket` and `--plain` can be added.
    """
    wake_fd = _wake_on(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    out = Backlog(LIMIT, _LOST)
    seat = Seat((*console, "--socket", str(socket)), out.add, plain)
    pump = Pump(Port(port, baud), seat, out, lambda: _cut(socket), SystemClock())
    try:
        while pump.turn(wake_fd):
            pass
    finally:
        pump.close()
    return 0


def _wake_on(*signals: signal.Signals) -> int:
    """Return a descriptor that becomes readable when one of the signals comes."""
    read_fd, write_fd = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(write_fd)
    for number in signals:
        signal.signal(number, lambda *_: None)
    return read_fd


def _cut(socket: Path) -> None:
    with suppress(CommandError), Client.connect(socket, _CUT_TIMEOUT_S) as client:
        client.call("cut")


class Pump:
    """Moves bytes between a port and the seat at it; `out` holds what is to be written to the port."""

    def __init__(self, port: Port, seat: Seat, out: Backlog, cut: Callable[[], None], clock: Clock) -> None:
        self._port = port
        self._seat = seat
        self._out = out
        self._cut = cut
        self._clock = clock
        self._gate = NoiseGate()

    def turn(self, wake_fd: int) -> bool:
        """Wait until something can be done, and do it; False once `wake_fd` is readable."""
        self._open_port()
        child = self._seat.child
        sources, sinks = [wake_fd], []
        if self._port.is_open:
            sources.append(self._port.fileno())
            sinks += [self._port.fileno()] if len(self._out) else []
        if child is not None:
            sources.append(child.fileno())
            sinks += [child.fileno()] if self._seat.has_typed else []
        readable, writable, _ = select.select(sources, sinks, [], self._patience_s())
        self._move(readable, writable)
        return wake_fd not in readable

    def close(self) -> None:
        """End the console and let go of the port."""
        self._seat.free()
        self._port.close()

    def _open_port(self) -> None:
        if not self._port.is_open and self._port.open(self._clock.now_ns()):
            self._out.clear()

    def _move(self, readable: list[int], writable: list[int]) -> None:
        child = self._seat.child
        if child is not None and child.fileno() in writable:
            self._seat.pass_on()
        if child is not None and child.fileno() in readable:
            self._seat.drain()
        if self._port.is_open and self._port.fileno() in writable:
            self._write_port()
        if self._port.is_open and self._port.fileno() in readable:
            self._read_port()
        now_ns = self._clock.now_ns()
        self._take(self._gate.expire(now_ns), now_ns)
        self._seat.expire(now_ns)

    def _read_port(self) -> None:
        chunk = self._port.read()
        if not chunk:
            self._lose_port()
            return
        now_ns = self._clock.now_ns()
        self._take(self._gate.feed(chunk, now_ns), now_ns)

    def _take(self, pieces: list[Piece], now_ns: int) -> None:
        for piece in pieces:
            match piece.kind:
                case Kind.CUT:
                    self._cut()
                    self._seat.interrupt()
                case Kind.TYPED:
                    self._seat.take(piece.data, now_ns)
                case Kind.NOISE:
                    self._seat.take_noise(piece.data, now_ns)

    def _write_port(self) -> None:
        try:
            self._out.write_to(self._port.fileno())
        except OSError:
            self._lose_port()

    def _lose_port(self) -> None:
        self._port.lose(self._clock.now_ns())
        self._seat.free()
        self._gate = NoiseGate()

    def _patience_s(self) -> float | None:
        """Return how long nothing may happen before there is something to do all the same."""
        deadlines = [
            self._seat.deadline_ns,
            self._gate.deadline_ns,
            None if self._port.is_open else self._port.retry_ns,
        ]
        left_ns = [deadline - self._clock.now_ns() for deadline in deadlines if deadline is not None]
        return max(0, min(left_ns)) / SECOND_NS if left_ns else None
