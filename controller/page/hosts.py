"""The names and addresses under which the page may be asked for.

A page from elsewhere can have its own name lead to the box (DNS rebinding), and its requests then look like our own.
They still carry its name, so only known names are served, and addresses that nobody can give a name to from outside.
"""

import ipaddress
import re
from collections.abc import Iterable

from starlette.types import Scope

NAME = "backbutton.local"
_IPV6 = 6
_HTTP_PORT = 80
_ALWAYS = ("localhost", NAME)
PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?", re.ASCII)


def name_in(host: str) -> str:
    """Return the name or address in a Host header, in lower case and without its port; "" if it is neither."""
    match = _HOST.fullmatch(host.lower())
    return "" if match is None else match["name"].strip("[]").removesuffix(".")


def is_loopback(host: str) -> bool:
    """Return whether a Host header names this machine itself, as browsers see it."""
    name = name_in(host)
    address = _address(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def address_of(scope: Scope) -> str:
    """Return the page's address by number, as the browser has reached it: not every phone finds NAME."""
    name, port = scope.get("server") or ("", None)
    address = _address(name.removeprefix("::ffff:"))
    if address is None or port is None:
        return f"http://{NAME}/"
    host = f"[{address}]" if address.version == _IPV6 else str(address)
    return f"http://{host}{'' if port == _HTTP_PORT else f':{port}'}/"


class Hosts:
    """Tells which Host headers are served; `machine` is this machine's name, without a domain."""

    def __init__(self, machine: str) -> None:
        self._names = frozenset(_names_of(machine))

    def __contains__(self, host: str) -> bool:
        name = name_in(host)
        address = _address(name)
        return name in self._names if address is None else any(address in network for network in PRIVATE)


def _names_of(machine: str) -> Iterable[str]:
    yield from _ALWAYS
    name = name_in(machine.partition(".")[0])
    if name:
        yield from (name, f"{name}.local")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
