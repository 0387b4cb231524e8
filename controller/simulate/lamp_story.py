"""Reports what the lamps show, for the narration: a line when they change, none for each blink or each frame."""

from collections.abc import Iterator

from controller.core.lamp_marks import changes, looks_of, signs_of
from controller.core.lamp_text import LampMarks
from controller.core.lamps import Lamp, Sign, View
from controller.core.states import Focus, Release

_LASTING = (Release.PAUSED, Release.FAULT)


class LampStory:
    """Reports each change of the lamps. A change that repeats in every frame of a run is reported once per run."""

    def __init__(self, marks: LampMarks) -> None:
        self._marks = marks
        self._reported: dict[Lamp, Sign] = {}
        self._known_changes: set[tuple[str, str]] = set()
        self._scene: tuple[Focus, Release | None, bool] | None = None

    def lines(self, view: View, *, has_run: bool) -> Iterator[str]:
        """Yield a line if the lamps have changed."""
        signs = signs_of(view)
        looks = looks_of(signs)
        if not self._reported:  # nothing has been reported yet: compare with a box that has just started
            self._reported = signs_of(View(Focus.UNFOCUSED, Release.IDLE, is_warned=False))
        scene = (view.focus, view.release if view.release in _LASTING else None, has_run)
        if scene != self._scene:
            self._scene = scene
            self._known_changes.clear()
        change = (self._marks.draw(looks_of(self._reported)), self._marks.draw(looks))
        phrases = "; ".join(changes(self._reported, signs))
        if phrases and change not in self._known_changes:
            self._known_changes.add(change)
            self._reported = signs
            yield f"{change[1]}  {phrases}"
