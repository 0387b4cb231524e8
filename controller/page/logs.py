"""The picture of a run, from the daemon's journal."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from controller.page.access import Access
from controller.page.link import DaemonLink
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
        answer = await link.call("log", run=int(run), picture=True)
        return Response(answer.result["svg"], headers=_POLICY, media_type="image/svg+xml")

    return [Route("/log/{run}.svg", picture)]
