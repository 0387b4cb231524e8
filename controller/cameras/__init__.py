"""Cameras in words: what a profile says of a camera, as facts for clients and as text for people.

Knows camera profiles and how sure each fact is. Must not know the state of the box; it moves nothing.
"""
