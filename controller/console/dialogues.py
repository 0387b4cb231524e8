"""The dialogues at the prompt, of which one can be on at a time: the set-up, and a proof."""

from collections.abc import Callable, Mapping
from typing import Any

from controller.console.answer import NOTHING, Answer
from controller.console.prove.interactive import InteractiveProof
from controller.console.setup.interactive import InteractiveSetup


class Dialogues:
    """Passes each line to the dialogue that is on, or that it begins; `call` is the session's."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._setup = InteractiveSetup(call)
        self._proof = InteractiveProof(call)

    @property
    def prompt(self) -> str:
        """The prompt of the dialogue that is on; "" if none is."""
        return self._setup.prompt or self._proof.prompt

    @property
    def words(self) -> tuple[str, ...]:
        """The answers that Tab completes; empty while no dialogue is on."""
        return self._setup.words or self._proof.words

    def handle(self, line: str) -> Answer | None:
        """Answer a line that belongs to a dialogue; None for any other."""
        if self._proof.prompt:
            return self._proof.handle(line)
        return self._setup.handle(line) or (None if self._setup.prompt else self._proof.handle(line))

    def offer(self, status: Mapping[str, Any]) -> Answer:
        """Offer the set-up if the box does not know how the body is set up; else return NOTHING."""
        return self._setup.offer(status)

    def leave(self) -> Answer:
        """End the dialogue that is on where it is; return NOTHING if none is."""
        left = self._setup.leave()
        return self._proof.leave() if left == NOTHING else left
