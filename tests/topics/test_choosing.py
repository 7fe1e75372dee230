from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Language
from storage.values import Topic, TopicKind, TopicStatus
from storage.values_of_topics import Bank, Used, Worth
from topics.choosing import Ranked, rank
from topics.liveliness import Ratio
from topics.programme import Programme
from topics.situation import Situation

ANY = Programme(cron="0 9 * * *")
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
BOTH = ANY.model_copy(update={"ratio": Ratio(universal=2, professional=1)})


def topic(key: str, **over: Any) -> Topic:
    """A topic."""
    return Topic(key=key, title=key, text="？", **over)


def used(key: str, days: float, people: int | None = None) -> Used:
    """A topic that was posted so many days ago."""
    return Used(key, "早", AT - timedelta(days=days), people)


def ranked(
    *topics: Topic, programme: Programme = ANY, worths: Any = None, **over: Any
) -> list[Ranked]:
    """All that fits, best first."""
    fields = {"programme": "早", "at": AT, "day": DAY} | over
    return rank(Bank(topics, worths or {}), programme, Situation(**fields))


def keys(*topics: Topic, **over: Any) -> list[str]:
    """The keys of all that fits, best first."""
    return [each.topic.key for each in ranked(*topics, **over)]


def why(key: str, *topics: Topic, **over: Any) -> str:
    """What is said of one of them."""
    return next(each.why() for each in ranked(*topics, **over) if each.topic.key == key)


def test_what_was_never_posted_goes_first():
    """Then the longest ago, and it says so."""
    history = [used("a", 64), used("b", 30), used("a", 20)]

    assert ["c", "b", "a"] == keys(*map(topic, "abc"), history=history)
    assert "在这个群没发过" == why("c", *map(topic, "abc"), history=history)
    assert "合适的都发过了，这个在这里 20 天没发过" == why("a", topic("a"), history=history)


def test_the_heaviest():
    """A heavier topic goes before, and says so; also among those that come again."""
    topics = topic("a"), topic("b", weight=5), topic("c", weight=9)

    assert ["c", "b", "a"] == keys(*topics)
    assert "在这个群没发过；权重 5" == why("b", *topics)
    assert "c" == keys(*topics, history=[used(key, 9) for key in "abc"])[0]


def test_in_season():
    """What belongs to another part of the year waits; what belongs to now goes first."""
    summer = topic("夏", season=("夏",), weight=9)
    moon = topic("中秋", season=("中秋",), weight=9)
    autumn = topic("秋", season=("9月~11月",))

    assert ["秋", "a"] == keys(summer, moon, autumn, topic("a"))
    assert "在这个群没发过；正当时令：9月~11月" == why("秋", autumn)
    feast = keys(autumn, topic("a"), topic("中秋", season=("中秋",)), holidays=frozenset({"中秋"}))
    assert ["中秋", "秋", "a"] == feast


def test_by_kind_tags_stage_and_goal():
    """Only what the programme asks for; what is for a stage or a goal waits for it."""
    professional = topic("p", kind=TopicKind.PROFESSIONAL)
    tagged = topic("t", tags=("读书", "推荐"))
    begin, goal = topic("s", stages=("开始",)), topic("g", goal="读完一本书")
    every = topic("a"), professional, tagged, begin, goal

    assert {"a", "p", "t"} == {*keys(*every)}
    assert ["p"] == keys(*every, programme=ANY.model_copy(update={"kind": professional.kind}))
    assert ["t"] == keys(*every, programme=ANY.model_copy(update={"tags": ("健身", "推荐")}))
    assert "s" == keys(*every, stage="开始")[0]
    assert "g" == keys(*every, goal="读完一本书")[0]
    assert "在这个群没发过；适合「开始」阶段" == why("s", *every, stage="开始")
    assert "在这个群没发过；服务目标「读完一本书」" == why("g", *every, goal="读完一本书")


def test_only_what_is_approved():
    """Proposed, resting and retired topics are not posted."""
    others = [topic(str(status), status=status) for status in TopicStatus]

    assert [str(TopicStatus.APPROVED)] == keys(*others)
    assert [] == keys()


def test_the_ratio():
    """The kind that is behind its share goes first, and by how much is said."""
    topics = topic("u"), topic("p", kind=TopicKind.PROFESSIONAL), *map(topic, "xyz")
    history = [used(key, 9) for key in "xyz"]

    assert ["p", "u"] == keys(*topics, programme=BOTH, history=history)[:2]
    assert "在这个群没发过；专业话题比设定的比例少 33%" == why(
        "p", *topics, programme=BOTH, history=history
    )
    assert "universal share is 33 % above" in next(
        each.why(Language.EN)
        for each in ranked(*topics, programme=BOTH, history=history)
        if each.topic.key == "u"
    )


def test_related_topics_keep_their_distance():
    """By category and by tags; how long ago the related one was is said."""
    topics = (
        topic("茶", category="生活", tags=("早晨",)),
        topic("面", category="生活"),
        topic("粥", category="美食", tags=("早晨",)),
        topic("车", category="出行"),
        *(topic(f"o{number}", category="别的") for number in range(9)),
    )
    order = keys(*topics, history=[used("茶", 2), used("o1", 1)])
    told = why("面", *topics, history=[used("茶", 2), used("o1", 1)])

    assert "车" == order[0]
    assert {"面", "粥"} == {*order[1:3]}
    assert "在这个群没发过；虽然和它相近的话题 2 次前刚发过" == told


