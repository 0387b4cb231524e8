"""What the model name of a Raspberry Pi implies: which sections of config.txt it reads, and its USB ports. Pure."""

from config.record import dataclass

# Part of the model name (/proc/device-tree/model), the sections of config.txt that the model reads (Raspberry Pi
# documentation, "Model filters"), and whether it has a USB port that can act as a device. The first match counts.
_MODELS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("Zero 2", ("pi02", "pi0w", "pi0"), True),
    ("Zero W", ("pi0w", "pi0"), True),
    ("Zero", ("pi0",), True),
    ("Compute Module 0", ("cm0", "pi02", "pi0w", "pi0"), True),
    ("Compute Module 5", ("cm5", "pi5"), True),
    ("Compute Module 4S", ("cm4s", "pi4"), True),
    ("Compute Module 4", ("cm4", "pi4"), True),
    ("Compute Module 3 Plus", ("cm3+", "cm3", "pi3+", "pi3"), True),
    ("Compute Module 3", ("cm3", "pi3"), True),
    ("Compute Module", ("cm1", "pi1"), True),
    ("Pi 500", ("pi500", "pi5"), True),
    ("Pi 5", ("pi5",), True),
    ("Pi 400", ("pi400", "pi4"), True),
    ("Pi 4", ("pi4",), True),
    ("Pi 3 Model A", ("pi3+", "pi3"), True),
    ("Pi 3 Model B Plus", ("pi3+", "pi3"), False),
    ("Pi 3", ("pi3",), False),
    ("Pi 2", ("pi2",), False),
    ("Pi Model A", ("pi1",), True),
    ("Pi", ("pi1",), False),
)


@dataclass(frozen=True, slots=True)
class Board:
    """A board: its model name ("" if unknown) and its revision code (0 if unknown)."""

    model: str = ""
    revision: int = 0

    @property
    def is_pi(self) -> bool:
        """Whether this is a Raspberry Pi."""
        return self.model.startswith("Raspberry Pi")

    @property
    def sections(self) -> tuple[str, ...]:
        """The model sections of config.txt that this board reads."""
        return self._row()[1]

    @property
    def has_device_port(self) -> bool:
        """Whether one of its USB ports can act as a device, as the USB console needs."""
        return self._row()[2]

    @property
    def type(self) -> int:
        """The board type that [board-type=...] in config.txt refers to: bits 4 to 11 of the revision code."""
        return self.revision >> 4 & 0xFF

    def _row(self) -> tuple[str, tuple[str, ...], bool]:
        if not self.is_pi:
            return "", (), False
        return next(row for row in _MODELS if row[0] in self.model)
