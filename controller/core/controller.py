"""The controller: takes events and a time, returns effects. Knows no thread, file, socket or pin, and reads no clock.

It only routes: `buttons` interprets the buttons, `focusing` decides about focus, `shooting` about frames,
`launching` and `running` about runs, `proving` about the presses of a proof; `states` holds the state machines as
tables.
"""

from controller.core import words
from controller.core.buttons import Buttons
from controller.core.by_hand import ByHand
from controller.core.confirming import Confirming
from controller.core.effects import Announce, Effect, LineEffectCallback, OpenBoth, Outbox, Refuse, ignore
from controller.core.events import (
    ButtonFoundDown,
    ButtonMoved,
    ClockRead,
    Event,
    FaultFound,
    IntentSaved,
    InterruptedRunFound,
    JournalChanged,
    MirrorFound,
    MirrorRecorded,
    PairingAsked,
    PresetsMarked,
    ProofPressed,
    Requested,
    SetupChanged,
    SyncSeen,
    TimelinePlayed,
    TimePassed,
)
from controller.core.focusing import Focusing
from controller.core.launching import Launching
from controller.core.ledger import Ledger
from controller.core.machine import StateMachine
from controller.core.proving import Proving
from controller.core.requests import Requests
from controller.core.running import Running
from controller.core.setup import Setup
from controller.core.shooting import Shooting
from controller.core.states import RELEASE_TABLE, Focus, Release
from controller.core.status import Status, status_of_run, warnings_now, warnings_of
from controller.core.wake_schedule import WakeSchedule
from controller.core.words import Reason


