"""A method of the control protocol, as data: one row for each."""

from collections.abc import Callable

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
    `only_opens`: it can do no more than open contacts.
    """

    handler: Handler
    needs: dict[str, type]
    takes: dict[str, type]
    touches_core: bool = True
    moves: bool = False
    only_opens: bool = False

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


def reading(handler: Handler, takes: dict[str, type] | None = None) -> Method:
    """Return the row of a method that only reads."""
    return Method(handler, {}, takes or {}, touches_core=False)


def writing(handler: Handler, needs: dict[str, type], takes: dict[str, type] | None = None) -> Method:
    """Return the row of a method that writes files, but does not touch the core."""
    return Method(handler, needs, takes or {}, touches_core=False)
