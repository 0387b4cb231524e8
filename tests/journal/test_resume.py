"""A run that a crash or a power cut has interrupted: found at the next start, offered, taken up or dropped."""

import json

import pytest
from booked import SETTINGS, BookedBox
from support import MS, S

from config.schema import FIELDS, value_of
from config.when import parse_when
from controller.core import words
from controller.core.events import Request
from controller.core.launching import JOURNAL_NS
from controller.core.states import Focus, Release
from controller.errors import CommandError
from controller.journal import text
from controller.simulate.stage import VIRTUAL_NOON_NS

FIRED, OFF, UNKNOWN = ("fired", None), ("skipped", "power off"), ("unknown", None)
SIX = SETTINGS | {"interval.count": "6"}
T0 = 1100 * MS + JOURNAL_NS  # of every run here that began by the first press
DIED = T0 + 6 * S  # slots 0 and 1 are fired, 2 is intended


def died(settings=None, camera="canon-e3", body="bbf", **more):
    """A box that has died in the third interval of its run."""
    return (
        BookedBox(SIX if settings is None else settings, camera, body, **more)
        .focus()
        .ask(Request.START)
        .wait_until(DIED)
    )


def restarted(old, at_ns=T0 + 11 * S, settings=None, **more):
    """The box after that, in the same boot unless told otherwise: its settings are those of the files."""
    return BookedBox({"interval.resume": "ask"} if settings is None else settings, after=old, now_ns=at_ns, **more)


def rebooted(old, off_ns=20 * S, now_ns=30 * S, **more):
    """The box that is switched on so long after: another boot, whose clock has gone on since."""
    return restarted(old, now_ns, boot="boot 2", wall_ns=VIRTUAL_NOON_NS + old.clock.now_ns() + off_ns, **more)


def test_a_run_that_was_interrupted_is_offered_in_the_status():
    box = restarted(died())
    assert words.interrupted(3, 6) in box.engine.status().warnings
    assert box.engine.controller.has_interrupted_run
    assert (box.release, box.engine.controller.focus) == (Release.IDLE, Focus.UNFOCUSED)
    box.wait_until(60 * S)
    assert box.exposures == []


@pytest.mark.parametrize("how", ["resume", "run"])
def test_it_goes_on_with_resume_and_with_a_tap_of_run_on_the_grid_it_had(how):
    box = restarted(died())
    box = box.ask(Request.RESUME) if how == "resume" else box.hold("run", 100 * MS)
    assert box.engine.controller.focus is Focus.DIALLED_IN
    box.finish()
    assert box.ledger == [FIRED, FIRED, UNKNOWN, FIRED, FIRED, FIRED]
    assert box.due == [T0 + k * 5 * S for k in range(6)]
    assert (len(box.runs), box.summary.outcome) == (1, "finished")
    assert box.refused == box.said == []
    assert not box.engine.controller.has_interrupted_run


def test_slots_that_passed_while_the_power_was_off_are_entered_as_that():
    box = restarted(died(), T0 + 20 * S).ask(Request.RESUME).finish()
    assert box.ledger == [FIRED, FIRED, UNKNOWN, OFF, OFF, FIRED]


def test_what_was_fired_before_is_counted_in_the_status():
    box = restarted(died(), T0 + 20 * S).ask(Request.RESUME).wait_until(T0 + 22 * S)
    run = box.engine.status().run
    assert (run.slot, run.fired, run.skipped) == (5, 2, 2)


def test_slots_that_passed_together_are_one_row_however_many_they_are():
    old = died({"interval.every": "1s"})
    box = restarted(old, T0 + 30 * 24 * 3600 * S, {"interval.resume": "auto"}).wait_until(
        T0 + 30 * 24 * 3600 * S + 3 * S
    )
    passed = [frame for frame in box.frames if (frame.outcome, frame.reason) == OFF]
    assert [frame.slots for frame in passed] == [30 * 24 * 3600 + 1 - 7]  # 0 to 5 are fired, 6 is intended
    assert box.engine.status().run.skipped == passed[0].slots
    again = restarted(box, T0 + 30 * 24 * 3600 * S + 10 * S, {"interval.resume": "auto"})
    assert again.engine.status().run.slot == 30 * 24 * 3600 + 11


