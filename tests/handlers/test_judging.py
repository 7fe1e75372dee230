"""What counts when several rules find something."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from builders import person, said
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Kind, Message
from handlers.judging import Judged, judged, only_noted, spares
from rules.base import Exemption, Past, Role, Rule
from rules.consequences import Consequence
from rules.contact_bait import ContactBait
from rules.keywords import Keywords
from rules.kinds import Kinds
from rules.length import Length
from rules.links import Links
from rules.mentions import Mentions
from rules.nickname import Nickname
from rules.patterns import Patterns

ZONE = ZoneInfo("Asia/Shanghai")


def words(name: str, *words: str, **over: object) -> Rule:
    """A rule that finds these words."""
    fields = {"name": name, "reason": "慢慢来", "words": words} | over
    return Keywords.model_validate(fields)


def found(text: str, *rules: Rule, spared: frozenset[str] = frozenset()) -> Judged:
    """What is found in a text, without any past."""
    return judged(said(text), rules, lambda _: Past(), lambda rule: rule.called in spared)


def names(what: Judged) -> tuple[str | None, list[str]]:
    """The rule that counts, and those beside it."""
    return what.counts.rule.called if what.counts else None, [
        each.rule.called for each in what.beside
    ]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([words("一", "刷单"), words("二", "刷单")], ("一", [])),
        ([words("一", "代开"), words("二", "刷单")], ("二", [])),
        ([words("影", "刷单", shadow=True), words("二", "刷单")], ("二", ["影"])),
        ([words("记", "刷单", consequence=Consequence.NOTE)], (None, ["记"])),
        ([words("一", "刷单"), words("影", "刷单", shadow=True)], ("一", [])),
        ([], (None, [])),
    ],
)
def test_the_first_that_counts(rules: list[Rule], told: tuple[str | None, list[str]]):
    """Rules in shadow and notes are written down beside it and stop nothing."""
    assert told == names(found("要刷单吗", *rules))


def test_what_is_spared_is_not_judged():
    """The next rule may still find it."""
    exempt = (Exemption(member="小林", reason="群主"),)
    rules = [words("一", "刷单", exempt=exempt), words("二", "刷单")]

    assert ("二", []) == names(found("刷单", *rules, spared=frozenset({"一"})))


@pytest.mark.parametrize(
    ("exemption", "spared"),
    [
        (Exemption(member="小林", reason="群主"), True),
        (Exemption(member="id-小林", reason="群主"), True),
        (Exemption(member="小周", reason="群主"), False),
        (Exemption(role=Role.NEWCOMER, reason="刚来"), True),
        (Exemption(role=Role.ADMIN, reason="管理"), False),
        (Exemption(link="a.com", reason="官网"), False),
        (Exemption(member="小林", reason="本周", until=date(2026, 11, 20)), True),
        (Exemption(member="小林", reason="上周", until=date(2026, 11, 19)), False),
    ],
)
def test_whom_an_exemption_spares(exemption: Exemption, spared: bool):  # noqa: FBT001
    """By id or name in the group, or by role, until the end of its last day."""
    rule = words("一", "刷单", exempt=(exemption,))
    message = said("刷单", author=person("小林"))

    assert spared is spares(rule, message, lambda: frozenset({Role.NEWCOMER}), ZONE)


OF_ALL_KINDS: tuple[Rule, ...] = (
    words("一", "刷单", "free"),
    ContactBait(reason="慢慢来"),
    words("影", "刷单", "微信", shadow=True),
    Links(reason="慢慢来", others="deny"),
    Kinds(reason="慢慢来", kinds=(Kind.IMAGE,), shadow=True),
    words("近", near={"代理": ("加我",)}, without=("spellings",)),
    Patterns.model_validate({"reason": "慢慢来", "patterns": ["刷.单", "[0-9]{5}"]}),
    Length(reason="慢慢来", characters=10, lines=2),
    Mentions(reason="慢慢来", limit=1),
    Nickname(reason="慢慢来", pattern="小.{1,3}"),
)
WRITTEN = (
    "刷单|刷*单|free|薇信|代理|加我|看 taobao.com|12345|@所有人|\n|"
    "😂|13800138000|加V|今天|好|@小林|点com"
)
PIECES = st.sampled_from(WRITTEN.split("|"))
MESSAGES = st.builds(
    said,
    st.lists(PIECES, max_size=5).map("".join),
    st.sampled_from(["小林", "老周"]),
    kind=st.sampled_from([Kind.TEXT, Kind.IMAGE, Kind.URL]),
    mentions=st.sampled_from([(), (person("甲"), person("乙"))]),
    link=st.sampled_from(["", "https://a.example/x"]),
    title=st.sampled_from(["", "看 b.example.com"]),
)


@given(MESSAGES)
def test_no_rule_is_passed_over(message: Message):
    """What all rules together find is what each finds when asked alone."""
    alone = [(rule, rule.judge(message, Past())) for rule in OF_ALL_KINDS]
    there = [(rule, finding) for rule, finding in alone if finding]
    first = next((at for at, (rule, _) in enumerate(there) if not only_noted(rule)), len(there))
    what = judged(message, OF_ALL_KINDS, lambda _: Past(), lambda _: False)

    assert there[:first] == [(each.rule, each.finding) for each in what.beside]
    assert there[first : first + 1] == [
        (each.rule, each.finding) for each in (what.counts,) if each
    ]
