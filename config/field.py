"""One setting: its declaration, and what may be written for it.

Knows kinds and bounds; knows neither the other settings nor files.
"""

import dataclasses
from typing import Any, TypeVar, cast

from config.errors import ConfigError
from config.kinds import DEGREE_UDEG, KINDS, UNSET, Value, shown
from config.record import dataclass
from config.units import parse_duration
from config.when import AT_ONCE, ENDS, NONE, STARTS, When

T = TypeVar("T")

_NUMBERS = ("int", "pin")
_RANGED = (*_NUMBERS, "duration", "durations")  # kinds that do not know their range


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as declared; its bounds and choices are those of the value inside (`_ns` for durations).

    `suggested` are values that come to mind, for completion. A list has at most `longest` members.
    """

    key: str
    section: str
    name: str
    kind: str
    default: Value
    minimum: int | None
    maximum: int | None
    choices: tuple[str, ...]
    help: str
    in_run: bool
    restart: bool
    suggested: tuple[str, ...]
    longest: int

    def parse(self, text: str) -> Value:
        """The value of a console's text; ConfigError naming key, value, rule and remedy if it has none."""
        try:
            value = KINDS[self.kind].read(text, self.choices)
        except ConfigError as error:
            remedy = f"; choose from {self.allowed()}" if self.kind in _RANGED else ""  # the others bring theirs
            raise ConfigError(f"{self.key}: {error}{remedy}") from None
        return self._bounded(value)

    def check(self, raw: object) -> Value:
        """The value of what a TOML file holds; ConfigError as `parse`, and for a wrong type."""
        kind = KINDS[self.kind]
        if isinstance(raw, str) and kind.takes_text:
            return self.parse(raw)
        if type(raw) not in kind.natives:  # exactly: true is no number
            remedy = f"write it like {self.literal(self.default)}"
            raise ConfigError(f"{self.key}: {shown(raw)} is not {kind.wanted}; {remedy}")
        return self._bounded(cast("Value", raw))

    def format(self, value: Value) -> str:
        """The text of a value, as the console shows and `parse` reads it."""
        return KINDS[self.kind].show(value)

    def literal(self, value: Value) -> str:
        """The value as a TOML file writes it, in quotes where it takes them."""
        text = self.format(value)
        return text if isinstance(value, KINDS[self.kind].natives) else f'"{text}"'

    def allowed(self) -> str:
        """What may be chosen: `100ms to 24h`, the words, or both."""
        if self.minimum is None or self.maximum is None:
            return ", ".join(self.choices)
        least, most = self._format_one(self.minimum), self._format_one(self.maximum)
        words = (word for word in self.choices if word != least)
        each = f"up to {self.longest} of " if self.longest else ""
        return ", ".join((f"{each}{least} to {most}", *words))

    def _bounded(self, value: Value) -> Value:
        if not isinstance(value, tuple):
            return self._one_bounded(value)
        if len(value) > self.longest:
            raise ConfigError(f"{self.key}: {len(value)} are too many; choose {self.allowed()}")
        for each in value:
            self._one_bounded(each)
        return value

    def _one_bounded(self, value: Value) -> Value:
        if isinstance(value, int) and self.minimum is not None and value < self.minimum:
            raise ConfigError(self._outside(value, "below", self.minimum))
        if isinstance(value, int) and self.maximum is not None and value > self.maximum:
            raise ConfigError(self._outside(value, "above", self.maximum))
        return value

    def _outside(self, value: int, where: str, bound: int) -> str:
        text = shown(value) if self.kind in _NUMBERS else self._format_one(value)
        return f"{self.key}: {text} is {where} {self._format_one(bound)}; choose from {self.allowed()}"

    def _format_one(self, value: int) -> str:
        """The text of one value, of a list too."""
        return self.format((value,) if self.longest else value)


def choice(default: str, choices: tuple[str, ...], what: str, **flags: bool) -> str:
    """Declare a setting that is one of several words."""
    return _declare(default, "choice", what, choices=choices, **flags)


