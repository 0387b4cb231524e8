"""What a command leaves behind in its process."""

import gc

import pytest

from controller.cli import main


@pytest.mark.parametrize(
    "arguments",
    [
        ["simulate", "--fast", "--script", "nowhere.session"],
        ["run", "--camera", "generic"],
    ],
)
def test_a_command_that_fails_leaves_the_garbage_collector_on(arguments, capsys):
    assert main(arguments) == 1
    capsys.readouterr()
    assert gc.isenabled()
