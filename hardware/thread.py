"""The player's thread on the real clock: waits for the next edge without missing a word from main.

A plain sleep to the deadline beside a busy Python thread was measured 5 ms late at the median: the wake-up
waits for the interpreter lock. So the wait ends SPIN_NS early, and the rest is spun; the last of it by the player,
which is then ready to write.
"""

import contextlib
import sys
import threading
from collections import deque
from collections.abc import Callable

from hardware.calls import Calls
from hardware.clock import SECOND_NS, Clock
from hardware.errors import HardwareError, TimelineError
from hardware.lines import Latch
from hardware.player import Player
from hardware.realtime import Granted, ask_for_realtime
from hardware.timeline import Timeline

SPIN_NS = 2_000_000
# So long before an edge the player turns to it: it gets ready to write, and hears no word until it has.
AIM_NS = 200_000
# How long another thread may keep the interpreter from us until it is asked for it; Python's default is 5 ms. It must
# be many times what a change of threads takes: who waits wakes that often to ask, in real time, and with 20 us the
# other, interrupted before it had done anything, kept the interpreter for up to 40 ms.
SWITCH_INTERVAL_S = 0.0002
# How long whoever hands something over waits at most until the player has looked at it.
HANDOVER_S = 0.001
# How long whoever gives way waits at most: the wait before an edge, and as much again.
GIVE_WAY_S = 2 * SPIN_NS / SECOND_NS
# How long `stop` waits for a thread that may hang; the lines have been opened by then.
STOP_PATIENCE_S = 2.0


class PlayerThread:
    """Runs a Player in a thread of its own. `play` and `cut` may be called from any thread.

    If the thread dies, it trips the latch first and then calls `on_fault` with one sentence. `granted` is what
    `ask` got for the thread; it stands when `start` returns.
    """

    def __init__(
        self,
        player: Player,
        clock: Clock,
        latch: Latch,
        on_fault: Callable[[str], None],
        ask: Callable[[], Granted] = ask_for_realtime,
    ) -> None:
        self._player = player
        self._clock = clock
        self._latch = latch
        self._on_fault = on_fault
        self._inbox = Calls()
        self._ended = False
        self._came_round = False
        self._round_s: float | None = None
        self._is_aiming = False
        self._ask = ask
        self._is_up = threading.Event()
        self._waiters: deque[threading.Lock] = deque()  # each is released at the end of the loop it waits for
        self.granted = Granted()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    def start(self) -> None:
        """Start playing; returns when the thread is up."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._thread.start()
        self._is_up.wait()

    def play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        """Hand a timeline to the player; what of it is due is played when this returns, unless the player hangs.

        If the player refuses it, both lines open and `on_fault` gets the reason.
        """
        self._hand_over(lambda: self._play(number, timeline, at_ns))

    def cut(self) -> None:
        """Have both lines opened and all plans forgotten, ahead of any edge still due; returns as `play` does."""
        self._hand_over(self._player.cut)

    def give_way(self) -> None:
        """Leave the interpreter to an edge that is near; returns when that has been played, at once if there is none.

        For whoever has much to do that is not urgent: each turn it took would be time that the edge may be late.
        """
        if not self._is_aiming:
            return
        waiter = _locked()
        self._waiters.append(waiter)
        if self._is_aiming:  # else the edge was played just now, and the release of this waiter may be over
            waiter.acquire(timeout=GIVE_WAY_S)

    def come_round(self, every_ns: int) -> None:
        """Have the thread come round that often though it has nothing to do, to show that it lives.

        To be asked for a sign of life each time would wake it as often, and twice more: it would have to wait
        until whoever asks has let go of the interpreter.
        """
        self._inbox.put(lambda: setattr(self, "_round_s", every_ns / SECOND_NS))

    def came_round(self) -> bool:
        """Tell whether the thread has come round since this was asked last; it has not if it hangs or died."""
        came, self._came_round = self._came_round, False
        return came

    def stop(self) -> None:
        """Open both lines and end the thread; returns when it has ended, or has had the time to."""
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
        self._ended = True

    def _run(self) -> None:
        try:
            self._begin()
            while not self._ended:
                self._came_round = True
                self._await_edge_or_word()
                self._inbox.make()
                self._player.step(self._clock.now_ns() + AIM_NS)
                self._is_aiming = False
                while self._waiters:
                    self._waiters.popleft().release()
                self._inbox.rest()
        except HardwareError as error:  # the lines have gone: a sentence says it
            self._give_up(f"the player stopped: {error}")
        except BaseException as error:
            self._give_up(f"the player stopped: {error!r}")
            raise

    def _give_up(self, why: str) -> None:
        self._is_aiming = False  # there is nobody left to give way to
        try:
            with contextlib.suppress(HardwareError):  # nothing is left that could be opened
                self._latch.trip()
        finally:
            self._on_fault(why)

    def _begin(self) -> None:
        try:
            self.granted = self._ask()
        finally:
            self._is_up.set()

    def _await_edge_or_word(self) -> None:
        due_ns, waits_s = self._player.next_ns, self._round_s
        if due_ns is not None:
            coarse_s = (due_ns - SPIN_NS - self._clock.now_ns()) / SECOND_NS
            waits_s = coarse_s if waits_s is None else min(coarse_s, waits_s)
        if due_ns is None or coarse_s > 0:
            self._inbox.wait(waits_s)
            return
        self._is_aiming = True
        aim_ns, now_ns, waiting = due_ns - AIM_NS, self._clock.now_ns, self._inbox.waiting
        while now_ns() < aim_ns and not waiting:
            pass


def _locked() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
