from builders import NOON, later

from storage.values import Topic
from storage.values_of_topics import Bank, Used
from topics.distance import Distance
from topics.programme import Programme
from topics.shelf import shelf
from topics.situation import Situation


def topic(key: str, category: str = "", *tags: str) -> Topic:
    """A topic."""
    return Topic(key=key, title=key, text="？", category=category, tags=tags)


TEA, CAKE = topic("tea", "生活", "早"), topic("cake", "美食", "早")
OTHERS = [topic(f"o{number}", "别的") for number in range(8)]


def distance(*posted: Topic, bank: tuple[Topic, ...] = (TEA, CAKE, *OTHERS)) -> Distance:
    """After these were posted, oldest first."""
    history = [Used(each.key, "早", NOON) for each in posted]
    now = Situation("早", later(days=1), NOON.date(), history=history)
    whole = Bank(bank)
    return Distance(whole, shelf(whole, Programme(cron="0 9 * * *")), now)


def test_nearer_is_worse():
    """Most right after a related topic, less with each post since, nothing six posts later."""
    points = [distance(TEA, *OTHERS[:since]).of_category("生活") for since in range(7)]

    assert -2 == points[0]
    assert sorted(points) == points
    assert 0 == points[6]


def test_tags_count_where_the_category_does_not():
    """The nearer of the two decides; how many posts ago is said."""
    near = distance(TEA, OTHERS[0])

    assert 0 == near.of_tags(TEA)
    assert near.of_category("生活") == near.of_tags(CAKE)
    said = near.reason(CAKE)
    assert said is not None
    assert "虽然和它相近的话题 2 次前刚发过" == said.say()
    assert distance(CAKE).reason(OTHERS[0]) is None


def test_what_makes_none_related():
    """No category at all, the only one there is, and tags on too many topics."""
    plain = tuple(topic(f"{number}", "", "早") for number in range(4))
    alone = tuple(topic(f"{number}", "生活") for number in range(4))

    assert distance(plain[0], bank=plain).reason(plain[1]) is None
    assert distance(alone[0], bank=alone).reason(alone[1]) is None
