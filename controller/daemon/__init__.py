"""The daemon: the composition root of a real box, its control socket, locks, pins and systemd.

Knows processes, sockets, files and signals. Must not decide anything about focus, frames or runs: the core does.
"""
