"""The phones that may use the page: a list kept on the box, with a digest of each phone's token, never the token.

A phone may bring the clock, so nothing here depends on the time of day. A phone is forgotten when it did not come for
IDLE_NS of running time, or in MOST_STARTS starts of the box in which some phone came; and of more than MOST phones
those that came last are kept. Knows files, no clock and no method.
"""

import json
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from config.errors import ConfigError
from config.files import Pause, reason_of, staged, sync_folder, text_of
from config.history import keep_damaged
from config.units import HOUR_NS

FILE = "phones.json"  # in the state directory
MOST = 8
MOST_STARTS = 100
IDLE_NS = 90 * 24 * HOUR_NS
_TOKEN_BYTES = 32
_DIGEST_DIGITS = 64


class Phone(NamedTuple):
    """A phone: its name, the digest of its token, in which start it came last, and when, by the monotonic clock."""

    name: str
    digest: str
    start: int
    seen_ns: int


class PhoneBook:
    """The paired phones, as in the file at `path`; not thread-safe.

    `boot` identifies this start of the machine; in a new one a new start is counted. ConfigError if the file cannot
    be read. A file with faults is kept beside its successor, and its phones have to be paired again.
    """

    def __init__(self, path: Path, boot: str, now_ns: int) -> None:
        self._path = path
        self._boot = boot
        self._start, self._phones = _read(path, boot, now_ns)

    def visit(self, token: str, now_ns: int, pause: Pause) -> tuple[str | None, str | None]:
        """Return the name of the phone that has this token (None: no phone has), and why the visit was not saved.

        Only the first visit since the start is saved.
        """
        phone = self._find(token, now_ns)
        if phone is None:
            return None, None
        self._phones = [*self._others(phone), phone._replace(start=self._start, seen_ns=now_ns)]
        fault = None if phone.start == self._start else self._save(pause)
        return phone.name, fault

    def add(self, name: str, now_ns: int, pause: Pause) -> tuple[str, str | None]:
        """Pair a phone; return its token of 256 random bits, and why it could not be saved, None if it was."""
        token = os.urandom(_TOKEN_BYTES).hex()
        self._phones = [*self._phones, Phone(name, _digest(token), self._start, now_ns)][-MOST:]
        return token, self._save(pause)

    def names(self, now_ns: int) -> list[str]:
        """Return the names of the phones that may still come, numbered from 1 for `remove`."""
        return [phone.name for phone in self._alive(now_ns)]

    def remove(self, number: int | None, token: str | None, now_ns: int, pause: Pause) -> list[str]:
        """Forget one phone, by its number or token, or all; return their names.

        ConfigError if there is no such number, or if it cannot be saved; a restart would bring the phones back then.
        """
        alive = self._alive(now_ns)
        if token is not None:
            gone = [phone for phone in alive if phone.digest == _digest(token)]
        elif number is None:
            gone = alive
        elif 1 <= number <= len(alive):
            gone = [alive[number - 1]]
        else:
            raise ConfigError(f"there is no phone number {number}; page list shows them")
        self._phones = [phone for phone in alive if phone not in gone]
        fault = self._save(pause)
        if fault is not None:
            raise ConfigError(f"{fault}; the phones are gone until the next start only")
        return [phone.name for phone in gone]

    def _find(self, token: str, now_ns: int) -> Phone | None:
        digest = _digest(token)
        return next((phone for phone in self._alive(now_ns) if phone.digest == digest), None)

    def _alive(self, now_ns: int) -> list[Phone]:
        return [
            phone
            for phone in self._phones
            if self._start - phone.start <= MOST_STARTS and now_ns - phone.seen_ns <= IDLE_NS
        ]

    def _others(self, phone: Phone) -> Iterable[Phone]:
        return (other for other in self._phones if other.digest != phone.digest)

    def _save(self, pause: Pause) -> str | None:
        """Write the list; return why it could not be written, None if it is on the disk."""
        rows = [{"name": phone.name, "digest": phone.digest, "start": phone.start} for phone in self._phones]
        content = json.dumps({"boot": self._boot, "starts": self._start, "phones": rows}, indent=1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with staged(self._path, f"{content}\n".encode()) as new:
                pause()
                new.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            return f"{self._path}: cannot be saved, {reason_of(error)}"
        return None


def _digest(token: str) -> str:
    """Return the digest of a token; one of 256 random bits needs no salt."""
    return sha256(token.encode()).hexdigest()


def _read(path: Path, boot: str, now_ns: int) -> tuple[int, list[Phone]]:
    """Return the number of this start, and the phones."""
    try:
        text = text_of(path, "a list of phones")
    except FileNotFoundError:
        return 1, []
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read, {reason_of(error)}") from None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}; remove it, and pair each phone again") from None
    try:
        return _parsed(json.loads(text), boot, now_ns)
    except (ValueError, TypeError, KeyError, RecursionError):
        _keep(text, path)
        return 1, []


def _keep(text: str, path: Path) -> None:
    try:
        keep_damaged(text.encode(), path)
    except OSError as error:
        raise ConfigError(f"{path}: is damaged, and no copy can be kept, {reason_of(error)}") from None


def _parsed(content: dict[str, object], boot: str, now_ns: int) -> tuple[int, list[Phone]]:
    starts, rows = content["starts"], content["phones"]
    if type(starts) is not int or not isinstance(rows, list):
        raise TypeError
    phones = [_phone(row, now_ns) for row in rows]
    return (starts if content["boot"] == boot else starts + 1), phones[-MOST:]


def _phone(row: dict[str, object], now_ns: int) -> Phone:
    name, digest, start = row["name"], row["digest"], row["start"]
    if not isinstance(name, str) or not isinstance(digest, str) or type(start) is not int:
        raise TypeError
    if len(digest) != _DIGEST_DIGITS:
        raise ValueError
    return Phone(name, digest, start, now_ns)