def test_a_slot_too_near_for_the_journal_is_passed_as_well():
    late = restarted(died(), T0 + 15 * S - JOURNAL_NS + 1).ask(Request.RESUME).finish()
    assert late.ledger[3:5] == [OFF, FIRED]
    in_time = restarted(died(), T0 + 15 * S - JOURNAL_NS).ask(Request.RESUME).finish()
    assert in_time.ledger[3:5] == [FIRED, FIRED]


@pytest.mark.parametrize("settings", [None, {"interval.resume": "auto"}])
def test_a_run_whose_slots_have_all_passed_is_over_when_it_is_taken_up(settings):
    box = restarted(died(), 10 * 60 * S, settings)
    if box.engine.controller.has_interrupted_run:
        box.ask(Request.RESUME)
    assert box.release is Release.IDLE
    assert box.ledger == [FIRED, FIRED, UNKNOWN, OFF, OFF, OFF]
    assert box.summary.outcome == "finished"


@pytest.mark.parametrize("how", ["stop", "run held"])
def test_stop_drops_it(how):
    box = restarted(died())
    box = box.ask(Request.STOP) if how == "stop" else box.hold("run", 2 * S)
    assert box.summary.outcome == "dropped"
    assert box.ledger == [FIRED, FIRED, UNKNOWN]
    assert not box.engine.controller.has_interrupted_run
    with pytest.raises(CommandError):
        box.ask(Request.RESUME)


def test_start_drops_it_and_begins_anew():
    box = restarted(died()).focus().ask(Request.START).finish()
    assert [(run.run.run_id, run.outcome) for run in box.runs] == [(2, "finished"), (1, "dropped")]
    assert box.ledger == [FIRED] * 6
    assert box.said == [words.DROPPED]


def test_a_start_that_is_refused_leaves_the_offer():
    box = restarted(died())
    with pytest.raises(CommandError):
        box.ask(Request.START)  # focus is not dialled in
    assert box.engine.controller.has_interrupted_run
    assert box.summary.outcome is None


def test_after_a_reboot_the_grid_is_kept_by_the_time_of_day():
    old = died()
    box = rebooted(old).ask(Request.RESUME).finish()  # switched on 26 s after the first slot
    gone_ns = DIED + 20 * S - T0
    t0_ns = 30 * S - gone_ns
    assert box.due == [t0_ns + k * 5 * S for k in range(6)]
    assert box.ledger == [FIRED, FIRED, UNKNOWN, OFF, OFF, OFF]
    assert box.said == []


def test_the_grid_outlives_two_reboots():
    settings = SETTINGS | {"interval.count": "12", "interval.resume": "auto"}
    first = died(settings)
    second = rebooted(first, settings=settings)
    second.wait_until(second.clock.now_ns() + 12 * S)
    assert len(second.exposures) == 2
    wall_ns = VIRTUAL_NOON_NS + DIED + 20 * S + 12 * S + 3 * S
    third = restarted(second, 70 * S, settings, boot="boot 3", wall_ns=wall_ns).finish()
    t0_ns = 70 * S - (wall_ns - VIRTUAL_NOON_NS - T0)
    assert third.due == [t0_ns + k * 5 * S for k in range(12)]
    assert third.ledger[-3:] == [FIRED] * 3


@pytest.mark.parametrize("unknown", ["then", "now"])
def test_where_the_time_of_day_is_not_known_the_run_goes_on_from_here_and_says_so(unknown):
    old = died(is_trusted=unknown != "then")
    box = rebooted(old, is_trusted=unknown != "now").ask(Request.RESUME).finish()
    assert box.said == [words.GRID_IS_LOST]
    assert box.ledger == [FIRED, FIRED, UNKNOWN, FIRED, FIRED, FIRED]
    assert box.due[3] == 30 * S + JOURNAL_NS


