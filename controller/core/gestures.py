"""Gestures: turns the raw edges of buttons into presses, releases, taps, holds and chords.

Knows buttons and time, no camera. The first edge of a press or a release counts at once, so debouncing adds no delay.
Edges during the lock-out after it are bounces. If the contact differs when the lock-out ends, that counts as an edge
at the time of the last raw edge.
"""

from enum import Enum, auto
from typing import NamedTuple

from config.record import dataclass
from config.schema import Settings
from controller.core.events import Button
from hardware.clock import MILLISECOND_NS

RUN_HOLD_NS = 1_500 * MILLISECOND_NS
DOUBLE_TAP = 2
CHORD_HOLD_NS = 1_000 * MILLISECOND_NS


class Kind(Enum):
    """The kinds of gestures."""

    PRESSED = auto()
    LET_GO = auto()
    TAPPED = auto()  # `run` alone: released before it became a hold
    HELD = auto()  # `run` alone: held for RUN_HOLD_NS
    CHORD_HELD = auto()  # `run` and another button, for CHORD_HOLD_NS
    STUCK = auto()  # down for longer than it may close any contact, or since before the start


class Gesture(NamedTuple):
    """A gesture. LET_GO and STUCK have `held_ns` (0: since before the start), LET_GO has `taps`.

    `taps` is the number of short presses in a row.
    """

    kind: Kind
    button: Button
    held_ns: int = 0
    taps: int = 0


@dataclass(slots=True)
class _Contact:
    is_pressed: bool = False
    raw: bool = False
    raw_ns: int = 0
    locked_until_ns: int | None = None
    pressed_ns: int = 0
    let_go_ns: int | None = None
    taps: int = 0
    is_muted: bool = False
    is_spent: bool = False  # this press has already become a hold or a chord
    has_cut: bool = False  # this press has already become a chord
    is_chorded: bool = False  # another button was down with it: no tap, even if released too early to cut
    is_reported: bool = False  # as stuck
    was_found: bool = False  # down at the start


