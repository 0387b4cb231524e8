"""What a photographer asks help about that is no command: a few lines each, with what to type.

Every line to type is tried in a test.
"""

TOPICS: dict[str, tuple[str, ...]] = {
    "bracket": (
        "Several exposures of one scene, at each press or in each slot of a run.",
        "With the body's own bracketing set on the camera: the box takes the whole set.",
        "  set shot.drive bracket",
        "With exposures that the box times (dial on bulb): list them, at most nine.",
        "  set shot.bracket 1s, 4s, 15s",
        "plan shows how long one takes. Back to the body's own bracketing:",
        "  set shot.bracket none",
    ),
    "bulb": (
        "Exposures that the box times: set the camera's dial to B, then",
        "  bulb 2m",
        "shutter (or fire) begins one; a second press, or stop, ends it early.",
        "With long-exposure noise reduction the camera adds a dark frame as long as",
        "the exposure. So that the box waits for it:",
        "  set camera.noise_reduction true",
        "Back to the camera's own speeds:",
        "  set shot.drive single",
    ),
    "mirror-up": (
        "Raises the mirror, lets it settle, then exposes. Set the camera to mirror-up:",
        "  set shot.mirror_up 2s",
        "plan says how your camera does it, and draws both presses. Off again:",
        "  set shot.mirror_up 0s",
    ),
    "ramp": (
        "A run whose bulb exposures grow or shrink evenly, in stops:",
        "  set shot.drive bulb",
        "  set shot.exposure 1s",
        "  set shot.exposure_end 15s",
        "  set interval.every 20s",
        "  set interval.count 120",
        "plan says what each frame gets, and refuses what does not fit.",
    ),
    "sunset": (
        "Runs by the sun need the place and the time zone, once:",
        "  set site.latitude 47.37",
        "  set site.longitude 8.54",
        "  set site.timezone Europe/Zurich",
        "Then end and start by sunrise, sunset, dawn or dusk, before or after it:",
        "  set interval.end dusk",
        "  start sunset-20m",
        "plan and start say at what time that is. The box needs its clock: see clock.",
    ),
    "timelapse": (
        "A frame every few seconds, shutter only; the focus stays as dialled in:",
        "  start 240 every 5s",
        "start alone takes interval.count frames; count 0 runs until stop. pause and",
        "resume keep the schedule; stop ends after the present frame; cut ends",
        "everything at once. plan says how long it takes.",
        "See also: help sunset, help ramp, help interval",
    ),
    "twilight": (
        "From day to night: bulb exposures at heights of the sun; between them the",
        "exposure follows a clear sky. Set the camera's dial to B, and where you are:",
        "  set site.latitude 47.37",
        "  set site.longitude 8.54",
        "  set shot.drive bulb",
        "  set interval.every 24s",
        "  set interval.count 500",
        "  set shot.ramp sunset 1s, -6deg 4s, -9deg 20s",
        "Where you change ISO or aperture by hand on the way, the box calls you:",
        "  set shot.steps -7deg ISO 100-400",
        "plan shows the whole night. In the run, step says that you have done it, and",
        "trim +1/3 makes the rest brighter.",
    ),
}

# The overview of `help`: what the commands are for, on one screen.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "shoot",
        ("focus", "fire", "bulb", "start", "pause", "resume", "stop", "step", "trim", "cut", "clear", "calibrate"),
    ),
    ("look", ("status", "watch", "plan", "log", "clock")),
    ("camera", ("setup", "prove", "cameras")),
    ("settings", ("set", "show", "preset", "reset", "diff", "save", "rollback")),
    ("bench", ("press", "release", "hold", "tap")),
    ("console", ("page", "help", "version", "plain", "quit")),
)
