"""How a line is read: its words, and what a command takes. Knows text; knows no command by name."""

import shlex
from dataclasses import dataclass

from config.units import did_you_mean
from controller.errors import CommandError

LONGEST_LINE = 4096
JSON = "--json"


def words_of(line: str) -> list[str]:
    """The words of a line, none if nothing is on it; CommandError if it is no line of a person or a script.

    Words are parted by spaces; a word with spaces in it stands in quotes.
    """
    if not any(_is_readable(char) and not char.isspace() for char in line):
        return _nothing_but_noise(line)
    line = line.rstrip("\r\n")
    if len(line) > LONGEST_LINE:
        raise CommandError("usage", TOO_LONG)
    if not all(_is_readable(char) for char in line):
        raise CommandError("usage", "the line holds bytes that are no text; it was not carried out")
    try:
        return shlex.split(line)
    except ValueError:
        raise CommandError("usage", "a quote or a backslash at the end is open; write it like 'a b'") from None


TOO_LONG = f"a line has at most {LONGEST_LINE} characters; this one was longer and was not carried out"


def _nothing_but_noise(line: str) -> list[str]:
    """No words for blanks and control characters; undecodable bytes are worth an error."""
    if any(_is_undecodable(char) for char in line):
        raise CommandError("usage", "the line holds bytes that are no text; it was not carried out")
    return []


def _is_readable(char: str) -> bool:
    is_control = char < " " or "\x7f" <= char < "\xa0"
    return char == "\t" or not (is_control or _is_undecodable(char))


def _is_undecodable(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"


@dataclass(frozen=True, slots=True)
class Slot:
    """One argument: lower-case names are to be typed as they stand, upper-case ones stand for something."""

    names: tuple[str, ...]
    is_optional: bool

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be typed, if nothing else may."""
        return self.names if all(name.islower() for name in self.names) else ()


def slots_of(arguments: str) -> tuple[Slot, ...]:
    """The slots of `KEY VALUE`, `[SECTION|KEY]` or `hold|release`."""
    return tuple(Slot(tuple(each.strip("[]").split("|")), each.startswith("[")) for each in arguments.split())


def check_words(slots: tuple[Slot, ...], words: list[str], usage: str) -> None:
    """CommandError `usage` if the words do not fit the slots."""
    needed = sum(not slot.is_optional for slot in slots)
    if not needed <= len(words) <= len(slots):
        raise CommandError("usage", usage)
    for slot, word in zip(slots, words, strict=False):
        if slot.choices and word not in slot.choices:
            raise CommandError("usage", usage + did_you_mean(word, slot.choices))
