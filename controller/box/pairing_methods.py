"""The methods by which a phone gets a token, and by which the page's server asks whether a token is good.

A person allows it, by a press of `run` on the box or by a link that the console shows. Knows the engine and the book
of phones; what touches files is deferred, and the book is first read when somebody asks for it.
"""

import os
from typing import TYPE_CHECKING

from config.files import Pause
from config.record import dataclass
from config.units import MINUTE_NS, S_NS
from controller.box.deferred import Deferred
from controller.box.engine import Engine
from controller.box.method import Method, reading, writing
from controller.box.notices import Notice, PairingChanged, Wanted
from controller.box.settings_methods import or_command_error
from controller.core.effects import EndPairing
from controller.core.events import PairingAsked
from controller.errors import CommandError
from hardware.walltime import boot_id

if TYPE_CHECKING:
    from controller.box.phones import PhoneBook

ASK_NS = MINUTE_NS
LINK_NS = 10 * MINUTE_NS
_SECRET_BYTES = 16
_LONGEST_NAME = 40
PRESS_RUN = "press run on the box within 60 s; its lamps blink together"
_ANOTHER = "another phone is being paired; wait until it is, at most 60 s, then ask again"
_OVER = "nobody pressed run on the box within 60 s; ask again"
_NO_LINK = "this link was used, is over, or is not of this box; ask for a new one at the console: page pair"


@dataclass(slots=True)
class _Asking:
    """A phone that asked; `phase` is waiting, then allowed by a press, or over."""

    request: str
    name: str
    phase: str = "waiting"


class PairingMethods:
    """Answers the methods `pairing.*`. The book of phones belongs to the thread that runs deferred work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking: _Asking | None = None
        self._link: tuple[str, int] | None = None  # the code, and until when it is good
        self._book: PhoneBook | None = None  # None until somebody asks
        engine.listen(self._ended)

    def rows(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "pairing.ask": Method(self.ask, {"name": str}, {}),
            "pairing.result": writing(self.result, {"request": str}),
            "pairing.link": reading(self.link),
            "pairing.redeem": writing(self.redeem, {"code": str, "name": str}),
            "pairing.check": writing(self.check, {"token": str}),
            "pairing.list": reading(self.all),
            "pairing.remove": writing(self.remove, {}, {"number": int, "token": str}),
        }

    def ask(self, name: str) -> object:
        """Wait for a press of `run` that allows a phone of that name; refused while another phone waits."""
        if self._asking is not None and self._asking.phase == "waiting":
            raise CommandError("refused", _ANOTHER)
        self._asking = _Asking(_secret(), _clean(name))
        self._engine.tell(PairingAsked(self._engine.clock.now_ns() + ASK_NS))
        self._notify("asked", f"{self._asking.name} asks to be paired: press run within 60 s if it is yours")
        return {"request": self._asking.request, "seconds": ASK_NS // S_NS, "text": PRESS_RUN}

    def result(self, request: str) -> object:
        """Return what became of a request; with the token, once, if it was allowed."""
        asking = self._asking
        if asking is None or asking.request != request or asking.phase == "over":
            return {"state": "over", "text": _OVER}
        if asking.phase == "waiting":
            return {"state": "waiting", "text": PRESS_RUN}
        self._asking = None
        return self._pair(asking.name)

    def link(self) -> object:
        """Return a code that pairs one phone within ten minutes, in place of the code before."""
        self._link = (_secret(), self._engine.clock.now_ns() + LINK_NS)
        return {"code": self._link[0], "seconds": LINK_NS // S_NS}

    def redeem(self, code: str, name: str) -> object:
        """Pair the phone that opened the link; refused if the code is not good, or not any more."""
        if self._link is None or self._link[0] != code or self._engine.clock.now_ns() > self._link[1]:
            raise CommandError("refused", _NO_LINK)
        self._link = None
        return self._pair(_clean(name))

    def check(self, token: str) -> Deferred:
        """Return whether a token is that of a phone, its name, and why its visit could not be saved, if so."""
        now_ns = self._engine.clock.now_ns()

        def find(pause: Pause) -> object:
            name, fault = or_command_error(lambda: self._phones(now_ns).visit(token, now_ns, pause))
            return {"paired": name is not None, "name": name, "fault": fault}

        return Deferred(find)

    def all(self) -> Deferred:
        """Return the paired phones; the one that came last is the last."""
        now_ns = self._engine.clock.now_ns()

        def listed(_: Pause) -> object:
            names = or_command_error(lambda: self._phones(now_ns).names(now_ns))
            return {"phones": [{"number": number, "name": name} for number, name in enumerate(names, 1)]}

        return Deferred(listed)

    def remove(self, number: int | None = None, token: str | None = None) -> Deferred:
        """Forget a phone by its number or its token, or all phones; refused if the list cannot be saved."""
        now_ns = self._engine.clock.now_ns()

        def removed(names: list[str]) -> object:
            text = f"not paired any more: {', '.join(names)}" if names else "no phone is paired"
            self._notify("removed", text)
            return {"did": text}

        return Deferred(
            lambda pause: or_command_error(lambda: self._phones(now_ns).remove(number, token, now_ns, pause)), removed
        )

    def _ended(self, notice: Notice) -> None:
        """Handle that the wait for a press is over."""
        if not isinstance(notice, Wanted) or not isinstance(notice.effect, EndPairing) or self._asking is None:
            return
        if notice.effect.is_paired:
            self._asking.phase = "allowed"
            self._notify("paired", f"{self._asking.name} is paired")
        else:
            self._asking.phase = "over"
            self._notify("over", f"{self._asking.name} is not paired: {_OVER}")

    def _pair(self, name: str) -> Deferred:
        now_ns = self._engine.clock.now_ns()

        def add(pause: Pause) -> tuple[object, list[str]]:
            book = or_command_error(lambda: self._phones(now_ns))
            before = book.names(now_ns)
            token, fault = book.add(name, now_ns, pause)
            text = (
                f"{name} is paired" if fault is None else f"{name} is paired until the box is switched off: {fault}"
            )
            gone = before[: len(before) + 1 - len(book.names(now_ns))]
            return {"state": "paired", "token": token, "text": text}, gone

        def added(done: tuple[object, list[str]]) -> object:
            reply, gone = done
            if gone:
                self._notify("removed", f"not paired any more, as {name} has come: {', '.join(gone)}")
            return reply

        return Deferred(add, added)

    def _phones(self, now_ns: int) -> "PhoneBook":
        from controller.box.phones import FILE, PhoneBook  # noqa: PLC0415 - a start is faster without it

        if self._book is None:
            self._book = PhoneBook(self._engine.store.state_dir / FILE, boot_id(), now_ns)
        return self._book

    def _notify(self, state: str, text: str) -> None:
        self._engine.notify(PairingChanged(self._engine.clock.now_ns(), state, text))


def _secret() -> str:
    return os.urandom(_SECRET_BYTES).hex()


def _clean(name: str) -> str:
    """Return the name that a phone gave itself, printable and short."""
    return "".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME].strip() or "a phone"
