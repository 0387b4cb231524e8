"""Writes the generated documents: `make docs`. A test fails when one of them is stale."""

import textwrap
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.cameras import load_profile, profile_ids
from config.profile import SUPPORTED, Profile
from config.schema import Settings, build, find_field, settings_table
from controller.cli import wiring
from controller.core import lamps
from controller.core.events import ClockRead
from controller.core.setup import Setup
from controller.core.states import FOCUS_TABLE, RELEASE_TABLE, Focus, Release
from controller.doctor.checks import CHECKS
from controller.plan import picture
from controller.plan.diagram import draw_plan
from controller.plan.planning import plan_frame
from docs import (
    box_picture,
    brands,
    console_page,
    every_camera,
    man_page,
    plugs,
    proofs,
    shell_completion,
    strip_board,
)
from docs.schematic import DRAWINGS
from docs.state_tables import markdown_table, mermaid
from hardware.clock import MILLISECOND_NS, SECOND_NS, ClockSample
from hardware.waveform import Change, draw

# The grades of `Profile.confidence_of`, from best to worst.
_GRADES = ("proven", "confirmed", "single source", "weak", "inferred", "ungraded", "unknown")

HERE = Path(__file__).parent
_WIDTH = 120  # of the documents
_NOTE = "<!-- Generated from the code by `make docs`; change the code, not this file. -->\n\n"


def states() -> str:
    """Return `states.md`: the two state machines as diagrams and tables."""
    return f"""{_NOTE}# The state machines

Both are tables in `controller/core/states.py`; nothing else changes a state. Illegal input changes nothing and is
answered with a reason.

## Focus

A word in brackets is a condition: *factory* means that half-press focuses on this body
(`camera.back_button_focus = false`), *tracks* that it does so in AF-C (`camera.continuous_af = true`) and the
interlock is on, *trim* is the technique of `focus.mode`, *fresh* means that focusing began at UNFOCUSED.

```mermaid
{mermaid(FOCUS_TABLE, Focus.UNFOCUSED)}
```

{markdown_table(FOCUS_TABLE)}

## Release

MIRROR_UP lasts from the press that raises the mirror to the exposure, or after a cut until the mirror is down again.

```mermaid
{mermaid(RELEASE_TABLE, Release.IDLE)}
```

{markdown_table(RELEASE_TABLE)}
"""


def settings() -> str:
    """Return `settings.md`: every setting."""
    return f"""{_NOTE}# Settings

At the console, `show` lists the settings and where each value comes from, `set KEY VALUE` changes one, and `save`
keeps the changes. `backbutton config --default` prints a settings file that explains every setting. In a file, times
are texts with a unit: `"250ms"`, `"1/60s"`, `"2h"`.

{settings_table()}"""


def readme() -> str:
    """Return the README with the current table of cameras between its marks."""
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    return _between_marks(text, "brands", f"{textwrap.fill(brands.counted(), _WIDTH)}\n\n{brands.table()}")


def techniques() -> str:
    """Return `techniques.md` with the current waveforms between their marks."""
    text = (HERE / "techniques.md").read_text(encoding="utf-8")
    return _between_marks(text, "waveforms", f"```\n{_waveforms()}\n```")


def doctor() -> str:
    """Return `doctor.md` with the current checks between their marks."""
    return _between_marks((HERE / "doctor.md").read_text(encoding="utf-8"), "checks", _checks())


def lamp_codes() -> str:
    """Return `lamps.md` with the current lamp codes between their marks."""
    return _between_marks((HERE / "lamps.md").read_text(encoding="utf-8"), "lamp codes", _lamps())


def _checks() -> str:
    rows = (f"| {check.name} | {check.about} |" for check in CHECKS)
    return "\n".join(("| check | what it looks at |", "|---|---|", *rows))


def build_the_box() -> str:
    """Return `build-the-box.md` with the default pins and the cameras' plugs between their marks."""
    text = (HERE / "build-the-box.md").read_text(encoding="utf-8")
    pins = Settings().pins
    text = _between_marks(text, "header", "```\n" + "\n".join(wiring.header_lines(Settings())) + "\n```")
    text = _between_marks(text, "pins", _pins())
    text = _between_marks(text, "plugs", _plugs())
    boot = f"```\ndtparam=strict_gpiod\ngpio={pins.focus},{pins.shutter}=op,dl\n```"
    return _between_marks(text, "config.txt", boot)


def cameras() -> str:
    """Return `cameras.md` with what every camera does in every drive between its marks."""
    text = (HERE / "cameras.md").read_text(encoding="utf-8")
    return _between_marks(text, "every camera", every_camera.table())


def proof() -> str:
    """Return `proof.md` with the presses, the rules of an overlay, and every profile proven, between their marks."""
    text = (HERE / "proof.md").read_text(encoding="utf-8")
    text = _between_marks(text, "questions", proofs.questions())
    text = _between_marks(text, "careful", proofs.careful())
    return _between_marks(text, "profiles", proofs.profiles())


def console() -> str:
    """Return `console.md` with the words, a session and every command, played on the bench, between its marks."""
    text = (HERE / "console.md").read_text(encoding="utf-8")
    text = _between_marks(text, "error words", console_page.words())
    text = _between_marks(text, "session", console_page.session())
    return _between_marks(text, "commands", console_page.commands())


def _pins() -> str:
    """Return the table of default pins."""
    rows = (
        f"| {each.what} | `{each.setting}` | {_or_unset(each.bcm, 'GPIO')} | {_or_unset(each.pin)} | {each.circuit} |"
        for each in wiring.connections(Settings())
    )
    return "\n".join(("| what | setting | BCM | pin | what to connect |", "|---|---|---|---|---|", *rows))


