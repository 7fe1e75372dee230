import pytest
from builders import said
from hypothesis import given
from hypothesis import strategies as st
from pictures import code

from bot.events import Kind
from rules.base import Finding, Need, Past
from rules.contact_bait import ContactBait

REASON = "有话在群里说"


def judge(text: str, **settings: object) -> Finding | None:
    """Judge a text under these settings."""
    return ContactBait.model_validate({"reason": REASON} | settings).judge(said(text), Past())


def hit(text: str, **settings: object) -> str | None:
    """The part of the text that was found."""
    finding = judge(text, **settings)
    return text[slice(*finding.span)] if finding else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("打我电话13800138000吧", "13800138000"),
        ("138 0013 8000", "138 0013 8000"),
        ("138-0013-8000", "138-0013-8000"),
        ("1 3 8 0 0 1 3 8 0 0 0", "1 3 8 0 0 1 3 8 0 0 0"),
        ("１３８００１３８０００", "１３８００１３８０００"),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", "①③⑧⓪⓪①③⑧⓪⓪⓪"),
        ("一三八零零一三八零零零", "一三八零零一三八零零零"),
        ("幺三八 零零幺三 八零零零", "幺三八 零零幺三 八零零零"),
        ("138OO138OOO", "138OO138OOO"),
        ("+86 138 0013 8000", "+86 138 0013 8000"),
        ("周一13800138000", "13800138000"),
        ("13800138000，13900139000", "13800138000"),
        ("加V abc_1234", "加V abc_1234"),
        ("➕薇 abc12345", "➕薇 abc12345"),
        ("vx：abc12345", "vx：abc12345"),
        ("扣扣 123456789", "扣扣 123456789"),
        ("QQ群 123456789", "QQ群 123456789"),
        ("微信号：zhang_san99", "微信号：zhang_san99"),
        ("联系我的微信 wangyi888", "我的微信 wangyi888"),
        ("加薇❤️信", "加薇"),
        ("加我微信聊", "加我微信"),
        ("手机微信同号", "微信同号"),
        ("扫码进群领福利", "扫码进群"),
        ("掃碼進群", "掃碼進群"),
    ],
)
def test_found(text: str, found: str):
    """Numbers, ids and calls to add somebody are found where they stand, however written."""
    assert found == hit(text)


@pytest.mark.parametrize(
    "text",
    [
        "订单号 13800138000",
        "快递单号：13800138000",
        "单号 SF13800138000123",
        "身份证 110101199003071234",
        "ISBN 978-7-111-12345-6",
        "2026-11-20 13:00",
        "20261120138001",
        "1 3 5 7 9 11 13 15",
        "0.13812345678",
        "13812345678.52",
        "价格 1388 元",
        "客服电话 400-820-8820",
        "座机 010-12345678",
        "微信 8.0.50 更新了",
        "微信 iphone15 能用吗",
        "微信步数 12345 步",
        "qq: 123456@qq.com",
        "Q: iphone15pro 怎么样",
        "v我50",
        "按 Ctrl+V 粘贴",
        "微博加V认证",
        "加微波炉叮一下",
        "添加微量元素",
        "增加威信",
        "不要加陌生人微信",
        "别随便加V",
        "谨防加微信诈骗",
        "怎么加微信好友",
        "对方让我加微信，我没理",
        "群里不要发微信号和二维码",
        "",
    ],
)
def test_in_order(text: str):
    """Orders, dates, prices, ids of books and people, hotlines and warnings are in order."""
    assert hit(text) is None


def test_each_part_can_be_switched_off():
    """Numbers, ids and calls are looked for as the settings say."""
    assert hit("13800138000", phones=False) is None
    assert hit("加V abc_1234", ids=False) == "加V"
    assert hit("加V abc_1234", ids=False, calls=False) is None
    assert hit("加V", calls=False) is None


@pytest.mark.parametrize("text", ["400-820-8820", "4008208820", "800 820 8820", "010-12345678"])
def test_hotlines(text: str):
    """Service numbers and landlines count where the settings say so."""
    assert text == hit(text, hotlines=True)


