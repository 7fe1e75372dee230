from datetime import UTC, datetime, timedelta, timezone

import pytest
from builders import NOON, group, person, said
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from storage.columns import Moment, plain
from storage.database import Database
from storage.trouble import DatabaseTrouble

ANYTHING = st.text(st.characters(codec=None))


@given(ANYTHING)
def test_plain_can_be_stored(text: str):
    """What comes out holds no NUL, can be encoded, and is as long as what went in."""
    stored = plain(text)

    assert "\x00" not in stored
    assert len(text) == len(stored.encode().decode())


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_plain_leaves_ordinary_text_alone(text: str):
    """Emoji, right-to-left marks and line breaks stay as they are."""
    assert text == plain(text)


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.timezones()),  # noqa: DTZ001
)
def test_moments_come_back(moment: datetime):
    """A time in any zone comes back as the same instant in UTC."""
    kind, dialect = Moment(), sqlite.dialect()
    stored = kind.process_bind_param(moment, dialect)
    back = kind.process_result_value(stored, dialect)

    assert moment.astimezone(UTC) == back
    assert back is not None
    assert back.tzinfo is UTC


def test_moments_on_both_databases(database: Database):
    """An instant with microseconds, given in Shanghai time, is read back in UTC."""
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=shanghai)
    with database.work() as work:
        work.groups.see(group(), managed=True, at=at)
        work.commit()
    with database.work() as work:
        known = work.groups.find(group().account, group().id)

    assert known is not None
    assert (at, UTC) == (known.first_seen, known.first_seen.tzinfo)


def test_a_time_without_a_zone_is_refused(database: Database):
    """A naive time is a fault of ours and is not guessed at."""
    with database.work() as work:
        work.groups.see(group(), managed=True, at=NOON.replace(tzinfo=None))
        with pytest.raises(DatabaseTrouble):
            work.commit()


def test_hostile_strings_are_recorded(database: Database):
    """Half a surrogate pair and NUL in a name, an id and a text are replaced, nothing fails."""
    message = said("坏\ud800\x00话", id="m\udfff\x00", author=person("坏\ud800\x00人"))
    with database.work() as work:
        work.prepare([message])
        assert work.messages.add(message, keep_text=True) is not None
        work.memberships.seen(group(), message.author, message.at)
        work.commit()
    with database.work() as work:
        work.prepare([message])
        assert work.messages.add(message, keep_text=True) is None
        (card,) = work.members.find("坏")

    assert "坏\ufffd\ufffd人" == card.name
