"""The methods of the control protocol: what a client may ask, in one table. Knows the engine, no sockets."""

from dataclasses import asdict
from typing import Any

from config.errors import ConfigError
from config.files import Pause, no_pause
from config.schema import changes, find_field
from config.stops import parse_stops
from config.units import did_you_mean, parse_duration
from config.when import SUN, When, parse_when
from controller.box import time_of_day
from controller.box.assembly import Box
from controller.box.clock_methods import ClockMethods
from controller.box.deferred import Deferred
from controller.box.lamp_view import EngineView
from controller.box.method import Method, reading
from controller.box.pairing_methods import PairingMethods
from controller.box.preset_methods import PresetMethods
from controller.box.proof_methods import ProofMethods
from controller.box.settings_methods import SettingsMethods, load_sun, or_command_error
from controller.box.stamps import Stamps
from controller.box.thumb_methods import ThumbMethods
from controller.cameras import facts as cameras
from controller.core.events import Request
from controller.core.lamp_marks import looks_of, signs_of
from controller.errors import BadParamsError, CommandError, UnknownMethodError
from hardware.errors import HardwareError
from hardware.timeline import Line
from hardware.virtual.thumb import Thumb
from hardware.walltime import machine_zone, zone_or

_EXPOSING = ("elapsed_ns", "asked_ns")

_ONLY_OPEN = (Request.CUT, Request.FOCUS_RELEASE)
# These take parameters, or answer with the run.
_WITH_MORE = (Request.START, Request.CALIBRATE, Request.FOCUS_HOLD, Request.STEP, Request.TRIM)
_PLAN = ("controller.plan.planning", "controller.plan.text")


