"""Starts what the page is measured with: its server beside a box, the bare server, and phones that are paired."""

import json
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from benchmarks.page_wire import Connection
from controller.bench.programs import BACKBUTTON, PYTHON, Box, Program, started
from hardware.clock import SystemClock

_FIRST_PASSED = 3  # the first descriptor that systemd passes (sd_listen_fds)


def page_command(box: Box) -> tuple[str, ...]:
    """Return the command that serves the page of a box, at a free port."""
    return (*BACKBUTTON, "page", "--socket", str(box.socket), "--port", "0")


def bare_command(box: Box) -> tuple[str, ...]:
    """Return the command of the bare server; a call is answered with what the box answers."""
    reply = box.folder / "reply.json"
    with closing(box.client) as client:
        reply.write_text(json.dumps({"result": client.call("status"), "now_ns": 0}), encoding="utf-8")
    return (PYTHON, "-m", "benchmarks.page_bare", str(reply))


@contextmanager
def serving(command: tuple[str, ...], env: Mapping[str, str]) -> Iterator[tuple[Program, int]]:
    """Run a server; yields it and its port."""
    with started(command, env) as program:
        yield program, int(program.first_line.strip().rstrip("/").rpartition(":")[2])


def paired(box: Box, count: int) -> list[str]:
    """Pair so many phones, as by links from the console; returns their tokens."""
    with closing(box.client) as client:
        codes = (client.call("pairing.link")["code"] for _ in range(count))
        return [client.call("pairing.redeem", code=code, name=f"phone {n}")["token"] for n, code in enumerate(codes)]


def cold_start_ns(command: tuple[str, ...], env: Mapping[str, str]) -> int:
    """Return the time from a connection, which starts the server as systemd's socket does, to the first byte."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        began_ns = SystemClock.now_ns()
        with Connection(listener.getsockname()[1]) as connection:
            pid = _activated(command, env, listener)
            try:
                connection.get("/")
                return SystemClock.now_ns() - began_ns
            finally:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _activated(command: tuple[str, ...], env: Mapping[str, str], listener: socket.socket) -> int:
    """Start a program to which a listening socket is passed; returns its PID."""
    silent = os.open(os.devnull, os.O_WRONLY)
    if (pid := os.fork()) == 0:
        try:
            os.dup2(silent, 1)
            os.dup2(listener.fileno(), _FIRST_PASSED)
            os.execve(command[0], command, {**env, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())})  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)  # a child must not carry on as a second bench
    os.close(silent)
    return pid
