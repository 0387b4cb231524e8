"""What the box takes up from its journal at a start: a mirror that may be up, and a run that was interrupted."""

from dataclasses import replace

from config.cameras import Profile
from controller.box.engine import Engine
from controller.journal.bookkeeping import Bookkeeper


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
    elif resume == "off" or not engine.take_run_settings(unfinished.run, profile):
        books.drop()
    elif (found := books.found()) is not None:
        engine.run_found(replace(found, resumes_itself=resume == "auto"))


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
