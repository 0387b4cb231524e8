"""Shared by several tests: plays a script on the virtual bench and returns the outcome."""

import io
import json
import select
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

from controller.simulate.command import Output, play_script
from controller.simulate.script import parse_script
from controller.simulate.stage import Scene
from hardware.virtual.flash import Flash
from hardware.virtual.quirks import Quirks

MS = 1_000_000
S = 1_000_000_000

PATIENCE_S = 60  # only a failing test waits this long

CAMERAS = ("canon-e3", "nikon-mc-dc2", "generic")
NEEDS_FOCUS = ("nikon-mc-dc2", "generic")
BODIES = ("bbf", "factory")


@dataclass(frozen=True)
class Outcome:
    """The report of a simulation, with shortcuts for tests."""

    report: dict[str, Any]
    narration: str
    status: int
    state: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", self.report["state"])

    @property
    def frames(self) -> list[dict[str, Any]]:
        return self.report["frames"]

    @property
    def reasons(self) -> list[str]:
        return [row["reason"] for row in self.report["refusals"]]

    def edges(self, line: str) -> list[tuple[int, bool]]:
        return [(edge["at_ns"], edge["closed"]) for edge in self.report["edges"] if edge["line"] == line]

    def spans(self, line: str) -> list[tuple[int, int | None]]:
        """Return when the line was closed: (closing, opening), where None means closed to the end."""
        times = [at_ns for at_ns, _ in self.edges(line)]
        return list(zip(times[::2], [*times[1::2], None][: len(times[::2])], strict=True))

    @property
    def slots(self) -> list[tuple[int, int, str]]:
        return [(row["slot"], row["due_ns"], row["outcome"]) for row in self.report["ledger"]]


def play(
    script: str,
    camera: str = "canon-e3",
    body: str = "bbf",
    *,
    autofocus: bool = True,
    flash: Flash | None = None,
    continuous_af: bool = False,
    quirks: Quirks | None = None,
) -> Outcome:
    """Play a script on the virtual clock."""
    report, narration = io.StringIO(), io.StringIO()
    lines = parse_script(dedent(script), "script")
    scene = Scene(camera, body, autofocus, flash, continuous_af=continuous_af, quirks=quirks)
    status = play_script(scene, lines, Output(narration, report), fast=True)
    return Outcome(json.loads(report.getvalue()), narration.getvalue(), status)


def await_event(client, is_it):
    """Wait until a subscribed client receives an event for which `is_it` returns true."""
    while not any(map(is_it, client.events())):
        assert select.select([client], [], [], PATIENCE_S)[0], "it never came"
