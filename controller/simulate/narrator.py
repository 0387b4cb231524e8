"""Narrates a simulation for people, one line for each event."""

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
    """Passes each line of the narration to `write`."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.zero_ns = 0
        self._frames = 0
        self._last_state: tuple[Focus, str, Release | None] = (Focus.UNFOCUSED, "", None)

    def on_change(self, change: Change) -> None:
        """Tell that a line has closed or opened."""
        self._at(change.at_ns, f"{change.line.name:<8}{'closes' if change.closed else 'opens'}")

    def on_exposure(self, exposure: Exposure) -> None:
        """Tell that the camera has finished a picture."""
        self._frames += 1
        lens = "THE LENS MOVED" if exposure.lens_moved else "the lens did not move"
        length = format_duration(exposure.exposure_ns // _TENTH_NS * _TENTH_NS)
        exposed = f" ({length})" if exposure.exposure_ns >= SECOND_NS else ""
        self._at(exposure.at_ns + exposure.exposure_ns, f"camera  took frame {self._frames}{exposed}, {lens}")

    def on_notice(self, notice: Notice) -> None:
        """Tell what the engine reports."""
        match notice:
            case Refused(at_ns, event, reason):
                self._at(at_ns, f"refused {event}: {reason}")
            case Said(at_ns, text):
                self._at(at_ns, f"note    {text}")
            case Changed(at_ns, focus, release, lock):
                self._tell_state(at_ns, focus, release, "focus lock on" if lock else "")
            case Entered(at_ns, row) if row.reason is not None:
                self._at(at_ns, f"run     slot {row.slot} {row.outcome}: {row.reason}")

    def tell_action(self, at_ns: int, text: str) -> None:
        """Tell what the script does to a button."""
        self._at(at_ns, f"thumb   {text}")

    def tell_answer(self, command: str, answer: str) -> None:
        """Show a console command and its answer."""
        self._write(f"{'':>12}> {command}")
        for line in answer.splitlines():
            self._write(f"{'':>12}{line}")

    def _tell_state(self, at_ns: int, focus: Focus, release: Release, lock: str) -> None:
        """Tell a new state, unless it is a short one within a frame, which the lines already show."""
        lasting = release if release in _LASTING else None
        if (focus, lock, lasting) != self._last_state:
            self._last_state = (focus, lock, lasting)
            words = (focus.name, "" if lasting is None else lasting.name, lock)
            self._at(at_ns, f"box     {', '.join(filter(None, words))}")

    def _at(self, at_ns: int, text: str) -> None:
        self._write(f"{(at_ns - self.zero_ns) / SECOND_NS:>10.3f} s  {text}")
