"""The errors of the hardware layer."""


class HardwareError(Exception):
    """Something of pins, ports or time went wrong."""


class TimelineError(HardwareError, ValueError):
    """A timeline broke one of its rules; nothing of it was played."""


class UnsafePinError(HardwareError, ValueError):
    """A pin cannot carry a line without closing a contact by itself; nothing was claimed."""


class ClockError(HardwareError, ValueError):
    """Time was asked to run backwards, or the time of day to be what it is known not to be, or of no known zone."""
