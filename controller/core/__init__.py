"""The core decides: what buttons, clients and clocks mean for focus, frames and runs.

Knows events, effects, states and frames, and gets the time as an argument. Must not know threads, files, sockets,
pins or a clock, and imports no other room, so that the same code runs in the daemon, on the virtual bench and in a
test.
"""
