"""The socket that the server listens on: one that systemd passes, or one of its own."""

import os
import socket
from collections.abc import MutableMapping

from controller.errors import DaemonError

_FIRST = 3  # the first descriptor that systemd passes (sd_listen_fds)
BACKLOG = 64  # connections that wait to be taken


def listeners(host: str, port: int, environment: MutableMapping[str, str]) -> list[socket.socket]:
    """Return the sockets that systemd has passed to this process, or a new one at `host` and `port`.

    Forgets that any were passed, so that no child takes them for its own. DaemonError if the place cannot be used.
    """
    passed = _passed(environment)
    for name in ("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"):
        environment.pop(name, None)
    return passed or [_listen(host, port)]


def _passed(environment: MutableMapping[str, str]) -> list[socket.socket]:
    count = environment.get("LISTEN_FDS", "")
    if environment.get("LISTEN_PID") != str(os.getpid()) or not count.isdecimal():
        return []
    passed = [socket.socket(fileno=descriptor) for descriptor in range(_FIRST, _FIRST + int(count))]
    for listener in passed:
        listener.setblocking(False)
        os.set_inheritable(listener.fileno(), False)
    return passed


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
    except OSError as error:
        raise _unusable(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _unusable(host, port, error) from error
    return listener


def _unusable(host: str, port: int, error: OSError) -> DaemonError:
    return DaemonError(f"{host}:{port}: cannot listen there ({error.strerror}); choose another --host or --port")


def address_of(listener: socket.socket) -> str:
    """Return the address to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared, not bound
    return f"http://{name}{'' if port == 80 else f':{port}'}/"  # noqa: PLR2004 - the port of HTTP
