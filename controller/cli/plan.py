"""`backbutton plan`: what a frame and a run would be, as text, as pictures, on the virtual camera. Moves nothing.

Reads the settings files as the daemon does, and needs no daemon; saves no setting.
"""

import argparse
import json
import sys
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from config.errors import ConfigError, quoted
from config.store import SettingsStore
from config.units import format_long
from controller.core.setup import Setup
from controller.errors import CommandError
from controller.plan import text as plan_text
from controller.plan.planning import FramePlan, plan_frame
from hardware.waveform import marks_for, vcd


def run_plan(options: argparse.Namespace, now: datetime) -> int:
    """Print the plan of the settings files, with `--set` on top; 1 with the reasons if it cannot work, else 0.

    ConfigError and CommandError, before anything is written, for settings that are none and files that cannot be
    written. `now` is when the run would start.
    """
    store = SettingsStore(options.config, options.state_dir)
    store.load()
    for assignment in options.set:
        _set(store, assignment)
    plan = plan_frame(Setup(store.current, store.cameras.load(store.current.camera.profile)))
    reply = plan_text.as_reply(plan, now, marks_for(sys.stdout.encoding))
    said = plan_text.lines(plan, now)
    if options.simulate:
        reply["simulated"], sentence = _simulated(store, options.config)
        said.append(sentence)
    _write(_pictures(plan, options.svg, options.vcd))
    print(json.dumps(reply, indent=2) if options.json else "\n".join((*reply["waveform"], "", *said)), flush=True)
    for refusal in plan.refusals:
        print(f"backbutton: {refusal}", file=sys.stderr)
    return 1 if plan.refusals else 0


def _set(store: SettingsStore, assignment: str) -> None:
    key, equals, value = assignment.partition("=")
    if not equals:
        raise CommandError("usage", f"--set {quoted(assignment)} sets nothing; write it like --set shot.drive=bulb")
    store.set(key.strip(), value)


def _simulated(store: SettingsStore, config: Path) -> tuple[dict[str, Any], str]:
    """Return what the virtual camera takes, for programs and in a sentence."""
    from controller.simulate.rehearsal import rehearse  # noqa: PLC0415 - the bench takes its time, and is seldom asked for

    told = rehearse(store.current, config)
    frames = [{"exposure_ns": each.exposure_ns, "lens_moved": each.lens_moved} for each in told.taken]
    moved = sum(each.lens_moved for each in told.taken)
    reply = {"planned": told.frames, "frames": frames, "refusals": list(told.refusals)}
    pictures = "1 picture" if len(frames) == 1 else f"{len(frames)} pictures"
    asked = "one frame" if told.frames == 1 else f"{told.frames} frames of {store.current.interval.count}"
    lens = f"the lens moved in {moved} of them" if moved else "the lens did not move"
    if not told.dialled_in:
        lens = "each frame focused anew"
    sentence = f"simulated, {asked}: the virtual camera took {pictures}{_lengths(told.taken)}; {lens}"
    return reply, "\n".join((sentence, *(f"simulated: refused, {reason}" for reason in told.refusals)))


def _lengths(taken: tuple[Any, ...]) -> str:
    """Say how long the pictures were exposed, equal ones in a row together."""
    groups: list[list[int]] = []
    for each in taken:
        if groups and groups[-1][1] == each.exposure_ns:
            groups[-1][0] += 1
        else:
            groups.append([1, each.exposure_ns])
    texts = [f"{times} x {format_long(ns)}" if times > 1 else format_long(ns) for times, ns in groups]
    return f" ({', '.join(texts)})" if texts else ""


def _pictures(plan: FramePlan, svg: Path | None, dump: Path | None) -> dict[Path, str]:
    """Return the contents of the files that are wanted."""
    files = {}
    if svg is not None:
        from controller.plan.diagram import draw_plan  # noqa: PLC0415 - only where it is wanted

        files[svg] = draw_plan(plan)
    if dump is not None:
        if dump == svg:
            raise CommandError("usage", f"--svg and --vcd are both {dump}; name two files")
        files[dump] = vcd(plan_text.changes(plan), plan.states[-1].ends_ns)
    return files


def _write(files: dict[Path, str]) -> None:
    """Write the files, none of them unless all can be opened."""
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
            with suppress(OSError):  # it never came to be
                path.unlink()
        where = error.filename or ", ".join(map(str, files))
        raise ConfigError(f"{where}: cannot be written ({error.strerror})") from error
