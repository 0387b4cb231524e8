"""The web page for a phone: its HTTP server, a client of the control socket in a process of its own.

Knows HTTP, cookies and the names of the daemon's methods. Must not know pins, timelines or states, nor keep anything:
who is paired is the daemon's to know. Whatever a browser sends, the box carries on.
"""
