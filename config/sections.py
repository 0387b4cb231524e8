"""The settings of the box, declared section by section, each with its kind, default, bounds and help text.

Knows neither how settings depend on each other nor the files they are kept in.
"""

from config.cameras import profile_ids
from config.field import (
    angle,
    camera,
    choice,
    duration,
    durations,
    end,
    integer,
    model,
    pin,
    ramp,
    start,
    statement,
    steps,
    switch,
    zone,
)
from config.ramp import Key
from config.record import dataclass
from config.steps import Step
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
    min_hold_ns: int = duration(
        "300ms", "50ms", "5s", "a press of back shorter than this counts as a tap", in_run=True
    )
    double_tap_ns: int = duration("400ms", "100ms", "2s", "two taps of back within this time clear the focus")
    expires_ns: int = duration("0s", "0s", "24h", "clear dialled-in focus after this time; 0s: never")
    lock_limit_ns: int = duration("4h", "1m", "24h", "open the focus lock after this time at the latest", in_run=True)
    interlock: bool = switch(
        True, "release the shutter only when focus is dialled in; false: act as a plain remote", in_run=True
    )


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """How long a contact may stay closed, and how long an exposure may last."""

    max_hold_ns: int = duration(
        "30s", "1s", "10m", "open a contact that a button holds closed after this time", in_run=True
    )
    max_exposure_ns: int = duration("1h", "1s", "24h", "the longest bulb exposure allowed", in_run=True)


@dataclass(frozen=True, slots=True)
class ShotSettings:
    """What one release does."""

    drive: str = choice(
        "single",
        ("single", "burst", "bulb", "bracket"),
        "single, burst (SHUTTER follows the button), bulb or bracket; set the camera's dial to match",
        in_run=True,
    )
    exposure_ns: int = duration(
        "30s", "1ms", "24h", "how long a bulb exposure lasts", suggested=THIRD_STOPS, in_run=True
    )
    exposure_end_ns: int = duration(
        "0s",
        "0s",
        "24h",
        "the bulb exposure of a run's last frame, reached in equal fractions of a stop; 0s: all the same",
        suggested=THIRD_STOPS,
        in_run=True,
    )
    ramp: tuple[Key, ...] = ramp(
        "bulb exposures at moments of a run, by the sun, clock or share of it; none: as shot.exposure",
        in_run=True,
    )
    ramp_shape: str = choice(
        "sky",
        ("sky", "even"),
        "between keys: sky: as a clear sky gets dark or light; even: equal fractions of a stop",
        in_run=True,
    )
    ramp_limit: str = choice(
        "1/3",
        ("1/6", "1/3", "1/2", "2/3", "1", "2"),
        "stops by which a ramp or a trim may change the exposure from one frame to the next",
        in_run=True,
    )
    steps: tuple[Step, ...] = steps(
        "what you change on the camera by hand on the way, in its own terms or in stops like +3",
        in_run=True,
    )
    mirror_up_ns: int = duration(
        "0s",
        "0s",
        "25s",
        "raise the mirror with a separate press and let it settle for this time; 0s: off",
        in_run=True,
    )
    bracket: tuple[int, ...] = durations(
        "1ms",
        "24h",
        15,
        "the bulb exposures of a bracket, like 1s, 4s, 16s; none: use the camera's own bracketing",
        in_run=True,
    )
    bracket_hold_ns: int = duration(
        "3s", "100ms", "10m", "hold SHUTTER for this time while the camera takes its own bracketing set", in_run=True
    )
    self_timer_ns: int = duration("0s", "0s", "1m", "wait this long before releasing; 0s: off", in_run=True)


