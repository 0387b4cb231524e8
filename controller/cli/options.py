"""Declares the commands and options of the command line. Parses them and does nothing else.

Each `_add_...` function declares one command; `commands` has the function that runs it.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from controller import __version__
from controller.cli.values import a_camera, a_date, a_duration, a_number, a_port

CONFIG = Path("/etc/backbutton/config.toml")
BODIES = ("bbf", "factory")
PAGE_HOST, PAGE_PORT = "127.0.0.1", 8080


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse a command line; `command` is the name of the command. Exits with status 2 if it is not valid."""
    return make_parser().parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    """A parser that reports an error in one sentence instead of printing its usage."""

    def error(self, message: str) -> None:  # type: ignore[override]
        separator = " See" if message.endswith("?") else "; see"
        self.exit(2, f"{self.prog}: {message}{separator} {self.prog} --help\n")


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; the man page and shell completion derive from it too."""
    parser = _Parser(
        prog="backbutton",
        description="A camera remote that releases the shutter only after focus is dialled in.",
        epilog="backbutton COMMAND --help explains a command and shows an example.",
    )
    parser.add_argument("--version", action="version", version=f"backbutton {__version__}")
    parser.set_defaults(command="greeting")
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    _add_run(commands)
    _add_simulate(commands)
    _add_console(commands)
    _add_page(commands)
    _add_plan(commands)
    _add_config(commands)
    _add_cameras(commands)
    _add_setup(commands)
    _add_wiring(commands)
    _add_release_lines(commands)
    _add_log(commands)
    _add_doctor(commands)
    _add_bench(commands)
    _add_hotspot(commands)
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
    _add_settings(parser)
    _add_socket(parser, "the control socket")
    parser.add_argument("--bench", action="store_true", help="use a virtual camera instead of the Pi's pins")
    _add_scene(parser)
    parser.set_defaults(command="run")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    machine_file = f"the settings file of this box ({CONFIG})"
    parser.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help=machine_file)
    _add_state_dir(parser, "the folder of saved settings")


def _add_state_dir(parser: argparse.ArgumentParser, summary: str) -> None:
    parser.add_argument("--state-dir", type=Path, default=_state_dir(), metavar="DIR", help=summary)


def _add_socket(parser: argparse.ArgumentParser, summary: str) -> None:
    parser.add_argument("--socket", type=Path, default=_socket(), metavar="FILE", help=summary)


def _add_simulate(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(
        commands,
        "simulate",
        "play a script on a virtual box and camera, or open a console or the page on them",
        "backbutton simulate --camera nikon-mc-dc2 --fast --script docs/landscape.session",
    )
    _add_scene(parser)
    _add_preset(parser, "begin with the settings of this preset")
    parser.add_argument("--script", type=Path, metavar="FILE", help="the script; each line is: at TIME ACTION")
    parser.add_argument("--fast", action="store_true", help="play on a virtual clock, as fast as possible")
    parser.add_argument("--report", choices=("json",), help="print a JSON report to standard output")
    parser.add_argument("--vcd", type=Path, metavar="FILE", help="write the edges for a waveform viewer")
    parser.add_argument("--page", action="store_true", help="serve the page for a phone, instead of a console")
    parser.add_argument("--port", type=a_port, help=f"with --page: the port to listen at ({PAGE_PORT})")
    parser.set_defaults(command="simulate", state_dir=_state_dir())


def _add_scene(parser: argparse.ArgumentParser) -> None:
    body = (
        "bbf: back-button focus is set on the camera; factory: half-press focuses; "
        "unset: as bbf, but the box does not know the camera yet, to try setup (bbf)"
    )
    autofocus = "whether the virtual autofocus succeeds (ok)"
    sync = "connect a flash contact that works, or one that fails (none)"
    camera = "the virtual camera: a body like D850, or a port (generic)"
    parser.add_argument("--camera", type=a_camera, metavar="CAMERA", help=camera)
    parser.add_argument("--body", choices=(*BODIES, "unset"), help=body)
    parser.add_argument("--autofocus", choices=("ok", "fail"), help=autofocus)
    parser.add_argument("--af-c", action="store_true", help="set the camera to AF-C, without telling the box")
    parser.add_argument("--sync", choices=("none", "ok", "fail"), help=sync)
    quirks = "a camera unlike its profile: a file that describes its body, or a number that draws one"
    parser.add_argument("--quirks", metavar="FILE", help=quirks)


def _add_preset(parser: argparse.ArgumentParser, summary: str) -> None:
    parser.add_argument("--preset", metavar="PRESET", help=summary)


def _add_own_camera(parser: argparse.ArgumentParser, body: str) -> None:
    """Add the same options where they stand for the camera of the settings."""
    camera = "a body like D850, or a port, instead of the one in the settings"
    parser.add_argument("--camera", type=a_camera, metavar="CAMERA", help=camera)
    parser.add_argument("--body", choices=BODIES, help=body)


def _add_console(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(commands, "console", "open a console on a running box", "backbutton console --port /dev/ttyGS0")
    _add_socket(parser, "the control socket of the box")
    parser.add_argument("--port", metavar="DEVICE", help="open the console on a serial port, not on this terminal")
    parser.add_argument("--baud", type=int, help="the speed of the serial port (115200)")
    parser.add_argument("--plain", action="store_true", help="line mode for scripts: one ok or error for each line")
    parser.set_defaults(command="console")


def _add_page(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "serve the page for a phone"
    parser = _add(commands, "page", summary, "backbutton page --host 192.168.4.1 --port 8080")
    _add_socket(parser, "the control socket of the box")
    parser.add_argument("--host", default=PAGE_HOST, help=f"the address to listen at ({PAGE_HOST})")
    parser.add_argument("--port", type=a_port, default=PAGE_PORT, help=f"the port to listen at ({PAGE_PORT})")
    idle = "end after this time without a request; 0 for never (0)"
    parser.add_argument("--idle-exit", type=a_duration, default=0, metavar="TIME", help=idle)
    parser.set_defaults(command="page")


def _add_plan(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add(
        commands,
        "plan",
        "show what a frame and a run would do; moves no contact and needs no running box",
        "backbutton plan --set shot.drive=bulb --set shot.exposure=4m --set interval.every=5m --svg frame.svg",
    )
    _add_settings(parser)
    _add_own_camera(parser, "bbf: plan for back-button focus set on the camera; factory: for half-press that focuses")
    _add_preset(parser, "plan with this preset, without saving it; --set comes after it")
    change = "plan with this value, without saving it; may be repeated"
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=change)
    date = "plan for this day instead of now, from an hour before sunset or a time like 2027-03-20T17:30"
    parser.add_argument("--date", type=a_date, metavar="DATE", help=date)
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the frame, and the exposures of a ramp")
    parser.add_argument("--vcd", type=Path, metavar="FILE", help="write the edges for a waveform viewer")
    parser.add_argument("--simulate", action="store_true", help="also play it on a virtual camera, at most 20 frames")
    parser.add_argument("--json", action="store_true", help="print JSON for a script")
    parser.set_defaults(command="plan")


def _add_config(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "list all settings, or check a settings file"
    parser = _add(commands, "config", summary, "backbutton config --check my.toml")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--default", action="store_true", help="print a settings file that explains every setting")
    group.add_argument("--keys", action="store_true", help="print a table of all settings")
    group.add_argument("--check", type=Path, metavar="FILE", help="report every fault of a settings file")
    parser.set_defaults(command="config")


def _add_wiring(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "show where on the Pi's header everything is connected"
    parser = _add(commands, "wiring", summary, "backbutton wiring")
    _add_settings(parser)
    parser.add_argument("--json", action="store_true", help="print JSON for a script")
    parser.set_defaults(command="wiring")


def _add_cameras(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "list the known camera ports, describe one, or find a camera"
    parser = _add(commands, "cameras", summary, "backbutton cameras D850")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("profile", nargs="?", metavar="CAMERA", help="describe this one: a body like D850, or a port")
    group.add_argument("--find", metavar="NAME", help="list the bodies with this name, and their ports")
    group.add_argument("--models", action="store_true", help="list all known bodies")
    check = "report every fault of your own profile file, and what one that was sent in would change"
    group.add_argument("--check", type=Path, metavar="FILE", help=check)
    share = "print what was proven of this camera as a file to send in, with nothing personal in it"
    group.add_argument("--share", metavar="CAMERA", help=share)
    parser.add_argument("--camera", dest="called", metavar="CAMERA", help="describe this one, like CAMERA alone")
    parser.add_argument("--body", choices=BODIES, help="say how a body fires that is set up like this")
    own = f"your own profiles are in the folder cameras/ beside this file ({CONFIG})"
    parser.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help=own)
    _add_state_dir(parser, "what was proven is in its folder cameras/")
    parser.add_argument("--json", action="store_true", help="print JSON for a script")
    parser.set_defaults(command="cameras")


def _add_setup(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "explain how to set up a camera for the box: menu steps, advice, a check, and what to type"
    parser = _add(commands, "setup", summary, "backbutton setup D850")
    camera = "the camera (the one in the settings)"
    parser.add_argument("profile", nargs="?", metavar="CAMERA", help=camera)
    parser.add_argument("--camera", dest="called", metavar="CAMERA", help="the same")
    parser.add_argument(
        "--body", choices=BODIES, help="only what concerns a body that is, or will be, set up like this"
    )
    _add_settings(parser)
    parser.set_defaults(command="setup")


def _add_release_lines(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "open both contacts when no box is running, by driving their pins low"
    parser = _add(commands, "release-lines", summary, "sudo backbutton release-lines")
    _add_settings(parser)
    _add_socket(parser, "the control socket")
    parser.set_defaults(command="release-lines")


def _add_log(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "list the last runs, or show each frame of one: how late it was and what happened to it"
    parser = _add(commands, "log", summary, "backbutton log 12 --svg run.svg")
    last = "the last N runs (20), or the last N frames of RUN"
    svg = "draw the late and lost frames of RUN (the last run), and its exposures if they change"
    parser.add_argument("run", nargs="?", type=a_number, metavar="RUN", help="show the run with this number")
    parser.add_argument("--last", type=a_number, metavar="N", help=last)
    parser.add_argument("--svg", type=Path, metavar="FILE", help=svg)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print CSV for a spreadsheet")
    form.add_argument("--json", action="store_true", help="print JSON for a script, with every edge")
    machine_file = f"the settings file of this box ({CONFIG}), for its time zone"
    parser.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help=machine_file)
    _add_state_dir(parser, "the folder of the journal and the saved settings")
    parser.set_defaults(command="log")


def _add_doctor(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "check this Pi for common problems and explain the fixes"
    parser = _add(commands, "doctor", summary, "sudo backbutton doctor --fix")
    _add_settings(parser)
    _add_socket(parser, "the control socket")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--fix", action="store_true", help="add missing lines to config.txt, after asking")
    parser.add_argument("--yes", action="store_true", help="with --fix: do not ask")
    parser.add_argument("--list", action="store_true", help="list the checks without running them")
    parser.set_defaults(command="doctor")


def _add_bench(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "measure how well this machine runs the box and compare it with the goals; moves no contact"
    parser = _add(commands, "bench", summary, "sudo backbutton bench")
    parser.add_argument("--quick", action="store_true", help="take one minute, with less accuracy")
    _add_socket(parser, "the control socket of a box on this machine, which must not be in a run")
    parser.set_defaults(command="bench")


def _add_hotspot(commands: "argparse._SubParsersAction[_Parser]") -> None:
    summary = "turn the box's own Wi-Fi for phones on or off, through NetworkManager; either survives a restart"
    parser = _add(commands, "hotspot", summary, "sudo backbutton hotspot on")
    what = "on: show the name, the password and a QR code, and turn it on; off: join known networks again; or status"
    parser.add_argument("action", choices=("on", "off", "status"), help=what)
    leave = "with on: do not ask before the Wi-Fi leaves the network that it has joined (an ssh session over it ends)"
    parser.add_argument("--yes", action="store_true", help=leave)
    parser.add_argument("--json", action="store_true", help="print JSON for a script")
    parser.set_defaults(command="hotspot")


def _state_dir() -> Path:
    return Path(os.environ.get("STATE_DIRECTORY", "/var/lib/backbutton"))


def _socket() -> Path:
    return Path(os.environ.get("RUNTIME_DIRECTORY", "/run/backbutton")) / "control.sock"
