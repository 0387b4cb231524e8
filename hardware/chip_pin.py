"""One pin of the chip, with gpiozero's interface. Knows one kernel line: its function, pull, level and edges.

A line is requested once its configuration is complete: an output with its level, an input with its pull. gpiozero
sets "input" before it sets the pull, so nothing is requested in between.
"""

from datetime import timedelta
from typing import Any

import gpiod
from gpiod.line import Bias, Clock, Direction, Edge, Value
from gpiozero import exc
from gpiozero.pins.local import LocalPiPin

from hardware.chip_find import EdgesMissedError, board_pull, reset_pull
from hardware.errors import HardwareError

BATCH = 64  # events per read; the kernel keeps the rest until the next dispatch
KERNEL_EVENTS = 256  # events that the kernel keeps for each line; its default is 16
SEQNO_MASK = 0xFFFF_FFFF  # the kernel counts with 32 bits

UNKNOWN = "unknown"  # the pull until somebody chooses one
BIASES = {UNKNOWN: Bias.AS_IS, "floating": Bias.DISABLED, "up": Bias.PULL_UP, "down": Bias.PULL_DOWN}
EDGES = {"none": Edge.NONE, "rising": Edge.RISING, "falling": Edge.FALLING, "both": Edge.BOTH}
RISING = gpiod.EdgeEvent.Type.RISING_EDGE


