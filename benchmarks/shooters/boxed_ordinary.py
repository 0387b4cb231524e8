"""The box without real-time priority, even if root starts it: only the grid and the player's spinning are left."""

import ctypes
import resource

from benchmarks.shooters import boxed

_PR_CAPBSET_DROP, _CAP_SYS_NICE = 24, 23  # <linux/prctl.h>, <linux/capability.h>


def main() -> None:
    """Run as `boxed` does, after giving up the right to real-time priority."""
    resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_SYS_NICE, 0, 0, 0)  # fails if there is no such right anyway
    boxed.main()


if __name__ == "__main__":
    main()
