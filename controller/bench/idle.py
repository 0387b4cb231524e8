"""How often the daemon and a console wake the processor while nothing happens."""

from contextlib import ExitStack

from config.record import dataclass
from controller.bench.programs import BACKBUTTON, Usage, at_terminal, environment, pause, served, usage
from hardware.clock import SECOND_NS

LASTS_S = 20
_SETTLES_S = 8  # start-up lights the lamps, and leaves work to finish


@dataclass(frozen=True, slots=True)
class Idle:
    """How often per second a program was switched to, which is once for each wake-up, and its share of a CPU."""

    switches_per_second: float
    cpu_share: float


def measure(lasts_s: int = LASTS_S, settles_s: int = _SETTLES_S) -> tuple[Idle, Idle]:
    """Return how idle a daemon is, and a console connected to it."""
    with ExitStack() as stack:
        env = stack.enter_context(environment())
        box = stack.enter_context(served(env))
        console = (*BACKBUTTON, "console", "--socket", str(box.socket))
        console_pid, _ = stack.enter_context(at_terminal(console, env))
        pids = (box.program.process.pid, console_pid)
        pause(settles_s)
        before = [usage(pid) for pid in pids]
        pause(lasts_s)
        daemon, console_idle = (_idle(usage(pid), since, lasts_s) for pid, since in zip(pids, before, strict=True))
        return daemon, console_idle


def _idle(now: Usage, since: Usage, lasts_s: int) -> Idle:
    # A waiting thread is switched away from once for each time it is switched to.
    return Idle((now.switches - since.switches) / lasts_s, (now.cpu_ns - since.cpu_ns) / (lasts_s * SECOND_NS))
