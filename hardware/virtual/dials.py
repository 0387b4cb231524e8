"""What the photographer has set on the virtual body: its drive dial and its menu. Knows nothing of contacts."""

from enum import Enum, auto

from config.record import dataclass
from hardware.clock import SECOND_NS

SHUTTER_SPEED_NS = SECOND_NS // 125


class Drive(Enum):
    """What a press is asked to take; BULB too, which on a real body is a shutter speed or a mode of its own."""

    SINGLE = auto()
    CONTINUOUS = auto()
    BULB = auto()
    BRACKET = auto()


@dataclass(frozen=True, slots=True)
class Dials:
    """How the body is set; `set_size` is the frames of a bracketing set, `speed_ns` a frame's length but in bulb."""

    drive: Drive = Drive.SINGLE
    mirror_up: bool = False
    noise_reduction: bool = False
    speed_ns: int = SHUTTER_SPEED_NS
    set_size: int = 3
