"""Single frames: the shutter button, the self-timer, bursts. Decides when SHUTTER closes, and for how long.

A frame is compiled, checked against the focus side, and handed to the player whole; what comes back is the
report that it was played. Runs (`running`) fire their frames through here too.
"""

from dataclasses import dataclass, replace

from controller import frames, words
from controller.effects import Outbox, Refuse
from controller.events import TimelinePlayed
from controller.focusing import Focusing
from controller.frames import SEPARATION_NS, Contacts, Recipe
from controller.machine import StateMachine
from controller.setup import Setup
from controller.states import Release
from controller.words import Reason


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame in progress: its timeline's number, when SHUTTER closes and opens, and its slot in a run."""

    number: int
    recipe: Recipe
    closes_ns: int
    opens_ns: int
    slot: int | None


class Shooting:
    """Takes frames, one at a time; `release` is the release machine, shared with the runs."""

    def __init__(self, setup: Setup, outbox: Outbox, focus: Focusing, release: StateMachine[Release]) -> None:
        self.setup = setup
        self._outbox = outbox
        self._focus = focus
        self._release = release
        self._frame: Frame | None = None
        self._delayed_until_ns = 0
        self._follows_button = False
        self.recovered_ns = 0

    @property
    def next_ns(self) -> int | None:
        """When time next changes something here."""
        if self._release.state is Release.DELAYING:
            return self._delayed_until_ns
        return self.recovered_ns if self._release.state is Release.RECOVERING else None

    def slot_to_come(self, now_ns: int, after: int) -> int:
        """Return the slot of the frame in progress if its SHUTTER has still to close, else `after`."""
        frame = self._frame
        return after if frame is None or frame.slot is None or frame.closes_ns <= now_ns else frame.slot

    def recipe(self) -> Recipe:
        """Return how the body would be released now."""
        return frames.recipe(self.setup, focus_is_held=self._focus.is_held)

    def refuses_body(self) -> Reason | None:
        """Return why this body may not be fired at all, None if it may."""
        if self.setup.needs_focus and not self.setup.is_stated:
            return words.unstated(self.setup.profile.id)
        return None

    def earliest_ns(self, recipe: Recipe, now_ns: int) -> int:
        """Return when SHUTTER may close: after the gap, and the lead, however FOCUS comes to be closed."""
        earliest_ns = max(now_ns + recipe.lead_ns, self.recovered_ns)
        if self._focus.held_since_ns is not None:
            earliest_ns = max(earliest_ns, self._focus.held_since_ns + self.setup.profile.lead_ns)
        if recipe.contacts is Contacts.SHUTTER_ONLY and self._focus.is_pulsing(now_ns):
            earliest_ns = max(earliest_ns, now_ns + SEPARATION_NS)
        return earliest_ns

    def pressed(self, now_ns: int, event: str, *, held: bool) -> None:
        """Take a press of `shutter`; `held`: it will be let go of, and a burst follows it."""
        reason = self._refuses_frame()
        if reason is not None:
            self._outbox.put(Refuse(event, reason))
            return
        shot = self.setup.settings.shot
        self._follows_button = held and shot.drive == "burst"
        if shot.self_timer_ns:
            self._release.change("delay")
            self._delayed_until_ns = now_ns + shot.self_timer_ns
        else:
            self._begin(now_ns, event)

    def let_go(self, now_ns: int) -> None:
        """Take the letting-go of `shutter`: it ends a burst, and is nothing otherwise."""
        if self._follows_button:
            self._follows_button = False
            self._end_burst(now_ns)

    def stop(self, now_ns: int, event: str) -> None:
        """Finish the frame in progress; a countdown or a burst ends now."""
        if self._release.state is Release.DELAYING:
            self._give_up_delay(now_ns)
        elif self._release.state in (Release.EXPOSING, Release.RECOVERING):
            self.let_go(now_ns)
        else:
            self._outbox.put(Refuse(event, words.NOTHING_TO_STOP))

    def play(self, recipe: Recipe, now_ns: int, closes_ns: int, hold_ns: int, slot: int | None = None) -> None:
        """Hand a frame to the player: SHUTTER closes at `closes_ns` (absolute), for `hold_ns`."""
        if recipe.contacts is Contacts.SHUTTER_ONLY:
            self._focus.end_pulse(now_ns)
        number = self._outbox.play(frames.compile_frame(recipe, closes_ns - now_ns, hold_ns), now_ns)
        self._frame = Frame(number, recipe, closes_ns, closes_ns + hold_ns, slot)
        self._release.change("expose")

    def played(self, report: TimelinePlayed, now_ns: int) -> Frame | None:
        """Take the player's report; return the frame that is over by it, but for the gap."""
        frame = self._frame
        if frame is None or report.number != frame.number:
            return None
        self._end(frame.opens_ns)
        self._release.change("recover")
        self._focus.frame_over(now_ns)
        return frame

    def abandon(self, now_ns: int) -> Frame | None:
        """Both lines have been opened; return the frame that is over by it."""
        frame = self._frame
        if frame is not None:
            self._end(now_ns)
        self._follows_button = False
        return frame

    def passed(self, now_ns: int) -> None:
        """Take the frame the self-timer has counted down to; what made it possible must still be true."""
        if self._release.state is not Release.DELAYING or now_ns < self._delayed_until_ns:
            return
        reason = self._focus.refuses_release() or self.refuses_body()
        if reason is None:
            self._begin(now_ns, "self-timer")
        else:
            self._refuse_begun(now_ns, "self-timer", reason)

    def _refuses_frame(self) -> Reason | None:
        return words.SHUTTER_BUSY.get(self._release.state) or self.refuses_body() or self._focus.refuses_release()

    def _begin(self, now_ns: int, event: str) -> None:
        recipe = self.recipe()
        closes_ns = self.earliest_ns(recipe, now_ns)
        hold_ns = self.setup.settings.safety.max_hold_ns if self._follows_button else recipe.hold_ns
        if self._focus.held_until_ns is not None:
            room_ns = self._focus.held_until_ns - SEPARATION_NS - closes_ns
            if room_ns < recipe.hold_ns:
                self._refuse_begun(now_ns, event, words.LIMIT_IS_NEAR)
                return
            hold_ns = min(hold_ns, room_ns)
        self.play(recipe, now_ns, closes_ns, hold_ns)

    def _end_burst(self, now_ns: int) -> None:
        """Open SHUTTER now, or once it has been closed for as long as one frame takes."""
        frame = self._frame
        if frame is None:
            return
        shortest_ns = frame.closes_ns + frame.recipe.hold_ns
        if now_ns < shortest_ns:
            timeline = frames.restart_frame(frame.recipe, frame.closes_ns - now_ns)
        else:
            timeline = frames.end_frame(frame.recipe, 0)
        self._frame = replace(frame, opens_ns=max(now_ns, shortest_ns))
        self._outbox.play(timeline, now_ns, frame.number)

    def _end(self, opened_ns: int) -> None:
        assert self._frame is not None
        self.recovered_ns = opened_ns + self._frame.recipe.gap_ns
        self._frame = None
        self._follows_button = False

    def _refuse_begun(self, now_ns: int, event: str, reason: Reason) -> None:
        self._outbox.put(Refuse(event, reason))
        self._give_up_delay(now_ns)

    def _give_up_delay(self, now_ns: int) -> None:
        if self._release.state is Release.DELAYING:
            self._release.change("finish")
            self._focus.frame_over(now_ns)
