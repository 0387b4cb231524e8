"""A box on the virtual bench with a journal in memory: what it enters, what it waits for, what it finds afterwards."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

from support import MS, S

from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.box.notices import Refused, Said
from controller.box.recovery import recover
from controller.core.states import Release
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.journal import InlineJournal
from controller.simulate.stage import VIRTUAL_NOON_NS, Scene, Stage
from hardware.clock import VirtualClock, VirtualWall

SETTINGS = {"interval.every": "5s", "interval.count": "4"}
_OPEN = ExitStack()


def journal_in_memory(*arguments):
    """Return a journal that is closed at the end of the test, when the boxes that share it are done with it."""
    journal = InlineJournal(*arguments)
    _OPEN.callback(journal.stop)
    return journal


def close_journals():
    """Close them all: Python 3.13 warns of a database that only the garbage collector closes."""
    _OPEN.close()


class Disk:
    """A part of the loop: it tells of what is durable, `delay_ns` later; never, if that is None."""

    def __init__(self, clock, post):
        self._clock = clock
        self._post = post
        self._late = []
        self.delay_ns = 0

    @property
    def next_ns(self):
        return min((at_ns for at_ns, _ in self._late), default=None)

    def step(self, now_ns):
        for each in [each for each in self._late if each[0] <= now_ns]:
            self._late.remove(each)
            self._post(each[1])

    def take(self, call):
        if self.delay_ns == 0:
            self._post(call)
        elif self.delay_ns is not None:
            self._late.append((self._clock.now_ns() + self.delay_ns, call))


class Alarm:
    """A part of the loop that ends it at some time."""

    def __init__(self, at_ns):
        self.next_ns = at_ns

    def step(self, _now_ns):
        self.next_ns = None

    def is_over(self):
        return self.next_ns is None


class BookedBox:
    """A box, from its start on, whose journal may open late; `after` is the one before it, which has died with its journal as it was.

    `entries` is what was put into the journal, in order; `said` and `refused` are what the engine told.
    """

    zero_ns = 0

    def __init__(
        self, settings=None, camera="canon-e3", body="bbf", *, after=None, boot="boot 1", now_ns=0, wall_ns=None,
        is_trusted=True, mirror_down_ns=None, opens_late=False,
    ):  # fmt: skip
        self.exposures, self.said, self.refused, self.entries = [], [], [], []
        self.clock = VirtualClock(now_ns)
        self.wall = VirtualWall(self.clock, wall_ns or VIRTUAL_NOON_NS, is_trusted=is_trusted)
        self.store = SettingsStore(None, Path("/nonexistent"))
        stated = {"camera.profile": camera, "camera.back_button_focus": "true" if body == "bbf" else "false"}
        for key, text in (stated | (SETTINGS if settings is None else settings)).items():
            self.store.set(key, text)
        self.stage = Stage(Scene(camera, body), self.store, self.clock, (self,), threaded=False)
        self.engine = self.stage.box.engine
        self.engine.wall = self.wall
        self.disk = Disk(self.clock, self.stage.inbox.post)
        self.journal = journal_in_memory(self._durable, self.wall.sample, boot)
        if after is not None:
            self.journal.inherit(after.journal.connection)
        put_all = self.journal.put_all
        self.journal.put_all = lambda entries: (self.entries.extend(entries), put_all(entries))
        self.books = Bookkeeper(self.journal, boot)
        if mirror_down_ns is not None:
            self.engine.mirror_found(mirror_down_ns)
        self.engine.keep_books(self.books)
        self._left = self.journal.unfinished, self.journal.mirror_left
        if opens_late:
            self.journal.unfinished = self.journal.mirror_left = None
        recover(self.engine, self.books)
        self.wait_until(now_ns)

    def open_late(self):
        """Find in the journal, which opens only now, what the process before has left."""
        self.journal.unfinished, self.journal.mirror_left = self._left
        recover(self.engine, self.books)
        return self

    def _durable(self, run_id, slot):
        self.disk.take(partial(self.engine.intent_saved, run_id, slot))

    def on_change(self, change):
        """Nothing is asked of single edges."""

    def on_exposure(self, exposure):
        self.exposures.append(exposure.at_ns)

    def on_notice(self, notice):
        match notice:
            case Said(text=text):
                self.said.append(text)
            case Refused(reason=reason):
                self.refused.append(str(reason))

    def wait_until(self, at_ns):
        self._run(Alarm(at_ns))
        return self

    def finish(self):
        """Go on until the box is idle."""
        run_virtually(self._parts(), self.stage.inbox, self.clock, lambda: self.release is Release.IDLE)
        return self

    def focus(self):
        """Dial in focus; takes 1 s."""
        return self.hold("back", S)

    def hold(self, button, for_ns):
        self.stage.bench.thumb.press(button, self.clock.now_ns() + for_ns)
        return self.wait_until(self.clock.now_ns() + for_ns + 100 * MS)

    def ask(self, ask, start=None):
        self.engine.ask(ask, start)
        return self

    def _run(self, alarm):
        run_virtually(self._parts(alarm), self.stage.inbox, self.clock, alarm.is_over)

    def _parts(self, alarm=None):
        return (self.disk, *self.stage.parts(alarm))

    @property
    def release(self):
        return self.engine.controller.release

    @property
    def summary(self):
        return self.runs[0]

    @property
    def runs(self):
        """The runs in the journal, the last one first."""
        return self.journal.reader.runs(9)

    @property
    def frames(self):
        """The frames of the last run."""
        return list(self.journal.reader.frames(self.summary))

    @property
    def ledger(self):
        """Outcome and reason of each slot of the last run."""
        return [(frame.outcome, frame.reason) for frame in self.frames for _ in range(frame.slots)]

    @property
    def due(self):
        """When each slot of the last run was due."""
        every_ns = self.summary.run.every_ns
        return [frame.due_ns + slot * every_ns for frame in self.frames for slot in range(frame.slots)]
