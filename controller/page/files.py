"""The files of the page: read, compressed and named by their contents once, when the server starts."""

import gzip
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from config.record import dataclass
from controller.errors import DaemonError
from controller.page.replies import refusal

INDEX = "index.html"

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
_LEVEL = 9  # of gzip: it is done once
_LOADED = ("text/css", "text/javascript")  # by the first page, whose own policy decides what they do
_POLICY = {"content-security-policy": "default-src 'none'"}  # for who opens one by itself; 4 kB less in all


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a file as they are sent, and their name (ETag)."""

    content: bytes
    etag: str
    is_compressed: bool


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file, plain and compressed; `small` is None where compression does not help."""

    kind: str
    plain: Body
    small: Body | None


class PageFiles:
    """The files in a folder, by their names below it. Nothing else can be asked for."""

    def __init__(self, folder: Path) -> None:
        self._files = _read_all(folder)
        if INDEX not in self._files:
            raise DaemonError(f"{folder / INDEX} is missing; install backbutton's page again")

    def routes(self) -> list[Route]:
        """Return the routes of the files, and of the two addresses of the page itself."""
        return [
            Route("/", self._index),
            Route("/pair", self._index, methods=["GET"]),
            Route("/static/{name:path}", self._static),
        ]

    async def _index(self, request: Request) -> Response:
        return _respond(self._files[INDEX], request)

    async def _static(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        if file is None:
            return refusal(404, "unknown", "the page has no such file; reload it")
        return _respond(file, request)


def _read_all(folder: Path) -> Mapping[str, PageFile]:
    """Return each file whose kind is known, by its name.

    A folder with the name of a file, like `page.css`, holds the parts of one, joined in the order of their names.
    """
    contents: dict[Path, bytes] = {}
    try:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _KINDS and path.is_file()):
            whole = path.parent if path.parent.suffix in _KINDS else path
            contents[whole] = contents.get(whole, b"") + path.read_bytes()
    except OSError as error:
        raise DaemonError(f"{error.filename}: the page cannot be read ({error.strerror})") from error
    return {path.relative_to(folder).as_posix(): _file(content, path.suffix) for path, content in contents.items()}


def _file(content: bytes, suffix: str) -> PageFile:
    name = sha256(content).hexdigest()[:20]
    compressed = gzip.compress(content, _LEVEL, mtime=0)
    small = Body(compressed, f'"{name}-gzip"', is_compressed=True) if len(compressed) < len(content) else None
    return PageFile(_KINDS[suffix], Body(content, f'"{name}"', is_compressed=False), small)


def _respond(file: PageFile, request: Request) -> Response:
    body = file.plain
    if file.small is not None and takes_gzip(request.headers.get("accept-encoding", "")):
        body = file.small
    headers = {"etag": body.etag, "cache-control": "no-cache", "vary": "accept-encoding"}
    if file.kind.startswith(_LOADED):
        headers |= _POLICY
    if is_known(body.etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    if body.is_compressed:
        headers["content-encoding"] = "gzip"
    return Response(body.content, headers=headers | {"content-type": file.kind})


def takes_gzip(accepted: str) -> bool:
    """Return whether a browser's Accept-Encoding has gzip, and not with a weight of 0."""
    for part in accepted.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or not weight
    return False


def is_known(etag: str, known: str) -> bool:
    """Return whether a browser's If-None-Match has a file's name."""
    return any(part.strip().removeprefix("W/") in (etag, "*") for part in known.split(","))
