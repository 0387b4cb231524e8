"""The methods of the control protocol: what a client may ask, in one table. Knows the engine, no sockets."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from config.errors import ConfigError, quoted
from config.listing import facts
from config.record import dataclass
from config.schema import FIELDS, SECTIONS, changes, find_field, value_of
from config.units import did_you_mean, format_duration, parse_duration
from config.when import When, parse_when
from controller.box import clockset
from controller.box.assembly import Box
from controller.cameras import facts as cameras
from controller.core.events import Ask, Button
from controller.errors import BadParamsError, CommandError, UnknownMethodError
from controller.plan.planning import plan_frame
from controller.plan.text import as_reply
from hardware.clock import SystemClock, utc_now
from hardware.errors import HardwareError
from hardware.timeline import Line
from hardware.virtual.thumb import TAP_NS, Thumb

_EXPOSING = ("elapsed_ns", "asked_ns")

Handler = Callable[..., object]

_WITH_A_RUN = (Ask.START, Ask.CALIBRATE)  # answered with the run that has begun


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its handler, and the types of the parameters it must and may have."""

    handler: Handler
    needs: dict[str, type]
    takes: dict[str, type]


class Methods:
    """Answers calls; `thumb` is there on the virtual bench only. Implements the control server's Dispatcher."""

    def __init__(self, box: Box, thumb: Thumb | None) -> None:
        self._box = box
        self._engine = box.engine
        self._closed = box.lines.is_closed
        self._player = "stepped on the virtual clock" if box.thread is None else str(box.thread.realtime)
        self._thumb = thumb
        self._methods = {
            "status": Method(self._status, {}, {}),
            "plan": Method(self._plan, {}, {}),
            "log": Method(self._log, {}, {"run": int}),
            "cameras": Method(self._cameras, {}, {"profile": str}),
            "settings.show": Method(self._show, {}, {"section": str}),
            "settings.set": Method(self._set, {"key": str, "value": str}, {}),
            "settings.reset": Method(self._reset, {"key": str}, {}),
            "settings.diff": Method(self._diff, {}, {}),
            "settings.save": Method(self._save, {}, {}),
            "settings.rollback": Method(self._rollback, {}, {"n": int}),
            "clock": Method(self._clock, {}, {}),
            "clock.set": Method(self._set_clock, {"time": str}, {}),
            "start": Method(self._start, {}, {"when": str}),
            "calibrate": Method(self._calibrate, {}, {}),
            **{ask.value.replace(" ", "."): self._asking(ask) for ask in Ask if ask not in _WITH_A_RUN},
        }
        if thumb is not None:
            self._methods |= {
                "thumb.press": Method(self._press, {"button": str}, {}),
                "thumb.release": Method(self._release, {"button": str}, {}),
                "thumb.tap": Method(self._tap, {"button": str}, {}),
                "thumb.hold": Method(self._hold, {"button": str, "duration": str}, {}),
            }

    def call(self, method: str, params: dict[str, object]) -> object:
        """Answer a call.

        Raises UnknownMethodError, BadParamsError, or CommandError where the call was refused; in each case
        nothing has changed.
        """
        row = self._methods.get(method)
        if row is None:
            raise UnknownMethodError("unknown", f'no method "{method}"{did_you_mean(method, self._methods)}')
        _check_params(method, row, params)
        return row.handler(**params)

    # -- the box -------------------------------------------------------------------------------------

    def _asking(self, ask: Ask) -> Method:
        def handler() -> object:
            self._engine.ask(ask)
            return self._states()

        return Method(handler, {}, {})

    def _states(self) -> dict[str, Any]:
        status = self._engine.status()
        return {"focus": status.focus.name, "release": status.release.name}

    def _start(self, when: str | None = None) -> object:
        start: When | None = None
        if when is not None:
            try:
                start = parse_when(when)
            except ConfigError as error:
                raise CommandError("value", f"start: {error}") from error
        self._engine.ask(Ask.START, start)
        return {**self._states(), "run": self._run()}

    def _calibrate(self) -> object:
        self._engine.ask(Ask.CALIBRATE)
        return {**self._states(), "run": self._run()}

    def _status(self) -> object:
        status = self._engine.status()
        settings = self._engine.store.current
        return {
            **self._states(),
            "lock": status.lock,
            "lines": {line.value: self._line(line) for line in Line},
            "camera": settings.camera.profile,
            "back_button_focus": settings.camera.back_button_focus,
            "drive": settings.shot.drive,
            "mode": settings.focus.mode,
            "interlock": settings.focus.interlock,
            "warnings": list(status.warnings),
            "fault": status.fault,
            "player": self._player,
            "unsaved": list(self._engine.store.unsaved()),
            "bench": self._thumb is not None,
            "run": self._run(),
            "shutter_lag_ns": settings.camera.shutter_lag_ns,
            "exposing": None if status.exposing is None else dict(zip(_EXPOSING, status.exposing, strict=True)),
            "mirror_waits_ns": status.mirror_waits_ns,
            "sync": None if status.sync is None else asdict(status.sync),
        }

    def _line(self, line: Line) -> str:
        try:
            return "closed" if self._closed(line) else "open"
        except HardwareError:  # what became of the chip is said by the fault
            return "unknown"

    def _run(self) -> object:
        run = self._engine.status().run
        return None if run is None else {**asdict(run), "ends_at": self._ends_at(run.ends_in_ns)}

    def _ends_at(self, ends_in_ns: int | None) -> str | None:
        """Return the time of day at which a run ends; None where it has no end, or nobody can tell."""
        return (
            None
            if ends_in_ns is None
            else clockset.told_in(ends_in_ns, self._engine.wall.sample(), self._engine.zone)
        )

    def _clock(self) -> object:
        return clockset.told(self._engine.wall.sample(), self._engine.zone)

    def _set_clock(self, time: str) -> object:
        self._engine.set_clock(clockset.utc_ns(time, self._engine.zone))
        return self._clock()

    def _plan(self) -> object:
        now = utc_now() if isinstance(self._engine.clock, SystemClock) else None  # a virtual world has no date
        return as_reply(plan_frame(self._engine.setup), now)

    def _log(self, run: int | None = None) -> object:
        from controller.journal.command import brief  # noqa: PLC0415 - a start is faster without it

        if self._box.journal is None:
            raise CommandError("refused", "a simulation keeps no journal")
        return brief(self._box.journal, run)

    def _cameras(self, profile: str | None = None) -> object:
        """Which profiles there are, or the facts of one; never all of them at once, which would hold up a run."""
        known = self._engine.store.cameras
        try:
            return cameras.index(known) if profile is None else cameras.facts(known, profile)
        except ConfigError as error:
            word = "value" if profile is None or profile in known.ids() else "unknown"
            raise CommandError(word, "; ".join(error.faults)) from error

    # -- settings ------------------------------------------------------------------------------------

    def _show(self, section: str | None = None) -> object:
        store = self._engine.store
        fields = [field for key, field in FIELDS.items() if section in (None, field.section, key)]
        if not fields:
            names = (*SECTIONS, *FIELDS)
            hint = did_you_mean(str(section), names) or f"; the sections are {', '.join(SECTIONS)}"
            raise CommandError("unknown", f"no section or setting {quoted(str(section))}{hint}")
        return [
            {
                **facts(field),
                "value": field.format(value_of(store.current, field.key)),
                "origin": store.origin(field.key),
            }
            for field in fields
        ]

    def _set(self, key: str, value: str) -> object:
        self._engine.change_settings(key, lambda: self._engine.store.set(key, value))
        return self._setting(key)

    def _reset(self, key: str) -> object:
        self._engine.change_settings(key, lambda: self._engine.store.reset(key))
        return self._setting(key)

    def _setting(self, key: str) -> object:
        field = find_field(key)
        value = field.format(value_of(self._engine.store.current, key))
        return {"key": key, "value": value, "restart": field.restart}

    def _diff(self) -> object:
        return [{"key": key, "saved": saved, "now": now} for key, saved, now in self._engine.store.diff()]

    def _save(self) -> object:
        saved = [key for key, _, _ in self._engine.store.diff()]
        _or_command_error(self._engine.store.save)
        return {"saved": saved}

    def _rollback(self, n: int = 1) -> object:
        reason = self._engine.controller.refuses_settings(shapes_run=True)
        if reason is not None:
            raise CommandError("refused", f"rollback: {reason}")
        store = self._engine.store
        before = store.current
        _or_command_error(lambda: store.rollback(n))
        self._engine.adopt_settings()
        return {"changed": list(changes(before, store.current))}

    # -- the thumb of the virtual bench --------------------------------------------------------------

    def _press(self, button: str) -> object:
        return self._put_thumb(button, None)

    def _tap(self, button: str) -> object:
        return self._put_thumb(button, TAP_NS)

    def _hold(self, button: str, duration: str) -> object:
        try:
            return self._put_thumb(button, parse_duration(duration))
        except ConfigError as error:
            raise CommandError("value", f"hold: {error}") from error

    def _put_thumb(self, button: str, for_ns: int | None) -> object:
        thumb = self._thumb_on(button)
        if thumb.is_pressed(button):
            raise CommandError("refused", f"{button} is pressed already; release it first")
        thumb.press(button, None if for_ns is None else self._engine.clock.now_ns() + for_ns)
        return {"pressed": button, "for": None if for_ns is None else format_duration(for_ns)}

    def _release(self, button: str) -> object:
        thumb = self._thumb_on(button)
        if not thumb.is_pressed(button):
            raise CommandError("refused", f"{button} is not pressed")
        thumb.release(button)
        return {"released": button}

    def _thumb_on(self, button: str) -> Thumb:
        assert self._thumb is not None
        names = [member.value for member in Button]
        if button not in names:
            hint = did_you_mean(button, names) or f"; choose from {', '.join(names)}"
            raise CommandError("unknown", f"no button {quoted(button)}{hint}")
        return self._thumb


def _check_params(method: str, row: Method, params: dict[str, object]) -> None:
    known = row.needs | row.takes
    for name, value in params.items():
        if name not in known:
            raise BadParamsError("usage", f'{method} takes no "{name}"{did_you_mean(name, known)}')
        if type(value) is not known[name]:
            raise BadParamsError("usage", f"{method}: {name} must be of type {known[name].__name__}")
    missing = [name for name in row.needs if name not in params]
    if missing:
        raise BadParamsError("usage", f"{method} needs {' and '.join(missing)}")


def _or_command_error(call: Callable[[], object]) -> None:
    try:
        call()
    except ConfigError as error:
        raise CommandError("value", "; ".join(error.faults)) from error
