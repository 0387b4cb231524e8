"""The console on a serial port: the port, a noise filter, and a pump that joins it to a console process on a pty.

Knows bytes, descriptors and a child process. Must not know commands or the box.
"""
