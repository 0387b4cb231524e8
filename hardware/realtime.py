"""Real time for the calling thread: a turn before all ordinary programs, and memory that stays in memory.

Knows the kernel's limits; knows nothing of lines. What is not granted is done without, and said.
"""

import os
import resource
from typing import Protocol

from config.record import dataclass

# Above the kernel's threaded interrupts, which are at 50, and well below its own watchdogs at 99.
PRIORITY = 70
# What is in memory and what will be, each page from its first use on: thread stacks of 8 MiB stay mostly unused.
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4  # <asm-generic/mman.h>


class Kernel(Protocol):
    """Grants real time, or raises OSError."""

    def limit(self, which: int) -> int:
        """Return a soft resource limit; RLIM_INFINITY where there is none."""

    def set_fifo(self, priority: int) -> None:
        """Put the calling thread under SCHED_FIFO."""

    def lock_memory(self) -> None:
        """Keep all pages of the process in memory from their first use on."""


class Linux:
    """The kernel we run on."""

    def limit(self, which: int) -> int:
        """Return a soft resource limit."""
        return resource.getrlimit(which)[0]

    def set_fifo(self, priority: int) -> None:
        """Put the calling thread under SCHED_FIFO; to the kernel, 0 is the thread that asks."""
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))

    def lock_memory(self) -> None:
        """Keep all pages of the process in memory; the standard library has no name for this."""
        import ctypes  # noqa: PLC0415 - only where it is of use

        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


@dataclass(frozen=True, slots=True)
class Granted:
    """What a thread got: its priority under SCHED_FIFO, None if that was refused, and whether memory is locked."""

    priority: int | None = None
    memory_locked: bool = False

    def __str__(self) -> str:
        time = "no real time (LimitRTPRIO)" if self.priority is None else f"SCHED_FIFO {self.priority}"
        memory = "memory locked" if self.memory_locked else "memory not locked (LimitMEMLOCK)"
        return f"{time}, {memory}"


def ask_for_realtime(kernel: Kernel | None = None) -> Granted:
    """Ask for both, for the calling thread; returns what was granted, and never raises for what was not."""
    if not hasattr(os, "sched_setscheduler"):  # a Mac, for the virtual bench
        return Granted()
    kernel = kernel or Linux()
    return Granted(_granted_priority(kernel), _is_memory_locked(kernel))


def _granted_priority(kernel: Kernel) -> int | None:
    """Ask for our priority, which the privileged get whatever their limit; then for what the limit allows."""
    for priority in (PRIORITY, min(PRIORITY, kernel.limit(resource.RLIMIT_RTPRIO))):
        if priority > 0:
            try:
                kernel.set_fifo(priority)
            except OSError:
                continue
            return priority
    return None


def _is_memory_locked(kernel: Kernel) -> bool:
    """Ask only where there is no limit: below one, locking what will be would make later allocations fail."""
    if kernel.limit(resource.RLIMIT_MEMLOCK) != resource.RLIM_INFINITY:
        return False
    try:
        kernel.lock_memory()
    except OSError:
        return False
    return True
