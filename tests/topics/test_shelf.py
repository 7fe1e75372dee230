from collections import Counter
from datetime import date

from bot.texts import Language
from storage.values import Topic, TopicKind
from storage.values_of_topics import Bank
from topics.programme import Programme
from topics.shelf import Pile, Shelf, shelf

DAILY = Programme(cron="0 9 * * *")
WINTER, SUMMER = date(2026, 1, 9), date(2026, 7, 9)


def topic(key: str, **over: object) -> Topic:
    """A topic."""
    return Topic(key=key, title=key, text="？", **over)  # type: ignore[arg-type]


def opened(full: Shelf, day: date, *holidays: str) -> set[str]:
    """The keys of what is in season."""
    return {
        each.key
        for pile, _ in full.open(day, frozenset(holidays))
        for _, each in pile.unused((), 1)
    }


def test_it_is_made_once():
    """For a bank and what is asked for; another programme that asks the same shares it."""
    bank = Bank((topic("a"),))

    assert shelf(bank, DAILY) is shelf(bank, Programme(cron="0 20 * * *"))
    assert shelf(bank, DAILY) is not shelf(bank, DAILY, stage="开始")
    assert shelf(bank, DAILY) is not shelf(Bank(bank.topics), DAILY)


def test_by_season():
    """Piles open on their days; whether the calendar is needed for that is known."""
    full = shelf(
        Bank((topic("a"), topic("冬", season=("冬",)), topic("中秋", season=("中秋",)))), DAILY
    )

    assert {"a", "冬"} == opened(full, WINTER)
    assert {"a", "中秋"} == opened(full, SUMMER, "中秋")
    assert full.by_moon
    assert not shelf(Bank((topic("a"), topic("冬", season=("冬",)))), DAILY).by_moon


def test_tags_that_too_many_have():
    """They say nothing of who is related to whom."""
    some = [topic(f"{n}", tags=("读书", "早" if n == 1 else "晚")) for n in range(3)]
    full = shelf(Bank((*some, *(topic(f"o{n}") for n in range(7)))), DAILY)

    assert {"读书"} == full.common


def test_a_pile():
    """Best first, none of what was used, all of the rest; equals from another place each time."""
    name = (TopicKind.UNIVERSAL, "生活", ())
    pile = Pile(name, [(1.0, topic("a")), *((0.5, topic(f"{n}")) for n in range(9))])
    orders = [[each.key for _, each in pile.unused({"3"}, seed)] for seed in range(200)]

    assert {"a"} == {order[0] for order in orders}
    assert {"a", *"01245678"} == {*orders[0]}
    assert max(Counter(order[1] for order in orders).values()) < 80


def test_larger_piles_come_more_often():
    """In proportion to their sizes, so that all are used up at about the same time."""
    piles = [
        Pile((TopicKind.UNIVERSAL, name, ()), [(0.0, topic(f"{name}{n}")) for n in range(size)])
        for name, size in (("大", 30), ("小", 10))
    ]
    first = Counter(
        min(piles, key=lambda pile: pile.turn(seed * 7919)).part[1] for seed in range(900)
    )

    assert 0.68 < first["大"] / 900 < 0.82


def test_what_is_written_in_another_language_waits():
    """While there is any in the group's own; else it is better than nothing."""
    mixed = Bank((topic("zh"), topic("en", language=Language.EN)))
    chinese = Bank((topic("zh"),))

    assert [{"en"}, {"zh"}, {"zh", "en"}, {"zh"}] == [
        {*shelf(bank, DAILY, language=language).found}
        for bank, language in (
            (mixed, Language.EN),
            (mixed, Language.ZH),
            (mixed, Language.BOTH),
            (chinese, Language.EN),
        )
    ]
