"""A remote for tests of the virtual camera: two wires that close and open at given milliseconds."""

from dataclasses import replace

from config.cameras import load_profile
from hardware.timeline import Line
from hardware.virtual.camera import Dials, VirtualCamera, quirks_of

F, S = Line.FOCUS, Line.SHUTTER
MS = 1_000_000
SECOND = 1_000 * MS
CANON, NIKON, FUJI, SONY = "canon-e3", "nikon-mc-dc2", "fuji-2.5mm", "sony-multi"


class Remote:
    """Two wires into a virtual camera; `act` moves them in time order and steps the camera in between.

    The body has back-button focus unless `factory`; `facts` replace those of the profile.
    """

    def __init__(
        self, profile_id, *, factory=False, autofocus_succeeds=True, focus_by_wire=False, dials=None, **facts
    ):
        self.pictures, self.openings = [], []
        self.now_ns = 0
        self.reported_ns = []
        quirks = quirks_of(
            replace(load_profile(profile_id), **facts),
            half_press_focuses=factory,
            autofocus_succeeds=autofocus_succeeds,
            focus_by_wire=focus_by_wire,
        )
        self.camera = VirtualCamera(quirks, on_exposure=self._take_exposure, on_open=self.openings.append)
        self.camera.dials = dials or Dials()

    def _take_exposure(self, exposure):
        self.pictures.append(exposure)
        self.reported_ns.append(self.now_ns)

    def act(self, *changes):
        """Perform changes of (at_ms, line, closed), each after the steps of the camera that are due before it."""
        for at_ms, line, closed in changes:
            self.wait_until(at_ms - 1)
            self.now_ns = at_ms * MS
            self.camera.line_changed(line, closed, self.now_ns)
        return self

    def wait_until(self, at_ms):
        while self.camera.next_ns is not None and self.camera.next_ns <= at_ms * MS:
            self.now_ns = max(self.now_ns, self.camera.next_ns)
            self.camera.step(self.now_ns)
        return self

    @property
    def frames(self):
        return [picture.at_ns // MS for picture in self.pictures]

    @property
    def lengths(self):
        return [picture.exposure_ns // MS for picture in self.pictures]


def pulse(line, at_ms, for_ms):
    return (at_ms, line, True), (at_ms + for_ms, line, False)


def frame_with_focus(at_ms, hold_ms=100, lead_ms=100):
    """FOCUS closes, then SHUTTER `lead_ms` later; FOCUS opens last."""
    shutter_ms = at_ms + lead_ms
    return (at_ms, F, True), *pulse(S, shutter_ms, hold_ms), (shutter_ms + hold_ms + 5, F, False)


def both(at_ms, for_ms):
    """Both contacts open at the end; FOCUS leads by 100 ms, SHUTTER closes at `at_ms`."""
    return frame_with_focus(at_ms - 100, for_ms)
