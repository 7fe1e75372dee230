import pytest
from builders import group, later, person, said
from hall import Hall

from bot.events import Kind, Quote
from handlers.reading import as_seen
from rules.flood import Flood
from rules.keywords import Keywords

ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",))


@pytest.fixture
def strict(hall: Hall) -> Hall:
    """The hall in which advertisements are not wanted."""
    hall.rule(rules=(ADS,))
    return hall


def spans(hall: Hall, by: str = "小林") -> list[tuple[tuple[int, int], str]]:
    """Where something was found, and the excerpt."""
    return [(case.span, case.excerpt) for case in hall.work.cases.of_member(group(), person(by))]


def test_what_has_no_card_is_left_alone():
    """Nothing is made anew where there is nothing to add."""
    message = said("早", quote=Quote("小林", "早"))
    assert as_seen(message) is message


def test_the_title_of_a_card_is_read(strict: Hall):
    """A word in it is an offence, and the place is shown in what was read."""
    card = said("", kind=Kind.URL, title="招聘\n刷单一天三百", link="https://example.com")
    strict.happens(card)
    assert [((3, 5), "招聘\n刷单一天三百")] == spans(strict)


def test_the_title_stands_below_the_text():
    """What the member wrote comes first; the title is not read twice."""
    seen = as_seen(said("看看", kind=Kind.URL, title="好文"))
    assert ("看看\n好文", "") == (seen.text, seen.title)


def test_a_quotation_that_nobody_said_is_the_members_own(strict: Hall):
    """An advertisement in WeChat's quotation, typed by hand, is found where it stands."""
    strict.happens(said("早", by="老周"), said("好的", quote=Quote("老周", "刷单找我")))
    ((span, excerpt),) = spans(strict)
    assert ((6, 8), "好的\n老周：刷单找我") == (span, excerpt)


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("老周", "刷单找我，日结"),
        ("老周的备注", "刷单找我，日结"),
        ("老周", "刷单找我…"),
    ],
)
def test_who_quotes_an_offence_commits_none(strict: Hall, name: str, quoted: str):
    """Whatever the platform calls its author, and cut off where it is long."""
    strict.happens(
        said("刷单找我，日结", by="老周"),
        said("别发广告", quote=Quote(name, quoted), at=later(minutes=1)),
    )
    assert (1, 0) == (len(spans(strict, "老周")), len(spans(strict)))


def test_what_is_added_to_a_quotation_was_not_said(strict: Hall):
    """A real beginning, however long, does not cover an advertisement behind it."""
    long = "读后感" * 100
    strict.happens(
        said(long, by="老周"),
        said("同意", quote=Quote("老周", f"{long}刷单找我"), at=later(minutes=1)),
    )
    assert 1 == len(spans(strict))


def test_a_rule_in_shadow_sees_it_too(hall: Hall):
    """What is only counted is counted once."""
    shadow = ADS.model_copy(update={"shadow": True})
    hall.rule(rules=(shadow, Flood(reason="留给大家")))
    hall.happens(said("好的", quote=Quote("老周", "刷单找我")))
    assert 1 == len(spans(hall))


def test_where_texts_are_not_kept_the_length_of_the_name_counts(hall: Hall):
    """Nothing more is known there, and who quotes is believed."""
    hall.rule(rules=(ADS,), keep_text_days=0)
    hall.happens(
        said("刷单找我", by="老周"),
        said("别发广告", quote=Quote("老周", "刷单找我"), at=later(minutes=1)),
        said("好的", by="阿青", quote=Quote("老周", "刷单找我吧"), at=later(minutes=2)),
    )
    assert (0, 1) == (len(spans(hall)), len(spans(hall, "阿青")))
