import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules import addresses, baits
from rules.addresses import Address
from rules.baits import Bait, calls, ids, phones, service_numbers, worth_a_look

WRITTEN = (
    "加|+|➕|jia|微信|薇|vx|V|v信|qq|QQ群|扣扣|同号|手机|扫|"
    "二维码|进群|私聊|拉|入|群|我|老师|一下|免费|领|：|，|"
    "abc_123|12345|138|00138000|一三八|零零一|400|0755|😂|🇻🇽|👍|"
    "ａｂｃ１２３|Ⅴ|點|com|.|。|taobao|https://|1.2.3.4|ｄｏｔ| "
)
PIECES = st.lists(st.sampled_from(WRITTEN.split("|")) | st.characters(), max_size=12).map("".join)
ANYTHING = re.compile("")


def everything(text: str) -> Iterator[Bait]:
    """What all finders find."""
    for finder in (phones, service_numbers, ids, calls):
        yield from finder(text)


@example("加一下老师的v信")
@example("扫一扫下面的二维码加入交流")
@given(PIECES)
def test_the_quick_looks_miss_nothing(text: str):
    """Without them the same is found, and where something is found it was worth a look."""
    quick = [*everything(text)]
    with pytest.MonkeyPatch.context() as patch:
        for look in ("_MAY_BE_ID", "_MAY_BE_CALL", "_ENOUGH_DIGITS"):
            patch.setattr(baits, look, ANYTHING)
        slow = [*everything(text)]

    assert slow == quick
    assert worth_a_look(text) or not slow


@given(PIECES)
def test_no_address_is_overlooked(text: str):
    """The same addresses are found where every text is looked through."""
    quick: list[Address] = [*addresses.addresses(text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "may_hold_address", lambda _: True)
        slow = [*addresses.addresses(text)]

    assert slow == quick
