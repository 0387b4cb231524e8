"""The methods that list, apply, save, delete and mark presets, and the button that steps through those marked.

Knows the engine and the store. Main works by what was read at the start; what writes files is deferred.
"""

from collections.abc import Callable
from types import ModuleType

from config.files import Pause
from config.kinds import Value
from config.presets import BUILT_IN, PresetFiles, check_name, values_to_save
from config.schema import changes
from controller.box.deferred import Deferred
from controller.box.engine import Engine
from controller.box.method import Method, reading, writing
from controller.box.notices import Notice, PresetsChanged, Refused, Stepped, Wanted
from controller.box.settings_methods import load_sun, or_command_error
from controller.core import checks
from controller.core.effects import StepPreset
from controller.core.events import PresetsMarked
from controller.core.status import warnings_of
from controller.core.words import Reason, Why
from controller.errors import CommandError

Values = dict[str, Value]

_MODULE = ("controller.core.presets",)


class PresetMethods:
    """Answers the methods `presets` and `preset.*`; reads the files when it is made, before the box serves."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store.presets
        self._last: str | None = None  # applied since the start, by anybody
        self._marked = 0  # as the core knows it
        engine.listen(self._step_on)
        self._use(_read(self._store.read))

    def rows(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "presets": reading(self.all, imports=_MODULE),
            "preset.apply": Method(self.apply, {"name": str}, {}, imports=_MODULE),
            "preset.save": writing(self.save, {"name": str}, imports=_MODULE),
            "preset.delete": Method(self.delete, {"name": str}, {}),
            "preset.mark": Method(self.mark, {"name": str}, {"is_marked": bool}),
        }

    def all(self) -> object:
        """Return all presets, each with what it does on this camera, and what is wrong with their files."""
        files = self._store.files
        rows = [self._row(name) for name in self._store.names]
        return {"presets": rows, "faults": list(files.faults), "last": self._last}

    def _row(self, name: str) -> object:
        marked = self._store.files.marked
        return {
            "name": name,
            "built_in": name in BUILT_IN,
            "number": marked.index(name) + 1 if name in marked else None,
            "does": _presets().describe(self._values_of(name)),
        }

    def apply(self, name: str) -> object:
        """Change the settings to those of a preset, all or none, until the next restart; `save` keeps them."""
        return self._apply(or_command_error(lambda: self._store.find(name)))

    def save(self, name: str) -> Deferred:
        """Keep the settings that shape a frame or a run, as they are now, as a preset of the box's own."""
        or_command_error(lambda: check_name(name))
        values = values_to_save(self._engine.store.current)
        kept = "the old one is replaced" if name in self._store.files.own else _presets().describe(values)
        return self._writing(lambda pause: self._store.write(name, values, pause), f"preset {name} is saved: {kept}")

    def delete(self, name: str) -> Deferred:
        """Delete a preset of the box's own; the settings stay as they are."""
        return self._writing(lambda pause: self._store.remove(name, pause), f"preset {name} is deleted")

    def mark(self, name: str, is_marked: bool = True) -> Deferred:
        """Mark a preset, so that holding `run` steps to it; or remove its mark."""
        name = or_command_error(lambda: self._store.find(name))

        def sentence() -> str:
            marked = self._store.files.marked
            if not is_marked:
                return f"preset {name} is not marked"
            return f"preset {name} is marked, as number {marked.index(name) + 1} of {len(marked)}"

        return self._writing(lambda pause: self._store.mark(name, pause, is_marked=is_marked), sentence)

    def _step_on(self, notice: Notice) -> None:
        if isinstance(notice, Wanted) and isinstance(notice.effect, StepPreset):
            self.step(notice.effect.event)

    def step(self, event: str) -> None:
        """Apply the marked preset after the one applied last; nothing is written, and no line moves."""
        marked = self._store.files.marked
        name = marked[(marked.index(self._last) + 1) % len(marked) if self._last in marked else 0]
        now_ns = self._engine.clock.now_ns()
        try:
            self._apply(name)
        except CommandError as error:
            self._last = name  # the next hold steps past it
            self._engine.notify(Refused(now_ns, event, Reason(Why.PLAN, error.sentence)))
        else:
            self._engine.notify(Stepped(now_ns, name, marked.index(name) + 1, len(marked)))

    def _apply(self, name: str) -> object:
        engine = self._engine
        reason = engine.controller.refuses_settings(shapes_run=True)
        if reason is not None:
            raise CommandError("refused", f"preset {name}: {reason}")
        before, warned = engine.store.current, warnings_of(engine.setup)
        values = self._values_of(name)
        try:
            engine.change_settings(values, preset=name)
        except CommandError as error:
            raise CommandError(error.word, f"preset {name}: {error.sentence}") from error
        self._last = name
        changed = changes(before, engine.store.current)
        return {"preset": name, "changed": list(changed), "values": changed, "warnings": self._warnings(name, warned)}

    def _warnings(self, name: str, before: tuple[str, ...]) -> list[str]:
        """Return what to know about the settings now: new warnings, what to do on the camera, why no frame works."""
        setup = self._engine.setup
        new = [warning for warning in warnings_of(setup) if warning not in before]
        refusal = checks.refuses_frame(setup)
        return [*new, *_presets().remarks(name, setup), *([] if refusal is None else [str(refusal)])]

    def _values_of(self, name: str) -> Values:
        return _presets().built_in(name, self._engine.setup) if name in BUILT_IN else self._store.files.own[name]

    def _writing(self, write: Callable[[Pause], PresetFiles], sentence: str | Callable[[], str]) -> Deferred:
        def done(files: PresetFiles) -> object:
            self._use(files)
            text = sentence if isinstance(sentence, str) else sentence()
            self._engine.notify(PresetsChanged(self._engine.clock.now_ns(), text, files.marked))
            return {"did": text, "marked": list(files.marked)}

        return Deferred(lambda pause: or_command_error(lambda: _read(lambda: write(pause))), done)

    def _use(self, files: PresetFiles) -> None:
        self._store.use(files)
        if len(files.marked) != self._marked:
            self._marked = len(files.marked)
            self._engine.tell(PresetsMarked(self._marked))


def _presets() -> ModuleType:
    from controller.core import presets  # noqa: PLC0415 - a start is faster without it

    return presets


def _read(read: Callable[[], PresetFiles]) -> PresetFiles:
    """Return what the files hold, and import what a preset that starts by the sun needs; not for main."""
    files = read()
    for values in files.own.values():
        for value in values.values():
            load_sun(value)
    return files
