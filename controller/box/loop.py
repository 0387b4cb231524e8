"""The loop: steps the parts of the box in time order, on a virtual clock or under asyncio.

Everything that waits is a part: the player (on the virtual clock), the camera and the thumb of the bench, a
script, the engine. At one instant they are stepped in the order given until none has anything due.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from hardware.clock import SECOND_NS, Clock, VirtualClock


class Part(Protocol):
    """Something that has things to do at certain times."""

    @property
    def next_ns(self) -> int | None:
        """When `step` is wanted at the latest, None if nothing is to come by itself."""

    def step(self, now_ns: int) -> None:
        """Do what is due at `now_ns`."""


def _nothing() -> None:
    """Nobody waits, nothing comes in."""


def _never() -> bool:
    return False


class Inbox:
    """Takes calls from other threads, and from inside a step; they are run before any part is stepped."""

    def __init__(self) -> None:
        self._calls: deque[Callable[[], None]] = deque()
        self.wake: Callable[[], None] = _nothing

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run by the loop, soon."""
        self._calls.append(call)
        self.wake()

    def drain(self) -> bool:
        """Run what was posted; False if there was nothing."""
        ran = bool(self._calls)
        while self._calls:
            self._calls.popleft()()
        return ran


def settle(parts: Sequence[Part], inbox: Inbox, clock: Clock) -> int | None:
    """Step every part until nothing is due; return when the next part has something due."""
    while True:
        busy, soonest_ns = inbox.drain(), None
        now_ns = clock.now_ns()
        for part in parts:
            due_ns = part.next_ns
            if due_ns is None:
                continue
            if due_ns <= now_ns:
                part.step(now_ns)
                inbox.drain()
                busy = True
            elif soonest_ns is None or due_ns < soonest_ns:
                soonest_ns = due_ns
        if not busy:
            return soonest_ns


def next_ns(parts: Sequence[Part]) -> int | None:
    """Return when the next part has something due."""
    return min((at_ns for part in parts if (at_ns := part.next_ns) is not None), default=None)


def run_virtually(parts: Sequence[Part], inbox: Inbox, clock: VirtualClock, is_over: Callable[[], bool]) -> None:
    """Run until `is_over`, or until nothing is to come; time jumps from deadline to deadline."""
    due_ns = settle(parts, inbox, clock)
    while due_ns is not None and not is_over():
        clock.jump_to(due_ns)
        due_ns = settle(parts, inbox, clock)


class AsyncLoop:
    """Steps the parts under asyncio: after every `kick`, and when the next deadline comes; ends by `is_over`.

    Before each round of steps `look` fetches what has come in meanwhile, so that no deadline overtakes an input
    that was there before it. What a part raises goes to `on_fault`; unless that is set, it ends the loop and comes
    out of `wait`.
    """

    def __init__(
        self, parts: Sequence[Part], inbox: Inbox, clock: Clock, is_over: Callable[[], bool] = _never
    ) -> None:
        self._is_over = is_over
        self._parts = parts
        self._inbox = inbox
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._over = asyncio.Event()
        self._fault: Exception | None = None
        self._is_woken = False
        self._has_ended = False
        self.on_fault: Callable[[Exception], None] = self._give_up
        self.look: Callable[[], None] = _nothing
        inbox.wake = self._wake

    def kick(self) -> None:
        """Settle now, and set the timer for what comes next; must be called on the loop."""
        self._is_woken = True  # what is posted while we look is drained below: nobody has to wake us for it
        self._attempt(self.look)
        self._is_woken = False
        if self._has_ended:
            return
        self._attempt(self._settle)
        self._attempt(self._look_for_end)
        self._set_timer()

    def end(self) -> None:
        """Have `wait` return; safe from a signal handler and from any thread."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def wait(self) -> None:
        """Run until `end`; raises what a part raised."""
        try:
            self.kick()
            await self._over.wait()
        finally:
            self._has_ended = True
            self._cancel_timer()
            self._inbox.wake = _nothing
        if self._fault is not None:
            raise self._fault

    def _attempt(self, what: Callable[[], None]) -> None:
        try:
            what()
        except Exception as error:  # noqa: BLE001 - whatever broke, `on_fault` has the say
            self._take_fault(error)

    def _settle(self) -> None:
        settle(self._parts, self._inbox, self._clock)

    def _look_for_end(self) -> None:
        if self._is_over():
            self._over.set()

    def _take_fault(self, error: Exception) -> None:
        try:
            self.on_fault(error)
        except Exception as worse:  # noqa: BLE001 - it is raised by `wait`
            self._give_up(worse)

    def _give_up(self, error: Exception) -> None:
        self._fault = error
        self._over.set()

    def _wake(self) -> None:
        if not self._is_woken:
            self._is_woken = True
            self._loop.call_soon_threadsafe(self.kick)

    def _set_timer(self) -> None:
        self._cancel_timer()
        due_ns = next_ns(self._parts)
        if due_ns is not None:
            delay_s = max(0, due_ns - self._clock.now_ns()) / SECOND_NS
            self._timer = self._loop.call_later(delay_s, self.kick)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
