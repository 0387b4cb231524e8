"""The command line: `backbutton COMMAND`. Parses, calls, and turns errors into one sentence and a status.

Each command imports what it needs when it is called, so that a console starts without the daemon's libraries,
and `release-lines` without any.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from config.errors import ConfigError
from controller import __version__
from controller.errors import CommandError, DaemonError, ScriptError

if TYPE_CHECKING:
    from controller.stage import Scene

CONFIG = Path("/etc/backbutton/config.toml")
BODIES = ("bbf", "factory")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 if it failed, 2 if it was not understood."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
    except (CommandError, ConfigError, DaemonError, ScriptError) as error:
        sentence = error.sentence if isinstance(error, CommandError) else str(error)
        print(f"backbutton: {sentence}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has gone; nothing is left to say to them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return status


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, with a near miss where there is one."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="backbutton",
        description="A camera remote that fires the shutter only after focus is dialled in.",
    )
    parser.add_argument("--version", action="version", version=f"backbutton {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    _add_run(commands)
    _add_simulate(commands)
    _add_console(commands)
    _add_config(commands)
    _add_release_lines(commands)
    return parser


def _add(commands: "argparse._SubParsersAction[_Parser]", name: str, summary: str, example: str) -> _Parser:
    return commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"example: {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_run(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "run", "run the box until it is stopped", "backbutton run --bench --state-dir /tmp/box")
    _add_places(parser)
    parser.add_argument("--bench", action="store_true", help="on the virtual bench instead of the Pi's pins")
    _add_scene(parser)
    parser.set_defaults(command=_run)


def _add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=CONFIG, help=f"the box builder's settings ({CONFIG})")
    parser.add_argument("--state-dir", type=Path, default=_state_dir(), help="where saved settings are kept")
    parser.add_argument("--socket", type=Path, default=_socket(), help="the control socket")


def _add_simulate(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(
        commands,
        "simulate",
        "play a script on the virtual bench; without one, open a console on it",
        "backbutton simulate --camera nikon-mc-dc2 --fast --script docs/landscape.session",
    )
    _add_scene(parser)
    parser.add_argument("--script", type=Path, metavar="FILE", help="lines of: at TIME ACTION")
    parser.add_argument("--fast", action="store_true", help="on a virtual clock, as fast as it goes")
    parser.add_argument("--report", choices=("json",), help="write what happened to standard output as JSON")
    parser.add_argument("--vcd", type=Path, metavar="FILE", help="write the edges for a waveform viewer")
    parser.set_defaults(command=_simulate)


def _add_scene(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--camera", type=_camera, default="generic", metavar="ID", help="the camera's profile (generic)"
    )
    parser.add_argument(
        "--body",
        choices=BODIES,
        default="bbf",
        help="bbf: back-button focus is set on the body; factory: it is not",
    )
    parser.add_argument(
        "--autofocus", choices=("ok", "fail"), default="ok", help="whether the virtual autofocus finds focus"
    )


def _add_console(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "console", "talk to the box", "backbutton console --port /dev/ttyGS0")
    parser.add_argument("--socket", type=Path, default=_socket(), help="the control socket of the box")
    parser.add_argument("--port", metavar="DEVICE", help="serve a serial port instead of this terminal")
    parser.add_argument("--baud", type=int, default=115_200, help="the port's speed (115200)")
    parser.add_argument("--plain", action="store_true", help="line mode, for scripts: one ok or error a line")
    parser.set_defaults(command=_console)


def _add_config(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "config", "show or check settings files", "backbutton config --check my.toml")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--default", action="store_true", help="print a settings file with every default, commented")
    group.add_argument("--keys", action="store_true", help="print the table of all settings")
    group.add_argument("--check", type=Path, metavar="FILE", help="report every fault of a settings file")
    parser.set_defaults(command=_config)


def _add_release_lines(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "open both contacts by driving their pins low, for when no daemon is there to do it"
    parser = _add(commands, "release-lines", summary, "sudo backbutton release-lines")
    _add_places(parser)
    parser.set_defaults(command=_release_lines)


def _camera(name: str) -> str:
    from config.cameras import profile_ids  # noqa: PLC0415 - see the top of this file
    from config.units import did_you_mean  # noqa: PLC0415 - see the top of this file

    if name not in profile_ids():
        hint = did_you_mean(name, profile_ids()) or f"; choose from {', '.join(profile_ids())}"
        raise argparse.ArgumentTypeError(f'no camera profile "{name}"{hint}')
    return name


def _run(options: argparse.Namespace) -> int:
    if not options.bench and os.environ.get("GPIOZERO_PIN_FACTORY") != "mock":
        _open_lines(options)  # what is in the way is told in other words, once the pins are claimed
    from controller.daemon import Places, run_daemon  # noqa: PLC0415 - gpiozero and asyncio take their time

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


def _simulate(options: argparse.Namespace) -> int:
    if options.script is None:
        return _simulate_at_console(options)
    from controller.script import read_script  # noqa: PLC0415 - see the top of this file
    from controller.simulate import Output, play_script  # noqa: PLC0415

    script = read_script(options.script)
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
    from controller.tryout import try_out  # noqa: PLC0415 - see the top of this file

    return try_out(options.camera, options.body, options.autofocus)


def _scene(options: argparse.Namespace) -> "Scene":
    from controller.stage import Scene  # noqa: PLC0415 - see the top of this file

    return Scene(options.camera, options.body, options.autofocus == "ok")


def _console(options: argparse.Namespace) -> int:
    from controller.console import run_console  # noqa: PLC0415 - see the top of this file

    return run_console(options.socket, options.port, options.baud, options.plain)


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


def _state_dir() -> Path:
    return Path(os.environ.get("STATE_DIRECTORY", "/var/lib/backbutton"))


def _socket() -> Path:
    return Path(os.environ.get("RUNTIME_DIRECTORY", "/run/backbutton")) / "control.sock"


if __name__ == "__main__":
    sys.exit(main())
