"""The topics that Weilu brings along."""

from collections import Counter
from pathlib import Path

import topics
from storage.values import TopicKind, TopicStatus
from topics.files import read

STARTER = read(Path(topics.__file__).parent / "starter.yaml")


def test_enough_to_begin_with():
    """Forty and more, all of them ready to be posted, none of them twice."""
    assert len(STARTER) >= 40
    assert {TopicStatus.APPROVED} == {topic.status for topic in STARTER}
    assert len(STARTER) == len({topic.title for topic in STARTER})


def test_for_every_group():
    """Universal ones, and some for each field a group may be about."""
    kinds = Counter(topic.kind for topic in STARTER)
    fields = Counter(topic.category for topic in STARTER if topic.kind is TopicKind.PROFESSIONAL)

    assert kinds[TopicKind.UNIVERSAL] >= 12
    assert {"创业", "新媒体", "读书", "健身", "技术", "学习"} == set(fields)
    assert min(fields.values()) >= 4


def test_each_asks():
    """Every topic is a short question to the reader, with a title and tags to find it by."""
    for topic in STARTER:
        assert "？" in topic.text or "说" in topic.text, topic.key
        assert "你" in topic.text or "说" in topic.text, topic.key
        assert len(topic.title) <= 15, topic.key
        assert 20 <= len(topic.text) <= 80, topic.key
        assert topic.tags, topic.key
