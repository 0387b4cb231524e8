"""The simulation: a whole box on the virtual bench, driven by a script or from a console.

Knows the box, the virtual camera, thumb and clock. Must not know real pins, sockets or systemd.
"""
