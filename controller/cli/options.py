"""The options of the command line: which commands there are, and what each may be given. Knows names, does nothing.

Each `_add_` declares one command; what it does is in `cli`, under the same name.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from controller import __version__

CONFIG = Path("/etc/backbutton/config.toml")
BODIES = ("bbf", "factory")


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read a command line; `command` is the name of the command. Ends the program where it cannot be understood."""
    return _parser().parse_args(arguments)


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
    _add_plan(commands)
    _add_config(commands)
    _add_cameras(commands)
    _add_setup(commands)
    _add_wiring(commands)
    _add_release_lines(commands)
    _add_log(commands)
    _add_doctor(commands)
    _add_bench(commands)
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
    parser.set_defaults(command="run")


def _add_places(parser: argparse.ArgumentParser) -> None:
    _add_settings(parser)
    parser.add_argument("--socket", type=Path, default=_socket(), help="the control socket")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=CONFIG, help=f"the box builder's settings ({CONFIG})")
    parser.add_argument("--state-dir", type=Path, default=_state_dir(), help="where saved settings are kept")


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
    parser.set_defaults(command="simulate")


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
    parser.add_argument(
        "--sync", choices=("none", "ok", "fail"), default="none", help="wire a flash contact that works, or does not"
    )


def _add_console(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "console", "talk to the box", "backbutton console --port /dev/ttyGS0")
    parser.add_argument("--socket", type=Path, default=_socket(), help="the control socket of the box")
    parser.add_argument("--port", metavar="DEVICE", help="serve a serial port instead of this terminal")
    parser.add_argument("--baud", type=int, default=115_200, help="the port's speed (115200)")
    parser.add_argument("--plain", action="store_true", help="line mode, for scripts: one ok or error a line")
    parser.set_defaults(command="console")


def _add_plan(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(
        commands,
        "plan",
        "what a frame and a run would be; moves nothing, and needs no running box",
        "backbutton plan --set shot.drive=bulb --set shot.exposure=4m --set interval.every=5m --svg frame.svg",
    )
    _add_settings(parser)
    change = "plan with this setting, which is not saved; may be repeated"
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=change)
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the frame as a timing diagram")
    parser.add_argument("--vcd", type=Path, metavar="FILE", help="write the edges for a waveform viewer")
    parser.add_argument("--simulate", action="store_true", help="play it on the virtual camera, 20 frames at most")
    parser.add_argument("--json", action="store_true", help="for a script")
    parser.set_defaults(command="plan")


def _add_config(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "config", "show or check settings files", "backbutton config --check my.toml")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--default", action="store_true", help="print a settings file with every default, commented")
    group.add_argument("--keys", action="store_true", help="print the table of all settings")
    group.add_argument("--check", type=Path, metavar="FILE", help="report every fault of a settings file")
    parser.set_defaults(command="config")


def _add_wiring(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "wiring", "show the Pi's header with your pins on it", "backbutton wiring")
    _add_settings(parser)
    parser.add_argument("--json", action="store_true", help="for a script")
    parser.set_defaults(command="wiring")


def _add_cameras(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "cameras", "the cameras that are known, or all about one", "backbutton cameras canon-e3")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("profile", nargs="?", type=str.lower, metavar="ID", help="tell all about this one")
    what.add_argument("--check", type=Path, metavar="FILE", help="report every fault of a profile of your own")
    parser.add_argument("--config", type=Path, default=CONFIG, help=f"your own are in cameras/ beside it ({CONFIG})")
    parser.add_argument("--json", action="store_true", help="for a script")
    parser.set_defaults(command="cameras")


def _add_setup(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "how to set the camera's body up: menu steps, advice, the check, and what to say then"
    parser = _add(commands, "setup", summary, "backbutton setup nikon-mc-dc2")
    parser.add_argument("profile", nargs="?", type=str.lower, metavar="ID", help="this camera, not the one set")
    _add_settings(parser)
    parser.set_defaults(command="setup")


def _add_release_lines(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "open both contacts by driving their pins low, for when no daemon is there to do it"
    parser = _add(commands, "release-lines", summary, "sudo backbutton release-lines")
    _add_places(parser)
    parser.set_defaults(command="release-lines")


def _add_log(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "the last runs, or one of them: each frame, how late it was, and what became of it"
    parser = _add(commands, "log", summary, "backbutton log 12 --svg run.svg")
    parser.add_argument("run", nargs="?", type=_number, metavar="RUN", help="the number of a run, as in the list")
    parser.add_argument("--last", type=_number, metavar="N", help="the last N runs (20), or the last N frames of RUN")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw RUN, or the last one: late and lost frames")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="for a spreadsheet")
    form.add_argument("--json", action="store_true", help="for a script, with every edge")
    parser.add_argument("--state-dir", type=Path, default=_state_dir(), help="where the journal is kept")
    parser.set_defaults(command="log")


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number < 1 << 63:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number from 1 on')
    return number


def _add_doctor(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "doctor", "say what is wrong with this Pi, and the fix", "sudo backbutton doctor --fix")
    _add_places(parser)
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--fix", action="store_true", help="add what config.txt lacks, after asking")
    parser.add_argument("--yes", action="store_true", help="with --fix: do not ask")
    parser.add_argument("--list", action="store_true", help="list the checks and make none")
    parser.set_defaults(command="doctor")


def _add_bench(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "measure the box on this machine, and hold it against its goals; moves no line"
    parser = _add(commands, "bench", summary, "sudo backbutton bench")
    parser.add_argument("--quick", action="store_true", help="in a minute, and rougher")
    parser.add_argument("--socket", type=Path, default=_socket(), help="the box that must not be in a run meanwhile")
    parser.set_defaults(command="bench")


def _camera(name: str) -> str:
    from config.cameras import profile_ids  # noqa: PLC0415 - see the top of this file
    from config.units import did_you_mean  # noqa: PLC0415 - see the top of this file

    if name not in profile_ids():
        hint = did_you_mean(name, profile_ids()) or f"; choose from {', '.join(profile_ids())}"
        raise argparse.ArgumentTypeError(f'no camera profile "{name}"{hint}')
    return name


def _state_dir() -> Path:
    return Path(os.environ.get("STATE_DIRECTORY", "/var/lib/backbutton"))


def _socket() -> Path:
    return Path(os.environ.get("RUNTIME_DIRECTORY", "/run/backbutton")) / "control.sock"
