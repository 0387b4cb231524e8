"""Sessions at the console, for `console.md` and its pictures: `make sessions` plays and writes them.

A session is a list of inputs and of the texts to wait for. It uses nothing of the virtual bench, so it can be played
on a real box too. The result is what a terminal of 80 columns shows, or of 40.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pexpect
import pyte

from docs.terminal_picture import Shot, draw

COLUMNS, ROWS = 80, 24
NARROW = 40  # columns of a phone
DOCUMENT = Path(__file__).parent / "console.md"
PICTURES = Path(__file__).parent
_BEGIN, _END = "<!-- sessions: written by `make sessions` -->", "<!-- end of sessions -->"
_ALL_ROWS = 600  # enough that nothing scrolls away
_WIDE = 400  # columns: no line is cut
_TIMEOUT_S = 60
_PROMPT = r"backbutton\*?> $"
# What differs between two plays: the time of day (a box may not know it), durations, how late frames were.
_TIME_OF_DAY = re.compile(r", (on \S+ )?at \d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d|clock not set   ")
_VARIES = re.compile(
    r" *\d+(\.\d+)?( s\b|m \d\ds| %)| *\d+\.\d{3}(  (open|stopped)$)?|[█░#-]{3,}", re.MULTILINE
)  # "open" or "stopped": the journal is written a little later


@dataclass(frozen=True, slots=True)
class Step:
    """An input, the text to wait for after it, and the name of a `picture` to take then, if any."""

    typed: str
    seen: str = _PROMPT
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A session; `is_fresh`: on a box that has not been set up; `columns`: how wide the terminal is."""

    title: str
    about: str
    steps: tuple[Step, ...]
    is_fresh: bool = False
    columns: int = COLUMNS


@dataclass(frozen=True, slots=True)
class Played:
    """The lines on the screen after a session, its pictures by name, and the length of the longest line written."""

    lines: tuple[str, ...]
    pictures: dict[str, Shot]
    widest: int


def _lines(*typed: str) -> tuple[Step, ...]:
    return tuple(Step(f"{line}\r") for line in typed)


_FOCUS = _lines("focus hold", "focus release")
_YES, _SKIP, _FIRE = r"Enter is yes\)> $", r"Enter is skip\)> $", r"Enter fires\)> $"
_BODY, _CLOSE = r"body .*> $", r"closes the contacts> $"
_SAVE_AND_FIRE = (
    Step("\r", _FIRE),
    Step("focus hold\r", _FIRE),
    Step("focus release\r", _FIRE),
    Step("\r"),
)
# The set-up of a new box with five cameras: title, about, and what is typed.
_WALKS: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    (
        "A newcomer's first five minutes, with a Nikon D850",
        "A new box asks for the camera. Four answers: its name, the check, Enter to save, Enter for the test frame.",
        (Step("D850\r", _SKIP, "setup"), Step("no\r", _YES), *_SAVE_AND_FIRE, *_lines("plan")),
    ),
    (
        "A new box with a Canon R5",
        "The menu step has not taken at first, so setup shows it again.",
        (
            Step("\r", r"Enter lists brands\)> $"),
            Step("R5\r", _SKIP),
            Step("yes\r", r"Enter is again\)> $"),
            Step("again\r", _SKIP),
            Step("no\r", _YES),
            *_SAVE_AND_FIRE,
        ),
    ),
    (
        "A new box with a Sony A7 III",
        "A short name fits bodies with different ports, so setup asks. This owner keeps autofocus on half-press.",
        (
            Step("a7\r", r"Enter is none\)> $"),
            Step("10\r", _SKIP),
            Step("yes\r", r"Enter is again\)> $"),
            Step("as is\r", _SKIP),
            Step("no\r", _YES),
            Step("\r", _FIRE),
            Step("skip\r"),
        ),
    ),
    (
        "A new box with a Fujifilm X-T5",
        "A slip of the finger, and the way back.",
        (
            Step("X-T3\r", _SKIP),
            Step("back\r", r"Enter lists brands\)> $"),
            Step("X-T5\r", _SKIP),
            Step("no\r", _YES),
            *_SAVE_AND_FIRE,
        ),
    ),
    (
        "A new box with a camera that it does not know",
        "The R9 is made up: a body newer than the list is chosen by its brand and its plug.",
        (
            Step("\r", r"Enter lists brands\)> $"),
            Step("EOS R9\r", r"no camera is called.*Enter lists brands\)> $"),
            Step("\r", r"Enter is generic\)> $"),
            Step("canon\r", r"Enter is generic\)> $"),
            Step("3\r", _SKIP),
            Step("no\r", _YES),
            *_SAVE_AND_FIRE,
        ),
    ),
)


def _walk(title: str, about: str, steps: tuple[Step, ...], columns: int) -> Session:
    steps = (Step("", _YES), *steps)
    if columns == COLUMNS:
        return Session(title, about, steps, is_fresh=True)
    narrow = tuple(replace(step, picture="") for step in steps)
    return Session(f"{title}, at {columns} columns", about, narrow, is_fresh=True, columns=columns)


