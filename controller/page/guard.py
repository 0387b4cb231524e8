"""Refuses requests that cannot come from the page itself, before anything else looks at them. Pure ASGI.

The rules are those of the browser's own: which host it asked, which page asks (Origin), and how that page relates to
this one (Sec-Fetch-Site).
"""

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from controller.page.captive import is_probe
from controller.page.hosts import NAME, Hosts, address_of, is_loopback
from controller.page.replies import MOST_BODY, as_refusal, refusal, too_long

_READING = ("GET", "HEAD")
_FIRST_PAGES = ("/", "/pair")  # a link from anywhere may lead there


class Guard:
    """Lets through what a page of `hosts` may send; answers everything else."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":  # only HTTP is spoken here
            return
        answer = self._refusal(scope, Headers(scope=scope))
        await (self._app if answer is None else answer)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return why a request is refused; None if it is not."""
        method, path = scope["method"], scope["path"]
        if method not in (*_READING, "POST"):
            return refusal(405, "usage", "the page only reads (GET) and sends (POST)", {"allow": "GET, HEAD, POST"})
        if is_probe(path):
            return None
        host = _only(headers, "host")
        if host not in self._hosts:
            return _wrong_host(method, path, address_of(scope))
        return _unlike_a_page(path, headers) if method in _READING else _unlike_the_page(host, headers)


def _only(headers: Headers, name: str) -> str:
    """Return the value of a header; "" if it is missing or comes more than once."""
    values = headers.getlist(name)
    return values[0] if len(values) == 1 else ""


def _wrong_host(method: str, path: str, address: str) -> Response:
    """Return the answer to whoever asked for another name: on the box's hotspot every name leads here."""
    if method in _READING and path == "/":
        return RedirectResponse(address, 307)
    return refusal(421, "host", f"this name does not lead to the page; ask for http://{NAME}/ or the box's address")


def _unlike_a_page(path: str, headers: Headers) -> Response | None:
    """Return why a request that reads is refused: another page asks, by a browser that says so."""
    if path in _FIRST_PAGES or headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return None
    return _other_page()


def _unlike_the_page(host: str, headers: Headers) -> Response | None:
    """Return why a request that sends something is refused."""
    if _authority(_only(headers, "origin")) != host.lower():
        return _other_page()
    site = headers.get("sec-fetch-site")
    if site is None and is_loopback(host):
        sentence = "this browser does not say which page asks (Sec-Fetch-Site); update it, or use another one"
        return refusal(403, "origin", sentence)
    # Browsers leave the header out for plain http, except to their own machine. There Origin has to do.
    if site not in (None, "same-origin"):
        return _other_page()
    if _only(headers, "content-type").partition(";")[0].strip().lower() != "application/json":
        return refusal(415, "usage", "the page takes JSON only (Content-Type: application/json)")
    return _too_long(headers)


def _other_page() -> Response:
    return refusal(403, "origin", "another page asked for this, not the box's own; open that one and do it there")


def _authority(origin: str) -> str:
    """Return the host and port of an Origin header; "" if it has none, like `null`."""
    scheme, separator, authority = origin.lower().partition("://")
    return authority if separator and scheme in ("http", "https") else ""


def _too_long(headers: Headers) -> Response | None:
    """Return why a body is refused by its announced length; one that comes in chunks is counted as it is read."""
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and len(length) <= len(str(MOST_BODY)) and int(length) <= MOST_BODY:
        return None
    return as_refusal(too_long())
