"""backbutton, the camera remote: what it decides, and the programs that have a face."""

__version__ = "0.1.0"
