"""Used by scenarios/sessions.sh, in the guest: plays the sessions of docs/console.md over the USB port."""

import difflib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pexpect import fdpexpect

from docs import sessions

CONFIG = Path("/etc/backbutton/config.toml")
STATE = Path("/var/lib/backbutton")
FRESH, CANON = "", '[camera]\nprofile = "canon-e3"\nback_button_focus = true\n'


def main():
    written, failed = sessions.essence(sessions.written()), 0
    for session in sessions.SESSIONS:
        subprocess.run(["systemctl", "stop", "backbutton"], check=True)
        shutil.rmtree(STATE, ignore_errors=True)
        CONFIG.write_text(FRESH if session.is_fresh else CANON)
        subprocess.run(["systemctl", "start", "backbutton"], check=True)
        port = fdpexpect.fdspawn(os.open("/dev/ttyACM0", os.O_RDWR | os.O_NOCTTY), encoding="utf-8", timeout=60)
        subprocess.run(["stty", "-F", "/dev/ttyACM0", "raw", "-echo"], check=True)
        port.send("\r")
        port.expect_exact("\x1b[6n")
        port.send(f"\x1b[{sessions.ROWS};{session.columns}R")
        transcript = sessions.text_of(session, sessions.play(port, session))
        port.send("quit\r")
        port.expect_exact("the session has ended")
        port.close()
        print(transcript)
        if sessions.essence(transcript) not in written:
            failed += 1
            print(
                *difflib.unified_diff(written.splitlines(), sessions.essence(transcript).splitlines(), lineterm=""),
                sep="\n",
            )
    print(f"{len(sessions.SESSIONS) - failed} of {len(sessions.SESSIONS)} sessions match the document")
    sys.exit(failed)


if __name__ == "__main__":
    main()
