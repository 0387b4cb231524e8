"""The methods `proof` and `proof.*`: a client asks for the next question, has it pressed, and tells what was seen.

Knows the engine; the proof itself is the desk's, in the thread of files. Nothing of a proof is used before `finish`.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from config.errors import quoted
from config.files import Pause
from config.units import S_NS
from controller.box.deferred import Deferred
from controller.box.engine import Engine
from controller.box.method import Method, reading, writing
from controller.box.notices import Notice, Said, Wanted
from controller.box.settings_methods import or_command_error
from controller.core.effects import EndProofPress
from controller.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.sections import CameraSettings
    from controller.box.proof_desk import Played, ProofDesk
    from controller.prove.verdict import Judged, Verdict

ResultT = TypeVar("ResultT")

_MODULES = ("controller.box.proof_desk",)
_LONGEST_NAME = 40
_ANSWERS = {"pictures": int, "moved": bool, "late": bool, "is_long": bool, "lit": bool, "cannot": bool, "number": int}
_MOST_PICTURES = 99
_WHOLE, _CUT = "the contacts are open again; what do you see?", "the press was cut; press again"


class ProofMethods:
    """Answers `proof` and `proof.*`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._desk: ProofDesk | None = None  # belongs to the thread of files
        self._played: Played | None = None  # the press of the question
        self._playing: int | None = None  # the turn whose press is on
        engine.listen(self._ended)

    def rows(self) -> dict[str, Method]:
        """Return the methods by name."""
        needs: dict[str, type] = {"body": str}
        return {
            "proof": reading(self.show, imports=_MODULES),
            "proof.begin": writing(self.begin, needs, {"has_flash": bool, "again": bool}, imports=_MODULES),
            "proof.press": Method(self.press, {}, {"number": int}, moves=True, imports=_MODULES),
            "proof.answer": writing(self.answer, {}, _ANSWERS, imports=_MODULES),
            "proof.back": writing(self.back, {}, imports=_MODULES),
            "proof.part": writing(self.choose, {"part": str}, {"again": bool}, imports=_MODULES),
            "proof.drop": writing(self.drop, {}, imports=_MODULES),
            "proof.finish": Method(self.finish, {}, {}, imports=_MODULES),
        }

    def show(self) -> Deferred:
        """Return how far the proof is, and its next question."""
        return self._desked(lambda _desk, _pause: None)

    def begin(self, body: str, *, has_flash: bool | None = None, again: bool = False) -> Deferred:
        """Begin a proof of that body at the port of the settings, or go on with the one that was left."""
        name = body.strip()
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            rule = f"a body's name has 1 to {_LONGEST_NAME} characters, like Nikon D850"
            raise CommandError("value", f"{quoted(body)} is no name of a body; {rule}")
        settings = self._engine.store.current
        is_wired = settings.pins.sync is not None if has_flash is None else has_flash
        profile = settings.camera.profile
        return self._desked(lambda desk, pause: desk.begin(profile, name, pause, has_flash=is_wired, again=again))

    def press(self, number: int | None = None) -> Deferred:
        """Close the contacts as the question wants.

        Refused if anything else has them, or if another `number` is asked by now.
        """
        camera = self._engine.store.current.camera.profile

        def play(asked: Any) -> object:
            turn, timeline, lamp_ns = asked
            self._engine.press_for_proof(timeline, lamp_ns)
            self._played, self._playing = None, turn
            return {"seconds": -(-timeline.end_ns // S_NS), "did": "the box closes its contacts"}

        return Deferred(lambda pause: self._run(lambda desk, _: desk.next_press(camera, number), pause), play)

    def answer(self, number: int | None = None, **said: Any) -> Deferred:
        """Take what was seen; what is left out is not known. Refused if another `number` is asked by now."""
        if not 0 <= said.get("pictures", 0) <= _MOST_PICTURES:
            raise CommandError("value", f"pictures must be 0 to {_MOST_PICTURES}")
        played = self._played
        return self._desked(lambda desk, pause: desk.answer(said, number, played, pause))

    def back(self) -> Deferred:
        """Take the last answer back."""
        return self._desked(lambda desk, pause: desk.back(pause))

    def drop(self) -> Deferred:
        """Forget the proof."""
        return self._desked(lambda desk, _: desk.drop())

    def choose(self, part: str, *, again: bool = False) -> Deferred:
        """Ask only one part from now on, or all; `again` takes its answers back."""
        return self._desked(lambda desk, pause: desk.choose(part, pause, again=again))

    def finish(self) -> Deferred:
        """Go by what was found: it is written over the shipped profile, and used from now on.

        What it found of the set-up is for the owner to state: `states` has the settings that differ.
        """
        self._engine.check_change("camera.profile")
        camera = self._engine.store.current.camera.profile
        sample = self._engine.wall.sample()
        day = datetime.fromtimestamp(sample.wall_ns // S_NS, UTC).date() if sample.is_trusted else None

        def use(found: Any) -> object:
            profile, given = found
            reply = {
                "judged": [_row(each) for each in given.judged],
                "states": _to_state(given, self._engine.store.current.camera),
            }
            if profile is None:
                return {**reply, "text": "nothing was proven, so nothing has changed"}
            try:
                self._engine.change_settings({"camera.profile": profile.id}, profile)
            except CommandError as error:  # a frame or a run began while it was written
                when = "what was proven is written, and used once you finish again, or when the box starts next"
                raise CommandError(error.word, f"{error.sentence}; {when}") from error
            return {**reply, "text": f"the box goes by what was proven of {profile.id}"}

        return Deferred(lambda pause: self._run(lambda desk, then: desk.finish(camera, day, then), pause), use)

    def _desked(self, work: "Callable[[ProofDesk, Pause], object]") -> Deferred:
        def told(desk: "ProofDesk", pause: Pause) -> tuple[int, dict[str, Any]]:
            work(desk, pause)
            reply = desk.tell()
            return desk.turn, reply

        return Deferred(lambda pause: self._run(told, pause), self._with_press)

    def _with_press(self, told: tuple[int, dict[str, Any]]) -> object:
        turn, reply = told
        if self._playing is not None:
            reply["state"] = "playing"
        is_asked = reply["question"] is not None and reply["question"]["closes_contacts"]
        is_pressed = self._played is not None and self._played[0] == turn
        return {**reply, "needs_press": is_asked and not is_pressed}

    def _run(self, work: "Callable[[ProofDesk, Pause], ResultT]", pause: Pause) -> ResultT:
        """Do something at the desk; in the thread of files."""
        from controller.box.proof_desk import FILE, ProofDesk  # noqa: PLC0415 - a start is faster without it

        store = self._engine.store
        if self._desk is None:
            has_lamp = store.current.pins.busy_lamp is not None
            self._desk = ProofDesk(store.state_dir / FILE, store.cameras, has_lamp=has_lamp)
        desk = self._desk
        return or_command_error(lambda: work(desk, pause))

    def _ended(self, notice: Notice) -> None:
        """Note that a press has been played as a whole, or cut."""
        if isinstance(notice, Wanted) and isinstance(notice.effect, EndProofPress):
            press, turn = notice.effect, self._playing
            self._played = (turn, press.lags_ns) if press.is_whole and turn is not None else None
            self._playing = None
            self._engine.notify(Said(notice.at_ns, _WHOLE if press.is_whole else _CUT))


def _row(judged: "Judged") -> dict[str, object]:
    """Return a finding beside the profile, for a client."""
    finding, care, is_taken = judged
    texts = {"value": _shown(finding.value), "before": _shown(care.before)}
    return {"key": finding.key, **texts, "how": finding.how, "is_taken": is_taken}


def _to_state(given: "Verdict", now: "CameraSettings") -> list[dict[str, str]]:
    """Return the settings that state what was found of the set-up, where they do not already."""
    found = {"back_button_focus": given.back_button_focus, "continuous_af": given.continuous_af}
    return [
        {"key": f"camera.{name}", "value": _shown(value)}
        for name, value in found.items()
        if value not in (None, getattr(now, name))
    ]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)
