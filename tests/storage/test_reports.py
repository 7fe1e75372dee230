from datetime import timedelta

from builders import ACCOUNT, BOT, NOON, group, joined, later, person, said
from claiming import waiting

from bot.actions import Priority, Say
from bot.events import Identity, Kind, MemberLeft, SlotDue
from rules.base import Finding
from storage.database import Database
from storage.reports import FORGOTTEN
from storage.values import (
    AnswerHow,
    InteractionKind,
    OutboxState,
    SlotState,
    Topic,
    TopicStatus,
)
from storage.values_of_reports import Count, Edge, PostEffect
from storage.work import Work


def a_day(work: Work) -> None:
    """Three people, a mention that is also a reply, a case, a post with an answer."""
    work.memberships.join(joined("小何"))
    work.memberships.join(joined("小丁"))
    work.memberships.leave(MemberLeft(group=group(), member=person("小丁"), at=later(hours=1)))
    work.messages.add(said("早", at=later(minutes=1)), keep_text=True)
    work.messages.add(said("", at=later(minutes=2), kind=Kind.IMAGE), keep_text=True)
    answer = work.messages.add(said("早 @小林", "小吴", at=later(minutes=3)), keep_text=True)
    assert answer is not None
    for kind in (InteractionKind.MENTION, InteractionKind.REPLY):
        work.interactions.add(
            group(), person("小吴"), person("小林"), kind, later(minutes=3), answer
        )
    work.messages.add(said("大家好", author=BOT, ours=True), keep_text=True)
    work.messages.add(said("昨天", at=later(days=-1)), keep_text=True)
    work.messages.add(said("别处", group=group("跑步"), at=later(minutes=1)), keep_text=True)
    work.cases.open(
        group(),
        person("小林"),
        Finding("keywords", (0, 1), "命中"),
        reason="约定",
        excerpt="早",
        consequence="remind",
        at=later(minutes=1),
        message_id=None,
        platform_message_id="m1",
        reminded=True,
    )
    work.topics.put(Topic(key="tea", title="一杯茶", text="第一杯？"))
    slot = work.slots.open(SlotDue(group=group(), programme="早", wall="1", due_at=NOON, at=NOON))
    assert slot is not None
    work.outbox.stage(
        Say(key="post", why="", priority=Priority.TOPIC, to=group(), text="第一杯？"), NOON
    )
    post = work.posts.plan(slot, group(), "tea", "第一杯？", "post", timedelta(hours=1), NOON)
    (row,) = waiting(work, ACCOUNT, NOON)
    work.outbox.settle(row.id, OutboxState.DONE, later(minutes=1))
    work.posts.answered(post, answer, person("小吴"), AnswerHow.WINDOW, later(minutes=3))


def test_a_day_is_summed_up(database: Database):
    """Messages, who spoke, who answered whom, who came and went, cases, posts, the outbox."""
    with database.work() as work:
        a_day(work)
        work.commit()
    with database.reading() as reports:
        summary = reports.summary(group(), NOON, later(days=1))

    assert (group(), 3) == (summary.group, summary.messages)
    assert (Count("小林", 2), Count("小吴", 1)) == summary.speakers
    assert ((Kind.TEXT, 2), (Kind.IMAGE, 1)) == summary.kinds
    assert (("小何", "小丁"), ("小丁",)) == (summary.joined, summary.left)
    assert (Edge("小吴", "小林", 1),) == summary.edges
    assert [1] == [case.number for case in summary.cases]
    assert (
        PostEffect("一杯茶", "读书会", later(minutes=1), SlotState.CONFIRMED, 1, 1),
    ) == summary.posts
    assert ((OutboxState.DONE, 1),) == summary.outbox


def test_the_time_of_a_summary_is_half_open(database: Database):
    """What happened at `since` is in, what happened at `until` is not."""
    with database.work() as work:
        for minute in range(3):
            work.messages.add(said("早", at=later(minutes=minute)), keep_text=True)
        work.commit()
    with database.reading() as reports:
        assert 1 == reports.summary(group(), later(minutes=1), later(minutes=2)).messages


def test_an_unknown_group_is_empty(database: Database):
    """A group that was never seen has a summary in which nothing happened."""
    with database.reading() as reports:
        summary = reports.summary(group("没有"), NOON, later(days=1))

    assert (group("没有"), 0, (), ()) == (
        summary.group,
        summary.messages,
        summary.speakers,
        summary.posts,
    )


def test_names_are_those_of_the_group(database: Database):
    """A report calls members what the group calls them, and forgotten ones nothing at all."""
    with database.work() as work:
        work.messages.add(said("早", author=Identity(ACCOUNT, "1", "林老师")), keep_text=True)
        work.memberships.seen(group(), Identity(ACCOUNT, "1", "林老师"), NOON)
        work.memberships.seen(group("跑步"), Identity(ACCOUNT, "1", "飞毛腿"), NOON)
        gone = work.messages.add(said("再见", "小吴"), keep_text=True)
        assert gone is not None
        work.members.forget(work.members.find("小吴")[0].member_id, NOON)
        work.commit()
    with database.reading() as reports:
        speakers = reports.summary(group(), NOON, later(days=1)).speakers

    assert {Count("林老师", 1), Count(FORGOTTEN, 1)} == set(speakers)


def test_lists(database: Database):
    """Groups, accounts and their stops, topics and members are read as the stores give them."""
    with database.work() as work:
        a_day(work)
        work.topics.put(Topic(key="old", title="旧", text="旧", status=TopicStatus.RETIRED))
        work.accounts.stop(ACCOUNT, "停", NOON)
        work.commit()
    with database.reading() as reports:
        assert [group(), group("跑步")] == [known.group for known in reports.groups()]
        assert [ACCOUNT] == [each.account for each in reports.accounts()]
        assert [True] == [each.stopped_at is not None for each in reports.accounts()]
        assert ["tea"] == [topic.key for topic in reports.topics()]
        assert ["tea", "old"] == [topic.key for topic in reports.topics(everything=True)]
        assert ["小林"] == [card.name for card in reports.members("小林")]
