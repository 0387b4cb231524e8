"""How often somebody may do something: so many times a second, and as many at once. Pure; time is an argument."""

from collections import OrderedDict

_SECOND_NS = 1_000_000_000
_MOST_KEPT = 256  # who is not kept has all their turns, as somebody new has


class Rate:
    """At most `per_second` turns a second for each key; a second's turns can be taken at once."""

    def __init__(self, per_second: int) -> None:
        self._turn_ns = _SECOND_NS // per_second
        self._free_at_ns: OrderedDict[str | bytes, int] = (
            OrderedDict()
        )  # when all turns are there again; oldest first

    def take(self, key: str | bytes, now_ns: int) -> bool:
        """Take a turn; returns False if there is none left."""
        free_at_ns = max(self._free_at_ns.pop(key, now_ns), now_ns)
        may = free_at_ns + self._turn_ns <= now_ns + _SECOND_NS
        self._free_at_ns[key] = free_at_ns + self._turn_ns if may else free_at_ns
        if len(self._free_at_ns) > _MOST_KEPT:
            self._free_at_ns.popitem(last=False)
        return may

    def give_back(self, key: str | bytes) -> None:
        """Give back a turn that was taken and need not count."""
        if key in self._free_at_ns:
            self._free_at_ns[key] -= self._turn_ns
