"""The least that a page can be: a bare Starlette application on uvicorn, beside which the page is measured.

`python -m benchmarks.page_bare REPLY` serves the same first page, and answers a call with the JSON in the file REPLY;
no guard, no pairing, no box. It listens on the socket that is passed as systemd passes one, or on one of its own, and
prints its address.
"""

import gzip
import json
import os
import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_FIRST_PAGE = Path(__file__).parent.parent / "controller" / "page" / "static" / "index.html"


def main() -> None:
    """Serve until it is terminated."""
    page, reply = gzip.compress(_FIRST_PAGE.read_bytes(), 9), json.loads(Path(sys.argv[1]).read_bytes())

    async def first(_request: Request) -> Response:
        return Response(page, headers={"content-encoding": "gzip"}, media_type="text/html")

    async def call(request: Request) -> Response:
        await request.json()
        return JSONResponse(reply)

    app = Starlette(routes=[Route("/", first), Route("/call/status", call, methods=["POST"])])
    listener = socket.socket(fileno=3) if "LISTEN_FDS" in os.environ else _listener()
    print(f"bare at http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    config = uvicorn.Config(app, loop="asyncio", http="h11", ws="none", lifespan="off", log_level="error")
    uvicorn.Server(config).run([listener])


def _listener() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio then sets TCP_NODELAY
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


if __name__ == "__main__":
    main()
