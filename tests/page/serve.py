"""Serves the page as `backbutton page` does, with the files of any folder: SOCKET STATIC PORT IDLE_NS [PATIENCE_S].

PATIENCE_S takes the place of every time that the server gives a browser.
"""

import sys
from pathlib import Path

from controller.page import bodies, protocol
from controller.page.server import run_page

if __name__ == "__main__":
    socket, static, port, idle_ns, *patience_s = sys.argv[1:]
    for each in map(float, patience_s):
        protocol.REQUEST_S = protocol.READ_S = bodies.WITHIN_S = each
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
