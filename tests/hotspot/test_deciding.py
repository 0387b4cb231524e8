import pytest

from controller.errors import CommandError
from controller.hotspot.deciding import Answer, Radio, check, check_radio, choose
from controller.hotspot.parsing import Device

FREE = Device("wlan0", "disconnected")
BUSY = Device("wlan0", "connected", "b55a48ee", "Home")
OTHER = Device("wlan1", "disconnected")


def sentence_of(function, *arguments):
    with pytest.raises(CommandError) as error:
        function(*arguments)
    assert error.value.word == "refused"
    assert "\n" not in error.value.sentence
    return error.value.sentence


def able(_name):
    return True


def test_a_device_without_a_connection_is_taken_first():
    assert choose([BUSY, OTHER], able) == OTHER
    assert choose([OTHER, BUSY], able) == OTHER
    assert choose([BUSY], able) == BUSY
    assert choose([FREE, OTHER], able) == FREE


def test_one_that_can_be_a_hotspot_is_taken_even_if_it_is_busy():
    assert choose([BUSY, OTHER], lambda name: name == "wlan0") == BUSY


def test_only_devices_that_could_be_used_are_asked():
    asked = []
    choose([Device("wlan1", "unmanaged"), Device("wlan2", "unavailable"), FREE], lambda name: not asked.append(name))
    assert asked == ["wlan0"]


@pytest.mark.parametrize(
    ("devices", "can_be", "words"),
    [
        ([], True, "there is no Wi-Fi on this machine; plug in an adapter"),
        ([Device("wlan0", "unmanaged")], True, "wlan0 is left alone by NetworkManager"),
        ([Device("wlan0", "unmanaged"), Device("wlan1", "unavailable")], True, "wlan1 is not ready; restart the box"),
        ([FREE], False, "wlan0 cannot be a hotspot: its driver has no access point mode; use another adapter"),
        ([FREE, OTHER], False, "wlan0 and wlan1 cannot be a hotspot"),
    ],
)
def test_why_there_is_no_device(devices, can_be, words):
    assert words in sentence_of(choose, devices, lambda _name: can_be)


@pytest.mark.parametrize(
    ("radio", "words"),
    [
        (Radio("disabled", "disabled", "", True), "turned off by a switch"),
        (Radio("disabled", "enabled", "GB", False), "turned off by a switch"),
        (
            Radio("enabled", "disabled", "", True),
            "until it knows your country; set it, for Great Britain with: sudo raspi-config",
        ),
        (Radio("enabled", "disabled", "GB", True), "turn it on: sudo nmcli radio wifi on"),
        (Radio("enabled", "disabled", "", False), "turn it on: sudo nmcli radio wifi on"),
    ],
)
def test_why_the_radio_is_off(radio, words):
    assert words in sentence_of(check_radio, radio)


@pytest.mark.parametrize("country", ["", "GB"])
def test_a_radio_that_is_on_needs_no_country(country):
    check_radio(Radio("enabled", "enabled", country, True))


# The errors are nmcli's own: recorded on Debian 13 but for the supplicant's, which is of raspberrypi/linux issue 7247.
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Answer(8, "", "Error: NetworkManager is not running.\n"),
            "NetworkManager is not running; start it: sudo systemctl",
        ),
        (
            Answer(4, "", "Error: Failed to add 'x' connection: Insufficient privileges\n"),
            "only root may do this: sudo backbutton hotspot on",
        ),
        (
            Answer(4, "", "Error: Connection activation failed: Not authorized to control networking.\n"),
            "only root may do this",
        ),
        (
            Answer(
                1, "", "Error: Failed to modify connection 'x': Error checking authorization: GDBus.Error: [...]\n"
            ),
            "only root may do this",
        ),
        (
            Answer(
                4,
                "",
                "Error: Connection activation failed: 802.1X supplicant took too long to authenticate\nHint: use 'journalctl ...\n",
            ),
            "NetworkManager refused: Connection activation failed: 802.1X supplicant took too long to authenticate",
        ),
        (Answer(1, "out", " \n"), "NetworkManager refused: nmcli failed with status 1"),
    ],
)
def test_what_nmcli_refused_in_plain_words(answer, words):
    assert sentence_of(check, answer, "on").startswith(words)


def test_what_nmcli_printed_is_returned():
    assert check(Answer(0, "wlan0\n", "a warning"), "on") == "wlan0\n"
