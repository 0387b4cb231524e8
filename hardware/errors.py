"""The errors of the hardware layer."""


class HardwareError(Exception):
    """Something of pins, ports or time went wrong."""


class TimelineError(HardwareError, ValueError):
    """A timeline broke one of its rules; nothing of it was played."""


class ClockError(HardwareError, ValueError):
    """Virtual time was asked to run backwards."""
