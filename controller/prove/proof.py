"""A proof: the presses and the answers so far, as a value that is written as JSON and read back.

Everything else follows from it: `asking` finds the next question, `verdict` what is concluded.
"""

from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from typing import Any

from config.record import dataclass
from controller.errors import CommandError
from controller.prove.answer import Answer
from controller.prove.belief import Said
from controller.prove.press import KINDS, PARTS, Press

VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer. An answer that `is_replaced` was proved wrong by a second look."""

    press: Press
    answer: Answer
    is_replaced: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of one body at the port of a profile, by `bulb` and `mirror` as the profile has them.

    With `has_flash` the flash contact measures lags, else the box's lamp does. `part` is the part that is
    asked, "" if all are.
    """

    profile: str
    body: str = ""
    bulb: str = "hold"
    mirror: str = ""
    has_flash: bool = False
    part: str = ""
    entries: tuple[Entry, ...] = ()

    def live(self) -> list[tuple[int, Said]]:
        """Return the numbers of the answers that count, with press and answer."""
        return [
            (number, Said(entry.press, entry.answer))
            for number, entry in enumerate(self.entries)
            if not (entry.is_replaced or entry.answer.is_empty)
        ]

    def asked(self, *kinds: str) -> int:
        """Return how often presses of these kinds were asked, whatever came of it."""
        return sum(entry.press.kind in kinds for entry in self.entries)


def answered(proof: Proof, press: Press, answer: Answer) -> Proof:
    """Return the proof with one more answer.

    A press that was asked again because its answer did not fit replaces that answer if it is another one. It takes
    two looks to replace "the lens moved" by "it did not".
    """
    entries = (*proof.entries, Entry(press, answer))
    if press.again is not None and not answer.is_empty:
        old = proof.entries[press.again].answer
        looks = [entry for entry in entries if entry.press.again == press.again and entry.answer.moved is False]
        is_doubtful = old.moved is True and answer.moved is not True and len(looks) < 2  # noqa: PLR2004 - see above
        if _differs(old, answer) and not is_doubtful:
            entries = _replaced(entries, press.again)
    return replace(proof, entries=entries)


def without_last(proof: Proof) -> Proof:
    """Return the proof as it was before its last answer, so that the same question follows."""
    if not proof.entries:
        raise CommandError("value", "there is no answer to take back")
    return _of_entries(proof, range(len(proof.entries) - 1))


def without(proof: Proof, kinds: Collection[str]) -> Proof:
    """Return the proof as if no press of these kinds had ever been asked for."""
    return _of_entries(proof, [at for at, entry in enumerate(proof.entries) if entry.press.kind not in kinds])


def _of_entries(proof: Proof, numbers: Iterable[int]) -> Proof:
    """Return the proof with only the entries of these numbers, in their order, each weighed beside those alone."""
    left = replace(proof, entries=())
    now: dict[int | None, int] = {}
    for number in numbers:
        press, answer = proof.entries[number].press, proof.entries[number].answer
        now[number] = len(left.entries)
        left = answered(left, replace(press, again=now.get(press.again)), answer)
    return left


def to_json(proof: Proof) -> dict[str, Any]:
    """Return the proof as an object for JSON."""
    rows = [
        {"press": _plain(row.press), "answer": _plain(row.answer), "is_replaced": row.is_replaced}
        for row in proof.entries
    ]
    named = {field.name: getattr(proof, field.name) for field in fields(proof) if field.name != "entries"}
    return {"version": VERSION, **named, "entries": rows}


def from_json(document: Any) -> Proof:
    """Return the proof in such an object; CommandError if it is none, or of another version."""
    try:
        if document["version"] != VERSION:
            raise CommandError(
                "value", f"it is a proof of version {document['version']}, and this is version {VERSION}"
            )
        entries = tuple(
            Entry(_record(Press, row["press"]), _record(Answer, row["answer"]), bool(row["is_replaced"]))
            for row in document["entries"]
        )
        named = {field.name: document[field.name] for field in fields(Proof) if field.name != "entries"}
        proof = Proof(**named, entries=entries)
        if not all(type(getattr(proof, name)) is kind for name, kind in _NAMED.items()):
            raise CommandError("value", "it names no camera")
        if proof.part not in ("", *PARTS):
            raise CommandError("value", "it asks for a part that does not exist")
        for number, entry in enumerate(entries):
            if not (_is_press(entry.press, number) and _is_answer(entry.answer)):
                raise CommandError("value", f"its answer {number + 1} is to no question of ours")
    except (KeyError, TypeError, AttributeError) as error:
        raise CommandError("value", f"it is no proof: {error}") from error
    return proof


_NAMED = {"profile": str, "body": str, "bulb": str, "mirror": str, "has_flash": bool, "part": str}
_LONGEST_MS = 3_600_000


def _is_press(press: Any, number: int) -> bool:
    """Return whether a press that was read is one that could have been asked as that number."""
    if not all(type(each) is tuple for each in (press.steps_ms, press.put_right)):
        return False
    times = (*press.steps_ms, press.hold_ms, press.lead_ms, press.gap_ms)
    return (
        press.kind in KINDS
        and (press.kind != "lamp" or len(press.steps_ms) == 1)
        and type(press.fires_alone) is bool
        and all(type(each) is int and 0 <= each <= _LONGEST_MS for each in times)
        and all(type(each) is str for each in press.put_right)
        and type(press.swaps) is int
        and (press.again is None or (type(press.again) is int and 0 <= press.again < number))
    )


def _is_answer(answer: Any) -> bool:
    looks = (answer.moved, answer.late, answer.is_long, answer.lit)
    is_count = answer.pictures is None or (type(answer.pictures) is int and answer.pictures >= 0)
    return (
        is_count
        and all(each is None or type(each) is bool for each in looks)
        and type(answer.cannot) is bool
        and type(answer.lags_ns) is tuple
        and all(type(each) is int for each in answer.lags_ns)
    )


def _replaced(entries: tuple[Entry, ...], number: int) -> tuple[Entry, ...]:
    return (*entries[:number], replace(entries[number], is_replaced=True), *entries[number + 1 :])


def _differs(old: Answer, new: Answer) -> bool:
    pairs = ((getattr(old, field.name), getattr(new, field.name)) for field in fields(Answer))
    return any(before != after for before, after in pairs if after is not None)


def _plain(record: Press | Answer) -> dict[str, Any]:
    """Return the fields that are not as usual."""
    plain = {field.name: (getattr(record, field.name), field.default) for field in fields(record)}
    return {name: value for name, (value, usual) in plain.items() if value != usual}


def _record(kind: type[Any], row: dict[str, Any]) -> Any:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
