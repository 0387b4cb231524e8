"""Writes the man page backbutton(1) from the tables of the command line and of the console."""

from collections.abc import Iterable, Iterator

from controller import __version__
from controller.cli.options import CONFIG
from controller.console.commands import COMMANDS
from docs.command_line import Command, Option, commands

_DATE = "2026-11-28"  # of this page's layout; its contents follow the version
_DESCRIPTION = """
backbutton is a camera remote: a Raspberry Pi closes the two contacts of a camera's wired remote port. It releases the
shutter only after focus is dialled in. The daemon (backbutton run) drives the contacts, buttons and lamps; the
package starts it at boot. The console (backbutton console) talks to it. The other commands plan, explain, check and
measure.
"""
_CONSOLE = """
These are the commands of backbutton console and of backbutton simulate. Tab completes them, help explains them, and a
question mark at the end of a line shows what can stand there. Ctrl-C is cut while a contact is closed or a run is on.
"""
_ON_THE_BENCH = " (on the virtual bench only)"
_FILES = (
    (str(CONFIG), "the settings of this box, with a comment for each"),
    (str(CONFIG.with_name("cameras")), "your own camera profiles, ID.toml"),
    ("/var/lib/backbutton", "what was saved at the console, and the journal of runs"),
    ("/run/backbutton/control.sock", "the daemon's control socket"),
    ("/usr/share/doc/backbutton", "README.md and the documents in docs/"),
)
_ENVIRONMENT = (
    ("NO_COLOR", "if it is set, the console uses no colour"),
    ("GPIOZERO_PIN_FACTORY", "selects another gpiozero pin factory; mock moves no pin"),
)
_STATUS = (
    ("0", "success"),
    (
        "1",
        "failure; a sentence on standard error says why. Also: doctor found a failure, cameras --find found nothing",
    ),
    ("2", "wrong options"),
)


def man_page() -> str:
    """Return the page, in the macros of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield r".\" Generated from the code by `make docs`; change the code, not this file."
    yield f'.TH BACKBUTTON 1 "{_DATE}" "backbutton {__version__}" "User Commands"'
    yield from (".SH NAME", r"backbutton \- camera remote that releases the shutter only after focus is dialled in")
    yield from (".SH SYNOPSIS", ".B backbutton", r".I COMMAND", r"[\fIOPTION\fR ...]")
    yield from (".SH DESCRIPTION", *_prose(_DESCRIPTION))
    yield ".SH COMMANDS"
    for command in commands():
        yield from _command(command)
    yield from (".SH THE CONSOLE", *_prose(_CONSOLE))
    for row in COMMANDS.values():
        usage = rf"\fB{_safe(row.name)}\fR {_safe(row.arguments)}".rstrip()
        yield from (".TP", usage, _text(row.help + (_ON_THE_BENCH if row.is_for_bench else "")))
    for heading, rows in (("FILES", _FILES), ("ENVIRONMENT", _ENVIRONMENT), ("EXIT STATUS", _STATUS)):
        yield from (f".SH {heading}", *_table(rows))
    yield from (".SH SEE ALSO", r".BR systemctl (1),", r".BR journalctl (1)")


def _command(command: Command) -> Iterator[str]:
    yield from (rf".SS backbutton {_safe(command.name)}", _text(_sentence(command.summary)))
    for option in command.options:
        yield from (".TP", _usage(option), _text(option.help))
    yield from (".PP", "Example:", ".PP", ".RS 4", ".nf", _text(command.example), ".fi", ".RE")


def _usage(option: Option) -> str:
    value = rf" \fI{_safe(option.value)}\fR" if option.value else ""
    names = ", ".join(rf"\fB{_safe(name)}\fR" for name in option.names)
    return (names + value).strip()


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, meaning in rows:
        yield from (".TP", rf"\fB{_safe(name)}\fR", _text(meaning))


def _prose(text: str) -> Iterator[str]:
    yield from map(_text, text.strip().splitlines())


def _text(text: str) -> str:
    """Return a line of text that is no request of the formatter."""
    safe = _safe(text)
    return rf"\&{safe}" if safe[:1] in (".", "'") else safe


def _safe(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
