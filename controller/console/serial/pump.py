"""The pump joins a serial port to a console process on a pty, so that no cable can hang the console.

Knows the port, the session on it and Ctrl-C; must not know commands. It always reads both sides and never blocks on a
write. It turns Ctrl-C into `cut` itself, whatever the console process is doing, unless the Ctrl-C is noise.
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
from controller.console.serial.session import LIMIT, SerialSession
from controller.console.serial.write_buffer import WriteBuffer
from controller.errors import CommandError
from hardware.clock import SECOND_NS, Clock, SystemClock

_CONSOLE = (sys.executable, "-m", "controller.cli", "console")
_LOST = b"\r\n* some lines are lost: nobody read them\r\n"
_CUT_TIMEOUT_S = 1.0


def serve_port(socket: Path, port: str, baud: int, plain: bool, console: tuple[str, ...] = _CONSOLE) -> int:
    """Serve a console on a serial port. Blocks until SIGTERM, SIGINT or SIGHUP; returns the exit status.

    `console` is the command that starts the console process; `--socket` and `--plain` are appended.
    """
    stop_fd = _open_stop_descriptor(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    out = WriteBuffer(LIMIT, _LOST)
    session = SerialSession((*console, "--socket", str(socket)), out.add, plain)
    pump = Pump(Port(port, baud), session, out, lambda: _cut(socket), SystemClock())
    try:
        while pump.run_once(stop_fd):
            pass
    finally:
        pump.close()
    return 0


def _open_stop_descriptor(*signals: signal.Signals) -> int:
    """Return a descriptor that becomes readable when one of the signals arrives."""
    read_fd, write_fd = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(write_fd)
    for number in signals:
        signal.signal(number, lambda *_: None)
    return read_fd


def _cut(socket: Path) -> None:
    with suppress(CommandError), Client.connect(socket, _CUT_TIMEOUT_S) as client:
        client.call("cut")


class Pump:
    """Moves bytes between a port and the session on it; `out` holds the output for the port."""

    def __init__(
        self, port: Port, session: SerialSession, out: WriteBuffer, cut: Callable[[], None], clock: Clock
    ) -> None:
        self._port = port
        self._session = session
        self._out = out
        self._cut = cut
        self._clock = clock
        self._gate = NoiseGate()

    def run_once(self, stop_fd: int) -> bool:
        """Wait until something can be done, and do it. Returns False once `stop_fd` is readable."""
        self._open_port()
        process = self._session.process
        sources, sinks = [stop_fd], []
        if self._port.is_open:
            sources.append(self._port.fileno())
            sinks += [self._port.fileno()] if len(self._out) else []
        if process is not None:
            sources.append(process.fileno())
            sinks += [process.fileno()] if self._session.has_input else []
        readable, writable, _ = select.select(sources, sinks, [], self._timeout_s())
        self._transfer(readable, writable)
        return stop_fd not in readable

    def close(self) -> None:
        """End the console process and close the port."""
        self._session.reset()
        self._port.close()

    def _open_port(self) -> None:
        if not self._port.is_open and self._port.open(self._clock.now_ns()):
            self._out.clear()

    def _transfer(self, readable: list[int], writable: list[int]) -> None:
        process = self._session.process
        if process is not None and process.fileno() in writable:
            self._session.pass_input()
        if process is not None and process.fileno() in readable:
            self._session.show_output()
        if self._port.is_open and self._port.fileno() in writable:
            self._write_port()
        if self._port.is_open and self._port.fileno() in readable:
            self._read_port()
        now_ns = self._clock.now_ns()
        self._handle(self._gate.expire(now_ns), now_ns)
        self._session.expire(now_ns)

    def _read_port(self) -> None:
        chunk = self._port.read()
        if not chunk:
            self._lose_port()
            return
        now_ns = self._clock.now_ns()
        self._handle(self._gate.feed(chunk, now_ns), now_ns)

    def _handle(self, pieces: list[Piece], now_ns: int) -> None:
        for piece in pieces:
            match piece.kind:
                case Kind.CUT:
                    self._cut()
                    self._session.interrupt()
                case Kind.TYPED:
                    self._session.take_typed(piece.data, now_ns)
                case Kind.NOISE:
                    self._session.take_noise(piece.data, now_ns)

    def _write_port(self) -> None:
        try:
            self._out.write_to(self._port.fileno())
        except OSError:
            self._lose_port()

    def _lose_port(self) -> None:
        self._port.lose(self._clock.now_ns())
        self._session.reset()
        self._gate = NoiseGate()

    def _timeout_s(self) -> float | None:
        """Return how long `select` may wait: until the next deadline, or without limit if there is none."""
        deadlines = [
            self._session.deadline_ns,
            self._gate.deadline_ns,
            None if self._port.is_open else self._port.retry_ns,
        ]
        left_ns = [deadline - self._clock.now_ns() for deadline in deadlines if deadline is not None]
        return max(0, min(left_ns)) / SECOND_NS if left_ns else None
