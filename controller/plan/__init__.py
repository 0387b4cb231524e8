"""What would happen: the frame and the run that the settings describe, as data, text and drawings.

Knows the core's recipes, checks and timelines. Must not know a running box; nothing here moves a contact.
"""
