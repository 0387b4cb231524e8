"""Sums up a run in one sentence, for the narration: how many frames, how late, and whether the lens moved."""

from controller.core.effects import LedgerRow
from hardware.clock import MILLISECOND_NS
from hardware.timeline import Line

_TAKEN = ("fired", "confirmed", "suspected", "unconfirmed", "missed", "cut")


class RunStory:
    """What became of one run so far; `planned` is how many frames it has, 0 if it has no end."""

    def __init__(self, planned: int) -> None:
        self._planned = planned
        self._fired = 0
        self._skipped = 0
        self._latest_ns = 0
        self._moved = 0

    def on_row(self, row: LedgerRow) -> None:
        """Record the outcome of a frame, or of several that were skipped together."""
        if row.outcome not in _TAKEN:
            self._skipped += row.slots
            return
        self._fired += 1
        closings = (edge for edge in row.edges if edge.line is Line.SHUTTER and edge.closed)
        self._latest_ns = max((self._latest_ns, *(edge.actual_ns - edge.planned_ns for edge in closings)))

    def on_exposure(self, *, lens_moved: bool) -> None:
        """Record an exposure."""
        self._moved += lens_moved

    def name(self, row: LedgerRow) -> str:
        """Return the frames of a row as a photographer counts them: frame 3 of 24."""
        first, last = row.slot + 1, row.slot + row.slots
        total = f" of {self._planned}" if self._planned else ""
        return f"frame {first}{total}" if row.slots == 1 else f"frames {first} to {last}{total}"

    def sentence(self) -> str:
        """Return the run in one sentence."""
        total = f" of {self._planned}" if self._planned else ""
        plural = "" if (self._planned or self._fired) == 1 else "s"
        skipped = f", {self._skipped} skipped" if self._skipped else ""
        late_ms = self._latest_ns / MILLISECOND_NS
        late = "none late" if late_ms < 0.05 else f"the latest {late_ms:.1f} ms late"  # noqa: PLR2004 - shown as 0.0
        lens = f"the lens moved in {self._moved} of them" if self._moved else "the lens did not move"
        result = f", {late}, and {lens}" if self._fired else ""
        return f"the run is over: {self._fired}{total} frame{plural} fired{skipped}{result}"
