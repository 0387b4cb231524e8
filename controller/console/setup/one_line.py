"""`setup` in one line: shows how to set up a camera, or sets everything that follows from its body, or nothing.

Knows the methods of the control protocol by name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from controller.cameras.setup_guide import BACK_BUTTON_FOCUS, BODIES, MODEL, PROFILE, UNSET, guide, why_unusable
from controller.console.answer import Answer, failed
from controller.console.command import Session
from controller.errors import CommandError

Call = Callable[..., Any]
_SECTION = PROFILE.partition(".")[0]


def request(session: Session, words: list[str]) -> object:
    """Carry out `setup CAMERA BODY` and return what was set; without BODY, return the facts about the camera.

    CAMERA is the name of a body or the id of a profile; without it, the camera of the present settings.
    """
    name = words[0] if words else chosen_camera(camera_settings(session.call))[1]
    if len(words) < 2:  # noqa: PLR2004 - the camera alone says nothing about how it is set up
        return session.call("cameras", profile=name)
    set_all(session.call, {PROFILE: name, BACK_BUTTON_FOCUS: BODIES[words[1]]})
    values = camera_settings(session.call)
    keys = [MODEL, PROFILE, BACK_BUTTON_FOCUS] if values.get(MODEL, UNSET) != UNSET else [PROFILE, BACK_BUTTON_FOCUS]
    return {key: values[key] for key in keys}


def render(reply: dict[str, Any]) -> Answer:
    """Show what was set, or how to set up a camera."""
    if "id" not in reply:
        return Answer(text="; ".join(f"{key} is {value}" for key, value in reply.items()) + "; save keeps it")
    reason = why_unusable(reply)
    if reason:
        return failed("value", f"{reason}; choose another")
    name = reply["id"] if reply["body"] is None else f"the {reply['body']['model']}"
    return Answer(tuple(guide(reply)), text=f"set up {name} like this, then type the lines above")


def camera_settings(call: Call) -> dict[str, str]:
    """Return the present settings of the camera, as text by key."""
    return {row["key"]: row["value"] for row in call("settings.show", section=_SECTION)}


def chosen_camera(values: Mapping[str, str]) -> tuple[str, str]:
    """Return the setting that says which camera it is, and its value: the body if it is known, else the profile.

    To set the body sets its profile too; to set the profile forgets the body.
    """
    model = values.get(MODEL, UNSET)
    return (PROFILE, values[PROFILE]) if model == UNSET else (MODEL, model)


def with_camera(changes: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Return the changes with the camera, if it changes, set by one key; `values` are those after the changes."""
    others = {key: value for key, value in changes.items() if key not in (MODEL, PROFILE)}
    return others if others.keys() == changes.keys() else dict([chosen_camera(values)]) | others


def set_all(call: Call, changes: Mapping[str, str]) -> None:
    """Set all or nothing: if one is refused, restore the others and raise its CommandError."""
    before = camera_settings(call)
    done: list[str] = []
    try:
        for key, value in changes.items():
            call("settings.set", key=key, value=value)
            done.append(key)
    except CommandError as error:
        _restore(call, with_camera({key: before[key] for key in reversed(done)}, before), error)
        raise


def _restore(call: Call, before: Mapping[str, str], cause: CommandError) -> None:
    """Raise a CommandError with both reasons if a setting cannot be restored."""
    for key, value in before.items():
        try:
            call("settings.set", key=key, value=value)
        except CommandError as error:
            sentence = f"{cause.sentence}; and {key} could not be restored to {value}: {error.sentence}"
            raise CommandError(cause.word, sentence) from error
