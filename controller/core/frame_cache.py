"""Caches the frames of one set-up, so that a press of the shutter button has nothing left to compile.

Pure: knows a set-up, no states and no time. A set-up never changes, so what follows from it stays valid until
another one takes its place.
"""

from contextlib import suppress

from controller.core import checks, frames, recipes, words
from controller.core.frames import Recipe
from controller.core.setup import Setup
from controller.core.words import Reason
from hardware.errors import TimelineError
from hardware.timeline import Timeline


class FrameCache:
    """The recipes and timelines of single frames; `refusal` is why this body may not be fired at all, or None."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.refusal = _refusal(setup)
        self._recipes: dict[tuple[bool, bool], Recipe] = {}
        self._timelines: dict[int, tuple[Recipe, int, Timeline]] = {}  # by the id of the recipe
        if self.refusal is None:
            recipe = self.recipe(focus_is_held=False, follows_button=False)
            with suppress(TimelineError):  # the press itself will report it
                self.timeline(recipe, recipe.lead_ns)

    def recipe(self, *, focus_is_held: bool, follows_button: bool) -> Recipe:
        """Return the recipe that `recipes.recipe` makes of the set-up, from the cache if possible."""
        key = (focus_is_held, follows_button)
        if key not in self._recipes:
            self._recipes[key] = recipes.recipe(
                self.setup, focus_is_held=focus_is_held, follows_button=follows_button
            )
        return self._recipes[key]

    def timeline(self, recipe: Recipe, due_ns: int, wake_ns: int = 0) -> Timeline:
        """Return the timeline of a frame. Raises what `compile_frame` raises.

        Caches only a timeline that starts at once, of a recipe that is in this cache.
        """
        cached = self._timelines.get(id(recipe))
        if cached is not None and cached[1] == due_ns and not wake_ns:
            return cached[2]
        timeline = frames.compile_frame(recipe, due_ns, wake_ns)
        starts_at_once = due_ns == recipe.lead_ns and not wake_ns
        if starts_at_once and any(recipe is own for own in self._recipes.values()):
            # Storing the recipe keeps it alive, so no other object can get its id.
            self._timelines[id(recipe)] = (recipe, due_ns, timeline)
        return timeline


def _refusal(setup: Setup) -> Reason | None:
    if setup.needs_focus and not setup.is_stated:
        return words.unstated(setup.profile.id)
    return checks.refuses_frame(setup)
