"""Tests of storage/pulse.py: how much is said in groups."""

from datetime import timedelta

from builders import NOON, group, later, person, said

from bot.events import Group, SlotDue
from storage.database import Database
from storage.values import SlotState
from storage.values_of_programmes import Chatter
from storage.work import Work

BOOKS, TEA, NEW = group("读书会"), group("茶馆"), group("新群")
HOUR = timedelta(hours=1)


def talk(work: Work, place: Group, *minutes: float, by: str = "小林") -> None:
    """Somebody says something so many minutes after noon."""
    for minute in minutes:
        work.messages.add(said("嗯", by=by, group=place, at=later(minutes=minute)), keep_text=False)


def test_what_was_said(database: Database) -> None:
    """Messages and people after one moment and until another; our own words are left out."""
    with database.work() as work:
        talk(work, BOOKS, -61, -60, -59, -1, 0, 1)
        talk(work, BOOKS, -30, by="阿布")
        talk(work, TEA, -30)
        ours = said("题", by="围炉", group=BOOKS, at=later(minutes=-5), ours=True)
        work.messages.add(ours, keep_text=False)

        counted = work.pulse.heard({BOOKS, TEA, NEW}, NOON - HOUR, NOON)

    assert {BOOKS: Chatter(4, 2), TEA: Chatter(1, 1), NEW: Chatter(0, 0)} == counted


def test_the_forgotten_were_there(database: Database) -> None:
    """What somebody said who was forgotten since is a message of nobody."""
    with database.work() as work:
        talk(work, BOOKS, -3)
        talk(work, BOOKS, -2, -1, by="阿布")
        work.members.forget(work.members.id_if_known(person("阿布")) or 0, NOON)

        assert Chatter(3, 1) == work.pulse.recent(BOOKS, HOUR, NOON)


def test_asked_together(database: Database) -> None:
    """What is asked about one of those that were announced is looked up for all of them."""
    with database.work() as work:
        talk(work, BOOKS, -3)
        talk(work, TEA, -3, -2)
        work.pulse.prepare([BOOKS, TEA])
        first = work.pulse.recent(BOOKS, HOUR, NOON)
        talk(work, TEA, -1)

        assert (Chatter(1, 1), Chatter(2, 1)) == (
            first,
            work.pulse.recent(TEA, HOUR, NOON),
        )


def test_weeks(database: Database) -> None:
    """Of each group those weeks in which somebody listened already; remembered across works."""
    week = timedelta(days=7)
    spans = tuple((NOON - week * number - HOUR, NOON - week * number) for number in range(1, 4))
    day = 24 * 60
    with database.work() as work:
        talk(work, BOOKS, -22 * day, -14 * day - 30, -14 * day - 20, -7 * day)
        talk(work, TEA, -7 * day - 30)
        counts = work.pulse.weeks({BOOKS, TEA, NEW}, spans)
        work.commit()
    assert {BOOKS: (1, 2, 0), TEA: (), NEW: ()} == counts

    with database.work() as work:
        talk(work, BOOKS, -7 * day - 1)
        assert (1, 2, 0) == work.pulse.weeks({BOOKS}, spans)[BOOKS]
        assert (2, 2) == work.pulse.weeks({BOOKS}, spans[:2])[BOOKS]


def test_when_a_topic_was_last_due(database: Database) -> None:
    """Skipped ones count for their own programme only, and old ones not at all."""
    with database.work() as work:
        for hours, programme, state in (
            (-30, "早间", SlotState.POSTED),
            (-20, "早间", SlotState.PLANNED),
            (-10, "早间", SlotState.SKIPPED),
            (-5, "冷场", SlotState.SKIPPED),
        ):
            at = later(hours=hours)
            slot = work.slots.open(
                SlotDue(
                    group=BOOKS, programme=programme, wall=f"{at:%Y-%m-%dT%H:%M}", due_at=at, at=at
                )
            )
            assert slot is not None
            work.slots.settle(slot, state)
        both, since = ["早间", "冷场"], "2026-11-19T00:00"

        assert {BOOKS: later(hours=-5)} == work.pulse.last_due({BOOKS, TEA}, both, "冷场", since)
        assert {BOOKS: later(hours=-20)} == work.pulse.last_due({BOOKS}, ["早间"], "冷场", since)
        assert {BOOKS: later(hours=-10)} == work.pulse.last_due({BOOKS}, both, "早间", since)
        assert {} == work.pulse.last_due({BOOKS}, both, "冷场", "2026-11-21T00:00")
