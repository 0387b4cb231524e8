"""The box where real time is refused, whoever starts it: what is left is the grid and the player's spinning."""

import ctypes
import resource

from benchmarks.shooters import boxed

_PR_CAPBSET_DROP, _CAP_SYS_NICE = 24, 23  # <linux/prctl.h>, <linux/capability.h>


def main() -> None:
    """Run as the box does, its daemon without the right to real time."""
    resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_SYS_NICE, 0, 0, 0)  # fails where there is no such right anyway
    boxed.main()


if __name__ == "__main__":
    main()
