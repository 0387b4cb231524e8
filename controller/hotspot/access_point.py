"""Turns the hotspot on and off through NetworkManager, and says how it is.

The hotspot is one connection profile of NetworkManager, which keeps its name and password, and whether it comes on at
start. Nothing else remembers anything.
"""

from collections.abc import Callable
from contextlib import suppress

from config.record import dataclass
from controller.errors import CommandError
from controller.hotspot import deciding, parsing
from controller.hotspot.deciding import Radio, check, needs_root, refusal
from controller.hotspot.login import Login, is_valid_password, new_login, new_password
from controller.hotspot.machine import Machine
from controller.hotspot.names import ADDRESS, NamesFile, are_answered
from controller.hotspot.parsing import DEVICE_FIELDS, Device

PROFILE = "backbutton-hotspot"
_NAME, _PASSWORD = "802-11-wireless.ssid", "802-11-wireless-security.psk"
_AT_START = "connection.autoconnect"
_SETTINGS = (
    ("connection.autoconnect-priority", "100"),  # before the networks that the box would join
    ("802-11-wireless.mode", "ap"),
    ("802-11-wireless.band", "bg"),  # 2.4 GHz, which every phone and every country has
    ("802-11-wireless-security.key-mgmt", "wpa-psk"),
    ("802-11-wireless-security.proto", "rsn"),
    ("802-11-wireless-security.pairwise", "ccmp"),
    ("802-11-wireless-security.group", "ccmp"),
    # A Pi's Wi-Fi has no protected management frames: the hotspot would not start (raspberrypi/linux issue 7247), or
    # phones could not join (3619).
    ("802-11-wireless-security.pmf", "disable"),
    ("ipv4.method", "shared"),
    ("ipv4.addresses", f"{ADDRESS}/24"),
    ("ipv6.method", "disabled"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What turning it on would do: the device, the profile (empty if there is none yet), whether it is on already."""

    device: Device
    profile: str
    is_on: bool

    @property
    def leaves(self) -> str:
        """The connection that the device would lose; empty if it has none."""
        return "" if self.device.uuid == self.profile else self.device.connection


@dataclass(frozen=True, slots=True)
class Status:
    """How the hotspot is: `on`, `starting` or `off`; None or empty for what is not known."""

    state: str
    login: Login | None = None
    device: str = ""
    joined: int | None = None
    country: str | None = None
    is_on_at_start: bool = False


class Hotspot:
    """The hotspot of a machine. Every method raises CommandError, with a sentence, if it cannot do what it should."""

    def __init__(
        self, machine: Machine, names: NamesFile, names_are_answered: Callable[[], bool] = are_answered
    ) -> None:
        self._machine = machine
        self._names = names
        self._names_are_answered = names_are_answered

    def status(self) -> Status:
        """Return how it is. Anybody may ask; only root is told the password."""
        profile = self._profile("status")
        country = self._country()
        if not profile:
            return Status("off", country=country)
        kept = self._kept(profile, "status")
        login = Login(kept.get(_NAME, ""), kept.get(_PASSWORD, ""))
        is_on_at_start = kept.get(_AT_START) == "yes"
        device = next((each for each in self._devices("status") if each.uuid == profile), None)
        if device is None:
            return Status("off", login, country=country, is_on_at_start=is_on_at_start)
        state = "on" if device.is_up else "starting"
        return Status(state, login, device.name, self._joined(device.name), country, is_on_at_start)

    def plan(self) -> Plan:
        """Return what turning it on would do. Changes nothing."""
        if not self._machine.is_root:
            raise needs_root("on")
        devices = self._devices("on")
        profile = self._profile("on")
        current = next((device for device in devices if profile and device.uuid == profile), None)
        if current is not None and current.is_up and self._is_complete(profile):
            return Plan(current, profile, is_on=True)
        deciding.check_radio(self._radio())
        device = current or deciding.choose(devices, self._can_be_hotspot)
        if not self._machine.has_program("dnsmasq"):
            raise refusal(deciding.NO_DNSMASQ)
        return Plan(device, profile, is_on=False)

    def prepare(self, plan: Plan) -> Login:
        """Make the profile ready, with a new name and password if it is new, and return these. Brings nothing up."""
        profile = plan.profile or self._add(plan.device)
        kept = self._kept(profile, "on")
        password = kept.get(_PASSWORD, "")
        if not plan.is_on:
            words = [word for pair in _SETTINGS for word in pair]
            self._do(
                "on", "connection", "modify", "uuid", profile, "connection.interface-name", plan.device.name, *words
            )
            password = password if is_valid_password(password) else self._set_password(profile)
        return Login(kept.get(_NAME, ""), password)

    def bring_up(self, plan: Plan) -> None:
        """Turn it on, now and at each start. If that fails, give the device back what it had."""
        profile = self._profile("on")
        try:
            self._names.write()
            self._do("on", "connection", "up", "uuid", profile, "ifname", plan.device.name)
            if not self._names_are_answered():
                raise refusal(deciding.NO_NAMES)
            self._do("on", "connection", "modify", "uuid", profile, _AT_START, "yes")
        except (CommandError, KeyboardInterrupt):
            self._give_back(plan, profile)
            raise

    def turn_off(self) -> bool:
        """Turn it off, now and at each start; return whether it was on. NetworkManager joins what it knows again."""
        if not self._machine.is_root:
            raise needs_root("off")
        profile = self._profile("off")
        was_on = False
        if profile:
            was_on = any(device.uuid == profile for device in self._devices("off"))
            self._do("off", "connection", "modify", "uuid", profile, _AT_START, "no")
            if was_on:
                self._do("off", "connection", "down", "uuid", profile)
        self._names.remove()
        return was_on

    def _give_back(self, plan: Plan, profile: str) -> None:
        """Undo a start that failed; whatever fails in turn is not reported, as the first failure is."""
        with suppress(CommandError):
            self._names.remove()
        self._machine.nmcli("connection", "modify", "uuid", profile, _AT_START, "no")
        self._machine.nmcli("connection", "down", "uuid", profile)
        if plan.leaves:
            self._machine.nmcli("connection", "up", "uuid", plan.device.uuid)

    def _add(self, device: Device) -> str:
        """Add the profile, without a password: the words of a command are seen by everybody on the machine."""
        words = [word for pair in _SETTINGS for word in pair]
        new = ("type", "wifi", "con-name", PROFILE, "ifname", device.name, "ssid", new_login().name, _AT_START, "no")
        self._do("on", "connection", "add", *new, *words)
        return self._profile("on")

    def _set_password(self, profile: str) -> str:
        """Give the profile a new password and return it."""
        password = new_password()
        typed = f"set {_PASSWORD} {password}\nsave persistent\nquit\n"
        check(self._machine.nmcli("connection", "edit", "uuid", profile, typed=typed), "on")
        if self._kept(profile, "on").get(_PASSWORD) != password:
            raise refusal("NetworkManager did not keep the hotspot's password; journalctl -u NetworkManager says why")
        return password

    def _is_complete(self, profile: str) -> bool:
        return self._names.is_written and self._kept(profile, "on").get(_AT_START) == "yes"

    def _profile(self, action: str) -> str:
        """Return the UUID of the profile; empty if there is none."""
        rows = parsing.table(self._do(action, "-t", "-f", "UUID,NAME,TYPE", "connection", "show"))
        return next((uuid for uuid, name, kind in rows if (name, kind) == (PROFILE, "802-11-wireless")), "")

    def _kept(self, profile: str, action: str) -> dict[str, str]:
        fields = f"{_NAME},{_PASSWORD},{_AT_START}"
        return parsing.properties(self._do(action, "-s", "-t", "-f", fields, "connection", "show", "uuid", profile))

    def _devices(self, action: str) -> list[Device]:
        return parsing.wifi_devices(self._do(action, "-t", "-f", ",".join(DEVICE_FIELDS), "device", "status"))

    def _can_be_hotspot(self, device: str) -> bool:
        shown = self._do("on", "-t", "-f", "WIFI-PROPERTIES.AP", "device", "show", device)
        return parsing.properties(shown).get("WIFI-PROPERTIES.AP") == "yes"

    def _radio(self) -> Radio:
        ((switch, state),) = parsing.table(self._do("on", "-t", "-f", "WIFI-HW,WIFI", "general", "status"))
        return Radio(switch, state, self._country() or "", self._machine.has_program("raspi-config"))

    def _country(self) -> str | None:
        text = self._machine.iw("reg", "get")
        return None if text is None else parsing.country(text)

    def _joined(self, device: str) -> int | None:
        text = self._machine.iw("dev", device, "station", "dump")
        return None if text is None else parsing.stations(text)

    def _do(self, action: str, *words: str) -> str:
        return check(self._machine.nmcli(*words), action)
