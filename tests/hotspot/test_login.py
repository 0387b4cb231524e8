import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.hotspot.login import Login, is_valid_password, new_login, new_password

ANYTHING = st.text(st.characters(blacklist_categories=["Cs"]))


def read_wifi_text(text):
    r"""Read a WIFI: text as phones do: fields end at a semicolon, and \ makes the next character itself."""
    assert text.startswith("WIFI:")
    assert text.endswith(";;")
    found, escaped = [""], False
    for char in text.removeprefix("WIFI:")[:-1]:
        if escaped or char not in "\\;":
            found[-1] += char
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            found.append("")
    return dict(each.split(":", 1) for each in found if each)


@given(ANYTHING, ANYTHING)
def test_a_phone_reads_the_name_and_the_password(name, password):
    found = read_wifi_text(Login(name, password).qr_text)
    assert found == {"T": "WPA", "S": name, "P": password}


def test_every_special_character_is_escaped():
    assert Login('a;b,c:d\\e"f', "12345678").qr_text == r"WIFI:T:WPA;S:a\;b\,c\:d\\e\"f;P:12345678;;"


def test_a_new_login_looks_like_this():
    for _ in range(100):
        login = new_login()
        assert re.fullmatch(r"backbutton-[A-HJ-NP-Z]{2}[2-9]{2}", login.name)
        assert re.fullmatch(r"\d{4}(-\d{4}){3}", login.password)
        assert is_valid_password(login.password)
        assert login.qr_text == f"WIFI:T:WPA;S:{login.name};P:{login.password};;"  # nothing of ours needs an escape


def test_a_password_has_53_bits():
    passwords = {new_password() for _ in range(2000)}
    assert len(passwords) == 2000
    digits = [each.replace("-", "") for each in passwords]
    assert {len(each) for each in digits} == {16}
    assert math.log2(10**16) > 53
    for place in range(16):  # each digit occurs in each place: 2,000 draws miss one in 10^90
        assert {each[place] for each in digits} == set("0123456789")


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("1234567", False),
        ("12345678", True),
        ("x" * 63, True),
        ("x" * 64, False),
        ("0123456789abcdefABCDEF" + "0" * 42, True),
        ("f" * 65, False),
        ("a tab\tin it", False),
        ("passwörter", False),
        ("with spaces in it", True),
        ("", False),
    ],
)
def test_what_wpa_allows(text, is_valid):
    assert is_valid_password(text) is is_valid
