"""The virtual bench: mock pins, a thumb on the buttons, and a camera on the two lines. It ships with the product.

Knows pins, lines and camera profiles; its camera behaves as its profile says. Must not know the box: they meet
only at the pins.
"""
