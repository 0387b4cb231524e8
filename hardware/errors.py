"""The errors of the hardware layer."""


class HardwareError(Exception):
    """Something went wrong with pins, ports or time."""


class TimelineError(HardwareError, ValueError):
    """A timeline broke a rule; nothing of it was played."""


class UnsafePinError(HardwareError, ValueError):
    """A pin cannot drive a line, because it would close the contact by itself; nothing was claimed."""


class ClockError(HardwareError, ValueError):
    """A clock was asked to run backwards, to take a time it knows to be wrong, or to use an unknown time zone."""
