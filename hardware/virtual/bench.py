"""The virtual bench itself: builds mock pins, thumb, camera and flash contact, and connects them.

It handles a change of an output pin through `post`, which runs calls in the bench's own thread: the player may write
the pins from a thread of its own.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hardware.clock import Clock
from hardware.lines import GpioLines
from hardware.timeline import Line
from hardware.virtual.camera import VirtualCamera
from hardware.virtual.flash import Flash, FlashContact
from hardware.virtual.pins import BenchFactory
from hardware.virtual.thumb import Thumb
from hardware.waveform import Change


class Bench:
    """Replaces the box's hardware and everything connected to it. Calls `on_change` for every edge of a line.

    With a `sync_pin` the camera's flash contact is connected to it; pass the camera's `on_open` calls to `flash`.
    """

    def __init__(
        self,
        clock: Clock,
        camera: VirtualCamera,
        line_pins: Mapping[Line, int],
        button_pins: Mapping[str, int],
        on_change: Callable[[Change], None],
        post: Callable[[Callable[[], None]], None],
        *,
        sync_pin: int | None = None,
        flash: Flash = Flash(),  # noqa: B008 - it is immutable
    ) -> None:
        self.camera = camera
        self.factory = BenchFactory(clock)
        self.lines = GpioLines(line_pins[Line.FOCUS], line_pins[Line.SHUTTER], self.factory)
        self.thumb = Thumb({name: self._switch(pin) for name, pin in button_pins.items()})
        self.flash = None if sync_pin is None else FlashContact(self._switch(sync_pin), flash)
        self._line_of = {self.factory.pin(pin): line for line, pin in line_pins.items()}
        self._on_change = on_change
        self._post = post
        self.factory.watcher = self._pin_changed

    def close(self) -> None:
        """Open both lines and release the pins."""
        self.lines.close()
        self.factory.close()

    def _switch(self, number: int) -> Any:
        """Return the pin of a contact to ground, pulled up, as it is once the box has claimed it."""
        pin = self.factory.pin(number)
        pin.function, pin.pull = "input", "up"
        return pin

    def _pin_changed(self, pin: Any, level: bool, at_ns: int) -> None:
        line = self._line_of.get(pin)
        if line is not None:
            self._post(partial(self._line_changed, Change(at_ns, line, level)))

    def _line_changed(self, change: Change) -> None:
        self._on_change(change)
        self.camera.line_changed(change.line, change.closed, change.at_ns)
