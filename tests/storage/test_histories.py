from datetime import timedelta

import pytest
from builders import NOON, group, later

from bot.events import SlotDue
from storage.database import Database
from storage.tables_of_programmes import effects
from storage.values import SlotState
from storage.values_of_topics import Used, Worth
from storage.work import Work

HERE = group()
THERE = group("跑步")


def slot(work: Work, wall: str, days: float, where: str = "读书会") -> int:
    """A slot that was taken up so many days after noon."""
    at = later(days=days)
    due = SlotDue(group=group(where), programme="早", wall=wall, due_at=at, at=at)
    opened = work.slots.open(due)
    assert opened is not None
    return opened


def posted(work: Work, key: str, days: float, people: int | None = None, where: str = "读书会"):
    """A topic that was posted, and how many people answered."""
    number = slot(work, f"{key}-{days}", days, where)
    window = timedelta(hours=1)
    post = work.posts.plan(number, group(where), key, "？", f"post:{number}", window, NOON)
    if people is not None:
        row = dict.fromkeys(("answers", "replies", "first_timers"), 0)
        measured = {"post_id": post, "people": people, "measured_at": NOON}
        work._transaction.write(effects.insert(), row | measured)


def test_what_was_posted(work: Work):
    """Oldest first, of this group only, with how many answered; what was skipped is left out."""
    posted(work, "tea", 2)
    posted(work, "walk", 1, people=3)
    posted(work, "gift", 3, where="跑步")
    work.slots.settle(slot(work, "x", 1), SlotState.SKIPPED, topic_key="song")
    work.slots.settle(slot(work, "y", 1), SlotState.SKIPPED)

    assert [Used("walk", "早", later(days=1), 3), Used("tea", "早", later(days=2))] == [
        *work.histories.of(HERE)
    ]
    assert ["gift"] == [used.topic_key for used in work.histories.of(THERE)]
    assert [] == [*work.histories.of(group("没见过"))]


def test_what_is_planned_in_this_work(work: Work):
    """It belongs to the history at once; undone, or skipped after all, it does not."""
    posted(work, "tea", 1)
    assert 1 == len(work.histories.of(HERE))
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        posted(work, "walk", 2)
        assert ["tea", "walk"] == [used.topic_key for used in work.histories.of(HERE)]
        raise ZeroDivisionError
    assert ["tea"] == [used.topic_key for used in work.histories.of(HERE)]

    posted(work, "gift", 3)
    (newest, *_) = work.slots.list(HERE)
    work.slots.settle(newest.id, SlotState.SKIPPED)
    assert ["tea"] == [used.topic_key for used in work.histories.of(HERE)]


def test_what_was_held(work: Work):
    """A slot that waited gets its topic in a later work: that belongs to the history, too."""
    number = slot(work, "x", 0)
    work.slots.hold(number, NOON, "聊得正热闹 lively")
    assert () == work.histories.of(HERE)
    (held,) = work.slots.held(HERE.account, NOON)
    work.posts.plan(held.id, HERE, "tea", "？", "post", timedelta(hours=1), NOON)

    assert [Used("tea", "早", NOON)] == [*work.histories.of(HERE)]


def test_how_topics_went(database: Database):
    """Against what is usual in each group, in all groups together; as topics/worth.result does."""
    with database.work() as work:
        for days, (key, people, where) in enumerate(
            [("tea", 6, "读书会"), ("walk", 0, "读书会"), ("tea", 1, "跑步"), ("walk", 1, "跑步")]
        ):
            posted(work, key, days, people, where)
        posted(work, "gift", 9)
        worths = work.histories.worths()
        work.commit()

    assert {"tea": Worth(2, 3.5, 0.375), "walk": Worth(2, 0.5, -0.375)} == worths


def test_no_result_counts_for_more_than_one(work: Work):
    """A post that everybody answered is as good as one that brought twice the usual."""
    for days, people in enumerate([0, 0, 0, 40]):
        posted(work, "all" if people else f"none-{days}", days, people)

    assert Worth(1, 40.0, 1.0) == work.histories.worths()["all"]


def test_news_are_noticed(database: Database):
    """The same object while nothing new was measured, another one after that; the bank as well."""
    with database.work() as work:
        posted(work, "tea", 1, people=2)
        first, bank = work.histories.worths(), work.topics.bank()
        work.commit()
    with database.work() as work:
        assert first is work.histories.worths()
        assert bank is work.topics.bank()
        posted(work, "walk", 2, people=2)
        assert {"tea", "walk"} == set(work.histories.worths())
        work.commit()
    with database.work() as work:
        assert {"tea", "walk"} == set(work.topics.bank().worths)
