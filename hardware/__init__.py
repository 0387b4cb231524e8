"""Does things at a time: the two lines, the player, pins, lamps, clocks and the kernel.

Knows lines, nanoseconds and pins. Must not know photographs, states or settings: the controller decides when
something happens and for how long, in timelines and arguments. Only `virtual/` reads camera profiles, to be a camera.
"""
