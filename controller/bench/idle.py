"""What a box that waits for a finger keeps a processor from sleeping for: daemon and console, with nothing to do."""

from contextlib import ExitStack

from config.record import dataclass
from controller.bench.programs import BACKBUTTON, Usage, at_terminal, environment, let_pass, served, usage
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
        env = stack.enter_context(environment())
        box = stack.enter_context(served(env))
        console = (*BACKBUTTON, "console", "--socket", str(box.socket))
        attached, _ = stack.enter_context(at_terminal(console, env))
        pids = (box.program.process.pid, attached)
        let_pass(settles_s)
        before = [usage(pid) for pid in pids]
        let_pass(lasts_s)
        daemon, console_idle = (_idle(usage(pid), since, lasts_s) for pid, since in zip(pids, before, strict=True))
        return daemon, console_idle


def _idle(now: Usage, since: Usage, lasts_s: int) -> Idle:
    # A thread that waits is switched from once for each time it is switched to.
    return Idle((now.switches - since.switches) / lasts_s, (now.cpu_ns - since.cpu_ns) / (lasts_s * SECOND_NS))
