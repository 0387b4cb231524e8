"""Pictures: of a run, from the daemon's journal, and of the plan."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from controller.page.access import Access
from controller.page.link import DaemonLink, Reply
from controller.page.replies import HttpError

_POLICY = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
_LONGEST = 18  # digits


def routes(access: Access, link: DaemonLink) -> list[Route]:
    """Return the route of the pictures."""

    async def picture(request: Request) -> Response:
        access.count_call(await access.require(request))
        run = request.path_params["run"]
        if not (run.isascii() and run.isdigit() and len(run) <= _LONGEST):
            raise HttpError(404, "unknown", "there is no such run; see the log")
        return _drawn(await link.call("log", run=int(run), picture=True))

    async def plan(request: Request) -> Response:
        access.count_call(await access.require(request))
        return _drawn(await link.call("plan", picture=True))

    return [Route("/log/{run}.svg", picture), Route("/plan.svg", plan)]


def _drawn(answer: Reply) -> Response:
    return Response(answer.result["svg"], headers=_POLICY, media_type="image/svg+xml")
