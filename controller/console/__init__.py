"""The console: a prompt for people and line mode for scripts, both over one table of commands.

Knows what people type and read, and the methods of the control socket by name; it is a client like any other.
Must not know pins, threads or state machines. It starts in `controller.console.main`.
"""
