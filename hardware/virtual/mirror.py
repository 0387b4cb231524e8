"""The virtual body's mirror: one press raises it, the next exposure or a time-out lowers it. Knows no contacts."""

from hardware.virtual.agenda import Agenda, Due
from hardware.virtual.quirks import MirrorQuirks


class Mirror:
    """Up between two presses, if there is one. After the time-out it goes down, perhaps with an exposure."""

    def __init__(self, agenda: Agenda, quirks: MirrorQuirks | None) -> None:
        self.can_be_raised = quirks is not None
        rules = quirks or MirrorQuirks()
        self.exposes_on_timeout = rules.exposes_on_timeout
        self.is_up = False
        self._agenda = agenda
        self._timeout_ns = rules.timeout_ns
        self._must_release = rules.must_release
        self._is_released = False

    @property
    def accepts_press(self) -> bool:
        """Whether a press has an effect: the mirror is down, or the contacts have opened since if they must."""
        return not self.is_up or self._is_released or not self._must_release

    def raise_up(self, at_ns: int) -> None:
        """Raise the mirror, which then waits for the second press."""
        self.is_up, self._is_released = True, False
        self._agenda.put(Due.MIRROR_TIMES_OUT, at_ns + self._timeout_ns)

    def contacts_opened(self) -> None:
        """Record that both contacts have opened."""
        self._is_released = True

    def stay_up(self) -> None:
        """Cancel the time-out: after the second press the exposure lowers the mirror."""
        self._agenda.drop(Due.MIRROR_TIMES_OUT)

    def lower(self) -> None:
        """Lower the mirror; idempotent."""
        self.is_up = False
        self._agenda.drop(Due.MIRROR_TIMES_OUT)
