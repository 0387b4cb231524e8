"""How to set up a camera for the box, in words: menu steps, advice, a check, and what to type at the console.

Takes the facts of a profile as `cameras.facts` returns them, with its `body` if a body was named. Reads no file and
prints nothing. Lines are at most 79 columns wide, so that they fit a terminal behind the console's leading blank.
"""

import shlex
import textwrap
from collections.abc import Iterable

from controller.cameras.bodies import Reply, how_sure

PROFILE = "camera.profile"
MODEL = "camera.model"
BACK_BUTTON_FOCUS = "camera.back_button_focus"
CONTINUOUS_AF = "camera.continuous_af"
UNSET = "unset"
# How the camera is set up, in one word -> the value of BACK_BUTTON_FOCUS. Half-press does not move a lens on MF.
BODIES = {"bbf": "true", "factory": "false", "mf": "true"}

_WIDTH = 78
NO_STEPS = """\
The menu steps for these cameras are not known. Look in the camera's manual for back-button focus, AF-ON or AF
activation: take autofocus off the shutter button, and assign it to a button on the back."""
_OF_THE_FAMILY = """\
The menu steps of this very body were not read; these are those of its family:"""
# How a step begins that is for some bodies of a family only.
_WITH_AF_ON, _WITHOUT_AF_ON = "Bodies with a button AF-ON: ", "Bodies without it: "
# A note on a body that contains one of these words asks its owner to look at the camera.
_LOOK = ("look", "measure")
# A step that sets release priority contains these words, like `a1 AF-C priority = Release`.
_RELEASE = "= Release"
_PRIORITY_IN_STEPS = """\
Release priority, as in the steps above: otherwise the camera may not fire while it has not confirmed focus."""
_PRIORITY = """\
Release priority, if the menu has it: otherwise the camera may not fire while it has not confirmed focus. This does
not matter with the lens on MF."""
_DRIVE = """\
Drive mode: single, unless you want a burst or a bracket. In continuous drive one release can take several frames."""
_LOCK = """\
If half-press is to keep focusing: AF-S or One Shot, then set camera.continuous_af false. The box holds a focus lock,
and in AF-C or AI Servo a held half-press keeps moving the lens (inferred, not read for every camera). With
camera.continuous_af true the box fires only while you hold back, in focus.mode continuous."""
_NOISE = """\
Long-exposure noise reduction keeps the camera busy after each long frame, for as long as the exposure: switch it off,
or set camera.noise_reduction true."""
_BY_WIRE = """\
A lens with focus-by-wire can lose its focus when the camera sleeps. With back-button focus, camera.keep_awake
half-presses regularly to keep the camera awake."""
_CHECK_HEAD = "A check for every camera: half-press must not focus, the rear button must."
_CHECK = (
    "Half-press the camera's own shutter button: nothing must focus.",
    "Press AF-ON, or the rear button you chose: the camera must focus.",
)


def paragraph(text: str, mark: str = "") -> list[str]:
    """Return the text wrapped into lines, as a list item if there is a `mark`."""
    head = f"  {mark} " if mark else ""
    rest = " " * len(head)
    return textwrap.wrap(text, _WIDTH, initial_indent=head, subsequent_indent=rest, break_on_hyphens=False)


def title(facts: Reply) -> str:
    """Return the id and connector of the port."""
    return f"{facts['id']} - {facts['connector']}"


def why_unusable(facts: Reply) -> str:
    """Return a sentence on why two plain contacts cannot work this port, or an empty string if they can."""
    return "" if facts["is_usable"] else f"{facts['id']} {facts['verdict']}: {facts['why_not']}"


def menu_steps(facts: Reply) -> list[str]:
    """Return the steps to back-button focus: of the body where a text gives them, else of its family; or none."""
    body = facts["body"]
    steps = body["bbf"].split("; ") if body and body["bbf"] else _family_steps(facts)
    return steps + [also for also in facts["bbf_also"] if not any(step in also for step in steps)]


