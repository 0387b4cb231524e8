"""What the page costs, beside a bare Starlette answer: over the air, in time, in memory, and at a cold start.

Both servers run beside a box on mock pins and answer in turn, so what disturbs one disturbs the other. A first page
is asked for over a new connection, a call over one that stays open, as a browser does.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.document import write_section
from benchmarks.page_servers import bare_command, cold_start_ns, page_command, paired, serving
from benchmarks.page_visit import Visit, visit
from benchmarks.page_wire import Answer, Connection
from benchmarks.zero import PYTHON_TIMES, Cost
from controller.bench.budgets import Budget
from controller.bench.figures import Spread, quantile
from controller.bench.programs import Box, environment, pause, served
from controller.bench.tables import Table, machine, span, spread
from hardware.clock import SystemClock

AIR_GOAL, FIRST_GOAL, MEMORY_GOAL = 60_000, 2.0, 1.3
ROUNDS = 400
STARTS = 9
_PHONES = 8  # one may call 20 times a second
_GAP_S = 0.01
_WARM = 20


@dataclass(frozen=True, slots=True)
class Beside:
    """What was measured of the page, and of the bare server; times in nanoseconds, memory in KiB."""

    page: tuple[int, ...]
    bare: tuple[int, ...]

    def ratio(self, share: float = 0.5) -> float:
        """Return the page's quantile as a multiple of the other's."""
        return quantile(self.page, share) / quantile(self.bare, share)


@dataclass(frozen=True, slots=True)
class PageCost:
    """All that was measured."""

    visit: Visit
    first: Beside
    call: Beside
    memory: Beside
    cold: Beside

    def budgets(self) -> list[Budget]:
        """Compare with the goals of the design."""
        air, first, memory = self.visit.received_bytes, self.first.ratio(), self.memory.ratio()
        of = "a bare Starlette"
        return [
            Budget("page over the air, first visit", f"{AIR_GOAL // 1000} kB", _kb(air), air <= AIR_GOAL),
            Budget("first page, warm", f"{FIRST_GOAL:g} x {of} answer", f"{first:.2f} x", first <= FIRST_GOAL),
            Budget("memory of the page", f"{MEMORY_GOAL:g} x {of} process", f"{memory:.2f} x", memory <= MEMORY_GOAL),
        ]


def run() -> list[Budget | Cost]:
    """Measure the page, write the section, and return goals and costs."""
    measured = measure()
    write_section("page", section(measured))
    cold = Cost("the page, from a connection to the first byte", Spread.of(measured.cold.page).median, PYTHON_TIMES)
    return [*measured.budgets(), cold]


def measure(rounds: int = ROUNDS, starts: int = STARTS) -> PageCost:
    """Measure all of it: `rounds` answers of each kind, and `starts` starts of each server."""
    with environment() as env, served(env) as box:
        page, bare = page_command(box), bare_command(box)
        _by_turns(1, lambda: cold_start_ns(page, env), lambda: cold_start_ns(bare, env))  # fills the caches
        cold = _by_turns(starts, lambda: cold_start_ns(page, env), lambda: cold_start_ns(bare, env))
        memory = []
        for _ in range(starts):
            with ExitStack() as stack:
                (ours, port), (other, bare_port) = (
                    stack.enter_context(serving(command, env)) for command in (page, bare)
                )
                seen = visit(port)
                first, call = _answers(box, port, bare_port, rounds // starts)
                memory.append((ours.memory_kib, other.memory_kib, first, call))
        return PageCost(
            seen,
            _joined([each[2] for each in memory]),
            _joined([each[3] for each in memory]),
            Beside(tuple(each[0] for each in memory), tuple(each[1] for each in memory)),
            cold,
        )


def _answers(box: Box, port: int, bare_port: int, rounds: int) -> tuple[Beside, Beside]:
    """Measure first pages and calls by turns, on warm servers, while a phone looks on."""
    with ExitStack() as stack:
        tokens = paired(box, _PHONES)
        connections = [stack.enter_context(Connection(port, token)) for token in tokens]
        bare = stack.enter_context(Connection(bare_port))
        watching = stack.enter_context(Connection(port, tokens[0]))
        watching.watch()
        turn = iter(range(10**9))

        def call() -> int:
            pause(_GAP_S)
            connection = connections[next(turn) % _PHONES]
            return _timed(lambda: connection.post("/call/status", {}))

        def bare_call() -> int:
            pause(_GAP_S)
            return _timed(lambda: bare.post("/call/status", {}))

        _by_turns(_WARM, lambda: _first_page(port), lambda: _first_page(bare_port))
        _by_turns(_WARM, call, bare_call)
        first = _by_turns(rounds, lambda: _first_page(port), lambda: _first_page(bare_port))
        return first, _by_turns(rounds, call, bare_call)


def _first_page(port: int) -> int:
    def ask() -> Answer:
        with Connection(port) as connection:
            return connection.get("/")

    return _timed(ask)


def _timed(ask: Callable[[], Answer]) -> int:
    began_ns = SystemClock.now_ns()
    answer = ask()
    took_ns = SystemClock.now_ns() - began_ns
    if answer.status != 200:  # noqa: PLR2004 - a status of HTTP
        raise ValueError(f"answered with {answer.status}: {answer.body.decode()}")
    return took_ns


def _by_turns(rounds: int, page: Callable[[], int], bare: Callable[[], int]) -> Beside:
    ours, other = zip(*((page(), bare()) for _ in range(rounds)), strict=True)
    return Beside(ours, other)


def _joined(parts: Sequence[Beside]) -> Beside:
    return Beside(sum((part.page for part in parts), ()), sum((part.bare for part in parts), ()))


def section(measured: PageCost) -> str:
    """Return the section on the page."""
    seen = measured.visit
    air = (
        f"On {machine()}. A first visit takes {seen.requests} requests: {_kb(seen.body_bytes)} of files as they are "
        f"sent, {_kb(seen.received_bytes)} with the heads of the answers, and {_kb(seen.sent_bytes)} of requests."
    )
    return f"{air}\n\n{_table(measured).as_markdown()}"


def _table(measured: PageCost) -> Table:
    rows = [
        row
        for what, beside in (("the first page, warm", measured.first), ("a call to the box and back", measured.call))
        for row in (_time_row(f"{what}: median", beside, 0.5), _time_row(f"{what}: 99 %", beside, 0.99))
    ]
    cold, memory = measured.cold, measured.memory
    rows.append(("cold, from the connection to the first byte", *_both(cold, spread), f"{cold.ratio():.2f}"))
    mib = _both(memory, lambda kib: kib.text("MiB", 1024, 1))
    rows.append(("memory, while a phone looks on (VmRSS)", *mib, f"{memory.ratio():.2f}"))
    return Table(("", "the page", "a bare Starlette answer", "ratio"), tuple(rows))


def _time_row(what: str, beside: Beside, share: float) -> tuple[str, ...]:
    ours, other = (span(quantile(times, share)) for times in (beside.page, beside.bare))
    return (what, ours, other, f"{beside.ratio(share):.2f}")


def _both(beside: Beside, text: Callable[[Spread], str]) -> tuple[str, str]:
    return text(Spread.of(beside.page)), text(Spread.of(beside.bare))


def _kb(count: int) -> str:
    return f"{count / 1000:.1f} kB"
