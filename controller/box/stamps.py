"""Commands over a doubtful link: refused if they arrive too late, or a second time.

A phone's request may wait in a network that is down, and be sent again. What moves a contact must not come as a
surprise: it carries the time until which it is wanted, by the box's own clock, and a name that is never used twice.
Knows no socket and no method.
"""

from config.units import format_duration
from controller.errors import BadParamsError, CommandError
from hardware.clock import MILLISECOND_NS

NOT_AFTER, ONCE = "not_after_ns", "id"
STAMPS: dict[str, type] = {NOT_AFTER: int, ONCE: str}
MOST_KEPT = 1024  # names; a repeat comes within seconds
_LONGEST = 64
# What a phone allows a command to take. One that is not wanted for longer after the start may have been carried out
# by the process before, which took the names along.
WINDOW_NS = 2000 * MILLISECOND_NS
_BEFORE = "the box has started again since this was pressed, so nothing was done; press again if you want it"


class Stamps:
    """Remembers the names of commands since `began_ns`; not thread-safe."""

    def __init__(self, began_ns: int) -> None:
        self._names: dict[str, None] = {}  # the oldest first
        self._began_ns = began_ns

    def admit(self, params: dict[str, object], now_ns: int, *, is_always_welcome: bool) -> dict[str, object]:
        """Return the parameters without the stamps, and remember the name.

        CommandError if the command is late at `now_ns`, or its name was used before; BadParamsError for an unusable
        name. A command that `is_always_welcome` is never refused: to open the contacts late or twice does no harm.
        """
        name, not_after_ns = params.get(ONCE), params.get(NOT_AFTER)
        rest = {key: value for key, value in params.items() if key not in STAMPS}
        if isinstance(name, str) and not 0 < len(name) <= _LONGEST:
            raise BadParamsError("usage", f"{ONCE} must have 1 to {_LONGEST} characters")
        if is_always_welcome:
            return rest
        if isinstance(not_after_ns, int) and now_ns > not_after_ns:
            late = format_duration(-(-(now_ns - not_after_ns) // MILLISECOND_NS) * MILLISECOND_NS)
            raise CommandError(
                "refused", f"this came {late} too late, so nothing was done; press again if you want it"
            )
        if isinstance(name, str) and isinstance(not_after_ns, int) and not_after_ns < self._began_ns + WINDOW_NS:
            raise CommandError("refused", _BEFORE)
        if isinstance(name, str):
            self._remember(name)
        return rest

    def _remember(self, name: str) -> None:
        if name in self._names:
            raise CommandError("refused", "this came a second time, and was answered already; nothing was done")
        self._names[name] = None
        if len(self._names) > MOST_KEPT:
            del self._names[next(iter(self._names))]
