from bot.texts import Language
from topics.reasons import FRESH, WENT, Reason, number, told

BOTH = Reason(0, FRESH), Reason(1, WENT, {"people": number(2.04), "posts": 3})


def test_in_one_line():
    """In the language that is asked for; in both, one line each."""
    zh, en = told(BOTH), told(BOTH, Language.EN)

    assert "在这个群没发过；平均 2 人回应（3 次）" == zh
    assert "not posted here before; 2 people answer on average (3 posts)" == en
    assert f"{zh}\n{en}" == told(BOTH, Language.BOTH)


def test_numbers():
    """One digit behind the point where it says something."""
    assert ["2.5", "2", "0", "12"] == [number(each) for each in (2.46, 2.04, 0, 12)]
