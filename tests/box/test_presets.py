"""Presets on a box: applied whole or not at all, stepped through by a button, and the short forms of bulb and start."""

import pytest
from evening import Evening, S

from config.presets import MOST_MARKED
from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.box.notices import Adopted, Changed, PresetsChanged, Stepped, event_of
from controller.core.lamps import Lamp
from controller.simulate.stage import Scene, Stage, save_scene
from hardware.clock import VirtualClock


class Box(Evening):
    """An evening that keeps its presets in a folder, and the notices that clients get."""

    def __init__(self, folder, *lines, **scene):
        self.notices = []
        self.folder = folder
        super().__init__(*lines, **scene)

    def _new_store(self):
        return SettingsStore(None, self.folder)

    def on_notice(self, notice):
        super().on_notice(notice)
        self.notices.append(notice)

    def of(self, kind):
        return [notice for notice in self.notices if isinstance(notice, kind)]

    def hold_run(self, seconds=2):
        self.stage.bench.thumb.press("run", self.clock.now_ns() + seconds * S)
        self.wait((seconds + 1) * S)

    @property
    def shot(self):
        return self.engine.store.current.shot


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path)


def test_a_preset_is_applied_whole_and_says_what_changed_and_is_kept_by_save(box):
    assert box.type("preset action") == "ok preset action: focus.mode is continuous, shot.drive is burst"
    assert box.type("preset action") == "ok preset action: nothing had to be changed"
    assert {"focus.mode", "shot.drive"} <= set(box.engine.store.unsaved())
    assert box.type("save").startswith("ok saved focus.mode, shot.drive")
    again = SettingsStore(None, box.folder)
    assert again.load().shot.drive == "burst"


def test_what_is_saved_comes_back_as_it_was_but_for_the_body_and_the_place(box):
    for line in ("bulb 40s", "set interval.count 7", "set focus.mode trim", "preset save dusk"):
        assert box.type(line).startswith("ok")
    for line in ("preset action", "set interval.count 3", "set site.latitude 64", "set camera.keep_awake true"):
        assert box.type(line).startswith("ok")
    assert box.type("preset dusk").startswith(
        "ok preset dusk: focus.mode is trim, shot.drive is bulb, interval.count"
    )
    assert box.engine.store.current.site.latitude_udeg == 64_000_000
    assert box.engine.store.current.camera.keep_awake


def test_a_preset_is_there_after_a_restart_with_its_mark(box, tmp_path):
    for line in ("bulb 40s", "preset save dusk", "preset mark stars", "preset mark dusk"):
        assert box.type(line).startswith("ok"), line
    again = Box(tmp_path)
    lines = again.type("preset").split("\n")
    assert " 2 dusk       bulb 40s, every 5s" in lines
    assert any(line.startswith(" 1 stars ") for line in lines)


def test_it_is_one_event_for_all_settings_that_names_the_preset(box):
    box.type("preset action")
    [adopted] = [notice for notice in box.of(Adopted) if notice.values][-1:]
    assert event_of(adopted) == {
        "kind": "set",
        "at_ns": adopted.at_ns,
        "values": {"focus.mode": "continuous", "shot.drive": "burst"},
        "preset": "action",
        "text": "focus.mode is now continuous, shot.drive is now burst (preset action)",
    }


def test_saving_deleting_and_marking_are_events_too(box):
    lines = ("preset save dusk", "preset mark dusk", "preset unmark dusk", "preset delete dusk")
    answers = [box.type(line).removeprefix("ok ") for line in lines]
    assert [notice.text for notice in box.of(PresetsChanged)] == answers
    assert [notice.marked for notice in box.of(PresetsChanged)] == [(), ("dusk",), (), ()]
    assert event_of(box.of(PresetsChanged)[1])["marked"] == ["dusk"]


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (("fire",), "refused: preset dusk: a frame is being taken; change it when the frame is done"),
        (("start",), "refused: preset dusk: this would change the run in progress; stop it first"),
        (("set shot.self_timer 20s", "fire"), "refused: preset dusk: the self-timer is running; wait for"),
    ],
)
def test_a_preset_is_refused_during_a_frame_and_a_run(box, before, sentence):
    box.type("preset save dusk")
    for line in ("bulb 2s", *before):
        assert box.type(line).startswith("ok")
    settings = box.engine.store.current
    assert sentence in box.type("preset dusk")
    assert box.engine.store.current is settings


def test_a_preset_that_contradicts_the_other_settings_changes_nothing(box):
    for line in ("set interval.start sunset", "preset save dusk", "reset interval.start", "set shot.drive burst"):
        assert box.type(line).startswith("ok")
    assert box.type("set site.latitude unset").startswith("ok")
    settings = box.engine.store.current
    assert box.type("preset dusk") == (
        "error value: preset dusk: interval.start: sunset needs site.latitude and site.longitude; set them first"
    )
    assert box.engine.store.current is settings


