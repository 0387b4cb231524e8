"""What a command is answered with. Knows text; knows no command and no terminal."""

from config.record import dataclass

# What scripts rely on: raised when a line that they send, or a part of the answer, comes to mean another thing.
PROTOCOL = 1
WORDS = {
    "unknown": "there is no such command, section, run or camera, or what was typed could be short for several",
    "usage": "the line cannot be read: a word too many or too few, an open quote, no text, or too long",
    "value": "there is no such setting, or it cannot have this value; what may be is said",
    "refused": "understood, and not done because of how things are now; what to do first is said",
    "offline": "the box's daemon does not answer; `fire` and the like may have been carried out or not, see `status`",
    "fault": "something broke inside; the daemon's log has more",
}

# What a face does after an answer.
QUIT = "quit"
PLAIN = "plain"
WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Answer:
    """Output lines, then one sentence; `word` is None where all went well, else one of WORDS."""

    lines: tuple[str, ...] = ()
    word: str | None = None
    text: str = ""
    then: str | None = None

    def plain(self) -> str:
        """The answer as line mode gives it: no more than one line of it does not start with a space."""
        if self == NOTHING:
            return ""
        head = "ok" if self.word is None else f"error {self.word}:"
        lines = [f" {line}" for line in self.lines]
        return "\n".join(one_line(line) for line in (*lines, f"{head} {self.text}".rstrip()))

    def screen(self) -> str:
        """The answer as a person at a terminal gets it."""
        head = {None: "", "refused": "refused: "}.get(self.word, "error: ")
        last = [f"{head}{self.text}"] if self.text else []
        return "\n".join(one_line(line) for line in (*self.lines, *last))


NOTHING = Answer()  # to a line with nothing on it


def failed(word: str, sentence: str) -> Answer:
    """Answer with an error; a word that is not one of ours is a fault."""
    return Answer(word=word if word in WORDS else "fault", text=sentence)


def one_line(text: str) -> str:
    """The text with every character that could move the cursor, end the line or not be sent as a blank."""
    return "".join(char if char.isprintable() else " " for char in text)
