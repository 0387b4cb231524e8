"""A proof as a file to send in: printed from what was proven on this box, and checked when it comes from another.

Such a file extends a shipped profile and has the table `proof`. It may hold only what a proof finds, so that
nobody can send in a plug with other contacts, or a word about a person.
"""

import re
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

from config.cameras import Cameras, document_of, why_unusable
from config.errors import ConfigError, faults_in, quoted
from config.kinds import in_sentence
from config.model_search import find_model
from config.profile_keys import Facts, flattened
from config.profile_read import check_values, layered, profile_of
from config.profile_rules import ONLY_WITH_BULB
from config.profile_write import profile_text
from config.units import did_you_mean
from controller.prove.careful import RULES, Care, compared
from controller.prove.verdict import UNDATED

LARGEST_BYTES = 16 << 10
LONGEST_HOW = 160
LONGEST_BODY = 60
NOT_NAMED = "not named"

_HEAD = "A proof of {0}, for backbutton. Check it with: backbutton cameras --check FILE"
_OTHER_KEYS = ("extends", "without", "proven", "proof", "proof.body", "proof.date")
_TABLES = ("proof", *{key.partition(".")[0] for key in RULES if "." in key})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"\d{1,5}(\.\d)?")
# All words with which a proof says how it found a value; a text with another word was written by somebody.
_VOCABULARY = """
SHUTTER FOCUS a after alone and as before bulb bulbs by came camera closed closes contact does exposes fire flash for
gaps half-press half-presses has held in is it itself lamp leads lens long median mirror moves ms needed next no none
not of one opens over picture pictures press presses proven raises s setting spread stayed takes that the three to
took two wakes which within work
"""
_WORDS = frozenset(_VOCABULARY.split())


class Change(NamedTuple):
    """A value that was proven, how it compares with what the shipped profile has, and how it was found."""

    key: str
    value: object
    care: Care
    how: str


class Sent(NamedTuple):
    """A file without faults: the shipped profile that it `extends`, on which body it was proven, and each change."""

    extends: str
    body: str
    date: str
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]


class Shared(NamedTuple):
    """The text of a file to send in, and a sentence for each thing that was left out of it."""

    text: str
    left_out: tuple[str, ...]


def is_sent(path: Path) -> bool:
    """Return whether a file says that it is a proof; ConfigError if it cannot be read."""
    return "proof" in document_of(path)


def read_sent(path: Path) -> Sent:
    """Return what a proof in a file would change beside the shipped profile; ConfigError with all its faults."""
    document = _document(path, LARGEST_BYTES)
    with faults_in(path):
        return _examined(document)


def _examined(document: Facts) -> Sent:
    """Return what the document of a proof says; ConfigError if it is no valid profile, or breaks a rule of proofs."""
    base, shipped = str(document.get("extends", "")), Cameras()
    if "extends" not in document:
        raise ConfigError("extends: is missing; a proof extends the shipped profile of which it is")
    check_values(base, document)
    faults = list(_faults(document, shipped))
    if faults:
        raise ConfigError(*faults)
    layer = shipped.layer(base)
    profile_of(base, layered(document, layer))
    below, flat = flattened(layer.facts), flattened(document)
    how = dict(map(_parted, cast("list[str]", document["proven"])))
    changes = tuple(Change(key, flat[key], compared(key, flat[key], below), how[key]) for key in flat if key in RULES)
    faults = [_too_bold(change) for change in changes if change.care.sign == -1 and not RULES[change.key].may_loosen]
    if faults:
        raise ConfigError(*faults)
    proof = cast("dict[str, str]", document["proof"])
    return Sent(base, proof["body"], proof["date"], changes, tuple(cast("list[str]", document.get("without", []))))


def share(cameras: Cameras, profile_id: str) -> Shared:
    """Return what was proven of a camera on this box, as a file with nothing personal in it.

    ConfigError with the reason if nothing was proven of it, or with the faults of what is on the disk.
    """
    path = cameras.proven_file(profile_id)
    if path is None:
        raise ConfigError(f"{profile_id} is not proven on this box; prove it at the console, with: prove")
    document = document_of(path)
    flat = flattened(document)
    with faults_in(path):
        check_values(profile_id, document)
    entries = [_parted(entry) for entry in cast("list[str]", document.get("proven", []))]
    how = {key: text for key, text in entries if key in RULES and key in flat}
    if not how:
        raise ConfigError(f"{path}: lists nothing as proven; prove the camera at the console, with: prove")
    notes = _Notes()
    shared = {"extends": document.get("extends", profile_id), **_of_proof(document, how)}
    without = [key for key in cast("list[str]", flat.get("without", [])) if key in ONLY_WITH_BULB]
    if without and shared.get("bulb") == "none":
        shared["without"] = without
    shared["proven"] = [_entry(key, notes.told(key, text)) for key, text in how.items()]
    proof = cast("dict[str, object]", document.get("proof", {}))
    shared["proof"] = {"body": notes.body(str(proof.get("body", ""))), "date": notes.day(str(proof.get("date", "")))}
    notes.others(key for key in flat if key not in (*how, *_OTHER_KEYS, *_TABLES))
    with faults_in(path):
        _examined(shared)
    return Shared(profile_text(shared, _HEAD.format(shared["extends"])), tuple(notes.left_out))