def test_what_is_allowed():
    """The group's own numbers and ids are fine however they are written; others are not."""
    own = ["138-0013-8000", "Weilu_2026", "example.com"]

    assert hit("一三八零零一三八零零零", allow=own) is None
    assert hit("微信号：weilu_2026", allow=own) is None
    assert hit("13900139000", allow=own) == "13900139000"


def picture(says: str, codes: str = "contacts", **settings: object) -> str | None:
    """What is told of a picture with a code that says this."""
    rule = ContactBait.model_validate({"reason": REASON, "codes": codes} | settings)
    message = said("", kind=Kind.IMAGE, picture=code(says))
    finding = rule.judge(message, Past())
    assert finding is None or finding.span == (0, 0)
    return finding.detail if finding else None


GROUP = "https://weixin.qq.com/g/AbC"
PERSON = "图片里有名片或群的二维码 the picture holds the code of a person or a group"


@pytest.mark.parametrize(
    ("says", "which"),
    [
        (GROUP, "contacts"),
        ("https://u.wechat.com/xYz", "contacts"),
        ("https://work.weixin.qq.com/ca/x", "links"),
        ("http://qm.qq.com/cgi-bin/qm/qr?k=1", "any"),
        ("BEGIN:VCARD\nFN:王\nEND:VCARD", "contacts"),
        ("tel:13800138000", "contacts"),
    ],
)
def test_codes_of_people(says: str, which: str):
    """Codes of people and groups are found under every setting but off."""
    assert picture(says, which) == PERSON
    assert picture(says, "off") is None


def test_codes_with_links():
    """Codes that lead to pages are found where links count, but not those allowed."""
    assert picture("https://b.com/x", "contacts") is None
    assert picture("https://b.com/x", "links") is not None
    assert picture("https://b.com/x", "links", allow=["b.com"]) is None
    spare = [{"link": "b.com", "reason": "本群的报名页"}]
    assert picture("https://b.com/x", "links", exempt=spare) is None


def test_any_code():
    """A code that says anything is found only where any counts."""
    assert picture("座位 12", "links") is None
    assert picture("座位 12", "any") is not None


def test_a_picture_that_cannot_be_read():
    """It is no offence."""
    rule = ContactBait(reason=REASON)

    assert rule.judge(said("", kind=Kind.IMAGE, picture=b"\x89PNG\r\n"), Past()) is None
    assert rule.judge(said("", kind=Kind.IMAGE), Past()) is None


def test_the_picture_is_needed_only_for_codes():
    """Where codes do not count, no picture has to be loaded."""
    assert frozenset({Need.PICTURE}) == ContactBait(reason=REASON).needs
    assert frozenset() == ContactBait.model_validate({"reason": REASON, "codes": "off"}).needs


@pytest.mark.parametrize("wrong", [{"codes": "all"}, {"allow": [" "]}, {"phone": True}])
def test_settings_are_held_to_sense(wrong: dict[str, object]):
    """Unknown codes, blank allowances and unknown keys are refused."""
    with pytest.raises(ValueError):
        judge("", **wrong)


PIECES = st.sampled_from(
    ["加", "V", "微信", "➕", "138", "0013", "零", " ", "号：", "abc_12", "别", "群"]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=15).map("".join))
def test_hostile_texts(text: str):
    """Whatever is written, the span lies in the text and holds something."""
    finding = judge(text, hotlines=True)

    assert finding is None or 0 <= finding.span[0] < finding.span[1] <= len(text)


@pytest.mark.parametrize("piece", ["138 ", "1", "加", "微信号 ", "别", "零", "加我的好友 ", "86 "])
def test_long_texts_are_read_once(piece: str):
    """Three hundred thousand characters made to be read again and again come back at once."""
    assert judge(piece * (300_000 // len(piece))) is None


@given(
    st.text(st.sampled_from("0123456789 -"), max_size=8),
    st.integers(13_000_000_000, 19_999_999_999),
)
def test_part_of_a_longer_number(digits: str, number: int):
    """A number that goes on before or behind without a gap is not a phone's."""
    assert hit(f"{number}7{digits}".replace(" ", "").replace("-", "")) is None
