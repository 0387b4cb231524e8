"""Nights to plan. `PYTHONPATH=.:tests python -m plan.nights` rewrites their golden files."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.cameras import load_profile
from config.schema import build, find_field
from controller.core.events import ClockRead
from controller.core.setup import Setup
from controller.plan import text as plan_text
from controller.plan.picture import draw
from controller.plan.planning import plan_frame
from hardware.clock import ClockSample

S = 1_000_000_000
GOLDEN = Path(__file__).parent / "nights"
ZURICH = {"site.latitude": "47.37", "site.longitude": "8.54", "site.timezone": "Europe/Zurich"}
TROMSO = {"site.latitude": "69.65", "site.longitude": "18.96", "site.timezone": "Europe/Oslo"}
QUITO = {"site.latitude": "-0.18", "site.longitude": "-78.47", "site.timezone": "America/Guayaquil"}
EVEN = {"shot.ramp": "0% 1s, 50% 4s, 100% 2s", "shot.ramp_shape": "even", "interval.every": "10s"}

# The camera, the local time at which it is planned, and the settings.
NIGHTS = {
    "zurich": (
        "canon-e3",
        "2027-03-20 17:30",
        ZURICH
        | {
            "interval.every": "25s",
            "interval.start": "sunset-10m",
            "interval.count": "250",
            "shot.ramp": "sunset 1s, -6deg 4s, -9deg 20s",
            "shot.steps": "-2deg ISO 100-800, -7deg f/8-f/2.8",
        },
    ),
    "tromso": (
        "canon-e3",
        "2027-06-20 12:00",
        TROMSO
        | {
            "interval.every": "30s",
            "interval.start": "21:00",
            "interval.count": "840",
            "shot.ramp": "+5deg 1s, 00:44 4s, +5deg 1s",
        },
    ),
    "quito": (
        "nikon-mc-dc2",
        "2027-09-23 16:00",
        QUITO
        | {
            "interval.every": "20s",
            "interval.start": "sunset-20m",
            "interval.count": "300",
            "shot.ramp": "sunset 1/2s, -6deg 2s, -9deg 10s",
            "shot.steps": "-1deg ISO 100-800, -5deg f/8-f/4",
        },
    ),
    "clock-change": (
        "canon-e3",
        "2027-03-27 17:00",
        ZURICH
        | {
            "interval.every": "30s",
            "interval.start": "sunset-10m",
            "interval.end": "sunrise+20m",
            "interval.count": "0",
            "shot.ramp": "sunset 1s, -9deg 20s, -9deg 20s, sunrise 1s",
            "shot.steps": "-3deg ISO 100-1600, -3deg ISO 1600-100",
        },
    ),
}
OTHERS = {
    "by shares, without a clock": ("canon-e3", None, EVEN | {"interval.count": "361"}),
    "two frames": ("canon-e3", None, EVEN | {"interval.count": "2"}),
    "from a first exposure to a last": (
        "canon-e3",
        "2027-03-20 12:00",
        {"interval.every": "20s", "interval.count": "100", "shot.exposure": "1s", "shot.exposure_end": "16s"},
    ),
    "clocks that go back": (
        "canon-e3",
        "2027-10-30 22:00",
        ZURICH | EVEN | {"interval.count": "3000"},
    ),
    "too short, and too long": (
        "canon-e3",
        "2027-03-20 17:30",
        NIGHTS["zurich"][2] | {"interval.every": "15s", "shot.steps": "-2deg ISO 100-3200, -7deg f/8-f/2.8"},
    ),
    "all before the run": ("canon-e3", "2027-03-20 21:00", NIGHTS["zurich"][2] | {"interval.start": "now"}),
    "until stopped, by daylight": (
        "canon-e3",
        "2027-03-20 14:00",
        ZURICH | EVEN | {"shot.ramp": "14:10 1s, 15:00 2s"},
    ),
    "twelve keys and eight hand-steps": (
        "nikon-mc-dc2",
        "2027-03-20 17:30",
        ZURICH
        | {
            "interval.every": "40s",
            "interval.every_end": "20s",
            "interval.start": "sunset-30m",
            "interval.count": "400",
            "shot.ramp": "+2deg 1/2s, sunset 1/2s, -2deg 1s, -3deg 1s, -4deg 1s, -5deg 2s, -6deg 2s, -7deg 4s, "
            "-8deg 4s, -9deg 8s, -10deg 8s, -12deg 15s",
            "shot.steps": "0deg ISO 100-200, -1deg ISO 200-400, -2.2deg ISO 400-800, -3.1deg f/8-f/5.6, "
            "-4.5deg f/5.6-f/4, -5.5deg f/4-f/2.8, -6.6deg f/2.8-f/2, -7.7deg f/2-f/1.4",
        },
    ),
}
ALL = NIGHTS | OTHERS


def planned(name, **changes):
    """The plan of a night and the clock that it is made by; `changes` are settings written `shot__drive="bulb"`."""
    camera, at, texts = ALL[name]
    return plan_at(camera, at, texts | {key.replace("__", "."): text for key, text in changes.items()})


def plan_at(camera, at, texts):
    texts = {"camera.profile": camera, "camera.back_button_focus": "true", "shot.drive": "bulb"} | texts
    settings = build({key: find_field(key).parse(text) for key, text in texts.items()})
    clock = None
    if at is not None:
        local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(settings.site.timezone or "Europe/Zurich"))
        clock = ClockRead(ClockSample(int(local.timestamp()) * S, 0, is_trusted=True), local.tzinfo)
    return plan_frame(Setup(settings, load_profile(camera)), clock), clock


def picture(name):
    return draw(*planned(name))


def text(name):
    plan, clock = planned(name)
    return "\n".join((*plan_text.chart(plan, clock), "", *plan_text.lines(plan, clock))) + "\n"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in NIGHTS:
        (GOLDEN / f"{each}.svg").write_text(picture(each), encoding="utf-8")
        (GOLDEN / f"{each}.txt").write_text(text(each), encoding="utf-8")
