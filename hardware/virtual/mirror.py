"""The mirror of the virtual body: raised by one press, lowered by the next exposure or by time. Knows no contacts."""

from config.cameras import Profile
from config.profile import MirrorUp
from hardware.clock import SECOND_NS
from hardware.virtual.agenda import Agenda, Due

BY_PRESSES = ("press-press", "user-asked")  # the kinds whose mirror a press raises and the next one lowers
TIMEOUT_NS = 30 * SECOND_NS  # Canon [three texts] and Nikon [one]; assumed where a profile gives none


class Mirror:
    """Is up between two presses; goes down after the time-out, with an exposure if `exposes_on_timeout`."""

    def __init__(self, agenda: Agenda, profile: Profile) -> None:
        rules: MirrorUp | None = profile.mirror_up
        self.can_be_raised = rules is not None and rules.kind in BY_PRESSES
        self.exposes_on_timeout = rules is not None and rules.on_timeout == "exposes"  # else it drops: assumed
        self.is_up = False
        self._agenda = agenda
        self._timeout_ns = (rules.timeout_ns if rules is not None else None) or TIMEOUT_NS
        self._must_release = rules is not None and rules.must_release_between
        self._is_released = False

    @property
    def answers(self) -> bool:
        """A press does something: the mirror is down, or the contacts were open since it went up if they must."""
        return not self.is_up or self._is_released or not self._must_release

    def raise_up(self, at_ns: int) -> None:
        """Go up, and wait for the second press."""
        self.is_up, self._is_released = True, False
        self._agenda.put(Due.MIRROR_TIMES_OUT, at_ns + self._timeout_ns)

    def contacts_opened(self) -> None:
        """Both contacts are open."""
        self._is_released = True

    def stay_up(self) -> None:
        """The second press has come: the exposure is what lowers the mirror now."""
        self._agenda.drop(Due.MIRROR_TIMES_OUT)

    def lower(self) -> None:
        """Go down; a mirror that is down stays there."""
        self.is_up = False
        self._agenda.drop(Due.MIRROR_TIMES_OUT)
