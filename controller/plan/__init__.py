"""The plan of a frame and of a run: what the settings would make the box do, as data, text and drawings.

Knows the core's recipes, checks and timelines. Must not know a running box, and moves no contact.
"""
