"""What a box keeps over a crash and a power cut: its journal, the run it was in, and that the mirror may be up.

Joins the engine to the files of the state directory. Part of the daemon's composition root.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

from controller.box.assembly import Box
from controller.box.engine import Engine
from controller.box.loop import Inbox
from controller.daemon.mirror_memory import MirrorMemory, boot_id
from controller.journal.bookkeeping import Bookkeeper
from controller.journal.schema import FILE
from controller.journal.writer import JournalWriter
from hardware.clock import Clock


def keep_journal(state_dir: Path, box: Box, inbox: Inbox, clock: Clock) -> JournalWriter:
    """Have runs entered in the journal of `state_dir`."""
    boot = boot_id()
    journal = JournalWriter(
        state_dir / FILE,
        lambda run_id, slot: inbox.post(partial(box.engine.intent_kept, run_id, slot)),
        lambda sentence: inbox.post(partial(box.engine.journal_said, sentence)),
        boot,
        clock=clock,
    )
    journal.start()
    books = Bookkeeper(journal, boot, box.engine.wall.sample)
    box.engine.keep_books(books)
    box.journal = state_dir / FILE
    offer_run(box.engine, books)
    return journal


def offer_run(engine: Engine, books: Bookkeeper) -> None:
    """Take up a run that was interrupted, offer it, or drop it, as `interval.resume` says."""
    unfinished, resume = books.journal.unfinished, engine.store.current.interval.resume
    if unfinished is None:
        return
    if resume == "off" or not engine.take_run_settings(unfinished.run):
        books.drop()
    elif (found := books.found()) is not None:
        engine.run_found(replace(found, resumes_itself=resume == "auto"))


def remember_mirror(box: Box, memory: MirrorMemory, clock: Clock) -> None:
    """Have it kept on the disk that the camera's mirror is up, and take up what was kept there."""
    box.engine.remember = memory.keep
    now_ns = clock.now_ns()
    down_ns = memory.recall(now_ns)
    if down_ns is None:
        memory.keep(None, now_ns)  # of a mirror that is down by now; the next boot would wait for it once more
    else:
        box.engine.mirror_found(down_ns)
