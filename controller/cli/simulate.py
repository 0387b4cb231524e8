"""`backbutton simulate`: plays a script on the virtual bench, or opens a console or the page on it."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from config.naming import Called
from config.presets import FOLDER
from controller.errors import DaemonError
from controller.printing import OutputStream

if TYPE_CHECKING:
    from controller.cli.preset import Preset
    from controller.simulate.stage import Scene

SCENE = ("camera", "body", "autofocus", "af-c", "sync", "quirks")


def run_simulate(options: argparse.Namespace) -> int:
    """Play the script, or open the page or a console; returns the exit status."""
    if options.page:
        return _open_page(options)
    if options.port is not None:
        raise DaemonError("--port needs --page, whose port it is")
    return _play_script(options) if options.script is not None else _open_console(options)


def scene_of(options: argparse.Namespace) -> "Scene":
    """Return the virtual bench that the options describe."""
    from controller.simulate.stage import Scene
    from hardware.virtual.flash import EVERY_FRAME, Flash
    from hardware.virtual.quirks_file import body_named

    flashes = {None: None, "none": None, "ok": Flash(), "fail": Flash(misses=EVERY_FRAME)}
    camera = options.camera or Called("generic")
    return Scene(
        camera.profile,
        options.body or "bbf",
        options.autofocus != "fail",
        flashes[options.sync],
        continuous_af=options.af_c,
        model=camera.model,
        quirks=None if options.quirks is None else body_named(options.quirks),
    )


def refuse_scene_of_a_real_box(options: argparse.Namespace) -> None:
    """DaemonError if an option describes a virtual camera, where a box with pins is to be run."""
    given = [name for name in SCENE if getattr(options, name.replace("-", "_"))]
    if given:
        raise DaemonError(
            f"--{given[0]} needs --bench, it describes a virtual camera; for the real one, type at the console: setup"
        )


def _play_script(options: argparse.Namespace) -> int:
    from controller import gc_pause

    gc_pause.begin()
    from controller.simulate.command import Output, play_script
    from controller.simulate.script import read_script

    script, preset = read_script(options.script), _preset(options)
    gc_pause.end()
    wants_report = options.report is not None
    narration, report = (sys.stderr, sys.stdout) if wants_report else (sys.stdout, None)
    with _opened(options.vcd) as vcd:
        output = Output(narration, report, vcd)
        return play_script(scene_of(options), script, output, fast=options.fast, preset=preset)


def _open_console(options: argparse.Namespace) -> int:
    if options.fast or options.report or options.vcd:
        raise DaemonError("--fast, --report and --vcd need --script FILE; without a script, time is real")
    from controller.simulate.interactive import simulate_at_console

    return simulate_at_console(*_scene(options))


def _open_page(options: argparse.Namespace) -> int:
    if options.script or options.fast or options.report or options.vcd:
        raise DaemonError("--script, --fast, --report and --vcd do not go with --page; there, time is real")
    from controller.cli.page import run_page_on_bench
    from controller.simulate.interactive import simulate_with_page

    return simulate_with_page(*_scene(options), lambda socket: run_page_on_bench(socket, options.port))


def _scene(options: argparse.Namespace) -> tuple[list[str], Callable[[Path], None]]:
    """Return the options of a box on the virtual bench, and what saves its settings before it starts."""
    from config.store import SettingsStore
    from controller.simulate.stage import save_scene

    camera = options.camera and (options.camera.model or options.camera.profile)
    words = {"camera": camera, "body": options.body, "autofocus": options.autofocus, "sync": options.sync}
    words["quirks"] = options.quirks
    scene = [word for name, value in words.items() if value for word in (f"--{name}", value)]
    preset = _preset(options)
    return (
        [*scene, *(["--af-c"] if options.af_c else [])],
        lambda folder: save_scene(scene_of(options), SettingsStore(None, folder), preset),
    )


def _preset(options: argparse.Namespace) -> "Preset":
    from controller.cli.preset import preset_named

    return preset_named(options.preset, options.state_dir / FOLDER)


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO | None]:
    """Open a file for writing, or yield None for None; DaemonError if it cannot be written."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise DaemonError(f"{path}: cannot be written ({error.strerror})") from error
    try:
        checked = OutputStream(file, str(path))
        yield cast("TextIO", checked)
        checked.flush()
    finally:
        with suppress(OSError):  # reported by the flush
            file.close()
