from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from storage.values import Topic, TopicKind, TopicStatus
from topics.bank import choose
from topics.programme import Programme

ANY = Programme(cron="0 9 * * *")
DAY = date(2026, 11, 20)


def topic(key: str, **over: object) -> Topic:
    """A topic."""
    return Topic(key=key, title=key, text="？", **over)  # type: ignore[arg-type]


def chosen(*topics: Topic, **over: object) -> str | None:
    """The key of the topic a programme would post."""
    found = choose(topics, ANY.model_copy(update=over), DAY)
    return found.key if found else None


def test_the_first_given():
    """Among equals the order of the bank decides."""
    assert "a" == chosen(topic("a"), topic("b"))


def test_the_heaviest():
    """A heavier topic goes before."""
    assert "b" == chosen(topic("a"), topic("b", weight=5), topic("c", weight=5))


def test_in_season():
    """What belongs to another part of the year waits, however heavy; holidays wait as well."""
    summer = topic("夏", season=("夏",), weight=9)
    feast = topic("春节", season=("春节",), weight=9)

    assert "秋" == chosen(summer, feast, topic("秋", season=("9月~11月",)), topic("a"))


def test_by_kind():
    """A programme may want one kind only."""
    topics = topic("a"), topic("b", kind=TopicKind.PROFESSIONAL)

    assert "b" == chosen(*topics, kind=TopicKind.PROFESSIONAL)
    assert "a" == chosen(*topics, kind=TopicKind.UNIVERSAL)


def test_by_tags():
    """One of the programme's tags is enough; without tags any topic will do."""
    topics = topic("a"), topic("b", tags=("读书", "推荐"))

    assert "b" == chosen(*topics, tags=("健身", "推荐"))
    assert "a" == chosen(*topics)


def test_only_what_is_approved():
    """Proposed, resting and retired topics are not posted."""
    others = [topic(str(status), status=status) for status in TopicStatus]

    assert str(TopicStatus.APPROVED) == chosen(*others)


def test_nothing_fits():
    """None where there is nothing to post."""
    assert chosen() is None
    assert chosen(topic("a"), tags=("健身",)) is None


TOPICS = st.builds(
    topic,
    st.text("abc", min_size=1, max_size=3),
    weight=st.integers(1, 3),
    tags=st.sampled_from([(), ("读书",), ("读书", "健身")]),
    kind=st.sampled_from(TopicKind),
    status=st.sampled_from(TopicStatus),
)


@given(st.lists(TOPICS, max_size=8), st.sampled_from([(), ("健身",)]))
def test_like_looking_through_the_list(topics: list[Topic], tags: tuple[str, ...]):
    """It is the first of the heaviest among those that may be posted."""
    fitting = [
        one
        for one in topics
        if one.status is TopicStatus.APPROVED and (not tags or set(tags) & set(one.tags))
    ]
    heaviest = max((one.weight for one in fitting), default=0)
    expected = next((one for one in fitting if one.weight == heaviest), None)

    assert expected is choose(topics, ANY.model_copy(update={"tags": tags}), DAY)
