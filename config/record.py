"""A `dataclass` decorator like the standard one that creates a class in a quarter of the time.

The standard decorator compiles six or more functions for each frozen class. For all our classes together that was a
third of the daemon's start-up time (docs/decisions/0018). This one compiles only `__init__` and shares the other
methods. Type checkers see the standard decorator.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - re-exported
else:

    def dataclass(*, frozen: bool = False, slots: bool = False) -> Callable[[type], type]:
        """Return the decorator; it adds equality and a repr, and with `frozen` hashing and immutability.

        `fields`, `replace`, `asdict` and `match` work with its classes. Other options of the standard decorator are
        not supported.
        """

        def decorate(plain: type) -> type:
            cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(plain)
            values = _values_of(cls)
            added = {"__init__": _init_of(cls), "__repr__": _repr, "__eq__": _equality(values), "__hash__": None}
            if frozen:
                added |= {"__hash__": lambda self: hash(values(self)), "__reduce__": _reduce}
                added |= {"__setattr__": _refuse_assignment, "__delattr__": _refuse_deletion}
            for name, method in added.items():
                if name not in plain.__dict__:
                    setattr(cls, name, method)
            return cls

        return decorate


def _values_of(cls: type) -> Callable[[Any], Any]:
    """Return a function that returns the compared field values of an object: a single value, or a tuple."""
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    return attrgetter(*names) if names else lambda _: ()


def _init_of(cls: type) -> Callable[..., None]:
    """Compile `__init__`; it sets each slot through the slot's descriptor, which works on frozen classes too."""
    namespace: dict[str, Any] = {"setattr": object.__setattr__}
    parameters, statements = ["self"], []
    for field in dataclasses.fields(cls):
        if not field.init:  # `__post_init__` sets it
            continue
        name, value = field.name, field.name
        if field.default is not dataclasses.MISSING:
            namespace[f"default_{name}"] = field.default
            parameters.append(f"{name}=default_{name}")
        elif field.default_factory is not dataclasses.MISSING:
            namespace |= {f"make_{name}": field.default_factory, "MISSING": dataclasses.MISSING}
            parameters.append(f"{name}=MISSING")
            value = f"make_{name}() if {name} is MISSING else {name}"
        else:
            parameters.append(name)
        set_slot = getattr(cls.__dict__.get(name), "__set__", None)
        if set_slot is not None:
            namespace[f"set_{name}"] = set_slot
            statements.append(f"set_{name}(self, {value})")
        else:
            statements.append(f"setattr(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        statements.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}): {'; '.join(statements) or 'pass'}", namespace)  # noqa: S102 - built from field names only
    method: Callable[..., None] = namespace["__init__"]
    method.__qualname__ = f"{cls.__qualname__}.__init__"
    return method


def _equality(values: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def __eq__(self: Any, other: object) -> Any:  # noqa: N807 - it becomes that method
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _repr(self: Any) -> str:
    values = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(values)})"


def _reduce(self: Any) -> tuple[type, tuple[Any, ...]]:
    """Copy and pickle through the arguments of `__init__`."""
    return type(self), tuple(getattr(self, field.name) for field in dataclasses.fields(self) if field.init)


def _refuse_assignment(_self: Any, name: str, _value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deletion(_self: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
