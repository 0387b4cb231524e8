"""The player's thread on the real clock: sleeps until an edge is near, and reacts at once to calls from main.

A plain sleep to the deadline beside a busy Python thread was measured 5 ms late at the median: the woken thread waits
for the GIL. So the sleep ends SPIN_NS early, and the thread spins for the rest; the player spins for the last AIM_NS,
when it has everything ready to write.
"""

import contextlib
import sys
import threading
from collections import deque
from collections.abc import Callable

from hardware.call_queue import CallQueue
from hardware.clock import SECOND_NS, Clock
from hardware.errors import HardwareError, TimelineError
from hardware.lines import Latch
from hardware.player import Player
from hardware.realtime import Realtime, request_realtime
from hardware.timeline import Timeline

SPIN_NS = 2_000_000
# This long before an edge the player prepares to write it, and takes no calls until it has written it.
AIM_NS = 200_000
# How long another thread may hold the GIL before we request it; Python's default is 5 ms. It must be many times the
# cost of a thread switch: a waiting thread wakes this often to request the GIL, at real-time priority. With 20 us the
# other thread was interrupted before it had done anything, and kept the GIL for up to 40 ms.
SWITCH_INTERVAL_S = 0.0002
# `play` and `cut` block for at most this long.
HANDOVER_S = 0.001
# `wait_for_edge` blocks for at most this long: the spin before an edge, and as much again.
EDGE_WAIT_S = 2 * SPIN_NS / SECOND_NS
# `stop` waits this long for a thread that may hang; the lines are open by then.
STOP_PATIENCE_S = 2.0


class PlayerThread:
    """Runs a Player in a thread of its own. `play`, `cut` and `wait_for_edge` are thread-safe.

    If the thread dies, it trips the latch first and then calls `on_fault` with one sentence. `realtime` is what the
    kernel granted the thread; it is set when `start` returns.
    """

    def __init__(
        self,
        player: Player,
        clock: Clock,
        latch: Latch,
        on_fault: Callable[[str], None],
        request: Callable[[], Realtime] = request_realtime,
    ) -> None:
        self._player = player
        self._clock = clock
        self._latch = latch
        self._on_fault = on_fault
        self._inbox = CallQueue()
        self._is_stopping = False
        self._has_looped = False
        self._loop_period_s: float | None = None
        self._is_aiming = False
        self._request = request
        self._is_up = threading.Event()
        self._waiters: deque[threading.Lock] = deque()  # locked; the thread releases them at the end of each loop
        self.realtime = Realtime()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    def start(self) -> None:
        """Start the thread; blocks until it runs."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._thread.start()
        self._is_up.wait()

    def play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        """Hand a timeline to the player. Blocks until its due edges are played, for at most HANDOVER_S.

        If the player refuses the timeline, both lines open and `on_fault` gets the reason.
        """
        self._hand_over(lambda: self._play(number, timeline, at_ns))

    def cut(self) -> None:
        """Open both lines and forget all plans, ahead of any edge that is still due; blocks as `play` does."""
        self._hand_over(self._player.cut)

    def wait_for_edge(self) -> None:
        """Block, without the GIL, until an edge that is near has been played; return at once if none is.

        Call it before work that is not urgent: while that work holds the GIL, the edge would be late.
        """
        if not self._is_aiming:
            return
        waiter = _locked()
        self._waiters.append(waiter)
        if self._is_aiming:  # else the edge has just been played, and nobody may be left to release the waiter
            waiter.acquire(timeout=EDGE_WAIT_S)

    def loop_at_least_every(self, period_ns: int) -> None:
        """Run the thread's loop at least this often, even with nothing to do, so that `has_looped` proves it alive.

        Asking the thread for a sign of life would wake it as often, and twice more: the woken thread would have to
        wait until the one that asks has released the GIL.
        """
        self._inbox.put(lambda: setattr(self, "_loop_period_s", period_ns / SECOND_NS))

    def has_looped(self) -> bool:
        """Return whether the loop has run since the last call; False means that the thread hangs or has died."""
        has_looped, self._has_looped = self._has_looped, False
        return has_looped

    def stop(self) -> None:
        """Open both lines and end the thread. Blocks until it has ended, for at most STOP_PATIENCE_S; idempotent."""
        self._inbox.put(self._player.cut)
        self._inbox.put(self._end)
        if self._thread.is_alive():
            self._thread.join(STOP_PATIENCE_S)

    def _hand_over(self, call: Callable[[], None]) -> None:
        """Run `call` in the thread. Blocks, without the GIL, until it has run and what is due has been played.

        The call itself registers the waiter: a loop that ends while the call is still queued must not release it.
        """
        waiter = _locked()

        def run() -> None:
            call()
            self._waiters.append(waiter)

        self._inbox.put(run)
        if self._is_up.is_set():
            waiter.acquire(timeout=HANDOVER_S)

    def _play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        try:
            self._player.play(number, timeline, at_ns)
        except TimelineError as error:
            self._player.cut()
            self._on_fault(str(error))

    def _end(self) -> None:
        self._is_stopping = True

    def _run(self) -> None:
        try:
            self._begin()
            while not self._is_stopping:
                self._has_looped = True
                self._wait_for_edge_or_call()
                self._inbox.run()
                self._player.step(self._clock.now_ns() + AIM_NS)
                self._is_aiming = False
                while self._waiters:
                    self._waiters.popleft().release()
                self._inbox.clear_wakeups()
        except HardwareError as error:  # the pins are gone: one sentence is enough, without a traceback
            self._die(f"the player stopped: {error}")
        except BaseException as error:
            self._die(f"the player stopped: {error!r}")
            raise

    def _die(self, reason: str) -> None:
        self._is_aiming = False  # no edge will be played: nobody must wait for one
        try:
            with contextlib.suppress(HardwareError):  # the pins are gone, so there is nothing left to open
                self._latch.trip()
        finally:
            self._on_fault(reason)

    def _begin(self) -> None:
        try:
            self.realtime = self._request()
        finally:
            self._is_up.set()

    def _wait_for_edge_or_call(self) -> None:
        """Block until a call is pending, the next edge is AIM_NS away, or the loop period is over."""
        due_ns, wait_s = self._player.next_ns, self._loop_period_s
        if due_ns is not None:
            sleep_s = (due_ns - SPIN_NS - self._clock.now_ns()) / SECOND_NS
            wait_s = sleep_s if wait_s is None else min(sleep_s, wait_s)
        if due_ns is None or sleep_s > 0:
            self._inbox.wait(wait_s)
            return
        self._is_aiming = True
        aim_ns, now_ns, pending = due_ns - AIM_NS, self._clock.now_ns, self._inbox.pending
        while now_ns() < aim_ns and not pending:
            pass


def _locked() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
