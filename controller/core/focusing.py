"""Focus: what the back button means, and what FOCUS does about it.

On a back-button body the photographer focuses on the camera; the box only keeps track, and wakes the body with a
pulse. On a factory body FOCUS acts as the back button: closed while `back` is held, and kept closed after that as the
focus lock. Knows the state of focus; learns from the release side only whether focus may change now.
"""

from collections.abc import Callable

from controller.core import checks, frames, words
from controller.core.effects import Announce, Outbox, Refuse
from controller.core.holding import SLACK_NS, BackPress, FocusHold, refuses_length
from controller.core.machine import StateMachine
from controller.core.setup import Setup
from controller.core.states import FOCUS_TABLE, Focus
from controller.core.wake_pulses import WakePulses
from controller.core.words import Reason


class Focusing:
    """Owns the focus machine. `refuses_focus` returns why focus may not change now, None if it may."""

    def __init__(self, setup: Setup, outbox: Outbox, refuses_focus: Callable[[], Reason | None]) -> None:
        self._setup = setup
        self._outbox = outbox
        self._refuses_focus = refuses_focus
        self._facts = {"factory": False, "tracks": False, "trim": False, "fresh": True}
        self._machine = StateMachine(FOCUS_TABLE, Focus.UNFOCUSED, self._facts)
        self._press: BackPress | None = None
        self._hold: FocusHold | None = None
        self._dials_in_ns: int | None = None
        self._dialled_in_ns = 0
        self._postponed: Callable[[int], None] | None = None
        self.pulses = WakePulses(setup, outbox)
        self._learn(setup)

    @property
    def state(self) -> Focus:
        """The state of focus."""
        return self._machine.state

    @property
    def is_locked(self) -> bool:
        """Whether the focus lock keeps FOCUS closed."""
        return self._hold is not None and self._hold.is_lock

    @property
    def is_held(self) -> bool:
        """Whether FOCUS is kept closed: by the lock, or by `back` on a factory body."""
        return self._hold is not None

    @property
    def held_since_ns(self) -> int | None:
        """When FOCUS closed or is about to close, None if it is not held."""
        return None if self._hold is None else self._hold.closes_ns

    @property
    def held_until_ns(self) -> int | None:
        """When its limit opens FOCUS, None if it is not held."""
        return None if self._hold is None else self._hold.opens_ns

    @property
    def next_ns(self) -> int | None:
        """When the next deadline of focus is, None if there is none."""
        pending_ns = None
        if self._press is not None and self._press.pending:
            pending_ns = self._press.since_ns + self._setup.settings.focus.min_hold_ns
        ends_ns = None if self._press is None else self._press.ends_ns
        times = (pending_ns, ends_ns, self._dials_in_ns, self.held_until_ns, self._expires_ns)
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def refuses_release(self) -> Reason | None:
        """Return why no single frame may be taken now, None if it may."""
        if self.state is Focus.FOCUSING and self._setup.settings.focus.mode == "continuous":
            return None
        return self.refuses_run("press shutter")

    def refuses_run(self, then: str) -> Reason | None:
        """Return why no run may be started or resumed now, None if it may; `then` is what to do once it may."""
        if not self._setup.settings.focus.interlock:
            return None
        return self._lock_refusal or words.focus_first(self.state, then)

    def pressed(self, now_ns: int, event: str, *, by_finger: bool, hold_ns: int | None = None) -> None:
        """Handle a press of `back`. It acts at once, except where only a hold has a meaning.

        With `hold_ns` it ends by itself; should main not end it, the timeline that closed FOCUS opens it, soon after.
        """
        reason = self._refuses_focus() or self._refuses_press() or refuses_length(hold_ns, self._setup.settings)
        if reason:
            self._outbox.put(Refuse(event, reason))
            return
        acts_now = self._machine.leads_to("back_pressed") is not None
        ends_ns = None if hold_ns is None else now_ns + hold_ns
        self._press = BackPress(now_ns, event, by_finger, not acts_now, ends_ns)
        if acts_now:
            self._facts["fresh"] = self.state is Focus.UNFOCUSED
            self._begin(now_ns, "back_pressed", gap_ns=0)

    def let_go(self, now_ns: int, held_ns: int, *, twice: bool = False) -> None:
        """Handle the release of `back` by a finger; ignore it if that press was refused or is already over."""
        if self._press is None or not self._press.by_finger:
            return
        if twice and self._refuses_focus() is None:
            self.clear(now_ns)
        else:
            self._end_press(self._press, now_ns, held_ns)

    def released(self, now_ns: int, event: str) -> None:
        """End the press that a client began; refuse if there is none."""
        if self._press is None:
            self._outbox.put(Refuse(event, words.BACK_IS_NOT_HELD))
        elif self._press.by_finger:
            self._outbox.put(Refuse(event, words.BACK_IS_HELD_BY_A_FINGER))
        else:
            self._end_press(self._press, now_ns, now_ns - self._press.since_ns)

    def accept(self, now_ns: int, event: str) -> None:
        """Accept a trimmed focus, as a tap does, but however long the request was on its way; no line moves."""
        reason = self._refuses_press() or (None if self.state is Focus.TRIMMING else words.NOTHING_TO_ACCEPT)
        if reason is None:
            self._tapped(now_ns)
        else:
            self._outbox.put(Refuse(event, reason))

    def _end_press(self, press: BackPress, now_ns: int, held_ns: int) -> None:
        """Act on a press that has ended. A refocus is never a tap, as FOCUS has already opened for its gap."""
        self._press = None
        is_refocus = self.is_held and not self._facts["fresh"]
        if press.pending:
            self._tapped(now_ns)
        elif is_refocus or held_ns >= self._setup.settings.focus.min_hold_ns:
            self._end_focusing(now_ns, press)
        elif self._machine.leads_to("back_tapped") is Focus.UNFOCUSED:
            self._after_frame(now_ns, lambda at_ns: self._too_short(at_ns, press.event, held_ns))
        else:
            self._tapped(now_ns)

    def _end_focusing(self, now_ns: int, press: BackPress) -> None:
        """Dial in; where no lock would hold that focus, open FOCUS instead, but not under a frame in progress."""
        if self._machine.leads_to("back_let_go") is Focus.UNFOCUSED:
            self._after_frame(now_ns, lambda at_ns: self._end_tracking(at_ns, press.event))
        else:
            self._dial_in(now_ns)

    def _end_tracking(self, now_ns: int, event: str) -> None:
        if self._lock_refusal is not None and self._setup.settings.focus.mode != "continuous":
            self._outbox.put(Refuse(event, self._lock_refusal))
        self._lose_focus(now_ns, "back_let_go")

    def restore(self, now_ns: int) -> None:
        """Record that focus is still dialled in, as before a restart. The release side has agreed."""
        if self._machine.leads_to("restored") is not None:
            self._machine.change("restored")
            self._dialled_in_ns = now_ns

    def clear(self, now_ns: int) -> None:
        """Clear focus: UNFOCUSED, FOCUS open. The release side has agreed."""
        self._lose_focus(now_ns, "cleared")

    def unlock(self, now_ns: int) -> None:
        """Open the focus lock at the end of a run; does nothing without a lock."""
        if self.is_locked:
            self._lose_focus(now_ns, "lock_opened")

    def cut(self) -> None:
        """Record that both lines were opened: ends a press or a lock, but keeps a focus that needs neither."""
        if self.is_held or self.state is Focus.FOCUSING:
            self._machine.change("lock_opened")
        self._forget()

    def frame_over(self, now_ns: int) -> None:
        """Do what was postponed until SHUTTER was open."""
        postponed, self._postponed = self._postponed, None
        if postponed is not None:
            postponed(now_ns)

    def advance(self, now_ns: int) -> None:
        """Do everything that is due at `now_ns`."""
        if self._press is not None and self._press.pending and self._is_held_long(now_ns):
            self._refocus(now_ns, self._press)
        if self._hold is not None and self._hold.opens_ns <= now_ns:  # first: after a hang, FOCUS is open already
            self._reach_limit(now_ns)
        if self._dials_in_ns is not None and self._dials_in_ns <= now_ns:
            self._dial_in(now_ns)
        if self._press is not None and self._press.ends_ns is not None and self._press.ends_ns <= now_ns:
            self._end_press(self._press, now_ns, now_ns - self._press.since_ns)
        if self._expires_ns is not None and self._expires_ns <= now_ns:
            self._outbox.put(Announce("focus has expired (focus.expires); focus again"))
            self.clear(now_ns)

    def setup_changed(self, now_ns: int, setup: Setup) -> None:
        """Use another set-up; clears focus if it was found on another body or with the other half-press function.

        Also if that decides whether a lock holds the focus.
        """
        before = (self._setup.profile, self._facts["factory"], self._facts["tracks"])
        self._learn(setup)
        if before != (setup.profile, self._facts["factory"], self._facts["tracks"]):
            self._lose_focus(now_ns, "cleared")

    def _learn(self, setup: Setup) -> None:
        self._setup = self.pulses.setup = setup
        self._lock_refusal = checks.refuses_lock(setup)
        self._facts["tracks"] = self._lock_refusal is not None
        self._facts["factory"] = setup.is_factory
        self._facts["trim"] = setup.settings.focus.mode == "trim"

    @property
    def _expires_ns(self) -> int | None:
        """When focus expires; never while a frame or a run needs it."""
        span_ns = self._setup.settings.focus.expires_ns
        if not span_ns or self.state is not Focus.DIALLED_IN or self._refuses_focus() is not None:
            return None
        return self._dialled_in_ns + span_ns

    def _refuses_press(self) -> Reason | None:
        if self._press is not None:
            return words.BACK_IS_HELD
        return words.STILL_FOCUSING if self.state is Focus.FOCUSING else None

    def _refocus(self, now_ns: int, press: BackPress) -> None:
        """Start focusing again, as a press has become a hold; refuse it if a frame has begun meanwhile."""
        reason = self._refuses_focus()
        if reason is not None:
            self._press = None
            self._outbox.put(Refuse(press.event, reason))
            return
        press.pending = False
        self._facts["fresh"] = False
        self._begin(now_ns, "back_held", gap_ns=self._setup.profile.gap_ns)

    def _begin(self, now_ns: int, trigger: str, gap_ns: int) -> None:
        """Enter FOCUSING and close FOCUS, after a gap if the lock kept it closed."""
        self._machine.change(trigger)
        if not self._setup.is_factory:
            self.pulses.pulse(now_ns)
            return
        limit_ns, limit = self._setup.settings.safety.max_hold_ns, "safety.max_hold"
        if self._press is not None and self._press.ends_ns is not None:
            limit = "a timed hold that was not ended"
            closed_ns = max(self._press.ends_ns - now_ns - gap_ns, self._setup.settings.focus.min_hold_ns)
            limit_ns = min(limit_ns, closed_ns + SLACK_NS)
        if gap_ns:
            self._outbox.play(frames.refocus(gap_ns, limit_ns), now_ns)
        else:
            self._outbox.play(frames.hold_focus(limit_ns), now_ns)
        self._hold = FocusHold(now_ns + gap_ns, now_ns + gap_ns + limit_ns, limit)

    def _dial_in(self, now_ns: int) -> None:
        """Enter DIALLED_IN or TRIMMING; after a refocus, first give a factory body the time to focus."""
        self._dials_in_ns = None
        if self._hold is not None:
            ready_ns = self._hold.closes_ns + self._setup.settings.focus.min_hold_ns
            if now_ns < ready_ns and not self._facts["fresh"]:
                self._dials_in_ns = ready_ns
                return
            opens_ns = self._hold.closes_ns + self._setup.settings.focus.lock_limit_ns
            self._outbox.play(frames.open_focus(opens_ns - now_ns), now_ns)
            self._hold = FocusHold(self._hold.closes_ns, opens_ns, "focus.lock_limit", is_lock=True)
        self._machine.change("back_let_go")
        self._dialled_in_ns = now_ns

    def _tapped(self, now_ns: int) -> None:
        if self._machine.leads_to("back_tapped") is not None:
            self._machine.change("back_tapped")
            self._dialled_in_ns = now_ns

    def _too_short(self, now_ns: int, event: str, held_ns: int) -> None:
        self._outbox.put(Refuse(event, words.held_too_short(held_ns, self._setup.settings.focus.min_hold_ns)))
        self._lose_focus(now_ns, "back_tapped")

    def _reach_limit(self, now_ns: int) -> None:
        assert self._hold is not None
        limit_ns = self._hold.opens_ns - self._hold.closes_ns
        self._outbox.put(Announce(words.limit_reached(limit_ns, self._hold.limit)))
        self._lose_focus(now_ns, "lock_opened")

    def _lose_focus(self, now_ns: int, trigger: str) -> None:
        self._machine.change(trigger)
        if self._hold is not None:
            self.pulses.touched(now_ns)
        if self._hold is not None or self.pulses.is_on(now_ns):
            self._outbox.play(frames.open_focus(), now_ns)
        self._forget()

    def _forget(self) -> None:
        self._press = self._hold = self._postponed = self._dials_in_ns = None
        self.pulses.forget()

    def _is_held_long(self, now_ns: int) -> bool:
        assert self._press is not None
        return now_ns - self._press.since_ns >= self._setup.settings.focus.min_hold_ns

    def _after_frame(self, now_ns: int, action: Callable[[int], None]) -> None:
        """Call `action` now, or once SHUTTER is open if a frame needs FOCUS to stay as it is."""
        if self._refuses_focus() is None:
            action(now_ns)
        else:
            self._postponed = action
