"""Attacks the server of the page, as anybody on the network might, and tells what came of it.

`python -m benchmarks.page_attack PORT SECONDS TOKEN ...`, with the tokens of paired phones; it prints a line once it
has begun, and at the end how often what was answered, as JSON. It only connects to this machine, for a bounded time.
"""

import asyncio
import json
import resource
import secrets
import socket
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from itertools import cycle
from typing import Any

STREAMS = 1_000
SLOW_READERS = 64
BIG_BODIES = 8
PER_SECOND = 100
BODY = 10_000_000
_AGAIN_S = 5.0  # until a stream that was refused is tried again
_HELD_S = 20.0  # how long a slow reader stays; the server gives it up before
_TIMEOUT_S = 30.0
_CHUNK = bytes(64 * 1024)
_CALLS = ("status", "plan", "log", "settings.show")
_ESTABLISHED = 1  # a state of a connection, linux/include/net/tcp_states.h
_CUT = "cut"  # the server has broken the connection

Answers = Counter[str]


class Attack:
    """Everything at once, counted by what it was and how it was answered."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self.answers: Answers = Counter()
        self._port = port
        self._tokens = cycle(tokens)
        self._calls = cycle(_CALLS)
        self._addresses = cycle(f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n in range(1_000))

    async def last(self, seconds: float, streams: int = STREAMS) -> None:
        """Attack for so long."""
        attackers: list[Coroutine[Any, Any, None]] = [
            *(self._again("stream", self._stream, _AGAIN_S) for _ in range(streams)),
            *(self._again("slow reader", self._read_slowly, 1.0) for _ in range(SLOW_READERS)),
            *(self._again("body of 10 MB", self._send_much, 0.2) for _ in range(BIG_BODIES)),
            self._ask_often(),
        ]
        tasks = [asyncio.create_task(attacker) for attacker in attackers]
        await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _again(self, what: str, attack: Callable[[], Awaitable[str]], pause_s: float) -> None:
        while True:
            self.answers[f"{what}: {await self._outcome(attack())}"] += 1
            await asyncio.sleep(pause_s)

    async def _ask_often(self) -> None:
        """Ask, each time over a new connection, without waiting for the answers."""
        kinds = cycle(
            (("call", self._call), ("first page", self._first_page), ("call", self._call), ("guess", self._guess))
        )
        asking: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        due = loop.time()
        try:
            for what, ask in kinds:
                due += 1 / PER_SECOND
                await asyncio.sleep(max(0, due - loop.time()))
                if len(asking) < PER_SECOND * _TIMEOUT_S:
                    task = asyncio.create_task(self._once(what, ask()))
                    asking.add(task)
                    task.add_done_callback(asking.discard)
        finally:
            for task in tuple(asking):
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)

    async def _once(self, what: str, ask: Awaitable[str]) -> None:
        self.answers[f"{what}: {await self._outcome(ask)}"] += 1

    async def _outcome(self, ask: Awaitable[str]) -> str:
        """Return the status that an attack was answered with."""
        try:
            return await ask
        except TimeoutError:
            return "no answer"
        except (OSError, EOFError):
            return _CUT

    async def _stream(self) -> str:
        """Open an event stream, and hold it for as long as the server does."""
        reader, writer = await self._open(self._get("/events"))
        try:
            status = await _status(reader)
            self.answers[f"stream asked for: {status}"] += 1
            with suppress(OSError):
                while await reader.read(65536):
                    pass
            return "ended"
        finally:
            writer.close()

    async def _read_slowly(self) -> str:
        """Ask for far more than fits in the buffers, and read nothing."""
        requests = b"".join(self._get("/static/page.css", keep=True) for _ in range(50)) + self._get("/events")
        with socket.socket() as connection:
            connection.setblocking(False)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(connection, ("127.0.0.1", self._port))
            await loop.sock_sendall(connection, requests)
            await asyncio.sleep(_HELD_S)
            state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
            return "held on" if state == _ESTABLISHED else _CUT

    async def _send_much(self) -> str:
        """Send a body that is far too long, with its length announced or in chunks."""
        is_chunked = secrets.randbits(1)
        length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {BODY}"
        reader, writer = await self._open(self._post("/call/status", length))
        try:
            with suppress(OSError):
                async with asyncio.timeout(_TIMEOUT_S):
                    for _ in range(BODY // len(_CHUNK)):
                        writer.write(b"%x\r\n%s\r\n" % (len(_CHUNK), _CHUNK) if is_chunked else _CHUNK)
                        await writer.drain()
            return await _status(reader)
        finally:
            writer.close()

    async def _call(self) -> str:
        return await self._ask(self._post(f"/call/{next(self._calls)}", "Content-Length: 2") + b"{}")

    async def _first_page(self) -> str:
        return await self._ask(self._get("/"))

    async def _guess(self) -> str:
        return await self._ask(self._get("/events", secrets.token_hex(32)))

    async def _ask(self, request: bytes) -> str:
        reader, writer = await self._open(request)
        try:
            return await _status(reader)
        finally:
            writer.close()

    async def _open(self, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        address = (next(self._addresses), 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=address)
        writer.write(request)
        return reader, writer

    def _get(self, path: str, token: str = "", *, keep: bool = False) -> bytes:
        return self._head(f"GET {path}", token, "" if keep else "Connection: close\r\n")

    def _post(self, path: str, length: str) -> bytes:
        page = f"Origin: http://127.0.0.1:{self._port}\r\nSec-Fetch-Site: same-origin\r\n"
        return self._head(f"POST {path}", "", f"{page}Content-Type: application/json\r\n{length}\r\n")

    def _head(self, line: str, token: str, more: str) -> bytes:
        cookie = f"Cookie: backbutton={token or next(self._tokens)}"
        return f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{cookie}\r\n{more}\r\n".encode("ascii")


async def _status(reader: asyncio.StreamReader) -> str:
    """Return the status of an answer."""
    async with asyncio.timeout(_TIMEOUT_S):
        line = await reader.readuntil(b"\r\n")
    return line.split(b" ")[1].decode("ascii")


async def _main(port: int, seconds: float, tokens: list[str]) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    attack = Attack(port, tokens)
    print("at work", flush=True)
    await attack.last(seconds)
    print(json.dumps(attack.answers), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