@dataclass(frozen=True, slots=True)
class IntervalSettings:
    """How many frames a run takes, how often, and when."""

    every_ns: int = duration(
        "5s", "100ms", "24h", "time from the start of one frame to the start of the next", in_run=True
    )
    every_end_ns: int = duration(
        "0s",
        "0s",
        "24h",
        "the last interval of a run, reached in equal steps; 0s: all intervals the same",
        in_run=True,
    )
    count: int = integer(0, 0, 1_000_000, "number of frames in a run; 0: run until stopped", in_run=True)
    tolerance_ns: int = duration("50ms", "0s", "10s", "skip a frame that would be later than this", in_run=True)
    overrun: str = choice(
        "skip",
        ("skip", "stop"),
        "when a frame cannot be on time: skip it and continue, or stop the run",
        in_run=True,
    )
    start: When = start("when a run starts: now, after a delay, at a local time, or by the sun", in_run=True)
    resume: str = choice(
        "ask",
        ("ask", "auto", "off"),
        "after a power cut during a run: ask whether to resume it, resume it automatically, or drop it",
    )
    start_tolerance_ns: int = duration(
        "1m", "0s", "12h", "a start by clock or sun may be this late; after that it is missed", in_run=True
    )
    end: When | None = end(
        "when a run ends if it has not reached its count: a local time, by the sun, or after a time like +2h",
        in_run=True,
    )

    @property
    def start_delay_ns(self) -> int:
        """Delay from the start command to the first frame; 0 where the start depends on the clock or the sun."""
        return self.start.offset_ns if self.start.kind == DELAY else 0


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Which camera is connected, and how it is set up."""

    profile: str = camera(
        "generic", profile_ids(), "the camera's remote connector; the command cameras lists them all", in_run=True
    )
    model: str | None = model("the camera body; setting it sets camera.profile too", in_run=True)
    back_button_focus: bool | None = statement(
        "true: half-press does not focus (or the lens is on MF); false: it does; unset: not known yet",
        in_run=True,
    )
    continuous_af: bool | None = statement(
        "if half-press focuses: true: in AF-C / AI Servo; false: in AF-S / One Shot; unset: not known yet",
        in_run=True,
    )
    shutter_lag_ns: int = duration(
        "0s",
        "0s",
        "10s",
        "delay from SHUTTER to the exposure (see calibrate), added to bulbs; 0s: as in the profile",
        in_run=True,
    )
    lag_spread_ns: int = duration(
        "0s",
        "0s",
        "1s",
        "median deviation of that lag (see calibrate); 0s: not measured",
        in_run=True,
    )
    lag_watch: str = choice(
        "warn",
        ("off", "warn", "pause"),
        "when a frame comes so late that the camera may have focused: warn, or pause the run too",
    )
    close_lag_ns: int = duration(
        "0s",
        "0s",
        "1s",
        "delay from opening SHUTTER to the end of a bulb exposure; 0s: not measured",
        in_run=True,
    )
    shortest_bulb_ns: int = duration(
        "0s",
        "0s",
        "10s",
        "the shortest bulb exposure this camera takes dependably; 0s: as in the profile",
        in_run=True,
    )
    noise_reduction: bool = switch(
        False, "true if the camera takes an equally long dark frame after each bulb exposure", in_run=True
    )
    wake: bool = switch(True, "before a frame, wake a camera that may be asleep", in_run=True)
    keep_awake: bool = switch(
        False, "half-press regularly while focus is dialled in, to keep the camera awake", in_run=True
    )


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Where the box is, for starts and ends by the clock or the sun."""

    latitude_udeg: int | None = angle("latitude", 90, "degrees like 47.37 or 47°22'N, south is negative", in_run=True)
    longitude_udeg: int | None = angle("longitude", 180, "degrees like 8.54 or 8°32'E, west is negative", in_run=True)
    timezone: str | None = zone(
        "name of the time zone for clock times, like Europe/Zurich; unset: the machine's", in_run=True
    )


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """How the buttons are read."""

    debounce_ns: int = duration(
        "20ms", "1ms", "100ms", "ignore a button for this time after each change (contact bounce)"
    )


@dataclass(frozen=True, slots=True)
class PinSettings:
    """Which pin each part is connected to, in BCM numbers."""

    focus: int = integer(17, 0, 27, "FOCUS contact, BCM number", restart=True)
    shutter: int = integer(27, 0, 27, "SHUTTER contact, BCM number", restart=True)
    back_button: int = integer(5, 0, 27, "button back, BCM number", restart=True)
    shutter_button: int = integer(6, 0, 27, "button shutter, BCM number", restart=True)
    run_button: int = integer(12, 0, 27, "button run, BCM number", restart=True)
    ready_lamp: int | None = pin(22, "lamp ready (green), BCM number")
    busy_lamp: int | None = pin(23, "lamp busy (amber), BCM number")
    fault_lamp: int | None = pin(24, "lamp fault (red: refusals and faults), BCM number")
    sync: int | None = pin(None, "sync input (flash contact through an optocoupler), BCM number; 25 is free")
    buzzer: int | None = pin(None, "active buzzer, BCM number; it repeats the codes of the red lamp")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, section by section; `Settings()` holds the defaults."""

    focus: FocusSettings = FocusSettings()
    safety: SafetySettings = SafetySettings()
    shot: ShotSettings = ShotSettings()
    interval: IntervalSettings = IntervalSettings()
    camera: CameraSettings = CameraSettings()
    site: SiteSettings = SiteSettings()
    buttons: ButtonSettings = ButtonSettings()
    pins: PinSettings = PinSettings()
