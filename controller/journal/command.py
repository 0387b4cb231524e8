"""`backbutton log`: the last runs, or one run with its frames, as text, CSV, JSON or a picture.

Reads the journal's file and needs no daemon; a daemon may write to it meanwhile. Changes nothing.
"""

import argparse
import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import TypeVar

from config.files import Pause, no_pause, reason_of
from controller.errors import CommandError
from controller.journal import text
from controller.journal.damage import DamagedError, is_damage, why
from controller.journal.read import DamagedFrameError, Reader, RunSummary
from controller.journal.records import FrameRecord
from controller.journal.schema import FILE, NewerError, opened_to_read

_RUNS = 20  # in the list, unless --last says otherwise
_NOTES = 10  # below it
_BRIEF = 10  # runs, or frames, on a console
_MOST_NOTES = 50  # of a run, there

T = TypeVar("T")


def run_log(options: argparse.Namespace, zone: tzinfo) -> int:
    """Print what the options ask for; CommandError if there is no such run, or the journal cannot be read.

    Uses `run` (a number or None), `last`, `csv`, `json`, `svg` and `state_dir`; `svg` alone draws the last run.
    `zone` is the box's time zone, for runs that have none of their own.
    """
    with reading(options.state_dir / FILE) as reader:
        printed, drawn = _answer(reader, options, zone)
    if options.svg is not None:
        _write(options.svg, drawn)
    print(printed, flush=True)
    return 0


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open the journal at `path` for reading, also while it is written; CommandError if that fails."""
    try:
        with opened_to_read(path) as connection:
            yield Reader(connection)
    except FileNotFoundError as error:
        where = "the box begins it when it starts, and --state-dir names its folder"
        raise CommandError("refused", f"{path}: there is no journal; {where}") from error
    except NewerError as error:
        newer = "was written by a newer version of backbutton; read it with that one"
        raise CommandError("refused", f"{path}: {newer}") from error
    except CommandError:
        raise
    except DamagedFrameError as error:
        raise CommandError("refused", f"{path}: {error}") from error
    except DamagedError as error:
        raise CommandError("refused", f"{path}: {error}; the box sets it aside when it starts") from error
    except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
        if is_damage(error, path):
            damaged = f"the journal is damaged ({error}); the box sets it aside when it starts"
            raise CommandError("refused", f"{path}: {damaged}") from error
        raise CommandError("refused", f"{path}: the journal cannot be read ({why(error)})") from error
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        raise CommandError("refused", f"{path}: the journal has impossible values ({error})") from error


def brief(
    path: Path, number: int | None, zone: tzinfo, pause: Pause = no_pause, columns: int = text.WIDEST
) -> dict[str, object]:
    """Return the last runs, or one run and its last frames, as `lines` for a console and as `runs` for programs.

    `zone` is the box's time zone. Its tables fit so many columns, down to 40. Calls `pause` between steps of less
    than a millisecond. Raises CommandError as `reading`.
    """
    with reading(path) as reader:
        if number is None:
            runs = list(_pausing(pause, map(reader.run, _pausing(pause, reader.last_run_ids(_BRIEF)))))
            listed = [run for run in runs if run is not None]
            lines = list(_pausing(pause, text.table(listed, zone, columns))) if listed else ["no run yet"]
            return {"lines": lines, "runs": [text.as_reply(run) for run in _pausing(pause, listed)]}
        summary = _summary(reader, number)
        frames = list(_pausing(pause, reader.frames(summary, _BRIEF)))
        lines = [*text.head(summary, zone, columns), "", *_pausing(pause, text.ledger(summary, frames, columns))]
        reply = text.whole_reply(summary, _pausing(pause, frames), reader.notes(number, _MOST_NOTES))
        return {"lines": lines, "runs": [reply]}


def drawn(path: Path, number: int, zone: tzinfo, pause: Pause = no_pause) -> str:
    """Return the picture of one run as SVG; `zone`, `pause` and what it raises are as for `brief`."""
    from controller.journal.picture import draw_run  # noqa: PLC0415 - only where it is wanted

    with reading(path) as reader:
        summary = _summary(reader, number)
        return draw_run(summary, _pausing(pause, reader.frames(summary)), zone, pause)


def _pausing(pause: Pause, items: Iterable[T]) -> Iterator[T]:
    for item in items:
        pause()
        yield item


def _summary(reader: Reader, number: int) -> RunSummary:
    summary = reader.run(number)
    if summary is None:
        last = reader.last_run_id()
        known = f"the last one is run {last}" if last else "there is none yet"
        raise CommandError("unknown", f"no run {number} in the journal; {known}")
    return summary


def _answer(reader: Reader, options: argparse.Namespace, zone: tzinfo) -> tuple[str, str]:
    """Return the text to print, and the picture."""
    if options.run is None and options.svg is None:
        return _list(reader, options, zone), ""
    number = reader.last_run_id() if options.run is None else options.run
    if not number:
        raise CommandError("unknown", "no run to draw in the journal; there is none yet")
    summary = _summary(reader, number)
    frames = reader.frames(summary, options.last)
    drawn = ""
    if options.svg is not None:
        from controller.journal.picture import draw_run  # noqa: PLC0415 - only where it is wanted

        drawn = draw_run(summary, reader.frames(summary), zone)
    return _run(reader, summary, frames, options, zone), drawn


def _list(reader: Reader, options: argparse.Namespace, zone: tzinfo) -> str:
    runs = reader.runs(_RUNS if options.last is None else options.last)
    if options.json:
        return json.dumps([text.as_reply(each) for each in runs], indent=2)
    if options.csv:
        return _csv(text.RUN_COLUMNS, map(text.run_row, runs))
    notes = text.note_lines(reader.notes(None, _NOTES), zone)
    outside = ["", "notes outside of runs:", *notes] if notes else []
    return "\n".join([*(text.table(runs, zone) if runs else ["no run yet"]), *outside])


def _run(
    reader: Reader, summary: RunSummary, frames: Iterable[FrameRecord], options: argparse.Namespace, zone: tzinfo
) -> str:
    if options.csv:
        return _csv(text.FRAME_COLUMNS, (text.frame_row(summary, frame) for frame in frames))
    notes = reader.notes(summary.run.run_id)
    if options.json:
        return json.dumps(text.whole_reply(summary, frames, notes), indent=2)
    below = ["", "notes:", *text.note_lines(notes, text.zone_of(summary.run, zone))] if notes else []
    return "\n".join([*text.head(summary, zone), "", *text.ledger(summary, frames), *below])


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return table.getvalue().removesuffix("\n")


def _write(path: Path, drawn: str) -> None:
    try:
        path.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise CommandError("value", f"{path}: cannot be written ({reason_of(error)})") from error
