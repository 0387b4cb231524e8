"""Waiting for something to become so; only a test that fails waits to the end."""

import select
import time

from support import PATIENCE_S


def wait_until(is_so, within_s=PATIENCE_S):
    """Wait until a condition holds, and return what it returned."""
    deadline = time.monotonic() + within_s
    while not (value := is_so()):
        assert time.monotonic() < deadline, "it never came"
        select.select([], [], [], 0.02)
    return value
