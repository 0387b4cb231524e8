"""The name and the password of a hotspot, and the text that makes a phone join it. Pure but for the random numbers.

The password is 16 random digits in groups of four: 53 bits. Whoever has recorded a phone joining can try passwords
without the box, some three million a second on a fast graphics card; half of 10^16 takes such a card 50 years. Four
short words of a list of 1,296 are 41 bits, which take 5 days. Digits need no list, are the same in every language,
and nothing corrects or capitalises them. The hyphens belong to the password.
"""

import secrets

from config.record import dataclass

PREFIX = "backbutton-"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits
_DIGITS = "23456789"
_GROUPS, _GROUP_DIGITS = 4, 4
_ESCAPED = '\\;,":'  # in a WIFI: text
_SHORTEST, _LONGEST, _RAW_KEY = 8, 63, 64  # of a WPA passphrase; a key of 64 hexadecimal digits is no passphrase


@dataclass(frozen=True, slots=True)
class Login:
    """What a phone must know to join: the network's name and password, which is empty if it may not be read."""

    name: str
    password: str

    @property
    def qr_text(self) -> str:
        """The text that a phone's camera takes for a Wi-Fi network."""
        return f"WIFI:T:WPA;S:{_escaped(self.name)};P:{_escaped(self.password)};;"


def new_login() -> Login:
    """Return a new random one."""
    return Login(PREFIX + _letters(_LETTERS) + _letters(_DIGITS), new_password())


def new_password() -> str:
    """Return a new random password."""
    groups = (secrets.randbelow(10**_GROUP_DIGITS) for _ in range(_GROUPS))
    return "-".join(f"{number:0{_GROUP_DIGITS}}" for number in groups)


def is_valid_password(text: str) -> bool:
    """Whether WPA allows it as a passphrase: 8 to 63 characters of ASCII, or as a key: 64 hexadecimal digits."""
    if len(text) == _RAW_KEY:
        return all(char in "0123456789abcdefABCDEF" for char in text)
    return _SHORTEST <= len(text) <= _LONGEST and text.isascii() and text.isprintable()


def _letters(alphabet: str) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(2))


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in _ESCAPED else char for char in text)
