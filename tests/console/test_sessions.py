from datetime import timedelta

import pytest
from builders import NOON, person
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.clock import MovableClock
from console.sessions import IDLE, LINK_LASTS, LONGEST, Right, Sessions, TooManyTries, hashed

PHRASE = "一锅好汤要慢慢熬"
PASSWORD = hashed(PHRASE)


def some() -> tuple[Sessions, MovableClock]:
    """Nobody is signed in."""
    clock = MovableClock(NOON)
    return Sessions(clock), clock


def test_a_link_signs_in_once():
    """Who uses a link that was used stays outside."""
    sessions, _ = some()
    key = sessions.link(Right.OPERATOR, person("老周"))
    session = sessions.enter(key)

    assert session is not None
    assert (Right.OPERATOR, person("老周")) == (session.right, session.identity)
    assert sessions.enter(key) is None


def test_a_link_expires():
    """A link that lies about signs nobody in; the one printed at the start is good until used."""
    sessions, clock = some()
    sent, printed = sessions.link(Right.OPERATOR), sessions.link(Right.ADMIN, lasts=None)
    clock.move_by(LINK_LASTS)

    assert sessions.enter(sent) is None
    assert sessions.enter(printed) is not None


@pytest.mark.parametrize("away", [IDLE + timedelta(seconds=1), LONGEST + timedelta(seconds=1)])
def test_a_session_ends(away: timedelta):
    """Nobody stays signed in for ever."""
    sessions, clock = some()
    session = sessions.enter(sessions.link(Right.ADMIN))
    assert session is not None
    assert sessions.get(session.id) is session
    clock.move_by(away)

    assert sessions.get(session.id) is None


def test_a_session_goes_on_while_it_is_used_but_not_for_ever():
    """A page every hour keeps it, up to its longest."""
    sessions, clock = some()
    session = sessions.enter(sessions.link(Right.ADMIN))
    assert session is not None
    hours = int(LONGEST.total_seconds() // 3600)
    seen = []
    for _ in range(hours + 1):
        clock.move_by(timedelta(hours=1))
        seen.append(sessions.get(session.id) is not None)

    assert [True] * hours + [False] == seen


def test_signing_out_ends_it():
    """The cookie that is left is worth nothing."""
    sessions, _ = some()
    session = sessions.enter(sessions.link(Right.ADMIN))
    assert session is not None
    sessions.leave(session.id)

    assert sessions.get(session.id) is None


def test_guessing_is_slow():
    """After ten wrong keys nobody may try for a minute, not even with the right one."""
    sessions, clock = some()
    key = sessions.link(Right.ADMIN)
    assert [None] * 10 == [sessions.enter(f"guess {number}") for number in range(10)]

    with pytest.raises(TooManyTries):
        sessions.enter(key)
    clock.move_by(timedelta(minutes=1))
    assert sessions.enter(key) is not None


@given(st.text() | st.text(PHRASE, min_size=len(PHRASE) - 1, max_size=len(PHRASE) + 1))
@example(PHRASE)
@example("")
@settings(max_examples=8)  # each is hashed, and hashing is slow on purpose
def test_no_other_password_fits(words: str):
    """Only the password itself does, whatever somebody types."""
    clock = MovableClock(NOON)
    sessions = Sessions(clock, PASSWORD)

    assert (words == PHRASE) is (sessions.enter_with_password(words) is not None)


def test_the_password_signs_an_admin_in():
    """The hash from the environment is enough."""
    session = Sessions(MovableClock(NOON), PASSWORD).enter_with_password(PHRASE)

    assert session is not None
    assert Right.ADMIN is session.right


@pytest.mark.parametrize("nonsense", ["", ":", "zz:zz", "00", "00:"])
def test_a_hash_that_is_none_lets_nobody_in(nonsense: str):
    """Not even with an empty password."""
    assert Sessions(MovableClock(NOON), nonsense).enter_with_password("") is None
