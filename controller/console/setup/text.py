"""What stands above the prompt at each step of the set-up. Knows a walk and its words; decides nothing."""

import textwrap
from collections.abc import Callable, Iterator

from controller.cameras.setup_guide import CHECK, STATEMENT, advice, dial_in, menu, paragraph, title, why_unusable
from controller.console.setup.dialogue import QUESTIONS, Step, Walk, brands, ports_of


def told(walk: Walk) -> list[str]:
    """What there is to know here, and the question; lines of at most 79 columns."""
    lead = _LEADS.get(walk.step)
    return [*(lead(walk) if lead else []), *paragraph(_question(walk))]


def _question(walk: Walk) -> str:
    match walk.step:
        case Step.CAMERA:
            return "Is that your camera?"
        case Step.BRAND:
            return f"Which brand is your camera? {', '.join(brands(walk.cameras))}; or generic for any other."
        case Step.CONNECTOR:
            return "Which of them is it? no goes back to the brands."
    return QUESTIONS[walk.step].text


def _camera(walk: Walk) -> list[str]:
    facts = walk.cameras[walk.profile]
    return paragraph(f"The camera is set to {walk.profile if 'faults' in facts else title(facts)}.")


def _connectors(walk: Walk) -> list[str]:
    ports = enumerate(ports_of(walk.cameras, walk.brand), 1)
    return [f"{walk.brand} has these:", *(line for number, each in ports for line in _port(walk, number, each))]


def _port(walk: Walk, number: int, profile: str) -> Iterator[str]:
    facts = walk.cameras[profile]
    yield from paragraph(title(facts), f"{number}.")
    note = why_unusable(facts) or ", ".join(facts["models"])
    if note:
        yield "     " + textwrap.shorten(note, 72, placeholder=" ...")


def _menu(walk: Walk) -> list[str]:
    return [*menu(walk.cameras[walk.profile]), ""]


def _advice(walk: Walk) -> list[str]:
    return [*advice(walk.cameras[walk.profile]), ""]


def _check(_: Walk) -> list[str]:
    return [CHECK, ""]


def _changes(walk: Walk) -> list[str]:
    verdicts = {
        "true": "Half-press does not move the lens: the box can fire, and the focus stays.",
        "false": "Half-press focuses: the box keeps the focus by a lock. Use AF-S or One Shot.",
    }
    left_out = f"The check was left out: {STATEMENT} stays {walk.statement}."
    verdict = verdicts.get(walk.said.get(STATEMENT, ""), left_out)
    rows = (f"  {key} {value}{'' if key in walk.changes else ', as it is'}" for key, value in walk.said.items())
    return [*paragraph(verdict), "This will be set:", *rows]


def _try(walk: Walk) -> list[str]:
    if walk.is_kept:
        so_far = "It is saved." if walk.changes else "All of it is set like that already."
    else:
        so_far = "It is set until the box is switched off; save keeps it."
    return paragraph(f"{so_far} Dial focus in now: {dial_in(walk.statement)} (or here: focus hold, focus release).")


def failed(walk: Walk) -> list[str]:
    """What to look at after a test frame that was not taken, or that moved the lens."""
    moved = "half-press still focuses on this body: type setup, and go through its menu steps again"
    if walk.statement == "false":
        moved = "dial focus in again, and see that the body is on AF-S or One Shot"
    rows = (
        "No picture: is the plug in, is the camera on, is its drive at single? Then type fire; plan draws what the",
        "contacts do, and backbutton doctor looks at the box.",
    )
    return [*paragraph(" ".join(rows), "-"), *paragraph(f"The lens moved: {moved}.", "-")]


_LEADS: dict[Step, Callable[[Walk], list[str]]] = {
    Step.CAMERA: _camera,
    Step.CONNECTOR: _connectors,
    Step.MENU: _menu,
    Step.ADVICE: _advice,
    Step.HALF_PRESS: _check,
    Step.CONFIRM: _changes,
    Step.TRY: _try,
}
