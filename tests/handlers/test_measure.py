from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

from builders import ACCOUNT, BOT, NOON, group, later, said
from hall import Hall
from hypothesis import given, settings
from hypothesis import strategies as st
from posted import WINDOW, answer, posted, talk

from bot.events import GatewayChanged, GatewayState, MinutePassed
from storage.database import Database
from storage.effects import LATE
from storage.values_of_programmes import Effect
from storage.work import Work

OVER = NOON + WINDOW + LATE
MINUTE = timedelta(minutes=1)


def ticks(hall: Hall, at: object = OVER) -> None:
    """The clock says so."""
    hall.now = at  # type: ignore[assignment]
    hall.happens(MinutePassed(at=hall.now))


def effects(work: Work, place: str = "读书会") -> list[Effect]:
    """What was stored."""
    return [each.effect for each in work.effects.of_group(group(place))]


def test_a_window_is_measured(hall: Hall):
    """Once it is over, and never again; what comes later changes nothing."""
    post = posted(hall.work)
    talk(hall.work, post, ("小林", "涨价走了两个客户"), ("阿秀", "我没涨价"), ("小林", "为什么"))
    ticks(hall, NOON + WINDOW)
    before = effects(hall.work)
    ticks(hall)
    answer(hall.work, post, said("还有我", by="小何", at=later(hours=2)))
    ticks(hall, OVER + MINUTE)

    assert [] == before
    assert [(post, 2, 3, 2, MINUTE)] == [
        (each.post_id, each.people, each.answers, each.first_timers, each.first_after)
        for each in effects(hall.work)
    ]


def test_late_after_a_stop(hall: Hall):
    """Whatever ended while nobody ran is measured at the next minute."""
    posted(hall.work)
    ticks(hall, later(days=9))

    assert [0] == [each.answers for each in effects(hall.work)]


def test_while_catching_up(hall: Hall):
    """While the line is broken, and a moment after it is back, what was said is still to come."""

    def line(state: GatewayState, at: datetime) -> None:
        hall.happens(GatewayChanged(account=ACCOUNT, state=state, at=at, me=BOT))

    posted(hall.work)
    line(GatewayState.OFFLINE, NOON)
    ticks(hall)
    line(GatewayState.LOGGED_IN, OVER + MINUTE)
    ticks(hall, OVER + 2 * MINUTE)
    hall.happens(MinutePassed(at=OVER + 3 * MINUTE, awake_since=OVER + 2 * MINUTE))
    before = effects(hall.work)
    hall.happens(MinutePassed(at=OVER + 4 * MINUTE, awake_since=OVER + 2 * MINUTE))

    assert ([], 1) == (before, len(effects(hall.work)))


def test_a_crash_in_between(database: Database):
    """Stored but not committed is not stored: the next start measures it, once."""
    with database.work() as work:
        post = posted(work)
        talk(work, post, ("小林", "涨价走了两个客户"))
        work.commit()
    for commits in (False, True, True):
        with database.work() as work:
            ticks(Hall(work))
            assert [1] == [each.answers for each in effects(work)]
            if commits:
                work.commit()
    with database.work() as work:
        assert [1] == [each.answers for each in effects(work)]


def test_two_processes(database_url: str):
    """Both find the window over; what the first stored stays, whatever the second counted."""
    with closing(Database(database_url)) as one, closing(Database(database_url)) as other:
        with one.work() as work:
            post = posted(work)
            work.commit()
        with one.work() as work:
            ticks(Hall(work))
            work.commit()
        with other.work() as work:
            talk(work, post, ("小林", "涨价走了两个客户"))
            ticks(Hall(work))
            work.commit()
        with one.work() as work:
            assert [0] == [each.answers for each in effects(work)]


def test_200_windows_in_one_minute(sqlite_database: Database):
    """They are measured a portion a minute, each once, and none is left."""
    with sqlite_database.work() as work:
        for number in range(200):
            place = group(f"群{number}")
            post = posted(work, number, place=place)
            answer(work, post, said("涨价走了两个客户", group=place, at=later(minutes=number % 60)))
        work.commit()
    for minute in range(9):
        with sqlite_database.work() as work:
            ticks(Hall(work), OVER + minute * MINUTE)
            work.commit()
    with sqlite_database.work() as work:
        assert 200 == sum(len(effects(work, f"群{number}")) for number in range(200))
        assert {1} == {effects(work, f"群{number}")[0].answers for number in range(200)}


@settings(max_examples=30)
@given(
    st.lists(st.integers(-300, 300), max_size=12),
    st.lists(st.integers(1, 200), min_size=1, max_size=4),
    st.data(),
)
def test_moved_clocks(
    new_sqlite: Callable[[], str], jumps: list[int], windows: list[int], data: st.DataObject
):
    """Forwards, backwards, with crashes: in the end each is measured once, none before its end."""
    with closing(Database(new_sqlite())) as database:
        with database.work() as work:
            ends = {
                posted(work, number, window=timedelta(minutes=window)): later(minutes=window)
                for number, window in enumerate(windows, 1)
            }
            work.commit()
        at, done = NOON, dict[int, object]()
        for jump in [*jumps, 10_000]:
            at += timedelta(minutes=jump)
            with database.work() as work:
                ticks(Hall(work), at)
                if jump == 10_000 or data.draw(st.booleans()):
                    work.commit()
                    for each in effects(work):
                        done.setdefault(each.post_id, at)
        assert ends.keys() == done.keys()
        assert all(ends[post] < when for post, when in done.items())  # type: ignore[operator]
