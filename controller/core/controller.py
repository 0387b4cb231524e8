"""The core: events and a time in, effects out. Knows no thread, file, socket or pin, and reads no clock.

It routes: what fingers mean is found out in `gestures`, what becomes of focus in `focusing`, of frames in
`shooting`, of runs in `running`; the states are tables in `states`.
"""

from controller.core import words
from controller.core.confirming import Confirming
from controller.core.effects import AtOnce, Effect, OpenBoth, Outbox, Refuse, Say, later
from controller.core.events import (
    Ask,
    Asked,
    Button,
    ButtonFound,
    ButtonMoved,
    ClockRead,
    Event,
    FaultFound,
    IntentKept,
    JournalChanged,
    MirrorFound,
    RunFound,
    SetupChanged,
    SyncSeen,
    TimelinePlayed,
    TimePassed,
)
from controller.core.focusing import Focusing
from controller.core.gestures import DOUBLE_TAP, Gesture, Gestures, Kind
from controller.core.launching import Launching
from controller.core.ledger import Ledger
from controller.core.machine import StateMachine
from controller.core.running import Running
from controller.core.setup import Setup
from controller.core.shooting import Shooting
from controller.core.states import RELEASE_TABLE, Focus, Release
from controller.core.status import Status, status_of_run, warnings_now, warnings_of
from controller.core.wake_schedule import WakeSchedule
from controller.core.words import Reason


