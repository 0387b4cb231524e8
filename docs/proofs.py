"""Proves the virtual body of every camera profile from scratch, for the tables in `proof.md`."""

from collections.abc import Iterator
from functools import cache

from config.cameras import Cameras, load_profile, profile_ids
from config.profile_keys import flattened
from controller.prove.careful import RULES
from controller.prove.press import KINDS
from controller.prove.proof import Proof
from controller.prove.text import ASKS, DESCRIBED
from controller.prove.verdict import Judged, Verdict, verdict
from controller.simulate.proving import prove
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks import quirks_of

_ORDER = {1: "more careful", 0: "the same", -1: "less careful", None: "other"}


@cache
def proven(profile_id: str) -> tuple[Proof, Verdict]:
    """Return the proof of the profile's own virtual body, set to back-button focus, and its verdict."""
    profile = load_profile(profile_id)
    mirror = "" if profile.mirror_up is None else profile.mirror_up.kind
    owner = VirtualOwner(quirks_of(profile, half_press_focuses=False))
    proof = prove(Proof(profile_id, "virtual", profile.bulb, mirror), owner)
    return proof, verdict(proof, Cameras().layer(profile_id))


def profiles() -> str:
    """Return the table of profiles: where the texts and the proof of the virtual body differ."""
    usable = [each for each in profile_ids() if load_profile(each).is_usable]
    rows = [row for profile_id in usable for row in _rows(profile_id)]
    head = (
        "| camera | questions | key | text says | how sure | proof says | that is | taken |",
        "|---|--:|---|---|---|---|---|---|",
    )
    return "\n".join((*head, *rows))


def _rows(profile_id: str) -> Iterator[str]:
    proof, given = proven(profile_id)
    flat = flattened(Cameras().layer(profile_id).facts)
    first = (f"`{profile_id}`", str(len(proof.entries)))
    differing = [each for each in given.judged if each.care.sign != 0]
    for number, each in enumerate(differing):
        cells = (*(first if number == 0 else ("", "")), *_cells(profile_id, flat, each))
        yield f"| {' | '.join(cells)} |"
    if not differing:
        yield f"| {' | '.join((*first, '', '', '', 'nothing else', '', ''))} |"


def _cells(profile_id: str, flat: dict[str, object], each: Judged) -> tuple[str, ...]:
    key = each.finding.key
    sure = load_profile(profile_id).confidence_of(key)
    text = "nothing" if each.care.before is None else _plain(each.care.before)
    if key not in flat:
        sure = "not given" if each.care.before is None or sure == "unknown" else sure
    return (
        f"`{key}`",
        text,
        sure,
        f"{_plain(each.finding.value)}: {each.finding.how}",
        _ORDER[each.care.sign],
        "yes" if each.is_taken else "no",
    )


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def questions() -> str:
    """Return the table of presses and what each asks."""
    rows = [f"| {DESCRIBED[kind]} | {' '.join(ASKS[each] for each in rule.asks)} |" for kind, rule in KINDS.items()]
    return "\n".join(("| press | question |", "|---|---|", *rows))


def careful() -> str:
    """Return the table of keys: whether a value that is less careful may be taken, and why."""
    rows = (
        f"| `{key}` | {'if all agree' if rule.may_loosen else 'never'} | {rule.why} |" for key, rule in RULES.items()
    )
    return "\n".join(("| key | less careful | why |", "|---|---|---|", *rows))
