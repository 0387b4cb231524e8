import pytest

from config.cameras import load_profile
from config.schema import build
from controller.core import checks, frames, recipes
from controller.core.prepared import Prepared
from controller.core.setup import Setup

MS = 1_000_000
BODIES = ("canon-e3", "nikon-mc-dc2", "sony-multi")


def a_setup(camera, **values):
    return Setup(build({"camera.back_button_focus": True} | values), load_profile(camera))


@pytest.mark.parametrize("camera", BODIES)
@pytest.mark.parametrize("drive", ["single", "burst", "bulb"])
@pytest.mark.parametrize("held", [False, True])
def test_what_is_prepared_is_what_would_be_compiled(camera, drive, held):
    setup = a_setup(camera, **{"shot.drive": drive})
    prepared = Prepared(setup)
    recipe = prepared.recipe(focus_is_held=held, follows_button=True)
    assert recipe == recipes.recipe(setup, focus_is_held=held, follows_button=True)
    assert prepared.refusal == checks.refuses_frame(setup)
    for due_ns, wake_ns in ((recipe.lead_ns, 0), (recipe.lead_ns + MS, 0), (recipe.lead_ns + 500 * MS, 400 * MS)):
        for _ in range(2):
            timeline = prepared.timeline(recipe, due_ns, wake_ns)
            assert timeline == frames.compile_frame(recipe, due_ns, wake_ns)


def test_a_frame_by_hand_is_worked_out_once():
    prepared = Prepared(a_setup("canon-e3"))
    recipe = prepared.recipe(focus_is_held=False, follows_button=False)
    assert prepared.recipe(focus_is_held=False, follows_button=False) is recipe
    assert prepared.timeline(recipe, recipe.lead_ns) is prepared.timeline(recipe, recipe.lead_ns)


def test_a_recipe_of_somebody_else_is_not_kept():
    prepared = Prepared(a_setup("canon-e3"))
    other = recipes.recipe(prepared.setup, focus_is_held=False, exposure_ns=7 * MS)
    first = prepared.timeline(other, other.lead_ns)
    assert prepared.timeline(other, other.lead_ns) is not first


def test_a_body_that_nobody_has_stated_is_refused():
    setup = Setup(build({}), load_profile("nikon-mc-dc2"))
    assert Prepared(setup).refusal is not None
