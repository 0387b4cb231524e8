"""The journal of runs: what was planned, what the contacts did, the outcome of each frame.

Knows SQLite, rows of runs and frames, and the core's effects and events. Must not know the running box, sockets or
what clients request.
"""
