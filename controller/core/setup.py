"""The set-up that every decision of the core is based on: the settings, and the profile of the camera."""

from config.cameras import Profile
from config.record import dataclass
from config.schema import Settings


@dataclass(frozen=True, slots=True)
class Setup:
    """Settings and camera profile, and what follows from both together."""

    settings: Settings
    profile: Profile

    @property
    def is_factory(self) -> bool:
        """Whether half-press focuses on this body, so that a lock (FOCUS kept closed) has to keep focus.

        Until the photographer has stated how the body is set up, it counts as a back-button body, because a closed
        FOCUS contact could disable the buttons on the body.
        """
        return self.settings.camera.back_button_focus is False

    @property
    def has_lock(self) -> bool:
        """Whether frames are taken over a focus lock: FOCUS stays closed from dial-in on."""
        return self.is_factory and self.settings.focus.interlock

    @property
    def is_stated(self) -> bool:
        """Whether the photographer has stated how the body is set up."""
        return self.settings.camera.back_button_focus is not None

    @property
    def needs_focus(self) -> bool:
        """Whether the body fires only while FOCUS is closed too."""
        return self.profile.focus_held_during_release
