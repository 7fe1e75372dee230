"""What counts when several rules find something."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from builders import person, said

from handlers.judging import Judged, judged, spares
from rules.base import Exemption, Past, Role, Rule
from rules.consequences import Consequence
from rules.keywords import Keywords

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