def _family_steps(facts: Reply) -> list[str]:
    """Return the steps of a profile; of those for bodies with and without a button AF-ON, the ones for this body."""
    has_af_on = facts["body"]["af_on"] if facts["body"] else None
    if has_af_on is None:
        return list(facts["bbf_setup"])
    own, other = (_WITH_AF_ON, _WITHOUT_AF_ON) if has_af_on else (_WITHOUT_AF_ON, _WITH_AF_ON)
    return [step.removeprefix(own) for step in facts["bbf_setup"] if not step.startswith(other)]


def menu(facts: Reply) -> list[str]:
    """Return the camera, its port, and the menu steps to back-button focus as far as they are known."""
    items = [(f"{number}.", step) for number, step in enumerate(menu_steps(facts), 1)] or [("-", NO_STEPS)]
    head = (line for sentence in menu_head(facts) for line in paragraph(sentence))
    return [*head, *_items(items)]


def menu_head(facts: Reply) -> list[str]:
    """Return the sentences before the menu steps: the camera and its port, and whose steps they are."""
    body = facts["body"]
    if body is None:
        return [f"How to set back-button focus on the camera, {title(facts)}:"]
    is_own = bool(body["bbf"]) or not menu_steps(facts)
    return [_port(body), "How to set back-button focus on it:" if is_own else _OF_THE_FAMILY]


def _port(body: Reply) -> str:
    """Return the body's name, its port, and how sure that is."""
    note = f"; {body['note']}" if any(word in body["note"].lower() for word in _LOOK) else ""
    return f"{body['model']}. Its port: {body['connector']}. How sure: {how_sure(body)}{note}."


def advice(facts: Reply) -> list[str]:
    """Return what else to set on the camera."""
    return ["Also on the camera:", *_items(("-", row) for row in advice_rows(facts))]


def advice_rows(facts: Reply) -> list[str]:
    """Return the same, each piece of advice on one line, however long."""
    sets_priority = any(_RELEASE in step for step in menu_steps(facts))
    rows = (_PRIORITY_IN_STEPS if sets_priority else _PRIORITY, _DRIVE, _LOCK, _NOISE, _BY_WIRE)
    return [row.replace("\n", " ") for row in rows]


def guide(facts: Reply, set_up: str | None = None) -> list[str]:
    """Return the whole guide for a usable profile or body, from the menu steps to the lines to type.

    If it is known how the body is `set_up` (a key of BODIES), only what concerns that.
    """
    check = [_CHECK_HEAD, *_items(("-", row) for row in _CHECK)]
    steps = [] if set_up == "factory" else [*menu(facts), ""]
    return [*steps, *advice(facts), "", *([*check, ""] if steps else []), *_lines_to_type(facts, set_up)]


def _lines_to_type(facts: Reply, set_up: str | None) -> list[str]:
    body = facts["body"]
    key, name = (PROFILE, facts["id"]) if body is None else (MODEL, shlex.quote(body["model"]))
    head, words = "Then type at the console:", set_up or "bbf (or factory, or mf)"
    if set_up is None:
        head = (
            "Then type at the console (true if set up as above or with the lens on MF, false if half-press focuses):"
        )
    return [
        *paragraph(head),
        f"  set {key} {name}",
        f"  set {BACK_BUTTON_FOCUS} {BODIES[set_up or 'bbf']}",
        "  save",
        *paragraph(f"Or in one line: setup {name} {words}, then save."),
    ]


def dial_in(statement: str) -> str:
    """Return how to dial in focus, for the value of BACK_BUTTON_FOCUS: true, false or unset."""
    return {
        "true": "hold back on the box while you focus (AF-ON or the ring), then let go",
        "false": "hold back on the box until the camera has focused, then let go",
    }.get(statement, "hold back on the box while you focus, then let go")


def _items(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [line for mark, text in rows for line in paragraph(text, mark)]