def test_a_run_over_a_focus_lock_cannot_go_on():
    box = restarted(died(camera="nikon-mc-dc2", body="factory"), camera="nikon-mc-dc2", body="factory")
    with pytest.raises(CommandError, match="because its focus is lost; drop it with stop"):
        box.ask(Request.RESUME)
    assert box.engine.controller.has_interrupted_run
    assert box.summary.outcome is None


def test_a_run_without_the_interlock_goes_on_without_focus():
    settings = SIX | {"focus.interlock": "false"}
    old = BookedBox(settings).wait_until(1100 * MS).ask(Request.START).wait_until(DIED)
    box = restarted(old).ask(Request.RESUME)
    assert box.engine.controller.focus is Focus.UNFOCUSED
    assert box.finish().ledger == [FIRED, FIRED, UNKNOWN, FIRED, FIRED, FIRED]


def test_auto_goes_on_by_itself_and_off_drops_it():
    box = restarted(died(), settings={"interval.resume": "auto"}).finish()
    assert box.ledger == [FIRED, FIRED, UNKNOWN, FIRED, FIRED, FIRED]
    box = restarted(died(), settings={"interval.resume": "off"})
    assert (box.summary.outcome, box.release) == ("dropped", Release.IDLE)
    assert value_of(box.store.current, "interval.count") == 0
    assert not box.engine.controller.has_interrupted_run


def test_auto_waits_for_a_mirror_that_was_left_up():
    at_ns = T0 + 11 * S
    box = restarted(died(), at_ns, {"interval.resume": "auto"}, mirror_down_ns=at_ns + 2 * S)
    assert (box.release, box.refused) == (Release.MIRROR_UP, [])
    box.wait_until(at_ns + 3 * S)
    assert box.release is Release.WAITING
    assert box.finish().ledger == [FIRED, FIRED, UNKNOWN, FIRED, FIRED, FIRED]


def test_the_settings_of_the_run_come_back_also_those_that_were_never_saved():
    drive = {"shot.drive": "bulb", "shot.exposure": "2s", "interval.every": "10s", "interval.count": "3"}
    old = died(drive)
    box = restarted(old, settings={"interval.every": "1m", "focus.mode": "trim"})
    for key, value in drive.items():
        assert FIELDS[key].format(value_of(box.store.current, key)) == value
    assert box.store.current.focus.mode == "trim"  # it shapes no run
    assert "shot.exposure" in box.store.unsaved()


def test_a_setting_that_was_the_default_in_the_run_is_the_default_again():
    old = died({"interval.count": "6"})  # every 5s, as nobody has said otherwise
    box = restarted(old, settings={"interval.every": "1m", "shot.mirror_up": "2s"}).ask(Request.RESUME).finish()
    assert box.due == [T0 + k * 5 * S for k in range(6)]


def test_settings_that_contradict_each_other_on_the_way_are_taken_together():
    long = {"safety.max_exposure": "3h", "shot.exposure": "2h", "interval.count": "6"}
    old = died(long)
    box = restarted(old, settings={"safety.max_exposure": "4h", "shot.exposure": "4h"})
    assert box.engine.controller.has_interrupted_run
    assert (box.store.current.safety.max_exposure_ns, box.store.current.shot.exposure_ns) == (10800 * S, 7200 * S)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (json.dumps({"interval.every": "5 parsecs"}), "interval.every"),
        (json.dumps({"interval.evry": "5s"}), "unknown setting"),
        (json.dumps({"camera.profile": "no-such-camera"}), "camera.profile"),
        (json.dumps({"interval.every": "6s", "interval.count": "6"}), words.OTHER_GRID),
        (json.dumps(["interval.every"]), "unknown setting"),
        ('{"interval.every": "5', "unknown setting"),
        ("", "unknown setting"),
    ],
)
def test_a_run_whose_settings_are_damaged_is_dropped_and_that_is_said(text, why):
    old = died()
    old.journal._store.connection.execute("UPDATE run SET settings = ?", (text,))
    before = {"interval.every": "1m", "interval.count": "7"}
    box = restarted(old, settings=before)
    assert box.summary.outcome == "dropped"
    [sentence] = box.said
    assert sentence.startswith("the interrupted run is dropped: ")
    assert why in sentence
    assert [note.text for note in box.journal.reader.notes(None)] == [sentence]
    assert {key: FIELDS[key].format(value_of(box.store.current, key)) for key in before} == before


