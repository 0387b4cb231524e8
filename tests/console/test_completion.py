import pytest
from console.fake_box import FakeBox

from config.cameras import profile_ids
from config.schema import FIELDS
from controller.console.commands import Session
from controller.console.completion import completions
from controller.core.events import Button
from controller.errors import CommandError


@pytest.fixture
def offers():
    box = FakeBox()
    box.values["interval.every"] = "9s"
    session = Session(box.ask)
    return lambda before, begun="": completions(session, before, begun)


@pytest.mark.parametrize(
    ("before", "begun", "words"),
    [
        ("", "st", ["start", "status", "step", "stop"]),
        ("", "pr", ["preset", "prove"]),
        ("preset ", "", ["delete", "dusk", "mark", "save", "stars", "unmark"]),
        ("preset delete ", "", ["dusk"]),
        ("preset mark ", "", ["stars"]),
        ("preset unmark ", "", ["dusk"]),
        ("preset dusk ", "", []),
        ("start 24 ", "", ["every"]),
        ("start 24 every ", "", ["1s", "2s", "500ms"]),
        ("bulb ", "1", ["1s"]),
        ("", "zzz", []),
        ("focus ", "", ["accept", "clear", "hold", "release"]),
        ("FOCUS ", "h", ["hold"]),
        ("focus hold ", "", ["1s", "2s", "500ms"]),
        ("set camera.model ", "D85", ["D850"]),
        ("set camera.model ", "uns", ["unset"]),
        ("set camera.profile ", "canon-e", ["canon-e3"]),
        ("cameras ", "xt5", ["xt5", "xt50"]),
        ("nonsense ", "", []),
        ("start ", "", ["+30s", "dawn", "dusk", "now", "sunrise", "sunset"]),
        ("star ", "su", ["sunrise", "sunset"]),
        ("s ", "", []),
        ("log ", "", ["12", "3"]),
        ("rollback ", "", ["1", "2", "3", "4", "5"]),
        ("clock ", "", ["set"]),
        ("clock set ", "", ["2026-11-23T06:30"]),
        ("clock set ", "-", []),
        ("show ", "c", ["camera", *(key for key in sorted(FIELDS) if key.startswith("camera.")), "changed"]),
        ("cameras ", "canon-", ["canon-e3", "canon-n3", "canon-r"]),
        ("cameras canon-e3 ", "", []),
        ("set camera.profile ", "nikon-m", ["nikon-mc-dc1", "nikon-mc-dc2"]),
        ("help ", "sa", ["safety", "safety.max_exposure", "safety.max_hold", "save"]),
        ("help ", "press", []),
        ("show ", "interval", ["interval", "interval.count", "interval.every"]),
        ("set ", "interval.e", ["interval.end", "interval.every", "interval.every_end"]),
        ("set interval.every ", "", ["5s", "9s"]),
        ("set focus.interlock ", "", ["false", "true"]),
        ("set shot.exposure ", "16", ["1600s", "160s", "16m"]),
        ("set site.timezone ", "Europe/Zu", ["Europe/Zurich"]),
        ("set site.longitude ", "-", ["--json"]),
        ("set focus ", "", []),
        ("set interval.overrun ", "", ["skip", "stop"]),
        ("set interval.start ", "sun", ["sunrise", "sunset-20m"]),
        ("set no.such.key ", "", []),
        ("reset ", "interval.e", ["interval.end", "interval.every", "interval.every_end"]),
        ("status ", "-", ["--json"]),
        ("show interval ", "--", ["--json"]),
        ("fire ", "-", ["--json"]),
        ("quit ", "-", []),
        ("set ", "-", []),
    ],
)
def test_tab_offers_what_can_stand_there(offers, before, begun, words):
    found = offers(before, begun)
    assert found == words or (set(words) < set(found) and begun == "interval")


def test_tab_offers_the_profiles_there_are(offers):
    assert offers("set camera.profile ") == sorted(profile_ids())


def test_the_bench_has_buttons_to_offer():
    session = Session(FakeBox(bench=True).ask)
    assert completions(session, "", "pr") == ["preset", "press", "prove"]
    assert completions(session, "press ", "") == ["back", "run", "shutter"]
    assert completions(session, "hold back ", "") == ["1s", "2s", "500ms"]
    assert completions(session, "press ", "") == sorted(button.value for button in Button)


def test_tab_works_without_a_daemon():
    def call(_method, **_params):
        raise CommandError("offline", "no daemon")

    session = Session(call)
    assert completions(session, "", "fi") == ["fire"]
    assert completions(session, "set focus.mo", "set focus.mo") == []
    for before in ("set camera.profile ", "set interval.every ", "log ", "clock set ", "cameras "):
        assert completions(session, before, "") == []
