"""What is known about cameras, as data for clients and as text for people.

Knows camera profiles and how sure each fact is. Must not know what the box is doing. Prints nothing.
"""
