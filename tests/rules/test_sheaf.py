"""Tests of rules/sheaf.py: what is seen of many texts at once is what each of them would show."""

import re
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, later, said
from hypothesis import given, settings
from hypothesis import strategies as st
from sieving import every_kind, messages, texts

from bot.events import Message
from rules.base import Earlier, Past, Rule
from rules.discovery import all_rules
from rules.likeness import likeness_of
from rules.normalising import normalise, plainly
from rules.sheaf import LONGEST, Bundle, Sheaf

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("b", {1, 4}),
        ("a", {0, 1}),
        ("z", set()),
        (r"c\nb", {3, 4}),
        ("(?m)^b", {4}),
        ("(?m)c$", {3}),
        ("(?m)^$", {2, 5}),
        (r"b\n+c", {1, 2, 3}),
    ],
)
def test_touched(pattern: str, found: set[int]):
    """Each text in which something is found, and all of those that a find runs across."""
    bundle = Bundle(["a", "ab", "", "c", "b", ""], "\n")

    assert found == bundle.touched(re.compile(pattern).search)


def test_no_texts():
    """Of nothing, nothing is touched."""
    assert set() == Bundle([], "\n").touched(re.compile("").search)


@given(
    st.lists(st.text("ab\n", max_size=4), max_size=8), st.sampled_from(["a", "ab", "b{2}", "a."])
)
def test_none_is_missed(texts: list[str], pattern: str):
    """Wherever something is found in a text alone, it is touched."""
    look = re.compile(pattern, re.DOTALL).search

    alone = {place for place, text in enumerate(texts) if look(text)}

    assert alone <= Bundle(texts, "\n").touched(look)


@given(st.lists(texts(), max_size=5))
def test_plain_and_loud(texts: list[str]):
    """Texts come down to what they come down to alone; what is not loud stays as it is."""
    sheaf = Sheaf([said(text) for text in texts])

    assert [plainly(text).text for text in texts] == list(sheaf.plain)
    for place, text in enumerate(texts):
        normal = sheaf.loud[place].text if place in sheaf.loud else text
        assert normalise(text).text == normal


def _pasts(message: Message) -> list[Past]:
    """Nothing that was said before, and enough of everything."""
    likeness = likeness_of(message)
    said_before = [
        Earlier(said("", by=who).author, said("").group, message.at, likeness)
        for who in ("小林", "阿青", "老周")
        if likeness is not None
    ]
    full = Past([message.at] * 3, said_before, said_before, NOON, 0, ZONE)
    return [Past(zone=ZONE), full]


def test_a_rule_of_every_kind_is_tried():
    """Whoever adds a rule adds it to tests/sieving.py."""
    assert set(all_rules()) == {rule.key for rule in every_kind()}


@given(st.lists(messages(), min_size=1, max_size=6))
@settings(max_examples=200)
def test_a_sieve_never_says_no_wrongly(messages: list[Message]):
    """What a rule finds in a message is among what it said that it may find in many."""
    messages = [each for each in messages if not each.title and len(each.text) <= LONGEST]
    sheaf = Sheaf(messages, ZONE)
    for rule in every_kind():
        finds = {
            place
            for place, message in enumerate(messages)
            if any(rule.judge(message, past) for past in _pasts(message))
        }
        assert finds <= set(rule.may_find(sheaf)), rule.called


@pytest.mark.parametrize("rule", every_kind(), ids=lambda rule: rule.called)
def test_who_takes_a_past_finds_nothing_without(rule: Rule):
    """A rule that says that it takes something of the past finds nothing in who has none."""
    for message in [said("加微信 13800138000"), said("刷单", at=later(hours=14))] * bool(
        rule.takes
    ):
        assert rule.judge(message, Past(zone=ZONE)) is None
