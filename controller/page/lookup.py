"""Finds a camera by what somebody types, and adds to a camera's facts how to set it up, in words."""

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from config.cameras import Cameras
from config.errors import ConfigError
from controller.cameras import setup_guide
from controller.page.access import Access
from controller.page.bodies import read_object, text_in
from controller.page.link import Reply
from controller.page.replies import Params, reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.models import Model

MOST_ROWS = 12


def routes(access: Access) -> list[Route]:
    """Return the route of the search."""

    async def search(request: Request) -> Response:
        access.count_call(await access.require(request))
        name = text_in(await read_object(request), "name")
        found = await asyncio.to_thread(find, name)  # the first search reads all bodies: a second on a small Pi
        return reply(found)

    return [Route("/find", search, methods=["POST"])]


def find(name: str) -> Params:
    """Return the bodies that a name fits, and a sentence where that is not one body."""
    from config.model_search import find_model  # noqa: PLC0415 - it and what it imports are needed here only
    from config.naming import model_called  # noqa: PLC0415

    cameras, found = Cameras(), find_model(name)
    try:
        text = str(model_called(cameras, name))
    except ConfigError as error:
        text = str(error)
    return {
        "choice": None if found.choice is None else _row(found.choice, cameras),
        "fitting": _rows(found.fitting, cameras),
        "near": _rows(found.near, cameras),
        "text": text,
    }


def _rows(models: "Iterable[Model]", cameras: Cameras) -> list[Params]:
    return [_row(model, cameras) for model in tuple(models)[:MOST_ROWS]]


def _row(model: "Model", cameras: Cameras) -> Params:
    from config.naming import why_no_use  # noqa: PLC0415 - see above
    from controller.cameras.bodies import how_sure, row  # noqa: PLC0415

    why = why_no_use(model, cameras)
    sure = how_sure(row(model, is_usable=not why))
    return {
        "name": str(model),
        "brand": model.brand,
        "profile": model.profile,
        "usable": not why,
        "confidence": model.confidence,
        "why": why or sure,
    }


def add_guide(answer: Reply) -> Reply:
    """Return the facts about a camera with its guide: what to set on it, and whether the box can fire it.

    Each line is one step or piece of advice, however long.
    """
    facts = answer.result
    why = setup_guide.why_unusable(facts)
    guide = {
        "head": [line.replace("\n", " ") for line in setup_guide.menu_head(facts)],
        "menu": setup_guide.menu_steps(facts) or [setup_guide.NO_STEPS.replace("\n", " ")],
        "advice": setup_guide.advice_rows(facts),
        "usable": not why,
        "why": why,
    }
    return Reply({**facts, "guide": guide}, answer.now_ns)
