"""`setup` in one line: shows how to set up a camera, or sets everything that follows from its body, or nothing.

Knows the methods of the control protocol by name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from controller.cameras.setup_guide import BACK_BUTTON_FOCUS, BODIES, PROFILE, guide, why_unusable
from controller.console.answer import Answer, failed
from controller.console.command import Session
from controller.errors import CommandError

Call = Callable[..., Any]
_SECTION = PROFILE.partition(".")[0]


def request(session: Session, words: list[str]) -> object:
    """Carry out `setup ID BODY` and return what was set; without BODY, return the facts about the camera.

    Without ID, that is the camera of the present settings.
    """
    profile = words[0].lower() if words else camera_settings(session.call)[PROFILE]
    if len(words) < 2:  # noqa: PLR2004 - the ID alone says nothing about the body
        return session.call("cameras", profile=profile)
    changes = {PROFILE: profile, BACK_BUTTON_FOCUS: BODIES[words[1]]}
    set_all(session.call, changes)
    return changes


def render(reply: dict[str, str]) -> Answer:
    """Show what was set, or how to set up a camera."""
    if "id" not in reply:
        return Answer(text="; ".join(f"{key} is {value}" for key, value in reply.items()) + "; save keeps it")
    reason = why_unusable(reply)
    if reason:
        return failed("value", f"{reason}; choose another")
    return Answer(tuple(guide(reply)), text=f"set up {reply['id']} like this, then type the lines above")


def camera_settings(call: Call) -> dict[str, str]:
    """Return the present settings of the camera, as text by key."""
    return {row["key"]: row["value"] for row in call("settings.show", section=_SECTION)}


def set_all(call: Call, changes: Mapping[str, str]) -> None:
    """Set all or nothing: if one is refused, restore the others and raise its CommandError."""
    before = camera_settings(call)
    done: list[str] = []
    try:
        for key, value in changes.items():
            call("settings.set", key=key, value=value)
            done.append(key)
    except CommandError as error:
        _restore(call, {key: before[key] for key in reversed(done)}, error)
        raise


def _restore(call: Call, before: Mapping[str, str], cause: CommandError) -> None:
    """Raise a CommandError with both reasons if a setting cannot be restored."""
    for key, value in before.items():
        try:
            call("settings.set", key=key, value=value)
        except CommandError as error:
            sentence = f"{cause.sentence}; and {key} could not be restored to {value}: {error.sentence}"
            raise CommandError(cause.word, sentence) from error
