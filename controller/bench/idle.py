"""What a box that waits for a finger keeps a processor from sleeping for: daemon and console, with nothing to do."""

import os
import pty
from contextlib import ExitStack

from config.record import dataclass
from controller.bench.programs import BACKBUTTON, Served, Usage, environment, let_pass, served, usage
from hardware.clock import SECOND_NS

LASTS_S = 20
_SETTLES_S = 8  # a start lights its lamps, and leaves things to be done


@dataclass(frozen=True, slots=True)
class Idle:
    """How often a program was switched to in a second, which it is for each wake-up, and its share of a processor."""

    switches_a_second: float
    cpu_share: float


def measure(lasts_s: int = LASTS_S, settles_s: int = _SETTLES_S) -> tuple[Idle, Idle]:
    """Return how idle a daemon is, and the console that is attached to it."""
    with ExitStack() as stack:
        box = stack.enter_context(served(stack.enter_context(environment())))
        console = _console(stack, box)
        pids = (box.program.process.pid, console)
        let_pass(settles_s)
        before = [usage(pid) for pid in pids]
        let_pass(lasts_s)
        daemon, attached = (_idle(usage(pid), since, lasts_s) for pid, since in zip(pids, before, strict=True))
        return daemon, attached


def _idle(now: Usage, since: Usage, lasts_s: int) -> Idle:
    # A thread that waits is switched from once for each time it is switched to.
    return Idle((now.switches - since.switches) / lasts_s, (now.cpu_ns - since.cpu_ns) / (lasts_s * SECOND_NS))


def _console(stack: ExitStack, box: Served) -> int:
    """Open a console at a terminal of its own; return its process."""
    command = (*BACKBUTTON, "console", "--socket", str(box.socket))
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(command[0], command, os.environ | {"TERM": "xterm"})  # noqa: S606 - no shell is wanted
    stack.callback(os.waitpid, pid, 0)
    stack.callback(os.close, fd)  # hangs up
    return pid
