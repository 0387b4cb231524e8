"""The state of the box and its events in plain words, from the replies of the control socket.

What the console and the page on a phone both say. Knows the shape of `status` and of each event; calls nothing.
"""

from collections.abc import Iterable
from typing import Any

from config.stops import format_stops
from config.units import HOUR_NS, format_duration, third_digit_ns

Reply = dict[str, Any]

_TENTH_NS = 100_000_000
_SEEN_STOPS = 0.05  # less than this nobody sees
_MINUTE = 600  # in tenths of a second
_DAY_NS = 24 * HOUR_NS

FOCUS = {
    "UNFOCUSED": "focus is not dialled in",
    "FOCUSING": "focusing, back is held",
    "TRIMMING": "trim focus by hand, then tap back",
    "DIALLED_IN": "focus is dialled in",
}
RELEASE = {
    "IDLE": "nothing is running",
    "DELAYING": "the self-timer is running",
    "MIRROR_UP": "the mirror is up",
    "EXPOSING": "taking a frame",
    "RECOVERING": "the camera is getting ready",
    "WAITING": "waiting for the next frame",
    "PAUSED": "the run is paused",
    "PROVING": "a proof has the contacts",
    "FAULT": "stopped by a fault, both contacts are open",
}
_SEEN = {"suspected": "confirmed, and may have focused"}
_BODY = {
    True: "set to back-button focus",
    False: "half-press focuses",
    None: "the body's focus set-up is not known; see setup",
}


