import json

import pytest
from gpiozero import pi_info

from config.schema import FIELDS, Settings, build
from controller.cli import main, wiring


@pytest.fixture
def box(tmp_path):
    """Settings of a file, as a command takes them."""
    (tmp_path / "config.toml").write_text("[pins]\nfocus = 26\nrun_button = 3\nbuzzer = 25\n")
    return ["--config", str(tmp_path / "config.toml"), "--state-dir", str(tmp_path)]


def _name(pin):
    return pin.name if hasattr(pin, "name") else pin.function  # gpiozero 2, and 1.6


@pytest.mark.parametrize("revision", ["900032", "902120", "c03111", "c04170"])  # B+, Zero 2 W, 4, 5
def test_the_header_matches_every_pi(revision):
    pins = pi_info(revision).headers["J8"].pins
    assert tuple(_name(pins[number]) for number in range(1, 41)) == wiring.HEADER


def test_every_pin_setting_has_its_place_and_circuit():
    rows = wiring.connections(Settings())
    assert [each.setting for each in rows] == [key for key, field in FIELDS.items() if field.section == "pins"]
    assert all(each.circuit for each in rows)


def test_every_pin_of_a_setting_is_on_the_header():
    assert len({wiring.header_pin(number) for number in range(28)}) == 28


def test_the_words_on_the_header_are_the_photographers():
    named = {each.setting: each.what for each in wiring.connections(Settings())}
    assert (named["pins.focus"], named["pins.shutter"]) == ("FOCUS", "SHUTTER")
    assert (named["pins.back_button"], named["pins.ready_lamp"]) == ("button back", "lamp ready")


def test_the_command_shows_the_header_with_the_settings_pins(box, capsys):
    assert main(["wiring", *box]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].strip() == "3V3  ( 1) ( 2)  5V"
    assert [line.strip() for line in lines if "(37)" in line] == ["FOCUS  GPIO26  (37) (38)  GPIO20"]
    assert [line.strip() for line in lines if "(22)" in line] == ["GPIO9  (21) (22)  GPIO25  buzzer"]
    assert [line.strip() for line in lines if "(11)" in line] == ["GPIO17  (11) (12)  GPIO18"]


def test_the_command_lists_where_each_setting_goes(box, capsys):
    assert main(["wiring", *box]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "pins.focus            GPIO26   37  470 ohm to an opto's LED; 10 k to ground" in lines
    assert any(line.split()[:3] == ["pins.sync", "unset", "-"] for line in lines)


def test_header_and_list_are_ascii_in_80_columns(box, capsys):
    assert main(["wiring", *box]) == 0
    text = capsys.readouterr().out
    assert text.isascii()
    assert max(len(line) for line in text.splitlines() if not line.startswith("warning")) <= 80


def test_the_command_prints_json(box, capsys):
    assert main(["wiring", *box, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [pin["pin"] for pin in report["header"]] == list(range(1, 41))
    assert report["header"][36] == {"pin": 37, "name": "GPIO26", "what": "FOCUS"}
    assert report["header"][0] == {"pin": 1, "name": "3V3", "what": None}
    assert {each["setting"]: (each["bcm"], each["pin"]) for each in report["connections"]}["pins.buzzer"] == (25, 22)
    assert len(report["warnings"]) == 1


def test_the_default_pins_need_no_warning():
    assert wiring.warnings(Settings()) == ()


@pytest.mark.parametrize("key", ["pins.focus", "pins.shutter"])
@pytest.mark.parametrize("pin", [0, 2, 8, 14, 15])
def test_a_pin_that_would_close_a_contact_gets_one_warning(key, pin):
    (sentence,) = wiring.warnings(build({key: pin}))
    assert sentence.startswith(f"{key}: GPIO{pin} ")
    assert "while the Pi boots" in sentence


def test_both_contacts_get_warnings_at_once():
    assert len(wiring.warnings(build({"pins.focus": 2, "pins.shutter": 14}))) == 2


@pytest.mark.parametrize(
    ("key", "pin", "owner"), [("focus", 9, "SPI"), ("run_button", 3, "I2C"), ("buzzer", 15, "serial")]
)
def test_a_pin_with_another_use_gets_a_warning(key, pin, owner):
    (sentence,) = wiring.warnings(build({f"pins.{key}": pin}))
    assert sentence.startswith(f"pins.{key}: GPIO{pin} ")
    assert owner in sentence


def test_a_faulty_file_is_one_sentence_and_no_drawing(tmp_path, capsys):
    file = tmp_path / "config.toml"
    file.write_text("[pins]\nfocus = 99\n")
    assert main(["wiring", "--config", str(file), "--state-dir", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "pins.focus" in printed.err
