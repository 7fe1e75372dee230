from contextlib import closing

from builders import NOON, later, person
from earlier import upgrade_to
from sqlalchemy import NullPool, create_engine, text

from storage.database import Database
from storage.values import Topic, TopicKind, TopicStatus

BEFORE = text(
    "INSERT INTO topics (id, key, title, text, kind, category, tags, author, source, weight,"
    " status) VALUES (1, 'tea', '一杯茶', '第一杯？', 'professional', '日常', '[\"早晨\"]', '小何',"
    " '群聊', 3, 'resting')"
)
TEA = Topic(
    key="tea",
    title="一杯茶",
    text="第一杯？",
    kind=TopicKind.PROFESSIONAL,
    category="日常",
    tags=("早晨",),
    author="小何",
    source="群聊",
    weight=3,
    status=TopicStatus.RESTING,
)


def test_the_bank_is_kept(new_empty: str):
    """Topics of before are there as they were, and have a history from now on."""
    upgrade_to(new_empty, "0003")
    with create_engine(new_empty, poolclass=NullPool).begin() as connection:
        connection.execute(BEFORE)
    with closing(Database(new_empty)) as database:
        database.upgrade()
        database.check()
        with database.work() as work:
            assert [TEA] == work.topics.all()
            assert [] == work.topics.history("tea")
            assert not work.topics.put(TEA)
            work.topics.move(
                "tea", TopicStatus.RESTING, TopicStatus.APPROVED, person("小林"), later(hours=1)
            )
            work.topics.keep([Topic(key="b", title="题", text="？")], "weilu cli", NOON)
            work.commit()
        with database.work() as work:
            assert ["tea", "b"] == [topic.key for topic in work.topics.all()]
            assert 1 == len(work.topics.history("tea"))
