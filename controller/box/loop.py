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
    """Something that has to be stepped at certain times."""

    @property
    def next_ns(self) -> int | None:
        """The latest time at which `step` must be called, None if nothing happens by itself."""

    def step(self, now_ns: int) -> None:
        """Do what is due at `now_ns`."""


def _nothing() -> None:
    """Do nothing."""


def _never() -> bool:
    return False


class Inbox:
    """Queues calls from other threads, and from inside a step; the loop runs them before it steps any part."""

    def __init__(self) -> None:
        self._calls: deque[Callable[[], None]] = deque()
        self.wake: Callable[[], None] = _nothing

    def post(self, call: Callable[[], None]) -> None:
        """Queue `call` and wake the loop. Thread-safe, never blocks."""
        self._calls.append(call)
        self.wake()

    def drain(self) -> bool:
        """Run the queued calls; return False if there were none."""
        ran = bool(self._calls)
        while self._calls:
            self._calls.popleft()()
        return ran


def settle(parts: Sequence[Part], inbox: Inbox, clock: Clock) -> int | None:
    """Step every part until nothing is due; return the next deadline, None if there is none."""
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
    """Return the earliest deadline of the parts, None if there is none."""
    return min((at_ns for part in parts if (at_ns := part.next_ns) is not None), default=None)


def run_virtually(parts: Sequence[Part], inbox: Inbox, clock: VirtualClock, is_over: Callable[[], bool]) -> None:
    """Run until `is_over`, or until there is no deadline left; time jumps from deadline to deadline."""
    due_ns = settle(parts, inbox, clock)
    while due_ns is not None and not is_over():
        clock.jump_to(due_ns)
        due_ns = settle(parts, inbox, clock)


class AsyncLoop:
    """Steps the parts under asyncio: after every `kick`, and at the next deadline; ends when `is_over`.

    Before each round of steps `look` fetches new inputs, so that no deadline overtakes an input that came before it.
    What a part raises goes to `on_fault`; unless that is set, it ends the loop and `wait` raises it.
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
        """Step everything that is due now, and set the timer for the next deadline. Call it on the loop only."""
        self._is_woken = True  # what is posted during `look` is drained below: it needs no wake-up
        self._attempt(self.look)
        self._is_woken = False
        if self._has_ended:
            return
        self._attempt(self._settle)
        self._attempt(self._look_for_end)
        self._set_timer()

    def end(self) -> None:
        """Make `wait` return. Safe in a signal handler and in any thread."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def wait(self) -> None:
        """Block until `end`; raises what a part raised."""
        try:
            self.kick()
            await self._over.wait()
        finally:
            self._has_ended = True
            self._cancel_timer()
            self._inbox.wake = _nothing
        if self._fault is not None:
            raise self._fault

    def _attempt(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - `on_fault` decides
            self._take_fault(error)

    def _settle(self) -> None:
        settle(self._parts, self._inbox, self._clock)

    def _look_for_end(self) -> None:
        if self._is_over():
            self._over.set()

    def _take_fault(self, error: Exception) -> None:
        try:
            self.on_fault(error)
        except Exception as worse:  # noqa: BLE001 - `wait` raises it
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