class Controller:
    """Decides. Every call takes the time as integer nanoseconds, which never decreases from call to call.
    What moves the lines is told `at_once`, while the rest is still being decided; `handle` returns it all the same.
    """

    def __init__(self, setup: Setup, at_once: AtOnce = later) -> None:
        self._setup = setup
        self._outbox = Outbox(at_once)
        self._release = StateMachine(RELEASE_TABLE, Release.IDLE, {})
        self._focus = Focusing(setup, self._outbox, self._refuses_focus)
        self._shooting = Shooting(setup, self._outbox, self._focus, self._release)
        # Which inputs there are is settled when the box starts, whatever the settings say later.
        self._ledger = Ledger(self._outbox, Confirming(is_wired=setup.settings.pins.sync is not None))
        self._running = Running(self._outbox, self._focus, self._shooting, self._release, self._ledger)
        parts = (self._outbox, self._focus, self._shooting, self._release, self._ledger)
        self._launching = Launching(*parts, self._running)
        self._wake_schedule = WakeSchedule(self._focus, self._running, self._release)
        self._gestures = Gestures()
        self._gestures.learn(setup.settings)
        self._fault: str | None = None
        self._journal_trouble: str | None = None

    def handle(self, event: Event, now_ns: int) -> tuple[Effect, ...]:
        """Take an event at `now_ns`, return what is to be done about it, in order.

        Input that the state does not allow changes nothing and is answered by a Refuse.
        """
        if isinstance(event, SyncSeen):  # before time passes: the edge may have waited for us
            self._running.sync_seen(event.at_ns)
        self._advance_time(now_ns)
        match event:
            case ButtonMoved():
                self._take_finger(event, now_ns)
            case ButtonFound():
                self._take_gestures(self._gestures.found_down(event.button, now_ns), now_ns)
            case Asked():
                self._take_ask(event, now_ns)
            case TimelinePlayed():
                self._running.played(event, now_ns)
            case SetupChanged():
                self._change_setup(event.setup, now_ns)
            case FaultFound():
                self._fail(event.reason, now_ns)
            case TimePassed():
                self._take_gestures(self._gestures.advance(now_ns), now_ns)
            case _:
                self._take_news(event, now_ns)
        self._advance_time(now_ns)
        return self._outbox.take()

    def _take_news(self, event: Event, now_ns: int) -> None:
        """Take what files and clocks have to say."""
        match event:
            case MirrorFound():
                self._shooting.mirror_found(event.down_ns)
                self._shooting.catch_up(now_ns)
            case ClockRead():
                self._launching.clock_read(event, now_ns)
            case RunFound():
                self._launching.found = event
            case IntentKept():
                self._running.intent_kept(event.slot)
            case JournalChanged():
                self._journal_trouble = event.trouble
                self._running.waits_for_journal = event.trouble is None

    @property
    def next_deadline_ns(self) -> int | None:
        """When TimePassed is wanted at the latest, None if nothing is to come by itself."""
        parts = (self._gestures, self._focus, self._shooting, self._launching, self._running, self._wake_schedule)
        return min((at_ns for part in parts if (at_ns := part.next_ns) is not None), default=None)

    @property
    def focus(self) -> Focus:
        """Where focus stands."""
        return self._focus.state

    @property
    def release(self) -> Release:
        """What the shutter is about."""
        return self._release.state

    @property
    def is_locked(self) -> bool:
        """FOCUS is kept closed though nobody holds `back`."""
        return self._focus.is_locked

    @property
    def wants_clock(self) -> bool:
        """The time of day should be told by a ClockRead before whatever comes next."""
        return self._launching.wants_clock

    @property
    def has_found_a_run(self) -> bool:
        """A run was interrupted, and waits for somebody to say what is to become of it."""
        return self._launching.found is not None

    @property
    def has_news(self) -> bool:
        """There is something to warn of that no setting can help: an interrupted run, a journal that fails."""
        return self.has_found_a_run or self._journal_trouble is not None

    @property
    def warns_of_settings(self) -> bool:
        """The settings as they are call for a warning."""
        return bool(warnings_of(self._setup))

    @property
    def fingers_are_settled(self) -> bool:
        """No edge of a button is still hidden in a lock-out."""
        return self._gestures.is_settled

    @property
    def run_is_endless(self) -> bool:
        """A run is in progress that only a person ends, and nobody has asked it to pause or stop."""
        return self._running.is_endless

    def refuses_settings(self, *, shapes_run: bool) -> str | None:
        """Return why a setting may not be changed now, None if it may.

        None changes under a frame in progress; those that shape a frame or a run stay as they are for a run.
        """
        if shapes_run and self._running.run is not None:
            return words.RUN_SHAPED
        if shapes_run and self._launching.found is not None:
            return words.RUN_OFFERED
        rests = self._release.state in (Release.WAITING, Release.PAUSED)
        return None if rests else words.SHUTTER_BUSY.get(self._release.state)

    def status(self, now_ns: int) -> Status:
        """Tell how things are."""
        run = self._running.run
        slot = 0 if run is None else self._shooting.slot_to_come(now_ns, run.slot)
        return Status(
            self.focus,
            self.release,
            self._focus.is_locked,
            status_of_run(run, slot, now_ns, is_wired=self._ledger.is_wired),
            self._fault,
            warnings_now(self._setup, self._gestures.stuck(now_ns), self._launching.found, self._journal_trouble),
            self._ledger.sync,
            self._shooting.exposing(now_ns),
            self._shooting.mirror_waits_ns(now_ns),
        )

    def _refuses_focus(self) -> Reason | None:
        """Return why focus may not be changed now, None if it may."""
        if self._release.state in (Release.IDLE, Release.PAUSED):
            return None
        if self._running.run is not None:
            return words.FOCUS_LOCKED_IN_RUN
        return words.FOCUS_BUSY[self._release.state]

    def _take_finger(self, moved: ButtonMoved, now_ns: int) -> None:
        """Judge fingers by when they moved: an edge may have waited for us, and others wait behind it."""
        self._take_gestures(self._gestures.advance(moved.at_ns), now_ns)
        self._take_gestures(self._gestures.moved(moved.button, moved.pressed, moved.at_ns), now_ns)

    def _take_gestures(self, gestures: list[Gesture], now_ns: int) -> None:
        for gesture in gestures:
            self._take_gesture(gesture, now_ns)

    def _advance_time(self, now_ns: int) -> None:
        self._focus.advance(now_ns)
        self._shooting.advance(now_ns)
        self._launching.advance(now_ns)
        self._running.advance(now_ns)
        self._wake_schedule.advance(now_ns)

    def _take_gesture(self, gesture: Gesture, now_ns: int) -> None:
        match gesture:
            case Gesture(Kind.PRESSED, Button.BACK):
                self._focus.pressed(now_ns, "back pressed")
            case Gesture(Kind.LET_GO, Button.BACK):
                self._focus.let_go(now_ns, gesture.held_ns, twice=gesture.taps == DOUBLE_TAP)
            case Gesture(Kind.PRESSED, Button.SHUTTER):
                self._shooting.pressed(now_ns, "shutter pressed", held=True)
            case Gesture(Kind.LET_GO, Button.SHUTTER):
                self._shooting.let_go(now_ns)
            case Gesture(Kind.TAPPED, Button.RUN):
                self._launching.toggle(now_ns, "run tapped")
            case Gesture(Kind.HELD, Button.RUN):
                self._launching.stop(now_ns, "run held")
            case Gesture(Kind.CHORD_HELD):
                self._cut(now_ns)
            case Gesture(Kind.STUCK):
                name = gesture.button.value
                self._outbox.put(Refuse(f"{name} down", words.stuck(name, gesture.held_ns)))

    def _take_ask(self, asked: Asked, now_ns: int) -> None:
        match asked.ask:
            case Ask.FOCUS_HOLD:
                self._focus.pressed(now_ns, asked.words)
            case Ask.FOCUS_RELEASE:
                if not self._focus.let_go(now_ns, self._focus.held_ns(now_ns)):
                    self._outbox.put(Refuse(asked.words, words.BACK_IS_NOT_HELD))
            case Ask.FOCUS_CLEAR:
                self._clear_focus(asked.words, now_ns)
            case Ask.FIRE:
                self._shooting.pressed(now_ns, asked.words, held=False)
            case Ask.START:
                self._launching.start(now_ns, asked.words, asked.start or self._setup.settings.interval.start)
            case Ask.PAUSE:
                self._running.pause(asked.words)
            case Ask.RESUME:
                self._launching.resume(now_ns, asked.words)
            case Ask.STOP:
                self._launching.stop(now_ns, asked.words)
            case Ask.CALIBRATE:
                self._launching.calibrate(now_ns, asked.words)
            case Ask.CUT:
                self._cut(now_ns)
            case Ask.CLEAR:
                self._clear_fault(asked.words, now_ns)

    def _clear_focus(self, event: str, now_ns: int) -> None:
        reason = self._refuses_focus()
        if reason is None:
            self._focus.clear(now_ns)
        else:
            self._outbox.put(Refuse(event, reason))

    def _cut(self, now_ns: int) -> None:
        """Open both contacts now; the frame and the run are over, buttons still down mean nothing more."""
        self._open_both(now_ns)
        if self._release.leads_to("cut") is not None:
            self._release.change("cut")
            self._shooting.catch_up(now_ns)

    def _open_both(self, now_ns: int) -> None:
        self._outbox.put(OpenBoth())
        self._running.abandon(now_ns)
        self._focus.cut()
        self._gestures.ignore_held()

    def _fail(self, reason: str, now_ns: int) -> None:
        self._open_both(now_ns)
        self._outbox.put(Say(f"fault: {reason}"))
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
        self._gestures.learn(setup.settings)
