from hypothesis import given
from hypothesis import strategies as st

from controller.hotspot.parsing import Device, cells, country, properties, stations, table, wifi_devices

# Recorded from nmcli 1.52.1 and iw 6.9 of Debian 13, with simulated radios (tests/kernel/scenarios/hotspot.sh).
DEVICES = r"""
wlan0:wifi:connected:b55a48ee-a74a-43c2-a005-b3c13e08e367:Home\: at\\ the lake
p2p-dev-wlan0:wifi-p2p:disconnected::
lo:loopback:unmanaged::
hwsim0:unknown:unmanaged::
""".strip()
PROPERTIES = r"""
GENERAL.CONNECTION:Home: at\ the lake
GENERAL.CON-UUID:b55a48ee-a74a-43c2-a005-b3c13e08e367
IP4.ADDRESS[1]:192.168.7.2/24
""".strip()
NO_COUNTRY = "global\ncountry 00: DFS-UNSET\n\t(755 - 928 @ 2), (N/A, 20), (N/A), PASSIVE-SCAN\n\n"
COUNTRY = "global\ncountry GB: DFS-ETSI\n\t(2400 - 2483 @ 40), (N/A, 20), (N/A)\n\nphy#0\ncountry 99: DFS-UNSET\n"
STATIONS = "Station 02:00:00:00:01:00 (on wlan0)\n\tinactive time:\t216 ms\n\trx bytes:\t3545\n"


def escaped(text):
    """As nmcli does in the cells of a table."""
    return text.replace("\\", "\\\\").replace(":", "\\:")


ONE_LINE = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]))


@given(st.lists(ONE_LINE, min_size=1))
def test_the_cells_of_a_row_are_what_nmcli_escaped(texts):
    assert cells(":".join(map(escaped, texts))) == texts


@given(st.text())
def test_any_row_has_cells(row):
    assert "".join(cells(row)).count(":") <= row.count(":")


def test_a_network_with_colons_and_backslashes_is_found():
    uuid = "b55a48ee-a74a-43c2-a005-b3c13e08e367"
    assert wifi_devices(DEVICES) == [Device("wlan0", "connected", uuid, r"Home: at\ the lake")]


def test_properties_are_not_escaped():
    assert properties(PROPERTIES)["GENERAL.CONNECTION"] == r"Home: at\ the lake"


def test_a_table_without_rows_is_empty():
    assert table("") == table("\n") == []


def test_the_country_is_the_one_of_the_machine():
    assert (country(NO_COUNTRY), country(COUNTRY), country("")) == ("", "GB", "")


def test_stations_are_counted():
    assert (stations(""), stations(STATIONS), stations(STATIONS * 3)) == (0, 1, 3)


def test_what_the_states_of_a_device_mean():
    states = {
        "connected": (True, True, True),
        "connected (externally)": (True, True, True),
        "connecting (getting IP configuration)": (True, True, False),
        "disconnected": (True, True, False),
        "unavailable": (True, False, False),
        "unmanaged": (False, False, False),
    }
    found = {state: Device("wlan0", state) for state in states}
    assert {state: (each.is_managed, each.is_ready, each.is_up) for state, each in found.items()} == states
