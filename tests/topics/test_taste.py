from statistics import mean, pstdev

from builders import NOON, later

from storage.values import Topic
from storage.values_of_topics import Bank, Used
from topics.programme import Programme
from topics.shelf import shelf
from topics.situation import Situation
from topics.taste import Taste

BANK = Bank(
    tuple(Topic(key=key, title=key, text="？", category=key[0]) for key in ("a1", "a2", "b1", "c1"))
)
A_GOOD = [Used(key, "早", NOON, people) for key, people in (("a1", 8), ("a2", 6), ("b1", 1))]


def taste(history: list[Used], seed: int = 1) -> Taste:
    """What a group makes of it all."""
    now = Situation("早", later(days=9), NOON.date(), history=history, seed=seed)
    return Taste(BANK, shelf(BANK, Programme(cron="0 9 * * *")), now)


def test_nothing_known():
    """Without any result no category is drawn, and nothing is said."""
    unknown = taste([Used("a1", "早", NOON)])

    assert [0, 0] == [unknown.of_category("a"), unknown.of_topic("a1")]
    assert [] == [*unknown.reasons("a", "a1")]


def test_the_less_tried_the_wider_the_draw():
    """Around what is believed of it: above for what is liked, around nothing for what is new."""
    draws = {name: [taste(A_GOOD, seed).of_category(name) for seed in range(300)] for name in "abc"}

    assert mean(draws["a"]) > 0.1 > mean(draws["c"]) > mean(draws["b"])
    assert pstdev(draws["a"]) < pstdev(draws["b"]) < pstdev(draws["c"])


def test_the_same_seed_the_same_draw():
    """Another history of the same results changes nothing either."""
    assert taste(A_GOOD).of_category("a") == taste(A_GOOD[::-1]).of_category("a")


def test_how_a_topic_went_here():
    """Above what is usual, or below; it is said in people."""
    assert taste(A_GOOD).of_topic("a1") > 0 > taste(A_GOOD).of_topic("b1")
    assert "在这里平均 8 人回应" == next(taste(A_GOOD).reasons("", "a1")).say()
