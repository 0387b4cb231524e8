"""The command `page`: a link with its code, the paired phones, and how they are forgotten."""

import pytest
from evening import Evening, S

from config.store import SettingsStore
from controller.console import phones


class Box(Evening):
    def __init__(self, folder):
        self.folder = folder
        super().__init__()

    def _new_store(self):
        return SettingsStore(None, self.folder)


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path)


def pair(box, name):
    code = box.type("page pair").splitlines()[-2].rpartition("#")[2]
    return box.stage.methods.call("pairing.redeem", {"code": code, "name": name})


def test_the_link_pairs_one_phone(box):
    *_, link, last = box.type("page pair").splitlines()
    assert last == "ok open this within 10 minutes; it pairs one phone"
    head, code = link.split("#")
    assert head == f" http://{phones.BENCH}/pair"
    assert box.stage.methods.call("pairing.redeem", {"code": code, "name": "iPhone"})["state"] == "paired"


def test_a_box_is_called_by_its_name_on_the_net(box, monkeypatch):
    monkeypatch.setattr(phones.socket, "gethostname", lambda: "hill.example")
    monkeypatch.setattr(box.stage.methods, "_is_bench", False)
    assert " http://hill.local/pair#" in box.type("page pair")


def test_a_code_is_drawn_or_it_is_said_why_not(box, monkeypatch):
    pytest.importorskip("segno")
    assert "\u2588" * 20 in box.type("page pair")
    monkeypatch.setitem(phones.sys.modules, "segno", None)
    assert "There is no QR code, because segno is not installed" in box.type("page pair")


def test_phones_are_listed_and_forgotten(box):
    assert box.type("page list").startswith("ok no phone is paired; page pair shows a link")
    pair(box, "iPhone")
    pair(box, "Firefox on Linux")
    assert box.type("page list").splitlines() == [
        " 1  iPhone",
        " 2  Firefox on Linux",
        "ok page unpair 1 forgets one, page unpair all of them",
    ]
    assert box.type("page unpair 1") == "ok not paired any more: iPhone"
    assert box.type("page unpair") == "ok not paired any more: Firefox on Linux"
    assert box.type("page unpair") == "ok no phone is paired"
    box.wait(S)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("page", "error usage: expected: page pair|list|unpair [PHONE], for example: page unpair 1"),
        ("page unpair x", "error value: page unpair takes the number of a phone, as in page list, or none for all"),
        ("page unpair 7", "error value: there is no phone number 7; page list shows them"),
        ("page list 3", "error usage: page list takes nothing else; page unpair takes the number of a phone"),
    ],
)
def test_a_wrong_line_is_answered_with_one_sentence(box, line, answer):
    assert box.type(line) == answer
