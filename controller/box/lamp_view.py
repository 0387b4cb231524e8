"""The state of an engine as the lamps show it: for the lamps themselves, for clients and for narrators."""

from config.schema import Settings
from controller.box.engine import Engine
from controller.core.lamps import View


class EngineView:
    """Returns the lamps' view of an engine; looks for warnings only when the settings have changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._settings: Settings | None = None
        self._is_warned = False

    @property
    def _has_faults(self) -> bool:
        store = self._engine.store
        return bool(store.faults or store.presets.files.faults)

    def __call__(self) -> View:
        """Return the present view."""
        settings, controller = self._engine.store.current, self._engine.controller
        if settings is not self._settings:
            self._settings, self._is_warned = settings, controller.settings_need_warning
        is_warned = self._is_warned or controller.has_trouble or self._has_faults
        return View(
            controller.focus,
            controller.release,
            is_warned,
            controller.is_pairing,
            controller.lights_lamp,
            controller.calls_step,
        )

    def frames_planned(self) -> int | None:
        """Return how many frames the run in progress has, 0 if it has no end; None if there is no run."""
        run = self._engine.status().run
        return None if run is None else run.count
