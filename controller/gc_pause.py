"""Pauses Python's garbage collection while a program starts, and keeps it from ever scanning what the start created.

A start creates tens of thousands of objects that live as long as the process. Scanning them takes milliseconds during
which no other thread, the player's included, can hold the GIL. What is allocated later is little and scanned in
microseconds.
"""

import gc


def begin() -> None:
    """Stop automatic collection until `end`."""
    gc.disable()


def over() -> None:
    """Collect automatically again after a start that may have failed; idempotent."""
    gc.enable()


def end() -> None:
    """Collect automatically again, but never scan what exists now. Call it once the program is ready to serve."""
    gc.freeze()
    gc.enable()
