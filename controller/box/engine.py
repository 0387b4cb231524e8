"""Connects the core to its surroundings: performs its effects, and notifies listeners of the results.

Knows the core, a player, the settings and a clock; knows neither threads nor sockets. The same engine runs in the
daemon and on the virtual bench.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo

from config.cameras import Profile
from config.errors import ConfigError
from config.schema import Value, changes, find_field
from config.store import SettingsStore
from config.when import When
from controller.box.notices import Adopted, Changed, Concluded, Entered, Notice, Over, Refused, Said, Wanted
from controller.box.player_port import PlayerPort
from controller.core import words
from controller.core.controller import Controller
from controller.core.effects import (
    Announce,
    Answer,
    Effect,
    EndPairing,
    EndProofPress,
    LineEffect,
    OpenBoth,
    Play,
    RecordSlot,
    Refuse,
    ReportFrame,
    StepPreset,
)
from controller.core.events import (
    Button,
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
    Request,
    Requested,
    SetupChanged,
    SyncSeen,
    TimelinePlayed,
    TimePassed,
)
from controller.core.setup import Setup
from controller.core.status import Status
from controller.errors import CommandError
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.records import NO_RUN
from hardware.clock import Clock, WallClock
from hardware.errors import ClockError, UnsafePinError
from hardware.lines import check_line_pins
from hardware.player import Played
from hardware.timeline import Line, Timeline
from hardware.walltime import WallTime, zone_named

Listener = Callable[[Notice], None]


class Engine:
    """Runs a Controller on the settings of `store`. All calls come from one thread.

    `wall` reads the time of day. `next_ns` is the latest time at which `step` must be called.
    """

    def __init__(self, store: SettingsStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.controller = Controller(self.setup, self._move_lines)
        self._adopted = store.current
        self.next_ns: int | None = None
        self.wall: WallClock = WallTime()
        self._books: Bookkeeper | None = None
        self._listeners: list[Listener] = []
        self._known = (self.controller.focus, self.controller.release, False)

    def connect(self, player: PlayerPort) -> None:
        """Set the player that performs what the core decides about the lines."""
        self._player = player

    def keep_books(self, books: Bookkeeper) -> None:
        """Record runs in a journal from now on, and fire no frame of theirs before its intent is durable."""
        self._books = books
        self._take(JournalChanged(None if books.journal.is_working else words.JOURNAL_FAILS))

    def run_found(self, found: InterruptedRunFound) -> None:
        """Handle that a run was interrupted by a restart; its settings are set already."""
        self._read_clock()
        self._take(found)

    def intent_saved(self, run_id: int, slot: int) -> None:
        """Handle that an intent is durable: of a slot, or with NO_RUN of a frame by hand."""
        if run_id == NO_RUN:
            self._take(MirrorRecorded(slot))
        elif self._books is not None and run_id == self._books.run_id:
            self._take(IntentSaved(slot))

    def journal_reported(self, sentence: str) -> None:
        """Handle a sentence of the journal: it fails, and frames are fired without it, or it works again."""
        self.notify(Said(self.clock.now_ns(), sentence))
        if self._books is not None:
            self._take(JournalChanged(None if self._books.journal.is_working else sentence))

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every notice from now on."""
        self._listeners.append(listener)

    def step(self, now_ns: int) -> None:
        """Do what is due."""
        if self.next_ns is not None and self.next_ns <= now_ns:
            self._take(TimePassed())

    def button_moved(self, button: Button, pressed: bool, at_ns: int) -> None:
        """Handle a raw edge of a button."""
        self._take(ButtonMoved(button, pressed, at_ns))

    def button_found(self, button: Button) -> None:
        """Handle a button that is already down when the box starts to watch it."""
        self._take(ButtonFoundDown(button))

    def sync_seen(self, at_ns: int) -> None:
        """Handle a closing of the flash contact."""
        self._take(SyncSeen(at_ns))

    def played(self, report: Played) -> None:
        """Handle a report of the player."""
        closings = [edge.planned_ns for edge in report.edges if edge.line is Line.SHUTTER and edge.closed]
        self.notify(Over(self.clock.now_ns(), closings[0] if closings else None, report.cut))
        self._take(TimelinePlayed(report.number, report.edges, report.cut))

    def ask(self, ask: Request, start: When | None = None, hold_ns: int | None = None, trim: int = 0) -> str | None:
        """Carry out a request; return what it did, None if the new states say it. CommandError if it is refused."""
        if start is not None and start.needs_clock:
            self._read_clock()
        return self._request(Requested(ask, ask.value, start, hold_ns, trim), ask.value)

    def press_for_proof(self, timeline: Timeline, lamp_ns: int | None) -> None:
        """Play the press of a proof; CommandError if it is refused."""
        self._request(ProofPressed(timeline, lamp_ns), words.PROOF_PRESS)

    def _request(self, event: Event, name: str) -> str | None:
        effects = self._take(event)
        for effect in effects:
            if isinstance(effect, Refuse) and effect.event == name:
                raise CommandError("refused", effect.reason)
        return next((each.text for each in effects if isinstance(each, Answer) and each.event == name), None)

    @property
    def setup(self) -> Setup:
        """The current settings with the camera profile they name; ConfigError if that is faulty."""
        settings = self.store.current
        return Setup(settings, self.store.cameras.load(settings.camera.profile))

    @property
    def zone(self) -> tzinfo:
        """The time zone of the box's clock times; ClockError if the machine no longer has it."""
        return zone_named(self.store.current.site.timezone)

    def clock_reading(self) -> ClockRead:
        """Return the time of day at the box and its zone; ClockError where the machine no longer has the zone."""
        return ClockRead(self.wall.sample(), self.zone)

    def set_clock(self, wall_ns: int) -> None:
        """Set the box's clock to `wall_ns` (UTC since 1970); CommandError if it is synchronised over the network."""
        try:
            self.wall.set_by_hand(wall_ns)
        except ClockError as error:
            raise CommandError("refused", str(error)) from error
        self._read_clock()

    def mirror_found(self, down_ns: int) -> None:
        """Handle that the camera's mirror may be up since before this start, and is down by itself at `down_ns`."""
        self._take(MirrorFound(down_ns))

    def fail(self, reason: str) -> None:
        """Go to FAULT: something in the box broke."""
        if self._books is not None:
            self._books.journal.note("fault", reason)
        self._take(FaultFound(reason))

    def check_change(self, key: str) -> None:
        """Raise CommandError if there is no such setting, or a frame or a run forbids changing it now."""
        try:
            reason = self.controller.refuses_settings(shapes_run=find_field(key).in_run)
        except ConfigError as error:
            raise CommandError("value", "; ".join(error.faults)) from error
        if reason is not None:
            raise CommandError("refused", f"{key}: {reason}")

    def change_settings(
        self, values: Mapping[str, Value], profile: Profile | None = None, preset: str | None = None
    ) -> None:
        """Change settings and work by them; CommandError as `check_change`, or if the box could not start with them.

        All are changed, or none. A camera's `profile` is read from its file unless it is given; `preset` is the name
        of the preset that they are from.
        """
        self._use(values, profile)
        self._notify_adopted(preset)

    def ask_with(self, values: Mapping[str, Value], ask: Request, start: When | None = None) -> str | None:
        """Change settings as `change_settings`, then carry out a request; if it is refused, nothing has changed."""
        before = self.store.current
        self._use(values, None)
        try:
            return self.ask(ask, start)
        except CommandError:
            self.store.use(before, None)
            self._take(SetupChanged(self.setup))
            raise
        finally:
            self._notify_adopted(None)

    def tell(self, event: PresetsMarked | PairingAsked) -> None:
        """Handle what a client has arranged with the buttons of the box."""
        self._take(event)

    def _use(self, values: Mapping[str, Value], profile: Profile | None) -> None:
        for key in values:
            self.check_change(key)
        try:
            settings, profile = self.store.changed(values, profile)
            check_line_pins(settings.pins.focus, settings.pins.shutter)
        except ConfigError as error:
            raise CommandError("value", "; ".join(error.faults)) from error
        except UnsafePinError as error:
            raise CommandError("value", str(error)) from error
        self.store.use(settings, profile)
        self._take(SetupChanged(self.setup))

    def adopt_settings(self) -> None:
        """Work by what are the store's current settings now."""
        self._take(SetupChanged(self.setup))
        self._notify_adopted(None)

    def _notify_adopted(self, preset: str | None) -> None:
        before, self._adopted = self._adopted, self.store.current
        self.notify(Adopted(self.clock.now_ns(), self._adopted, changes(before, self._adopted), preset))

    def status(self) -> Status:
        """Return the state of the box."""
        return self.controller.status(self.clock.now_ns())

    def _take(self, event: Event) -> tuple[Effect, ...]:
        if not isinstance(event, ClockRead) and self.controller.wants_clock:
            self._read_clock()
        now_ns = self.clock.now_ns()  # after the clock was read: the core's time must never decrease
        effects = self.controller.handle(event, now_ns)
        self.next_ns = self.controller.next_deadline_ns
        if self._books is not None:
            self._books.take(effects, self.store.current, self.controller.focus)
        for effect in effects:
            self._perform(effect, now_ns)
        self._notify_change(now_ns)
        return effects

    def _read_clock(self) -> None:
        self._take(self.clock_reading())

    def _move_lines(self, effect: LineEffect) -> None:
        """Perform an effect on the lines while the core still decides: everything else follows the edge."""
        match effect:
            case Play():
                self._player.play(effect.number, effect.timeline, effect.at_ns)
            case OpenBoth():
                self._player.cut()

    def _perform(self, effect: Effect, now_ns: int) -> None:
        match effect:
            case Refuse():
                self.notify(Refused(now_ns, effect.event, effect.reason))
            case Announce() | Answer():
                self.notify(Said(now_ns, effect.text))
            case RecordSlot():
                self.notify(Entered(now_ns, effect.row))
            case StepPreset() | EndPairing() | EndProofPress():
                self.notify(Wanted(now_ns, effect))
            case ReportFrame():
                self.notify(Concluded(now_ns, effect.closes_ns, effect.outcome))

    def _notify_change(self, now_ns: int) -> None:
        now = (self.controller.focus, self.controller.release, self.controller.is_locked)
        if now != self._known:
            self._known = now
            self.notify(Changed(now_ns, *now))

    def notify(self, notice: Notice) -> None:
        """Pass a notice to all listeners."""
        for listener in self._listeners:
            listener(notice)