class Methods:
    """Answers calls; `thumb` exists on the virtual bench only."""

    def __init__(self, box: Box, thumb: Thumb | None) -> None:
        self._box = box
        self._engine = box.engine
        self._closed = box.lines.is_closed
        self._player = "stepped on the virtual clock" if box.thread is None else str(box.thread.realtime)
        self._is_bench = thumb is not None
        self._lamp_view = EngineView(box.engine)
        self._stamps = Stamps(box.engine.clock.now_ns())
        self._methods = {
            **SettingsMethods(box.engine).rows(),
            **PresetMethods(box.engine).rows(),
            **PairingMethods(box.engine).rows(),
            **ClockMethods(box.engine).rows(),
            **ProofMethods(box.engine).rows(),
            "status": reading(self._status),
            "plan": reading(self._plan, {"columns": int, "picture": bool}, _PLAN),
            "log": reading(self._log, {"run": int, "columns": int, "picture": bool}),
            "cameras": reading(self._cameras, {"profile": str}),
            "start": Method(self._start, {}, {"when": str, "count": str, "every": str}, moves=True),
            "calibrate": Method(self._calibrate, {}, {}, moves=True),
            **{ask.value.replace(" ", "."): self._asking(ask) for ask in Request if ask not in _WITH_MORE},
            "step": Method(self._step, {}, {"number": int}, moves=True),
            "trim": Method(self._trim, {"stops": str}, {}, moves=True),
            "focus.hold": Method(self._hold_focus, {}, {"duration": str}, moves=True),
            **({} if thumb is None else ThumbMethods(thumb, box.engine.clock.now_ns).rows()),
        }

    def call(self, method: str, params: dict[str, object]) -> object:
        """Return the reply to a call, its files read and written here and now. Raises as `answer`."""
        reply = self.answer(method, params)
        return reply.run() if isinstance(reply, Deferred) else reply

    def answer(self, method: str, params: dict[str, object]) -> object:
        """Return the reply to a call, or a Deferred where it takes files.

        Raises UnknownMethodError, BadParamsError, or CommandError if the call is refused; nothing has changed then.
        """
        row = self._methods.get(method)
        if row is None:
            raise UnknownMethodError("unknown", f'no method "{method}"{did_you_mean(method, self._methods)}')
        row.check(method, params)
        if row.moves:
            params = self._stamps.admit(params, self._engine.clock.now_ns(), is_always_welcome=row.only_opens)
        if row.lacks_imports:
            return Deferred(lambda _: row.run_imports(), lambda _: row.handler(**params))
        return row.handler(**params)

    @property
    def imports(self) -> tuple[str, ...]:
        """The modules that the handlers need, and that a start does without."""
        return tuple(dict.fromkeys(name for row in self._methods.values() for name in row.imports))

    def touches_core(self, method: str) -> bool:
        """Tell whether a failure of that method may leave the lines or the core in doubt."""
        row = self._methods.get(method)
        return row is not None and row.touches_core

    def _asking(self, ask: Request) -> Method:
        def handler() -> object:
            did = self._engine.ask(ask)
            return {**self._states(), "did": did}

        return Method(handler, {}, {}, moves=True, only_opens=ask in _ONLY_OPEN)

    def _hold_focus(self, duration: str | None = None) -> object:
        try:
            hold_ns = None if duration is None else parse_duration(duration)
        except ConfigError as error:
            raise CommandError("value", f"focus hold: {error}") from error
        did = self._engine.ask(Request.FOCUS_HOLD, hold_ns=hold_ns)
        return {**self._states(), "did": did}

    def _step(self, number: int | None = None) -> object:
        """Confirm the hand-step that waits. Refused if another `number` waits by now: nobody has read what to set."""
        run = self._engine.status().run
        waiting = None if run is None else run.step
        if number is not None and waiting is not None and number != waiting.number:
            name = f"hand-step {waiting.number} of {waiting.of}"
            raise CommandError(
                "refused", f"{name} waits by now, and not {number}; nothing was confirmed: {waiting.change}"
            )
        did = self._engine.ask(Request.STEP)
        return {**self._states(), "did": did}

    def _trim(self, stops: str) -> object:
        sixths = or_command_error(lambda: parse_stops(stops))
        did = self._engine.ask(Request.TRIM, trim=sixths)
        return {**self._states(), "did": did, "run": self._run()}

    def _states(self) -> dict[str, Any]:
        status = self._engine.status()
        return {"focus": status.focus.name, "release": status.release.name}

    def _start(self, when: str | None = None, count: str | None = None, every: str | None = None) -> object:
        """Start a run, `when` or as in the settings; or one of `count` frames, each `every`, which is set first."""
        if count is not None or every is not None:
            return self._start_with({"interval.count": count, "interval.every": every}, when)
        if when is None:
            return self._start_at(None)
        try:
            start = parse_when(when)
        except ConfigError as error:
            raise CommandError("value", f"start: {error}") from error
        if start.kind == SUN:
            return Deferred(lambda _: load_sun(start), lambda _: self._start_at(start))
        return self._start_at(start)

    def _start_at(self, start: When | None) -> object:
        self._engine.ask(Request.START, start)
        return {**self._states(), "run": self._run()}

    def _start_with(self, texts: dict[str, str | None], when: str | None) -> object:
        """Set these and start; if the start is refused, nothing is set."""
        if when is not None:
            raise BadParamsError("usage", "start takes either when, or count and every")
        given = {key: text for key, text in texts.items() if text is not None}
        values = or_command_error(lambda: {key: find_field(key).parse(text) for key, text in given.items()})
        before = self._engine.store.current
        self._engine.ask_with(values, Request.START)
        changed = changes(before, self._engine.store.current)
        return {**self._states(), "run": self._run(), "changed": list(changed)}

    def _calibrate(self) -> object:
        self._engine.ask(Request.CALIBRATE)
        return {**self._states(), "run": self._run()}

    def _status(self) -> object:
        status = self._engine.status()
        store, settings = self._engine.store, self._engine.store.current
        return {
            **self._states(),
            "lock": status.lock,
            "lines": {line.value: self._line(line) for line in Line},
            "lamps": looks_of(signs_of(self._lamp_view())),
            "camera": settings.camera.profile,
            "model": settings.camera.model,
            "back_button_focus": settings.camera.back_button_focus,
            "drive": settings.shot.drive,
            "mode": settings.focus.mode,
            "interlock": settings.focus.interlock,
            "warnings": [*store.faults, *store.presets.files.faults, *status.warnings],
            "fault": status.fault,
            "player": self._player,
            "unsaved": list(store.unsaved()),
            "bench": self._is_bench,
            "run": self._run(),
            "shutter_lag_ns": settings.camera.shutter_lag_ns,
            "now_ns": self._engine.clock.now_ns(),
            "exposing": None if status.exposing is None else dict(zip(_EXPOSING, status.exposing, strict=True)),
            "mirror_waits_ns": status.mirror_waits_ns,
            "sync": None if status.sync is None else asdict(status.sync),
        }

    def _line(self, line: Line) -> str:
        try:
            return "closed" if self._closed(line) else "open"
        except HardwareError:  # the fault says what happened to the chip
            return "unknown"

    def _run(self) -> object:
        run = self._engine.status().run
        return None if run is None else {**asdict(run), "ends_at": self._ends_at(run.ends_in_ns)}

    def _ends_at(self, ends_in_ns: int | None) -> str | None:
        """Return the time of day at which a run ends; None if it has no end, or the clock is not trusted."""
        return (
            None
            if ends_in_ns is None
            else time_of_day.time_in(ends_in_ns, self._engine.wall.sample(), self._engine.zone)
        )

    def _plan(self, columns: int | None = None, picture: bool = False) -> object:
        """Return the plan. A ramp, and a picture, take long on a Pi: another thread plans them, and main goes on."""
        setup, clock = self._engine.setup, self._engine.clock_reading()

        def plan(_: Pause) -> object:
            from controller.plan.exposures import DRAWN_FRAMES  # noqa: PLC0415 - a start is faster without it
            from controller.plan.planning import plan_frame  # noqa: PLC0415 - the same
            from controller.plan.text import WIDEST, as_reply  # noqa: PLC0415 - the same

            planned = plan_frame(setup, clock, DRAWN_FRAMES)
            reply = as_reply(planned, clock, columns=columns or WIDEST)
            if picture:
                from controller.plan.picture import draw_for_phone  # noqa: PLC0415 - the same

                reply["svg"] = draw_for_phone(planned, clock)
            return reply

        return Deferred(plan) if picture or setup.settings.shot.ramp else plan(no_pause)

    def _log(self, run: int | None = None, columns: int | None = None, picture: bool = False) -> Deferred:
        path = self._box.journal
        if path is None:
            raise CommandError("refused", "a simulation keeps no journal")
        zone = self._engine.store.current.site.timezone

        def read(pause: Pause) -> object:
            from controller.journal.command import brief  # noqa: PLC0415 - a start is faster without it
            from controller.journal.text import WIDEST  # noqa: PLC0415 - the same

            box_zone = zone_or(zone, machine_zone())
            reply = brief(path, run, box_zone, pause, columns or WIDEST)
            if picture and run is not None:
                from controller.journal.command import drawn  # noqa: PLC0415 - the same

                reply["svg"] = drawn(path, run, box_zone, pause)
            return reply

        return Deferred(read)

    def _cameras(self, profile: str | None = None) -> Deferred:
        """Return which profiles there are, or the facts of one; never all of them, which would take a second."""
        known = self._engine.store.cameras

        def read(_: Pause) -> object:
            try:
                return cameras.index(known) if profile is None else cameras.facts(known, profile)
            except ConfigError as error:
                word = "value" if profile is None or profile in known.ids() else "unknown"
                raise CommandError(word, "; ".join(error.faults)) from error

        return Deferred(read)
