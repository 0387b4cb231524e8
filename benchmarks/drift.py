"""`make bench-drift`: measures drift and jitter of interval shooting in real time, by the box and by other programs.

Each is a program of its own (`benchmarks/shooters`), and all run at the same time, so what disturbs one disturbs all.
"""

import json
import os
import select
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.document import DOCS, write_section
from benchmarks.drift_plot import CAPTION, Curve, draw
from benchmarks.intervals_plot import COLOURS
from benchmarks.shooters.boxed import CAMERA
from benchmarks.shooters.order import Order
from benchmarks.zero import Cost
from config.cameras import load_profile
from controller.bench.budgets import Budget
from controller.bench.tables import Table, machine
from hardware.clock import MILLISECOND_NS, SECOND_NS

PLOT = DOCS / "bench-drift.svg"
EVERY_NS = SECOND_NS
SLOTS = 60
FEWEST = 3  # frames that figures can be computed from
BOX = "the box"
SHOOTERS = {  # the program of each, and the colour of its curve
    BOX: ("boxed", COLOURS[0]),
    "the box, real time refused": ("boxed_ordinary", COLOURS[1]),
    "gpiozero's `LED.blink()`": ("blinking", COLOURS[2]),
    "`gphoto2 --interval`": ("tethered", COLOURS[3]),
    "fire, then sleep": ("sleeping", COLOURS[4]),
    "the least: a bare loop": ("bare", COLOURS[6]),
}
TIMEOUT_S = 60  # in addition to the time of the slots
_ROOT = Path(__file__).parent.parent

Frames = Sequence[tuple[int, int]]  # the slot of each, and when SHUTTER closed, in nanoseconds


@dataclass(frozen=True, slots=True)
class Figures:
    """How far frames are off the grid that begins with the first of them; all in nanoseconds.

    `drift_ns` is how far off the last one is, `slope_ns` how much each slot adds (least squares), and `jitter_ns` the
    standard deviation of the rest. An interval's error is how much too long it is: the middle half of the errors lies
    between `low_ns` and `high_ns`, nine of ten are within `most_ns` either way, and all within `worst_ns`.
    """

    frames: int
    drift_ns: int
    slope_ns: float
    jitter_ns: float
    low_ns: float
    high_ns: float
    most_ns: int
    worst_ns: int


@dataclass(frozen=True, slots=True)
class Shooting:
    """A program's frames, their figures, and how it was run if that matters."""

    name: str
    frames: Frames
    figures: Figures
    runs_as: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The results of one run: the box, the other programs, and why some are `absent`.

    `load` is the load average of the minute before.
    """

    order: Order
    load: float
    box: Shooting
    peers: tuple[Shooting, ...]
    absent: dict[str, str]


def deviations(frames: Frames, every_ns: int) -> list[tuple[int, int]]:
    """Return each frame's slot, counted from the first one's, and how far off the first one's grid it is."""
    zero, zero_ns = frames[0]
    return [(slot - zero, at_ns - zero_ns - (slot - zero) * every_ns) for slot, at_ns in frames]


