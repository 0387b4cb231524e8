"""Parses scripts for the virtual bench: lines of `at TIME ACTION`. Presses nothing.

A `#` at the start of a line or after a space begins a comment; blank lines are skipped. A comment `# == Title` is
the title of a chapter: the narration shows it before what the next line does. Times are durations and must
not decrease. An action is `press BUTTON`, `release BUTTON`, `hold BUTTON DURATION`, `tap BUTTON`, or
`> CONSOLE COMMAND`.
"""

import re
from dataclasses import replace
from pathlib import Path

from config.errors import ConfigError, quoted
from config.record import dataclass
from config.units import did_you_mean, format_duration, parse_duration
from controller.core.events import Button
from controller.errors import ScriptError
from hardware.virtual.thumb import TAP_NS

_TITLE = re.compile(r"\s*#\s*==\s+(.*?)[\s=]*$")
_COMMENT = re.compile(r"(?:^|\s)#")
BUTTONS = tuple(button.value for button in Button)
_ACTIONS = {
    "press": "press BUTTON",
    "release": "release BUTTON",
    "hold": "hold BUTTON DURATION",
    "tap": "tap BUTTON",
}


@dataclass(frozen=True, slots=True)
class Press:
    """Press a button, and release it after `for_ns` unless that is None."""

    button: str
    for_ns: int | None = None


@dataclass(frozen=True, slots=True)
class LetGo:
    """Release a button."""

    button: str


@dataclass(frozen=True, slots=True)
class Type:
    """Type a command at the console."""

    command: str


Action = Press | LetGo | Type


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line of a script: an action, and its time from the start; `chapter` is the title of one that it begins."""

    number: int
    at_ns: int
    action: Action
    chapter: str | None = None


def read_script(path: Path) -> tuple[ScriptLine, ...]:
    """Read and check a script; ScriptError with one sentence if it cannot be read or played."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptError(f"{path}: not a text file (byte {error.start} is not UTF-8)") from error
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read ({error.strerror})") from error
    return parse_script(text, str(path))


def parse_script(text: str, name: str) -> tuple[ScriptLine, ...]:
    """Parse and check a script; ScriptError names it by `name`."""
    lines: list[ScriptLine] = []
    chapter: str | None = None  # begins with the next line
    for number, raw in enumerate(text.split("\n"), start=1):
        if (title := _TITLE.match(raw)) and title[1]:
            chapter = title[1]
        text_of_line = _COMMENT.split(raw, maxsplit=1)[0].strip()
        if text_of_line:
            try:
                lines.append(replace(_parse_line(number, text_of_line), chapter=chapter))
                chapter = None
                _check_order(lines)
                _check_thumb(lines)
            except (ConfigError, ScriptError) as error:
                raise ScriptError(f"{name} line {number}: {error}") from error
    return tuple(lines)


def _parse_line(number: int, words: str) -> ScriptLine:
    match words.split(maxsplit=2):
        case ["at", time, action]:
            return ScriptLine(number, parse_duration(time), _parse_action(action))
        case _:
            raise ScriptError(f"{quoted(words)} is not a script line; write: at TIME ACTION, e.g. at 0.5s tap back")


def _parse_action(text: str) -> Action:
    if text.startswith(">"):
        command = text[1:].strip()
        if not command:
            raise ScriptError("a console command is missing after >; e.g. at 0s > status")
        return Type(command)
    verb, *arguments = text.split()
    if verb not in _ACTIONS:
        hint = did_you_mean(verb, _ACTIONS) or "; choose from press, release, hold, tap, or > COMMAND"
        raise ScriptError(f"{quoted(verb)} is not an action{hint}")
    if len(arguments) != (2 if verb == "hold" else 1):
        raise ScriptError(f"{quoted(text)} has the wrong number of words; write: {_ACTIONS[verb]}")
    button = arguments[0]
    if button not in BUTTONS:
        hint = did_you_mean(button, BUTTONS) or f"; choose from {', '.join(BUTTONS)}"
        raise ScriptError(f"{quoted(button)} is not a button{hint}")
    if verb == "release":
        return LetGo(button)
    if verb == "press":
        return Press(button)
    return Press(button, TAP_NS if verb == "tap" else _parse_hold(arguments[1]))


def _parse_hold(text: str) -> int:
    for_ns = parse_duration(text)
    if for_ns == 0:
        raise ScriptError("a hold of 0s does not press the button; give a longer time, e.g. hold back 500ms")
    return for_ns


def _check_order(lines: list[ScriptLine]) -> None:
    if len(lines) > 1 and lines[-1].at_ns < lines[-2].at_ns:
        raise ScriptError(
            f"{format_duration(lines[-1].at_ns)} is before {format_duration(lines[-2].at_ns)} of line "
            f"{lines[-2].number}; times must not decrease"
        )


def _check_thumb(lines: list[ScriptLine]) -> None:
    """Refuse to press a button that is still pressed."""
    pressed = lines[-1]
    if not isinstance(pressed.action, Press):
        return
    for line in reversed(lines[:-1]):
        match line.action:
            case LetGo(button) if button == pressed.action.button:
                return
            case Press(button, for_ns) if button == pressed.action.button:
                if for_ns is None or line.at_ns + for_ns > pressed.at_ns:
                    raise ScriptError(f"{button} is still pressed since line {line.number}; release it first")
                return
            case _:
                pass
