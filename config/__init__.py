"""What can be set, and what is known about cameras: settings, units, camera profiles, and the files they are kept in.

Knows names, values and TOML files. Must not know pin levels, time, or what the box is doing.
"""
