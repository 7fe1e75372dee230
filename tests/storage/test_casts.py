from datetime import datetime

from builders import NOON, group, later, person
from posted import posted

from bot.events import Group
from storage.database import Database
from storage.work import Work

LIN, XIU = person("小林"), person("阿秀")
WHY = "运营者给的标签「产品」"


def cast(
    work: Work, *names: str, number: int = 1, at: datetime = NOON, place: Group | None = None
) -> None:
    """A post that is out mentions these."""
    post = posted(work, number, at, place)
    members = [work.members.id_of(person(name), at) for name in names]
    work.casts.add(post, [(each, WHY) for each in members if each], at)


def keys(work: Work, *names: str) -> dict[int, int]:
    """Our own keys of these, each a person of their own."""
    found = [work.members.id_if_known(person(name)) for name in names]
    return {each: each for each in found if each}


def test_who_was_mentioned_when(work: Work):
    """In all groups together, from a moment on, and as one person where they are linked."""
    cast(work, "小林", "阿秀", at=later(days=-9))
    cast(work, "小林", "小何", number=2, place=group("跑步"))
    lin, xiu, he = keys(work, "小林", "阿秀", "小何")

    assert {lin: (NOON,), he: (NOON,)} == work.casts.of_people(
        {each: each for each in (lin, xiu, he)}, later(days=-8)
    )
    assert {xiu: (later(days=-9),)} == work.casts.of_people({xiu: xiu}, later(days=-10))
    assert {7: (NOON, NOON)} == work.casts.of_people({lin: 7, he: 7}, later(days=-8))


def test_who_was_together(work: Work):
    """The companies of a group, as persons."""
    cast(work, "小林", "阿秀")
    cast(work, "小林", "小何", "阿秀", number=2)
    cast(work, "小林", "小何", number=3, place=group("跑步"))
    lin, xiu, he = keys(work, "小林", "阿秀", "小何")

    assert {frozenset((lin, xiu)), frozenset((lin, xiu, he))} == work.casts.together(group(), {})
    assert {frozenset((lin, 7)), frozenset((lin, 7, he))} == work.casts.together(group(), {xiu: 7})
    assert frozenset() == work.casts.together(group("摄影"), {})


def test_of_a_member(work: Work):
    """When and why, in one group, oldest first."""
    cast(work, "小林", "阿秀", at=later(days=-9))
    cast(work, "小林", "小何", number=2)

    assert [(later(days=-9), WHY), (NOON, WHY)] == work.casts.of_member(
        group(), LIN, later(days=-90)
    )
    assert [(NOON, WHY)] == work.casts.of_member(group(), LIN, NOON)
    assert [] == work.casts.of_member(group("跑步"), LIN, later(days=-90))


def test_the_forgotten(database: Database):
    """Whoever was mentioned and is forgotten is in no company any more; the others still are."""
    with database.work() as work:
        cast(work, "小林", "阿秀", "小何")
        member = work.members.id_if_known(LIN)
        assert member is not None
        work.members.forget(member, later(minutes=1))
        work.commit()
    with database.work() as work:
        assert {frozenset(keys(work, "阿秀", "小何"))} == work.casts.together(group(), {})
        assert [] == work.casts.of_member(group(), LIN, NOON)
        assert 1 == len(work.casts.of_member(group(), XIU, NOON))