def test_what_worked_elsewhere():
    """It goes first, then what is new, then what is as usual; what fell flat rests."""
    worths = {
        "good": Worth(4, 6.0, 0.9),
        "usual": Worth(4, 3.0, 0.0),
        "flat": Worth(4, 0.5, -0.6),
    }
    topics = [topic(key) for key in ("flat", "new", "usual", "good")]

    assert ["good", "new", "usual", "flat"] == keys(*topics, worths=worths)
    assert [
        "平均 6 人回应（4 次）",
        "还没有效果数据，给它机会",
        "平均 3 人回应（4 次）",
        "虽然反响平淡：平均 0.5 人回应（4 次）",
    ] == [each.why().split("；")[1] for each in ranked(*topics, worths=worths)]


def test_what_worked_here_comes_back_sooner():
    """Of two that were posted at nearly the same time; what fell flat waits for longer."""
    history = [used("flat", 62, 0), used("same", 61, 4), used("good", 60, 9)]

    assert ["good", "same", "flat"] == keys(*map(topic, ("flat", "same", "good")), history=history)
    assert "在这里平均 9 人回应" in why(
        "good", *map(topic, ("flat", "same", "good")), history=history
    )


def test_what_this_group_likes():
    """Its categories are drawn by how they went here: over many slots the liked one leads."""
    topics = [topic(f"{name}{n}", category=name) for name in ("爱", "厌") for n in range(20)]
    history = [
        used(f"{name}{n}", 9 - n, 6 * (name == "爱")) for n in range(4) for name in ("爱", "厌")
    ]
    others = [used(f"x{n}", 1) for n in range(6)]
    first = [ranked(*topics, history=history + others, seed=seed)[0] for seed in range(100)]

    assert Counter(each.topic.category for each in first)["爱"] > 80
    assert "「爱」在这里平均 6 人回应，平时 3 人" in {
        reason.say() for each in first for reason in each.reasons
    }


def test_only_the_best():
    """Asking for fewer gives the same ones."""
    topics = [topic(str(number), weight=number % 7 + 1) for number in range(30)]
    history = [used("3", 4), used("4", 5)]

    assert keys(*topics, history=history)[:5] == [
        each.topic.key
        for each in rank(
            Bank(tuple(topics)), ANY, Situation("早", AT, DAY, history=history), most=5
        )
    ]


TOPICS = st.lists(
    st.builds(
        topic,
        st.text("abcdef", min_size=1, max_size=2),
        weight=st.integers(1, 3),
        category=st.sampled_from(["", "生活", "读书"]),
        tags=st.sampled_from([(), ("早",), ("早", "晚"), ("晚",)]),
        kind=st.sampled_from(TopicKind),
        season=st.sampled_from([(), (), ("秋",), ("夏",), ("中秋",)]),
        status=st.sampled_from([TopicStatus.APPROVED] * 3 + [TopicStatus.RESTING]),
    ),
    max_size=12,
    unique_by=lambda each: each.key,
)
HISTORIES = st.lists(
    st.builds(
        used,
        st.text("abcdef", min_size=1, max_size=2),
        st.integers(1, 400),
        st.none() | st.integers(0, 9),
    ),
    max_size=12,
).map(lambda history: sorted(history, key=lambda each: each.at))
SITUATIONS = st.fixed_dictionaries(
    {
        "history": HISTORIES,
        "seed": st.integers(0, 2**32 - 1),
        "holidays": st.sampled_from([frozenset(), frozenset({"中秋"})]),
    }
)


@given(TOPICS, SITUATIONS, st.sampled_from([ANY, BOTH]))
def test_a_ranking(topics: list[Topic], now: dict[str, Any], programme: Programme):
    """Each that fits once, and nothing else; the best first; what was posted here after the rest.

    And the same when it is asked for again.
    """
    found = ranked(*topics, programme=programme, **now)
    fitting = {
        one.key
        for one in topics
        if one.status is TopicStatus.APPROVED
        and (not one.season or one.season == ("秋",) or {*one.season} & now["holidays"])
    }
    here = {each.topic_key for each in now["history"]}
    scores = [each.score for each in found]

    assert sorted(fitting) == sorted(each.topic.key for each in found)
    assert sorted(scores, reverse=True) == scores
    assert [each.again for each in found] == sorted(each.topic.key in here for each in found)
    assert found == ranked(*topics, programme=programme, **now)


@given(TOPICS, SITUATIONS)
def test_the_seed_decides_among_equals(topics: list[Topic], now: dict[str, Any]):
    """Another seed may change the order, never what fits."""
    other = now | {"seed": now["seed"] ^ 0xABCDEF}

    assert sorted(keys(*topics, **now)) == sorted(keys(*topics, **other))


def test_groups_get_different_topics():
    """Many groups that are due at once do not all hear the same: equals are spread evenly."""
    topics = [topic(f"{n}", category="生活" if n < 40 else "读书") for n in range(50)]
    first = Counter(keys(*topics, seed=seed * 7919)[0] for seed in range(500))

    assert len(first) > 45
    assert max(first.values()) < 35
