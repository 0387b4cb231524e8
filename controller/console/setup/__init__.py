"""The `setup` command: which camera, how its body is set up, a check, and a test frame.

Knows the questions, their answers and the facts about cameras. Must not know pins or states; it changes settings
through the control socket like any other client.
"""
