"""Serves the page as `backbutton page` does, with the files of any folder: SOCKET STATIC PORT IDLE_NS."""

import sys
from pathlib import Path

from controller.page.server import run_page

if __name__ == "__main__":
    socket, static, port, idle_ns = sys.argv[1:]
    sys.exit(
        run_page(
            Path(socket),
            "127.0.0.1",
            int(port),
            int(idle_ns),
            Path(static),
            lambda address: print("ready", address, flush=True),
        )
    )
