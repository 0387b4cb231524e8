"""Plays the sessions of `console.md` at a real terminal with a real daemon, and compares them with the document."""

import pytest

from docs import sessions
from docs import terminal_picture as picture


@pytest.mark.parametrize("session", sessions.SESSIONS, ids=lambda session: session.title)
def test_a_session_matches_the_document(session):
    with sessions.at_the_bench(session) as console:
        played = sessions.play(console, session)
    assert played.widest <= session.columns
    told = sessions.text_of(session, played)
    assert sessions.essence(told) in sessions.essence(sessions.written()), (
        f"the session differs; run: make sessions\n{told}"
    )
    for name, shot in played.pictures.items():
        drawn = picture.draw(shot, name)
        kept = (sessions.PICTURES / f"console-{name}.svg").read_text(encoding="utf-8")
        assert sessions.words_of(drawn) == sessions.words_of(kept), "run: make sessions"
