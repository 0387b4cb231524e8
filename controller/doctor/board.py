"""Which Raspberry Pi this is, as far as its model's name tells. Pure."""

from config.record import dataclass

# What stands in the model's name (of /proc/device-tree/model), the sections of config.txt that it reads (Raspberry
# Pi documentation, "Model filters"), and whether a USB port of it can be a device. The first row that fits counts.
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
    """A board: its model's name, "" where there is none to read, and its revision code, 0 where there is none."""

    model: str = ""
    revision: int = 0

    @property
    def is_pi(self) -> bool:
        """Whether this is a Raspberry Pi."""
        return self.model.startswith("Raspberry Pi")

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the model sections of config.txt that this board reads."""
        return self._row()[1]

    @property
    def has_device_port(self) -> bool:
        """Whether one of its USB ports can be a device, as the USB console needs it."""
        return self._row()[2]

    @property
    def type(self) -> int:
        """Return the board's type, as [board-type=...] of config.txt has it: bits 4 to 11 of the revision code."""
        return self.revision >> 4 & 0xFF

    def _row(self) -> tuple[str, tuple[str, ...], bool]:
        if not self.is_pi:
            return "", (), False
        return next(row for row in _MODELS if row[0] in self.model)
