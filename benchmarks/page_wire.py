"""A browser's connection, as few lines as it takes: what it sends, and each answer as it came over the air."""

import json
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

TIMEOUT_S = 30.0
_AGENT = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its status, the bytes of its head and of its body, and how many bytes the request had."""

    status: int
    head: bytes
    body: bytes
    asked: int

    @property
    def came(self) -> int:
        """How many bytes came."""
        return len(self.head) + len(self.body)


class Connection:
    """An open connection to the server at a port of this machine; `token` is that of a paired browser."""

    def __init__(self, port: int, token: str = "") -> None:
        self._host = f"127.0.0.1:{port}"
        self._cookie = f"Cookie: backbutton={token}\r\n" if token else ""
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_S)
        self._reader = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._reader.close()
        self._socket.close()

    def get(self, path: str) -> Answer:
        """Ask for a page or a file, and read it to the end."""
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._usual()}Accept: */*\r\n\r\n".encode("ascii"))

    def post(self, path: str, params: dict[str, Any]) -> Answer:
        """Send what the page's own script sends, and read the answer to the end."""
        body = json.dumps(params)
        page = f"Origin: http://{self._host}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n"
        head = f"POST {path} HTTP/1.1\r\n{self._usual()}{page}Content-Length: {len(body)}\r\n\r\n"
        return self._ask((head + body).encode("ascii"))

    def watch(self) -> None:
        """Open an event stream, and read its first event."""
        self._socket.sendall(f"GET /events HTTP/1.1\r\n{self._usual()}\r\n".encode("ascii"))
        while b"event: state" not in (line := self._reader.readline()):
            if not line:
                raise ConnectionError("there is no event stream")

    def _usual(self) -> str:
        encoding = "Accept-Encoding: gzip, deflate"
        return f"Host: {self._host}\r\nUser-Agent: {_AGENT}\r\n{encoding}\r\nConnection: keep-alive\r\n{self._cookie}"

    def _ask(self, request: bytes) -> Answer:
        self._socket.sendall(request)
        head, length = b"", 0
        while (line := self._reader.readline()) != b"\r\n":
            if not line:
                raise ConnectionError("the server has closed the connection")
            head += line
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return Answer(int(head.split(b" ", 2)[1]), head + line, self._reader.read(length), len(request))
