"""When Python looks for garbage: not while a program starts, and never again in what the start has left behind.

A start makes ten thousands of objects that stay; to look through them all takes milliseconds, in which no other
thread has the interpreter, the player's neither. What comes later is little, and looked through in microseconds.
"""

import gc


def put_off() -> None:
    """Look for no garbage until `take_up`."""
    gc.disable()


def take_up() -> None:
    """Look for garbage again, but not among what is there now. To be called once a program is ready to serve."""
    gc.freeze()
    gc.enable()
