"""The one error of this package. Knows sentences; knows nothing of settings, files or cameras."""

_LONGEST_QUOTE = 60


class ConfigError(ValueError):
    """What is wrong with a setting, a settings file or a camera profile: one sentence a fault."""

    @property
    def faults(self) -> tuple[str, ...]:
        """Every fault, in the order it was found."""
        return tuple(str(fault) for fault in self.args)

    def __str__(self) -> str:
        return "\n".join(self.faults)


def quoted(text: str) -> str:
    """The text in quotes and on one line: a long one cut, unprintable characters spelled out."""
    head = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "..."
    return '"' + "".join(char if char.isprintable() else _spelled(char) for char in head) + '"'


def _spelled(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
