"""How a camera's body is set up for the box, in words: menu steps, advice, the field check, and what to type then.

Knows the facts of a profile as `cameras.facts` tells them; knows no console and asks nobody. Lines are at most 79
columns wide, so that they fit a terminal with the console's blank in front.
"""

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from config.errors import ConfigError

if TYPE_CHECKING:
    from argparse import Namespace

Reply = dict[str, Any]

PROFILE = "camera.profile"
STATEMENT = "camera.back_button_focus"
# What may be said of a body in one word, and the statement it makes. A lens at MF is not moved by half-press either.
BODIES = {"bbf": "true", "factory": "false", "mf": "true"}

_WIDTH = 78
_NO_STEPS = """\
The menu steps of these bodies are not known here. Look in the body's manual for back-button focus, AF-ON or AF
activation: take autofocus off the shutter button, and put it on a button at the back."""
# A step of a profile that sets it says so in these words: `a1 AF-C priority = Release`.
_RELEASE = "= Release"
_PRIORITY_SAID = """\
Release priority, as in the steps above: otherwise a focus that is not confirmed can block the frame."""
_PRIORITY = """\
Release priority, where the menu has it: otherwise a focus that is not confirmed can block the frame. With the lens
at MF there is nothing to confirm."""
_DRIVE = """\
Drive: single, unless you want a burst or a bracket. In continuous drive one release can take several frames."""
_LOCK = """\
If half-press is to go on focusing: AF-S or One Shot. The box then holds a focus lock, and in AF-C a held half-press
goes on moving the lens (inferred, not read for every body)."""
_NOISE = """\
Long-exposure noise reduction keeps the body busy as long again after each long frame: switch it off, or say that it
is on (camera.noise_reduction)."""
_BY_WIRE = """\
A lens that focuses by wire can lose its focus when the body sleeps. camera.keep_awake half-presses now and then to
keep it awake, with back-button focus only."""
CHECK = "The check for every camera: half-press must not focus, the rear button must."
_CHECK = (
    "Half-press the camera's own shutter button: nothing must focus.",
    "Press AF-ON, or the rear button that you chose: the camera must focus.",
)


def paragraph(text: str, mark: str = "") -> list[str]:
    """The text in lines, behind a mark if there is one."""
    head = f"  {mark} " if mark else ""
    rest = " " * len(head)
    return textwrap.wrap(text, _WIDTH, initial_indent=head, subsequent_indent=rest, break_on_hyphens=False)


def title(facts: Reply) -> str:
    """Which port this is."""
    return f"{facts['id']} - {facts['connector']}"


def why_unusable(facts: Reply) -> str:
    """What keeps two plain contacts from working this port, in a sentence; nothing if they can."""
    return "" if facts["is_usable"] else f"{facts['id']} {facts['verdict']}: {facts['why_not']}"


def menu(facts: Reply) -> list[str]:
    """The steps to back-button focus in the body's menu, as far as the profile knows them."""
    steps = [(f"{number}.", step) for number, step in enumerate(facts["bbf_setup"], 1)]
    head = paragraph(f"Back-button focus in the menu of the body, {title(facts)}:")
    return [*head, *_items(steps or [("-", _NO_STEPS)])]


def advice(facts: Reply) -> list[str]:
    """What else to see to on the body."""
    is_named = any(_RELEASE in step for step in facts["bbf_setup"])
    rows = (_PRIORITY_SAID if is_named else _PRIORITY, _DRIVE, _LOCK, _NOISE, _BY_WIRE)
    return ["Also on the camera:", *_items(("-", row) for row in rows)]


def guide(facts: Reply) -> list[str]:
    """All of it for a profile that is usable, from the menu to the lines to type."""
    says = (
        "Then say it on the console: true as here, or with the lens at MF; false if",
        "half-press focuses.",
        f"  set {PROFILE} {facts['id']}",
        f"  set {STATEMENT} true",
        "  save",
        f"In one line: setup {facts['id']} bbf (or factory, or mf), then save.",
    )
    check = [CHECK, *_items(("-", row) for row in _CHECK)]
    return [*menu(facts), "", *advice(facts), "", *check, "", *says]


def dial_in(statement: str) -> str:
    """How focus is dialled in, by what is said of the body: true, false or unset."""
    return {
        "true": "hold the box's back while you focus (AF-ON or the ring), and let go",
        "false": "hold the box's back until the camera has focused, and let go",
    }.get(statement, "hold the box's back while you focus, and let go")


def _items(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [line for mark, text in rows for line in paragraph(text, mark)]


def run_setup(options: "Namespace") -> int:
    """Print the guide of a profile, or of the one that the settings name; returns the exit status.

    Takes `config`, `state_dir` and `profile` of the command line. ConfigError if there is no such profile, it
    cannot be used, or the settings cannot be read.
    """
    from config.cameras import Cameras, own_folder  # noqa: PLC0415 - the console needs the texts only
    from config.store import SettingsStore  # noqa: PLC0415 - the same
    from controller.cameras.facts import facts  # noqa: PLC0415 - the same

    chosen = options.profile
    if chosen is None:
        chosen = SettingsStore(options.config, options.state_dir).load().camera.profile
    known = facts(Cameras(own_folder(options.config)), chosen)
    if not known["is_usable"]:
        raise ConfigError(f"{why_unusable(known)}; choose another")
    print("\n".join([*guide(known), "To be asked step by step: backbutton console, then setup."]))
    return 0
