"""`dataclass` as in the standard library, for classes that take a quarter of the time to make. Knows no field of any.

The standard decorator has the compiler make six functions or more for each frozen class, which for all of ours was a
third of the daemon's start (docs/decisions/0018). Here only `__init__` is compiled, the rest is shared. To the type
checker it *is* the standard one.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - it is here to be imported from here
else:

    def dataclass(*, frozen: bool = False, slots: bool = False) -> Callable[[type], type]:
        """Return the decorator: equal, printed, and with `frozen` hashed and not to be changed, as the standard's.

        `fields`, `replace`, `asdict` and `match` know its classes. What it does not offer, it does not take.
        """

        def decorate(plain: type) -> type:
            cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(plain)
            values = _values_of(cls)
            added = {"__init__": _init_of(cls), "__repr__": _told, "__eq__": _equality(values), "__hash__": None}
            if frozen:
                added |= {"__hash__": lambda self: hash(values(self)), "__reduce__": _reduced}
                added |= {"__setattr__": _no_setting, "__delattr__": _no_deleting}
            for name, method in added.items():
                if name not in plain.__dict__:
                    setattr(cls, name, method)
            return cls

        return decorate


def _values_of(cls: type) -> Callable[[Any], Any]:
    """Return what gives the values of the fields that are compared: one, or a tuple."""
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    return attrgetter(*names) if names else lambda _: ()


def _init_of(cls: type) -> Callable[..., None]:
    """Compile `__init__`: it sets each slot by the slot's own descriptor, whatever the class says of setting."""
    known: dict[str, Any] = {"setattr": object.__setattr__}
    takes, does = ["self"], []
    for field in dataclasses.fields(cls):
        if not field.init:  # `__post_init__` sets it
            continue
        name, value = field.name, field.name
        if field.default is not dataclasses.MISSING:
            known[f"default_{name}"] = field.default
            takes.append(f"{name}=default_{name}")
        elif field.default_factory is not dataclasses.MISSING:
            known |= {f"make_{name}": field.default_factory, "MISSING": dataclasses.MISSING}
            takes.append(f"{name}=MISSING")
            value = f"make_{name}() if {name} is MISSING else {name}"
        else:
            takes.append(name)
        set_slot = getattr(cls.__dict__.get(name), "__set__", None)
        if set_slot is not None:
            known[f"set_{name}"] = set_slot
            does.append(f"set_{name}(self, {value})")
        else:
            does.append(f"setattr(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        does.append("self.__post_init__()")
    exec(f"def __init__({', '.join(takes)}): {'; '.join(does) or 'pass'}", known)  # noqa: S102 - of names of fields
    method: Callable[..., None] = known["__init__"]
    method.__qualname__ = f"{cls.__qualname__}.__init__"
    return method


def _equality(values: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def __eq__(self: Any, other: object) -> Any:  # noqa: N807 - it becomes the method of that name
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _told(self: Any) -> str:
    values = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(values)})"


def _reduced(self: Any) -> tuple[type, tuple[Any, ...]]:
    """Copy and pickle by what it was made of."""
    return type(self), tuple(getattr(self, field.name) for field in dataclasses.fields(self) if field.init)


def _no_setting(_self: Any, name: str, _value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deleting(_self: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
