"""The methods that show, change, save and roll back settings. Knows the engine and the store, no sockets.

What needs a file is deferred: main only decides whether the change is allowed, and makes it.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TypeVar

from config.cameras import Profile
from config.errors import ConfigError, quoted
from config.listing import facts
from config.ramp import Key
from config.schema import FIELDS, SECTIONS, Field, Value, changes, find_field, text_of_value
from config.store import CAMERA, CAMERA_KINDS, MODEL, Layers
from config.units import did_you_mean
from config.when import SUN, When
from controller.box.deferred import Deferred
from controller.box.engine import Engine
from controller.box.method import Method, reading
from controller.core.status import warnings_of
from controller.errors import CommandError

T = TypeVar("T")
Values = dict[str, Value]

# Kinds whose values are looked up in files, or need a module that is imported for them: profiles, angles, the sun.
_NEEDS_FILES = ("camera", "model", "zone", "latitude", "longitude", "start", "end", "ramp")


class SettingsMethods:
    """Answers the methods `settings.*`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store

    def rows(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "settings.show": reading(self.show, {"section": str}),
            "settings.diff": reading(self.diff),
            "settings.save": reading(self.save),
            "settings.set": Method(self.set, {"key": str, "value": str}, {"was": str}),
            "settings.reset": Method(self.reset, {"key": str}, {"was": str}),
            "settings.rollback": Method(self.rollback, {}, {"n": int}),
            "bulb": Method(self.bulb, {"exposure": str}, {}),
        }

    def show(self, section: str | None = None) -> object:
        """Return the settings of a section, one setting, or all."""
        wanted = None if section is None else section.lower()
        fields = [field for key, field in FIELDS.items() if wanted in (None, field.section, key)]
        if not fields:
            names = (*SECTIONS, *FIELDS)
            hint = did_you_mean(str(section), names) or f"; the sections are {', '.join(SECTIONS)}"
            raise CommandError("unknown", f"no section or setting {quoted(str(section))}{hint}")
        store = self._store
        return [
            {
                **facts(field),
                "value": text_of_value(store.current, field.key),
                "origin": store.origin(field.key),
            }
            for field in fields
        ]

    def diff(self) -> object:
        """Return what `save` would write."""
        return [{"key": key, "saved": saved, "now": now} for key, saved, now in self._store.diff()]

    def set(self, key: str, value: str, was: str | None = None) -> object:
        """Change a setting until the next restart; a camera's profile and body may be set by the name of either.

        Refused if `was`, the value that the person saw, is not its value any more.
        """
        self._engine.check_change(key)
        field = find_field(key)
        self._check_was(field, was)
        return self._change(field, lambda: self._store.parsed(field.key, value))

    def reset(self, key: str, was: str | None = None) -> object:
        """Set a setting to the box's own value or the default; the camera's profile and body together."""
        self._engine.check_change(key)
        field = find_field(key)
        self._check_was(field, was)
        keys = (CAMERA, MODEL) if field.kind in CAMERA_KINDS else (field.key,)
        return self._change(field, lambda: {each: self._store.value_below(each) for each in keys})

    def bulb(self, exposure: str) -> object:
        """Change to bulb exposures of that length, both settings or none."""
        self._engine.check_change("shot.drive")
        values: Values = {"shot.drive": "bulb"}
        values["shot.exposure"] = or_command_error(lambda: find_field("shot.exposure").parse(exposure))
        before, warned = self._store.current, warnings_of(self._engine.setup)
        self._engine.change_settings(values)
        texts = {key: text_of_value(self._store.current, key) for key in values}
        warnings = [warning for warning in warnings_of(self._engine.setup) if warning not in warned]
        return {"values": texts, "changed": list(changes(before, self._store.current)), "warnings": warnings}

    def save(self) -> Deferred:
        """Write what the settings are now; what is set while the disk writes is not part of it."""
        layers, keys = self._store.to_save(), list(self._store.unsaved())

        def note(_: None) -> object:
            self._store.note_saved(layers)
            return {"saved": keys}

        return Deferred(lambda pause: or_command_error(lambda: self._store.write(layers, pause)), note)

    def rollback(self, n: int = 1) -> Deferred:
        """Make an earlier save the saved and current settings."""
        self._check_rollback()
        return Deferred(lambda pause: or_command_error(lambda: self._store.write_earlier(n, pause)), self._adopt)

    def _adopt(self, layers: Layers) -> object:
        try:
            self._check_rollback()
        except CommandError as error:  # a frame or a run began while the file was written
            self._store.note_saved(layers)
            remedy = "the earlier settings are saved, and take effect at the next start"
            raise CommandError(error.word, f"{error.sentence}; {remedy}") from None
        before = self._store.current
        after = self._store.adopt(layers)
        self._engine.adopt_settings()
        return {"changed": list(changes(before, after))}

    def _check_rollback(self) -> None:
        reason = self._engine.controller.refuses_settings(shapes_run=True)
        if reason is not None:
            raise CommandError("refused", f"rollback: {reason}")

    def _check_was(self, field: Field, was: str | None) -> None:
        now = text_of_value(self._store.current, field.key)
        if was not in (None, now):
            raise CommandError("changed", f"{field.key} has become {now} meanwhile, so nothing was set; set it again")

    def _change(self, field: Field, read: Callable[[], Values]) -> object:
        if field.kind not in _NEEDS_FILES:
            return self._apply(field, or_command_error(read), None)
        return Deferred(
            lambda _: or_command_error(lambda: self._looked_up(field, read())),
            lambda found: self._apply(field, *found),
        )

    def _looked_up(self, field: Field, values: Values) -> tuple[Values, Profile | None]:
        """Read what main will need for these values; touches files only."""
        profile, value = None, values.get(field.key)
        if CAMERA in values:
            profile = self._store.read_profile(str(values[CAMERA]))
        elif field.kind == "zone" and value is not None:
            field.parse(str(value))  # puts the zone into Python's cache, where main finds it
        else:
            load_sun(value)
        return values, profile

    def _apply(self, field: Field, values: Values, profile: Profile | None) -> object:
        before, warned = self._store.current, warnings_of(self._engine.setup)
        self._engine.change_settings(values, profile)  # may be refused: a run may have begun meanwhile
        changed = changes(before, self._store.current)
        also = [{"key": key, "value": text_of_value(self._store.current, key)} for key in changed if key != field.key]
        warnings = [warning for warning in warnings_of(self._engine.setup) if warning not in warned]
        row = {"key": field.key, "value": text_of_value(self._store.current, field.key), "restart": field.restart}
        return row | {"also": also, "warnings": warnings}


def load_sun(value: Value) -> None:
    """Import what a start, an end or a ramp by the sun needs (some 10 ms on a Pi), so that main does not have to."""
    goes_by_sun = isinstance(value, When) and value.kind == SUN
    if goes_by_sun or (isinstance(value, tuple) and any(isinstance(each, Key) for each in value)):
        import_module("astral.sun")


def or_command_error(call: Callable[[], T]) -> T:
    """Call, and raise a ConfigError as the CommandError that a client gets."""
    try:
        return call()
    except ConfigError as error:
        raise CommandError("value", "; ".join(error.faults)) from error
