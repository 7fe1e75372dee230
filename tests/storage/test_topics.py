import pytest
from builders import NOON, group

from bot.events import SlotDue
from storage.values import SlotState, Topic, TopicKind, TopicStatus
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
)


def test_topics_come_back(work: Work):
    """A topic is new once; put again it takes the new words and keeps its place."""
    assert work.topics.put(TEA)
    assert work.topics.put(Topic(key="walk", title="走路", text="走走？"))
    changed = Topic(key="tea", title="两杯茶", text="……", status=TopicStatus.RESTING)
    assert [TEA] == work.topics.all()[:1]
    assert not work.topics.put(changed)

    assert ["tea", "walk"] == [topic.key for topic in work.topics.all()]
    assert [changed] == work.topics.all(TopicStatus.RESTING)


def test_unused_topics(work: Work):
    """Approved and neither planned nor posted in that group; a skipped one counts as unused."""
    for key in ("a", "b", "c", "d"):
        work.topics.put(Topic(key=key, title=key, text=key))
    work.topics.put(Topic(key="e", title="e", text="e", status=TopicStatus.PROPOSED))
    for hour, (key, state) in enumerate(
        [("a", SlotState.POSTED), ("b", SlotState.PLANNED), ("c", SlotState.SKIPPED)]
    ):
        slot = work.slots.open(
            SlotDue(group=group(), programme="早", wall=f"{hour}", due_at=NOON, at=NOON)
        )
        assert slot is not None
        work.slots.settle(slot, state, topic_key=key)

    assert ["c", "d"] == [topic.key for topic in work.topics.unused(group())]
    assert ["a", "b", "c", "d"] == [topic.key for topic in work.topics.unused(group("跑步"))]


def test_a_topic_that_is_put_is_there_at_once(work: Work):
    """Also where the bank was looked at before in the same work; undone it is gone."""
    assert [] == work.topics.unused(group())
    work.topics.put(TEA)
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        work.topics.put(Topic(key="walk", title="走路", text="走走？"))
        assert [TEA.key, "walk"] == [topic.key for topic in work.topics.unused(group())]
        raise ZeroDivisionError

    assert [TEA] == work.topics.unused(group())
