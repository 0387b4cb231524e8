"""The table of commands: one function for each, which takes the parsed options and returns the exit status.

Each function imports what it needs when it is called, so that a console starts without the daemon's libraries, and
`release-lines` with hardly any.
"""

import argparse
import os
import sys
from collections.abc import Callable

from controller import __version__

_GREETING = f"""\
backbutton {__version__}: a camera remote that fires only after focus is dialled in.

  backbutton simulate       try it here, with a virtual camera
  backbutton setup D850     how to set up your camera (any name of it)
  backbutton cameras        which cameras it can fire
  backbutton console        talk to the box that runs on this machine
  backbutton --help         all commands"""


def _greet(_options: argparse.Namespace) -> int:
    print(_GREETING)
    return 0


def _run(options: argparse.Namespace) -> int:
    from controller import gc_pause

    gc_pause.begin()
    _leave_out_ssl()
    from controller.cli.simulate import refuse_scene_of_a_real_box, scene_of

    if not options.bench:
        refuse_scene_of_a_real_box(options)
    if not options.bench and os.environ.get("GPIOZERO_PIN_FACTORY") != "mock":
        _open_lines(options)  # a problem is not reported here: claiming the pins will report it
    from controller.daemon.main import Places, run_daemon

    places = Places(options.config, options.state_dir, options.socket)
    return run_daemon(places, scene_of(options) if options.bench else None)


def _leave_out_ssl() -> None:
    """Have asyncio do without TLS, which the box does not speak: that saves 2 MB."""
    sys.modules["ssl"] = None  # type: ignore[assignment]


def _release_lines(options: argparse.Namespace) -> int:
    from controller.errors import DaemonError

    problem = _open_lines(options)
    if problem:
        raise DaemonError(problem)
    return 0


def _open_lines(options: argparse.Namespace) -> str:
    """Drive both lines low; returns a sentence on what prevented it, or an empty string."""
    from hardware.release import release_lines

    return release_lines(options.socket.with_name("lines"), (options.config, options.state_dir / "settings.toml"))


def _simulate(options: argparse.Namespace) -> int:
    from controller.cli.simulate import run_simulate

    return run_simulate(options)


def _console(options: argparse.Namespace) -> int:
    from controller import gc_pause

    gc_pause.begin()
    from controller.console.main import run_console
    from controller.errors import DaemonError

    if options.baud is not None and options.port is None:
        raise DaemonError("--baud needs --port DEVICE, whose speed it is")
    if options.baud is not None and options.baud < 1:
        raise DaemonError(f"--baud {options.baud} is no speed; give the one of the port, like --baud 115200")
    baud = 115_200 if options.baud is None else options.baud
    return run_console(options.socket, options.port, baud, options.plain)


def _page(options: argparse.Namespace) -> int:
    from controller import gc_pause

    gc_pause.begin()
    from controller.cli.page import run_page

    return run_page(options)


def _plan(options: argparse.Namespace) -> int:
    from controller.cli.plan import run_plan
    from hardware.walltime import WallTime

    return run_plan(options, WallTime().sample())


def _config(options: argparse.Namespace) -> int:
    from controller.cli.config import run_config

    return run_config(options)


def _cameras(options: argparse.Namespace) -> int:
    from controller.cli.cameras import run_cameras

    return run_cameras(options)


def _setup(options: argparse.Namespace) -> int:
    from controller.cli.setup import run_setup

    return run_setup(options)


def _wiring(options: argparse.Namespace) -> int:
    from controller.cli.wiring import run_wiring

    return run_wiring(options)


def _log(options: argparse.Namespace) -> int:
    from controller.cli.zone import zone_of_box
    from controller.journal.command import run_log

    return run_log(options, zone_of_box(options.config, options.state_dir))


def _doctor(options: argparse.Namespace) -> int:
    from controller.doctor.command import run_doctor

    return run_doctor(options)


def _bench(options: argparse.Namespace) -> int:
    from controller.bench.command import run_bench

    return run_bench(options)


def _hotspot(options: argparse.Namespace) -> int:
    from controller.cli.hotspot import run_hotspot

    return run_hotspot(options)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "greeting": _greet,
    "run": _run,
    "simulate": _simulate,
    "console": _console,
    "page": _page,
    "plan": _plan,
    "config": _config,
    "cameras": _cameras,
    "setup": _setup,
    "wiring": _wiring,
    "release-lines": _release_lines,
    "log": _log,
    "doctor": _doctor,
    "bench": _bench,
    "hotspot": _hotspot,
}
