import pytest
from console.fake_box import RUN

from controller import telling
from controller.console import report

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0.0 s"),
        (-5, "0.0 s"),
        (3_214_000_000, "3.2 s"),
        (59_940_000_000, "59.9 s"),
        (59_960_000_000, "1m 00s"),
        (1450 * SECOND, "24m 10s"),
        (7205 * SECOND, "2h 00m 05s"),
    ],
)
def test_a_duration_as_people_say_it(ns, text):
    assert telling.span(ns) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "frame 12 of 300 in 3.2 s; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, ends in 24m 10s, at 04:12"),
        (
            {"count": 0, "ends_in_ns": None},
            "frame 12 in 3.2 s; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, runs until stopped",
        ),
        (
            {"slot": 300, "taking": 299, "next_in_ns": None, "ends_in_ns": 0},
            "taking the last frame, 300 of 300; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, ends in 0.0 s, at 04:12",
        ),
        (
            {"confirmed": 8, "missed": 1},
            "frame 12 of 300 in 3.2 s; every 5s; 10 fired (8 confirmed, 1 missed), 1 skipped; 55.0 s elapsed, ends in 24m 10s, at 04:12",
        ),
        (
            {"ends_at": None},
            "frame 12 of 300 in 3.2 s; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, ends in 24m 10s",
        ),
        (
            {"taking": 10},
            (
                "taking frame 11 of 300; frame 12 in 3.2 s; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, "
                "ends in 24m 10s, at 04:12"
            ),
        ),
        (
            {"taking": 11},  # it is prepared, and its time has not come
            "frame 12 of 300 in 3.2 s; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, ends in 24m 10s, at 04:12",
        ),
        ({"elapsed_ns": 0}, "frame 12 of 300 in 3.2 s; every 5s; 10 fired, 1 skipped; ends in 24m 10s, at 04:12"),
        (
            {"next_in_ns": None},
            "the last frame is over; every 5s; 10 fired, 1 skipped; 55.0 s elapsed, ends in 24m 10s, at 04:12",
        ),
    ],
)
def test_the_progress_of_a_run(changes, text):
    assert telling.progress(RUN | changes) == text


def test_an_answer_is_what_the_box_says_it_did_or_its_states():
    taking = {"focus": "DIALLED_IN", "release": "EXPOSING"}
    assert report.did(taking | {"did": "exposure ended at 8 s of 60 s"}).text == "exposure ended at 8 s of 60 s"
    assert report.did(taking | {"did": None}).text == "focus is dialled in; taking a frame"


def test_an_end_a_day_away_has_its_date():
    run = RUN | {"ends_in_ns": 90_000 * SECOND, "ends_at": "2026-11-24 04:12:30 +0100"}
    assert telling.ends(run) == "ends in 25h 00m 00s, on 2026-11-24 at 04:12"


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"kind": "refused", "event": "shutter", "reason": "not now"}, "shutter was refused: not now"),
        ({"kind": "said", "text": "hello"}, "hello"),
        (
            {"kind": "changed", "focus": "DIALLED_IN", "release": "IDLE", "lock": True},
            "focus is dialled in; nothing is running; focus lock on",
        ),
        ({"kind": "entered", "slot": 0, "slots": 1, "outcome": "fired", "reason": None}, "frame 1: fired"),
        ({"kind": "entered", "slot": 1, "slots": 1, "outcome": "confirmed", "reason": None}, "frame 2: confirmed"),
        (
            {"kind": "entered", "slot": 9, "slots": 1, "outcome": "skipped", "reason": "paused"},
            "frame 10: skipped (paused)",
        ),
        ({"kind": "set", "values": {"interval.every": "9s"}}, "interval.every is now 9s (set elsewhere)"),
        (
            {"kind": "set", "values": {"shot.drive": "bulb", "shot.exposure": "30s"}},
            "shot.drive is now bulb, shot.exposure is now 30s (set elsewhere)",
        ),
        (
            {"kind": "entered", "slot": 7, "slots": 24, "outcome": "skipped", "reason": "power off"},
            "frames 8 to 31: skipped (power off)",
        ),
        ({"kind": "new"}, "an event that this program does not know: {'kind': 'new'}"),
    ],
)
def test_events_in_words(event, text):
    assert telling.event(event) == text


def test_an_unknown_state_is_shown_by_its_name():
    assert telling.in_words({"focus": "LIVE", "release": "IDLE"}) == "LIVE; nothing is running"


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (655_789_336, "656ms"),
        (1_245_309_000, "1.25s"),
        (30_000_000_000, "30s"),
        (999_900_000, "1s"),
        (750_123, "750us"),
    ],
)
def test_an_exposure_is_told_to_three_digits(ns, text):
    assert telling.exposure(ns) == text