def camera(default: str, shipped: tuple[str, ...], what: str, **flags: bool) -> str:
    """Declare a setting that is the id of a camera profile; a box may have others than those shipped."""
    return _declare(default, "camera", what, choices=shipped, **flags)


def duration(
    default: str, minimum: str, maximum: str, what: str, *, suggested: tuple[str, ...] = (), **flags: bool
) -> int:
    """Declare a setting in nanoseconds; its attribute ends in `_ns`, its key does not."""
    bounds = {"minimum": parse_duration(minimum), "maximum": parse_duration(maximum)}
    return _declare(parse_duration(default), "duration", what, suggested=suggested, **bounds, **flags)


def durations(minimum: str, maximum: str, longest: int, what: str, **flags: bool) -> tuple[int, ...]:
    """Declare a list of durations in nanoseconds, of at most `longest`; there are none unless said."""
    bounds = {"minimum": parse_duration(minimum), "maximum": parse_duration(maximum)}
    none: tuple[int, ...] = ()
    return _declare(none, "durations", what, longest=longest, choices=(NONE,), **bounds, **flags)


def start(what: str, **flags: bool) -> When:
    """Declare a setting that is when something starts; the default is now."""
    return _declare(AT_ONCE, "start", what, choices=STARTS, **flags)


def end(what: str, **flags: bool) -> When | None:
    """Declare a setting that is when something ends, or how long after its start; there is none unless said."""
    none: When | None = None
    return _declare(none, "end", what, choices=ENDS, **flags)


def degrees(most: int, what: str, **flags: bool) -> int | None:
    """Declare an angle of up to `most` degrees either way, in millionths of a degree, or unset.

    Its attribute ends in `_udeg`, its key does not.
    """
    bounds = {"minimum": -most * DEGREE_UDEG, "maximum": most * DEGREE_UDEG}
    unset: int | None = None
    return _declare(unset, "degrees", what, choices=(UNSET,), **bounds, **flags)


def zone(what: str, **flags: bool) -> str | None:
    """Declare a setting that is the name of a time zone, or unset."""
    unset: str | None = None
    return _declare(unset, "zone", what, choices=(UNSET, "UTC", "Europe/Zurich"), **flags)


def whole(default: int, minimum: int, maximum: int, what: str, **flags: bool) -> int:
    """Declare a setting that is a whole number."""
    return _declare(default, "int", what, minimum=minimum, maximum=maximum, **flags)


def pin(default: int | None, what: str) -> int | None:
    """Declare the pin of something a box can do without: a BCM number, or unset."""
    return _declare(default, "pin", what, minimum=0, maximum=27, choices=(UNSET,), restart=True)


def switch(default: bool, what: str, **flags: bool) -> bool:
    """Declare a setting that is true or false."""
    return _declare(default, "bool", what, choices=("true", "false"), **flags)


def statement(what: str, **flags: bool) -> bool | None:
    """Declare something only the photographer can say: true, false, or not said yet."""
    default: bool | None = None
    return _declare(default, "statement", what, choices=("true", "false", UNSET), **flags)


def _declare(default: T, kind: str, what: str, **rest: object) -> T:
    return dataclasses.field(default=default, metadata={"kind": kind, "help": what, **rest})


def declared(section: str, attribute: "dataclasses.Field[Any]") -> Field:
    """The setting that one dataclass field of a section declares."""
    said = attribute.metadata
    tail = attribute.name.removesuffix("_ns").removesuffix("_udeg")
    return Field(
        key=f"{section}.{tail}",
        section=section,
        name=attribute.name,
        kind=said["kind"],
        default=cast("Value", attribute.default),
        minimum=said.get("minimum"),
        maximum=said.get("maximum"),
        choices=said.get("choices", ()),
        help=said["help"],
        in_run=said.get("in_run", False),
        restart=said.get("restart", False),
        suggested=said.get("suggested", ()),
        longest=said.get("longest", 0),
    )
