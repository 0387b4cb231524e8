"""A console on a serial port: the port itself, noise on the line, and the console process on a pty behind it.

Knows bytes, descriptors and a child process. Must not know commands or the box.
"""
