"""The running box: connects the core to a player, settings and a clock, and steps everything in time order.

Knows the core, lines, the journal's interface and the methods a client may call. Must not know sockets, processes
or how a client shows things. It runs unchanged in the daemon and in the simulation.
"""