def test_a_preset_warns_of_what_this_camera_cannot_do(tmp_path):
    Box(tmp_path, "preset landscape", "preset save mine")
    box = Box(tmp_path, camera="sony-multi")
    *warnings, last = box.type("preset mine").split("\n")
    assert last == "ok preset mine: shot.mirror_up is 2s"
    assert warnings == [
        " warning: shot.mirror_up is 2s, but sony-multi has no mirror to raise; set shot.mirror_up 0s"
    ]


def test_stars_say_what_to_do_about_noise_reduction(box):
    box.type("set camera.noise_reduction true")
    assert " warning: camera.noise_reduction is true, so a dark frame follows" in box.type("preset stars")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("preset dusc", 'error value: there is no preset "dusc"; did you mean dusk?'),
        ("preset delete stars", "error value: stars is a built-in preset and cannot be deleted"),
        ("preset save stars", "error value: stars is a built-in preset; choose another name"),
        ("preset save Dusk", 'error value: "Dusk" is not a name for a preset; did you mean dusk?'),
        ("preset mark nix", 'error value: there is no preset "nix"; preset lists them all'),
        ("preset delete nix", 'error value: there is no preset "nix"; preset lists them all'),
    ],
)
def test_a_wrong_name_is_one_sentence_and_changes_nothing(box, line, answer):
    box.type("preset save dusk")
    assert box.type(line) == answer
    assert [path.name for path in (box.folder / "presets").iterdir()] == ["dusk.toml"]


def test_a_damaged_preset_is_a_warning_and_stops_nothing(tmp_path):
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "dusk.toml").write_text('[shot]\ndrive = "\\u001b[2J"\n')
    box = Box(tmp_path)
    [warning] = box.stage.methods.call("status", {})["warnings"]
    assert warning.startswith('preset "dusk" is not used: shot.drive: "\\x1b[2J" is not one of')
    assert f" warning: {warning}" in box.type("preset")
    assert "\x1b" not in box.type("preset") + box.type("status") + box.type("preset dusk")
    assert box.type("fire").startswith("ok")
    box.wait(S)
    assert box.type("preset save dusk").startswith("ok preset dusk is saved")
    assert box.stage.methods.call("status", {})["warnings"] == []


MARKED = ("bulb 40s", "preset save dusk", "preset timelapse", "preset mark action", "preset mark dusk")


def test_holding_run_steps_through_the_marked_presets_and_moves_no_line(tmp_path):
    box = Box(tmp_path, *MARKED)
    box.notices.clear()
    edges = len(box.shutter)
    drives = []
    for _ in range(3):
        box.hold_run()
        drives.append(box.shot.drive)
    assert drives == ["burst", "bulb", "burst"]
    assert [(step.preset, step.number, step.count) for step in box.of(Stepped)] == [
        ("action", 1, 2),
        ("dusk", 2, 2),
        ("action", 1, 2),
    ]
    assert box.of(Changed) == []
    assert len(box.shutter) == edges
    assert box.refused == []
    assert event_of(box.of(Stepped)[1]) == {
        "kind": "preset",
        "at_ns": box.of(Stepped)[1].at_ns,
        "preset": "dusk",
        "number": 2,
        "count": 2,
        "text": "preset dusk is chosen, number 2 of 2",
    }


def test_the_button_goes_on_from_the_preset_that_was_typed(tmp_path):
    box = Box(tmp_path, *MARKED, "preset action")
    box.hold_run()
    assert box.of(Stepped)[0].preset == "dusk"


def test_a_step_writes_nothing_so_a_power_cut_leaves_the_saved_settings(tmp_path):
    box = Box(tmp_path, *MARKED, "save")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    box.hold_run()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert box.engine.store.unsaved()
    assert SettingsStore(None, tmp_path).load().shot.drive == "single"


def test_a_preset_that_cannot_be_applied_is_refused_and_the_next_hold_steps_past_it(tmp_path):
    box = Box(tmp_path, "set interval.start sunset", "preset save dusk", "reset interval.start")
    for line in ("preset mark dusk", "preset mark action", "set site.latitude unset"):
        assert box.type(line).startswith("ok")
    settings = box.engine.store.current
    box.hold_run()
    assert box.refused == [
        "preset dusk: interval.start: sunset needs site.latitude and site.longitude; set them first"
    ]
    assert box.engine.store.current is settings
    box.hold_run()
    assert box.shot.drive == "burst"


def test_with_none_marked_holding_run_is_refused_as_it_always_was(box):
    settings = box.engine.store.current
    box.hold_run()
    assert box.refused == ["nothing is in progress; there is nothing to stop"]
    assert box.engine.store.current is settings
    assert box.of(Stepped) == []


def test_during_a_run_holding_run_stops_it_though_presets_are_marked(tmp_path):
    box = Box(tmp_path, *MARKED, "start")
    box.wait(2 * S)
    box.hold_run()
    assert box.release == "IDLE"
    assert box.of(Stepped) == []
    box.hold_run()
    assert len(box.of(Stepped)) == 1