def _or_unset(number: int | None, prefix: str = "") -> str:
    return "unset" if number is None else f"{prefix}{number}"


def _plugs() -> str:
    """Return the table of plugs whose contacts are known, remarks on them, and why the others have no row."""
    profiles = [load_profile(name) for name in profile_ids() if name != "generic"]
    known = [profile for profile in profiles if None not in _contacts(profile)]
    rows = (
        f"| {_port(profile)} | {' | '.join(map(_contact, _contacts(profile)))} | {_sure(profile)} |"
        for profile in known
    )
    extra = (f"- `{profile.id}`: {_remarks(profile)}." for profile in known if profile.pins.remarks)
    others = (f"- {_port(profile)}: {_why(profile).rstrip('.')}." for profile in profiles if profile not in known)
    return "\n".join(
        (
            *("| camera port | FOCUS | SHUTTER | ground | how sure |", "|---|---|---|---|---|", *rows, ""),
            *("Remarks on these plugs:", "", *extra, ""),
            *("Ports without a row, and why:", "", *others),
        )
    )


def _port(profile: Profile) -> str:
    return f"`{profile.id}`: {profile.connector}"


def _contacts(profile: Profile) -> tuple[str | None, str | None, str | None]:
    return (profile.pins.focus, profile.pins.shutter, profile.pins.ground)


def _contact(name: str | None) -> str:
    return f"pin {name}" if name and name[0].isdigit() else str(name)


def _sure(profile: Profile) -> str:
    """Return the worst grade of the three contacts."""
    grades = [profile.confidence_of(f"pins.{contact}") for contact in ("focus", "shutter", "ground")]
    return max((_GRADES.index(grade), grade) for grade in grades)[1]


def _remarks(profile: Profile) -> str:
    named = ((name.replace("_", " "), text) for name, text in profile.pins.remarks)
    return "; ".join(text if name == "note" else f"{name}: {text}" for name, text in named)


def _why(profile: Profile) -> str:
    """Return why there is no row, in the profile's own words if it has some."""
    if not profile.is_usable:
        return profile.why_not or SUPPORTED[profile.supported]
    return _remarks(profile) or profile.notes


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


def plan_diagram() -> str:
    """Return the timing diagram of a frame with many parts: a bulb exposure with mirror-up on a Nikon."""
    values = {
        "camera.profile": "nikon-mc-dc2",
        "camera.back_button_focus": True,
        "shot.drive": "bulb",
        "shot.exposure": 240 * SECOND_NS,
        "shot.mirror_up": 3 * SECOND_NS,
    }
    return draw_plan(plan_frame(Setup(build(values), load_profile("nikon-mc-dc2"))))


def twilight() -> str:
    """Return the picture of a night: a ramp from sunset to the dark, at Zurich on a day in March."""
    values = {
        "camera.profile": "canon-e3",
        "camera.back_button_focus": "true",
        "site.latitude": "47.37",
        "site.longitude": "8.54",
        "shot.drive": "bulb",
        "shot.ramp": "sunset 1s, -6deg 4s, -9deg 20s",
        "shot.steps": "-2deg ISO 100-800, -7deg f/8-f/2.8",
        "interval.every": "25s",
        "interval.count": "250",
    }
    settings = build({key: find_field(key).parse(text) for key, text in values.items()})
    zone = ZoneInfo("Europe/Zurich")
    at_s = round(datetime(2027, 3, 20, 18, 28, tzinfo=zone).timestamp())
    clock = ClockRead(ClockSample(at_s * SECOND_NS, 0, is_trusted=True), zone)
    return picture.draw(plan_frame(Setup(settings, load_profile("canon-e3")), clock), clock)


def _lamps() -> str:
    """Return the tables of the lamps' signs and of the red lamp's codes."""
    signs = [
        ("all", lamps.STARTED),
        *(("green", sign) for sign in lamps.READY_SIGNS.values()),
        *(("amber", sign) for sign in dict.fromkeys(lamps.BUSY_SIGNS.values())),
        ("green", lamps.CALL),
        ("green and amber", lamps.PRESET),
        ("all", lamps.PAIRING),
        ("red", lamps.FAULT),
        ("red", lamps.WARNING),
    ]
    sign_rows = [f"| {lamp} | {sign.pattern.look} | {sign.meaning} |" for lamp, sign in signs]
    code_rows = [f"| {code.blinks} | {code.meaning} | {code.remedy} |" for code in lamps.CODES.values()]
    return "\n".join(
        (
            *("| lamp | | what it means |", "|---|---|---|", *sign_rows, ""),
            *("| red blinks | refused, because | what to do |", "|---|---|---|", *code_rows),
        )
    )


DOCUMENTS = {
    "docs/states.md": states,
    "docs/settings.md": settings,
    "docs/build-the-box.md": build_the_box,
    "docs/cameras.md": cameras,
    "docs/proof.md": proof,
    "docs/console.md": console,
    "docs/plan-nikon-mirror-up.svg": plan_diagram,
    "docs/twilight.svg": twilight,
    "docs/techniques.md": techniques,
    "docs/doctor.md": doctor,
    "docs/lamps.md": lamp_codes,
    "docs/box.svg": box_picture.box,
    "docs/strip-board.svg": strip_board.board,
    "docs/plugs.svg": plugs.plugs,
    "debian/backbutton.1": man_page.man_page,
    "debian/completions/backbutton": shell_completion.bash_completion,
    "README.md": readme,
}
DOCUMENTS |= {f"docs/schematic-{name}.svg": draw_it for name, draw_it in DRAWINGS.items()}


def main() -> None:
    """Write every document."""
    for name, text in DOCUMENTS.items():
        (HERE.parent / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
