"""The command line: `backbutton COMMAND`. Parses, calls, and turns errors into one sentence and a status.

Each command imports what it needs when it is called, so that a console starts without the daemon's libraries,
and `release-lines` without any.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from config.errors import ConfigError
from controller.cli.options import read_options
from controller.errors import CommandError, DaemonError, ScriptError

if TYPE_CHECKING:
    from controller.simulate.stage import Scene


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 if it failed, 2 if it was not understood."""
    options = read_options(arguments)
    try:
        return _COMMANDS[options.command](options)
    except (CommandError, ConfigError, DaemonError, ScriptError) as error:
        sentence = error.sentence if isinstance(error, CommandError) else str(error)
        print(f"backbutton: {sentence}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has gone; nothing is left to say to them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    from controller import gc_pause  # noqa: PLC0415 - see the top of this file

    gc_pause.begin()
    if not options.bench and os.environ.get("GPIOZERO_PIN_FACTORY") != "mock":
        _open_lines(options)  # what is in the way is told in other words, once the pins are claimed
    from controller.daemon.main import Places, run_daemon  # noqa: PLC0415 - gpiozero and asyncio take their time

    places = Places(options.config, options.state_dir, options.socket)
    return run_daemon(places, _scene(options) if options.bench else None)


def _release_lines(options: argparse.Namespace) -> int:
    trouble = _open_lines(options)
    if trouble:
        raise DaemonError(trouble)
    return 0


def _open_lines(options: argparse.Namespace) -> str:
    from hardware.release import release_lines  # noqa: PLC0415 - see the top of this file

    return release_lines(options.socket.with_name("lines"), (options.config, options.state_dir / "settings.toml"))


def _doctor(options: argparse.Namespace) -> int:
    from controller.doctor.command import run_doctor  # noqa: PLC0415 - see the top of this file

    return run_doctor(options)


def _simulate(options: argparse.Namespace) -> int:
    if options.script is None:
        return _simulate_at_console(options)
    from controller import gc_pause  # noqa: PLC0415 - see the top of this file

    gc_pause.begin()
    from controller.simulate.command import Output, play_script  # noqa: PLC0415
    from controller.simulate.script import read_script  # noqa: PLC0415

    script = read_script(options.script)
    gc_pause.end()
    wants_report = options.report is not None
    narration, report = (sys.stderr, sys.stdout) if wants_report else (sys.stdout, None)
    with _opened(options.vcd) as vcd:
        return play_script(_scene(options), script, Output(narration, report, vcd), fast=options.fast)


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO | None]:
    """Open a file to write, before anything is played; None for None."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise DaemonError(f"{path}: cannot be written ({error.strerror})") from error
    with file:
        yield file


def _simulate_at_console(options: argparse.Namespace) -> int:
    if options.fast or options.report or options.vcd:
        raise DaemonError("--fast, --report and --vcd go with --script FILE; a console runs in real time")
    from controller.simulate.interactive import try_out  # noqa: PLC0415 - see the top of this file

    return try_out(options.camera, options.body, options.autofocus, options.sync)


def _scene(options: argparse.Namespace) -> "Scene":
    from controller.simulate.stage import Scene  # noqa: PLC0415 - see the top of this file
    from hardware.virtual.flash import EVERY_FRAME, Flash  # noqa: PLC0415 - see the top of this file

    flashes = {"none": None, "ok": Flash(), "fail": Flash(misses=EVERY_FRAME)}
    return Scene(options.camera, options.body, options.autofocus == "ok", flashes[options.sync])


def _console(options: argparse.Namespace) -> int:
    from controller import gc_pause  # noqa: PLC0415 - see the top of this file

    gc_pause.begin()
    from controller.console.main import run_console  # noqa: PLC0415 - see the top of this file

    return run_console(options.socket, options.port, options.baud, options.plain)


def _plan(options: argparse.Namespace) -> int:
    from controller.cli.plan import run_plan  # noqa: PLC0415 - see the top of this file
    from hardware.clock import utc_now  # noqa: PLC0415 - see the top of this file

    return run_plan(options, utc_now())


def _config(options: argparse.Namespace) -> int:
    from config.schema import default_toml, settings_table  # noqa: PLC0415 - see the top of this file

    if options.check is None:
        print(default_toml() if options.default else settings_table(), end="")
        return 0
    import tempfile  # noqa: PLC0415 - see the top of this file

    from config.store import SettingsStore  # noqa: PLC0415 - see the top of this file

    if not options.check.exists():
        raise ConfigError(f"{options.check}: no such file")
    with tempfile.TemporaryDirectory() as nothing_saved:
        SettingsStore(options.check, Path(nothing_saved)).load()
    print(f"{options.check}: no faults")
    return 0


def _wiring(options: argparse.Namespace) -> int:
    from config.store import SettingsStore  # noqa: PLC0415 - see the top of this file
    from controller.cli.wiring import as_json, as_text  # noqa: PLC0415 - see the top of this file

    settings = SettingsStore(options.config, options.state_dir).load()
    print(as_json(settings) if options.json else as_text(settings))
    return 0


def _cameras(options: argparse.Namespace) -> int:
    from controller.cli.cameras import run_cameras  # noqa: PLC0415 - see the top of this file

    return run_cameras(options)


def _setup(options: argparse.Namespace) -> int:
    from controller.cameras.setup_guide import run_setup  # noqa: PLC0415 - see the top of this file

    return run_setup(options)


def _log(options: argparse.Namespace) -> int:
    from controller.journal.command import run_log  # noqa: PLC0415 - see the top of this file

    return run_log(options)


def _bench(options: argparse.Namespace) -> int:
    from controller.bench.command import run_bench  # noqa: PLC0415 - see the top of this file

    return run_bench(options)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "simulate": _simulate,
    "console": _console,
    "plan": _plan,
    "config": _config,
    "cameras": _cameras,
    "setup": _setup,
    "wiring": _wiring,
    "release-lines": _release_lines,
    "log": _log,
    "doctor": _doctor,
    "bench": _bench,
}
