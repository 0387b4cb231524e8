"""Narrates a simulation, line by line, for people."""

from collections.abc import Callable

from config.units import format_duration
from controller.box.notices import Changed, Entered, Notice, Refused, Said
from controller.core.states import Focus, Release
from hardware.clock import SECOND_NS
from hardware.virtual.camera import Exposure
from hardware.waveform import Change

_TENTH_NS = SECOND_NS // 10
_LASTING = (Release.DELAYING, Release.PAUSED, Release.FAULT)


class Narrator:
    """Tells a simulation line by line to `write`, for people."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.zero_ns = 0
        self._frames = 0
        self._told: tuple[Focus, str, Release | None] = (Focus.UNFOCUSED, "", None)

    def take_change(self, change: Change) -> None:
        """Tell of an edge."""
        self._at(change.at_ns, f"{change.line.name:<8}{'closes' if change.closed else 'opens'}")

    def take_exposure(self, exposure: Exposure) -> None:
        """Tell of a picture, which is over now."""
        self._frames += 1
        lens = "THE LENS HAS MOVED" if exposure.lens_moved else "lens still"
        length = format_duration(exposure.exposure_ns // _TENTH_NS * _TENTH_NS)
        told = f" of {length}" if exposure.exposure_ns >= SECOND_NS else ""
        self._at(exposure.at_ns + exposure.exposure_ns, f"camera  has taken frame {self._frames}{told}, {lens}")

    def take_notice(self, notice: Notice) -> None:
        """Tell what the engine tells."""
        match notice:
            case Refused(at_ns, event, reason):
                self._at(at_ns, f"refused {event}: {reason}")
            case Said(at_ns, text):
                self._at(at_ns, f"note    {text}")
            case Changed(at_ns, focus, release, lock):
                self._tell_state(at_ns, focus, release, "focus lock on" if lock else "")
            case Entered(at_ns, row) if row.reason is not None:
                self._at(at_ns, f"run     slot {row.slot} {row.outcome}: {row.reason}")

    def take_action(self, at_ns: int, text: str) -> None:
        """Tell what the script does."""
        self._at(at_ns, f"thumb   {text}")

    def take_answer(self, command: str, answer: str) -> None:
        """Show a console command and its answer."""
        self._write(f"{'':>12}> {command}")
        for line in answer.splitlines():
            self._write(f"{'':>12}{line}")

    def _tell_state(self, at_ns: int, focus: Focus, release: Release, lock: str) -> None:
        """Tell states that last; what a frame goes through is told by the lines."""
        told = (focus, lock, release if release in _LASTING else None)
        if told != self._told:
            self._told = told
            words = (focus.name, *(state.name for state in told[2:] if state is not None), lock)
            self._at(at_ns, f"box     {', '.join(word for word in words if word)}")

    def _at(self, at_ns: int, text: str) -> None:
        self._write(f"{(at_ns - self.zero_ns) / SECOND_NS:>10.3f} s  {text}")
