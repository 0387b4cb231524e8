import pytest

from controller.console.news import News, sentences

REFUSED = {"kind": "refused", "event": "shutter", "reason": "not now"}
SAID = {"kind": "said", "text": "hello"}


def changed(focus, release, lock=False):
    return {"kind": "changed", "focus": focus, "release": release, "lock": lock}


def entered(outcome, reason=None):
    return {"kind": "entered", "slot": 3, "slots": 1, "outcome": outcome, "reason": reason}


def known(focus="DIALLED_IN", release="IDLE"):
    news = News()
    news.note_reply({"focus": focus, "release": release, "lock": False, "run": None})
    return news


def test_a_script_gets_every_event_except_what_was_answered():
    events = [REFUSED, SAID, changed("DIALLED_IN", "EXPOSING"), entered("fired")]
    told = ["shutter was refused: not now", "hello", "focus is dialled in; taking a frame", "frame 4: fired"]
    assert sentences(events) == told
    assert sentences(events, "not now") == told[1:]
    assert sentences(events, told[2]) == [told[0], told[1], told[3]]


def test_a_person_sees_a_run_start_pause_continue_and_end():
    states = ["WAITING", "EXPOSING", "RECOVERING", "WAITING", "PAUSED", "WAITING", "MIRROR_UP", "EXPOSING", "IDLE"]
    news = known()
    assert news.lines(changed("DIALLED_IN", state) for state in states) == [
        "* a run has started",
        "* the run is paused",
        "* the run continues",
        "* the run has ended",
    ]


def test_a_single_frame_is_not_shown():
    assert known().lines(changed("DIALLED_IN", state) for state in ("EXPOSING", "RECOVERING", "IDLE")) == []


@pytest.mark.parametrize("outcome", ["fired", "confirmed"])
def test_a_fired_frame_is_not_shown(outcome):
    assert known().lines([entered(outcome)]) == []


@pytest.mark.parametrize("outcome", ["skipped", "unconfirmed", "missed", "cut"])
def test_any_other_frame_is_shown(outcome):
    assert known().lines([entered(outcome, "why")]) == [f"* frame 4: {outcome} (why)"]


def test_changes_of_focus_and_lock_are_shown():
    news = known("UNFOCUSED")
    told = [("FOCUSING", "focusing, back is held"), ("DIALLED_IN", "focus is dialled in; focus lock on")]
    for focus, sentence in told:
        assert news.lines([changed(focus, "IDLE", lock=focus == "DIALLED_IN")]) == [f"* {sentence}"]
    assert news.lines([changed("DIALLED_IN", "WAITING", lock=True)]) == ["* a run has started"]


def test_a_fault_and_its_end_are_shown():
    news = known()
    assert news.lines([changed("DIALLED_IN", "FAULT")]) == ["* stopped by a fault, both contacts are open"]
    assert news.lines([changed("DIALLED_IN", "IDLE")]) == ["* nothing is running"]


def test_what_an_answer_has_shown_is_not_repeated():
    news = known()
    news.note_reply({"focus": "DIALLED_IN", "release": "WAITING", "run": {"slot": 0}})
    assert news.lines([changed("DIALLED_IN", "WAITING"), REFUSED], "not now") == []
    assert news.lines([REFUSED]) == ["* shutter was refused: not now"]


def test_changes_before_an_answer_are_shown_in_order():
    news = known("UNFOCUSED", "WAITING")
    news.note_reply({"focus": "FOCUSING", "release": "IDLE"})
    events = [("UNFOCUSED", "WAITING"), ("DIALLED_IN", "PAUSED"), ("FOCUSING", "PAUSED"), ("FOCUSING", "IDLE")]
    told = ["* focus is dialled in; the run is paused"]
    assert news.lines(changed(*event) for event in events) == told
    assert news.lines([changed("DIALLED_IN", "IDLE")]) == ["* focus is dialled in"]


def test_an_answer_counts_even_without_an_event():
    news = known("UNFOCUSED", "IDLE")
    news.note_reply({"focus": "DIALLED_IN", "release": "PAUSED"})
    assert news.lines([]) == []
    assert news.lines([changed("DIALLED_IN", "PAUSED")]) == []


@pytest.mark.parametrize("reply", [None, [], True, {"key": "interval.every", "value": "9s"}])
def test_an_answer_without_states_changes_nothing(reply):
    news = known()
    news.note_reply(reply)
    assert news.lines([changed("DIALLED_IN", "IDLE")]) == []


def test_a_console_opened_during_a_frame_shows_the_end_of_the_run():
    news = News()
    news.note_reply({"focus": "DIALLED_IN", "release": "EXPOSING", "run": {"slot": 3}})
    assert news.lines(changed("DIALLED_IN", state) for state in ("RECOVERING", "WAITING")) == []
    assert news.lines([changed("DIALLED_IN", "IDLE")]) == ["* the run has ended"]


def test_without_a_known_state_the_first_change_is_shown_in_full():
    news = News()
    assert news.lines([changed("DIALLED_IN", "EXPOSING")]) == ["* focus is dialled in; taking a frame"]
    assert news.lines([changed("DIALLED_IN", "RECOVERING"), changed("DIALLED_IN", "IDLE")]) == []


def test_only_the_latest_events_of_a_flood_are_shown():
    events = [{"kind": "said", "text": f"number {number}"} for number in range(1000)]
    lines = known().lines(events)
    assert lines[0] == "* (980 earlier messages are left out)"
    assert lines[1:] == [f"* number {number}" for number in range(980, 1000)]
    assert known().lines(events[:20]) == [f"* number {number}" for number in range(20)]


def test_an_event_cannot_move_the_cursor():
    assert known().lines([{"kind": "said", "text": "a\nb\x1b[2J"}]) == ["* a b [2J"]