class Controller:
    """Decides. Every call takes the time in integer nanoseconds, which must never decrease from call to call.

    `on_line_effect` is called with each effect that moves the lines as soon as it is decided, before the rest of the
    event is handled; `handle` returns those effects as well. Not thread-safe.
    """

    def __init__(self, setup: Setup, on_line_effect: LineEffectCallback = ignore) -> None:
        self._setup = setup
        self._outbox = Outbox(on_line_effect)
        self._release = StateMachine(RELEASE_TABLE, Release.IDLE, {})
        self._focus = Focusing(setup, self._outbox, self._refuses_focus)
        self._shooting = Shooting(setup, self._outbox, self._focus, self._release)
        # The inputs are fixed when the box starts; a later change of the settings does not add one.
        self._ledger = Ledger(self._outbox, Confirming(is_wired=setup.settings.pins.sync is not None))
        parts = (self._outbox, self._focus, self._shooting, self._release, self._ledger)
        self._running = Running(*parts)
        self._launching = Launching(*parts, self._running)
        self._wake_schedule = WakeSchedule(self._focus, self._running, self._release)
        self._proving = Proving(self._outbox, self._focus, self._release)
        heads = (self._outbox, self._release, self._focus, self._shooting, self._running, self._launching)
        self._by_hand = ByHand(self._outbox, self._running, self._release)
        self._buttons = Buttons(*heads, self._by_hand, self._cut)
        self._requests = Requests(*heads, self._by_hand, self._cut, self._clear_fault, self._refuses_focus)
        self._buttons.learn(setup.settings)
        self._fault: str | None = None
        self._journal_trouble: str | None = None

    def handle(self, event: Event, now_ns: int) -> tuple[Effect, ...]:
        """Handle an event at `now_ns` and return the effects, in order.

        An input that the present state does not allow changes nothing and returns a Refuse.
        """
        if isinstance(event, SyncSeen):  # first: the edge may be older than what time brings now
            self._running.sync_seen(event.at_ns)
            self._proving.sync_seen(event.at_ns)
        self._advance_time(now_ns)
        match event:
            case ButtonMoved():
                self._buttons.moved(event, now_ns)
            case ButtonFoundDown():
                self._buttons.found_down(event.button, now_ns)
            case Requested():
                self._requests.handle(event, now_ns)
            case TimelinePlayed():
                if not self._proving.played(event, now_ns):
                    self._running.played(event, now_ns)
            case SetupChanged():
                self._change_setup(event.setup, now_ns)
            case FaultFound():
                self._fail(event.reason, now_ns)
            case TimePassed():
                self._buttons.advance(now_ns)
            case _:
                self._handle_outside(event, now_ns)
        self._advance_time(now_ns)
        return self._outbox.take()

    def _handle_outside(self, event: Event, now_ns: int) -> None:
        """Handle an event from the journal, the stored state, the clock, or a client's arrangements."""
        match event:
            case MirrorFound():
                self._shooting.mirror_found(event.down_ns, now_ns)
            case ClockRead() | InterruptedRunFound() | PresetsMarked() | PairingAsked():
                self._launching.learn(event, now_ns)
            case ProofPressed():
                self._proving.press(event, now_ns, is_run_offered=self.has_interrupted_run)
            case IntentSaved():
                self._running.intent_saved(event.slot)
            case MirrorRecorded():
                self._shooting.mirror_recorded(event.number, now_ns)
            case JournalChanged():
                self._journal_trouble = event.trouble
                self._shooting.journal_changed(now_ns, is_working=event.trouble is None)

    @property
    def next_deadline_ns(self) -> int | None:
        """When TimePassed is due at the latest, None if nothing happens by itself."""
        frames = (self._focus, self._shooting, self._proving)
        runs = (self._launching, self._running, self._by_hand, self._wake_schedule)
        parts = (self._buttons, *frames, *runs)
        return min((at_ns for part in parts if (at_ns := part.next_ns) is not None), default=None)

    @property
    def focus(self) -> Focus:
        """The state of focus."""
        return self._focus.state

    @property
    def release(self) -> Release:
        """The state of the release machine."""
        return self._release.state

    @property
    def is_locked(self) -> bool:
        """Whether the focus lock keeps FOCUS closed."""
        return self._focus.is_locked

    @property
    def wants_clock(self) -> bool:
        """Whether a ClockRead should come before the next event."""
        return self._launching.wants_clock

    @property
    def has_interrupted_run(self) -> bool:
        """Whether an interrupted run waits to be resumed or dropped."""
        return self._launching.interrupted is not None

    @property
    def is_pairing(self) -> bool:
        """Whether a phone waits for a press of the run button."""
        return self._launching.is_pairing

    @property
    def calls_step(self) -> bool:
        """Whether a hand-step of the run waits to be confirmed."""
        return self._by_hand.is_calling

    @property
    def lights_lamp(self) -> bool | None:
        """Whether the amber lamp is lit while a proof takes a picture of it, None while it takes none."""
        return self._proving.is_lit

    @property
    def has_trouble(self) -> bool:
        """Whether there is a warning that no setting can cure: an interrupted run, a failing journal, late frames."""
        return self.has_interrupted_run or self._journal_trouble is not None or self._ledger.suspected > 0

    @property
    def settings_need_warning(self) -> bool:
        """Whether the present settings need a warning."""
        return bool(warnings_of(self._setup))

    def is_settled(self, now_ns: int) -> bool:
        """Return whether no button edge is hidden in a debounce lock-out, and no wake pulse is in progress."""
        return self._buttons.is_settled and not self._focus.pulses.is_on(now_ns)

    @property
    def run_is_endless(self) -> bool:
        """Whether an endless run is in progress, and nobody has requested a pause or a stop."""
        return self._running.is_endless

    def refuses_settings(self, *, shapes_run: bool) -> str | None:
        """Return why a setting may not be changed now, None if it may.

        No setting may change during a frame, and none that shapes a frame or a run (`shapes_run`) during a run.
        """
        return self._launching.refuses_settings(shapes_run=shapes_run)

    def status(self, now_ns: int) -> Status:
        """Return the state of the box."""
        frame, ledger, run = self._shooting.frame, self._ledger, self._running.run
        progress = (self._running.done_ns, now_ns, self._by_hand.waiting)
        troubles = (self._launching.interrupted, self._journal_trouble, ledger.suspected)
        return Status(
            self.focus,
            self.release,
            self._focus.is_locked,
            None if run is None else status_of_run(run, frame, *progress, is_wired=ledger.is_wired),
            self._fault,
            warnings_now(self._setup, self._buttons.stuck(now_ns), *troubles),
            ledger.sync(self._setup),
            None if frame is None else frame.exposing(now_ns),
            self._shooting.mirror_waits_ns(now_ns),
        )

    def _refuses_focus(self) -> Reason | None:
        """Return why focus may not be changed now, None if it may."""
        if self._release.state in (Release.IDLE, Release.PAUSED):
            return None
        if self._running.run is not None:
            return words.FOCUS_LOCKED_IN_RUN
        return words.FOCUS_BUSY[self._release.state]

    def _advance_time(self, now_ns: int) -> None:
        self._focus.advance(now_ns)
        self._shooting.advance(now_ns)
        self._proving.advance(now_ns)
        self._launching.advance(now_ns)
        self._running.advance(now_ns)
        self._by_hand.advance(now_ns)
        self._wake_schedule.advance(now_ns)

    def _cut(self, now_ns: int) -> None:
        """Open both contacts now, end the frame and the run, and ignore buttons until they are released."""
        self._open_both(now_ns)
        if self._release.leads_to("cut") is not None:
            self._release.change("cut")
            self._shooting.catch_up(now_ns)

    def _open_both(self, now_ns: int) -> None:
        self._outbox.put(OpenBoth())
        self._running.abandon(now_ns)
        self._proving.abandon()
        self._focus.cut()
        self._buttons.ignore_held()

    def _fail(self, reason: str, now_ns: int) -> None:
        self._open_both(now_ns)
        self._outbox.put(Announce(f"fault: {reason}"))
        self._fault = reason
        if self._release.leads_to("fault") is not None:
            self._release.change("fault")

    def _clear_fault(self, event: str, now_ns: int) -> None:
        if self._release.leads_to("clear") is None:
            self._outbox.put(Refuse(event, words.NO_FAULT))
            return
        self._fault = None
        self._release.change("clear")
        self._shooting.catch_up(now_ns)

    def _change_setup(self, setup: Setup, now_ns: int) -> None:
        self._setup = self._shooting.setup = setup
        self._focus.setup_changed(now_ns, setup)
        self._buttons.learn(setup.settings)
