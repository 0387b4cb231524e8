"""The errors of the controller. Each has one sentence for people."""


class CommandError(ValueError):
    """A command was not carried out, because of a mistake by its sender; nothing has changed.

    `word` is for programs (`unknown`, `usage`, `value`, `refused`, `offline`). `sentence` is for people: what is
    wrong, where, which rule it breaks, and the remedy.
    """

    def __init__(self, word: str, sentence: str) -> None:
        super().__init__(f"{word}: {sentence}")
        self.word = word
        self.sentence = sentence


class UnknownMethodError(CommandError):
    """The control protocol has no method of that name."""


class BadParamsError(CommandError):
    """A method of the control protocol was called with the wrong parameters."""


class ScriptError(ValueError):
    """A script for the virtual bench cannot be played; the sentence names the file and the line."""


class DaemonError(RuntimeError):
    """The daemon cannot start or cannot be reached; the sentence says what to do."""
