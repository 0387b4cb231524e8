"""Writes the generated documents: `make docs`. A test fails when one of them is stale."""

from pathlib import Path

from config.cameras import load_profile
from config.schema import build, settings_table
from controller import lamps
from controller.machine import markdown_table, mermaid
from controller.planning import plan_frame
from controller.setup import Setup
from controller.states import FOCUS_TABLE, RELEASE_TABLE, Focus, Release
from hardware.clock import MILLISECOND_NS
from hardware.waveform import Change, draw

HERE = Path(__file__).parent
_NOTE = "<!-- Generated from the code by `make docs`; change the code, not this file. -->\n\n"


def states() -> str:
    """Return `states.md`: the two state machines as diagrams and tables."""
    return f"""{_NOTE}# The state machines

Both are tables in `controller/states.py`; nothing else changes a state. Illegal input changes nothing and is
answered with a reason.

## Focus

A word in brackets is a condition: *factory* means that half-press focuses on this body
(`camera.back_button_focus = false`), *trim* is the technique of `focus.mode`, *fresh* means that focusing began
at UNFOCUSED.

```mermaid
{mermaid(FOCUS_TABLE, Focus.UNFOCUSED)}
```

{markdown_table(FOCUS_TABLE)}

## Release

MIRROR_UP is reached by no row yet: mirror lock-up comes with the drives that need it.

```mermaid
{mermaid(RELEASE_TABLE, Release.IDLE)}
```

{markdown_table(RELEASE_TABLE)}
"""


def settings() -> str:
    """Return `settings.md`: every setting."""
    return f"""{_NOTE}# Settings

At the console: `show` tells what is set and where it comes from, `set KEY VALUE` changes it, `save` keeps it.
In a file: `backbutton config --default` prints one with every setting in it. Times are texts with a unit:
`"250ms"`, `"1/60s"`, `"2h"`.

{settings_table()}"""


def readme() -> str:
    """Return the README with the waveforms and the lamp codes of today between their marks."""
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    text = _between_marks(text, "waveforms", f"```\n{_waveforms()}\n```")
    return _between_marks(text, "lamp codes", _lamps())


def _between_marks(text: str, what: str, body: str) -> str:
    begin, end = f"<!-- {what}: written by `make docs` -->", f"<!-- end of {what} -->"
    before, after_begin = text.split(begin)
    _, after = after_begin.split(end)
    return f"{before}{begin}\n{body}\n{end}{after}"


def _waveforms() -> str:
    titles = {"nikon-mc-dc2": "Nikon (nikon-mc-dc2)", "canon-e3": "Canon (canon-e3)"}
    return "\n\n".join(f"{title}\n{_waveform(camera)}" for camera, title in titles.items())


def _waveform(camera: str) -> str:
    settings = build({"camera.profile": camera, "camera.back_button_focus": True})
    timeline = plan_frame(Setup(settings, load_profile(camera))).timeline
    changes = [Change(edge.at_ns, edge.line, edge.closed) for edge in timeline]
    return "\n".join(draw(changes, -50 * MILLISECOND_NS, 270 * MILLISECOND_NS))


def _lamps() -> str:
    """Return what each lamp shows, and the codes of the red one."""
    signs = [
        ("all", lamps.STARTED),
        *(("green", sign) for sign in lamps.READY_SIGNS.values()),
        *(("amber", sign) for sign in dict.fromkeys(lamps.BUSY_SIGNS.values())),
        ("red", lamps.FAULT),
        ("red", lamps.WARNING),
    ]
    shown = [f"| {lamp} | {sign.pattern.look} | {sign.meaning} |" for lamp, sign in signs]
    codes = [f"| {code.blinks} | {code.meaning} | {code.remedy} |" for code in lamps.CODES.values()]
    return "\n".join(
        (
            *("| lamp | | what it means |", "|---|---|---|", *shown, ""),
            *("| red blinks | refused, because | what to do |", "|---|---|---|", *codes),
        )
    )


DOCUMENTS = {"docs/states.md": states, "docs/settings.md": settings, "README.md": readme}


def main() -> None:
    """Write every document."""
    for name, text in DOCUMENTS.items():
        (HERE.parent / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
