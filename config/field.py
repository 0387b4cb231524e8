"""One setting: how it is declared, and which values it accepts.

Knows kinds and bounds; knows neither the other settings nor files.
"""

import dataclasses
from typing import Any, TypeVar, cast

from config.errors import ConfigError
from config.kinds import DEGREE_UDEG, KINDS, UNSET, Value, in_sentence
from config.ramp import EXAMPLE as RAMP
from config.ramp import MOST as MOST_KEYS
from config.ramp import Key
from config.record import dataclass
from config.steps import EXAMPLE as STEPS
from config.steps import MOST as MOST_STEPS
from config.steps import Step
from config.units import parse_duration
from config.when import AT_ONCE, ENDS, NONE, STARTS, When

T = TypeVar("T")

_NUMBERS = ("int", "pin")
_RANGED = (*_NUMBERS, "duration", "durations")  # kinds whose own error message cannot name the range


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as declared. Bounds and choices apply to the internal value (nanoseconds for durations).

    `suggested` holds common values for completion. `longest` is the largest number of members of a list, 0 for a
    setting that is not a list. `in_run`: cannot be changed during a run. `restart`: takes effect at the next start.
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
        """Return the value of a text typed at the console; ConfigError naming key, value and remedy if invalid."""
        try:
            value = KINDS[self.kind].read(text, self.choices)
        except ConfigError as error:
            remedy = f"; choose from {self.allowed()}" if self.kind in _RANGED else ""
            raise ConfigError(f"{self.key}: {error}{remedy}") from None
        return self._bounded(value)

    def check(self, raw: object) -> Value:
        """Return the value of what a TOML file holds; ConfigError as for `parse`, and for a wrong type."""
        kind = KINDS[self.kind]
        if isinstance(raw, str) and kind.is_text_in_toml:
            return self.parse(raw)
        if type(raw) not in kind.native_types:  # not isinstance: true is an int
            remedy = f"write it like {self.literal(self.default)}"
            raise ConfigError(f"{self.key}: {in_sentence(raw)} is not {kind.wanted}; {remedy}")
        return self._bounded(cast("Value", raw))

    def format(self, value: Value) -> str:
        """Return the text of a value, as the console shows it and `parse` reads it back."""
        return KINDS[self.kind].show(value)

    def literal(self, value: Value) -> str:
        """Return the value as written in a TOML file, in quotes where TOML needs them."""
        text = self.format(value)
        return text if isinstance(value, KINDS[self.kind].native_types) else f'"{text}"'

    def allowed(self) -> str:
        """Return the accepted values in words: a range like `100ms to 24h`, a list of words, or both."""
        if self.kind == "model":
            return f"the name of a camera, like D850, or {UNSET}"
        if self.minimum is None or self.maximum is None:
            return ", ".join(self.choices)
        least, most = self._format_one(self.minimum), self._format_one(self.maximum)
        words = (word for word in self.choices if word != least)
        length_limit = f"up to {self.longest} of " if self.longest else ""
        return ", ".join((f"{length_limit}{least} to {most}", *words))

    def _bounded(self, value: Value) -> Value:
        if not isinstance(value, tuple):
            return self._one_bounded(value)
        if len(value) > self.longest:
            raise ConfigError(f"{self.key}: {len(value)} are too many; choose {self.allowed()}")
        for member in value:
            self._one_bounded(cast("Value", member))
        return value

    def _one_bounded(self, value: Value) -> Value:
        if isinstance(value, int) and self.minimum is not None and value < self.minimum:
            raise ConfigError(self._outside(value, "below", self.minimum))
        if isinstance(value, int) and self.maximum is not None and value > self.maximum:
            raise ConfigError(self._outside(value, "above", self.maximum))
        return value

    def _outside(self, value: int, where: str, bound: int) -> str:
        text = in_sentence(value) if self.kind in _NUMBERS else self._format_one(value)
        return f"{self.key}: {text} is {where} {self._format_one(bound)}; choose from {self.allowed()}"

    def _format_one(self, value: int) -> str:
        """Return the text of one value, or of one member of a list."""
        return self.format((value,) if self.longest else value)


def choice(default: str, choices: tuple[str, ...], help_text: str, **flags: bool) -> str:
    """Declare a setting that is one of several words."""
    return _declare(default, "choice", help_text, choices=choices, **flags)


def camera(default: str, shipped: tuple[str, ...], help_text: str, **flags: bool) -> str:
    """Declare a setting that is the id of a camera profile; a box may have profiles beyond the shipped ones."""
    return _declare(default, "camera", help_text, choices=shipped, **flags)


