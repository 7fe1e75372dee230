import pytest
from builders import person, said
from hypothesis import given
from hypothesis import strategies as st

from rules.base import Finding, Past
from rules.mentions import Mentions

RULE = Mentions(reason="被点名的人都会被打断", limit=2)


def judge(text: str, *names: str, rule: Mentions = RULE) -> Finding | None:
    """Judge a text that mentions those."""
    return rule.judge(said(text, mentions=tuple(map(person, names))), Past())


def test_up_to_the_limit():
    """As many as the limit are fine."""
    assert judge("@甲\u2005@乙\u2005 在吗", "甲", "乙") is None


def test_one_too_many():
    """One more is found; the behaviour is the offence, not a place."""
    assert Finding(
        "mentions", (0, 0), "@ 了 3 人，上限 2 3 members mentioned, the limit is 2"
    ) == judge("在吗", "甲", "乙", "丙")


def test_those_the_gateway_did_not_recognise():
    """Mentions count by what WeChat wrote where the members are not known; the same one once."""
    assert judge("@甲\u2005@乙\u2005@丙\u2005") is not None
    assert judge("@甲\u2005@甲\u2005@甲\u2005") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@所有人 开会", "@所有人"),
        ("@所有人\u2005开会", "@所有人"),
        ("＠全体成员", "＠全体成员"),
        ("@All 注意", "@All"),
        ("大家看@everyone", "@everyone"),
        ("@allen 在吗", None),
        ("@all_in 在吗", None),
        ("mail me@all.com", None),
        ("所有人都到了", None),
    ],
)
def test_everybody(text: str, found: str | None):
    """A call to everybody is found where it stands, but not in a name or an e-mail address."""
    finding = judge(text)

    assert found == (text[slice(*finding.span)] if finding else None)


def test_everybody_may_be_called():
    """Where the config lets it be, calling everybody is fine."""
    rule = Mentions(reason="别打断别人", limit=2, everybody=False)

    assert judge("@所有人 开会", rule=rule) is None


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 10**6}, {"limits": 3}])
def test_settings_are_held_to_sense(wrong: dict[str, int]):
    """No mention at all, more than a group holds, and unknown keys are refused."""
    with pytest.raises(ValueError):
        Mentions.model_validate({"reason": "别打断别人"} | wrong)


@given(st.text(st.sampled_from("@＠所有人 all\u2005\n甲_") | st.characters(), max_size=60))
def test_hostile_texts(text: str):
    """Whatever is written, the span lies in the text."""
    finding = judge(text)

    assert finding is None or 0 <= finding.span[0] <= finding.span[1] <= len(text)


def test_a_long_text_is_read_once():
    """A million signs of mentioning are read in one go."""
    assert judge("@" * 1_000_000) is None
    assert judge("@甲" * 300_000) is None
