"""The command line, `backbutton COMMAND`: options, one function for each command, and errors as an exit status.

Knows every other room, and is the only room besides the consoles that prints. No other room imports it.
"""

import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress

from config.errors import ConfigError
from controller import gc_pause
from controller.cli.commands import COMMANDS
from controller.cli.options import read_options
from controller.errors import CommandError, DaemonError, ScriptError
from controller.printing import OutputError, as_they_were, give_up_output, open_missing_streams, printing_safely


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0 for success, 1 for failure, 2 for wrong options."""
    open_missing_streams()
    with printing_safely():
        try:
            return _run(arguments)
        finally:
            gc_pause.over()
            give_up_output()


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = _carry_out(arguments)
    except (CommandError, ConfigError, DaemonError, ScriptError) as error:
        sentence = error.sentence if isinstance(error, CommandError) else str(error)
        with suppress(OutputError, OSError):
            print(f"backbutton: {sentence}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output is gone, so there is nobody to tell
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _carry_out(arguments: Sequence[str] | None) -> int:
    try:
        options = read_options(arguments)
    except SystemExit:  # after --help, or with wrong options
        sys.stdout.flush()
        raise
    is_console = options.command == "simulate" and options.script is None and not options.page
    draws = options.command == "console" or is_console
    with as_they_were() if draws else nullcontext():
        status = COMMANDS[options.command](options)
    if options.command != "run":  # what a daemon prints is no result
        sys.stdout.flush()
    return status
