"""Records what a simulation does: edges, frames, refusals and the ledger; and makes the report.

Other programs rely on the exact form of the report (see docs/simulate.md). Every time in it is in integer
nanoseconds from the start of the script.
"""

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import Any

from controller.box.notices import Concluded, Entered, Notice, Over, Refused
from controller.core.controller import Controller
from controller.core.effects import LedgerRow
from hardware.timeline import Line
from hardware.virtual.camera import Exposure
from hardware.waveform import Change


class Recorder:
    """Records what the bench and the engine report; `zero_ns` is the start of the script.

    The outcome of a frame is stored with its closing of SHUTTER: the camera reports an exposure only at its end, and
    by then the engine may already have reported the outcome of the frame.
    """

    def __init__(self, camera: str, body: str) -> None:
        self.camera = camera
        self.body = body
        self.zero_ns = 0
        self.changes: list[Change] = []
        self.frames: list[Exposure] = []
        self._closings_ns: list[int] = []
        self._outcomes: list[str] = []
        self.refusals: list[Refused] = []
        self.ledger: list[LedgerRow] = []

    def on_change(self, change: Change) -> None:
        """Record that a line has closed or opened."""
        self.changes.append(replace(change, at_ns=change.at_ns - self.zero_ns))
        if change.closed and change.line is Line.SHUTTER:
            self._closings_ns.append(self.changes[-1].at_ns)
            self._outcomes.append("fired")

    def on_exposure(self, exposure: Exposure) -> None:
        """Record a picture; its outcome is `fired` unless the engine reports another one."""
        self.frames.append(replace(exposure, at_ns=exposure.at_ns - self.zero_ns))

    def on_notice(self, notice: Notice) -> None:
        """Record what the engine reports."""
        match notice:
            case Refused():
                self.refusals.append(replace(notice, at_ns=notice.at_ns - self.zero_ns))
            case Entered(_, row):
                self.ledger.append(replace(row, due_ns=row.due_ns - self.zero_ns))
            case Over(_, shutter_ns, True) if shutter_ns is not None:
                self._mark("cut", shutter_ns - self.zero_ns)
            case Concluded(_, closes_ns, outcome):
                self._mark(outcome, closes_ns - self.zero_ns)

    def report(self, controller: Controller) -> dict[str, Any]:
        """Return the report; its `state` is the current state of `controller`."""
        return {
            "camera": self.camera,
            "body": self.body,
            "frames": [self._row(number, exposure) for number, exposure in enumerate(self.frames, start=1)],
            "refusals": [{"at_ns": row.at_ns, "event": row.event, "reason": row.reason} for row in self.refusals],
            "edges": [
                {"at_ns": change.at_ns, "line": change.line.value, "closed": change.closed} for change in self.changes
            ],
            "ledger": [
                {"slot": row.slot, "due_ns": row.due_ns, "outcome": row.outcome, "reason": row.reason}
                for row in self.ledger
            ],
            "state": {
                "focus": controller.focus.name,
                "release": controller.release.name,
                "lock": controller.is_locked,
            },
        }

    def _mark(self, outcome: str, since_ns: int) -> None:
        """Set the outcome of all closings of SHUTTER since then."""
        first = bisect_left(self._closings_ns, since_ns)
        self._outcomes[first:] = [outcome] * (len(self._outcomes) - first)

    def _row(self, number: int, exposure: Exposure) -> dict[str, Any]:
        """Return the row of a frame, with the outcome of the last closing of SHUTTER before it."""
        return {
            "n": number,
            "at_ns": exposure.at_ns,
            "exposure_ns": exposure.exposure_ns,
            "lens_moved": exposure.lens_moved,
            "outcome": self._outcomes[bisect_right(self._closings_ns, exposure.at_ns) - 1],
        }
