"""`prove` at the prompt: a question, Enter, what the owner saw; until the box knows enough.

Knows the methods of the control protocol by name. Which question comes next is the box's to say. The texts are in
`text`; the box keeps each answer, so leaving loses nothing.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from config.errors import quoted
from controller.console.answer import NOTHING, Answer, failed
from controller.console.commands import COMMANDS
from controller.console.grammar import names_starting_with, split_line
from controller.console.prove import text
from controller.console.prove.answers import NO_SUCH_SETTING, parsed, said
from controller.console.prove.one_line import body_of
from controller.errors import CommandError

Call = Callable[..., Any]
Reply = dict[str, Any]

_NAME = "prove"
_SAME = {"back": "b", "press": "", "finish": "f", "yes": "y"}
_COMMANDS = ("cut", "stop", "status")  # possible at any question
_STILL_CLOSED = "the contacts are still closed; answer once they are open"
_ELSEWHERE = "Somebody has gone on with this proof elsewhere; this is the question now."


class _At(Enum):
    """Where the walk is."""

    BODY = auto()
    PRESS = auto()
    LOOK = auto()
    OVER = auto()
    DROP = auto()


class InteractiveProof:
    """Walks through a proof, one answer a line; `call` is the session's."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._at: _At | None = None
        self._reply: Reply = {}
        self._answers: list[int | bool | None] = []
        self._body = ""
        self._has_looked = False  # at whether the press was played as a whole

    @property
    def prompt(self) -> str:
        """The prompt for the next answer; "" while no walk is on."""
        match self._at:
            case None:
                return ""
            case _At.BODY:
                return f"body (Enter is {self._body})> "
            case _At.PRESS:
                return "Enter closes the contacts> "
            case _At.OVER:
                return "go by it? (Enter is yes; b, q, parts, drop)> "
            case _At.DROP:
                return "forget all answers? y or n> "
        asks = self._asks
        return text.prompt(asks[len(self._answers)]) if asks else "Enter once all is open> "

    @property
    def words(self) -> tuple[str, ...]:
        """The words that Tab completes; empty while no walk is on."""
        none = (NO_SUCH_SETTING,) if self._at is _At.PRESS and self._reply["question"]["cannot"] else ()
        parts = ("part", "parts", "redo") if self._at in (_At.PRESS, _At.OVER) else ()
        return () if self._at is None else (*none, "back", *parts, "quit")

    def handle(self, line: str) -> Answer | None:
        """Answer a line that belongs to the walk or starts one. Returns None for any other, and for `cut`."""
        try:
            words = split_line(line)
            if self._at is None:
                return self._begin() if _starts_walk(words) else None
            if len(words) == 1 and words[0].lower() in _COMMANDS:
                return None
            return self._continue(" ".join(words))
        except CommandError as error:
            return failed(error.word, error.sentence)

    def leave(self) -> Answer:
        """End the walk where it is; the answers are kept. Returns NOTHING if none is on."""
        return NOTHING if self._at is None else self._end(self._left)

    @property
    def _left(self) -> str:
        return "no proof was begun" if self._at is _At.BODY else text.LEFT

    @property
    def _asks(self) -> list[Reply]:
        return list(self._reply["question"]["asks"])

    def _end(self, sentence: str, lines: list[str] | None = None) -> Answer:
        self._at = None
        return Answer(tuple(lines or ()), text=sentence)

    def _begin(self) -> Answer:
        """Ask for the body, or go on with the proof that was left."""
        reply = self._call("proof")
        if reply["state"] == "none":
            self._at, self._body = _At.BODY, body_of(self._call("status"))
            return Answer(
                (*_wrapped(text.INTRO), *_wrapped(text.HINT), "Which body is it? Its name, as printed on it:")
            )
        reply = self._call("proof.begin", body=reply["body"])  # refused if the camera is another now
        count = reply["asked"]
        head = f"The proof of the {reply['body']} goes on; {count} answer{'' if count == 1 else 's'} so far."
        return self._show(reply, [*_wrapped(f"{head} {text.HINT}")])

    def _continue(self, typed: str) -> Answer:
        word = typed.lower()
        if word in ("q", "quit"):
            return self._end(self._left)
        match self._at:
            case _At.BODY:
                return self._show(self._call("proof.begin", body=typed or self._body), [])
            case _At.PRESS:
                return self._at_press(_SAME.get(word, word))
            case _At.OVER:
                return self._at_end(_SAME.get(word, word))
            case _At.DROP:
                return self._drop(_SAME.get(word, word))
        return self._look(word.split())

    def _show(self, reply: Reply, before: list[str]) -> Answer:
        """Show the question of a reply, or what came of all of them."""
        self._reply, self._answers, self._has_looked = reply, [], False
        if reply["question"] is None:
            self._at = _At.OVER
            return Answer((*before, *text.over(reply), *_wrapped(f"{reply['text'].capitalize()}.")))
        self._at = _At.PRESS if reply["needs_press"] else _At.LOOK
        lines = [*before, *text.question(reply)]
        if reply["question"]["cannot"] and reply["needs_press"]:
            lines += _wrapped(f"Type {NO_SUCH_SETTING} if your camera has no such setting.")
        if self._at is _At.LOOK and self._asks:
            lines.append(text.ask(self._asks[0]))
        return Answer(tuple(lines))

    def _at_parts(self, word: str, possible: str) -> Answer:
        """List the parts, or choose what is asked; CommandError for anything else, with what is `possible`."""
        match word.split():
            case ["parts"]:
                return Answer(tuple(text.parts(self._call("proof"))))
            case ["part" | "redo" as verb, name]:
                again = {"again": True} if verb == "redo" else {}
                return self._show(self._call("proof.part", part=name, **again), [])
        raise CommandError("usage", f"{quoted(word)} is not possible here; type {possible}")

    def _at_press(self, word: str) -> Answer:
        question = self._reply["question"]
        if word == "b":
            return self._back()
        if word == NO_SUCH_SETTING and question["cannot"]:
            return self._answer({"cannot": True})
        if word in ("f", "drop"):
            self._at = _At.DROP if word == "drop" else self._at
            return Answer() if word == "drop" else self._finish()
        if word:
            none = f", {NO_SUCH_SETTING}" if question["cannot"] else ""
            return self._at_parts(word, f"Enter{none}, b, q, parts, finish or drop")
        moved_on = self._moved_on(self._call("proof"))
        if moved_on is not None:
            return moved_on
        seconds = self._call("proof.press", number=self._reply["number"])["seconds"]
        self._at, self._answers, self._has_looked = _At.LOOK, [], False
        first = [text.ask(ask) for ask in self._asks[:1]]
        return Answer((text.closing(seconds), *first))

    def _moved_on(self, now: Reply) -> Answer | None:
        """Return the question now if it is another than the one shown, as somebody has answered it elsewhere."""
        shown = (self._reply["number"], self._reply["question"])
        return None if (now.get("number"), now["question"]) == shown else self._show(now, [_ELSEWHERE])

    def _look(self, words: list[str]) -> Answer:
        """Take what was seen; several answers may be in one line."""
        if not self._has_looked:
            interrupted = self._check_press()
            if interrupted is not None:
                return interrupted
        for word in words:
            if word in ("b", "back"):
                return self._back_a_look()
            if len(self._answers) == len(self._asks):
                break
            self._answers.append(parsed(self._asks[len(self._answers)], word))
        if len(self._answers) < len(self._asks):
            return Answer((text.ask(self._asks[len(self._answers)]),))
        answers, self._answers = self._answers, []  # asked again if they are refused
        return self._answer(said(self._reply["question"], answers))

    def _check_press(self) -> Answer | None:
        """Return why nothing can be answered yet, None if the press was played as a whole."""
        now = self._call("proof")
        moved_on = self._moved_on(now)
        if moved_on is not None:
            return moved_on
        if now["state"] == "playing":
            raise CommandError("refused", _STILL_CLOSED)
        if now["needs_press"]:
            return self._show(now, [text.WAS_CUT])
        self._has_looked = True
        return None

    def _back_a_look(self) -> Answer:
        if self._answers:
            self._answers.pop()
            return Answer((text.ask(self._asks[len(self._answers)]),))
        if self._reply["question"]["closes_contacts"]:
            return self._show({**self._reply, "needs_press": True}, [])
        return self._back()

    def _back(self) -> Answer:
        if not self._reply["asked"]:
            raise CommandError("usage", "this is the first question; q leaves the proof")
        return self._show(self._call("proof.back"), ["The last answer is taken back."])

    def _answer(self, seen: Reply) -> Answer:
        before = self._reply
        now = self._call("proof.answer", number=before["number"], **seen)
        return self._show(now, [] if now["question"] is None else text.news(before, now))

    def _at_end(self, word: str) -> Answer:
        match word:
            case "b":
                return self._back()
            case "drop":
                self._at = _At.DROP
                return Answer()
            case "" | "y" | "f":
                return self._finish()
        return self._at_parts(word, "Enter, b, q, parts or drop")

    def _finish(self) -> Answer:
        reply = self._call("proof.finish")
        return self._end(reply["text"], text.outcome(reply))

    def _drop(self, word: str) -> Answer:
        if word == "y":
            self._call("proof.drop")
            return self._end(text.FORGOTTEN)
        return self._show(self._reply, [])


def _wrapped(sentences: str) -> list[str]:
    from controller.cameras.setup_guide import paragraph  # noqa: PLC0415 - the console must start quickly

    return paragraph(sentences)


def _starts_walk(words: list[str]) -> bool:
    """Return whether a line is `prove` alone, perhaps abbreviated."""
    return len(words) == 1 and len(words[0]) >= 4 and names_starting_with(words[0].lower(), COMMANDS) == [_NAME]  # noqa: PLR2004 - as any action
