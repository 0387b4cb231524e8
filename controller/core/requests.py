"""What the requests of clients mean: routes each to the part that decides about it. Decides nothing itself."""

from collections.abc import Callable

from controller.core.by_hand import ByHand
from controller.core.effects import Outbox, Refuse
from controller.core.events import Request, Requested
from controller.core.focusing import Focusing
from controller.core.launching import Launching
from controller.core.machine import StateMachine
from controller.core.running import Running
from controller.core.shooting import Shooting
from controller.core.states import Release
from controller.core.words import Reason


class Requests:
    """Carries out requests; `cut` opens both contacts, `clear_fault` ends a fault."""

    def __init__(
        self,
        outbox: Outbox,
        release: StateMachine[Release],
        focus: Focusing,
        shooting: Shooting,
        running: Running,
        launching: Launching,
        by_hand: ByHand,
        cut: Callable[[int], None],
        clear_fault: Callable[[str, int], None],
        refuses_focus: Callable[[], Reason | None],
    ) -> None:
        self._outbox = outbox
        self._release = release
        self._focus = focus
        self._shooting = shooting
        self._running = running
        self._launching = launching
        self._by_hand = by_hand
        self._cut = cut
        self._clear_fault = clear_fault
        self._refuses_focus = refuses_focus

    def handle(self, requested: Requested, now_ns: int) -> None:
        """Carry out a request, or refuse it."""
        match requested.request:
            case Request.FOCUS_HOLD | Request.FOCUS_RELEASE | Request.FOCUS_ACCEPT | Request.FOCUS_CLEAR:
                self._handle_focus(requested, now_ns)
            case Request.FIRE:
                self._running.press_shutter(now_ns, requested.words, held=False)
            case Request.START:
                self._launching.start(now_ns, requested.words, requested.start)
            case Request.PAUSE:
                self._running.pause(requested.words)
            case Request.RESUME:
                self._launching.resume(now_ns, requested.words)
            case Request.STOP:
                self._stop(requested.words, now_ns)
            case Request.CALIBRATE:
                self._launching.calibrate(now_ns, requested.words)
            case Request.STEP:
                self._by_hand.confirm(requested.words, now_ns)
            case Request.TRIM:
                self._by_hand.trim(requested.words, requested.trim, self._shooting.setup)
            case Request.CUT:
                self._cut(now_ns)
            case Request.CLEAR:
                self._clear_fault(requested.words, now_ns)

    def _handle_focus(self, requested: Requested, now_ns: int) -> None:
        match requested.request:
            case Request.FOCUS_HOLD:
                self._focus.pressed(now_ns, requested.words, by_finger=False, hold_ns=requested.hold_ns)
            case Request.FOCUS_RELEASE:
                self._focus.released(now_ns, requested.words)
            case Request.FOCUS_ACCEPT:
                self._focus.accept(now_ns, requested.words)
            case Request.FOCUS_CLEAR:
                self._clear_focus(requested.words, now_ns)

    def _clear_focus(self, event: str, now_ns: int) -> None:
        reason = self._refuses_focus()
        if reason is None:
            self._focus.clear(now_ns)
        else:
            self._outbox.put(Refuse(event, reason))

    def _stop(self, event: str, now_ns: int) -> None:
        if self._release.state is Release.PROVING:
            self._cut(now_ns)
        else:
            self._launching.stop(now_ns, event)
