"""Decides which device becomes the hotspot, or why none can; says in plain words what nmcli refused. Pure."""

from collections.abc import Callable, Sequence

from config.record import dataclass
from controller.errors import CommandError
from controller.hotspot.parsing import Device

NO_NMCLI = (
    "the hotspot needs NetworkManager, and there is no nmcli here; install it (sudo apt install network-manager), or "
    "choose it in sudo raspi-config, Advanced Options, Network Config"
)
NOT_RUNNING = "NetworkManager is not running; start it: sudo systemctl enable --now NetworkManager"
NO_ANSWER = "NetworkManager does not answer; restart it (sudo systemctl restart NetworkManager), then try again"
NO_DNSMASQ = "phones would get no address, because dnsmasq is missing; install it: sudo apt install dnsmasq-base"
NO_NAMES = (
    "the hotspot came up, but gives phones no addresses and names, because NetworkManager's dnsmasq does not answer; "
    "journalctl -u NetworkManager says why"
)
_NO_WIFI = "there is no Wi-Fi on this machine; plug in an adapter, or remove dtoverlay=disable-wifi from config.txt"
_SWITCHED_OFF = "the Wi-Fi is turned off by a switch of this machine; turn it on there"
_TURNED_OFF = "the Wi-Fi is turned off; turn it on: sudo nmcli radio wifi on"
_NO_COUNTRY = (
    "the Wi-Fi is blocked, as Raspberry Pi OS does until it knows your country; set it, for Great Britain with: "
    "sudo raspi-config nonint do_wifi_country GB"
)
_NOT_RUNNING_STATUS = 8  # nmcli(1), EXIT STATUS
_NOT_ALLOWED = ("insufficient privileges", "not authorized", "error checking authorization")


@dataclass(frozen=True, slots=True)
class Radio:
    """Whether Wi-Fi is switched on, in nmcli's words, the country that is set, and whether there is raspi-config."""

    switch: str
    state: str
    country: str
    has_raspi_config: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What nmcli answered: its exit status and what it printed."""

    status: int
    output: str = ""
    errors: str = ""


def refusal(sentence: str) -> CommandError:
    """Return the error for a command that cannot be carried out."""
    return CommandError("refused", sentence)


def needs_root(action: str) -> CommandError:
    """Return the error for somebody who may not do this."""
    return refusal(f"only root may do this: sudo backbutton hotspot {action}")


def check(answer: Answer, action: str) -> str:
    """Return what nmcli printed; CommandError if it failed, with the reason. `action` is the command's word."""
    if answer.status == 0:
        return answer.output
    if answer.status == _NOT_RUNNING_STATUS:
        raise refusal(NOT_RUNNING)
    if any(words in answer.errors.lower() for words in _NOT_ALLOWED):
        raise needs_root(action)
    first = (answer.errors.strip() or f"nmcli failed with status {answer.status}").splitlines()[0]
    raise refusal(f"NetworkManager refused: {first.removeprefix('Error: ').rstrip('.')}")


def check_radio(radio: Radio) -> None:
    """CommandError if Wi-Fi is blocked or turned off."""
    if radio.switch == "disabled":
        raise refusal(_SWITCHED_OFF)
    if radio.state == "disabled":
        raise refusal(_NO_COUNTRY if radio.has_raspi_config and not radio.country else _TURNED_OFF)


def choose(devices: Sequence[Device], can_be_hotspot: Callable[[str], bool]) -> Device:
    """Return the device for the hotspot, one without a connection if there is one; CommandError if none can be it."""
    if not devices:
        raise refusal(_NO_WIFI)
    managed = [device for device in devices if device.is_managed]
    if not managed:
        raise refusal(
            f"{_names(devices)} is left alone by NetworkManager, so other software has it; stop that, or: "
            f"sudo nmcli device set {devices[0].name} managed yes"
        )
    ready = [device for device in managed if device.is_ready]
    if not ready:
        raise refusal(
            f"{_names(managed)} is not ready; restart the box, and look at sudo dmesg if that does not help"
        )
    able = [device for device in ready if can_be_hotspot(device.name)]
    if not able:
        raise refusal(
            f"{_names(ready)} cannot be a hotspot: its driver has no access point mode; use another adapter"
        )
    return min(able, key=lambda device: bool(device.uuid))


def _names(devices: Sequence[Device]) -> str:
    return " and ".join(device.name for device in devices)
