"""Which profile a camera needs, whether it was called by the profile's id or by the name on its body.

Knows the list of bodies and the box's profiles; its sentences say what to do about a name that fits none or several.
"""

from typing import TYPE_CHECKING, NamedTuple

from config.cameras import Cameras, why_unusable
from config.errors import ConfigError, quoted
from config.units import did_you_mean

if TYPE_CHECKING:
    from config.model_search import Found
    from config.models import Model

_MOST_NAMED = 6  # bodies in one sentence


class Called(NamedTuple):
    """A profile's id, and the body's name; "" if the profile itself was named."""

    profile: str
    model: str = ""


def camera_called(cameras: Cameras, name: str) -> Called:
    """Return what a profile's id or a body's name stands for.

    ConfigError as `model_called`, or if the box cannot use the body's port, or no text says which it has. A profile
    that was named itself is not read.
    """
    word = name.strip().lower()
    if word in cameras.ids():
        return Called(word)
    model = model_called(cameras, name)
    reason = why_no_use(model, cameras)
    if reason:
        raise ConfigError(reason)
    return Called(model.profile, str(model))


def model_called(cameras: Cameras, name: str) -> "Model":
    """Return the body with that name.

    ConfigError with what may have been meant if there is none, or if it fits several bodies with different ports.
    """
    from config.model_search import find_model  # noqa: PLC0415 - reads all bodies

    found = find_model(name)
    if found.choice is None:
        raise ConfigError(_why_no_choice(name, found, cameras.ids()))
    return found.choice


def why_no_use(model: "Model", cameras: Cameras) -> str:
    """Return a sentence on why the box cannot fire that body, and what to do; an empty string if it can."""
    if not model.has_profile:
        return why_no_profile(model)
    profile = cameras.load(model.profile)
    return "" if profile.is_usable else f"the {model} cannot be used: its port {why_unusable(profile)}"


def why_no_profile(model: "Model") -> str:
    """Return a sentence on a body that has no port for a wired remote, or one that no text names; what to do."""
    from config.models import NO_PORT  # noqa: PLC0415 - see above

    if model.port == NO_PORT:
        note = f" ({model.note})" if model.note else ""
        how = "use its maker's wireless remote or app, or its own interval timer"
        return f"the {model} has no port for a wired remote{note}; {how}"
    return (
        f"no text says which port the {model} has; look at the camera, and if its port is one of those that the "
        "command cameras lists, choose that one, like: set camera.profile canon-e3"
    )


def _why_no_choice(name: str, found: "Found", ids: tuple[str, ...]) -> str:
    if found.fitting:
        have = "have different ports" if len({model.port for model in found.fitting}) > 1 else "are several cameras"
        names = _listed(found.fitting)
        return f"{quoted(name)} fits cameras that {have}: {names}; type the whole name, like {found.fitting[0]}"
    meant = did_you_mean(name, ids)
    if found.near and not meant:
        return f"no camera is called {quoted(name)}; did you mean {_listed(found.near, 'or')}?"
    remedy = meant or "; the command cameras lists the ports: choose one by its plug, like nikon-10pin"
    return f"no camera is called {quoted(name)}{remedy}"


def _listed(models: "tuple[Model, ...]", last: str = "and") -> str:
    """Return the names with a port that differs; those beyond some are counted."""
    shows_port = last == "and" and len({model.port for model in models}) > 1
    names = [f"{model} ({model.port})" if shows_port else str(model) for model in models[:_MOST_NAMED]]
    more = len(models) - len(names)
    names += [f"{more} more"] if more else []
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
