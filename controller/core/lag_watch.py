"""The lag watch: a frame whose flash contact closes much later than usual may have focused first.

Pure: the rule and its sentences, in integer nanoseconds; knows no states. It suspects, it proves nothing: why these
numbers, and how often it is wrong, is in docs/decisions/0032-lag-watch.md.
"""

from collections.abc import Iterator, Sequence

from config.record import dataclass
from controller.core.setup import Setup
from controller.core.words import format_lag
from hardware.clock import MILLISECOND_NS

FLOOR_NS = 30 * MILLISECOND_NS  # a frame that is late by less is never suspected
DEVIATIONS = 5  # the times that a frame may be late by the median deviation of the calibration


@dataclass(frozen=True, slots=True)
class Usual:
    """The lag of a frame that does not focus, and how far it strays: the median absolute deviation, 0 if unknown."""

    lag_ns: int
    spread_ns: int = 0

    @property
    def latest_ns(self) -> int:
        """The longest lag that is not suspected. A short one never is: no body fires sooner because it focuses."""
        return self.lag_ns + max(FLOOR_NS, DEVIATIONS * self.spread_ns)


def usual_of(setup: Setup) -> Usual | None:
    """Return the lag to watch for, calibrated or else proven; None if there is none, or the watch is off.

    With mirror-up there is none: a body that focuses does so when the mirror goes up.
    """
    camera, profile = setup.settings.camera, setup.profile
    if camera.lag_watch == "off" or setup.settings.shot.mirror_up_ns:
        return None
    if camera.shutter_lag_ns and camera.lag_spread_ns:
        return Usual(camera.shutter_lag_ns, camera.lag_spread_ns)
    is_proven = profile.confidence_of("exposure_lag_ms") == "proven"
    return Usual(profile.exposure_lag_ns) if is_proven and profile.exposure_lag_ns is not None else None


def pauses_runs(setup: Setup) -> bool:
    """Return whether a run pauses after a frame that is suspected; this may change during the run."""
    return setup.settings.camera.lag_watch == "pause"


def reason(lag_ns: int, usual: Usual) -> str:
    """Return why a frame is suspected."""
    return f"confirmed, may have focused: lag {format_lag(lag_ns)}, usually {format_lag(usual.lag_ns)}"


def warning(frames: int) -> str:
    """Return that so many frames are suspected, and what to do."""
    many = "1 frame" if frames == 1 else f"{frames} frames"
    return (
        f"{many} may have focused (the flash contact closed later than usual); look at the pictures and check "
        "the camera's set-up; if the lens has not moved, calibrate again"
    )


def late_among(lags_ns: Sequence[int], usual: Usual) -> Iterator[str]:
    """Yield a sentence if some frames of a calibration would have been suspected by its own result."""
    late = sum(lag_ns > usual.latest_ns for lag_ns in lags_ns)
    if late:
        yield (
            f"{late} of {len(lags_ns)} frames came much later than the others, and may have focused; check the "
            "camera's set-up, or calibrate with the lens on MF"
        )


def pauses(slot: int) -> str:
    """Return that a run pauses because of the frame in that slot."""
    return (
        f"frame {slot + 1} may have focused, so the run pauses before the next one (camera.lag_watch); check the "
        "focus, then resume"
    )
