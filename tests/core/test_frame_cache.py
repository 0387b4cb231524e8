import pytest

from config.cameras import load_profile
from config.schema import build
from controller.core import checks, frames, recipes
from controller.core.frame_cache import FrameCache
from controller.core.setup import Setup

MS = 1_000_000
BODIES = ("canon-e3", "nikon-mc-dc2", "sony-multi")


def a_setup(camera, **values):
    return Setup(build({"camera.back_button_focus": True} | values), load_profile(camera))


@pytest.mark.parametrize("camera", BODIES)
@pytest.mark.parametrize("drive", ["single", "burst", "bulb"])
@pytest.mark.parametrize("held", [False, True])
def test_the_cache_returns_what_would_be_compiled(camera, drive, held):
    setup = a_setup(camera, **{"shot.drive": drive})
    cache = FrameCache(setup)
    recipe = cache.recipe(focus_is_held=held, follows_button=True)
    assert recipe == recipes.recipe(setup, focus_is_held=held, follows_button=True)
    assert cache.refusal == checks.refuses_frame(setup)
    for due_ns, wake_ns in ((recipe.lead_ns, 0), (recipe.lead_ns + MS, 0), (recipe.lead_ns + 500 * MS, 400 * MS)):
        for _ in range(2):
            timeline = cache.timeline(recipe, due_ns, wake_ns)
            assert timeline == frames.compile_frame(recipe, due_ns, wake_ns)


def test_a_single_frame_is_compiled_once():
    cache = FrameCache(a_setup("canon-e3"))
    recipe = cache.recipe(focus_is_held=False, follows_button=False)
    assert cache.recipe(focus_is_held=False, follows_button=False) is recipe
    assert cache.timeline(recipe, recipe.lead_ns) is cache.timeline(recipe, recipe.lead_ns)


def test_a_recipe_from_outside_the_cache_is_not_cached():
    cache = FrameCache(a_setup("canon-e3"))
    other = recipes.recipe(cache.setup, focus_is_held=False, exposure_ns=7 * MS)
    first = cache.timeline(other, other.lead_ns)
    assert cache.timeline(other, other.lead_ns) is not first


def test_a_body_whose_setup_is_not_stated_is_refused():
    setup = Setup(build({}), load_profile("nikon-mc-dc2"))
    assert FrameCache(setup).refusal is not None
