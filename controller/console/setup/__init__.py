"""`setup` at the console: which camera, how its body is set up, the check, and a test frame.

Knows questions, answers and the camera's facts. Must not know pins or states; it sets what it is told through the
control socket like any other client.
"""
