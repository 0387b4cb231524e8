"""What would happen: the next frame's timeline and the run's numbers, without moving anything. Pure."""

from dataclasses import dataclass

from config.units import format_duration
from controller import frames, words
from controller.frames import Contacts
from controller.setup import Setup
from hardware.timeline import Timeline


@dataclass(frozen=True, slots=True)
class FramePlan:
    """The timeline of a frame, whether FOCUS is closed throughout it, and the plan in sentences."""

    timeline: Timeline
    focus_is_held: bool
    sentences: tuple[str, ...]


def plan_frame(setup: Setup) -> FramePlan:
    """Plan a frame and a run as the settings stand, with focus dialled in."""
    focus_is_held = setup.is_factory and setup.settings.focus.interlock
    recipe = frames.recipe(setup, focus_is_held=focus_is_held)
    if focus_is_held:
        contacts = "FOCUS stays closed (focus lock), SHUTTER closes over it"
    elif recipe.contacts is Contacts.BOTH:
        contacts = "FOCUS closes around SHUTTER"
    else:
        contacts = "SHUTTER alone"
    spans = {"lead": recipe.lead_ns, "hold": recipe.hold_ns, "gap": recipe.gap_ns}
    parts = ", ".join(f"{name} {format_duration(ns)}" for name, ns in spans.items() if ns)
    sentences = [
        f"{setup.profile.id}: {contacts}",
        f"a frame takes {format_duration(recipe.frame_ns)} ({parts})",
        _run_sentence(setup, recipe.frame_ns),
    ]
    if setup.needs_focus and not setup.is_stated:
        sentences.append(words.UNSTATED.format(profile=setup.profile.id))
    return FramePlan(frames.compile_frame(recipe, recipe.lead_ns), focus_is_held, tuple(sentences))


def _run_sentence(setup: Setup, frame_ns: int) -> str:
    interval = setup.settings.interval
    every = format_duration(interval.every_ns)
    if frame_ns > interval.every_ns:
        return f"a run every {every} is too fast for it; set interval.every to at least {format_duration(frame_ns)}"
    if interval.count == 0:
        return f"a run takes a frame every {every} until it is stopped"
    length = format_duration((interval.count - 1) * interval.every_ns + frame_ns)
    return f"a run takes {interval.count} frames, one every {every}, and lasts {length}"
