"""A phone is paired by a press of `run` on the box, or by a link from the console; by nothing else."""

import json

import pytest
from evening import Evening, S

from config.store import SettingsStore
from controller.box.notices import PairingChanged, event_of
from controller.errors import CommandError


class Box(Evening):
    """An evening that keeps the list of phones in a folder, and the notices of pairing."""

    def __init__(self, folder, *lines, **scene):
        self.folder = folder
        self.pairing = []
        super().__init__(*lines, **scene)

    def _new_store(self):
        return SettingsStore(None, self.folder)

    def on_notice(self, notice):
        super().on_notice(notice)
        if isinstance(notice, PairingChanged):
            self.pairing.append((notice.state, notice.text))

    def call(self, method, **params):
        reply = self.stage.methods.call(method, params)
        self.wait(0)
        return reply

    def pair(self, name="iPhone"):
        """Pair a phone by a press of run; return its token."""
        asked = self.call("pairing.ask", name=name)
        self.run_button()
        return self.call("pairing.result", request=asked["request"])["token"]

    def is_paired(self, token):
        return self.call("pairing.check", token=token)["paired"]

    @property
    def has_run(self):
        return self.call("status")["run"] is not None


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path)


def test_a_press_of_run_pairs_the_phone_that_asks_and_does_nothing_else(box):
    asked = box.call("pairing.ask", name="iPhone")
    assert asked["seconds"] == 60
    assert box.call("pairing.result", request=asked["request"])["state"] == "waiting"
    box.run_button()
    assert box.release == "IDLE"
    assert box.shutter == []
    reply = box.call("pairing.result", request=asked["request"])
    assert (reply["state"], reply["text"]) == ("paired", "iPhone is paired")
    assert box.call("pairing.check", token=reply["token"]) == {"paired": True, "name": "iPhone", "fault": None}
    assert [state for state, _ in box.pairing] == ["asked", "paired"]


def test_the_next_press_of_run_starts_a_run_again(box):
    box.pair()
    assert box.release == "IDLE"
    box.run_button()
    assert box.has_run


def test_during_a_run_a_press_pairs_and_the_run_goes_on(box):
    box.run_button()
    box.pair()
    assert box.release != "PAUSED"
    assert box.has_run


def test_run_held_pairs_too_and_stops_nothing(box):
    box.run_button()
    asked = box.call("pairing.ask", name="iPhone")
    box.stage.bench.thumb.press("run", box.clock.now_ns() + 2 * S)
    box.wait(3 * S)
    assert box.has_run
    assert box.call("pairing.result", request=asked["request"])["state"] == "paired"


def test_a_token_is_told_once(box):
    asked = box.call("pairing.ask", name="iPhone")
    box.run_button()
    assert "token" in box.call("pairing.result", request=asked["request"])
    assert box.call("pairing.result", request=asked["request"])["state"] == "over"


def test_nobody_gets_a_token_for_a_request_that_is_not_his(box):
    box.call("pairing.ask", name="iPhone")
    box.run_button()
    assert box.call("pairing.result", request="0" * 32)["state"] == "over"


def test_after_a_minute_the_wait_is_over_and_run_is_run_again(box):
    asked = box.call("pairing.ask", name="iPhone")
    box.wait(61 * S)
    reply = box.call("pairing.result", request=asked["request"])
    assert reply == {"state": "over", "text": "nobody pressed run on the box within 60 s; ask again"}
    assert box.pairing[-1][0] == "over"
    box.run_button()
    assert box.has_run


def test_one_phone_asks_at_a_time(box):
    box.call("pairing.ask", name="iPhone")
    with pytest.raises(CommandError, match="another phone is being paired"):
        box.call("pairing.ask", name="a stranger")
    box.wait(61 * S)
    box.call("pairing.ask", name="a stranger")


def test_all_lamps_blink_together_while_a_phone_asks(box):
    box.call("pairing.ask", name="iPhone")
    looks = box.call("status")["lamps"]
    assert looks == dict.fromkeys(("green", "amber", "red"), "blinks twice each second")
    box.run_button()
    assert set(box.call("status")["lamps"].values()) != {"blinks twice each second"}


def test_a_fault_is_shown_before_a_phone(box):
    box.call("pairing.ask", name="iPhone")
    box.engine.fail("a test")
    assert box.call("status")["lamps"]["red"] == "blinks without end"


def test_the_link_of_the_console_pairs_one_phone(box):
    code = box.call("pairing.link")["code"]
    token = box.call("pairing.redeem", code=code, name="Firefox on Linux")["token"]
    assert box.is_paired(token)
    with pytest.raises(CommandError, match="this link was used"):
        box.call("pairing.redeem", code=code, name="a second one")


