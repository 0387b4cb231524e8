"""A link between a box and a phone that can be lost: two network namespaces, and a pair of virtual cables.

Needs root and iproute2; `linked` skips a test without them. Nothing outside the two namespaces can be reached.
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

BOX, PHONE = "10.213.7.1", "10.213.7.2"
PORT = 8080
_NEWNET = 0x40000000  # CLONE_NEWNET, linux/sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)


class Link:
    """The namespaces of the box and of the phone, and the phone's end of the link."""

    def __init__(self, number):
        self.box, self.phone = f"bb-box-{number}", f"bb-phone-{number}"

    def make(self):
        for space in (self.box, self.phone):
            ip("netns", "add", space)
        ip("-n", self.box, "link", "add", "air0", "type", "veth", "peer", "name", "air0", "netns", self.phone)
        for space, address in ((self.box, BOX), (self.phone, PHONE)):
            ip("-n", space, "address", "add", f"{address}/24", "dev", "air0")
            ip("-n", space, "link", "set", "lo", "up")
            ip("-n", space, "link", "set", "air0", "up")

    def remove(self):
        for space in (self.box, self.phone):
            if Path("/run/netns", space).exists():
                ip("netns", "delete", space)

    def down(self):
        ip("-n", self.phone, "link", "set", "air0", "down")

    def up(self):
        ip("-n", self.phone, "link", "set", "air0", "up")

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
