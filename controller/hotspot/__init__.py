"""`backbutton hotspot`: a Wi-Fi network of the box's own, so that a phone reaches its page where there is no other.

Knows NetworkManager, through its command `nmcli`, and the files and names that a hotspot needs. What nmcli prints is
parsed, and what is to be done is decided, apart from running it. It must not know the page, the daemon or cameras.
"""
