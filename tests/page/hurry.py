"""For a daemon on its bench: while a press of a proof is on, time skips what both the box and its player only wait for.

A press takes up to a minute and a half, and nothing happens for most of it. Every edge is played by the player's own
thread and on a clock that runs as ever, a moment after the skip; outside a press nothing is skipped. To be imported
before anything else reads a clock.
"""

import time

skipped_ns = 0
_monotonic_ns, _wall_ns = time.monotonic_ns, time.time_ns
time.monotonic_ns = lambda: _monotonic_ns() + skipped_ns
time.time_ns = lambda: _wall_ns() + skipped_ns

from controller.box.engine import Engine  # noqa: E402 - see above
from controller.box.loop import AsyncLoop, next_ns  # noqa: E402
from controller.core.states import Release  # noqa: E402
from hardware.thread import PlayerThread  # noqa: E402

_BEFORE_EDGE_NS = 20_000_000  # enough for the player to wake up, and to sleep again until the edge is near

_players = []
_start, _set_timer = PlayerThread.start, AsyncLoop._set_timer


def _start_known(self):
    _players.append(self)
    _start(self)


def _skip_and_set_timer(self):
    """Skip to what comes next of the loop's deadlines and the player's edges, as long as an edge is to come."""
    global skipped_ns  # noqa: PLW0603 - it is the clock
    [player] = _players
    edge_ns = _next_edge_ns(player._player)
    [engine] = [part for part in self._parts if isinstance(part, Engine)]
    if engine.controller.release is Release.PROVING and edge_ns is not None:
        due_ns = next_ns(self._parts)
        until_ns = min(edge_ns - _BEFORE_EDGE_NS, edge_ns if due_ns is None else due_ns)
        skipped_ns += max(0, until_ns - time.monotonic_ns())
        player._inbox.put(lambda: None)  # it looks at the clock again
    _set_timer(self)


def _next_edge_ns(player):
    try:
        return player.next_ns
    except IndexError:  # its thread has just played the last edge
        return None


PlayerThread.start, AsyncLoop._set_timer = _start_known, _skip_and_set_timer
