"""What the photographer has set on the virtual body, by its drive dial and menu. Knows nothing of contacts."""

from enum import Enum, auto

from config.record import dataclass
from hardware.clock import SECOND_NS

SHUTTER_SPEED_NS = SECOND_NS // 125


class Drive(Enum):
    """What a press takes. BULB is one of these, although on a real body it is a shutter speed or its own mode."""

    SINGLE = auto()
    CONTINUOUS = auto()
    BULB = auto()
    BRACKET = auto()


@dataclass(frozen=True, slots=True)
class Dials:
    """How the body is set.

    A bracket has `set_size` frames; `speed_ns` is the exposure in all drives except bulb. With a
    self-timer a press takes one frame, that much later. With `continuous_af` the AF
    mode is AF-C / AI Servo, else AF-S / One Shot; it matters only while a half-press focuses.
    """

    drive: Drive = Drive.SINGLE
    mirror_up: bool = False
    noise_reduction: bool = False
    continuous_af: bool = False
    speed_ns: int = SHUTTER_SPEED_NS
    set_size: int = 3
    self_timer_ns: int = 0
