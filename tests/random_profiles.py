"""Random camera profiles of a box's own: each is one that `cameras --check` accepts."""

import random
from pathlib import Path

from config.cameras import Cameras
from config.errors import ConfigError

OWN = "own"  # the id of the profile
_TIMES_MS = (1, 10, 50, 100, 330, 400, 500, 800, 1_000, 1_600, 3_000, 12_000)
_TIMES_S = (1, 2, 5, 6, 16, 30, 600)
_HEAD = """\
brand = "Mine"
connector = "three contacts"
supported = "yes"
pins = { focus = "half", shutter = "full", ground = "common" }
confidence = "low"
"""


def own_profile(draw: random.Random) -> str:
    """Draw the text of a profile that has no faults."""
    while True:
        text = _HEAD + "".join(f"{line}\n" for line in _lines(draw))
        if is_accepted(text):
            return text


def is_accepted(text: str) -> bool:
    """Return whether the check of profiles accepts it."""
    try:
        _TextOnly(text).check(Path(f"{OWN}.toml"))
    except ConfigError:
        return False
    return True


class _TextOnly(Cameras):
    """Reads a text in place of its only file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def check(self, path: Path):
        import tomllib  # noqa: PLC0415 - used here only

        from config.profile_read import Layer, check_values, layered, profile_of  # noqa: PLC0415 - as the original

        document = tomllib.loads(self._text)
        check_values(path.stem, document)
        return profile_of(path.stem, layered(document, Layer()))


def _lines(draw: random.Random):
    def some(text: str, chance: float = 0.5) -> list[str]:
        return [text] if draw.random() < chance else []

    def ms() -> int:
        return draw.choice(_TIMES_MS)

    def s() -> int:
        return draw.choice(_TIMES_S)

    def flag() -> str:
        return draw.choice(("true", "false"))

    yield from some(f"shutter_alone_fires = {flag()}", 0.7)
    yield from some(f"focus_held_during_release = {flag()}", 0.7)
    yield from some(f"release_focus_between_shots = {flag()}", 0.2)
    yield from some(f"half_press_lead_ms = {ms()}")
    yield from some(f"half_press_lead_min_ms = {ms()}", 0.2)
    yield from some(f"shutter_default_ms = {ms()}")
    yield from some(f"shutter_min_ms = {ms()}", 0.3)
    yield from some(f"min_gap_ms = {ms()}")
    yield from some(f"exposure_lag_ms = {ms()}", 0.3)
    wake = [*some(f"hold_ms = {ms()}"), *some(f"lead_ms = {ms()}"), *some(f"meter_off_default_s = {s()}")]
    yield f"wake = {{ {', '.join(wake)} }}"
    yield from some(f"keep_awake = {{ pulse_ms = {ms()}, every_s = {s()} }}", 0.3)
    yield from some(f"mirror_up = {{ {', '.join(_mirror(draw, some, ms, s, flag))} }}", 0.6)
    bulb = draw.choice(("hold", "hold", "toggle", "none"))
    yield f'bulb = "{bulb}"'
    if bulb != "none":
        yield from some(f"bulb_max_s = {s()}", 0.3)
    aeb = [
        *some(f'set_by = "{draw.choice(("hold", "press"))}"', 0.8),
        *some(f"stops_by_itself = {flag()}", 0.8),
    ]
    yield from some(f"aeb = {{ {', '.join(aeb)} }}", 0.7)


def _mirror(draw, some, ms, s, flag):
    kind = draw.choice(("press-press", "press-press", "self-timer-2s", "exposure-delay", "user-asked", "none"))
    yield f'kind = "{kind}"'
    yield from some(f"assert_focus = {flag()}", 0.3)
    if kind == "press-press":
        yield from some(f"first_press_ms = {ms()}", 0.3)
        yield from some(f"settle_min_ms = {ms()}", 0.3)
        yield from some(f"must_release_between = {flag()}", 0.3)
        if draw.random() < 0.7:
            yield f"timeout_s = {s()}"
            yield from some(f'on_timeout = "{draw.choice(("drops", "exposes"))}"', 0.8)
