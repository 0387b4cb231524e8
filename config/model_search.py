"""Finds a camera body by what people type: `d850`, `Canon 5D Mk 4`, `ILCE-7M3`, `rebel t7i`, `fuji xt5`.

Two names are the same if their keys are: lower case, without blanks, hyphens, brand and family words, with roman
numerals for marks. Reads the list of bodies the first time.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from config.models import Model, all_models
from config.record import dataclass

MOST_NEAR = 5  # bodies offered for a name that nothing fits

# Words before the name of a body, and the brands that they leave possible.
_BRAND_WORDS: Mapping[str, tuple[str, ...]] = {
    "konicaminolta": ("Minolta",),
    "omsystem": ("OM System",),
    "phaseone": ("Phase One",),
    "hasselblad": ("Hasselblad",),
    "powershot": ("Canon",),
    "panasonic": ("Panasonic",),
    "fujifilm": ("Fujifilm",),
    "finepix": ("Fujifilm",),
    "olympus": ("Olympus", "OM System"),
    "coolpix": ("Nikon",),
    "minolta": ("Minolta",),
    "samsung": ("Samsung",),
    "contax": ("Contax",),
    "pentax": ("Pentax",),
    "canon": ("Canon",),
    "kodak": ("Kodak",),
    "lumix": ("Panasonic",),
    "leica": ("Leica",),
    "lytro": ("Lytro",),
    "nikon": ("Nikon",),
    "sigma": ("Sigma",),
    "evolt": ("Olympus",),
    "fuji": ("Fujifilm",),
    "sony": ("Sony",),
    "eos": ("Canon",),
}
# What stands before a body's number and may be left out.
_FAMILY = re.compile(r"^(?:dslr|ilca|slt|dsc(?=[a-z])|dmc|dc(?=[a-z])|omd(?=e)|pen(?=mini|ep))(?=.)")
_ALPHA = re.compile(r"alpha(?=a?[0-9])a?")
_FILLERS = re.compile(r"\b(?:camera|body|only|mirrorless)\b|\btyp(?= ?[0-9])|(?<=\()typ")
_MARK = re.compile(r"(?:mark|mk)(vii|vi|iv|v|iii|ii|i|[1-7])(?![0-9])")
_OPEN_MARK = re.compile(r"(?<=.)(?:mark|mk)$")
_LOOSE_MARK = re.compile(r"(?:(?<=[0-9a-z])[m .-]|(?<=[a-z]))([2-7])([a-z]?)$")
_SAME_NUMBER = re.compile(r"[0-9]{2}|[iv]{2}")
_ROMAN = {"1": "", "i": "", "2": "ii", "3": "iii", "4": "iv", "5": "v", "6": "vi", "7": "vii"}
_LONGEST = 60
_SHORTEST_START = 2  # characters of a name that is not complete


@dataclass(frozen=True, slots=True)
class Found:
    """The bodies that a name fits, in three groups, each in the order to show it.

    `exact` have this name. `related` begin with it, like the later marks of a body. `near` holds what may have been
    meant; it is empty unless nothing fits.
    """

    exact: tuple[Model, ...] = ()
    related: tuple[Model, ...] = ()
    near: tuple[Model, ...] = ()

    @property
    def fitting(self) -> tuple[Model, ...]:
        """All that fit, the exact ones first."""
        return (*self.exact, *self.related)

    @property
    def choice(self) -> Model | None:
        """The body that is certainly meant, or None: then somebody has to be asked.

        A short name is that of one body, and the beginning of others. It is taken for the one if all have the same
        port and profile.
        """
        if len(self.exact) != 1 or len({(model.port, model.profile) for model in self.fitting}) != 1:
            return None
        return self.exact[0]


def find_model(name: str) -> Found:
    """Return the bodies that a name fits; reads the list of bodies the first time."""
    brands, key = _brands_and_key(name)
    index = _index()

    def of_brand(models: Iterable[Model]) -> tuple[Model, ...]:
        return tuple(model for model in models if not brands or model.brand in brands)

    if not key:
        return Found(related=_newest_first(of_brand(all_models()))) if brands else Found()
    exact = next((models for form in _forms(name, key) if (models := of_brand(index.get(form, ())))), ())
    if exact:
        return Found(exact, () if brands else _newest_first(_relatives(key, exact)))
    starting = of_brand(_starting(key)) if brands or len(key) >= _SHORTEST_START else ()
    if starting:
        return Found(related=_newest_first(starting))
    return Found(near=of_brand(_near(key)) or _near(key))


def completed(beginning: str) -> list[str]:
    """Return short names that begin like this, in any case: `D8` is completed to D80, D800, D810, D850 and more.

    None for less than two letters, which would be hundreds.
    """
    key = beginning.casefold()
    if len(key) < _SHORTEST_START:
        return []
    return [beginning + other[len(key) :] for other in _index() if other.startswith(key)]


def _brands_and_key(name: str) -> tuple[tuple[str, ...], str]:
    """Return the brands that a name leaves possible, () for all, and its key."""
    text = unicodedata.normalize("NFKC", name[:_LONGEST]).casefold().replace("\N{GREEK SMALL LETTER ALPHA}", "a")
    key = re.sub(r"[^a-z0-9+]", "", _FILLERS.sub(" ", text))
    brands: tuple[str, ...] = ()
    while word := next((word for word in _BRAND_WORDS if key.startswith(word)), ""):
        key, brands = key.removeprefix(word), _BRAND_WORDS[word]
    key = _FAMILY.sub("", _ALPHA.sub("a", key), count=1)
    return brands, _OPEN_MARK.sub("", _MARK.sub(lambda match: _ROMAN.get(match[1], match[1]), key))


def _key(name: str) -> str:
    return _brands_and_key(name)[1]


def _forms(name: str, key: str) -> Iterator[str]:
    """Yield the key, then what it is with a loose number at its end as a mark: `a7m3`, `5D4`, `Z6 2`."""
    yield key
    loose = _LOOSE_MARK.sub(lambda match: f" mark {match[1]} {match[2]}", name.strip().casefold())
    yield _key(loose)


@cache
def _index() -> Mapping[str, tuple[Model, ...]]:
    """Return the bodies by each of their keys."""
    index: defaultdict[str, list[Model]] = defaultdict(list)
    for model in all_models():
        for key in dict.fromkeys(map(_key, (model.name, str(model), *model.aliases))):
            index[key].append(model)
    return {key: tuple(models) for key, models in index.items() if key}


def _relatives(key: str, exact: tuple[Model, ...]) -> Iterator[Model]:
    return (model for model in _starting(key) if model not in exact)


def _starting(key: str) -> Iterator[Model]:
    """Yield the bodies whose key goes on after this one, but not within a number: D80 is no start of D800."""
    for other, models in _index().items():
        if len(other) > len(key) and other.startswith(key) and not _SAME_NUMBER.match(other[len(key) - 1 :]):
            yield from models


def _newest_first(models: Iterable[Model]) -> tuple[Model, ...]:
    return tuple(sorted(dict.fromkeys(models), key=lambda model: -model.year))


def _near(key: str) -> tuple[Model, ...]:
    """Return the bodies whose key is nearest: its start, two neighbours swapped, or else similar."""
    index = _index()
    swaps = (f"{key[:at]}{key[at + 1]}{key[at]}{key[at + 2 :]}" for at in range(len(key) - 1))
    starts = [other for other in index if len(key) >= _SHORTEST_START and other.startswith(key)]
    for keys in ([swap for swap in swaps if swap in index], starts):
        if keys:
            return _newest_first(model for other in keys for model in index[other])[:MOST_NEAR]
    similar = difflib.get_close_matches(key, index, n=MOST_NEAR, cutoff=0.7)
    return tuple(dict.fromkeys(model for other in similar for model in index[other]))[:MOST_NEAR]
