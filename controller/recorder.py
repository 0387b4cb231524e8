"""Records what a simulation did: edges, frames, refusals, the ledger; and makes the report of it.

Other programs rely on the report to the letter (see "simulate" in the README): every time in it counts from
the start of the script, in integer nanoseconds.
"""

from dataclasses import dataclass, replace
from typing import Any

from controller.core import Controller
from controller.effects import LedgerRow
from controller.notices import Entered, Notice, Over, Refused
from hardware.virtual.camera import Exposure
from hardware.waveform import Change


@dataclass(frozen=True, slots=True)
class TakenFrame:
    """An exposure of the virtual camera, and what became of the frame that asked for it."""

    exposure: Exposure
    outcome: str


class Recorder:
    """Takes what the bench and the engine tell; `zero_ns` is the start of the script."""

    def __init__(self, camera: str, body: str) -> None:
        self.camera = camera
        self.body = body
        self.zero_ns = 0
        self.changes: list[Change] = []
        self.frames: list[TakenFrame] = []
        self.refusals: list[Refused] = []
        self.ledger: list[LedgerRow] = []

    def take_change(self, change: Change) -> None:
        """Record an edge of a line."""
        self.changes.append(replace(change, at_ns=change.at_ns - self.zero_ns))

    def take_exposure(self, exposure: Exposure) -> None:
        """Record a picture; it counts as fired until the player tells that the frame was cut."""
        self.frames.append(TakenFrame(replace(exposure, at_ns=exposure.at_ns - self.zero_ns), "fired"))

    def take_notice(self, notice: Notice) -> None:
        """Record what the engine tells."""
        match notice:
            case Refused():
                self.refusals.append(replace(notice, at_ns=notice.at_ns - self.zero_ns))
            case Entered(_, row):
                self.ledger.append(replace(row, due_ns=row.due_ns - self.zero_ns))
            case Over(_, shutter_ns, True) if shutter_ns is not None:
                self._mark_cut(shutter_ns - self.zero_ns)

    def report(self, controller: Controller) -> dict[str, Any]:
        """Return the report; `state` is taken from `controller` as it stands."""
        return {
            "camera": self.camera,
            "body": self.body,
            "frames": [_frame_row(number, frame) for number, frame in enumerate(self.frames, start=1)],
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

    def _mark_cut(self, since_ns: int) -> None:
        for place, frame in enumerate(self.frames):
            if frame.exposure.at_ns >= since_ns:
                self.frames[place] = replace(frame, outcome="cut")


def _frame_row(number: int, frame: TakenFrame) -> dict[str, Any]:
    return {
        "n": number,
        "at_ns": frame.exposure.at_ns,
        "exposure_ns": frame.exposure.exposure_ns,
        "lens_moved": frame.exposure.lens_moved,
        "outcome": frame.outcome,
    }