def model(help_text: str, **flags: bool) -> str | None:
    """Declare a setting that is the name of a camera body, or None."""
    return _declare(None, "model", help_text, choices=(UNSET,), **flags)


def duration(
    default: str, minimum: str, maximum: str, help_text: str, *, suggested: tuple[str, ...] = (), **flags: bool
) -> int:
    """Declare a setting in nanoseconds; its attribute ends in `_ns`, its key does not."""
    bounds = {"minimum": parse_duration(minimum), "maximum": parse_duration(maximum)}
    return _declare(parse_duration(default), "duration", help_text, suggested=suggested, **bounds, **flags)


def durations(minimum: str, maximum: str, longest: int, help_text: str, **flags: bool) -> tuple[int, ...]:
    """Declare a list of durations in nanoseconds, at most `longest` of them; the default is an empty list."""
    bounds = {"minimum": parse_duration(minimum), "maximum": parse_duration(maximum)}
    none: tuple[int, ...] = ()
    return _declare(none, "durations", help_text, longest=longest, choices=(NONE,), **bounds, **flags)


def ramp(help_text: str, **flags: bool) -> tuple[Key, ...]:
    """Declare the keys of an exposure ramp; the default is none."""
    none: tuple[Key, ...] = ()
    return _declare(none, "ramp", help_text, longest=MOST_KEYS, choices=(NONE, RAMP), **flags)


def steps(help_text: str, **flags: bool) -> tuple[Step, ...]:
    """Declare hand-steps; the default is none."""
    none: tuple[Step, ...] = ()
    return _declare(none, "steps", help_text, longest=MOST_STEPS, choices=(NONE, STEPS), **flags)


def start(help_text: str, **flags: bool) -> When:
    """Declare when something starts; the default is now."""
    return _declare(AT_ONCE, "start", help_text, choices=STARTS, **flags)


def end(help_text: str, **flags: bool) -> When | None:
    """Declare when something ends, as an instant or a time after its start; the default is none."""
    none: When | None = None
    return _declare(none, "end", help_text, choices=ENDS, **flags)


def angle(kind: str, most: int, help_text: str, **flags: bool) -> int | None:
    """Declare a latitude or longitude from -`most` to `most` degrees, in millionths of a degree, or unset.

    Its attribute ends in `_udeg`, its key does not.
    """
    bounds = {"minimum": -most * DEGREE_UDEG, "maximum": most * DEGREE_UDEG}
    unset: int | None = None
    return _declare(unset, kind, help_text, choices=(UNSET,), **bounds, **flags)


def zone(help_text: str, **flags: bool) -> str | None:
    """Declare a setting that is the name of a time zone, or unset."""
    unset: str | None = None
    return _declare(unset, "zone", help_text, choices=(UNSET, "UTC", "Europe/Zurich"), **flags)


def integer(default: int, minimum: int, maximum: int, help_text: str, **flags: bool) -> int:
    """Declare a setting that is a whole number."""
    return _declare(default, "int", help_text, minimum=minimum, maximum=maximum, **flags)


def pin(default: int | None, help_text: str) -> int | None:
    """Declare the pin of an optional part: a BCM number, or unset."""
    return _declare(default, "pin", help_text, minimum=0, maximum=27, choices=(UNSET,), restart=True)


def switch(default: bool, help_text: str, **flags: bool) -> bool:
    """Declare a setting that is true or false."""
    return _declare(default, "bool", help_text, choices=("true", "false"), **flags)


def statement(help_text: str, **flags: bool) -> bool | None:
    """Declare a yes/no fact that only the photographer knows: true, false, or unset."""
    default: bool | None = None
    return _declare(default, "statement", help_text, choices=("true", "false", UNSET), **flags)


def _declare(default: T, kind: str, help_text: str, **rest: object) -> T:
    return dataclasses.field(default=default, metadata={"kind": kind, "help": help_text, **rest})


def field_of(section: str, attribute: "dataclasses.Field[Any]") -> Field:
    """Return the setting that one dataclass field of a section declares."""
    declaration = attribute.metadata
    tail = attribute.name.removesuffix("_ns").removesuffix("_udeg")
    return Field(
        key=f"{section}.{tail}",
        section=section,
        name=attribute.name,
        kind=declaration["kind"],
        default=cast("Value", attribute.default),
        minimum=declaration.get("minimum"),
        maximum=declaration.get("maximum"),
        choices=declaration.get("choices", ()),
        help=declaration["help"],
        in_run=declaration.get("in_run", False),
        restart=declaration.get("restart", False),
        suggested=declaration.get("suggested", ()),
        longest=declaration.get("longest", 0),
    )
