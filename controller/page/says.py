"""What the page says about the box, in sentences made here so that none is made in the browser.

Knows the shape of the daemon's status and events; calls nothing.
"""

from controller import telling
from controller.telling import Reply

_WORTH_SHOWING = ("refused", "said", "preset", "presets", "pairing")
_FIRED = ("fired", "confirmed")
_SET_UP = "the box does not know yet how your camera is set up; choose it under Camera"
_DIAL_IN = {
    True: "focus with the camera, then tap: focus is set",
    False: "tap focus now, and wait until the camera has focused",
}
_TRIM = "turn the focus ring until it is sharp, then tap: focus is set"
_BY_RELEASE = {
    "FAULT": "read what happened, check the camera, then tap: clear",
    "PAUSED": "resume the run, or stop it",
}
_READY = "ready: fire a frame, or start a run"


class Says:
    """The sentences about a status; remembers the last event that a person should see."""

    def __init__(self) -> None:
        self._last: str | None = None

    def note(self, event: Reply) -> None:
        """Remember an event if it is worth showing after it has passed."""
        kind = event.get("kind")
        if kind in _WORTH_SHOWING or (kind == "entered" and event.get("outcome") not in _FIRED):
            self._last = str(event["text"])

    def about(self, status: Reply) -> dict[str, str | None]:
        """Return the sentences by name; None for what does not apply."""
        run = status["run"]
        return {
            "state": telling.in_words(status),
            "camera": telling.camera(status),
            "run": None if run is None else telling.progress(run),
            "frame": None if run is None else _frame(run),
            "next": None if run is None else _next(run),
            "ends": None if run is None else telling.ends(run),
            "exposure": _exposure(status["exposing"]),
            "step": _step(run),
            "off": _off(run),
            "mirror": _mirror(status["mirror_waits_ns"]),
            "sync": "; ".join(telling.flash_contact(status["sync"])) or None,
            "hint": _hint(status),
            "last": self._last,
        }


def _frame(run: Reply) -> str:
    if run["waits"] is not None:
        return str(run["waits"])
    of = f" of {run['count']}" if run["count"] else ""
    taking = telling.taken_frame(run)
    return taking or ("the last frame is over" if run["next_in_ns"] is None else f"frame {run['slot'] + 1}{of}")


def _next(run: Reply) -> str | None:
    return None if run["next_in_ns"] is None else f"next in {telling.span(run['next_in_ns'])}"


def _step(run: Reply | None) -> str | None:
    """Return what to do at the hand-step that waits."""
    step = None if run is None else run.get("step")  # an older box has none
    return f"{telling.step_name(step)}: {step['change']}" if step else None


def _off(run: Reply | None) -> str | None:
    off = None if run is None else telling.off_plan(run)
    return f"the next picture is {off}" if off else None


def _exposure(exposing: Reply | None) -> str | None:
    if exposing is None:
        return None
    return f"exposed {telling.span(exposing['elapsed_ns'])} of {telling.exposure(exposing['asked_ns'])}"


def _mirror(waits_ns: int | None) -> str | None:
    if waits_ns is None:
        return None
    return f"the mirror may still be up after a cut; the camera lowers it within {telling.span(waits_ns)}"


def _hint(status: Reply) -> str | None:
    """Return what to do next; None while the box does something by itself."""
    release, focus, is_bbf = status["release"], status["focus"], status["back_button_focus"]
    if release in _BY_RELEASE:
        return _BY_RELEASE[release]
    if release != "IDLE" or focus == "FOCUSING":
        return None
    if is_bbf is None:
        return _SET_UP
    return _TRIM if focus == "TRIMMING" else _READY if focus == "DIALLED_IN" else _DIAL_IN[is_bbf]
