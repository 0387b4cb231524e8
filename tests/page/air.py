"""A link between a box and a phone that can be lost: network namespaces, virtual cables, and a bridge for the air.

Needs root and iproute2; `linked` skips a test without them. Nothing outside the namespaces can be reached.
"""

import ctypes
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from page.browser import LIMIT_S, Browser, Server

HOW = ("down", "silent")  # a link can be lost
BOX, PHONE = "10.213.7.1", "10.213.7.2"
PORT = 8080
_NEWNET = 0x40000000  # CLONE_NEWNET, linux/sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)


class Link:
    """The namespaces of the box and of the phone, and the air between them."""

    def __init__(self, number):
        self.box, self.phone, self._air = (f"bb-{name}-{number}" for name in ("box", "phone", "air"))

    def make(self):
        for space in (self._air, self.box, self.phone):
            ip("netns", "add", space)
            ip("-n", space, "link", "set", "lo", "up")
        ip("-n", self._air, "link", "add", "air", "type", "bridge")
        ip("-n", self._air, "link", "set", "air", "up")
        for name, space, address in (("box", self.box, BOX), ("phone", self.phone, PHONE)):
            ip("-n", space, "link", "add", "wlan0", "type", "veth", "peer", "name", name, "netns", self._air)
            ip("-n", space, "address", "add", f"{address}/24", "dev", "wlan0")
            ip("-n", space, "link", "set", "wlan0", "up")
            ip("-n", self._air, "link", "set", name, "master", "air", "up")

    def remove(self):
        for space in (self._air, self.box, self.phone):
            if Path("/run/netns", space).exists():
                ip("netns", "delete", space)

    def lose(self, how):
        """Lose the link: `down` if the phone's own network ends, `silent` if nothing arrives any more."""
        if how == "down":
            ip("-n", self.phone, "link", "set", "wlan0", "down")
        else:
            ip("-n", self._air, "link", "set", "phone", "nomaster")

    def restore(self):
        ip("-n", self._air, "link", "set", "phone", "master", "air")
        ip("-n", self.phone, "link", "set", "wlan0", "up")

    @property
    def unsent(self):
        """How many bytes the phone's kernel has not been able to send so far, and goes on trying to."""
        path = ("ip", "netns", "exec", self.phone, "cat", "/proc/net/tcp")
        rows = subprocess.run(path, check=True, capture_output=True, text=True).stdout.splitlines()[1:]
        return sum(int(row.split()[4].partition(":")[0], 16) for row in rows)

    @contextmanager
    def as_phone(self):
        """Have what this thread opens during the block be opened on the phone's side."""
        with (
            Path("/proc/thread-self/ns/net").open() as own,
            Path("/run/netns", self.phone).open() as other,
        ):
            enter(other)
            try:
                yield
            finally:
                enter(own)

    @contextmanager
    def page(self, control):
        """Run the page's server on the box's side."""
        command = [sys.executable, "-m", "controller.cli", "page", "--socket", control, "--host", BOX, "--port", PORT]
        with subprocess.Popen(
            ["ip", "netns", "exec", self.box, *map(str, command)],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                assert re.match("the page is at http://", process.stdout.readline())
                yield Server(process, PORT, control)
            finally:
                process.kill()


class Phone(Browser):
    """A browser on the phone's side of a link."""

    def __init__(self, link, server):
        super().__init__(server, host=f"{BOX}:{PORT}", agent="Mozilla/5.0 (iPhone)")
        self._link = link

    def connection(self):
        connection = http.client.HTTPConnection(BOX, PORT, timeout=LIMIT_S)

        def connect(*arguments, **options):
            with self._link.as_phone():
                return socket.create_connection(*arguments, **options)

        connection._create_connection = connect
        return connection


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


def enter(space):
    if _LIBC.setns(space.fileno(), _NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "the network namespace cannot be entered")


@contextmanager
def linked():
    """Make a link for the time of the block, or skip the test with the reason."""
    if os.geteuid() != 0:
        pytest.skip("a link that can be lost needs network namespaces, and those need root")
    if shutil.which("ip") is None:
        pytest.skip("a link that can be lost needs iproute2; run: sudo apt install iproute2")
    link = Link(os.getpid())
    try:
        try:
            link.make()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network namespace can be made here: {error.stderr.strip()}")
        yield link
    finally:
        link.remove()
