"""State machines as tables. States change only by the rows of a table.

The package `transitions` keeps the state and checks the conditions of the rows. `leads_to` reads the same rows and
returns what a trigger would do, without changing anything. Both try the rows in order.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from typing import Generic, TypeVar

from transitions import Machine, MachineError

from config.record import dataclass

StateT = TypeVar("StateT", bound=Enum)


@dataclass(frozen=True, slots=True)
class Row(Generic[StateT]):
    """In each state of `sources`, `trigger` leads to `dest` if every fact named in `when` holds.

    A fact is a word; `not` before it negates it: `"factory"`, `"not trim"`. `note` explains the row in the
    documentation.
    """

    trigger: str
    sources: tuple[StateT, ...]
    dest: StateT
    when: tuple[str, ...] = ()
    note: str = ""


class StateMachine(Generic[StateT]):
    """A state and the rows by which it changes. The values of `facts` are read each time a row is tried."""

    state: StateT

    def __init__(self, rows: Iterable[Row[StateT]], initial: StateT, facts: Mapping[str, bool]) -> None:
        self._rows = tuple(rows)
        self._facts = facts
        self._machine = Machine(
            model=self,
            states=type(initial),
            initial=initial,
            auto_transitions=False,
            transitions=[
                {
                    "trigger": row.trigger,
                    "source": list(row.sources),
                    "dest": row.dest,
                    "conditions": [partial(self._holds, row)],
                }
                for row in self._rows
            ],
        )

    def leads_to(self, trigger: str) -> StateT | None:
        """Return the state that `trigger` leads to from the present one, None if no row allows it."""
        for row in self._rows:
            if row.trigger == trigger and self.state in row.sources and self._holds(row):
                return row.dest
        return None

    def change(self, trigger: str) -> None:
        """Go where `trigger` leads. Raises MachineError of `transitions` if no row allows it, which is a bug."""
        if not self._machine.events[trigger].trigger(self):
            raise MachineError(f"{trigger}: no row allows it in {self.state.name}")

    def _holds(self, row: Row[StateT]) -> bool:
        return all(self._facts[fact.removeprefix("not ")] is not fact.startswith("not ") for fact in row.when)
