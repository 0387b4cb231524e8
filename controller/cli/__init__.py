"""The command line, `backbutton COMMAND`: options, one function for each command, and errors as an exit status.

Knows every other room, and is the only room besides the consoles that prints. No other room imports it.
"""

import os
import sys
from collections.abc import Sequence

from config.errors import ConfigError
from controller.cli.commands import COMMANDS
from controller.cli.options import read_options
from controller.errors import CommandError, DaemonError, ScriptError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0 for success, 1 for failure, 2 for wrong options."""
    options = read_options(arguments)
    try:
        return COMMANDS[options.command](options)
    except (CommandError, ConfigError, DaemonError, ScriptError) as error:
        sentence = error.sentence if isinstance(error, CommandError) else str(error)
        print(f"backbutton: {sentence}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output is gone, so there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
