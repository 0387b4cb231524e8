"""`backbutton simulate`: a whole box on the virtual bench, played from a script or driven by hand.

Knows the box, the virtual camera, thumb and clock. Must not know real pins, sockets or systemd.
"""