class ChipPin(LocalPiPin):
    """A pin of a ChipFactory."""

    _when_changed: Any  # gpiozero's: a weak reference to the handler

    def __init__(self, factory: Any, info: Any) -> None:
        super().__init__(factory, info)
        number: int = self._number
        self._low, self._high = {number: Value.INACTIVE}, {number: Value.ACTIVE}
        self._request: Any = None
        self._forget_settings()

    def _forget_settings(self) -> None:
        self._function: str | None = None
        self._pull = UNKNOWN  # unlike any pull a device wants, so the device sets it
        self._bounce: float | None = None
        self._edges = "both"
        self._is_detecting = False
        self._seqno = 0  # of the latest event; the kernel starts at 1 for each request
        self._missed = 0
        self._reported: bool | None = None  # the level last reported
        self._reread_ns = 0

    def close(self) -> None:
        """Release the line as an input: a Pi's kernel would go on driving an output. Idempotent."""
        self._when_changed = None
        with self._when_changed_lock:
            request, self._request = self._request, None
            if request is not None:
                self.factory.unwatch(request.fd)
                if self._function == "output":
                    self._turn_into_input(request)
                request.release()
        self._forget_settings()

    def _turn_into_input(self, request: Any) -> None:
        bias = BIASES[reset_pull(self._number)]
        try:
            request.reconfigure_lines({self._number: gpiod.LineSettings(direction=Direction.INPUT, bias=bias)})
        except OSError as error:
            self.factory.on_error(self._explain(error))

    # -- function, level and pull

    def output_with_state(self, state: Any) -> None:
        """Make the pin an output; it has this level from the first moment."""
        if self._request is not None and self._function == "output":
            self._set_state(state)
        else:
            self._become_output(state)

    def _become_output(self, state: Any) -> None:
        value = Value.ACTIVE if state else Value.INACTIVE
        self._configure(gpiod.LineSettings(direction=Direction.OUTPUT, output_value=value))
        self._function, self._pull = "output", UNKNOWN

    def _get_function(self) -> str:
        return self._function or str(self.factory.direction(self._number))

    def _set_function(self, value: str) -> None:
        if value == "output":
            self._become_output(self._get_state())
        elif value == "input":
            self._function = "input"
            if self._request is not None:
                self._configure_input()
        else:
            raise exc.PinInvalidFunction(f'function of {self!r} can be "input" or "output", not "{value}"')

    def _get_state(self) -> bool:
        if self._request is None:
            self._request_as_is()
        try:
            return self._request.get_value(self._number) is Value.ACTIVE
        except OSError as error:
            raise self._explain(error) from None

    def _request_as_is(self) -> None:
        """Request a line only to read its level; an output that another process left driven stays driven."""
        self._function = self._get_function()
        if self._function == "output":
            self._configure(gpiod.LineSettings(direction=Direction.AS_IS))
        else:
            self._configure_input()

    def _set_state(self, value: Any) -> None:  # takes no lock: a signal handler may open the lines
        request = self._request
        if request is None or self._function != "output":
            raise exc.PinSetInput(f"cannot set state of pin {self!r}")
        try:
            request.set_values(self._high if value else self._low)
        except OSError as error:
            raise self._explain(error) from None

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, value: str) -> None:
        if self.function != "input":
            raise exc.PinFixedPull(f"cannot set pull on non-input pin {self!r}")
        if value not in {"floating", "up", "down"}:
            raise exc.PinInvalidPull(f'pull of {self!r} can be "up", "down" or "floating", not "{value}"')
        if board_pull(self) not in {"", value}:
            raise exc.PinFixedPull(f"{self!r} has a physical pull-{board_pull(self)} resistor")
        self._function, self._pull = "input", value
        self._configure_input()

    def _configure_input(self) -> None:
        settings = gpiod.LineSettings(direction=Direction.INPUT, bias=BIASES[self._pull], event_clock=Clock.MONOTONIC)
        if self._is_detecting:
            settings.edge_detection = EDGES[self._edges]
            settings.debounce_period = timedelta(seconds=self._bounce or 0)
        self._configure(settings)

    def _configure(self, settings: gpiod.LineSettings) -> None:
        with self._when_changed_lock:
            if self._request is None:
                self._request = self.factory.request_line(self, self._number, settings)
                return
            try:
                self._request.reconfigure_lines({self._number: settings})
            except OSError as error:
                raise self._explain(error) from None

    def _explain(self, error: OSError) -> Any:
        return self.factory.explain(self, self._number, error)

    # -- edges

    def _get_bounce(self) -> float | None:
        return self._bounce

    def _set_bounce(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise exc.PinInvalidBounce("bounce must be 0 or greater")
        self._bounce = value or None
        self._apply_detection()

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, value: str) -> None:
        if value not in EDGES:
            raise exc.PinInvalidEdges(f'edges of {self!r} can be {", ".join(EDGES)}, not "{value}"')
        self._edges = value
        self._apply_detection()

    def _apply_detection(self) -> None:
        if self._is_detecting:
            self._configure_input()

    def _enable_event_detect(self) -> None:
        if self._function == "output":
            self._when_changed = None
            raise exc.PinEdgeDetectUnsupported(f"{self!r} is an output; only an input has edges to report")
        self._function, self._is_detecting = "input", True
        try:
            self._configure_input()
        except HardwareError:
            self._when_changed, self._is_detecting = None, False
            raise
        self.factory.watch(self, self._request.fd)

    def _disable_event_detect(self) -> None:
        self._is_detecting = False
        self.factory.unwatch(self._request.fd)
        self._configure_input()
        while self._read():  # drop edges from before the next handler
            pass
        self._missed = 0

    def report_edges(self) -> None:
        """Report a batch of edges to the handler; errors go to the factory's `on_error`.

        If the kernel dropped some, report all that it still has, and then the level of the line now.
        """
        request = self._request
        try:
            for _ in range(KERNEL_EVENTS // BATCH + 1):  # a limit: a line may change faster than we read
                events = self._read()
                if not all(self._report_event(event, request) for event in events) or not self._missed:
                    return
                if len(events) < BATCH:
                    self._report_level()
        except OSError as error:
            self.factory.unwatch(request.fd)  # the descriptor would stay readable for ever
            self.factory.on_error(error if isinstance(error, HardwareError) else self._explain(error))

    def _read(self) -> list[Any]:
        """Read a batch of events, without blocking, and count those that the kernel dropped."""
        with self._when_changed_lock:
            try:
                events: list[Any] = self._request.read_edge_events(BATCH) if self._request else []
            except BlockingIOError:
                return []
        for event in events:
            self._missed += (event.line_seqno - self._seqno - 1) & SEQNO_MASK
            self._seqno = event.line_seqno
        return events

    def _report_event(self, event: Any, request: Any) -> bool:
        """Report an event; returns False if the handler closed the pin, so that the next event has no handler."""
        level = event.event_type is RISING
        if level is not self._reported or event.timestamp_ns > self._reread_ns:  # else the reread level covers it
            self._report(event.timestamp_ns, level)
        return self._request is request and self._when_changed is not None

    def _report(self, ticks: int, level: bool) -> None:
        reference, self._reported = self._when_changed, level
        handler = reference and reference()
        try:
            if handler is not None:
                handler(ticks, level)
            elif reference is not None:
                self.when_changed = None
                sentence = f"{self!r} has lost its handler: when_changed does not keep it alive, so you must"
                self.factory.on_error(HardwareError(sentence))
        except Exception as error:  # noqa: BLE001 - a failing handler must not cost the rest of the batch
            self.factory.on_error(error)

    def _report_level(self) -> None:
        """Report a gap in the events, and the level now if it differs from the last one reported."""
        missed, self._missed = self._missed, 0
        level, self._reread_ns = self._get_state(), self.factory.ticks()
        now = f"it is {'high' if level else 'low'} now"
        self.factory.on_error(EdgesMissedError(f"{self!r} changed {missed} times more than could be read; {now}"))
        if level is not self._reported:
            self._report(self._reread_ns, level)
