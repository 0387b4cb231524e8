"""Parses config.txt as the Pi's firmware does, and adds lines to it. Pure: text in, text out.

The rules come from the Raspberry Pi documentation (config.txt: "Conditional filters", "GPIO control"): a filter
replaces an earlier one of the same kind, filters of different kinds must all match, and [all] resets them; a later
line overrides an earlier one. A filter that only the firmware can evaluate (a monitor, a serial number, a pin) is
taken not to match.
"""

from collections.abc import Callable, Iterable, Iterator

from config.record import dataclass
from controller.doctor.board import Board

STRICT = "dtparam=strict_gpiod"
NOTE = "# added by backbutton doctor"
_MAX_INCLUDE_DEPTH = 8  # stops a file that includes itself
_MOST_INCLUDES = 64  # of one config.txt: with several includes of itself, the depth alone allows millions
_ON = ("", "on", "true", "yes", "y", "1")  # values that switch a device tree parameter on
_FUNCTIONS = ("ip", "op", "a0", "a1", "a2", "a3", "a4", "a5")
_LEVELS = ("dh", "dl")


@dataclass(frozen=True, slots=True)
class PinAtBoot:
    """What config.txt does to a pin: its function (op: output) and the level it is driven to (dl: low)."""

    function: str = ""
    level: str = ""


LOW = PinAtBoot("op", "dl")


def expanded(text: str, read: Callable[[str], str | None]) -> str:
    """Return the text with each `include FILE` replaced by that file's text, or by nothing if it cannot be read.

    Includes that are nested too deeply, and those after the first _MOST_INCLUDES, are left out.
    """
    left = iter(range(_MOST_INCLUDES))

    def expand(text: str, depth: int) -> Iterator[str]:
        for line in text.splitlines():
            words = line.split()
            if words[:1] != ["include"] or len(words) == 1:
                yield line
            elif depth < _MAX_INCLUDE_DEPTH and next(left, None) is not None:
                yield from expand(read(words[1]) or "", depth + 1)

    return "\n".join(expand(text, 0))


def effective(text: str, board: Board) -> tuple[tuple[str, str], ...]:
    """Return the settings that apply to this board as (key, value), in file order."""
    filters: dict[str, bool] = {}
    settings = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            _apply_filter(line, filters, board)
        elif "=" in line and not line.startswith("#") and all(filters.values()):
            key, _, value = line.partition("=")
            settings.append((key.strip(), value.strip()))
    return tuple(settings)


def _apply_filter(line: str, filters: dict[str, bool], board: Board) -> None:
    """Record whether the filter in this line matches; `filters` holds the last outcome of each kind."""
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
    """Return the device tree parameters (dtparam=a=on,b); the last of each name wins."""
    values = {}
    for key, value in settings:
        if key == "dtparam":
            for parameter in value.split(","):
                name, _, setting = parameter.partition("=")
                values[name.strip()] = setting.strip().lower()
    return values


def is_on(settings: Iterable[tuple[str, str]], parameter: str) -> bool:
    """Whether a device tree parameter is switched on."""
    return parameters(settings).get(parameter, "off") in _ON


def overlays(settings: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the parameters of each overlay (dtoverlay=name,parameter,...), by overlay name."""
    parameters_by_name = {}
    for key, value in settings:
        if key == "dtoverlay":
            name, *details = (part.strip() for part in value.split(","))
            parameters_by_name[name] = tuple(details)
    return parameters_by_name


def pins_at_boot(settings: Iterable[tuple[str, str]]) -> dict[int, PinAtBoot]:
    """Return what the lines gpio=LIST=STATES do to each pin they name."""
    pins: dict[int, PinAtBoot] = {}
    for key, value in settings:
        if key == "gpio":
            numbers, _, states = value.partition("=")
            words = [word.strip().lower() for word in states.split(",")]
            for number in _numbers(numbers):
                pins[number] = _with_states(pins.get(number, PinAtBoot()), words)
    return pins


def _numbers(text: str) -> list[int]:
    """Return the pins of a list with ranges, such as 0-3,17; anything that is not a number is ignored."""
    numbers: list[int] = []
    for part in text.split(","):
        first, _, last = (end.strip() for end in part.partition("-"))
        last = last or first
        if first.isdecimal() and last.isdecimal():
            numbers.extend(range(int(first), min(int(last), 53) + 1))  # the chip's last pin is 53
    return numbers


def _with_states(pin: PinAtBoot, words: Iterable[str]) -> PinAtBoot:
    for word in words:
        if word in _FUNCTIONS:
            pin = PinAtBoot(word, pin.level)
        elif word in _LEVELS:
            pin = PinAtBoot(pin.function, word)
    return pin


def line_for(pins: Iterable[int]) -> str:
    """Return the config.txt line that drives the pins low from power-on."""
    return f"gpio={','.join(map(str, sorted(pins)))}=op,dl"


def with_lines(text: str, lines: Iterable[str]) -> str:
    """Return the text with the lines appended so that they apply to every board; unchanged if there are none."""
    added = list(dict.fromkeys(lines))
    if not added:
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    start = "" if not text or text.endswith("\n") else end
    section = [] if _ends_in_all(text) else ["[all]"]
    return text + start + "".join(line + end for line in (*section, NOTE, *added))


def _ends_in_all(text: str) -> bool:
    """Whether a line added at the end would apply to every board; False after an include, which may set a filter."""
    lines = [line.strip() for line in text.splitlines()]
    marks = [line for line in lines if line.startswith("[") or line.split()[:1] == ["include"]]
    return not marks or marks[-1].lower() == "[all]"