class Gestures:
    """Recognises gestures, by the times in the settings: call `learn` first."""

    def __init__(self) -> None:
        self._contacts = {button: _Contact() for button in Button}
        self._debounce_ns = self._tap_ns = self._double_ns = self._stuck_ns = 0
        self._next_ns: int | None = None
        self._has_changed = False  # since `_next_ns` was computed

    def learn(self, settings: Settings) -> None:
        """Take the times from the settings."""
        self._has_changed = True
        self._debounce_ns = settings.buttons.debounce_ns
        self._tap_ns = settings.focus.min_hold_ns
        self._double_ns = settings.focus.double_tap_ns
        self._stuck_ns = settings.safety.max_hold_ns

    def found_down(self, button: Button, at_ns: int) -> list[Gesture]:
        """Handle a button that was down at the start; it is ignored until it has been released."""
        contact, self._has_changed = self._contacts[button], True
        contact.is_pressed = contact.raw = contact.is_muted = contact.is_reported = contact.was_found = True
        contact.pressed_ns = contact.raw_ns = at_ns
        return [Gesture(Kind.STUCK, button)]

    def moved(self, button: Button, pressed: bool, at_ns: int) -> list[Gesture]:
        """Handle a raw edge; return the gestures that it completes."""
        contact, self._has_changed = self._contacts[button], True
        contact.raw, contact.raw_ns = pressed, at_ns
        if contact.locked_until_ns is not None and at_ns < contact.locked_until_ns:
            return []
        return self._settle(button, contact)

    def advance(self, now_ns: int) -> list[Gesture]:
        """Return the gestures that time has completed: a change after a lock-out, a hold, a chord, a stuck button."""
        due_ns = self.next_ns
        if due_ns is None or due_ns > now_ns:
            return []
        self._has_changed = True
        gestures: list[Gesture] = []
        for button, contact in self._contacts.items():
            if contact.locked_until_ns is not None and contact.locked_until_ns <= now_ns:
                contact.locked_until_ns = None
                gestures += self._settle(button, contact)
        run = self._contacts[Button.RUN]
        chord_ns = self._chord_ns()
        if chord_ns is not None and chord_ns <= now_ns:
            run.is_spent = run.has_cut = True
            gestures.append(Gesture(Kind.CHORD_HELD, Button.RUN))
        hold_ns = self._hold_ns()
        if hold_ns is not None and hold_ns <= now_ns:
            run.is_spent = True
            gestures.append(Gesture(Kind.HELD, Button.RUN))
        for button, contact in self._contacts.items():
            stuck_ns = self._stuck_at_ns(contact)
            if stuck_ns is not None and stuck_ns <= now_ns:
                contact.is_reported = True
                gestures.append(Gesture(Kind.STUCK, button, now_ns - contact.pressed_ns))
        return gestures

    @property
    def next_ns(self) -> int | None:
        """When time next completes a gesture, None if it does not."""
        if self._has_changed:
            self._next_ns, self._has_changed = self._compute_next_ns(), False
        return self._next_ns

    def _compute_next_ns(self) -> int | None:
        times = [contact.locked_until_ns for contact in self._contacts.values()]
        times += [self._stuck_at_ns(contact) for contact in self._contacts.values()]
        return min(
            (at_ns for at_ns in (*times, self._chord_ns(), self._hold_ns()) if at_ns is not None),
            default=None,
        )

    @property
    def is_settled(self) -> bool:
        """Whether every button counts as what its contact is."""
        return all(contact.raw is contact.is_pressed for contact in self._contacts.values())

    def ignore_held(self) -> None:
        """Ignore each button that is down until it has been released."""
        self._has_changed = True
        for contact in self._contacts.values():
            contact.is_muted = contact.is_pressed or contact.raw
            contact.taps = 0

    def is_pressed(self, button: Button) -> bool:
        """Return whether a button is down and not ignored."""
        contact = self._contacts[button]
        return contact.is_pressed and not contact.is_muted

    def stuck(self, now_ns: int) -> list[tuple[Button, int]]:
        """Return the buttons reported as stuck that still are, and for how long (0: since before the start)."""
        return [
            (button, 0 if contact.was_found else now_ns - contact.pressed_ns)
            for button, contact in self._contacts.items()
            if contact.is_pressed and contact.is_reported
        ]

    def _settle(self, button: Button, contact: _Contact) -> list[Gesture]:
        if contact.raw is contact.is_pressed:
            contact.is_muted = contact.is_muted and contact.raw
            return []
        contact.is_pressed = contact.raw
        contact.locked_until_ns = contact.raw_ns + self._debounce_ns
        return self._pressed(button, contact) if contact.is_pressed else self._let_go(button, contact)

    def _pressed(self, button: Button, contact: _Contact) -> list[Gesture]:
        contact.pressed_ns = contact.raw_ns
        contact.is_spent = contact.has_cut = contact.is_chorded = contact.is_reported = contact.was_found = False
        if contact.let_go_ns is None or contact.raw_ns - contact.let_go_ns > self._double_ns:
            contact.taps = 0
        if self._companion_ns() is not None:
            self._contacts[Button.RUN].is_chorded = True
        return [] if contact.is_muted else [Gesture(Kind.PRESSED, button)]

    def _let_go(self, button: Button, contact: _Contact) -> list[Gesture]:
        contact.let_go_ns = contact.raw_ns
        if contact.is_muted:
            contact.is_muted = False
            return []
        held_ns = contact.raw_ns - contact.pressed_ns
        contact.taps = contact.taps + 1 if held_ns < self._tap_ns else 0
        gestures = [Gesture(Kind.LET_GO, button, held_ns, contact.taps)]
        if button is Button.RUN and not (contact.is_spent or contact.is_chorded):
            gestures.append(Gesture(Kind.TAPPED, button))
        if contact.taps == DOUBLE_TAP:
            contact.taps = 0
        return gestures

    def _companion_ns(self) -> int | None:
        """Return since when `run` and another button have been down together, None if they are not."""
        if not self.is_pressed(Button.RUN):
            return None
        others = [
            contact.pressed_ns
            for button, contact in self._contacts.items()
            if button is not Button.RUN and self.is_pressed(button)
        ]
        return max(self._contacts[Button.RUN].pressed_ns, min(others)) if others else None

    def _chord_ns(self) -> int | None:
        since_ns = self._companion_ns()
        return None if since_ns is None or self._contacts[Button.RUN].has_cut else since_ns + CHORD_HOLD_NS

    def _hold_ns(self) -> int | None:
        run = self._contacts[Button.RUN]
        return run.pressed_ns + RUN_HOLD_NS if self.is_pressed(Button.RUN) and not run.is_spent else None

    def _stuck_at_ns(self, contact: _Contact) -> int | None:
        """Return when a button counts as stuck, even one that a cut ignores; None if it never does."""
        return contact.pressed_ns + self._stuck_ns if contact.is_pressed and not contact.is_reported else None
