import pytest
from console.fakebox import FakeBox

from config.cameras import profile_ids
from controller.console.commands import Session
from controller.console.completion import candidates
from controller.errors import CommandError


@pytest.fixture
def offers():
    session = Session(FakeBox().ask)
    return lambda before, begun="": candidates(session, before, begun)


@pytest.mark.parametrize(
    ("before", "begun", "words"),
    [
        ("", "st", ["start", "status", "stop"]),
        ("", "pr", []),
        ("", "zzz", []),
        ("focus ", "", ["clear", "hold", "release"]),
        ("FOCUS ", "h", ["hold"]),
        ("focus hold ", "", []),
        ("nonsense ", "", []),
        ("start ", "", ["now"]),
        ("cameras ", "canon-", ["canon-e3", "canon-n3", "canon-r"]),
        ("cameras canon-e3 ", "", []),
        ("set camera.profile ", "nikon-m", ["nikon-mc-dc1", "nikon-mc-dc2"]),
        ("help ", "sa", ["save"]),
        ("show ", "interval", ["interval", "interval.count", "interval.every"]),
        ("set ", "interval.e", ["interval.end", "interval.every", "interval.every_end"]),
        ("set interval.every ", "", []),
        ("set interval.overrun ", "", ["skip", "stop"]),
        ("set interval.start ", "sun", ["sunrise", "sunset-20m"]),
        ("set no.such.key ", "", []),
        ("reset ", "interval.e", ["interval.end", "interval.every", "interval.every_end"]),
        ("status ", "-", ["--json"]),
        ("show interval ", "--", ["--json"]),
        ("fire ", "-", []),
    ],
)
def test_tab_offers_what_can_stand_there(offers, before, begun, words):
    found = offers(before, begun)
    assert found == words or (set(words) < set(found) and begun == "interval")


def test_tab_offers_the_profiles_there_are(offers):
    assert offers("set camera.profile ") == sorted(profile_ids())


def test_the_bench_has_buttons_to_offer():
    session = Session(FakeBox(bench=True).ask)
    assert candidates(session, "", "pr") == ["press"]
    assert candidates(session, "press ", "") == ["back", "run", "shutter"]
    assert candidates(session, "hold back ", "") == []


def test_tab_works_without_a_daemon():
    def call(_method):
        raise CommandError("offline", "no daemon")

    assert candidates(Session(call), "", "fi") == ["fire"]
    assert candidates(Session(call), "set camera.profile ", "") == []
