"""`backbutton plan`: shows what one frame and a run would do, as text, as pictures, or on the virtual camera.

Reads the settings files like the daemon, but needs no daemon. Moves no contact and saves no setting.
"""

import argparse
import json
import sys
from contextlib import ExitStack, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from config.errors import ConfigError, quoted
from config.kinds import Value
from config.presets import FOLDER
from config.store import CAMERA, MODEL, SettingsStore
from config.units import format_long
from controller.cameras.setup_guide import BACK_BUTTON_FOCUS
from controller.cli.preset import preset_named
from controller.core.events import ClockRead
from controller.core.setup import Setup
from controller.errors import CommandError
from controller.plan import text as plan_text
from controller.plan.planning import FramePlan, plan_frame
from hardware.clock import ClockSample
from hardware.walltime import zone_named
from hardware.waveform import marks_for, vcd


def run_plan(options: argparse.Namespace, sample: ClockSample) -> int:
    """Print the plan for the settings files and the options; returns 0, or 1 after printing why it cannot work.

    Raises ConfigError or CommandError, before it writes anything, for invalid settings and files that cannot be
    written. `sample` is the time at which the run would start, by this machine's clock.
    """
    store = SettingsStore(options.config, options.state_dir)
    store.load()
    values = _camera(options)
    values |= _preset(options, store, values)
    for assignment in options.set:
        values |= _assigned(store, assignment)
    store.set_all(values)
    clock = ClockRead(sample, zone_named(store.current.site.timezone))
    plan = plan_frame(Setup(store.current, store.cameras.load(store.current.camera.profile)), clock)
    reply = plan_text.as_reply(plan, clock, marks_for(sys.stdout.encoding))
    sentences = [] if plan.refusals else [*reply["waveform"], "", *reply["lines"]]
    if options.simulate:
        reply["simulated"], sentence = _simulated(store, options.config, plan.run.count)
        sentences.append(sentence)
    _write(_file_contents(plan, options.svg, options.vcd))
    if options.json or sentences:
        print(json.dumps(reply, indent=2) if options.json else "\n".join(sentences), flush=True)
    for refusal in plan.refusals:
        print(f"backbutton: {refusal}", file=sys.stderr)
    return 1 if plan.refusals else 0


def _camera(options: argparse.Namespace) -> dict[str, Value]:
    """Return the settings that `--camera` and `--body` stand for."""
    values: dict[str, Value] = {}
    if options.camera is not None:
        values |= {CAMERA: options.camera.profile, MODEL: options.camera.model or None}
    return values | ({BACK_BUTTON_FOCUS: options.body == "bbf"} if options.body is not None else {})


def _preset(options: argparse.Namespace, store: SettingsStore, values: dict[str, Value]) -> dict[str, Value]:
    """Return the settings of `--preset`, for the camera of the settings or of the options."""
    if options.preset is None:
        return {}
    preset = preset_named(options.preset, options.state_dir / FOLDER)
    settings, profile = store.changed(values)
    return preset(Setup(settings, profile or store.cameras.load(settings.camera.profile)))


def _assigned(store: SettingsStore, assignment: str) -> dict[str, Value]:
    """Return what `KEY=VALUE` sets; ConfigError or CommandError if it is not that."""
    key, equals, value = assignment.partition("=")
    if not equals:
        raise CommandError("usage", f"--set {quoted(assignment)} has no value; write it like --set shot.drive=bulb")
    return store.parsed(key.strip(), value)


def _simulated(store: SettingsStore, config: Path, count: int) -> tuple[dict[str, Any], str]:
    """Return what the virtual camera would take, as data and as sentences."""
    from controller.simulate.rehearsal import rehearse

    rehearsal = rehearse(store.current, config, count)
    frames = [{"exposure_ns": row.exposure_ns, "lens_moved": row.lens_moved} for row in rehearsal.taken]
    moved = sum(row.lens_moved for row in rehearsal.taken)
    reply = {"planned": rehearsal.frames, "frames": frames, "refusals": list(rehearsal.refusals)}
    pictures = "1 picture" if len(frames) == 1 else f"{len(frames)} pictures"
    taken = "one frame" if rehearsal.frames == 1 else f"{rehearsal.frames} of {count} frames"
    lens = f"the lens moved in {moved} of them" if moved else "the lens did not move"
    if not rehearsal.dialled_in:
        lens = "the camera focused for each frame"
    sentence = f"simulated {taken}: the virtual camera took {pictures}{_lengths(rehearsal.taken)}; {lens}"
    return reply, "\n".join((sentence, *(f"refused in the simulation: {reason}" for reason in rehearsal.refusals)))


def _lengths(taken: tuple[Any, ...]) -> str:
    """Return how long the pictures were exposed, with equal neighbours grouped: ` (3 x 4m, 1s)`."""
    groups = [(exposure_ns, len(list(group))) for exposure_ns, group in groupby(row.exposure_ns for row in taken)]
    texts = [f"{times} x {format_long(ns)}" if times > 1 else format_long(ns) for ns, times in groups]
    return f" ({', '.join(texts)})" if texts else ""


def _file_contents(plan: FramePlan, svg: Path | None, dump: Path | None) -> dict[Path, str]:
    """Return the contents of the requested files by path."""
    files = {}
    if svg is not None:
        from controller.plan.diagram import draw_plan

        files[svg] = draw_plan(plan)
    if dump is not None:
        if dump == svg:
            raise CommandError("usage", f"--svg and --vcd are both {dump}; name two different files")
        files[dump] = vcd(plan_text.changes(plan), plan.states[-1].ends_ns)
    return files


def _write(files: dict[Path, str]) -> None:
    """Write the files, or none of them if one cannot be opened."""
    fresh: list[Path] = []
    try:
        fresh += [path for path in files if not path.exists()]
        with ExitStack() as stack:
            opened = [(path, stack.enter_context(path.open("a", encoding="utf-8"))) for path in files]
            for path, file in opened:
                if path.is_file():
                    file.truncate(0)
                file.write(files[path])
    except OSError as error:
        for path in fresh:
            with suppress(OSError):  # it was never created
                path.unlink()
        where = error.filename or ", ".join(map(str, files))
        raise ConfigError(f"{where}: cannot be written ({error.strerror})") from error
