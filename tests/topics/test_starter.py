"""The topics that Weilu brings along."""

from collections import Counter
from datetime import date
from itertools import combinations

from starter_bank import STARTER

from storage.values import TopicKind, TopicStatus
from topics.duplicates import pairs, shared
from topics.season import in_season

UNIVERSAL = [topic for topic in STARTER if topic.kind is TopicKind.UNIVERSAL]
PROFESSIONAL = [topic for topic in STARTER if topic.kind is TopicKind.PROFESSIONAL]
STAGES = {"起步", "增长", "开始", "中段", "收尾"}
GOALS = {"一起读完一本书", "养成运动习惯"}


def test_enough_to_begin_with():
    """A hundred and twenty and more, all of them ready to be posted."""
    assert len(STARTER) >= 120
    assert {TopicStatus.APPROVED} == {topic.status for topic in STARTER}
    assert {1} == {topic.weight for topic in STARTER}
    assert {("", "")} == {(topic.author, topic.source) for topic in STARTER}


def test_for_every_group():
    """As many for everybody as a group needs, and enough for each field a group may be about."""
    fields = Counter(topic.category for topic in PROFESSIONAL)

    assert 0.4 <= len(UNIVERSAL) / len(STARTER) <= 0.6
    assert {"创业", "新媒体", "读书", "健身", "技术", "学习"} == set(fields)
    assert min(fields.values()) >= 12
    assert all(topic.category in topic.tags for topic in PROFESSIONAL)


def test_no_category_takes_over():
    """Everyday life, growth, others, fun, work, troubles and the year: each has its share."""
    shares = Counter(topic.category for topic in UNIVERSAL)

    assert {"生活", "成长", "关系", "趣味", "职场", "树洞", "时令"} == set(shares)
    assert max(shares.values()) <= len(UNIVERSAL) / 4
    assert min(shares.values()) >= 4


def test_each_asks_briefly():
    """Every topic is short, speaks to the reader, ends, and has tags to find it by."""
    for topic in STARTER:
        assert 3 <= len(topic.title) <= 20, topic.key
        assert 30 <= len(topic.text) <= 90, topic.key
        assert "你" in topic.text or "说" in topic.text, topic.key
        assert topic.text[-1] in "？。", topic.key
        assert 1 <= len(topic.tags) <= 3, topic.key
        assert "\n" not in topic.text, topic.key
        assert not set("!！?~…") & set(topic.title + topic.text), topic.key


def test_nearly_all_are_questions():
    """The few others ask to write or to show something."""
    others = [topic for topic in STARTER if "？" not in topic.text]

    assert len(others) <= len(STARTER) // 20


def test_none_twice():
    """No key, title or text is there twice, not even nearly."""
    texts = {topic.key: pairs(topic.text) for topic in STARTER}
    titles = {topic.key: pairs(topic.title) for topic in STARTER}

    assert len(STARTER) == len(texts) == len({topic.title for topic in STARTER})
    for one, other in combinations(texts, 2):
        assert shared(texts[one], texts[other]) < 0.25, (one, other)
        assert shared(titles[one], titles[other]) < 0.5, (one, other)


def test_asked_in_many_ways():
    """Topics do not all begin alike, and ask for stories, choices, advice, pictures and more."""
    beginnings = Counter(topic.text[:4] for topic in STARTER)
    tags = Counter(tag for topic in STARTER for tag in topic.tags)

    assert beginnings.most_common(1)[0][1] <= len(STARTER) / 10
    for tag in ("故事", "坦白", "今昔", "晒一晒", "二选一", "接一句", "教一招", "互助", "树洞"):
        assert tags[tag] >= 3, tag


def test_the_stages_and_goals_are_known():
    """Those that serve a stage or a goal say so in the words that docs/topics.md lists."""
    assert STAGES == {stage for topic in STARTER for stage in topic.stages}
    assert GOALS == {topic.goal for topic in STARTER} - {""}


def test_the_year_is_covered():
    """Every month has a topic of its season, and only topics of the year have one."""
    of_the_year = [topic for topic in STARTER if topic.season]

    for month in range(1, 13):
        day = date(2027, month, 10)
        assert any(in_season(topic.season, day) for topic in of_the_year), month
    assert {"时令"} == {topic.category for topic in UNIVERSAL if topic.season}
    assert all(topic.season for topic in UNIVERSAL if topic.category == "时令")
