"""The set-up every decision of the core rests on: the settings, and the profile of the camera."""

from config.cameras import Profile
from config.record import dataclass
from config.schema import Settings


@dataclass(frozen=True, slots=True)
class Setup:
    """Settings and camera profile, and what follows from the two together."""

    settings: Settings
    profile: Profile

    @property
    def is_factory(self) -> bool:
        """Half-press focuses on this body, so focus is kept by a lock: FOCUS stays closed.

        Until the photographer has said how the body is set up it counts as a back-button body, because a
        FOCUS contact that is held could make its own buttons dead.
        """
        return self.settings.camera.back_button_focus is False

    @property
    def is_stated(self) -> bool:
        """The photographer has said how the body is set up."""
        return self.settings.camera.back_button_focus is not None

    @property
    def needs_focus(self) -> bool:
        """The body fires only while FOCUS is closed too."""
        return self.profile.focus_held_during_release
