"""The console: one table of commands, and the faces it has. A client of the control socket like any other.

Knows what people type and read; knows no pin, no thread and no state machine.
"""

from controller.console.entry import run_console

__all__ = ["run_console"]
