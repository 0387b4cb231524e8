"""The settings of the box, declared section by section: each with its kind, default, bounds and help.

Knows which settings there are; knows neither how they depend on each other nor files.
"""

from config.cameras import profile_ids
from config.field import (
    camera,
    choice,
    degrees,
    duration,
    durations,
    end,
    pin,
    start,
    statement,
    switch,
    whole,
    zone,
)
from config.record import dataclass
from config.stops import THIRD_STOPS
from config.when import DELAY, When


@dataclass(frozen=True, slots=True)
class FocusSettings:
    """What the back button does."""

    mode: str = choice(
        "single",
        ("single", "continuous", "trim"),
        "single: focus, let go, shoot; continuous: shoot while focusing too; trim: then turn the ring, tap",
    )
    min_hold_ns: int = duration("300ms", "50ms", "5s", "a back press shorter than this is a tap")
    double_tap_ns: int = duration("400ms", "100ms", "2s", "two taps no further apart than this clear the focus")
    expires_ns: int = duration("0s", "0s", "24h", "dialled-in focus is cleared after this time; 0s is never")
    lock_limit_ns: int = duration(
        "4h", "1m", "24h", "a focus lock is opened after this time, whatever happens", in_run=True
    )
    interlock: bool = switch(True, "release only what is dialled in; false makes a plain remote", in_run=True)


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """How long a contact may stay closed."""

    max_hold_ns: int = duration(
        "30s", "1s", "10m", "a contact held by a button is opened after this time", in_run=True
    )
    max_exposure_ns: int = duration("1h", "1s", "24h", "no bulb exposure may be longer", in_run=True)


@dataclass(frozen=True, slots=True)
class ShotSettings:
    """What one release does."""

    drive: str = choice(
        "single",
        ("single", "burst", "bulb", "bracket"),
        "as the dial of the camera: single, burst (the shutter follows the button), bulb, bracket",
        in_run=True,
    )
    exposure_ns: int = duration(
        "30s", "1ms", "24h", "how long a bulb exposure lasts", suggested=THIRD_STOPS, in_run=True
    )
    exposure_end_ns: int = duration(
        "0s",
        "0s",
        "24h",
        "the bulb exposure of a run's last frame, reached in even parts of a stop; 0s: all are the same",
        suggested=THIRD_STOPS,
        in_run=True,
    )
    mirror_up_ns: int = duration(
        "0s",
        "0s",
        "25s",
        "raise the mirror by a press of its own, and let it settle for this; 0s is off",
        in_run=True,
    )
    bracket: tuple[int, ...] = durations(
        "1ms", "24h", 15, "the bulb exposures of a bracket; none: the body's own bracketing set", in_run=True
    )
    bracket_hold_ns: int = duration(
        "3s", "100ms", "10m", "how long the body's own bracketing set takes; SHUTTER is held for it", in_run=True
    )
    self_timer_ns: int = duration("0s", "0s", "1m", "wait this long before a release; 0s is off", in_run=True)


@dataclass(frozen=True, slots=True)
class IntervalSettings:
    """How a run goes on."""

    every_ns: int = duration("5s", "100ms", "24h", "from the start of a frame to the next", in_run=True)
    every_end_ns: int = duration(
        "0s", "0s", "24h", "the last interval of a run, reached in even steps; 0s: all are the same", in_run=True
    )
    count: int = whole(0, 0, 1_000_000, "number of frames; 0 goes on until stopped", in_run=True)
    tolerance_ns: int = duration("50ms", "0s", "10s", "a frame later than this is skipped", in_run=True)
    overrun: str = choice(
        "skip",
        ("skip", "stop"),
        "after a frame that cannot be on time: skip it and go on, or stop",
        in_run=True,
    )
    start: When = start("when a run begins: now, after a delay, at a local time, or by the sun", in_run=True)
    resume: str = choice(
        "ask",
        ("ask", "auto", "off"),
        "what becomes of a run that a power cut has interrupted: offer it, go on with it, or drop it",
    )
    start_tolerance_ns: int = duration(
        "1m", "0s", "12h", "a start by clock or sun may come so late; later it is missed", in_run=True
    )
    end: When | None = end(
        "when a run is over, if not by its count: a local time, by the sun, or a length like +2h", in_run=True
    )

    @property
    def start_delay_ns(self) -> int:
        """How long after it is asked for a run begins; 0 too where that is up to the clock or the sun."""
        return self.start.offset_ns if self.start.kind == DELAY else 0


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Which camera is connected, and how its body is set up."""

    profile: str = camera(
        "generic", profile_ids(), "the connector of the camera; the command cameras lists them", in_run=True
    )
    back_button_focus: bool | None = statement(
        "true: half-press does not focus (or the lens is at MF); false: it does; unset: not said yet",
        in_run=True,
    )
    shutter_lag_ns: int = duration(
        "0s",
        "0s",
        "10s",
        "from SHUTTER to the exposure, see calibrate: a bulb is held so much longer; 0s: as the profile says",
        in_run=True,
    )

    close_lag_ns: int = duration(
        "0s",
        "0s",
        "1s",
        "from the end of a bulb's SHUTTER to the end of the exposure; 0s is not measured",
        in_run=True,
    )
    noise_reduction: bool = switch(
        False, "after a bulb exposure the body takes a dark frame as long as that", in_run=True
    )
    wake: bool = switch(True, "wake a body that may have gone to sleep before a frame", in_run=True)
    keep_awake: bool = switch(
        False, "half-press now and then while focus is dialled in, so that the body stays awake", in_run=True
    )


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Where the box is, for starts and ends by clock and sun."""

    latitude_udeg: int | None = degrees(90, "decimal degrees, south is negative")
    longitude_udeg: int | None = degrees(180, "decimal degrees, west is negative")
    timezone: str | None = zone("the name of the time zone of clock times; unset: that of the machine")


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """How the buttons are read."""

    debounce_ns: int = duration("20ms", "1ms", "100ms", "after an edge, ignore a button's contact for this time")


@dataclass(frozen=True, slots=True)
class PinSettings:
    """Where things are connected, in BCM numbers."""

    focus: int = whole(17, 0, 27, "FOCUS contact, BCM number", restart=True)
    shutter: int = whole(27, 0, 27, "SHUTTER contact, BCM number", restart=True)
    back_button: int = whole(5, 0, 27, "button back, BCM number", restart=True)
    shutter_button: int = whole(6, 0, 27, "button shutter, BCM number", restart=True)
    run_button: int = whole(12, 0, 27, "button run, BCM number", restart=True)
    ready_lamp: int | None = pin(22, "lamp ready (green), BCM number")
    busy_lamp: int | None = pin(23, "lamp busy (amber), BCM number")
    fault_lamp: int | None = pin(24, "lamp refused / fault (red), BCM number")
    sync: int | None = pin(None, "sync input (flash contact through an opto), BCM number; 25 is free")
    buzzer: int | None = pin(None, "active buzzer, BCM number; it repeats what the red lamp says")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, a section each; `Settings()` is what the box does when nobody has said anything."""

    focus: FocusSettings = FocusSettings()
    safety: SafetySettings = SafetySettings()
    shot: ShotSettings = ShotSettings()
    interval: IntervalSettings = IntervalSettings()
    camera: CameraSettings = CameraSettings()
    site: SiteSettings = SiteSettings()
    buttons: ButtonSettings = ButtonSettings()
    pins: PinSettings = PinSettings()
