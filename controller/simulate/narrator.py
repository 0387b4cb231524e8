"""Narrates a simulation for people, one line for each event."""

from collections.abc import Callable

from config.units import format_duration
from controller.box.lamp_view import EngineView
from controller.box.notices import Changed, Entered, Notice, Refused, Said, Stepped
from controller.core.effects import LedgerRow
from controller.core.lamp_marks import code_in_words
from controller.core.lamp_text import ASCII, LampMarks
from controller.core.states import Focus, Release
from controller.simulate.lamp_story import LampStory
from controller.simulate.run_story import RunStory
from hardware.clock import SECOND_NS
from hardware.timeline import Line
from hardware.virtual.camera import Exposure
from hardware.waveform import Change

_TENTH_NS = SECOND_NS // 10
_LASTING = (Release.DELAYING, Release.PAUSED, Release.FAULT)


class Narrator:
    """Passes each line of the narration to `write`. It tells of the lamps once it has a `view` of the engine."""

    def __init__(self, write: Callable[[str], None], marks: LampMarks = ASCII) -> None:
        self._write = write
        self.view: EngineView | None = None
        self._lamps = LampStory(marks)
        self._run: RunStory | None = None
        self._focus = Focus.UNFOCUSED
        self._is_idle = True
        self._focus_closed_ns = 0
        self._has_explained_pulse = False
        self.zero_ns = 0
        self._frames = 0
        self._last_state: tuple[Focus, str, Release | None] = (Focus.UNFOCUSED, "", None)

    def on_change(self, change: Change) -> None:
        """Tell that a line has closed or opened."""
        verb = "closes" if change.closed else "opens"
        self._at(change.at_ns, f"{change.line.name:<8}{verb}{self._explain_pulse(change)}")

    def _explain_pulse(self, change: Change) -> str:
        """Return why FOCUS was closed so briefly, at the first pulse while the photographer focuses on the camera."""
        if change.line is not Line.FOCUS or self._focus is not Focus.FOCUSING:
            return ""
        if change.closed:
            self._focus_closed_ns = change.at_ns
            return ""
        if self._has_explained_pulse:
            return ""
        self._has_explained_pulse = True
        seconds = (change.at_ns - self._focus_closed_ns) / SECOND_NS
        return f" after {seconds:.1f} s: that woke the camera; AF-ON focuses, and stays free while FOCUS is open"

    def on_exposure(self, exposure: Exposure) -> None:
        """Tell that the camera has finished a picture."""
        self._frames += 1
        if self._run is not None:
            self._run.on_exposure(lens_moved=exposure.lens_moved)
        lens = "THE LENS MOVED" if exposure.lens_moved else "the lens did not move"
        length = format_duration(exposure.exposure_ns // _TENTH_NS * _TENTH_NS)
        exposed = f" ({length})" if exposure.exposure_ns >= SECOND_NS else ""
        self._at(exposure.at_ns + exposure.exposure_ns, f"camera  took frame {self._frames}{exposed}, {lens}")

    def on_notice(self, notice: Notice) -> None:
        """Tell what the engine reports."""
        match notice:
            case Refused(at_ns, event, reason):
                self._at(at_ns, f"refused {event}: {reason}")
                self._tell_lamps(at_ns, code_in_words(reason))
            case Said(at_ns, text):
                self._at(at_ns, f"note    {text}")
            case Stepped(at_ns, preset, number):
                self._tell_lamps(at_ns, f"green and amber blink {number}: preset {preset}")
            case Changed():
                self._on_changed(notice)
            case Entered(at_ns, row):
                self._tell_row(at_ns, row)

    def tell_chapter(self, title: str) -> None:
        """Show the title of a chapter of the script."""
        self._write(f"\n== {title} ==")

    def tell_action(self, at_ns: int, text: str) -> None:
        """Tell what the script does to a button."""
        self._at(at_ns, f"thumb   {text}")

    def tell_answer(self, command: str, answer: str) -> None:
        """Show a console command and its answer."""
        self._write(f"{'':>12}> {command}")
        for line in answer.splitlines():
            self._write(f"{'':>12}{line}")

    def _on_changed(self, notice: Changed) -> None:
        self._focus = notice.focus
        self._tell_state(notice.at_ns, notice.focus, notice.release, "focus lock on" if notice.lock else "")
        was_idle, self._is_idle = self._is_idle, notice.release in (Release.IDLE, Release.FAULT)
        if was_idle and not self._is_idle:
            self._begin_run()
        if self.view is not None:
            for line in self._lamps.lines(self.view(), has_run=self._run is not None and not self._is_idle):
                self._tell_lamps(notice.at_ns, line)
        if self._is_idle and self._run is not None:
            self._at(notice.at_ns, f"run     {self._run.sentence()}")
            self._run = None

    def _begin_run(self) -> None:
        planned = None if self.view is None else self.view.frames_planned()
        self._run = None if planned is None else RunStory(planned)

    def _tell_row(self, at_ns: int, row: LedgerRow) -> None:
        run = self._run or RunStory(0)
        run.on_row(row)
        if row.reason is not None:
            self._at(at_ns, f"run     {run.name(row)} {row.outcome}: {row.reason}")

    def _tell_lamps(self, at_ns: int, text: str | None) -> None:
        if text is not None:
            self._at(at_ns, f"lamps   {text}")

    def _tell_state(self, at_ns: int, focus: Focus, release: Release, lock: str) -> None:
        """Tell a new state, unless it is a short one within a frame, which the lines already show."""
        lasting = release if release in _LASTING else None
        if (focus, lock, lasting) != self._last_state:
            self._last_state = (focus, lock, lasting)
            words = (focus.name, "" if lasting is None else lasting.name, lock)
            self._at(at_ns, f"box     {', '.join(filter(None, words))}")

    def _at(self, at_ns: int, text: str) -> None:
        self._write(f"{(at_ns - self.zero_ns) / SECOND_NS:>10.3f} s  {text}")
