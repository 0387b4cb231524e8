"""One pin of the chip, as gpiozero wants it. Knows one line of the kernel: its function, pull, level and edges.

A line is requested when it is known how, and then at once as it shall be: an output with its level, an input with
its pull. gpiozero says "input" before it says which pull; until then nothing happens.
"""

from datetime import timedelta
from typing import Any

import gpiod
from gpiod.line import Bias, Clock, Direction, Edge, Value
from gpiozero import exc
from gpiozero.pins.local import LocalPiPin

from hardware.chip_find import EdgesMissedError, board_pull, reset_pull
from hardware.errors import HardwareError

BATCH = 64  # events read at a time; what is more stays with the kernel until the next dispatch
KERNEL_EVENTS = 256  # kept for us by the kernel, of each line; unasked it would keep 16
SEQNO_MASK = 0xFFFF_FFFF  # the kernel counts in 32 bits

UNKNOWN = "unknown"  # what the pull is until somebody has chosen one
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
        self._pull = UNKNOWN  # so that a device finds it wrong and sets it
        self._bounce: float | None = None
        self._edges = "both"
        self._is_detecting = False
        self._seqno = 0  # of the latest event; the kernel counts from 1 for every request
        self._missed = 0
        self._told: bool | None = None
        self._reread_ns = 0

    def close(self) -> None:
        """Give the line back, as an input: a Pi's kernel would go on driving an output."""
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
            self.factory.on_error(self._refusal(error))

    # -- function, level and pull

    def output_with_state(self, state: Any) -> None:
        """Make it an output that has this level from its first moment."""
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
            self._take_as_it_is()
        try:
            return self._request.get_value(self._number) is Value.ACTIVE
        except OSError as error:
            raise self._refusal(error) from None

    def _take_as_it_is(self) -> None:
        """Request a line of which only the level is asked; one that another process left driven stays driven."""
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
            raise self._refusal(error) from None

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
                raise self._refusal(error) from None

    def _refusal(self, error: OSError) -> Any:
        return self.factory.refusal(self, self._number, error)

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
            raise exc.PinEdgeDetectUnsupported(f"{self!r} is an output; only an input has edges to tell")
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
        while self._read():  # what came before is not for the next handler
            pass
        self._missed = 0

    def report_edges(self) -> None:
        """Tell the edges that have come, a batch at most; what goes wrong goes to the factory's `on_error`.

        If some were lost, tell all that the kernel still has, and then the level that has come of it.
        """
        request = self._request
        try:
            for _ in range(KERNEL_EVENTS // BATCH + 1):  # bounded: a line may change faster than we read
                events = self._read()
                if not all(self._tell_event(event, request) for event in events) or not self._missed:
                    return
                if len(events) < BATCH:
                    self._tell_level_anew()
        except OSError as error:
            self.factory.unwatch(request.fd)  # it would be readable for ever
            self.factory.on_error(error if isinstance(error, HardwareError) else self._refusal(error))

    def _read(self) -> list[Any]:
        """Read a batch of events, without waiting, and count those that the kernel had to drop."""
        with self._when_changed_lock:
            try:
                events: list[Any] = self._request.read_edge_events(BATCH) if self._request else []
            except BlockingIOError:
                return []
        for event in events:
            self._missed += (event.line_seqno - self._seqno - 1) & SEQNO_MASK
            self._seqno = event.line_seqno
        return events

    def _tell_event(self, event: Any, request: Any) -> bool:
        """Tell an event; False if the handler has closed the pin, and the next is nobody's."""
        level = event.event_type is RISING
        if level is not self._told or event.timestamp_ns > self._reread_ns:  # else seen in the level already
            self._tell(event.timestamp_ns, level)
        return self._request is request and self._when_changed is not None

    def _tell(self, ticks: int, level: bool) -> None:
        reference, self._told = self._when_changed, level
        handler = reference and reference()
        try:
            if handler is not None:
                handler(ticks, level)
            elif reference is not None:
                self.when_changed = None
                lost = f"{self!r} has lost its handler: when_changed does not keep it alive, so you must"
                self.factory.on_error(HardwareError(lost))
        except Exception as trouble:  # noqa: BLE001 - one edge's trouble must not cost the rest of the batch
            self.factory.on_error(trouble)

    def _tell_level_anew(self) -> None:
        """After a gap in the events: say so, and tell the level the line has now, if that was not the last told."""
        missed, self._missed = self._missed, 0
        level, self._reread_ns = self._get_state(), self.factory.ticks()
        now = f"it is {'high' if level else 'low'} now"
        self.factory.on_error(EdgesMissedError(f"{self!r} changed {missed} times more than could be read; {now}"))
        if level is not self._told:
            self._tell(self._reread_ns, level)
