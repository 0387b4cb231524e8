"""Binds the core to its surroundings: performs its effects, and tells listeners what came of them.

Knows the core, a player, the settings and a clock; knows neither threads nor sockets. The same engine runs
in the daemon and on the virtual bench.
"""

from collections.abc import Callable
from datetime import tzinfo
from typing import Protocol

from config.cameras import Profile
from config.errors import ConfigError
from config.schema import FIELDS, Settings, changes, find_field
from config.store import SettingsStore
from config.when import When, parse_when
from controller.box.notices import Adopted, Changed, Concluded, Entered, Notice, Over, Refused, Said
from controller.core import words
from controller.core.controller import Controller
from controller.core.effects import Announce, Effect, LineEffect, OpenBoth, Play, RecordSlot, Refuse, ReportFrame
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
from controller.journal.records import NO_RUN, RunRecord
from hardware.clock import Clock, WallClock
from hardware.errors import ClockError, UnsafePinError
from hardware.lines import check_line_pins
from hardware.player import Played
from hardware.timeline import Line, Timeline
from hardware.walltime import WallTime, zone_named

Listener = Callable[[Notice], None]


class PlayerPort(Protocol):
    """Takes timelines to play; the player itself, or its thread."""

    def play(self, number: int, timeline: Timeline, at_ns: int) -> None:
        """Play `timeline`, its zero at `at_ns`."""

    def cut(self) -> None:
        """Open both lines and forget all plans."""


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
        """Get the player whose lines these decisions are about."""
        self._player = player

    def keep_books(self, books: Bookkeeper) -> None:
        """Enter runs in a journal from now on, and fire none of their frames before it is kept that they will be."""
        self._books = books
        self._take(JournalChanged(None if books.journal.is_working else words.JOURNAL_FAILS))

    def take_run_settings(self, run: RunRecord, profile: Profile | None = None) -> bool:
        """Set what shaped a run as it was then; False, and nothing is changed, if that is no longer possible.

        The camera's `profile` is read from its file unless it is given.
        """
        before = self.store.current
        try:
            self._shape(run, profile)
        except ConfigError as error:
            self.store.current = before
            self._regret(words.not_taken_up(error.faults))
            return False
        self.adopt_settings()
        return True

    def _regret(self, sentence: str) -> None:
        """Say it, and enter it for whoever looks later: when a box starts nobody listens yet."""
        self._tell(Said(self.clock.now_ns(), sentence))
        if self._books is not None:
            self._books.journal.note("resume", sentence)

    def _shape(self, run: RunRecord, profile: Profile | None) -> None:
        if run.start is not None:
            parse_when(run.start)
        said = {key: find_field(key).parse(text) for key, text in run.settings.items()}
        shaping = {key: said.get(key, field.default) for key, field in FIELDS.items() if field.in_run}
        interval = self.store.set_all(shaping, profile).interval
        if (interval.every_ns, interval.count) != (run.every_ns, run.count):
            raise ConfigError(words.OTHER_GRID)

    def run_found(self, found: InterruptedRunFound) -> None:
        """Take it that a run was interrupted by a restart; the settings are those it had."""
        self._tell_clock()
        self._take(found)

    def intent_kept(self, run_id: int, slot: int) -> None:
        """Handle that an intent is durable: of a slot, or with NO_RUN of a frame by hand."""
        if run_id == NO_RUN:
            self._take(MirrorRecorded(slot))
        elif self._books is not None and run_id == self._books.run_id:
            self._take(IntentSaved(slot))

    def journal_said(self, sentence: str) -> None:
        """Take it from the journal that it has failed, or works again; where it has, frames are fired without."""
        self._tell(Said(self.clock.now_ns(), sentence))
        if self._books is not None:
            self._take(JournalChanged(None if self._books.journal.is_working else sentence))

    def listen(self, listener: Listener) -> None:
        """Have `listener` told everything from now on."""
        self._listeners.append(listener)

    def step(self, now_ns: int) -> None:
        """Do what is due."""
        if self.next_ns is not None and self.next_ns <= now_ns:
            self._take(TimePassed())

    def button_moved(self, button: Button, pressed: bool, at_ns: int) -> None:
        """Take a raw edge of a button."""
        self._take(ButtonMoved(button, pressed, at_ns))

    def button_found(self, button: Button) -> None:
        """Take a button that is down before anybody has pressed it."""
        self._take(ButtonFoundDown(button))

    def sync_seen(self, at_ns: int) -> None:
        """Take a closing of the flash contact."""
        self._take(SyncSeen(at_ns))

    def played(self, report: Played) -> None:
        """Take a report of the player."""
        closings = [edge.planned_ns for edge in report.edges if edge.line is Line.SHUTTER and edge.closed]
        self._tell(Over(self.clock.now_ns(), closings[0] if closings else None, report.cut))
        self._take(TimelinePlayed(report.number, report.edges, report.cut))

    def ask(self, ask: Request, start: When | None = None) -> None:
        """Do what somebody asks for; CommandError with the reason if it is refused."""
        if start is not None and start.needs_clock:
            self._tell_clock()
        effects = self._take(Requested(ask, ask.value, start))
        for effect in effects:
            if isinstance(effect, Refuse) and effect.event == ask.value:
                raise CommandError("refused", effect.reason)

    @property
    def setup(self) -> Setup:
        """The settings as they stand in the store, with the camera profile they name; ConfigError if it is faulty."""
        settings = self.store.current
        return Setup(settings, self.store.cameras.load(settings.camera.profile))

    @property
    def zone(self) -> tzinfo:
        """The time zone of the box's clock times; ClockError where the machine no longer knows it."""
        return zone_named(self.store.current.site.timezone)

    def set_clock(self, wall_ns: int) -> None:
        """Take it that it is `wall_ns` (UTC since 1970) now; CommandError where the clock is synchronised."""
        try:
            self.wall.set_by_hand(wall_ns)
        except ClockError as error:
            raise CommandError("refused", str(error)) from error
        self._tell_clock()

    def mirror_found(self, down_ns: int) -> None:
        """Take it that the camera's mirror is up since before this start, and down by itself at `down_ns`."""
        self._take(MirrorFound(down_ns))

    def fail(self, reason: str) -> None:
        """Go to FAULT: something of ours broke."""
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

    def change_settings(self, key: str, change: Callable[[], Settings]) -> None:
        """Change a setting by `change`; CommandError as `check_change`, or if the value is wrong."""
        self.check_change(key)
        try:
            self._change_store(change)
        except ConfigError as error:
            raise CommandError("value", "; ".join(error.faults)) from error
        self.adopt_settings()

    def _change_store(self, change: Callable[[], Settings]) -> None:
        """Change the store, or leave it as it is if the box could not start with what comes of it."""
        before, pins = self.store.current, change().pins
        try:
            check_line_pins(pins.focus, pins.shutter)
        except UnsafePinError as error:
            self.store.current = before
            raise CommandError("value", str(error)) from error

    def adopt_settings(self) -> None:
        """Work by the settings as they now stand in the store."""
        self._take(SetupChanged(self.setup))
        before, self._adopted = self._adopted, self.store.current
        self._tell(Adopted(self.clock.now_ns(), self._adopted, changes(before, self._adopted)))

    def status(self) -> Status:
        """Tell how things are."""
        return self.controller.status(self.clock.now_ns())

    def _take(self, event: Event) -> tuple[Effect, ...]:
        if not isinstance(event, ClockRead) and self.controller.wants_clock:
            self._tell_clock()
        now_ns = self.clock.now_ns()  # after the clock was told: the core's time must never decrease
        effects = self.controller.handle(event, now_ns)
        self.next_ns = self.controller.next_deadline_ns
        if self._books is not None:
            self._books.take(effects, self.store.current, self.controller.focus)
        for effect in effects:
            self._perform(effect, now_ns)
        self._tell_change(now_ns)
        return effects

    def _tell_clock(self) -> None:
        self._take(ClockRead(self.wall.sample(), self.zone))

    def _move_lines(self, effect: LineEffect) -> None:
        """Do what moves the lines, in the middle of a decision: states, journal and listeners come after the edge."""
        match effect:
            case Play():
                self._player.play(effect.number, effect.timeline, effect.at_ns)
            case OpenBoth():
                self._player.cut()

    def _perform(self, effect: Effect, now_ns: int) -> None:
        match effect:
            case Refuse():
                self._tell(Refused(now_ns, effect.event, effect.reason))
            case Announce():
                self._tell(Said(now_ns, effect.text))
            case RecordSlot():
                self._tell(Entered(now_ns, effect.row))
            case ReportFrame():
                self._tell(Concluded(now_ns, effect.closes_ns, effect.outcome))

    def _tell_change(self, now_ns: int) -> None:
        now = (self.controller.focus, self.controller.release, self.controller.is_locked)
        if now != self._known:
            self._known = now
            self._tell(Changed(now_ns, *now))

    def _tell(self, notice: Notice) -> None:
        for listener in self._listeners:
            listener(notice)