def figures(frames: Frames, every_ns: int) -> Figures:
    """Return the figures of at least FEWEST frames."""
    slots, offs_ns = zip(*deviations(frames, every_ns), strict=True)
    slope, start = statistics.linear_regression(slots, offs_ns)
    errors_ns = [later - earlier for earlier, later in pairwise(offs_ns)]
    low_ns, _, high_ns = statistics.quantiles(errors_ns, n=4, method="inclusive")
    ranked_ns = sorted(map(abs, errors_ns))
    return Figures(
        frames=len(frames),
        drift_ns=offs_ns[-1],
        slope_ns=slope,
        jitter_ns=statistics.pstdev(off - start - slope * slot for slot, off in zip(slots, offs_ns, strict=True)),
        low_ns=low_ns,
        high_ns=high_ns,
        most_ns=ranked_ns[-(-9 * len(ranked_ns) // 10) - 1],
        worst_ns=ranked_ns[-1],
    )


def measure(every_ns: int = EVERY_NS, slots: int = SLOTS) -> Measured:
    """Run all programs at the same time. Omits those that are absent here; raises SystemExit if that is the box."""
    order, load = Order(every_ns, slots, load_profile(CAMERA).hold_ns), os.getloadavg()[0]
    started = {name: _start(program, order) for name, (program, _) in SHOOTERS.items()}
    try:
        answers = {name: _answer(shooter, order) for name, shooter in started.items()}
        ready = {name: shooter for name, shooter in started.items() if "ready" in answers[name]}
        for shooter in ready.values():
            _start_shooting(shooter)
            time.sleep(every_ns / SECOND_NS / len(ready))  # so that they do not fire at the same moment
        answers |= {name: _answer(shooter, order) for name, shooter in ready.items()}
    finally:
        for shooter in started.values():
            _end(shooter)
    absent = {name: why for name, answer in answers.items() if (why := _why_absent(answer))}
    if BOX in absent:
        raise SystemExit(f"{BOX}: {absent[BOX]}")
    results = [_shooting(name, answer, every_ns) for name, answer in answers.items() if name not in absent]
    return Measured(order, load, results[0], tuple(results[1:]), absent)


def _start(program: str, order: Order) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"benchmarks.shooters.{program}", *order.arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True)  # noqa: S603


def _start_shooting(shooter: subprocess.Popen[str]) -> None:
    assert shooter.stdin is not None
    shooter.stdin.write("go\n")
    shooter.stdin.flush()


def _answer(shooter: subprocess.Popen[str], order: Order) -> dict[str, Any]:
    """Return a program's next answer; "absent" if it ends or times out."""
    assert shooter.stdout is not None
    timeout_s = TIMEOUT_S + order.lasts_ns / SECOND_NS
    line = shooter.stdout.readline() if select.select([shooter.stdout], [], [], timeout_s)[0] else ""
    answer: dict[str, Any] = json.loads(line) if line else {"absent": "it stopped early"}
    return answer


def _why_absent(answer: dict[str, Any]) -> str:
    """Return why a program is left out; "" if it is not."""
    few = "" if len(answer.get("frames", ())) >= FEWEST else "it took too few frames"
    return str(answer.get("absent", few))


def _end(shooter: subprocess.Popen[str]) -> None:
    """Wait for a program to end, as it does after its answer; if it does not, terminate it and its children."""
    try:
        shooter.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(shooter.pid, signal.SIGTERM)
        shooter.communicate()


def _shooting(name: str, answer: dict[str, Any], every_ns: int) -> Shooting:
    frames = [(slot, at_ns) for slot, at_ns in answer["frames"]]
    return Shooting(name, frames, figures(frames, every_ns), answer["runs_as"])


def section(measured: Measured) -> str:
    """Return the section of the document."""
    order, results = measured.order, (measured.box, *measured.peers)
    every = f"{order.every_ns / SECOND_NS:g} s"
    notes = [
        f"{order.slots} slots, one every {every}, on {machine()}; the load average before was {measured.load:.1f}.",
        *(f"{_capital(each.name)}: {each.runs_as}." for each in results if each.runs_as),
        *(f"Not measured: {name}: {why}." for name, why in measured.absent.items()),
    ]
    head = (
        "",
        "frames",
        "drift at the last",
        "slope per slot",
        "jitter",
        "jitter / the box's",
        "interval errors: middle half",
        "9 of 10 within",
        "worst",
    )
    table = Table(head, tuple(_row(each, measured) for each in results))
    return "\n\n".join((" ".join(notes), table.as_markdown(), f"![{CAPTION}]({PLOT.name})"))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _row(shooting: Shooting, measured: Measured) -> tuple[str, ...]:
    found, box = shooting.figures, measured.box.figures
    return (
        shooting.name,
        f"{found.frames} of {measured.order.slots}",
        _span(found.drift_ns, "+"),
        f"{round(found.slope_ns / 1000, 1) + 0.0:+,.1f} us",  # + 0.0 turns -0.0 into 0.0
        _span(found.jitter_ns),
        _ratio(found.jitter_ns, box.jitter_ns),
        f"{_span(found.low_ns, '+')} to {_span(found.high_ns, '+')}",
        _span(found.most_ns),
        _span(found.worst_ns),
    )


def _ratio(of: float, to: float) -> str:
    """Return a ratio with two digits below one and one digit above; "" if the divisor is zero."""
    return f"{of / to:,.{1 if of >= to else 2}f}" if to else ""


def _span(ns: float, sign: str = "") -> str:
    """Return a time in milliseconds, or in microseconds below one millisecond."""
    unit, scale, digits = ("ms", MILLISECOND_NS, 1) if abs(ns) >= MILLISECOND_NS else ("us", 1000, 0)
    return f"{ns / scale:{sign},.{digits}f} {unit}"


def curves(measured: Measured) -> list[Curve]:
    """Return the curves to draw, the box first."""
    every_ns, results = measured.order.every_ns, (measured.box, *measured.peers)
    return [Curve(each.name, SHOOTERS[each.name][1], deviations(each.frames, every_ns)) for each in results]


def run() -> list[Budget | Cost]:
    """Measure, and write section and plot; simulated nights have the goal for the drift."""
    measured = measure()
    write_section("drift", section(measured))
    PLOT.write_text(draw(curves(measured), measured.order.slots), encoding="utf-8")
    return []