def test_a_deleted_preset_is_not_stepped_to(tmp_path):
    box = Box(tmp_path, *MARKED, "preset delete dusk")
    box.hold_run()
    box.hold_run()
    assert [step.preset for step in box.of(Stepped)] == ["action", "action"]


def test_the_marks_have_an_end(tmp_path):
    box = Box(tmp_path)
    for number in range(MOST_MARKED):
        assert box.type(f"preset save p{number}").startswith("ok")
        assert box.type(f"preset mark p{number}").startswith("ok")
    assert box.type("preset mark stars").startswith("error value: at most 9 presets can be marked")


def lamps_of(tmp_path, *lines):
    """Return a stage with lamps, and a function that plays it on; both lamps' changes are kept, in ms."""
    clock, store, seen = VirtualClock(), SettingsStore(None, tmp_path), []
    save_scene(Scene("canon-e3"), store)
    stage = Stage(Scene("canon-e3"), store, clock, (), threaded=False, with_lamps=True)
    lamps = stage.box.lamps
    show = lamps._show
    lamps._show = lambda lamp, lit: (seen.append((lamp, lit, clock.now_ns() // 1_000_000)), show(lamp, lit))
    return stage, seen, clock


def test_green_and_amber_blink_the_number_together(tmp_path):
    stage, seen, clock = lamps_of(tmp_path)
    for name in ("stars", "action", "timelapse"):
        stage.methods.call("preset.mark", {"name": name})
    stage.methods.call("preset.apply", {"name": "action"})
    stage.bench.thumb.press("run", 4 * S)
    run_virtually(stage.parts(), stage.inbox, clock, lambda: clock.now_ns() > 20 * S)
    lit = {lamp: [at for each, on, at in seen if each is lamp and on and at > 1000] for lamp in Lamp}
    assert lit[Lamp.READY] == lit[Lamp.BUSY] == [2000, 2600, 3200]
    assert lit[Lamp.FAULT] == []
    stage.close()


@pytest.mark.parametrize("was", ["single", "burst"])
def test_bulb_is_one_change_of_two_settings(box, was):
    box.type(f"set shot.drive {was}")
    assert box.type("bulb 2m") == "ok shot.drive is bulb, shot.exposure is 2m"
    assert box.of(Adopted)[-1].values == {"shot.drive": "bulb", "shot.exposure": "2m"}
    assert box.type("bulb 1m 30s") == "ok shot.drive is bulb, shot.exposure is 90s"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("bulb 2", 'error value: shot.exposure: "2" has no unit; write 2s for seconds, or 2m for minutes'),
        ("bulb 2h", "error value: shot.exposure: 2h must not be above safety.max_exposure, which is 1h; lower it or"),
        ("bulb", "error usage: expected: bulb DURATION"),
    ],
)
def test_a_bulb_that_cannot_be_changes_neither_setting(box, line, answer):
    settings = box.engine.store.current
    assert box.type(line).startswith(answer)
    assert box.engine.store.current is settings


def test_bulb_is_refused_in_a_run(box):
    box.type("start")
    assert box.type("bulb 2m").startswith("error refused: shot.drive: this would change the run in progress")


def test_start_with_a_count_and_an_interval_sets_both_and_starts(box):
    assert box.type("start 3 every 2s").startswith("ok the run has started: frame 1 of 3 in ")
    assert box.engine.store.current.interval.count == 3
    box.wait(10 * S)
    assert len(box.fired) == 3
    assert [late - early for early, late in zip(box.fired, box.fired[1:], strict=False)] == [2 * S, 2 * S]


@pytest.mark.parametrize(
    ("before", "line", "answer"),
    [
        ((), "start 24 every 100ms", "error refused: interval.every is 100ms, but a frame takes 530ms"),
        (("focus clear",), "start 24 every 5s", "error refused: focus is not dialled in yet"),
        (("set interval.end dusk", "set site.latitude 47"), "start 0 every 40ms", "error value: interval.every"),
        (
            ("set interval.tolerance 3s",),
            "start 24 every 2s",
            "error value: interval.every: 2s must be above interval.t",
        ),
        (("bulb 30s", "fire"), "start 24 every 5s", "error refused: interval.count: a frame is being taken"),
        (("start",), "start 24 every 9s", "error refused: interval.count: this would change the run in progress"),
        ((), "start 24 every 5", 'error value: interval.every: "5" has no unit'),
        ((), "start 2000000 every 5s", "error value: interval.count: 2000000 is above 1000000"),
    ],
)
def test_a_start_that_is_refused_leaves_the_settings_as_they_were(box, before, line, answer):
    for each in before:
        assert box.type(each).startswith("ok"), each
    settings = box.engine.store.current
    box.notices.clear()
    assert box.type(line).startswith(answer)
    assert box.engine.store.current is settings
    assert [notice for notice in box.of(Adopted) if notice.values] == []
    assert box.engine.controller._shooting.setup.settings is settings
