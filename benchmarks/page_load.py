"""How late edges are while the page is under attack, beside the quiet box; and how much memory daemon and page take.

Each turn is a run of its own on a new daemon with a new server of the page beside it. The attack is a program of its
own (`benchmarks.page_attack`), whose processor time is that of other machines; it is nice to those that are measured.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from benchmarks.document import write_section
from benchmarks.page_servers import page_command, paired, serving
from benchmarks.page_wire import Connection
from benchmarks.zero import Cost
from controller.bench import lateness
from controller.bench.budgets import Budget
from controller.bench.figures import quantile
from controller.bench.lateness import EDGES, MissingError, cpus_awake, cyclictest
from controller.bench.programs import PYTHON, Program, environment, pause, served, started
from controller.bench.slow_disk import Turn, read_turn, take_run
from controller.bench.tables import Table, machine, span

QUIET_S, ATTACK_S = 30, 60
EVERY_MS = 500  # more often, a busy disk alone makes frames be skipped: the journal must have the intent first
QUIET, WATCHED, ATTACKED, QUIET_AGAIN = "the quiet box", "a phone looks on", "under attack", "the quiet box again"
BESIDE_ATTACK = "cyclictest, beside the attack"
MEMORY_GOAL = 1.5  # times what it is with one phone: bounded, however long it lasts
_SHARES = (0.5, 0.99, 1.0)
_PHONES = 8
_SETTLES_S = 4.0  # a run begins some seconds after the attack


@dataclass(frozen=True, slots=True)
class Taken:
    """A run that was taken, its edges and frames; the most memory of both processes in KiB, and the steal time."""

    run: Turn
    daemon_kib: int
    page_kib: int
    stolen: float


@dataclass(frozen=True, slots=True)
class PageLoad:
    """The turns by what happened meanwhile, how the attack was answered, and cyclictest beside it or why not."""

    turns: Mapping[str, Taken]
    answers: Mapping[str, int]
    machine_ns: tuple[int, ...]
    missing: str = ""

    def budgets(self) -> list[Budget]:
        """Compare with the goals: no frame lost, memory bounded."""
        attacked, watched = self.turns[ATTACKED], self.turns[WATCHED]
        memory = attacked.page_kib / watched.page_kib
        found = f"{attacked.run.lost} of {attacked.run.slots}"
        goal = f"{MEMORY_GOAL:g} x that with one phone"
        return [
            Budget("frames lost, the page under attack", "none", found, attacked.run.lost == 0),
            Budget("memory of the page under attack", goal, f"{memory:.2f} x", memory <= MEMORY_GOAL),
        ]


def run() -> list[Budget | Cost]:
    """Measure runs with and without an attack, write the section, and return the goals."""
    measured = measure()
    write_section("page-load", section(measured))
    return [*measured.budgets()]


def measure(quiet_s: int = QUIET_S, attack_s: int = ATTACK_S) -> PageLoad:
    """Take a run in each of the turns, and measure cyclictest beside a second attack."""
    with environment() as env:
        answers: Counter[str] = Counter()
        turns = {
            name: _turn(env, name, attack_s if name == ATTACKED else quiet_s, answers)
            for name in (QUIET, WATCHED, ATTACKED, QUIET_AGAIN)
        }
        try:
            machine_ns, missing = _cyclictest(env, attack_s), ""
        except MissingError as error:
            machine_ns, missing = (), str(error)
        return PageLoad(turns, answers, machine_ns, missing)


def _turn(env: Mapping[str, str], name: str, seconds: int, answers: Counter[str]) -> Taken:
    slots = seconds * 1000 // EVERY_MS
    with ExitStack() as stack:
        box = stack.enter_context(served(env, EVERY_MS, slots + 1))
        page, port = stack.enter_context(serving(page_command(box), env))
        tokens = paired(box, _PHONES)
        stack.enter_context(cpus_awake())
        client = stack.enter_context(closing(box.client))
        if name == WATCHED:
            stack.enter_context(Connection(port, tokens[0])).watch()
        if name == ATTACKED:
            stack.enter_context(_attacking(env, port, seconds, tokens, answers))
        before = lateness.ticks()
        run_id = take_run(client)
        stolen = lateness.stolen_share([lateness.ticks_since(before)])
        return Taken(read_turn(box, run_id), box.program.peak_kib, page.peak_kib, stolen)


@contextmanager
def _attacking(
    env: Mapping[str, str], port: int, seconds: int, tokens: Sequence[str], answers: Counter[str]
) -> Iterator[Program]:
    """Attack from before the block for `seconds`, or for as long as the run takes; then note how it was answered."""
    lasts_s = seconds + _SETTLES_S
    command = ("nice", "-n", "10", PYTHON, "-m", "benchmarks.page_attack", str(port), str(lasts_s), *tokens)
    with started(command, env) as attack:
        yield attack
        assert attack.process.stdout is not None
        answers.update(json.loads(attack.process.stdout.readline()))


def _cyclictest(env: Mapping[str, str], seconds: int) -> tuple[int, ...]:
    """Measure cyclictest as often as the box has edges, beside an attack on a box that takes no frames."""
    with ExitStack() as stack:
        box = stack.enter_context(served(env))
        _, port = stack.enter_context(serving(page_command(box), env))
        stack.enter_context(cpus_awake())
        stack.enter_context(_attacking(env, port, seconds, paired(box, _PHONES), Counter()))
        pause(_SETTLES_S / 2)
        return tuple(cyclictest(env, seconds * 1000 // lateness.EVERY_MS))


def section(measured: PageLoad) -> str:
    """Return the section on the attack."""
    rows = [_row(name, taken) for name, taken in measured.turns.items()]
    if measured.machine_ns:
        rows.append((BESIDE_ATTACK, *_spans(measured.machine_ns), "", "", "", ""))
    head = ("", "edges", "median", "99 %", "worst", "frames fired", "page, at most", "daemon, at most", "steal time")
    missing = (f"Not measured: {measured.missing}.",) if measured.missing else ()
    intro = " ".join((f"On {machine()}; {EDGES} edges every {EVERY_MS} ms.", *missing))
    return "\n\n".join((intro, Table(head, tuple(rows)).as_markdown(), _answers(measured.answers)))


def _row(name: str, taken: Taken) -> tuple[str, ...]:
    memory = (f"{kib / 1024:.1f} MiB" for kib in (taken.page_kib, taken.daemon_kib))
    fired = f"{taken.run.fired} of {taken.run.slots}"
    return (name, *_spans(taken.run.late_ns), fired, *memory, f"{taken.stolen:.1%}")


def _spans(late_ns: Sequence[int]) -> tuple[str, ...]:
    return (f"{len(late_ns):,}", *(span(quantile(late_ns, share)) for share in _SHARES))


def _answers(answers: Mapping[str, int]) -> str:
    """Return how often what was answered how, as a list with a line for each kind of attack."""
    kinds: dict[str, list[str]] = {}
    for name, count in sorted(answers.items(), key=lambda item: -item[1]):
        kind, _, outcome = name.partition(": ")
        kinds.setdefault(kind, []).append(f"{outcome} {count:,} times")
    return "How the attack was answered:\n\n" + "\n".join(
        f"- {kind}: {', '.join(each)}" for kind, each in kinds.items()
    )
