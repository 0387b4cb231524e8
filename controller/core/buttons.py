"""What the buttons mean: routes each gesture to the part that decides about it. Knows no state of a frame or run."""

from collections.abc import Callable

from config.schema import Settings
from controller.core import words
from controller.core.by_hand import ByHand
from controller.core.effects import Outbox, Refuse
from controller.core.events import Button, ButtonMoved
from controller.core.focusing import Focusing
from controller.core.gestures import DOUBLE_TAP, Gesture, Gestures, Kind
from controller.core.launching import Launching
from controller.core.machine import StateMachine
from controller.core.running import Running
from controller.core.shooting import Shooting
from controller.core.states import Release


class Buttons:
    """Interprets the three buttons; `cut` opens both contacts. While a proof has the contacts, any button cuts."""

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
    ) -> None:
        self._outbox = outbox
        self._release = release
        self._focus = focus
        self._shooting = shooting
        self._running = running
        self._launching = launching
        self._by_hand = by_hand
        self._cut = cut
        self._gestures = Gestures()

    @property
    def next_ns(self) -> int | None:
        """When a gesture is over by itself, None if none is going on."""
        return self._gestures.next_ns

    @property
    def is_settled(self) -> bool:
        """Whether no edge is hidden in a debounce lock-out."""
        return self._gestures.is_settled

    def learn(self, settings: Settings) -> None:
        """Go by the times in the settings."""
        self._gestures.learn(settings)

    def ignore_held(self) -> None:
        """Ignore the buttons that are down until they are released."""
        self._gestures.ignore_held()

    def stuck(self, now_ns: int) -> list[tuple[Button, int]]:
        """Return the buttons that have been down for too long, and for how long."""
        return self._gestures.stuck(now_ns)

    def found_down(self, button: Button, now_ns: int) -> None:
        """Handle a button that was down when the box began to watch it."""
        self._handle(self._gestures.found_down(button, now_ns), now_ns)

    def moved(self, moved: ButtonMoved, now_ns: int) -> None:
        """Interpret an edge by its own time: it may have waited in the queue, with others behind it."""
        self._handle(self._gestures.advance(moved.at_ns), now_ns)
        self._handle(self._gestures.moved(moved.button, moved.pressed, moved.at_ns), now_ns)

    def advance(self, now_ns: int) -> None:
        """Do what time alone decides: a hold, a button that is stuck."""
        self._handle(self._gestures.advance(now_ns), now_ns)

    def _handle(self, gestures: list[Gesture], now_ns: int) -> None:
        for gesture in gestures:
            self._act(gesture, now_ns)

    def _act(self, gesture: Gesture, now_ns: int) -> None:
        if self._release.state is Release.PROVING and gesture.kind is not Kind.STUCK:
            self._cut(now_ns)
            return
        match gesture:
            case Gesture(Kind.PRESSED, Button.BACK) if self._by_hand.takes_back():
                self._by_hand.confirm("back pressed", now_ns)
            case Gesture(Kind.PRESSED, Button.BACK):
                self._focus.pressed(now_ns, "back pressed", by_finger=True)
            case Gesture(Kind.LET_GO, Button.BACK):
                self._focus.let_go(now_ns, gesture.held_ns, twice=gesture.taps == DOUBLE_TAP)
            case Gesture(Kind.PRESSED, Button.SHUTTER):
                self._running.press_shutter(now_ns, "shutter pressed", held=True)
            case Gesture(Kind.LET_GO, Button.SHUTTER):
                self._shooting.let_go(now_ns)
            case Gesture(Kind.TAPPED, Button.RUN):
                self._launching.toggle(now_ns, "run tapped")
            case Gesture(Kind.HELD, Button.RUN):
                self._launching.hold(now_ns, "run held")
            case Gesture(Kind.CHORD_HELD):
                self._cut(now_ns)
            case Gesture(Kind.STUCK):
                name = gesture.button.value
                self._outbox.put(Refuse(f"{name} down", words.stuck(name, gesture.held_ns)))