def test_a_calibration_is_not_gone_on_with():
    settings = {"pins.sync": "25", "interval.every": "1m"}
    old = BookedBox(settings).focus().ask(Request.CALIBRATE).wait_until(4 * S)
    box = restarted(old, settings={"interval.resume": "auto"})
    assert (box.summary.outcome, box.release) == ("dropped", Release.IDLE)
    assert words.OTHER_GRID in box.said[0]


def test_the_end_of_a_run_stands_when_it_is_taken_up():
    old = died({"interval.every": "5s", "interval.end": "+26s"})
    box = restarted(old, settings={"interval.resume": "auto"}).wait_until(120 * S)
    assert box.ledger == [FIRED, FIRED, UNKNOWN, FIRED, FIRED, FIRED]
    assert box.summary.outcome == "finished"


def test_a_box_that_dies_again_before_it_fires_is_found_again():
    again = restarted(restarted(died()).ask(Request.RESUME), T0 + 12 * S).ask(Request.RESUME).finish()
    assert again.ledger[:2] == [FIRED, FIRED]
    assert again.summary.outcome == "finished"
    assert len(again.runs) == 1


def test_focus_that_was_given_up_in_a_pause_is_not_restored():
    old = died().ask(Request.PAUSE).ask(Request.FOCUS_CLEAR)
    box = restarted(old)
    with pytest.raises(CommandError, match="because its focus is lost; drop it with stop"):
        box.ask(Request.RESUME)


def test_a_time_of_day_that_is_known_by_the_time_somebody_resumes_keeps_the_grid():
    box = rebooted(died(), is_trusted=False)
    box.wait_until(40 * S)
    box.wall.set(VIRTUAL_NOON_NS + DIED + 30 * S)
    box.ask(Request.RESUME).finish()
    assert box.said == []
    assert box.due[0] == 40 * S - (DIED + 30 * S - T0)


def test_what_shapes_a_run_is_not_changed_while_one_is_on_offer():
    box = restarted(died())
    with pytest.raises(CommandError, match=r"interval.every: this would change the interrupted run; resume"):
        box.engine.change_settings({"interval.every": 9 * S})
    assert box.ask(Request.RESUME).finish().ledger[-1] == FIRED
    box = restarted(died()).ask(Request.STOP)
    box.engine.change_settings({"interval.every": 9 * S})
    assert box.store.current.interval.every_ns == 9 * S


def awaiting(when="12:10", settings=None, **more):
    """A box that has died while a run waited for its start."""
    return BookedBox(settings, **more).focus().ask(Request.START, parse_when(when)).wait_until(60 * S)


def test_a_start_that_is_waited_for_outlives_a_power_cut():
    box = rebooted(awaiting(), off_ns=60 * S, now_ns=5 * S)
    assert words.interrupted_start("12:10") in box.engine.status().warnings
    box.ask(Request.RESUME)
    assert box.engine.status().run.waits == "starts at 12:10 in 8m"
    box.finish()
    t0_ns = 5 * S + 8 * 60 * S
    assert box.due == [t0_ns + k * 5 * S for k in range(4)]
    assert (len(box.runs), box.summary.outcome, box.ledger) == (1, "finished", [FIRED] * 4)
    assert box.refused == box.said == []


