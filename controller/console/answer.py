"""The answer to a command. Knows text; must not know commands or terminals."""

from config.record import dataclass
from controller.printing import one_line

# The version of line mode. Raise it when a line that scripts send, or a part of the answer, changes its meaning.
PROTOCOL = 1
ERROR_WORDS = {
    "unknown": "there is no such command, section, run or camera, or the abbreviation fits several",
    "usage": "the line cannot be read: too many or too few words, an open quote, no text, or too long",
    "value": "there is no such setting, or it cannot have this value; the sentence says what is allowed",
    "refused": "understood, but not possible at the moment; the sentence says what to do first",
    "offline": "the box's daemon does not answer; a command may or may not have been carried out: check `status`",
    "fault": "an internal error; the daemon's log has the details",
}

# What the console does after it has shown an answer.
QUIT = "quit"
PLAIN = "plain"
WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Answer:
    """Output lines, then one sentence.

    `word` is None after success, else one of ERROR_WORDS; `then` is QUIT, PLAIN, WATCH or None.
    """

    lines: tuple[str, ...] = ()
    word: str | None = None
    text: str = ""
    then: str | None = None

    def for_scripts(self) -> str:
        """Return the answer for line mode: every line but the last starts with a space."""
        if self == NOTHING:
            return ""
        head = "ok" if self.word is None else f"error {self.word}:"
        lines = [f" {line}" for line in self.lines]
        return "\n".join(one_line(line) for line in (*lines, f"{head} {self.text}".rstrip()))

    def for_people(self) -> str:
        """Return the answer for a terminal."""
        head = {None: "", "refused": "refused: "}.get(self.word, "error: ")
        last = [f"{head}{self.text}"] if self.text else []
        return "\n".join(one_line(line) for line in (*self.lines, *last))


NOTHING = Answer()  # the answer to an empty line


def failed(word: str, sentence: str) -> Answer:
    """Return an error; an unknown word becomes `fault`."""
    return Answer(word=word if word in ERROR_WORDS else "fault", text=sentence)
