import pytest
from builders import later, said
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Kind
from rules.base import Finding, Past
from rules.links import Links

REASON = "外面的链接不知道通向哪里"


def judge(text: str, **settings: object) -> Finding | None:
    """Judge a text under these settings."""
    return Links.model_validate({"reason": REASON} | settings).judge(said(text), Past())


def hit(text: str, **settings: object) -> str | None:
    """The part of the text that was found."""
    finding = judge(text, **settings)
    return text[slice(*finding.span)] if finding else None


def test_no_links_at_all():
    """Without lists every link is found."""
    assert hit("看 baidu.com/x") == "baidu.com"


def test_allowed():
    """With an allow list everything else is found, subdomains are included."""
    assert hit("看 www.a.com", allow=["a.com"]) is None
    assert hit("看 b.com", allow=["a.com"]) == "b.com"
    assert hit("看 nota.com", allow=["a.com"]) == "nota.com"
    assert hit("看 a.com 和 b.com", allow=["a.com"]) == "b.com"


def test_denied():
    """With a deny list only, everything else is fine."""
    assert hit("看 www.b.com", deny=["b.com"]) == "www.b.com"
    assert hit("看 a.com", deny=["b.com"]) is None


def test_both_lists():
    """The narrowest listed domain counts; what is on neither list is found."""
    lists = {"allow": ["a.com"], "deny": ["bad.a.com"]}

    assert hit("看 a.com", **lists) is None
    assert hit("看 x.bad.a.com", **lists) == "x.bad.a.com"
    assert hit("看 c.com", **lists) == "c.com"
    assert hit("看 c.com", others="allow", **lists) is None


def test_what_may_be_something_else():
    """main.sh is a file unless somebody lists that very domain."""
    assert hit("跑一下 main.sh") is None
    assert hit("跑一下 main.sh", deny=["main.sh"]) == "main.sh"


@pytest.mark.parametrize("text", ["раураl.com", "http://xn--l-7sba6dbr.com/", "paypa1.com"])
def test_lookalikes(text: str):
    """A host that looks like a listed one is found even where others are fine."""
    finding = judge(text, allow=["paypal.com"], others="allow")

    assert finding is not None
    assert "冒充 paypal.com" in finding.detail
    assert hit(text, allow=["paypal.com"], others="allow", lookalikes=False) is None


def test_short_links():
    """Short links are found although others are fine, unless they are allowed or told apart."""
    assert hit("t.cn/abc", deny=["b.com"]) == "t.cn"
    assert hit("t.cn/abc", deny=["b.com"], short=False) is None
    assert hit("t.cn/abc", allow=["t.cn"]) is None


@pytest.mark.parametrize("kind", [Kind.URL, Kind.MINI_PROGRAM])
def test_cards(kind: Kind):
    """A card is judged by where it leads and by what its title names; it has no place."""
    rule = Links(reason=REASON, allow=("a.com",))
    away = said("", kind=kind, link="https://b.com/x", title="好文")
    home = said("", kind=kind, link="https://www.a.com/x", title="好文")
    named = said("", kind=kind, title="上 b.com 领奖")
    unknown = said("", kind=kind, link="pages/index", title="好文")

    assert Finding(
        "links", (0, 0), "链接通向 b.com：不在 allow 里 a link to b.com: it is not allowed"
    ) == rule.judge(away, Past())
    assert rule.judge(home, Past()) is None
    assert rule.judge(named, Past()) is not None
    assert rule.judge(unknown, Past()) is None


def test_an_exemption_spares_a_domain():
    """A domain is spared with its subdomains as long as the exemption holds."""
    rule = Links.model_validate(
        {
            "reason": REASON,
            "deny": ["b.com"],
            "exempt": [{"link": "B.com", "reason": "本周活动", "until": "2026-11-20"}],
        }
    )

    assert rule.judge(said("看 www.b.com"), Past()) is None
    assert rule.judge(said("看 www.b.com", at=later(days=1)), Past()) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"allow": ["a.com"], "deny": ["A.com"]},
        {"allow": ["https://a.com"]},
        {"deny": ["*.a.com"]},
        {"others": "maybe"},
        {"alow": ["a.com"]},
        {"allow": ["a.com"] * 2001},
    ],
)
def test_settings_are_held_to_sense(wrong: dict[str, object]):
    """A domain on both lists, what is no domain, endless lists and unknown keys are refused."""
    with pytest.raises(ValueError):
        judge("", **wrong)


@given(st.lists(st.sampled_from(["http://", "a.com", "点com", "раураl", ".", "@"]) | st.text()))
def test_hostile_texts(pieces: list[str]):
    """Whatever is written, the span lies in the text."""
    text = "".join(pieces)
    finding = judge(text, allow=["paypal.com"])

    assert finding is None or 0 <= finding.span[0] < finding.span[1] <= len(text)
