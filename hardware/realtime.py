"""Real-time scheduling and locked memory for the calling thread, as far as the kernel allows.

Knows the kernel's limits; knows nothing of lines. What the kernel refuses is reported, not an error.
"""

import os
import resource
from typing import Protocol

from config.record import dataclass

# Above the kernel's threaded interrupts, which run at 50, and well below its own watchdogs at 99.
PRIORITY = 70
# All current and future pages, each locked when it is first used: thread stacks of 8 MiB stay mostly unused.
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4  # <asm-generic/mman.h>


class Kernel(Protocol):
    """The system calls needed here; each raises OSError if the kernel refuses."""

    def limit(self, which: int) -> int:
        """Return a soft resource limit, RLIM_INFINITY if there is none."""

    def set_fifo(self, priority: int) -> None:
        """Put the calling thread under SCHED_FIFO."""

    def lock_memory(self) -> None:
        """Keep all pages of the process in memory from their first use on."""


class Linux:
    """The kernel of this machine."""

    def limit(self, which: int) -> int:
        """Return a soft resource limit."""
        return resource.getrlimit(which)[0]

    def set_fifo(self, priority: int) -> None:
        """Put the calling thread under SCHED_FIFO; pid 0 means the calling thread."""
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))

    def lock_memory(self) -> None:
        """Call mlockall, which the standard library does not offer."""
        import ctypes  # noqa: PLC0415 - needed only where memory may be locked

        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


@dataclass(frozen=True, slots=True)
class Realtime:
    """What the kernel granted: the SCHED_FIFO priority (None if refused), and whether memory is locked."""

    priority: int | None = None
    memory_locked: bool = False

    def __str__(self) -> str:
        time = "no real time (LimitRTPRIO)" if self.priority is None else f"SCHED_FIFO {self.priority}"
        memory = "memory locked" if self.memory_locked else "memory not locked (LimitMEMLOCK)"
        return f"{time}, {memory}"


def request_realtime(kernel: Kernel | None = None) -> Realtime:
    """Request both for the calling thread and return what the kernel granted; never raises for a refusal."""
    if not hasattr(os, "sched_setscheduler"):  # a Mac, for the virtual bench
        return Realtime()
    kernel = kernel or Linux()
    return Realtime(_request_priority(kernel), _lock_memory(kernel))


def _request_priority(kernel: Kernel) -> int | None:
    """Request PRIORITY, which privileged users get whatever their limit; then what the limit allows."""
    for priority in (PRIORITY, min(PRIORITY, kernel.limit(resource.RLIMIT_RTPRIO))):
        if priority > 0:
            try:
                kernel.set_fifo(priority)
            except OSError:
                continue
            return priority
    return None


def _lock_memory(kernel: Kernel) -> bool:
    """Lock memory only if there is no limit: with one, MCL_FUTURE would make later allocations fail."""
    if kernel.limit(resource.RLIMIT_MEMLOCK) != resource.RLIM_INFINITY:
        return False
    try:
        kernel.lock_memory()
    except OSError:
        return False
    return True
