"""The methods that tell and set the box's time of day, and tell when the sun rises and sets today."""

from typing import Any

from controller.box import time_of_day
from controller.box.deferred import Deferred
from controller.box.engine import Engine
from controller.box.method import Method, reading
from controller.core.instants import place_of
from controller.errors import CommandError


class ClockMethods:
    """Answers the methods `clock`, `clock.set` and `sun`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "clock": reading(self.read),
            "clock.set": Method(self.set, {"time": str}, {}),
            "sun": reading(self.sun),
        }

    def read(self) -> object:
        """Return the time of day at the box, and whether it is trusted."""
        return time_of_day.as_reply(self._engine.wall.sample(), self._engine.zone)

    def set(self, time: str) -> object:
        """Set the box's clock to a time that a person typed, or that a phone sent with its offset from UTC."""
        typed = time_of_day.parse_typed(time, self._engine.wall.sample(), self._engine.zone)
        self._engine.set_clock(typed.utc_ns)
        return time_of_day.as_reply(self._engine.wall.sample(), self._engine.zone, typed.remark)

    def sun(self) -> object:
        """Return when dawn, sunrise, sunset and dusk are today at the site, and whether the sun is down now."""
        place, sample = place_of(self._engine.store.current, self._engine.zone), self._engine.wall.sample()
        if place.site is None:
            raise CommandError("refused", "sun times need site.latitude and site.longitude; set them first")
        if not sample.is_trusted:
            raise CommandError("refused", "sun times need the date, and the box's clock is not set; set it first")

        def told(_: object) -> dict[str, Any]:
            from controller.core.sun_today import sun_today  # noqa: PLC0415 - most boxes never ask

            return sun_today(place, sample)

        return Deferred(told)
