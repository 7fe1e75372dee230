from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Text
from handlers.settings import GroupSettings
from handlers.terms import digests, is_ladder, terms, title
from rules.consequences import Consequence
from rules.flood import Flood
from rules.keywords import Keywords
from storage.values_of_order import PactRule

ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",), consequence=Consequence.WARN)
FLOOD = Flood(reason="让每个人的话都有人看见", limit=3)


def test_rules_and_ladder() -> None:
    """Each rule that members are told of, and the ladder where one leads onto it."""
    shadow = Flood(name="试试", reason="先看看", shadow=True)
    note = Flood(name="留意", reason="先看看", consequence=Consequence.NOTE)
    told = terms(GroupSettings(rules=(FLOOD, shadow, note)))
    assert ["flood"] == [rule.name for rule in told]
    *_, last = terms(GroupSettings(rules=(ADS, FLOOD)))
    assert is_ladder(last)


def test_titles() -> None:
    """A rule under the name of its kind is called by its title, any other by its own name."""
    assert FLOOD.title == title(PactRule("flood", "刷屏", "", ""))
    assert Text(zh="带货", en="带货") == title(PactRule("带货", "带货", "", ""))


@given(st.permutations([ADS, FLOOD, Flood(name="夜里", reason="要睡觉")]))
def test_the_order_means_nothing(rules: list[Keywords | Flood]) -> None:
    """The same rules in another order are the same pact."""
    first = digests(terms(GroupSettings(rules=(ADS, FLOOD, Flood(name="夜里", reason="要睡觉")))))

    assert first == digests(terms(GroupSettings(rules=tuple(rules))))
