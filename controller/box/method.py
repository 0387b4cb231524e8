"""A method of the control protocol, as data: one row for each."""

import sys
from collections.abc import Callable
from importlib import import_module

from config.record import dataclass
from config.units import did_you_mean
from controller.box.stamps import STAMPS
from controller.errors import BadParamsError

Handler = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its handler, and the types of the parameters it must and may have.

    `touches_core` is false for a method that only reads, or writes nothing but files: whatever goes wrong in it
    leaves neither the lines nor the core in doubt. `moves`: it may move a contact, so it can have stamps;
    `only_opens`: it can do no more than open contacts. `imports` are modules that the handler needs and a start does
    without; another thread than main imports them.
    """

    handler: Handler
    needs: dict[str, type]
    takes: dict[str, type]
    touches_core: bool = True
    moves: bool = False
    only_opens: bool = False
    imports: tuple[str, ...] = ()

    @property
    def lacks_imports(self) -> bool:
        """Whether a module that the handler needs is not imported yet."""
        return any(name not in sys.modules for name in self.imports)

    def run_imports(self) -> None:
        """Import what the handler needs; not for main while it serves."""
        for name in self.imports:
            import_module(name)

    def check(self, name: str, params: dict[str, object]) -> None:
        """Raise BadParamsError unless this method, called `name`, can be called with these parameters."""
        known = self.needs | self.takes | (STAMPS if self.moves else {})
        for key, value in params.items():
            if key not in known:
                raise BadParamsError("usage", f'{name} takes no "{key}"{did_you_mean(key, known)}')
            if type(value) is not known[key]:
                raise BadParamsError("usage", f"{name}: {key} must be of type {known[key].__name__}")
        missing = [key for key in self.needs if key not in params]
        if missing:
            raise BadParamsError("usage", f"{name} needs {' and '.join(missing)}")


def reading(handler: Handler, takes: dict[str, type] | None = None, imports: tuple[str, ...] = ()) -> Method:
    """Return the row of a method that only reads."""
    return Method(handler, {}, takes or {}, touches_core=False, imports=imports)


def writing(
    handler: Handler,
    needs: dict[str, type],
    takes: dict[str, type] | None = None,
    imports: tuple[str, ...] = (),
) -> Method:
    """Return the row of a method that writes files, but does not touch the core."""
    return Method(handler, needs, takes or {}, touches_core=False, imports=imports)
