"""The command `page`: pairs a phone by a link, lists the paired phones, and forgets them.

Knows the methods of the control protocol by name, and the shape of their replies.
"""

import socket
import sys
import textwrap
from dataclasses import replace
from typing import Any

from controller.console.answer import Answer
from controller.console.command import Command, Session
from controller.console.report import WIDTH, two_columns
from controller.errors import CommandError

Reply = dict[str, Any]

_MINUTE_S = 60
_NONE = "no phone is paired; page pair shows a link, or ask on the phone and press run on the box"
BENCH = "127.0.0.1:8080"  # where `make page` serves


def _request(session: Session, words: list[str]) -> object:
    verb, *rest = words
    if rest and verb != "unpair":
        raise CommandError("usage", f"page {verb} takes nothing else; page unpair takes the number of a phone")
    if verb == "pair":
        reply = session.call("pairing.link")
        return {"link": _link_of(session, reply["code"]), "seconds": reply["seconds"]}
    if verb == "list":
        return session.call("pairing.list")
    if rest and not (rest[0].isascii() and rest[0].isdigit()):
        raise CommandError("value", "page unpair takes the number of a phone, as in page list, or none for all")
    return session.call("pairing.remove", **({"number": int(rest[0])} if rest else {}))


def _link_of(session: Session, code: str) -> str:
    host = BENCH if session.call("status")["bench"] else f"{socket.gethostname().partition('.')[0]}.local"
    return f"http://{host}/pair#{code}"


def _answer(reply: Reply) -> Answer:
    if "link" in reply:
        return _link(reply)
    if "did" in reply:
        return Answer(text=reply["did"])
    rows = two_columns((str(phone["number"]), phone["name"]) for phone in reply["phones"])
    return Answer(tuple(rows), text="page unpair 1 forgets one, page unpair all of them" if rows else _NONE)


def _link(reply: Reply) -> Answer:
    """Return the link, and as a QR code if the terminal has room for it."""
    from controller.qr import draw, screen_of  # noqa: PLC0415 - the console must start quickly, and rarely needs this

    drawing = draw(reply["link"], replace(screen_of(sys.stdout), has_colours=False))
    notes = textwrap.wrap(drawing.note, WIDTH)
    text = f"open this within {reply['seconds'] // _MINUTE_S} minutes; it pairs one phone"
    return Answer((*drawing.lines, *notes, reply["link"]), text=text)


ROWS = (
    Command(
        "page",
        "pair|list|unpair [PHONE]",
        "pair a phone with the box, list the paired ones, or forget one or all",
        "page unpair 1",
        _request,
        _answer,
        is_action=True,
    ),
)
