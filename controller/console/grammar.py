"""How a line is read: splits it into words, checks the arguments, expands abbreviations. Must not know commands."""

import shlex
from collections.abc import Iterable

from config.errors import quoted
from config.record import dataclass
from config.units import did_you_mean
from controller.errors import CommandError

LONGEST_LINE = 4096
JSON = "--json"
HELP_MARK = "?"  # at the end of a line: asks what can stand here
TOO_LONG = f"a line can have at most {LONGEST_LINE} characters; this one was longer and was ignored"
_NOT_TEXT = "the line contains bytes that are not text; it was ignored"
_CAN_HAVE_SPACES = {"VALUE", "WHEN", "TIME", "DURATION", "CAMERA", "SEEN", "STOPS"}


def split_line(line: str) -> list[str]:
    """Return the words of a line; none if it is empty. Raises CommandError if it is not text or a quote is open.

    Spaces separate words; quotes keep a value with spaces together.
    """
    if not any(_is_readable(char) and not char.isspace() for char in line):
        return _no_words(line)
    line = line.rstrip("\r\n")
    if len(line) > LONGEST_LINE:
        raise CommandError("usage", TOO_LONG)
    if not all(_is_readable(char) for char in line):
        raise CommandError("usage", _NOT_TEXT)
    if "\N{DEGREE SIGN}" in line:  # an angle: its quotes are minutes and seconds
        return line.split()
    try:
        return shlex.split(line)
    except ValueError:
        sentence = "a quote is not closed, or the line ends in a backslash; write text with spaces like 'a b'"
        raise CommandError("usage", sentence) from None


def _no_words(line: str) -> list[str]:
    """Ignore blanks and control characters; raise CommandError for bytes that cannot be decoded."""
    if any(_is_undecodable(char) for char in line):
        raise CommandError("usage", _NOT_TEXT)
    return []


def _is_readable(char: str) -> bool:
    is_control = char < " " or "\x7f" <= char < "\xa0"
    return char == "\t" or not (is_control or _is_undecodable(char))


def _is_undecodable(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command. Of its `alternatives`, those in capitals are placeholders, the others literals.

    The line may end before an optional argument.
    """

    alternatives: tuple[str, ...]
    is_optional: bool

    @property
    def literals(self) -> tuple[str, ...]:
        """The words that are typed literally."""
        return tuple(name for name in self.alternatives if name.islower())

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names that stand for a value."""
        return tuple(name for name in self.alternatives if not name.islower())

    @property
    def choices(self) -> tuple[str, ...]:
        """Every word that is accepted; empty where a placeholder accepts more than can be listed."""
        return () if self.placeholders else self.literals


def parse_usage(usage: str) -> tuple[Argument, ...]:
    """Parse `KEY VALUE`, `[SECTION|KEY]`, `hold|release`, or `[set TIME]`, which is both words or neither."""
    return tuple(Argument(tuple(each.strip("[]").split("|")), each.startswith("[")) for each in usage.split())


def join_last(arguments: tuple[Argument, ...], words: list[str]) -> list[str]:
    """Return the words, those of a value that may have spaces as one: `set shot.exposure 1h 30m`.

    That is the last argument, or one before an optional word that is not there: `start 2026-11-23 06:30`, or that is
    the last word: `setup a7 iii bbf`.
    """
    for place, argument in enumerate(arguments):
        following = arguments[place + 1 : place + 2]
        is_last = not following or (
            following[0].is_optional and not _begins(following[0], words[place + 1 : place + 2])
        )
        if len(words) > place + 1 and is_last and _CAN_HAVE_SPACES & {*argument.alternatives}:
            end = len(words) - any(_is_meant(after, words[-1]) for after in following)
            return [*words[:place], " ".join(words[place:end]), *words[end:]]
    return words


def _begins(argument: Argument, words: list[str]) -> bool:
    """Return whether the first of these words can be that argument, or an abbreviation of it."""
    choices = argument.choices
    return not words or not choices or any(choice.startswith(words[0].lower()) for choice in choices)


def _is_meant(argument: Argument, word: str) -> bool:
    """Return whether a word is a choice of that argument, an abbreviation of one, or nearly one."""
    choices = argument.choices
    return bool(choices) and (_begins(argument, [word]) or bool(did_you_mean(word, choices)))


def can_end(arguments: tuple[Argument, ...], count: int) -> bool:
    """Return whether a line may end after `count` arguments."""
    return count == len(arguments) or (count < len(arguments) and arguments[count].is_optional)


def check_words(arguments: tuple[Argument, ...], words: list[str], expected: str) -> None:
    """Raise CommandError `usage` with the sentence `expected` if the words do not fit the arguments."""
    if not can_end(arguments, len(words)):
        raise CommandError("usage", expected)
    for argument, word in zip(arguments, words, strict=False):
        if argument.choices and word not in argument.choices:
            raise CommandError("usage", expected + did_you_mean(word, argument.choices))


def expand_word(word: str, names: Iterable[str]) -> str:
    """Return the only one of `names` that starts with `word`, or the word itself if none does.

    Raises CommandError if several do.
    """
    matches = names_starting_with(word.lower(), names)
    if len(matches) > 1:
        could_be = f"{', '.join(matches[:-1])} or {matches[-1]}"
        raise CommandError("unknown", f"{quoted(word)} could be {could_be}; type more letters")
    return matches[0] if matches else word


def names_starting_with(word: str, names: Iterable[str]) -> list[str]:
    """Return the matching `names`, sorted; only the word itself if it is one of them, and none for an empty word."""
    known = set(names)
    return [word] if word in known else sorted(name for name in known if word and name.startswith(word))