def span(ns: int) -> str:
    """Return a duration as people say it: 3.2 s, 24m 10s, 2h 00m 05s."""
    tenths = max(0, round(ns / _TENTH_NS))
    if tenths < _MINUTE:
        return f"{tenths / 10:.1f} s"
    minutes, seconds = divmod(tenths // 10, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02}m {seconds:02}s" if hours else f"{minutes}m {seconds:02}s"


def exposure(ns: int) -> str:
    """Return an exposure for people, to three digits: 655ms, 1.25s."""
    unit_ns = third_digit_ns(ns)
    return format_duration(round(ns / unit_ns) * unit_ns)


def in_words(reply: Reply) -> str:
    """Return both states in words; a state this console does not know is shown by its name."""
    focus, release = reply["focus"], reply["release"]
    return f"{FOCUS.get(focus, focus)}; {RELEASE.get(release, release)}"


def camera(reply: Reply) -> str:
    """The camera that is set, by its body if that is known: Nikon D850 on nikon-10pin, set to back-button focus."""
    model = reply.get("model")  # an older box has none
    name = f"{model} on {reply['camera']}" if model else reply["camera"]
    return f"{name}, {_BODY[reply['back_button_focus']]}"


def progress(run: Reply) -> str:
    """How far a run is, when the next frame comes and when it ends."""
    if run["waits"] is not None:
        return str(run["waits"])
    confirmed = f" ({', '.join(seen(run))})" if seen(run) else ""
    last = "" if run["every_end_ns"] is None else f" at first, {format_duration(run['every_end_ns'])} at the end"
    every = f"every {format_duration(run['every_ns'])}{last}"
    elapsed = f"{span(run['elapsed_ns'])} elapsed, " if run["elapsed_ns"] else ""
    counts = f"{run['fired']} fired{confirmed}, {run['skipped']} skipped"
    return "; ".join([*_step(run), _next_frame(run), every, *_exposed(run), counts, elapsed + ends(run)])


def _step(run: Reply) -> list[str]:
    """The hand-step that waits; nothing if none does."""
    step = run.get("step")  # an older box has none
    return [f"{step_name(step)} waits: {step['change']}, then step"] if step else []


def step_name(step: Reply) -> str:
    """Which hand-step it is, of how many."""
    return f"hand-step {step['number']} of {step['of']}"


def _exposed(run: Reply) -> list[str]:
    """How long the next frame is exposed, in a run whose exposures change; nothing in others."""
    exposure_ns, off = run.get("exposure_ns"), off_plan(run)  # an older box has none
    if exposure_ns is None:
        return []
    trim = f", trimmed {format_stops(run['trim'])}" if run["trim"] else ""
    exposed = exposure(exposure_ns)
    return [f"exposed {exposed}{trim}" + (f", {off}" if off else "")]


def off_plan(run: Reply) -> str | None:
    """By how much the next frame misses the plan, trims included; None if nobody would see it."""
    off = run.get("off_plan_stops") or 0.0  # an older box has none
    if abs(off) < _SEEN_STOPS:
        return None
    return f"{abs(off):.1f} stops too {'bright' if off > 0 else 'dark'}"


def seen(run: Reply) -> list[str]:
    """What the flash contact showed of the frames of a run; nothing without one."""
    if run["confirmed"] is None:
        return []
    suspected = run.get("suspected")  # an older box has none
    late = [f"{suspected} suspected"] if suspected else []
    return [f"{run['confirmed']} confirmed", *late, f"{run['missed']} missed"]


def _next_frame(run: Reply) -> str:
    of = f" of {run['count']}" if run["count"] else ""
    frame = f"frame {run['slot'] + 1}"
    taking = taken_frame(run)
    if run["next_in_ns"] is None:
        return taking or "the last frame is over"
    if taking is not None:
        return f"{taking}; {frame} in {span(run['next_in_ns'])}"
    return f"{frame}{of} in {span(run['next_in_ns'])}"


def taken_frame(run: Reply) -> str | None:
    """The frame that is being taken; None if there is none, or if its time has not come yet."""
    if run["taking"] is None or (run["taking"] == run["slot"] and run["next_in_ns"] is not None):
        return None
    of = f" of {run['count']}" if run["count"] else ""
    name = "the last frame," if run["next_in_ns"] is None else "frame"
    return f"taking {name} {run['taking'] + 1}{of}"


def ends(run: Reply) -> str:
    """When a run ends: `ends in 24m 10s, at 04:12`, with the date if that is a day or more away."""
    if run["ends_in_ns"] is None:
        return "runs until stopped"
    text = f"ends in {span(run['ends_in_ns'])}"
    if run["ends_at"] is None:
        return text
    day, clock, _ = run["ends_at"].split()
    return f"{text}, {f'on {day} ' if run['ends_in_ns'] >= _DAY_NS else ''}at {clock[:5]}"


def flash_contact(sync: Reply | None) -> Iterable[str]:
    """What the flash contact says of the last frame, and what a calibration measured; nothing without one."""
    if sync is None:
        return
    outcome = _SEEN.get(sync["outcome"], sync["outcome"])
    last = "no frame yet" if outcome is None else f"the last frame was {outcome}"
    yield last if sync["lag_ns"] is None else f"{last}; last measured lag {_ms(sync['lag_ns'])}"
    if sync.get("latest_ns") is not None:  # an older box has none
        yield f"a lag of more than {_ms(sync['latest_ns'])} is suspected"
    measured = sync["measured"]
    if measured is not None:
        limits = f"{_ms(measured['least_ns'])} to {_ms(measured['most_ns'])}"
        frames = f"{measured['confirmed']} of {measured['frames']} frames"
        yield f"calibrated: lag {_ms(measured['median_ns'])} (median), {limits}, from {frames}"


def _ms(ns: int) -> str:
    return f"{ns / 1_000_000:.1f} ms"


def event(event: Reply) -> str:
    """An event in words."""
    match event:
        case {"kind": "refused", "event": what, "reason": reason}:
            return f"{what} was refused: {reason}"
        case {"kind": "changed", "lock": lock}:
            return in_words(event) + ("; focus lock on" if lock else "")
        case {"kind": "entered"}:
            return _frame_event(event)
        case {"kind": "set", "values": values}:
            changes = ", ".join(f"{key} is now {value}" for key, value in values.items())
            preset = event.get("preset")
            return f"{changes} ({'set elsewhere' if preset is None else f'preset {preset}'})"
        case {"kind": "preset", "preset": preset, "number": number, "count": count}:
            return f"preset {preset} is chosen, number {number} of {count}"
    return str(event.get("text", f"an event that this program does not know: {event}"))


def _frame_event(event: Reply) -> str:
    slot, slots, reason = event["slot"], event["slots"], event["reason"]
    frames = f"frame {slot + 1}" if slots == 1 else f"frames {slot + 1} to {slot + slots}"
    return f"{frames}: {event['outcome']}" + (f" ({reason})" if reason else "")
