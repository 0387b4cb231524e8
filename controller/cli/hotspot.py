"""`backbutton hotspot`: turns the box's own Wi-Fi on and off, and shows how to join it.

Asks, prints and draws; what is done is in the room `controller/hotspot/`.
"""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from controller.errors import CommandError
from controller.hotspot.access_point import Hotspot, Plan, Status
from controller.hotspot.login import Login
from controller.hotspot.machine import Machine
from controller.hotspot.names import PAGES, NamesFile
from controller.printing import as_they_were
from controller.qr import draw, screen_of

_COUNTRY_UNSET = (
    "No Wi-Fi country is set, so the radio keeps to what is allowed everywhere. Set yours, for Great Britain with: "
    "sudo raspi-config nonint do_wifi_country GB (without raspi-config: sudo iw reg set GB)"
)


def run_hotspot(options: argparse.Namespace) -> int:
    """Do what the command line asks for, and return 0."""
    hotspot = Hotspot(Machine(), NamesFile())
    actions = {"on": _turn_on, "off": _turn_off, "status": _show}
    with _surviving_hangup():
        actions[options.action](hotspot, options)
    return 0


@contextmanager
def _surviving_hangup() -> Iterator[None]:
    """Ignore the end of the terminal inside, and in programs that are started there.

    An ssh session ends with the network that carries it; a change of that network must not be left half done then.
    """
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _turn_on(hotspot: Hotspot, options: argparse.Namespace) -> None:
    plan = hotspot.plan()
    if plan.leaves and not options.yes and not _agrees(plan):
        print("Nothing was changed.")
        return
    login = hotspot.prepare(plan)
    if not options.json:
        _print_login(login)  # before the network goes over which somebody may be reading this
    if not plan.is_on:
        hotspot.bring_up(plan)
    status = hotspot.status()
    if options.json:
        print(json.dumps(as_json(status, changed=not plan.is_on), indent=2))
    else:
        print("\n".join(_on_lines(plan, status)))


def _agrees(plan: Plan) -> bool:
    """Ask on the terminal; CommandError if there is none."""
    if not sys.stdin.isatty():
        raise CommandError(
            "refused",
            f'{plan.device.name} would leave "{plan.leaves}", and whatever reaches the box through that, like an ssh '
            "session, would end; if that is meant: sudo backbutton hotspot on --yes",
        )
    print(f'{plan.device.name} leaves "{plan.leaves}", and whatever reaches the box through that ends, like ssh.')
    try:
        return input("Turn the hotspot on? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _turn_off(hotspot: Hotspot, options: argparse.Namespace) -> None:
    was_on = hotspot.turn_off()
    if options.json:
        print(json.dumps(as_json(hotspot.status(), changed=was_on), indent=2))
    elif was_on:
        print("The hotspot is off, and stays off. The Wi-Fi joins a network that it knows, if one is near.")
    else:
        print("The hotspot is off already, and stays off.")


def _show(hotspot: Hotspot, options: argparse.Namespace) -> None:
    status = hotspot.status()
    if options.json:
        print(json.dumps(as_json(status), indent=2))
        return
    if status.login is not None and status.state != "off":
        _print_login(status.login)
    print("\n".join(status_lines(status)))


def as_json(status: Status, *, changed: bool | None = None) -> dict[str, object]:
    """Return a status for a script; null for what is not known. `changed` is left out if it is None."""
    login = status.login
    found: dict[str, object] = {
        "state": status.state,
        "on_at_start": status.is_on_at_start,
        "name": login.name if login else None,
        "password": (login.password or None) if login else None,
        "qr_text": login.qr_text if login and login.password else None,
        "pages": list(PAGES),
        "device": status.device or None,
        "joined": status.joined,
        "country": status.country or None,
    }
    return found if changed is None else {**found, "changed": changed}


def status_lines(status: Status) -> Iterator[str]:
    """Yield how the hotspot is, in sentences."""
    match status.state:
        case "on":
            yield f"The hotspot is on ({status.device}). {_joined(status.joined)}".rstrip()
        case "starting":
            yield f"The hotspot is starting ({status.device})."
        case _:
            yield "The hotspot is off." if status.login else "The hotspot is off; it has never been on."
    if status.is_on_at_start != (status.state != "off"):
        at_start = "comes on" if status.is_on_at_start else "stays off"
        yield f"It {at_start} when the box starts again; backbutton hotspot on or off makes that certain."
    if status.state != "off" and status.country == "":
        yield _COUNTRY_UNSET


def _on_lines(plan: Plan, status: Status) -> Iterator[str]:
    yield "The hotspot was on already." if plan.is_on else "The hotspot is on."
    yield "It comes on again whenever the box starts, until: sudo backbutton hotspot off"
    if plan.leaves:
        yield f'Then {plan.device.name} joins the networks that it knows again, like "{plan.leaves}".'
    if status.country == "":
        yield _COUNTRY_UNSET


def _joined(number: int | None) -> str:
    if number is None:
        return ""
    return f"{number or 'No'} {'device has' if number == 1 else 'devices have'} joined."


def _print_login(login: Login) -> None:
    print(f"Wi-Fi     {login.name}")
    print(f"password  {login.password or 'shown to root only: sudo backbutton hotspot status'}")
    print(f"page      {' or '.join(PAGES)}\n")
    if login.password:
        _print_code(login.qr_text)


def _print_code(text: str) -> None:
    screen = screen_of(sys.stdout)
    drawing = draw(text, screen)
    if drawing.lines:
        print("Point the phone's camera at the code to join:", flush=True)
    with as_they_were() if screen.has_colours else nullcontext():  # colours are escape codes, and here they are ours
        print("\n".join((*drawing.lines, *filter(None, (drawing.note,)))), flush=True)
    print()
