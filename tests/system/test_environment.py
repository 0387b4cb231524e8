"""`make` sets up .venv, from a fresh clone, after an interruption, and without a network. Python and pip are fakes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# `python -m venv` writes bin/python first and bin/pip last; both can be interrupted. pip says what is in pip.says, and counts.
PYTHON = r"""#!/bin/sh
case "$*" in
  "-m venv "*)
    mkdir -p "$3/bin"; cp "$0" "$3/bin/python"
    [ -e "$TOP/killed" ] && exit 137
    echo "#!$(pwd -P)/$3/bin/python" > "$3/bin/pip" ;;
  *"pip"*install*)
    echo "$*" >> "$TOP/installed"
    cat "$TOP/pip.says" 2>/dev/null && exit 1 ;;
  --version) echo "Python 3.99" ;;
esac
exit 0
"""


# `make test` tells the makes below it about itself, and they would print which folder they enter.
OWN_MAKE = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}


class Checkout:
    """A folder with the Makefile, and no network."""

    def __init__(self, top):
        self.top = top
        self.folder = top / "clone"
        (self.folder / ".ci").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", ".ci/venv"):
            shutil.copy2(ROOT / name, self.folder / name)
        self.python = top / "python3"
        self.python.write_text(PYTHON)
        self.python.chmod(0o755)

    def make(self, group="run"):
        """Return the exit status and what `make` printed, without its own lines."""
        done = subprocess.run(
            ["make", f"PYTHON={self.python}", f".venv/.{group}"], cwd=self.folder, env=OWN_MAKE | {"TOP": self.top},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout == ""
        return done.returncode, [line for line in done.stderr.splitlines() if not line.startswith("make:")]

    @property
    def installations(self):
        path = self.top / "installed"
        return len(path.read_text().splitlines()) if path.exists() else 0


@pytest.fixture
def checkout(tmp_path):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    return Checkout(tmp_path)


SETTING_UP = "setting up .venv; the first time takes a minute or two"
AGAIN = "backbutton: .venv is incomplete, or its folder was moved; setting it up again"


def test_what_is_set_up_is_not_set_up_again(checkout):
    assert checkout.make() == (0, [SETTING_UP])
    assert checkout.make() == (0, [])
    assert checkout.installations == 1


def test_another_date_of_the_requirements_needs_no_network_but_another_content_does(checkout):
    checkout.make("test")
    requirements = checkout.folder / "pyproject.toml"
    os.utime(requirements)
    assert checkout.make("test") == checkout.make("run") == (0, [])
    requirements.write_text(requirements.read_text() + "# changed\n")
    assert checkout.make("test") == (0, [SETTING_UP])


def test_more_tools_are_installed_when_they_are_needed(checkout):
    for group in ("run", "test", "check"):
        assert checkout.make(group) == (0, [SETTING_UP])
    assert checkout.make("test") == (0, [])


def test_a_set_up_that_was_killed_is_begun_again(checkout):
    (checkout.top / "killed").touch()
    status, printed = checkout.make()
    assert (status, printed) == (2, ["backbutton: .venv could not be made; see above"])
    assert (checkout.folder / ".venv/bin/python").exists()
    (checkout.top / "killed").unlink()
    assert checkout.make() == (0, [AGAIN, SETTING_UP])


def test_a_folder_that_was_moved_is_set_up_again(checkout):
    checkout.make()
    checkout.folder = checkout.folder.rename(checkout.top / "moved")
    assert checkout.make() == (0, [AGAIN, SETTING_UP])


@pytest.mark.parametrize(
    ("pip", "sentence"),
    [
        (
            "ERROR: Could not find a version that satisfies the requirement setuptools>=77 (from versions: none)\n",
            "pip cannot reach the package index; connect this machine to the network and run make again",
        ),
        (
            "  Building wheel for gpiod (pyproject.toml): finished with status 'error'\nerror: command 'gcc' failed\n",
            "there is no ready-made gpiod for this processor, and it could not be compiled; run: sudo apt install gcc python3-dev",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            "pip failed: ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        ),
    ],
)
def test_a_failure_is_one_sentence_and_tried_again(checkout, pip, sentence):
    (checkout.top / "pip.says").write_text(pip)
    assert checkout.make() == (2, [SETTING_UP, f"backbutton: {sentence}; .venv/pip.log has pip's own messages"])
    assert (checkout.folder / ".venv/pip.log").read_text() == pip
    (checkout.top / "pip.says").unlink()
    assert checkout.make() == (0, [SETTING_UP])


def test_an_old_python_or_one_without_venv_is_named(checkout):
    checkout.python.write_text('#!/bin/sh\n[ "$2" = "import ensurepip, venv" ] && exit 1; exit 0\n')
    assert checkout.make() == (2, ["backbutton: python3-venv is missing; run: sudo apt install python3-venv"])
    checkout.python.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2; [ "$2" = "" ] && exit 0; exit 1\n'
    )
    assert checkout.make() == (2, ["backbutton: Python 3.11 or newer is needed; Python 3.9.2 is too old"])
