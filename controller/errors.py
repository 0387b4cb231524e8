"""The errors of the controller: whose fault it was, in one word and one sentence."""


class CommandError(ValueError):
    """A command that was not carried out, by the fault of whoever gave it; nothing has changed.

    `word` is for programs (`unknown`, `usage`, `value`, `refused`, `offline`), `sentence` for people:
    what, where, the rule, the remedy.
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
    """A script of the virtual bench cannot be played; the sentence names file and line."""


class DaemonError(RuntimeError):
    """The daemon cannot start, or cannot be reached; the sentence says what to do."""