def test_a_start_outlives_two_power_cuts_and_goes_on_by_itself():
    auto = SETTINGS | {"interval.resume": "auto"}
    second = rebooted(awaiting(settings=auto), off_ns=60 * S, now_ns=5 * S, settings=auto)
    assert second.release is Release.WAITING
    wall_ns = VIRTUAL_NOON_NS + 300 * S
    third = restarted(second, 10 * S, auto, boot="boot 3", wall_ns=wall_ns).finish()
    assert third.due == [10 * S + 300 * S + k * 5 * S for k in range(4)]
    assert len(third.runs) == 1


def test_the_start_is_the_instant_it_was_also_where_its_time_of_day_comes_again():
    box = rebooted(awaiting(), off_ns=24 * 3600 * S, now_ns=5 * S)
    with pytest.raises(CommandError, match=r"the start at 12:10 was missed: that was 23h"):
        box.ask(Request.RESUME)
    assert (box.summary.outcome, box.ledger) == ("dropped", [])
    assert "was missed" in box.summary.reason
    assert not box.engine.controller.has_interrupted_run


def test_a_start_on_a_clock_that_nobody_knows_yet_is_waited_for_until_somebody_does():
    auto = SETTINGS | {"interval.resume": "auto"}
    box = rebooted(awaiting(settings=auto), off_ns=60 * S, now_ns=5 * S, settings=auto, is_trusted=False)
    assert "waiting for the clock to be set" in box.engine.status().run.waits
    box.wait_until(30 * S)
    box.wall.set(VIRTUAL_NOON_NS + 200 * S)
    box.finish()
    assert box.due[0] == 30 * S + 400 * S


def test_a_start_that_is_damaged_is_dropped_and_that_is_said():
    old = awaiting()
    old.journal._store.connection.execute("UPDATE run SET start = 'teatime'")
    box = restarted(old)
    assert box.summary.outcome == "dropped"
    assert "teatime" in box.said[0]


def test_a_run_with_an_end_by_the_clock_goes_on_by_itself_once_the_clock_is_known():
    auto = {"interval.every": "5s", "interval.end": "12:02", "interval.resume": "auto"}
    box = rebooted(died(auto), settings=auto, is_trusted=False)
    assert (box.release, box.refused) == (Release.IDLE, [])
    assert words.GOES_ON_BY_CLOCK in box.engine.status().warnings
    box.wait_until(35 * S)
    box.wall.set(VIRTUAL_NOON_NS + DIED + 25 * S)
    box.wait_until(30 * S + 61 * S)
    assert box.release is Release.WAITING
    box.finish()
    assert box.summary.outcome == "finished"
    assert box.said == []


def test_a_run_is_offered_when_a_journal_that_was_late_opens():
    box = restarted(died(), opens_late=True)
    assert not box.engine.controller.has_interrupted_run
    box.wait_until(T0 + 13 * S).open_late()
    assert box.engine.controller.has_interrupted_run
    box.ask(Request.RESUME).finish()
    assert box.ledger == [FIRED, FIRED, UNKNOWN, FIRED, FIRED, FIRED]


def test_a_run_that_is_found_late_is_not_offered_once_another_has_begun():
    box = restarted(died(), settings=SETTINGS, opens_late=True).focus().ask(Request.START)
    box.open_late()
    assert not box.engine.controller.has_interrupted_run
    box.finish().open_late()
    assert not box.engine.controller.has_interrupted_run
    assert [(run.run.run_id, run.outcome) for run in box.runs] == [(2, "finished"), (1, None)]
    assert text.state(box.runs[1]) == "broken off"


def test_a_mirror_that_is_found_late_is_waited_for_unless_a_frame_is_in_progress():
    old = BookedBox({"shot.mirror_up": "2s"}).focus().ask(Request.FIRE)
    old.wait_until(old.clock.now_ns() + S)
    late = BookedBox({}, after=old, now_ns=old.clock.now_ns() + S, opens_late=True)
    assert late.release is Release.IDLE
    assert late.open_late().release is Release.MIRROR_UP
    busy = BookedBox({}, after=old, now_ns=old.clock.now_ns() + S, opens_late=True).focus().ask(Request.FIRE)
    assert busy.open_late().release is Release.EXPOSING
