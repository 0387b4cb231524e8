"""The answers to the questions of a proof, as people type them: a number, y, n, or ? for "I don't know".

Pure; knows the shape of a question.
"""

from collections.abc import Sequence
from typing import Any

from config.errors import quoted
from controller.errors import CommandError

Reply = dict[str, Any]

_UNKNOWN = ("?", "-")  # at the end of a line of line mode, ? asks for help
_YES, _NO = ("y", "yes"), ("n", "no")
NO_SUCH_SETTING = "none"


def parsed(ask: Reply, word: str) -> int | bool | None:
    """Return what a word answers, None for "I don't know"; CommandError if it answers nothing."""
    word = word.lower()
    if word in _UNKNOWN:
        return None
    if ask["most"] is None and word in (*_YES, *_NO):
        return word in _YES
    if ask["most"] is not None and word.isascii() and word.isdigit() and len(word) < 3:  # noqa: PLR2004 - up to 99
        return int(word)
    raise CommandError("value", f"{quoted(word)} is no answer: {ask['text']} Type {choices(ask)}")


def choices(ask: Reply) -> str:
    """Return what can be typed."""
    return "y, n or ?" if ask["most"] is None else f"0 to {ask['most']} or ?"


def said(question: Reply, answers: Sequence[int | bool | None]) -> dict[str, int | bool]:
    """Return the parameters of `proof.answer`: what is not known is left out."""
    pairs = zip(question["asks"], answers, strict=True)
    return {ask["name"]: answer for ask, answer in pairs if answer is not None}


def all_said(question: Reply, words: Sequence[str]) -> dict[str, int | bool]:
    """Return the parameters of `proof.answer` for all answers in one line; CommandError if they do not fit."""
    if [word.lower() for word in words] == [NO_SUCH_SETTING] and question["cannot"]:
        return {"cannot": True}
    asks = question["asks"]
    if len(words) != len(asks):
        wanted = "; ".join(f"{ask['text']} ({choices(ask).replace('?', '-')})" for ask in asks)
        many = "1 answer" if len(asks) == 1 else f"{len(asks)} answers"
        raise CommandError("usage", f"this question takes {many}: {wanted}" if asks else "nothing is asked here")
    return said(question, [parsed(ask, word) for ask, word in zip(asks, words, strict=True)])
