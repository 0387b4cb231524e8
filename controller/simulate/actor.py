"""Acts a script out on the virtual bench: the thumb presses, the console types. A part of the loop."""

from collections.abc import Callable, Sequence

from config.units import format_duration
from controller.box.engine import Engine
from controller.box.notices import Notice, Refused
from controller.console.commands import Session, execute
from controller.core.events import Ask
from controller.core.states import Release
from controller.errors import CommandError
from controller.simulate.narrator import Narrator
from controller.simulate.script import LetGo, Press, ScriptLine, Type
from hardware.virtual.thumb import Thumb

_ENDS = (Release.IDLE, Release.PAUSED, Release.FAULT)


class Actor:
    """Does each line of a script at its time, counted from `zero_ns`, one line a step.

    An `error` of the console that no Refused stands for is told to `on_refusal` as one.
    """

    def __init__(
        self,
        script: Sequence[ScriptLine],
        zero_ns: int,
        engine: Engine,
        thumb: Thumb,
        session: Session,
        narrator: Narrator,
        on_refusal: Callable[[Notice], None],
    ) -> None:
        self._script = script
        self._zero_ns = zero_ns
        self._engine = engine
        self._thumb = thumb
        self._session = session
        self._narrator = narrator
        self._on_refusal = on_refusal
        self._place = 0
        self._refusals = 0
        engine.listen(self._count_refusal)

    @property
    def next_ns(self) -> int | None:
        """When the next line is to be done."""
        if self._place == len(self._script):
            return None
        return self._zero_ns + self._script[self._place].at_ns

    def step(self, now_ns: int) -> None:
        """Do the next line."""
        line = self._script[self._place]
        self._place += 1
        match line.action:
            case Press(button, for_ns):
                held = "" if for_ns is None else f" for {format_duration(for_ns)}"
                self._narrator.take_action(now_ns, f"presses {button}{held}")
                self._thumb.press(button, None if for_ns is None else self._zero_ns + line.at_ns + for_ns)
            case LetGo(button):
                self._narrator.take_action(now_ns, f"lets go of {button}")
                self._thumb.release(button)
            case Type(command):
                self._type(command, now_ns)

    def is_over(self) -> bool:
        """Tell whether all is done: the script, the holds it began, and what the box made of them.

        A run without end is stopped once the last line is done.
        """
        if self._place < len(self._script):
            return False
        if self._engine.controller.run_is_endless:
            self._stop_run()
        fingers_rest = self._thumb.next_ns is None and self._engine.controller.fingers_are_settled
        return fingers_rest and self._engine.controller.release in _ENDS

    def _type(self, command: str, now_ns: int) -> None:
        before = self._refusals
        answer = execute(self._session, command)
        self._narrator.take_answer(command, answer.plain())
        if answer.word is not None and self._refusals == before:
            self._on_refusal(Refused(now_ns, command, answer.text))

    def _stop_run(self) -> None:
        try:
            self._engine.ask(Ask.STOP)
        except CommandError as error:
            raise AssertionError("an endless run that nobody has stopped can be stopped") from error

    def _count_refusal(self, notice: Notice) -> None:
        self._refusals += isinstance(notice, Refused)
