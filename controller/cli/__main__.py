"""`python -m controller.cli`: the command line where no `backbutton` is installed, as in the tests."""

import sys

from controller.cli import main

if __name__ == "__main__":
    sys.exit(main())
