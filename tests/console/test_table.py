"""Help, completion and documents come from one table each for commands and settings, and leave nothing out."""

from pathlib import Path

import pytest
from console.fake_box import FakeBox
from evening import Evening

from config.schema import FIELDS, SECTIONS
from controller.console.arguments import PLACEHOLDERS
from controller.console.commands import COMMANDS, Session, execute
from controller.console.completion import completions
from controller.console.grammar import split_line

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "console.md").read_text(encoding="utf-8")


@pytest.fixture
def session():
    return Session(FakeBox(bench=True, focus="DIALLED_IN").ask)


@pytest.fixture(scope="module")
def box():
    return Evening()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_has_help_and_an_example_with_every_argument(session, command):
    assert 10 < len(command.help) < 75
    assert not command.help.endswith(".")
    assert split_line(command.example)[0] == command.name
    assert len(split_line(command.example)) == len(command.parsed_arguments) + 1
    assert execute(session, command.example).word is None


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_argument_has_a_meaning_and_completions(session, command):
    words = split_line(command.example)
    for number, argument in enumerate(command.parsed_arguments, 1):
        assert set(argument.placeholders) <= set(PLACEHOLDERS)
        offered = completions(session, " ".join(words[:number]) + " ", "")
        assert offered
        assert set(argument.literals) <= set(offered)
        assert all(
            PLACEHOLDERS[name].meaning in " ".join(execute(session, f"help {command.name}").for_scripts().split())
            for name in argument.placeholders
        )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_is_in_help_completion_and_the_page(session, command):
    usage = f"{command.name} {command.arguments}".strip()
    assert command.name in completions(session, "", "")
    assert f" {command.name} " in execute(session, "help commands").for_scripts()
    assert f" {usage}" in execute(session, f"help {command.name}").for_scripts()
    assert f"\n### {usage}\n" in PAGE
    assert f"\n> {command.example}\n" in PAGE
    assert (f"\n> {command.example} --json\n" in PAGE) == command.has_json


def test_the_page_has_only_commands_of_the_table():
    _, _, page = PAGE.partition("\n## Commands\n")
    assert page.count("\n### ") == len(COMMANDS)
    assert {
        name
        for command in COMMANDS.values()
        for argument in command.parsed_arguments
        for name in argument.placeholders
    } == set(PLACEHOLDERS)


@pytest.mark.parametrize("key", FIELDS)
def test_every_setting_is_in_completion_show_help_and_the_page(box, session, key):
    for command in ("set", "reset", "show", "help"):
        assert key in completions(session, f"{command} ", key[:3])
    assert f"\n   {key} " in box.type("show")
    assert box.type(f"help {key}").endswith(f"\nok {key}")
    assert f"| `{key}` |" in (DOCS / "settings.md").read_text(encoding="utf-8")


def test_the_page_of_settings_and_show_have_only_these_settings(box):
    rows = [line for line in box.type("show").split("\n") if line.startswith("   ")]
    assert [row.split()[0] for row in rows] == list(FIELDS)
    assert (DOCS / "settings.md").read_text(encoding="utf-8").count("\n| `") == len(FIELDS)
    headings = [line for line in box.type("show").split("\n") if line.startswith(" ") and not line.startswith("   ")]
    assert [line.strip().partition(":")[0] for line in headings] == list(SECTIONS)