def test_a_link_is_good_for_ten_minutes_and_a_new_one_ends_it(box):
    first = box.call("pairing.link")["code"]
    second = box.call("pairing.link")["code"]
    with pytest.raises(CommandError):
        box.call("pairing.redeem", code=first, name="iPhone")
    box.wait(601 * S)
    with pytest.raises(CommandError):
        box.call("pairing.redeem", code=second, name="iPhone")


def test_a_wrong_guess_does_not_end_the_link(box):
    code = box.call("pairing.link")["code"]
    with pytest.raises(CommandError):
        box.call("pairing.redeem", code="0" * 32, name="a stranger")
    assert "token" in box.call("pairing.redeem", code=code, name="iPhone")


def test_without_a_link_no_code_is_good(box):
    for code in ("", "None", "0" * 32):
        with pytest.raises(CommandError):
            box.call("pairing.redeem", code=code, name="a stranger")


def test_phones_are_listed_and_removed_by_number_by_token_or_all(box):
    tokens = [box.pair(name) for name in ("one", "two", "three", "four")]
    assert box.call("pairing.list")["phones"] == [
        {"number": n, "name": name} for n, name in enumerate(("one", "two", "three", "four"), 1)
    ]
    assert box.call("pairing.remove", number=2) == {"did": "not paired any more: two"}
    assert box.call("pairing.remove", token=tokens[2]) == {"did": "not paired any more: three"}
    assert [box.is_paired(token) for token in tokens] == [True, False, False, True]
    assert box.call("pairing.remove") == {"did": "not paired any more: one, four"}
    assert [box.is_paired(token) for token in tokens] == [False] * 4
    assert box.pairing[-1][0] == "removed"
    with pytest.raises(CommandError, match="no phone number 1; page list shows them"):
        box.call("pairing.remove", number=1)


def test_a_paired_phone_is_known_after_a_restart_and_its_token_is_on_no_disk(box, tmp_path):
    token = box.pair()
    assert Box(tmp_path).is_paired(token)
    assert token not in "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())


def test_setting_the_clock_ends_no_pairing(box):
    token = box.pair()
    box.step_wall(-40 * 365 * 24 * 3600 * S)
    assert box.is_paired(token)
    box.step_wall(80 * 365 * 24 * 3600 * S)
    assert box.is_paired(token)


def test_a_list_that_cannot_be_saved_pairs_until_the_box_is_switched_off_and_says_so(box, tmp_path):
    (tmp_path / "phones.json.new").mkdir()
    asked = box.call("pairing.ask", name="iPhone")
    box.run_button()
    reply = box.call("pairing.result", request=asked["request"])
    assert reply["text"].startswith("iPhone is paired until the box is switched off: ")
    assert "phones.json: cannot be saved" in reply["text"]
    assert box.is_paired(reply["token"])
    with pytest.raises(CommandError, match="gone until the next start only"):
        box.call("pairing.remove")
    assert not box.is_paired(reply["token"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [("", "a phone"), (" \n ", "a phone"), ("x" * 99, "x" * 40), ("a\x1b[2Jb", "a[2Jb"), ("<b>", "<b>")],
)
def test_a_phones_name_is_printable_and_short(box, name, shown):
    box.pair(name)
    assert box.call("pairing.list")["phones"][0]["name"] == shown


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"boot": "", "starts": "x", "phones": []}', "[" * 5000])
def test_a_damaged_list_is_kept_and_begun_anew(tmp_path, content):
    (tmp_path / "phones.json").write_text(content)
    box = Box(tmp_path)
    assert box.call("pairing.list")["phones"] == []
    assert (tmp_path / "phones.json.damaged").read_text() == content
    token = box.pair()
    assert box.is_paired(token)
    assert json.loads((tmp_path / "phones.json").read_text())["phones"][0]["name"] == "iPhone"


def test_a_folder_in_its_place_is_a_sentence(tmp_path):
    (tmp_path / "phones.json").mkdir()
    with pytest.raises(CommandError, match="is not a file; remove it, and pair each phone again"):
        Box(tmp_path).call("pairing.list")


def test_pairing_is_told_to_clients_in_words(box):
    box.call("pairing.ask", name="iPhone")
    event = event_of(PairingChanged(5, *box.pairing[0]))
    text = "iPhone asks to be paired: press run within 60 s if it is yours"
    assert event == {"kind": "pairing", "at_ns": 5, "state": "asked", "text": text}
