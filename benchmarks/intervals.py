"""`make bench-intervals`: compares the box's interval rule with those of other systems, over 10,000 slots.

All of it is simulated and nothing is timed. The result is the same on every machine, so a test notices when the
document is stale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import box, rules
from benchmarks.document import DOCS, write_section
from benchmarks.intervals_plot import CAPTION, Curve, draw
from benchmarks.world import World, world
from benchmarks.zero import Cost
from controller.bench.budgets import Budget
from controller.bench.tables import Table
from hardware.clock import MILLISECOND_NS, SECOND_NS

SLOTS = 10_000
PLOT = DOCS / "bench-intervals.svg"


@dataclass(frozen=True, slots=True)
class Peer:
    """A rule, named by what it does: when it schedules the next frame, and which systems are reported to use it."""

    name: str
    rule: rules.Rule
    due: str
    used_by: str


BOX = "the box: late slots skipped"
PEERS = (
    Peer(
        "one late frame, then the grid",
        rules.one_late,
        "at the next slot of the grid; a missed one is taken at once, and then the first slot still ahead",
        "gphoto2 `--interval`: `capture_generic()` in `gphoto2/main.c` (`gphoto/gphoto2` 85155ba)",
    ),
    Peer(
        "every late frame caught up",
        rules.catch_up,
        "at the next slot of the grid, however late",
        "DSLRtrigger-Intervalometer: `Intervalometer.java` (`johnmurphyastro/DSLRtrigger-Intervalometer` ee9a60c)",
    ),
    Peer(
        "due time + interval, clamped",
        rules.clamped,
        "when the last was due plus the interval, but not before now and not after now plus the interval",
        "Magic Lantern: `src/shoot.c` (`reticulatedpines/magiclantern_simplified` 9a0f0b2)",
    ),
    Peer(
        "actual start + interval",
        rules.rebased,
        "when the last frame actually began, plus the interval",
        "Time Lapse+: `src/shutter.cpp` (`timelapseplus/TimelapsePlus-Firmware` f7aef93); Time Lapse+ VIEW at a "
        "fixed interval: `intervalometer/intervalometer.js` arms a timer at each start (`timelapseplus/VIEW` "
        "0e22252); LRTimelapse Pro Timer Free: `running()` (`gwegner/LRTimelapse-Pro-Timer-Free` 6682ef3)",
    ),
    Peer(
        "sleep the rest of the period",
        rules.slept_rest,
        "after a sleep for what the frame leaves of the interval, in floating-point seconds",
        "none of those read; it is the usual fix for a home-made loop, `sleep(every - elapsed)`",
    ),
    Peer(
        "gap after the frame",
        rules.gap_after,
        "when the last frame ended, plus the interval",
        "CameraAxe 6 (`mribble/CameraAxe6` fb1200b), furble (`gkoh/furble` 9312089); reported as a bug in "
        "`400plus/400plus#178` (15 s asked, 23 s got) and `KillerInk/FreeDcam#208` (60 s, 61 s got)",
    ),
)


def curves(world: World) -> tuple[Curve, ...]:
    """Return the result of the box, and then of each peer."""
    tolerance_ns = box.settings(world).interval.tolerance_ns
    runs = [(BOX, box.take(world).frames), *((peer.name, rules.take(peer.rule, world)) for peer in PEERS)]
    return tuple(Curve(name, frames, rules.judge(frames, world, tolerance_ns)) for name, frames in runs)


def section(curves: Sequence[Curve], world: World) -> str:
    """Return the section of the document: the table, the plot, and which systems use which rule."""
    return "\n\n".join((_table(curves, world), f"![{CAPTION}]({PLOT.name})", _sources()))


def essence(curves: Sequence[Curve]) -> str:
    """Return the main result in one sentence, for docs/runs.md."""
    by_name = {curve.name: curve.outcome for curve in curves}
    ours, rebased, gap = by_name[BOX], by_name["actual start + interval"], by_name["gap after the frame"]
    return (
        f"In {SLOTS:,} simulated frames with one long stall, the box skips {len(ours.lost)} slots and ends "
        f"{ours.drift_ns} ns off its grid; a timer that adds the interval to each actual start ends "
        f"{rebased.drift_ns / SECOND_NS:.0f} s off, and one that waits for the interval after each frame loses "
        f"{len(gap.lost):,} slots"
    )


def _table(curves: Sequence[Curve], world: World) -> str:
    head = (
        "rule",
        f"drift at slot {world.count:,}",
        "in slots",
        "worst lateness",
        "median lateness",
        "lost slots",
        "bursts",
        "frames until on the grid",
    )
    return Table(head, tuple(_row(curve, world) for curve in curves)).as_markdown()


def _row(curve: Curve, world: World) -> tuple[str, ...]:
    found = curve.outcome
    return (
        curve.name,
        _ms(found.drift_ns),
        f"{found.drift_ns / world.every_ns:,.2f}" if found.drift_ns else "0",
        _ms(found.worst_ns),
        _ms(found.median_ns),
        f"{len(found.lost):,}",
        f"{found.bursts:,}",
        "never" if found.back_after is None else f"{found.back_after}",
    )


def _ms(ns: int) -> str:
    return f"{ns / MILLISECOND_NS:,.1f} ms" if ns else "0"


def _sources() -> str:
    rows = (f"| {peer.name} | {peer.due} | {peer.used_by} |" for peer in PEERS)
    return "\n".join(("| rule | the next frame is due | used by |", "|---|---|---|", *rows))


def run() -> list[Budget | Cost]:
    """Simulate, and write section and plot; nothing is timed, so there is no goal."""
    plan = world(SLOTS)
    results = curves(plan)
    write_section("intervals", section(results, plan))
    PLOT.write_text(draw(results, plan), encoding="utf-8")
    return []