SESSIONS = (
    *(_walk(*walk, COLUMNS) for walk in _WALKS),
    Session(
        "A night of frames",
        "A run is set up, watched, paused, focused again, resumed and stopped; then the log lists it.",
        (
            Step(""),
            *_lines("set interval.every 2s", "set interval.count 24"),
            Step("show interval\r", _PROMPT, "show"),
            *_FOCUS,
            Step("start\r"),
            Step("watch\r", r"frame 3 of 24"),
            Step("", r"waiting for the next frame.{0,140}next in 1\.\d s.{0,90} elapsed.{0,60}\n", "watch"),
            Step("q"),
            *_lines("pause"),
            *_FOCUS,
            *_lines("resume", "stop", "log"),
        ),
    ),
    Session(
        "A proof begun, left, and gone on with",
        "Two questions of a proof. The first answers are typed one by one, the second in one line.",
        (
            Step(""),
            Step("prove\r", _BODY),
            Step("Canon EOS R6\r", _CLOSE),
            Step("\r", r"what do you see.*or \?> $"),
            Step("2\r", r"y, n or \?> $"),
            Step("n\r", r"y, n or \?> $"),
            Step("n\r", _CLOSE),
            Step("\r", r"what do you see.*or \?> $"),
            Step("2 n ?\r", r"(contacts|\?)> $"),
            Step("q\r"),
            Step("prove\r", r"(contacts|\?)> $"),
            Step("q\r"),
        ),
    ),
    Session(
        "A mistake explained and undone",
        "A mistyped key, an invalid value, an interval that is too short for the camera, and how to undo it.",
        (
            Step(""),
            *_lines(
                "set intervall.every 5s",
                "set interval.every 5 parsecs",
                "set interval.every '5 parsecs'",
                "set interval.every 400ms",
            ),
            *_FOCUS,
            Step("start\r", _PROMPT, "error"),
            *_lines("diff", "reset interval.every", "diff", "help interval.every"),
        ),
    ),
    *(_walk(*walk, NARROW) for walk in _WALKS),
)


def play(spawned: Any, session: Session) -> Played:
    """Play a session from its first step to its last, at a console spawned by pexpect."""
    all_rows, screen = pyte.Screen(session.columns, _ALL_ROWS), pyte.Screen(session.columns, ROWS)
    wide = pyte.Screen(_WIDE, _ALL_ROWS)
    spawned.logfile_read = _Tee(pyte.Stream(all_rows), pyte.Stream(screen), pyte.Stream(wide))
    spawned.delaybeforesend = None
    pictures = {}
    for step in session.steps:
        spawned.send(step.typed)
        spawned.expect(step.seen, timeout=_TIMEOUT_S)
        if step.picture:
            pictures[step.picture] = Shot.of(screen)
    lines = [line.rstrip() for line in all_rows.display[: all_rows.cursor.y + 1]]
    return Played(tuple(lines), pictures, max(len(line.rstrip()) for line in wide.display))


class _Tee:
    def __init__(self, *streams: pyte.Stream) -> None:
        self._streams = streams

    def write(self, text: str) -> None:
        for stream in self._streams:
            stream.feed(text)

    def flush(self) -> None:
        """Do nothing; pexpect calls it."""


@contextmanager
def at_the_bench(session: Session) -> Iterator[Any]:
    """Run a daemon with a Canon on the virtual bench, and a console at a terminal; yield the spawned console."""
    with tempfile.TemporaryDirectory() as folder:
        config, socket = Path(folder) / "config.toml", Path(folder) / "control.sock"
        config.write_text("" if session.is_fresh else "[camera]\nback_button_focus = true\n", encoding="utf-8")
        box = ["-m", "controller.cli", "run", "--bench", "--config", str(config), "--state-dir", folder]
        box += ["--body", "unset"] if session.is_fresh else ["--camera", "canon-e3"]
        daemon = pexpect.spawn(sys.executable, [*box, "--socket", str(socket)], encoding="utf-8", timeout=_TIMEOUT_S)
        daemon.expect("backbutton is ready")
        console = pexpect.spawn(
            sys.executable,
            ["-m", "controller.cli", "console", "--socket", str(socket)],
            env={"TERM": "xterm", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            encoding="utf-8",
            dimensions=(ROWS, session.columns),
        )
        try:
            yield console
        finally:
            console.close(force=True)
            daemon.close(force=True)


def text_of(session: Session, played: Played) -> str:
    """Return a session as a section of the document."""
    return "\n".join((f"### {session.title}", "", session.about, "", "```", *played.lines, "```"))


def essence(text: str) -> str:
    """Return the text without what differs between two plays."""
    return _VARIES.sub("~", _TIME_OF_DAY.sub("", text))


def words_of(picture: str) -> list[str]:
    """Return the text of a picture line by line, without what differs between two plays."""
    lines = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    return [essence(line.replace("\u00a0", " ")) for line in lines]


def written() -> str:
    """Return the sessions in the document."""
    return DOCUMENT.read_text(encoding="utf-8").split(_BEGIN)[1].split(_END)[0].strip("\n")


def main() -> None:
    """Play all sessions; if the document differs, rewrite its sessions and the pictures."""
    texts, shots = [], {}
    for session in SESSIONS:
        with at_the_bench(session) as console:
            played = play(console, session)
        texts.append(text_of(session, played))
        shots |= played.pictures
    body = "\n\n".join(texts)
    if essence(body) == essence(written()):
        return
    before, after = DOCUMENT.read_text(encoding="utf-8").split(_BEGIN)
    DOCUMENT.write_text(f"{before}{_BEGIN}\n{body}\n{_END}{after.split(_END)[1]}", encoding="utf-8")
    for name, shot in shots.items():
        (PICTURES / f"console-{name}.svg").write_text(draw(shot, name), encoding="utf-8")


if __name__ == "__main__":
    main()
