"""Frames: the shutter button, the self-timer, bursts, bulbs. Decides when SHUTTER closes, and for how long.

A frame is checked, compiled and handed to the player as a whole; the player reports back when it has played it. Runs
(`running`) fire their frames through this module too. Knows no grid and no ledger.
"""

from dataclasses import replace

from controller.core import checks, frames, recipes, replies, words
from controller.core.effects import Announce, Answer, Outbox, Refuse
from controller.core.events import TimelinePlayed
from controller.core.focusing import Focusing
from controller.core.frame_cache import FrameCache
from controller.core.frames import SEPARATION_NS, Frame, Recipe
from controller.core.machine import StateMachine
from controller.core.mirror import RECORD_PATIENCE_NS, Mirror
from controller.core.setup import Setup
from controller.core.states import Release
from controller.core.words import Reason


class Shooting:
    """Takes frames, one at a time: `frame` is in progress. Shares `release`, the release machine, with the runs."""

    def __init__(self, setup: Setup, outbox: Outbox, focus: Focusing, release: StateMachine[Release]) -> None:
        self.setup = setup
        self._frame_cache = FrameCache(setup)
        self._outbox = outbox
        self._focus = focus
        self._release = release
        self.frame: Frame | None = None
        self.mirror = Mirror(outbox)
        self.waits_for_journal = False
        self._timer_ends_ns = 0
        self._awaited_record: str | None = None  # the input whose frame waits for its record
        self._follows_button = False
        self._is_left_open = False
        self.recovered_ns = 0

    @property
    def next_ns(self) -> int | None:
        """When the next deadline of a frame is, None if there is none."""
        match self._release.state:
            case Release.DELAYING:
                return self._timer_ends_ns
            case Release.MIRROR_UP:
                return self.mirror.down_ns if self.frame is None else self.frame.due_ns
            case Release.RECOVERING:
                return self.recovered_ns
        return None

    def mirror_waits_ns(self, now_ns: int) -> int | None:
        """Return how much longer the box waits for a mirror that a cut left up, None if it does not wait."""
        if self._release.state is not Release.MIRROR_UP or self.frame is not None or self.mirror.down_ns is None:
            return None
        return self.mirror.down_ns - now_ns

    @property
    def done_ns(self) -> int | None:
        """When the camera is ready after the frame in progress, None if there is none."""
        if self.frame is not None:
            return self.frame.opens_ns + self.frame.recipe.rest_ns
        return self.recovered_ns if self._release.state is Release.RECOVERING else None

    def recipe(self, *, follows_button: bool = False, exposure_ns: int | None = None) -> Recipe:
        """Return the recipe of a frame fired now; `exposure_ns` replaces the bulb exposure in the settings."""
        is_held = self._focus.is_held
        if exposure_ns is None:
            return self._current_cache().recipe(focus_is_held=is_held, follows_button=follows_button)
        return recipes.recipe(self.setup, focus_is_held=is_held, exposure_ns=exposure_ns)

    def refuses_body(self) -> Reason | None:
        """Return why the present settings do not allow firing this body at all, None if they do."""
        return self._current_cache().refusal

    def soonest_ns(self, recipe: Recipe, now_ns: int, *, by_hand: bool = False) -> int:
        """Return the earliest time for a frame to be due, if the body is first woken in case it sleeps."""
        awake_ns = self._focus.pulses.awake_ns(now_ns, by_hand=by_hand)
        return max(self.earliest_ns(recipe, now_ns), awake_ns + recipe.lead_ns)

    def earliest_ns(self, recipe: Recipe, now_ns: int) -> int:
        """Return the earliest time for a frame to be due: after the gap, its lead, and the lead of FOCUS."""
        first_ns = recipe.presses[0].at_ns
        earliest_ns = max(now_ns + recipe.lead_ns, self.recovered_ns - first_ns)
        if self._focus.held_since_ns is not None:
            earliest_ns = max(earliest_ns, self._focus.held_since_ns + self.setup.profile.lead_ns - first_ns)
        if not recipe.moves_focus and self._focus.pulses.is_on(now_ns):
            earliest_ns = max(earliest_ns, now_ns + SEPARATION_NS - first_ns)
        return earliest_ns

    def pressed(self, now_ns: int, event: str, *, held: bool, run_refuses: Reason | None = None) -> None:
        """Handle a press of `shutter`: end a bulb exposure, or fire unless `run_refuses`; a `held` burst lasts."""
        if self._release.state is Release.EXPOSING and self.frame is not None and self.frame.is_bulb:
            self._end_early(now_ns, event)
            return
        reason = run_refuses or self._refuses_frame()
        if reason is not None:
            self._outbox.put(Refuse(event, reason))
            return
        shot = self.setup.settings.shot
        self._follows_button = held and shot.drive == "burst"
        if shot.self_timer_ns:
            self._release.change("delay")
            self._timer_ends_ns = now_ns + shot.self_timer_ns
        else:
            self._begin(now_ns, event)

    def let_go(self, now_ns: int) -> None:
        """Handle the release of `shutter`: ends a burst, otherwise does nothing."""
        if self._follows_button:
            self._follows_button = False
            self._end_early(now_ns)

    def stop(self, now_ns: int, event: str) -> None:
        """Let the frame in progress finish; end a countdown, a burst or a bulb exposure as soon as possible."""
        if self._release.state is Release.DELAYING:
            withdrawn = replies.TIMER_STOPPED if self._awaited_record is None else replies.FRAME_WITHDRAWN
            self._outbox.put(Answer(event, withdrawn))
            self._cancel_timer(now_ns)
        elif self.frame is not None and self.frame.is_bulb:
            self._end_early(now_ns, event)
        elif self._release.state in (Release.MIRROR_UP, Release.EXPOSING, Release.RECOVERING):
            self._outbox.put(Answer(event, replies.BURST_ENDS if self._follows_button else replies.FRAME_FINISHES))
            self.let_go(now_ns)
        else:
            self._outbox.put(Refuse(event, words.NOTHING_TO_STOP))

    def play(self, recipe: Recipe, now_ns: int, due_ns: int, slot: int | None = None, *, wakes: bool = False) -> None:
        """Hand the player a frame that is due at `due_ns` (absolute); `wakes`: wake the body for it first."""
        if not recipe.moves_focus:
            self._focus.pulses.end_before(due_ns + recipe.presses[0].at_ns, now_ns)
        has_mirror = recipe.takes[0].mirror is not None
        wake_ns = self._focus.pulses.length_ns if wakes else 0
        number = self._outbox.play(self._current_cache().timeline(recipe, due_ns - now_ns, wake_ns), now_ns)
        self.frame = Frame(number, recipe.due(due_ns), slot)
        self._release.change("raise_mirror" if has_mirror else "expose")

    def played(self, report: TimelinePlayed, now_ns: int) -> Frame | None:
        """Handle the player's report; return the frame that it finishes, except for the gap, or None.

        A frame that was cut other than by `abandon` is the last of this process, so the mirror stays remembered for
        the next one.
        """
        frame = self.frame
        if frame is None or report.number != frame.number:
            return None
        self._expose()
        self._end(frame, frame.opens_ns)
        if report.cut:
            self.mirror.is_in_doubt = True
        else:
            self.mirror.is_down()
        self._release.change("recover")
        self._focus.frame_over(now_ns)
        return frame

    def abandon(self, now_ns: int) -> Frame | None:
        """Record that both lines were opened; return the frame that this ended, or None.

        The caller then calls `catch_up`, as the body may be in another state than the box.
        """
        frame = self.frame
        if frame is not None:
            takes, shortest_ns = frame.recipe.takes, frame.recipe.shortest_ns
            if self.setup.profile.bulb == "toggle":  # an error either way would leave the body exposing
                shortest_ns = recipes.shortest_press_ns(self.setup.profile)
            raised = (take.mirror_up_since(now_ns, shortest_ns) for take in takes)
            raised_ns = max((at_ns for at_ns in raised if at_ns is not None), default=None)
            self._is_left_open = any(take.is_left_open(now_ns, shortest_ns) for take in takes)
            self._end(frame, now_ns)
            if raised_ns is not None:
                self.mirror.left_up(recipes.mirror_is_down_ns(self.setup.profile, raised_ns))
        self._follows_button, self._awaited_record = False, None
        self.mirror.withdraw()
        return frame

    def mirror_found(self, down_ns: int, now_ns: int) -> None:
        """Handle a mirror that may be up since before this start; does nothing during a frame or a run."""
        if self._release.state in (Release.IDLE, Release.FAULT):
            self.mirror.left_up(down_ns)
        if self._release.state is Release.IDLE:
            self.catch_up(now_ns)

    def catch_up(self, now_ns: int) -> None:
        """Get back in step with the body after a cut, a fault or a restart; does nothing if they are in step.

        Waits in MIRROR_UP for a mirror that was left up, and ends an exposure that only another press can end.
        """
        if self.mirror.down_ns is not None and now_ns >= self.mirror.down_ns:
            self.mirror.is_down()
        if self.mirror.down_ns is not None:
            self._release.change("strand")
        elif self._is_left_open:
            recipe = recipes.ending_press(self.setup, focus_is_held=self._focus.is_held)
            self.play(recipe, now_ns, self.earliest_ns(recipe, now_ns))
        self._is_left_open = False

    def advance(self, now_ns: int) -> None:
        """Do everything that is due at `now_ns`: expose after the mirror, or fire after the self-timer."""
        self._current_cache()
        match self._release.state:
            case Release.MIRROR_UP if self.frame is not None and self.frame.due_ns <= now_ns:
                self._expose()
            case Release.MIRROR_UP if self.mirror.down_ns is not None and self.mirror.down_ns <= now_ns:
                self.mirror.is_down()
                self._release.change("fall")
            case Release.DELAYING if self._timer_ends_ns <= now_ns:
                if self._awaited_record is not None:
                    self._outbox.put(Announce(words.MIRROR_NOT_RECORDED))
                self._fire_if_still_allowed(now_ns)

    def _current_cache(self) -> FrameCache:
        """Return the cache of the present set-up; builds a new one after the set-up has changed."""
        if self._frame_cache.setup is not self.setup:
            self._frame_cache = FrameCache(self.setup)
        return self._frame_cache

    def mirror_recorded(self, number: int, now_ns: int) -> None:
        """Begin the frame that waited for the journal to record that it may raise the mirror."""
        if self._awaited_record is not None and self.mirror.is_intended(number):
            self._fire_if_still_allowed(now_ns)

    def journal_changed(self, now_ns: int, *, is_working: bool) -> None:
        """Record whether the journal works; if it does not, fire the frame that waits for it."""
        self.waits_for_journal = is_working
        if self._awaited_record is not None and not is_working:
            self._fire_if_still_allowed(now_ns)

    def _fire_if_still_allowed(self, now_ns: int) -> None:
        """Fire the frame that waited for the self-timer or for a record, unless it is not allowed any more."""
        event, is_recorded = self._awaited_record or "self-timer", self._awaited_record is not None
        self._awaited_record = None
        reason = self._focus.refuses_release() or self.refuses_body()
        if reason is not None:
            self._refuse_and_cancel(now_ns, event, reason)
        elif is_recorded:
            self._fire(self.recipe(follows_button=self._follows_button), now_ns, event)
        else:
            self._begin(now_ns, event)

    def _refuses_frame(self) -> Reason | None:
        return words.SHUTTER_BUSY.get(self._release.state) or self.refuses_body() or self._focus.refuses_release()

    def _begin(self, now_ns: int, event: str) -> None:
        """Fire; if the frame raises the mirror, first let the journal record that."""
        recipe = self.recipe(follows_button=self._follows_button)
        if not self.waits_for_journal or recipe.takes[0].mirror is None:
            self._fire(recipe, now_ns, event)
            return
        if self._release.state is not Release.DELAYING:
            self._release.change("delay")
        self._awaited_record, self._timer_ends_ns = event, now_ns + RECORD_PATIENCE_NS
        due_ns = self.soonest_ns(recipe, now_ns, by_hand=True)
        self.mirror.intend(recipe, due_ns, RECORD_PATIENCE_NS, self.setup.profile)

    def _fire(self, recipe: Recipe, now_ns: int, event: str) -> None:
        wakes = self._focus.pulses.sleeps_at(now_ns, by_hand=True)
        due_ns = self.soonest_ns(recipe, now_ns, by_hand=True)
        if self._focus.held_until_ns is not None:
            room_ns = self._focus.held_until_ns - SEPARATION_NS - due_ns
            if room_ns < recipe.hold_ns:
                if not self._follows_button or room_ns < recipe.shortest_ns:
                    reason = checks.refuses_hold(self.setup, recipe, is_lock=self._focus.is_locked)
                    self._refuse_and_cancel(now_ns, event, reason)
                    return
                recipe = recipe.held_for(room_ns)
        self.play(recipe, now_ns, due_ns, wakes=wakes)

    def _end_early(self, now_ns: int, event: str | None = None) -> None:
        """End the frame as soon as possible, and answer `event`; a run continues with its next frame."""
        frame = self.frame
        if frame is None:
            return
        recipe = frame.recipe.ended_early(now_ns)
        if event is not None:
            self._outbox.put(Answer(event, replies.ended_early(frame.recipe, recipe, now_ns)))
        self.frame = replace(frame, recipe=recipe)
        self._outbox.play(frames.compile_rest(recipe.presses, now_ns), now_ns, frame.number)

    def _expose(self) -> None:
        if self._release.state is Release.MIRROR_UP:
            self._release.change("expose")

    def _end(self, frame: Frame, opened_ns: int) -> None:
        rest_ns = frame.recipe.rest_ns if opened_ns == frame.opens_ns else frame.recipe.rest_if_cut(opened_ns)
        self.recovered_ns = opened_ns + rest_ns
        self._focus.pulses.touched(opened_ns)
        self.frame = None
        self._follows_button = False

    def _refuse_and_cancel(self, now_ns: int, event: str, reason: Reason) -> None:
        self._outbox.put(Refuse(event, reason))
        self._cancel_timer(now_ns)

    def _cancel_timer(self, now_ns: int) -> None:
        self._awaited_record = None
        if self._release.state is Release.DELAYING:
            self.mirror.withdraw()
            self._release.change("finish")
            self._focus.frame_over(now_ns)
