"""The player's thread on the real clock: waits for the next edge without missing a word from main.

A plain sleep to the deadline beside a busy Python thread was measured 5 ms late at the median: the wake-up
waits for the interpreter lock. So the wait ends SPIN_NS early, and the rest is spun.
"""

import contextlib
import queue
import sys
import threading
from collections.abc import Callable

from hardware.clock import SECOND_NS, Clock
from hardware.lines import Latch
from hardware.player import Player
from hardware.realtime import Granted, ask_for_realtime
from hardware.timeline import Timeline

SPIN_NS = 2_000_000
# How long another thread may keep the interpreter from us; Python's default is ten times that.
SWITCH_INTERVAL_S = 0.0005
# How long `stop` waits for a thread that may hang; the lines have been opened by then.
STOP_PATIENCE_S = 2.0


class PlayerThread:
    """Runs a Player in a thread of its own. `play` and `cut` may be called from any thread.

    If the thread dies, the latch is tripped first and `on_lost` then gets one sentence. `granted` is what
    `ask` got for the thread; it stands when `start` returns.
    """

    def __init__(
        self,
        player: Player,
        clock: Clock,
        latch: Latch,
        on_lost: Callable[[str], None],
        ask: Callable[[], Granted] = ask_for_realtime,
    ) -> None:
        self._player = player
        self._clock = clock
        self._latch = latch
        self._on_lost = on_lost
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._ended = False
        self._ask = ask
        self._is_up = threading.Event()
        self.granted = Granted()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    def start(self) -> None:
        """Start playing; returns when the thread is up."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._thread.start()
        self._is_up.wait()

    def play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        """Hand a timeline to the player."""
        self._inbox.put(lambda: self._player.play(number, timeline, at_ns))

    def cut(self) -> None:
        """Have both lines opened and all plans forgotten, ahead of any edge still due."""
        self._inbox.put(self._player.cut)

    def ping(self, answer: Callable[[], None]) -> None:
        """Have `answer` called by the player; it will not be if the player hangs or has died."""
        self._inbox.put(answer)

    def stop(self) -> None:
        """Open both lines and end the thread; returns when it has ended, or has had the time to."""
        self._inbox.put(self._player.cut)
        self._inbox.put(self._end)
        if self._thread.is_alive():
            self._thread.join(STOP_PATIENCE_S)

    def _end(self) -> None:
        self._ended = True

    def _run(self) -> None:
        try:
            self._begin()
            while not self._ended:
                self._await_edge_or_word()
                self._obey()
                self._player.step(self._clock.now_ns())
        except BaseException as error:
            try:
                self._latch.trip()
            finally:
                self._on_lost(f"the player stopped: {error!r}")
            raise

    def _begin(self) -> None:
        try:
            self.granted = self._ask()
        finally:
            self._is_up.set()

    def _obey(self) -> None:
        while not self._inbox.empty():
            self._inbox.get()()

    def _await_edge_or_word(self) -> None:
        due_ns = self._player.next_ns
        if due_ns is None:
            self._inbox.get()()
            return
        coarse_ns = due_ns - SPIN_NS - self._clock.now_ns()
        if coarse_ns > 0:
            with contextlib.suppress(queue.Empty):
                self._inbox.get(timeout=coarse_ns / SECOND_NS)()
            return
        while self._clock.now_ns() < due_ns and self._inbox.empty():
            pass
