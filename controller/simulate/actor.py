"""Performs a script on the virtual bench: presses buttons and types at the console. A part of the loop."""

from collections.abc import Callable, Sequence

from config.units import format_duration
from controller.box.engine import Engine
from controller.box.notices import Notice, Refused
from controller.console.commands import Session, execute
from controller.core.events import Request
from controller.core.states import Release
from controller.errors import CommandError
from controller.simulate.narrator import Narrator
from controller.simulate.script import LetGo, Press, ScriptLine, Type
from hardware.virtual.thumb import Thumb

_ENDS = (Release.IDLE, Release.PAUSED, Release.FAULT)


class Actor:
    """Performs each line of a script at its time, counted from `zero_ns`; one line for each step.

    If a console command fails without a Refused notice from the engine, the actor passes one to `on_refusal`.
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
        self._next_line = 0
        self._refusal_count = 0
        engine.listen(self._count_refusal)

    @property
    def next_ns(self) -> int | None:
        """When the next line is due. After the last one, a run without end is stopped: that is due at once."""
        is_finished = self._next_line == len(self._script)
        if is_finished and not self._engine.controller.run_is_endless:
            return None
        line = self._script[self._next_line - 1 if is_finished else self._next_line]
        return self._zero_ns + line.at_ns

    def step(self, now_ns: int) -> None:
        """Act the next line, or stop a run without end after the last one."""
        if self._next_line == len(self._script):
            self._stop_run()
            return
        line = self._script[self._next_line]
        self._next_line += 1
        if line.chapter is not None:
            self._narrator.tell_chapter(line.chapter)
        match line.action:
            case Press(button, for_ns):
                duration = "" if for_ns is None else f" for {format_duration(for_ns)}"
                self._narrator.tell_action(now_ns, f"presses {button}{duration}")
                self._thumb.press(button, None if for_ns is None else self._zero_ns + line.at_ns + for_ns)
            case LetGo(button):
                self._narrator.tell_action(now_ns, f"releases {button}")
                self._thumb.release(button)
            case Type(command):
                self._type(command, now_ns)

    def is_over(self) -> bool:
        """Return whether the script, the presses it started and the box's reactions are all finished."""
        if self._next_line < len(self._script):
            return False
        controller = self._engine.controller
        is_settled = self._thumb.next_ns is None and controller.is_settled(self._engine.clock.now_ns())
        return is_settled and controller.release in _ENDS

    def _type(self, command: str, now_ns: int) -> None:
        refusals_before = self._refusal_count
        answer = execute(self._session, command)
        self._narrator.tell_answer(command, answer.for_scripts())
        if answer.word is not None and self._refusal_count == refusals_before:
            self._on_refusal(Refused(now_ns, command, answer.text))

    def _stop_run(self) -> None:
        try:
            self._engine.ask(Request.STOP)
        except CommandError as error:
            raise AssertionError("a run without end must be stoppable") from error

    def _count_refusal(self, notice: Notice) -> None:
        self._refusal_count += isinstance(notice, Refused)