def _of_proof(document: Facts, keys: Container[str]) -> dict[str, Any]:
    """Return these keys of a document, those of a table in their table."""
    tables = {
        name: inside
        for name, table in document.items()
        if isinstance(table, dict)
        and (inside := {tail: raw for tail, raw in table.items() if f"{name}.{tail}" in keys})
    }
    return {key: raw for key, raw in document.items() if key in keys} | tables


class _Notes:
    """Lets through what is surely not personal, and notes what it leaves out."""

    def __init__(self) -> None:
        self.left_out: list[str] = []

    def body(self, name: str) -> str:
        """Return the name of the body, if it is that of a camera; in its usual form if it is written otherwise."""
        if name in ("", NOT_NAMED):
            return NOT_NAMED
        exact = find_model(name).exact
        if any(name in _names(model) for model in exact):
            return name
        if len(exact) == 1:
            return str(exact[0])
        remedy = "if it is only a model's name, write it into the file"
        self.left_out.append(
            f"the body's name, {quoted(name)}, is no camera that backbutton knows: left out; {remedy}"
        )
        return NOT_NAMED

    def day(self, day: str) -> str:
        """Return the date, if it is a day and nothing more."""
        if day in ("", UNDATED) or _is_day(day):
            return day or UNDATED
        self.left_out.append(f"the date, {quoted(day)}, is no day like 2026-06-21: left out")
        return UNDATED

    def told(self, key: str, how: str) -> str:
        """Return how a key was proven, if a proof wrote that."""
        words = how.replace(",", "").split()
        if len(how) <= LONGEST_HOW and all(word in _WORDS or _NUMBER.fullmatch(word) for word in words):
            return how
        self.left_out.append(f"how {key} was proven, {quoted(how)}, was not written by a proof: left out")
        return ""

    def others(self, keys: Iterator[str]) -> None:
        """Note the keys of which no proof knows."""
        listed = ", ".join(keys)
        if listed:
            self.left_out.append(f"not proven, and so left out: {listed}")


def _names(model: Any) -> set[str]:
    return {str(model), model.name, *model.aliases}


def _document(path: Path, largest_bytes: int) -> dict[str, object]:
    with suppress(OSError):  # then reading it fails too, with a sentence
        if path.stat().st_size > largest_bytes:
            raise ConfigError(f"{path}: is too large for a proof, which has at most {largest_bytes} bytes")
    return document_of(path)


def _parted(entry: str) -> tuple[str, str]:
    """Return the key and the remark of an entry of `proven`, which is `KEY (remark)` or `KEY`."""
    key, has_remark, remark = entry.partition(" (")
    return (key, remark.removesuffix(")")) if has_remark and remark.endswith(")") else (entry, "")


def _entry(key: str, how: str) -> str:
    return f"{key} ({how})" if how else key


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _faults(document: Facts, shipped: Cameras) -> Iterator[str]:
    """Yield a sentence for each rule of proofs that a document breaks whose keys are valid by themselves."""
    base = str(document["extends"])
    if base not in shipped.ids():
        yield f"extends: {quoted(base)} is no shipped profile{did_you_mean(base, shipped.ids())}"
    elif not (profile := shipped.load(base)).is_usable:
        yield f"extends: {why_unusable(profile)}, so nothing can be proven of it"
    flat = flattened(document)
    for key, raw in flat.items():
        if key not in (_TABLES if isinstance(raw, dict) else (*RULES, *_OTHER_KEYS)):
            yield f"{key}: no proof finds this, and a file with the table proof holds nothing else; remove it"
    yield from _wrong_entries(flat)
    yield from _wrong_proof(cast("Mapping[str, str]", document["proof"]))
    without = cast("list[str]", document.get("without", []))
    for key in without:
        if key not in ONLY_WITH_BULB or flat.get("bulb") != "none":
            yield f"without: a proof leaves out {quoted(key)} only if it has a meaning with bulb, and bulb is none"


def _wrong_entries(flat: Facts) -> Iterator[str]:
    """Yield a sentence for each value that is not listed as proven, and each entry without a value."""
    listed = []
    for entry in cast("list[str]", flat.get("proven", [])):
        key, how = _parted(entry)
        listed.append(key)
        if key not in RULES or key not in flat:
            yield f"proven: {quoted(entry)} names no key that this file has; remove it"
        elif len(how) > LONGEST_HOW or not how.isprintable():
            yield f"proven: how {key} was proven is one line of at most {LONGEST_HOW} characters; shorten it"
    for key in flat:
        if key in RULES and key not in listed:
            yield f"{key}: is not listed under proven; add it there, or remove it"
    if not listed:
        yield "proven: is missing; a proof lists what it has proven"


def _wrong_proof(proof: Mapping[str, str]) -> Iterator[str]:
    body, day = proof.get("body", ""), proof.get("date", "")
    if not body.strip() or len(body) > LONGEST_BODY or not body.isprintable():
        yield f"proof.body: {quoted(body)} is no camera's name in one line of at most {LONGEST_BODY} characters"
    if day != UNDATED and not _is_day(day):
        yield f"proof.date: {quoted(day)} is no day like 2026-06-21, nor {UNDATED}"


def _too_bold(change: Change) -> str:
    value, was = in_sentence(change.value), in_sentence(change.care.before)
    return f"{change.key}: {value} is less careful than the shipped {was}, which no proof makes it; remove it"
