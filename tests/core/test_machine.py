from enum import Enum

import pytest
from transitions import MachineError

from controller.core.machine import Row, StateMachine
from controller.core.states import FOCUS_TABLE, RELEASE_TABLE, Focus, Release
from docs.state_tables import markdown_table, mermaid


class Door(Enum):
    OPEN = "open"
    SHUT = "shut"
    BOLTED = "bolted"


TABLE = (
    Row("push", (Door.OPEN,), Door.SHUT, (), "it falls into the lock"),
    Row("push", (Door.SHUT,), Door.BOLTED, ("key", "not broken"), "with the key"),
    Row("push", (Door.SHUT,), Door.OPEN, ("not key",)),
    Row("kick_in", (Door.SHUT, Door.BOLTED), Door.OPEN),
)


@pytest.fixture
def facts():
    return {"key": False, "broken": False}


@pytest.fixture
def door(facts):
    return StateMachine(TABLE, Door.OPEN, facts)


def test_a_machine_begins_in_its_initial_state(door):
    assert door.state is Door.OPEN


def test_a_trigger_leads_where_its_row_says(door):
    assert door.leads_to("push") is Door.SHUT
    door.change("push")
    assert door.state is Door.SHUT


def test_leads_to_changes_nothing(door):
    door.leads_to("push")
    assert door.state is Door.OPEN


@pytest.mark.parametrize(
    ("key", "broken", "leads_to"),
    [(True, False, Door.BOLTED), (True, True, None), (False, True, Door.OPEN), (False, False, Door.OPEN)],
)
def test_the_first_row_whose_facts_hold_counts(door, facts, key, broken, leads_to):
    door.change("push")
    facts.update(key=key, broken=broken)
    assert door.leads_to("push") is leads_to


@pytest.mark.parametrize(("key", "leads_to"), [(True, Door.BOLTED), (False, Door.OPEN)])
def test_a_change_follows_the_row_that_leads_to_predicted(door, facts, key, leads_to):
    door.change("push")
    facts["key"] = key
    door.change("push")
    assert door.state is leads_to


def test_a_row_of_several_sources_leads_from_each(door, facts):
    facts["key"] = True
    door.change("push")
    assert door.leads_to("kick_in") is Door.OPEN
    door.change("push")
    assert door.leads_to("kick_in") is Door.OPEN


def test_a_trigger_without_a_row_for_this_state_leads_nowhere_and_raises(door):
    assert door.leads_to("kick_in") is None
    with pytest.raises(MachineError):
        door.change("kick_in")
    assert door.state is Door.OPEN


def test_a_trigger_whose_facts_do_not_hold_raises_too(door, facts):
    door.change("push")
    facts.update(key=True, broken=True)
    with pytest.raises(MachineError):
        door.change("push")
    assert door.state is Door.SHUT


def test_two_machines_on_one_table_are_independent(door, facts):
    other = StateMachine(TABLE, Door.OPEN, facts)
    door.change("push")
    assert other.state is Door.OPEN


# -- pictures --------------------------------------------------------------------------------------------------


def test_a_table_is_drawn_as_a_diagram():
    assert mermaid(TABLE, Door.OPEN).splitlines() == [
        "stateDiagram-v2",
        "    [*] --> OPEN",
        "    OPEN --> SHUT: push",
        "    SHUT --> BOLTED: push [key, not broken]",
        "    SHUT --> OPEN: push [not key]",
        "    SHUT --> OPEN: kick in",
        "    BOLTED --> OPEN: kick in",
    ]


def test_a_table_is_written_as_markdown():
    assert markdown_table(TABLE).splitlines() == [
        "| trigger | from | to | when | what it means |",
        "|---|---|---|---|---|",
        "| push | OPEN | SHUT |  | it falls into the lock |",
        "| push | SHUT | BOLTED | key, not broken | with the key |",
        "| push | SHUT | OPEN | not key |  |",
        "| kick in | SHUT, BOLTED | OPEN |  |  |",
    ]


# -- the two tables of the box ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "initial", "facts"),
    [(FOCUS_TABLE, Focus.UNFOCUSED, {"factory", "tracks", "trim", "fresh"}), (RELEASE_TABLE, Release.IDLE, set())],
)
def test_a_table_names_only_facts_that_exist_and_explains_every_row(table, initial, facts):
    assert {fact.removeprefix("not ") for row in table for fact in row.when} <= facts
    assert all(row.note for row in table)
    assert StateMachine(table, initial, dict.fromkeys(facts, False)).state is initial


@pytest.mark.parametrize(("table", "initial"), [(FOCUS_TABLE, Focus.UNFOCUSED), (RELEASE_TABLE, Release.IDLE)])
def test_no_row_is_hidden_by_an_earlier_one(table, initial):
    assert initial in {row.dest for row in table}
    for place, row in enumerate(table):
        always = {
            source for earlier in table[:place] for source in earlier.sources
            if earlier.trigger == row.trigger and not earlier.when
        }  # fmt: skip
        assert not always & set(row.sources)


def test_fault_is_left_only_by_a_person():
    assert {row.trigger for row in RELEASE_TABLE if Release.FAULT in row.sources} == {"clear"}


def test_cut_and_fault_are_possible_in_every_state_that_can_close_a_contact():
    for trigger in ("cut", "fault"):
        sources = {source for row in RELEASE_TABLE if row.trigger == trigger for source in row.sources}
        assert sources >= set(Release) - {Release.IDLE, Release.FAULT}
