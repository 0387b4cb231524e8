"""Runs nmcli and iw, and knows what is installed. Decides nothing."""

import os
import shutil
import subprocess

from controller.hotspot.deciding import NO_ANSWER, NO_NMCLI, Answer, refusal

_ADMIN_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"  # may be missing from a user's PATH
_WAIT_S = 60  # for NetworkManager to bring a connection up; a Pi Zero needs ten
_TIMEOUT_S = _WAIT_S + 15  # for an nmcli that itself gets no answer


class Machine:
    """This machine."""

    @property
    def is_root(self) -> bool:
        """Whether whoever runs this may do everything."""
        return os.geteuid() == 0

    def nmcli(self, *words: str, typed: str = "") -> Answer:
        """Run nmcli and return its answer; `typed` is its input. CommandError if it is missing or hangs."""
        try:
            return self._run("nmcli", "--wait", str(_WAIT_S), *words, typed=typed)
        except FileNotFoundError:
            raise refusal(NO_NMCLI) from None
        except subprocess.TimeoutExpired:
            raise refusal(NO_ANSWER) from None

    def iw(self, *words: str) -> str | None:
        """Return what iw prints; None if it is not installed or fails."""
        try:
            answer = self._run("iw", *words)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return None if answer.status else answer.output

    def has_program(self, name: str) -> bool:
        """Whether a program is installed."""
        return shutil.which(name, path=self._path) is not None

    @property
    def _path(self) -> str:
        return f"{os.environ.get('PATH', os.defpath)}:{_ADMIN_FOLDERS}"

    def _run(self, *command: str, typed: str = "") -> Answer:
        """Run a command in plain English; FileNotFoundError if it is not installed."""
        program = shutil.which(command[0], path=self._path)
        if program is None:
            raise FileNotFoundError(command[0])
        result = subprocess.run(  # noqa: S603 - the words are our own
            (program, *command[1:]),
            input=typed,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_TIMEOUT_S,
            env={**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"},
        )
        return Answer(result.returncode, result.stdout, result.stderr)
