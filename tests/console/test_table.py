"""All that is said of commands and settings comes from one table each: nothing is left out anywhere."""

from pathlib import Path

import pytest
from console.fakebox import FakeBox
from evening import Evening

from config.schema import FIELDS, SECTIONS
from controller.console.arguments import PLACES
from controller.console.commands import COMMANDS, Session, execute
from controller.console.completion import candidates
from controller.console.grammar import words_of

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "console.md").read_text(encoding="utf-8")


@pytest.fixture
def session():
    return Session(FakeBox(bench=True, focus="DIALLED_IN").ask)


@pytest.fixture(scope="module")
def box():
    return Evening()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_row_has_a_help_and_an_example_that_fills_every_slot(session, command):
    assert 10 < len(command.help) < 75
    assert not command.help.endswith(".")
    assert words_of(command.example)[0] == command.name
    assert len(words_of(command.example)) == len(command.slots) + 1
    assert execute(session, command.example).word is None


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_slot_has_a_meaning_and_words_that_tab_offers(session, command):
    words = words_of(command.example)
    for number, slot in enumerate(command.slots, 1):
        assert set(slot.places) <= set(PLACES)
        offered = candidates(session, " ".join(words[:number]) + " ", "")
        assert offered
        assert set(slot.words) <= set(offered)
        assert all(
            PLACES[name].what in " ".join(execute(session, f"help {command.name}").plain().split())
            for name in slot.places
        )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_help_completion_and_the_page_know_a_command(session, command):
    usage = f"{command.name} {command.arguments}".strip()
    assert command.name in candidates(session, "", "")
    assert f" {usage}" in execute(session, "help").plain()
    assert f"\n### {usage}\n" in PAGE
    assert f"\n> {command.example}\n" in PAGE
    assert (f"\n> {command.example} --json\n" in PAGE) == command.has_json


def test_there_is_nothing_but_what_the_table_has():
    _, _, page = PAGE.partition("\n## Commands\n")
    assert page.count("\n### ") == len(COMMANDS)
    assert {name for command in COMMANDS.values() for slot in command.slots for name in slot.places} == set(PLACES)


@pytest.mark.parametrize("key", FIELDS)
def test_completion_show_help_and_the_page_of_settings_know_a_setting(box, session, key):
    for command in ("set", "reset", "show", "help"):
        assert key in candidates(session, f"{command} ", key[:3])
    assert f"\n   {key} " in box.type("show")
    assert box.type(f"help {key}").endswith(f"\nok {key}")
    assert f"| `{key}` |" in (DOCS / "settings.md").read_text(encoding="utf-8")


def test_the_page_of_settings_and_show_have_no_other(box):
    rows = [line for line in box.type("show").split("\n") if line.startswith("   ")]
    assert [row.split()[0] for row in rows] == list(FIELDS)
    assert (DOCS / "settings.md").read_text(encoding="utf-8").count("\n| `") == len(FIELDS)
    headings = [line for line in box.type("show").split("\n") if line.startswith(" ") and not line.startswith("   ")]
    assert [line.strip().partition(":")[0] for line in headings] == list(SECTIONS)
