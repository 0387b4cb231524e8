"""The virtual body's mirror: one press raises it, the next exposure or a time-out lowers it. Knows no contacts."""

from config.cameras import Profile
from config.profile import MirrorUp
from hardware.clock import SECOND_NS
from hardware.virtual.agenda import Agenda, Due

BY_PRESSES = ("press-press", "user-asked")  # the kinds of mirror that one press raises and the next one lowers
TIMEOUT_NS = 30 * SECOND_NS  # Canon [three sources] and Nikon [one]; assumed if a profile gives none


class Mirror:
    """Up between two presses. After the time-out it goes down, with an exposure if `exposes_on_timeout`."""

    def __init__(self, agenda: Agenda, profile: Profile) -> None:
        rules: MirrorUp | None = profile.mirror_up
        self.can_be_raised = rules is not None and rules.kind in BY_PRESSES
        self.exposes_on_timeout = rules is not None and rules.on_timeout == "exposes"  # else it drops (assumed)
        self.is_up = False
        self._agenda = agenda
        self._timeout_ns = (rules.timeout_ns if rules is not None else None) or TIMEOUT_NS
        self._must_release = rules is not None and rules.must_release_between
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
