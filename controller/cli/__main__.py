"""Lets `python -m controller.cli` work where `backbutton` is not installed, as in the tests."""

import sys

from controller.cli import main

if __name__ == "__main__":
    sys.exit(main())
