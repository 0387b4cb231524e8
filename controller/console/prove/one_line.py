"""`prove` in one line: the same walk for scripts and line mode, a step a line.

Knows the methods of the control protocol by name.
"""

from typing import Any

from controller.console.answer import Answer
from controller.console.command import Command, Session
from controller.console.prove import text
from controller.console.prove.answers import all_said, choices
from controller.errors import CommandError

Reply = dict[str, Any]

_PLAIN = ("press", "back", "drop", "finish")


def request(session: Session, words: list[str]) -> object:
    """Carry out a step of a proof; without a word, return how far it is."""
    verb, *rest = words or [""]
    if rest and verb in _PLAIN:
        raise CommandError("usage", f"prove {verb} takes nothing else")
    match verb:
        case "":
            return session.call("proof")
        case "begin" | "again":
            body = rest[0] if rest else body_of(session.call("status"))
            return session.call("proof.begin", body=body, **({"again": True} if verb == "again" else {}))
        case "answer":
            reply = session.call("proof")
            if reply["question"] is None:
                raise CommandError("refused", reply["text"])
            seen = all_said(reply["question"], rest[0].split() if rest else [])
            return session.call("proof.answer", number=reply["number"], **seen)
        case "part" | "redo":
            if not rest:
                raise CommandError("usage", f"prove {verb} needs the name of a part, like: prove {verb} gap")
            return session.call("proof.part", part=rest[0], **({"again": True} if verb == "redo" else {}))
    return session.call(f"proof.{verb}")


def body_of(status: Reply) -> str:
    """Return the name of the body that is set; of its port if it is not known."""
    return str(status["model"] or status["camera"])


def render(reply: Reply) -> Answer:
    """Show the question, or what came of the proof."""
    if "judged" in reply:
        return Answer(tuple(text.outcome(reply)), text=reply["text"])
    if "seconds" in reply:
        return Answer(text=f"the contacts are closed for the question, and open again in {reply['seconds']} s")
    if reply["question"] is None:
        lines = [] if reply["state"] == "none" else text.over(reply)
        then = "prove begin BODY" if reply["state"] == "none" else "prove finish"
        return Answer(tuple(lines), text=f"{reply['text'].partition(';')[0]}; then: {then}")
    return Answer((*text.question(reply), *text.contradictions(reply)), text=_then(reply))


def _then(reply: Reply) -> str:
    asked = reply["question"]
    none = ", or prove answer none if the camera has no such setting" if asked["cannot"] else ""
    if reply["state"] == "playing":
        return "the contacts are being closed for this question; wait until they are open"
    if reply["needs_press"]:
        return f"set the camera, then: prove press{none}"
    wanted = "; ".join(choices(ask).replace("?", "-") for ask in asked["asks"])
    return f"then: prove answer{f', with {wanted}' if wanted else ''}{none}"


ROWS = (
    Command(
        "prove",
        "[begin|again|press|answer|back|part|redo|drop|finish] [SEEN]",
        "prove what your camera does, question by question",
        "prove begin R6",
        request,
        render,
        is_action=True,
    ),
)
