"""Reads and amends config.txt, as the Pi's firmware understands it. Pure: text in, text out.

Rules from the Raspberry Pi documentation (config.txt: "Conditional filters", "GPIO control"): a filter replaces
the one of its kind, filters of different kinds must all match, [all] ends them; a later line wins over an earlier
one. A filter whose outcome only the firmware knows (a monitor, a serial number, a pin) never matches here.
"""

from collections.abc import Callable, Iterable

from config.record import dataclass
from controller.doctor.board import Board

STRICT = "dtparam=strict_gpiod"
NOTE = "# added by backbutton doctor"
_MOST_INCLUDES = 8  # a file that includes itself ends here
_ON = ("", "on", "true", "yes", "y", "1")  # how a device tree parameter is switched on
_FUNCTIONS = ("ip", "op", "a0", "a1", "a2", "a3", "a4", "a5")
_LEVELS = ("dh", "dl")


@dataclass(frozen=True, slots=True)
class PinAtBoot:
    """What config.txt says of a pin: its function (op: output) and the level it is driven to (dl: low)."""

    function: str = ""
    level: str = ""


LOW = PinAtBoot("op", "dl")


def expanded(text: str, read: Callable[[str], str | None], depth: int = 0) -> str:
    """Return the text with what it includes in the place of each `include FILE`; what cannot be read is left out."""
    lines: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["include"] and len(words) > 1 and depth < _MOST_INCLUDES:
            lines.append(expanded(read(words[1]) or "", read, depth + 1))
        else:
            lines.append(line)
    return "\n".join(lines)


def effective(text: str, board: Board) -> tuple[tuple[str, str], ...]:
    """Return the settings that count on this board, key and value, in their order."""
    filters: dict[str, bool] = {}
    found = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            _filter(line, filters, board)
        elif "=" in line and not line.startswith("#") and all(filters.values()):
            key, _, value = line.partition("=")
            found.append((key.strip(), value.strip()))
    return tuple(found)


def _filter(line: str, filters: dict[str, bool], board: Board) -> None:
    name = line.strip("[] ").lower()
    if name == "all":
        filters.clear()
    elif name.startswith("board-type="):
        filters["model"] = name.removeprefix("board-type=") in (hex(board.type), str(board.type))
    elif name.startswith(("pi", "cm")):
        filters["model"] = name in board.sections
    else:
        filters["gpio" if name.startswith("gpio") else name.partition("=")[0]] = False


def parameters(settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the device tree's parameters (dtparam=a=on,b), the last of each name."""
    found = {}
    for key, value in settings:
        if key == "dtparam":
            for parameter in value.split(","):
                name, _, setting = parameter.partition("=")
                found[name.strip()] = setting.strip().lower()
    return found


def is_on(settings: Iterable[tuple[str, str]], parameter: str) -> bool:
    """Whether a parameter of the device tree is switched on."""
    return parameters(settings).get(parameter, "off") in _ON


def overlays(settings: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the overlays (dtoverlay=name,parameter,...) by name, each with its parameters."""
    found = {}
    for key, value in settings:
        if key == "dtoverlay":
            name, *details = (part.strip() for part in value.split(","))
            found[name] = tuple(details)
    return found


def pins_at_boot(settings: Iterable[tuple[str, str]]) -> dict[int, PinAtBoot]:
    """Return what the lines gpio=LIST=STATES make of each pin they name."""
    pins: dict[int, PinAtBoot] = {}
    for key, value in settings:
        if key == "gpio":
            numbers, _, states = value.partition("=")
            words = [word.strip().lower() for word in states.split(",")]
            for number in _numbers(numbers):
                pins[number] = _amended(pins.get(number, PinAtBoot()), words)
    return pins


def _numbers(text: str) -> list[int]:
    """Return the pins of a list with ranges, 0-3,17; what is no number names no pin."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = (end.strip() for end in part.partition("-"))
        last = last or first
        if first.isdecimal() and last.isdecimal():
            found.extend(range(int(first), min(int(last), 53) + 1))  # the chip has pins up to 53
    return found


def _amended(pin: PinAtBoot, words: Iterable[str]) -> PinAtBoot:
    for word in words:
        if word in _FUNCTIONS:
            pin = PinAtBoot(word, pin.level)
        elif word in _LEVELS:
            pin = PinAtBoot(pin.function, word)
    return pin


def line_for(pins: Iterable[int]) -> str:
    """Return the line that drives pins low from power-on."""
    return f"gpio={','.join(map(str, sorted(pins)))}=op,dl"


def with_lines(text: str, lines: Iterable[str]) -> str:
    """Return the text with lines added at its end, where they count for every board; none: the same text."""
    added = list(dict.fromkeys(lines))
    if not added:
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    start = "" if not text or text.endswith("\n") else end
    section = [] if _ends_for_all(text) else ["[all]"]
    return text + start + "".join(line + end for line in (*section, NOTE, *added))


def _ends_for_all(text: str) -> bool:
    """Whether what comes after the text counts for all; after an include that cannot be told."""
    lines = [line.strip() for line in text.splitlines()]
    marks = [line for line in lines if line.startswith("[") or line.split()[:1] == ["include"]]
    return not marks or marks[-1].lower() == "[all]"
