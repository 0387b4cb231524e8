"""The daemon's methods that a paired browser may call, in one table, and what each call must carry."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from config.record import dataclass
from controller.page.access import Access
from controller.page.bodies import read_object
from controller.page.link import OPENING, DaemonLink
from controller.page.lookup import add_guide
from controller.page.replies import HttpError, Params, reply

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Call:
    """A method: which parameters it must have, and which it may; None for any.

    `is_stamped`: it may move a contact, so it must say until when it is wanted (`not_after_ns`) and have a name that
    is never used twice (`id`).
    """

    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] | None = None
    is_stamped: bool = False


_PLAIN = Call()
_MOVES = Call(is_stamped=True)
CALLS: Mapping[str, Call] = {
    "status": _PLAIN,
    "plan": _PLAIN,
    "log": _PLAIN,
    "cameras": _PLAIN,
    "clock": _PLAIN,
    "clock.set": _PLAIN,
    "sun": _PLAIN,
    "settings.show": _PLAIN,
    "settings.set": _PLAIN,
    "settings.reset": _PLAIN,
    "settings.diff": _PLAIN,
    "settings.save": _PLAIN,
    "presets": _PLAIN,
    "preset.apply": _PLAIN,
    "preset.save": _PLAIN,
    "preset.delete": _PLAIN,
    "preset.mark": _PLAIN,
    "bulb": _PLAIN,
    "fire": _MOVES,
    "start": _MOVES,
    "resume": _MOVES,
    "calibrate": _MOVES,
    "clear": _MOVES,
    "step": Call(needs=("number",), is_stamped=True),  # a phone confirms no hand-step that it has not shown
    "trim": Call(needs=("stops",), is_stamped=True),
    "focus.accept": _MOVES,
    "focus.clear": _MOVES,
    "focus.hold": Call(needs=("duration",), is_stamped=True),  # nothing is held open by a phone
    **dict.fromkeys(OPENING, _PLAIN),
    "proof": _PLAIN,
    "proof.begin": Call(needs=("body",)),
    "proof.press": _MOVES,
    "proof.answer": _PLAIN,
    "proof.back": _PLAIN,
    "proof.part": Call(needs=("part",)),
    "proof.drop": _PLAIN,
    "proof.finish": _PLAIN,
    "pairing.list": _PLAIN,
    "pairing.remove": Call(takes=("number",)),  # a token travels in the cookie only
    "thumb.press": _MOVES,  # on the virtual bench
    "thumb.release": _MOVES,
    "thumb.tap": _MOVES,
    "thumb.hold": _MOVES,
}
_ALWAYS = "cut"  # a person who wants everything to stop is not asked to wait


def routes(access: Access, link: DaemonLink) -> list[Route]:
    """Return the route of all calls."""

    async def call(request: Request) -> Response:
        token = await access.require(request)
        method = request.path_params["method"]
        row = CALLS.get(method)
        if row is None:
            raise HttpError(404, "unknown", "the page may not ask the box for this; reload it")
        if method != _ALWAYS:
            access.count_call(token)
        params = await read_object(request)
        _check(method, row, params)
        answer = await link.call(method, **params)
        if method == "cameras" and "profile" in params:
            answer = add_guide(answer)
        elif method == "pairing.remove":
            access.forget()
        return reply({"result": answer.result, "now_ns": answer.now_ns})

    return [Route("/call/{method}", call, methods=["POST"])]


def _check(method: str, row: Call, params: Params) -> None:
    """HttpError if a call lacks what it must carry, or carries what it must not."""
    if row.is_stamped and not _has_stamps(params):
        sentence = f"{method} must say until when it is wanted (not_after_ns) and carry a new id; reload the page"
        raise HttpError(400, "usage", sentence)
    missing = [name for name in row.needs if name not in params]
    if missing:
        raise HttpError(400, "usage", f"{method} needs {' and '.join(missing)}")
    if row.takes is not None and not params.keys() <= set(row.takes):
        raise HttpError(400, "usage", f"{method} takes only {' and '.join(row.takes)}")


def _has_stamps(params: Params) -> bool:
    name = params.get("id")
    is_name = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
    return is_name and type(params.get("not_after_ns")) is int
