from dataclasses import replace

import pytest
from builders import ACCOUNT, NOON, group, later, person

from bot.events import Identity, SlotDue
from bot.texts import Language
from storage.database import Database
from storage.values import Topic, TopicKind, TopicStatus
from storage.values_of_topics import TopicChange
from storage.work import Work

TEA = Topic(
    key="tea",
    title="一杯茶",
    text="你今天喝的第一杯是什么？",
    kind=TopicKind.PROFESSIONAL,
    category="日常",
    tags=("轻松", "早晨"),
    author="小何",
    source="starter",
    weight=3,
    link="https://example.com/tea",
    picture="茶.png",
    stages=("起步", "增长"),
    goal="早起",
    season=("冬", "12月"),
    language=Language.BOTH,
)
CLI = "weilu cli"
XIU = person("阿秀")


def test_topics_come_back(work: Work):
    """A topic is new once; put again it takes the new words and keeps its place."""
    assert work.topics.put(TEA)
    assert work.topics.put(Topic(key="walk", title="走路", text="走走？"))
    changed = Topic(key="tea", title="两杯茶", text="……", status=TopicStatus.RESTING)
    assert [TEA] == work.topics.all()[:1]
    assert not work.topics.put(changed)

    assert ["tea", "walk"] == [topic.key for topic in work.topics.all()]
    assert [changed] == work.topics.all(TopicStatus.RESTING)


def test_the_bank_is_the_same_while_nothing_changes(database: Database):
    """From work to work; a change of any kind, gives a new one."""
    with database.work() as work:
        work.topics.keep([TEA], CLI, NOON)
        own = work.topics.bank()
        work.commit()
    with database.work() as work:
        first = work.topics.bank()
    with database.work() as work:
        assert first is work.topics.bank()
        work.topics.put(replace(TEA, weight=7))
        work.commit()
    with database.work() as work:
        second = work.topics.bank()
    with database.work() as work:
        work.topics.move("tea", TopicStatus.APPROVED, TopicStatus.RESTING, CLI, NOON)
        work.commit()
    with database.work() as work:
        third = work.topics.bank()

    assert [3, 3, 7, 7] == [each.topics[0].weight for each in (own, first, second, third)]
    assert TopicStatus.RESTING is third.by_key["tea"].status


def test_one_topic(work: Work):
    """By its key, as it is now; none where there is none."""
    work.topics.put(TEA)

    assert TEA == work.topics.get("tea")
    assert work.topics.get("walk") is None


def test_a_topic_that_is_put_is_there_at_once(work: Work):
    """Also where the bank was looked at before in the same work; undone it is gone."""
    assert () == work.topics.bank().topics
    work.topics.put(TEA)
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        work.topics.put(Topic(key="walk", title="走路", text="走走？"))
        assert [TEA.key, "walk"] == [topic.key for topic in work.topics.bank().topics]
        raise ZeroDivisionError

    assert (TEA,) == work.topics.bank().topics


def test_many_are_kept_at_once(work: Work):
    """New ones come, changed ones change, and what is the same is left alone."""
    walk = Topic(key="walk", title="走路", text="走走？")

    assert (2, 0) == work.topics.keep([TEA, walk], CLI, NOON)
    assert (0, 0) == work.topics.keep([TEA, walk], CLI, NOON)
    heavier = replace(walk, weight=9)
    sleep = Topic(key="sleep", title="睡觉", text="几点？")
    assert (1, 1) == work.topics.keep([heavier, TEA, sleep], CLI, NOON)
    assert (0, 0) == work.topics.keep([], CLI, NOON)
    assert [TEA, heavier, sleep] == work.topics.all()
    kept = {topic.key: topic for topic in work.topics.all()}
    assert {"tea": TEA, "sleep": sleep} == {key: kept[key] for key in ("tea", "sleep")}
    assert "none" not in kept


def test_history(work: Work):
    """Who changed what and when: people by their names, others by a word."""
    work.topics.keep([TEA], CLI, NOON)
    work.topics.keep([TEA], CLI, later(minutes=1))
    work.topics.keep([replace(TEA, weight=9, tags=("早晨",))], CLI, later(hours=1))
    work.topics.move("tea", TopicStatus.APPROVED, TopicStatus.RESTING, XIU, later(hours=2))

    assert [
        TopicChange(NOON, CLI, {}),
        TopicChange(
            later(hours=1), CLI, {"tags": ('["轻松", "早晨"]', '["早晨"]'), "weight": (3, 9)}
        ),
        TopicChange(later(hours=2), XIU, {"status": ("approved", "resting")}),
    ] == work.topics.history("tea")
    assert [] == work.topics.history("none")


def test_a_status_moves_once(work: Work):
    """Of two who say the same at once one is told that it was they; what is not there stays so."""
    work.topics.keep([replace(TEA, status=TopicStatus.PROPOSED)], CLI, NOON)
    assert [TopicStatus.PROPOSED] == [topic.status for topic in work.topics.bank().topics]

    moves = [
        work.topics.move(key, TopicStatus.PROPOSED, TopicStatus.APPROVED, XIU, NOON)
        for key in ("tea", "tea", "none")
    ]
    assert [True, False, False] == moves
    assert (TEA,) == work.topics.bank().topics


def test_a_member_proposed_it(work: Work):
    """Their name is credited, as it is now; nobody can change whose proposal it was."""
    proposal = replace(TEA, proposer=XIU, author="x", status=TopicStatus.PROPOSED)
    work.topics.keep([proposal], XIU, NOON)
    assert [replace(proposal, author="阿秀")] == work.topics.all()

    renamed = Identity(ACCOUNT, XIU.id, "秀秀")
    work.members.id_of(renamed, later(hours=1))
    work.topics.keep([replace(TEA, author="别人", weight=7)], CLI, later(hours=1))
    assert [replace(TEA, proposer=renamed, author="秀秀", weight=7)] == work.topics.all()
    assert {"status", "weight"} == set(work.topics.history("tea")[1].changed)


def test_a_proposal_is_forgotten_with_its_author(database: Database):
    """It goes, with its history and what was posted of it; what they did to others is nobody's."""
    other = Topic(key="walk", title="走路", text="走走？")
    with database.work() as work:
        work.topics.keep([replace(TEA, proposer=XIU), other], XIU, NOON)
        slot = work.slots.open(
            SlotDue(group=group(), programme="早", wall="9", due_at=NOON, at=NOON)
        )
        assert slot is not None
        work.posts.plan(slot, group(), "tea", "阿秀的茶", "post", later(hours=1) - NOON, NOON)
        (card,) = work.members.find("阿秀")
        export = work.members.export(card.member_id)
        touched = work.members.forget(card.member_id, later(days=1))
        work.commit()
    assert [1, 2] == [len(export[part]) for part in ("topics_proposed", "topics_changed")]  # type: ignore[arg-type]
    assert {"topics": 1, "topic_changes": 2, "posts": 1} == {
        table: touched[table] for table in ("topics", "topic_changes", "posts")
    }
    with database.work() as work:
        assert [other] == work.topics.all()
        assert [] == work.topics.history("tea")
        assert [TopicChange(NOON, "", {})] == work.topics.history("walk")
        work.topics.keep([replace(TEA, proposer=XIU)], XIU, later(days=2))
        kept = next(topic for topic in work.topics.all() if topic.key == "tea")
        assert ("", None) == (kept.author, kept.proposer)
