import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import small_talk
from rules.characters import characters
from rules.small_talk import is_chain, is_small_talk
from rules.steps import ALL

CHAIN = "#接龙\n周六上午九点爬山，请报名\n\n1. 张三\n2. 李四 2大1小"


@pytest.mark.parametrize(
    "text",
    [
        *("哈哈", "哈哈哈哈哈哈哈", "hahaha", "666", "嗯嗯", "👍👍👍", "……", "", "？"),
        *("收到", "收到！", "收到，谢谢老师", "好的好的", "明白", "OK", "没问题", "辛苦了"),
        *("1", "+1", "１", "选2", "同意", "我选第3个", "2票"),
        *("打卡", "第12天打卡", "早起打卡第３天", "签到", "已读", "跑步打卡 5公里"),
        *("早", "早上好", "大家早上好呀", "晚安各位", "good morning", "欢迎新人", "欢迎欢迎"),
        *("生日快乐", "祝小林生日快乐，天天开心！", "恭喜恭喜", "恭喜发财，大吉大利"),
        "祝大家新年快乐，身体健康，万事如意，阖家幸福，心想事成，财源广进，在新的一年里步步高升！",
        *(
            "祝大家元宵节快乐，团团圆圆",
            "元旦快乐！2027 心想事成",
            "Happy birthday to my dear friend",
        ),
        *(CHAIN, "1. 张三\n2. 李四\n3. 王五", "1、小林\n2、阿秀"),
    ],
)
def test_small_talk(text: str):
    """What a whole group says alike, and often."""
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        *("刷单加我", "加微信领资料", "招代理，日赚五百", "转让门票两张", "有人想买二手车吗"),
        *("恭喜发财，加微信领取红包", "Happy new year! Get yours at www.a.example"),
        *("新年快乐，联系 lin88888", "祝大家发财，vx 同号"),
        "新年快乐！本店全场五折优惠，欢迎选购",
        "祝大家快乐，详情 https://a.example",
        "1. 免费领取内部学习资料，名额有限先到先得\n2. 加微信 abc123",
        "3. 张三\n4. 李四，这是第四个报名的人了",
        "明天的活动改到几点了？",
    ],
)
def test_not_small_talk(text: str):
    """What says something, also where it begins with a greeting, a wish or a number."""
    assert not is_small_talk(text)


def test_a_chain_may_be_long():
    """Fifty people in a 接龙 with its explanation are a 接龙."""
    lines = [f"{number}. 群友{number} 两大一小，自驾，可以带三个人" for number in range(1, 51)]

    assert is_chain("#接龙\n周六爬山\n" + "\n".join(lines))


@given(st.text(max_size=200))
def test_any_text(text: str):
    """Whatever comes from the chat has an answer."""
    assert is_small_talk(text) in (True, False)


TALK = st.lists(
    st.sampled_from("收到好的打卡早上安谢谢，！？：…～　恭喜加微信q1２二天明跑步\u0301\u0338")
    | st.characters(),
    max_size=40,
).map("".join)


@given(TALK)
def test_the_quick_look_changes_nothing(text: str):
    """Without it, and with every character taken apart, the answer is the same."""
    quick = is_small_talk(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_talk, "_SAYS_SOMETHING", re.compile("(?!)"))
        patch.setattr(small_talk, "_WIDE", ())
        slow = is_small_talk(text)

    assert slow is quick
    plain = characters(ALL).look(text) is None
    assert slow is is_small_talk(text, plain=plain)
    assert unicodedata.normalize("NFKC", text).casefold() == small_talk._plain(text)


def test_what_is_plain_stays():
    """A character that is known to have no other form has none here but for the punctuation."""
    codes = (code for code in range(sys.maxunicode + 1) if code in characters(ALL).quiet)
    wide = {each for each, _ in small_talk._WIDE}
    changed = {char for char in map(chr, codes) if small_talk._plain(char) != char}

    assert set() == changed - wide


@pytest.mark.parametrize("letter", ["a", "祝", "1", " ", "1.\n", "-"])
def test_an_endless_wish(letter: str):
    """A text of any length is looked through once, not once from each of its letters."""
    assert is_small_talk("生日快乐" + letter * 300_000) in (True, False)
