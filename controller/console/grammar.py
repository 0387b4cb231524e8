"""How a line is read: its words, what a command takes, what a word is short for. Knows no command by name."""

import shlex
from collections.abc import Iterable

from config.errors import quoted
from config.record import dataclass
from config.units import did_you_mean
from controller.errors import CommandError

LONGEST_LINE = 4096
JSON = "--json"
WHAT = "?"  # at the end of a line: what may stand here
_WITH_SPACES = {"VALUE", "WHEN", "TIME"}


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
    """One argument: lower-case names are to be typed as they stand, upper-case ones stand for something.

    With an optional one, the line may end before it.
    """

    names: tuple[str, ...]
    is_optional: bool

    @property
    def words(self) -> tuple[str, ...]:
        """The names that are to be typed as they stand."""
        return tuple(name for name in self.names if name.islower())

    @property
    def places(self) -> tuple[str, ...]:
        """The names that stand for something."""
        return tuple(name for name in self.names if not name.islower())

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be typed, if nothing else may."""
        return () if self.places else self.words


def slots_of(arguments: str) -> tuple[Slot, ...]:
    """The slots of `KEY VALUE`, `[SECTION|KEY]`, `hold|release` or `[set TIME]`, two words or none."""
    return tuple(Slot(tuple(each.strip("[]").split("|")), each.startswith("[")) for each in arguments.split())


def can_end(slots: tuple[Slot, ...], words: int) -> bool:
    """Tell whether a line may end after that many words."""
    return words == len(slots) or (words < len(slots) and slots[words].is_optional)


def check_words(slots: tuple[Slot, ...], words: list[str], usage: str) -> None:
    """CommandError `usage` if the words do not fit the slots."""
    if not can_end(slots, len(words)):
        is_parted = len(words) > len(slots) and any(_WITH_SPACES & {*slot.names} for slot in slots[-1:])
        raise CommandError("usage", usage + ("; what has spaces in it stands in quotes" if is_parted else ""))
    for slot, word in zip(slots, words, strict=False):
        if slot.choices and word not in slot.choices:
            raise CommandError("usage", usage + did_you_mean(word, slot.choices))


def in_full(word: str, names: Iterable[str]) -> str:
    """The one of `names` that a word is short for, the word itself if of none; CommandError if of several."""
    found = begun_by(word.lower(), names)
    if len(found) > 1:
        could_be = f"{', '.join(found[:-1])} or {found[-1]}"
        raise CommandError("unknown", f"{quoted(word)} could be {could_be}; type more of it")
    return found[0] if found else word


def begun_by(word: str, names: Iterable[str]) -> list[str]:
    """The `names` that begin so, sorted; only the one, if it is a name in full, and none of them by no letter."""
    known = set(names)
    return [word] if word in known else sorted(name for name in known if word and name.startswith(word))
