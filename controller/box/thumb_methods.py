"""The methods that press the buttons of the virtual bench. There is no thumb on a real box."""

from collections.abc import Callable

from config.errors import ConfigError, quoted
from config.units import did_you_mean, format_duration, parse_duration
from controller.box.method import Method
from controller.core.events import Button
from controller.errors import CommandError
from hardware.virtual.thumb import TAP_NS, Thumb


class ThumbMethods:
    """Presses and releases buttons; `now_ns` reads the bench's clock."""

    def __init__(self, thumb: Thumb, now_ns: Callable[[], int]) -> None:
        self._thumb = thumb
        self._now_ns = now_ns

    def rows(self) -> dict[str, Method]:
        """Return the methods by name."""
        button: dict[str, type] = {"button": str}
        return {
            "thumb.press": Method(self.press, button, {}, moves=True),
            "thumb.release": Method(self.release, button, {}, moves=True),
            "thumb.tap": Method(self.tap, button, {}, moves=True),
            "thumb.hold": Method(self.hold, {**button, "duration": str}, {}, moves=True),
        }

    def press(self, button: str) -> object:
        """Press a button until `release`."""
        return self._press(button, None)

    def tap(self, button: str) -> object:
        """Press a button for as long as a tap takes."""
        return self._press(button, TAP_NS)

    def hold(self, button: str, duration: str) -> object:
        """Press a button for a time such as `400ms`."""
        try:
            return self._press(button, parse_duration(duration))
        except ConfigError as error:
            raise CommandError("value", f"hold: {error}") from error

    def release(self, button: str) -> object:
        """Let go of a button; CommandError if it is not pressed."""
        self._check(button)
        if not self._thumb.is_pressed(button):
            raise CommandError("refused", f"{button} is not pressed")
        self._thumb.release(button)
        return {"released": button}

    def _press(self, button: str, for_ns: int | None) -> object:
        self._check(button)
        if self._thumb.is_pressed(button):
            raise CommandError("refused", f"{button} is pressed already; release it first")
        self._thumb.press(button, None if for_ns is None else self._now_ns() + for_ns)
        return {"pressed": button, "for": None if for_ns is None else format_duration(for_ns)}

    def _check(self, button: str) -> None:
        names = [member.value for member in Button]
        if button not in names:
            hint = did_you_mean(button, names) or f"; choose from {', '.join(names)}"
            raise CommandError("unknown", f"no button {quoted(button)}{hint}")
