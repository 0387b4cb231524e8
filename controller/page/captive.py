"""Answers the requests by which phones and computers find out whether a network leads to the internet.

A phone that gets the answer it expects stays on the box's hotspot, instead of going back to mobile data or showing a
sign-in page. They ask for names of their makers, so any Host is served.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from controller.page.hosts import address_of

_APPLE = "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
_FIREFOX = '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>'
_PAGES = {
    "/hotspot-detect.html": (_APPLE, "text/html"),  # iOS and macOS
    "/library/test/success.html": (_APPLE, "text/html"),
    "/connecttest.txt": ("Microsoft Connect Test", "text/plain"),  # Windows 10 and 11
    "/ncsi.txt": ("Microsoft NCSI", "text/plain"),  # Windows before that
    "/canonical.html": (_FIREFOX, "text/html"),
    "/success.txt": ("success\n", "text/plain"),  # Firefox, too
}
_EMPTY = ("/generate_204", "/gen_204")  # Android and Chrome
_REDIRECT = "/redirect"  # where Windows sends a browser after its probe
_PROBES = frozenset((*_PAGES, *_EMPTY, _REDIRECT))


def is_probe(path: str) -> bool:
    """Return whether a path is that of such a request."""
    return path in _PROBES


async def _answer(request: Request) -> Response:
    path = request.url.path
    if path in _PAGES:
        text, kind = _PAGES[path]
        return Response(text, media_type=kind)
    return RedirectResponse(address_of(request.scope), 307) if path == _REDIRECT else Response(status_code=204)


def routes() -> list[Route]:
    """Return the routes of these requests."""
    return [Route(path, _answer) for path in sorted(_PROBES)]
