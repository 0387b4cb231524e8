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
from config.schema import Settings
from config.store import CAMERA, MODEL, SettingsStore
from config.units import format_long
from controller.cameras.setup_guide import BACK_BUTTON_FOCUS
from controller.cli.plan_date import Day, clock_on
from controller.cli.preset import preset_named
from controller.core.events import ClockRead
from controller.core.exposing import NEEDS_CLOCK
from controller.core.instants import local_time
from controller.core.setup import Setup
from controller.errors import CommandError
from controller.plan import text as plan_text
from controller.plan.exposures import DRAWN_FRAMES, MOST_FRAMES
from controller.plan.planning import FramePlan, plan_frame
from hardware.clock import ClockSample
from hardware.walltime import zone_named
from hardware.waveform import marks_for, vcd


def run_plan(options: argparse.Namespace, sample: ClockSample) -> int:
    """Print the plan for the settings files and the options; returns 0, or 1 after printing why it cannot work.

    Raises ConfigError or CommandError, before it writes anything, for invalid settings and files that cannot be
    written. `sample` is the time at which the run would start, by this machine's clock; `--date` has another one.
    """
    store = SettingsStore(options.config, options.state_dir)
    store.load()
    values = _camera(options)
    values |= _preset(options, store, values)
    for assignment in options.set:
        values |= _assigned(store, assignment)
    store.set_all(values)
    clock = _clock(options.date, store.current, sample)
    setup = Setup(store.current, store.cameras.load(store.current.camera.profile))
    plan = plan_frame(setup, clock, MOST_FRAMES if options.json else DRAWN_FRAMES)
    then = "now" if options.date is None else _in_words(clock)
    reply = plan_text.as_reply(plan, clock, marks_for(sys.stdout.encoding), then=then, with_frames=options.json)
    chart = [] if reply["ramp"] is None else reply["ramp"]["chart"]
    sentences = [] if plan.refusals else [*chart, *[""] * bool(chart), *reply["waveform"], "", *reply["lines"]]
    if options.simulate:
        reply["simulated"], sentence = _simulated(store, options.config, plan.run.count)
        sentences.append(sentence)
    _write(_file_contents(plan, clock, options.svg, options.vcd))
    if options.json or sentences:
        print(json.dumps(reply, indent=2) if options.json else "\n".join(sentences), flush=True)
    for refusal in plan.refusals:
        hint = "; or plan for a day, with --date" if refusal == NEEDS_CLOCK else ""
        print(f"backbutton: {refusal}{hint}", file=sys.stderr)
    for line in () if plan.proposal is None else plan_text.proposed(plan.proposal):
        print(line, file=sys.stderr)
    return 1 if plan.refusals else 0


def _clock(day: Day | None, settings: Settings, sample: ClockSample) -> ClockRead:
    """Return the clock to plan by: on `day`, or now."""
    return ClockRead(sample, zone_named(settings.site.timezone)) if day is None else clock_on(day, settings)


def _in_words(clock: ClockRead) -> str:
    at = local_time(clock.sample.wall_ns, clock.zone)
    return f"on {at:%a} {at.day} {at:%b} {at.year} at {at:%H:%M:%S}"


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


def _file_contents(plan: FramePlan, clock: ClockRead, svg: Path | None, dump: Path | None) -> dict[Path, str]:
    """Return the contents of the requested files by path."""
    files = {}
    if svg is not None:
        from controller.plan.picture import draw

        files[svg] = draw(plan, clock)
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
