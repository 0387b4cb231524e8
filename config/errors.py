"""The only error class of this package. Knows sentences; knows nothing about settings, files or cameras."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST_QUOTE = 60


class ConfigError(ValueError):
    """A setting, a settings file or a camera profile is wrong. Each argument is one fault, in one sentence."""

    @property
    def faults(self) -> tuple[str, ...]:
        """All faults, in the order they were found."""
        return tuple(str(fault) for fault in self.args)

    def __str__(self) -> str:
        return "\n".join(self.faults)


@contextmanager
def faults_in(path: Path) -> Iterator[None]:
    """Prefix each fault raised inside with the path of the file."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(*(f"{path}: {fault}" for fault in error.faults)) from None


def quoted(text: str) -> str:
    """Return the text in double quotes on one line: long text is cut, unprintable characters are escaped."""
    head = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "..."
    return '"' + "".join(char if char.isprintable() else _escaped(char) for char in head) + '"'


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
