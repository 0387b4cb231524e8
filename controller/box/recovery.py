"""What the box takes up from its journal at a start: a mirror that may be up, and a run that was interrupted."""

from dataclasses import replace

from config.cameras import Profile
from config.errors import ConfigError
from config.schema import FIELDS, Settings, find_field
from config.store import SettingsStore
from config.when import parse_when
from controller.box.engine import Engine
from controller.box.notices import Said
from controller.core import words
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.records import RunRecord


def recover(engine: Engine, books: Bookkeeper, profile: Profile | None = None) -> None:
    """Take up what the last process left in the journal, once it is open; idempotent.

    An interrupted run is resumed, offered, or dropped, as `interval.resume` says; unless a run has begun meanwhile.
    The run's camera is read from its file unless its `profile` is given.
    """
    _recover_mirror(engine, books)
    unfinished = books.journal.unfinished
    if unfinished is None:
        return
    resume = engine.store.current.interval.resume
    if books.has_begun:
        books.journal.unfinished = None
    elif engine.controller.has_interrupted_run:
        return
    elif resume == "off" or not _takes_settings(engine, books, unfinished.run, profile):
        books.drop()
    elif (found := books.found()) is not None:
        engine.run_found(replace(found, resumes_itself=resume == "auto"))


def _takes_settings(engine: Engine, books: Bookkeeper, run: RunRecord, profile: Profile | None) -> bool:
    """Set what shaped a run as it was then; False, and nothing is changed, if that is no longer possible."""
    try:
        settings, profile = _settings_of(engine.store, run, profile)
    except ConfigError as error:
        sentence = words.not_taken_up(error.faults)
        engine.notify(Said(engine.clock.now_ns(), sentence))
        books.journal.note("resume", sentence)  # when a box starts nobody listens yet
        return False
    engine.store.use(settings, profile)
    engine.adopt_settings()
    return True


def _settings_of(store: SettingsStore, run: RunRecord, profile: Profile | None) -> tuple[Settings, Profile | None]:
    if run.start is not None:
        parse_when(run.start)
    values = {key: find_field(key).parse(text) for key, text in run.settings.items()}
    shaping = {key: values.get(key, field.default) for key, field in FIELDS.items() if field.in_run}
    settings, profile = store.changed(shaping, profile)
    if (settings.interval.every_ns, settings.interval.count) != (run.every_ns, run.count):
        raise ConfigError(words.OTHER_GRID)
    return settings, profile


def _recover_mirror(engine: Engine, books: Bookkeeper) -> None:
    """Wait for a mirror that may be up; remove the record of one that is down by now."""
    record, books.journal.mirror_left = books.journal.mirror_left, None
    if record is None:
        return
    down_ns = record.down_after(engine.clock.now_ns(), books.boot_id)
    if down_ns is None:
        books.journal.mirror_is_down()
    else:
        engine.mirror_found(down_ns)
