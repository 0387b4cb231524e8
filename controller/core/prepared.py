"""What a release would be as the box is set, worked out before a finger comes. Pure; knows no states and no time.

A set-up is data that never changes, so what follows from one is kept until there is another.
"""

from contextlib import suppress

from controller.core import checks, frames, recipes, words
from controller.core.frames import Recipe
from controller.core.setup import Setup
from controller.core.words import Reason
from hardware.errors import TimelineError
from hardware.timeline import Timeline


class Prepared:
    """The frames of one set-up by hand, their timelines, and why the body may not be fired at all, if so."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.refusal = _refusal(setup)
        self._recipes: dict[tuple[bool, bool], Recipe] = {}
        self._timelines: dict[int, tuple[Recipe, int, Timeline]] = {}
        if self.refusal is None:
            recipe = self.recipe(focus_is_held=False, follows_button=False)
            with suppress(TimelineError):  # whoever presses is told
                self.timeline(recipe, recipe.lead_ns)

    def recipe(self, *, focus_is_held: bool, follows_button: bool) -> Recipe:
        """Return the frame that a release would be."""
        known = self._recipes.get((focus_is_held, follows_button))
        if known is None:
            known = recipes.recipe(self.setup, focus_is_held=focus_is_held, follows_button=follows_button)
            self._recipes[focus_is_held, follows_button] = known
        return known

    def timeline(self, recipe: Recipe, due_ns: int, wake_ns: int = 0) -> Timeline:
        """Return the timeline of a frame as `compile_frame`, with its errors; the one that begins at once is kept."""
        kept = self._timelines.get(id(recipe))
        if kept is not None and kept[1] == due_ns and not wake_ns:
            return kept[2]
        timeline = frames.compile_frame(recipe, due_ns, wake_ns)
        begins_at_once = due_ns == recipe.lead_ns and not wake_ns
        if begins_at_once and any(recipe is own for own in self._recipes.values()):
            self._timelines[id(recipe)] = (recipe, due_ns, timeline)  # as long as it is kept nothing else has its id
        return timeline


def _refusal(setup: Setup) -> Reason | None:
    if setup.needs_focus and not setup.is_stated:
        return words.unstated(setup.profile.id)
    return checks.refuses_frame(setup)
