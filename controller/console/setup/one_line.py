"""`setup` in one line: tells how a camera is set up, or sets all that follows from its body, or nothing.

Knows the methods of the control protocol by name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from controller.cameras.setup_guide import BODIES, PROFILE, STATEMENT, guide, why_unusable
from controller.console.answer import Answer, failed
from controller.console.command import Session
from controller.errors import CommandError

Call = Callable[..., Any]
_SECTION = PROFILE.partition(".")[0]


def ask(session: Session, words: list[str]) -> object:
    """Carry out `setup ID BODY`, the reply says what is set; or the facts of the camera named, or of the one set."""
    profile = words[0].lower() if words else camera_settings(session.call)[PROFILE]
    if len(words) < 2:  # noqa: PLR2004 - a camera alone says nothing about its body
        return session.call("cameras", profile=profile)
    changes = {PROFILE: profile, STATEMENT: BODIES[words[1]]}
    set_all(session.call, changes)
    return changes


def tell(reply: dict[str, str]) -> Answer:
    """What was set, or the guide of a camera."""
    if "id" not in reply:
        return Answer(text="; ".join(f"{key} is {value}" for key, value in reply.items()) + "; save keeps it")
    wrong = why_unusable(reply)
    if wrong:
        return failed("value", f"{wrong}; choose another")
    return Answer(tuple(guide(reply)), text=f"set up {reply['id']} like that, then say so")


def camera_settings(call: Call) -> dict[str, str]:
    """The settings of the camera as they stand, as text by key."""
    return {row["key"]: row["value"] for row in call("settings.show", section=_SECTION)}


def set_all(call: Call, changes: Mapping[str, str]) -> None:
    """Set all or nothing: where one is refused, put back what was set, and raise the CommandError of it."""
    stood = camera_settings(call)
    done: list[str] = []
    try:
        for key, value in changes.items():
            call("settings.set", key=key, value=value)
            done.append(key)
    except CommandError as error:
        _put_back(call, {key: stood[key] for key in reversed(done)}, error)
        raise


def _put_back(call: Call, stood: Mapping[str, str], why: CommandError) -> None:
    """CommandError that names both reasons where it cannot be."""
    for key, value in stood.items():
        try:
            call("settings.set", key=key, value=value)
        except CommandError as error:
            sentence = f"{why.sentence}; and {key} could not be put back to {value}: {error.sentence}"
            raise CommandError(why.word, sentence) from error
