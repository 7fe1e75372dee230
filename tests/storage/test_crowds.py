from datetime import timedelta

from builders import NOON, group, joined, later, person, said
from posted import posted, talk

from bot.events import MemberLeft, Noticed
from storage.values import InteractionKind
from storage.values_of_programmes import Candidate, ConsentKind, Crowd
from storage.work import Work

SINCE = later(days=-30)


def of(work: Work, *related: str) -> Crowd:
    """Who might be mentioned at noon."""
    return work.crowds.of(group(), related, SINCE, NOON)


def speaks(work: Work, by: str, text: str = "早", days: int = 1, to: str = "") -> None:
    """Somebody said something so many days ago."""
    message = said(text, by=by, at=later(days=-days))
    work.memberships.seen(group(), message.author, message.at)
    message_id = work.messages.add(message, keep_text=True)
    assert message_id is not None
    if to:
        there, kind = person(to), InteractionKind.MENTION
        work.interactions.add(group(), message.author, there, kind, message.at, message_id)


def named(crowd: Crowd) -> dict[str, Candidate]:
    """The candidates by name."""
    return {each.identity.name: each for each in crowd.candidates}


def test_who_is_there(work: Work):
    """Whoever spoke or came lately and has not left."""
    speaks(work, "小林")
    speaks(work, "老周", days=31)
    speaks(work, "阿青")
    work.memberships.join(joined("小何", at=later(days=-3)))
    work.memberships.leave(
        MemberLeft(group=group(), member=person("阿青"), at=NOON, noticed=Noticed.EVENT)
    )
    found = named(of(work))

    assert {"小林", "小何"} == found.keys()
    assert (None, later(days=-1)) == (found["小林"].joined_at, found["小林"].spoke_at)
    assert (later(days=-3), None) == (found["小何"].joined_at, found["小何"].spoke_at)


def test_what_speaks_for_them(work: Work):
    """Tags, answers to topics alike, what was said, in which group they were mentioned, ties."""
    speaks(work, "小林", "我涨价了 OK", to="阿秀")
    speaks(work, "小林", "再说一句", to="阿秀")
    speaks(work, "阿秀", to="小林")
    work.tags.add(group(), person("小林"), ["产品"], "cli", NOON)
    post = posted(work, at=later(days=-5))
    talk(work, post, ("小林", "一"), ("小林", "二"), ("阿秀", "三"), since=later(days=-5))
    work.casts.add(post, [(work.members.id_of(person("阿秀"), NOON) or 0, "")], later(days=-5))
    crowd = of(work, "price")
    lin, xiu = named(crowd)["小林"], named(crowd)["阿秀"]

    assert (("产品",), 1, ()) == (lin.tags, lin.answered, lin.cast_at)
    assert {*["再说一句", "我涨价了", "ok", "一", "二"]} == {*lin.said.split()}
    assert ((), 1, (later(days=-5),)) == (xiu.tags, xiu.answered, xiu.cast_at)
    assert {(lin.person, xiu.person): 2, (xiu.person, lin.person): 1} == crowd.ties
    assert {frozenset({xiu.person})} == crowd.before
    assert 0 == named(of(work))["小林"].answered


def test_one_person(work: Work):
    """Of two accounts the one who spoke last stands for both, with what speaks for either."""
    speaks(work, "小林", days=3)
    speaks(work, "林林", to="阿秀")
    speaks(work, "阿秀", to="小林")
    work.tags.add(group(), person("小林"), ["产品"], "cli", NOON)
    work.members.link(person("小林"), person("林林"), "cli", NOON)
    crowd = of(work)
    both, xiu = named(crowd)["林林"], named(crowd)["阿秀"]

    assert {"林林", "阿秀"} == named(crowd).keys()
    assert ("产品",) == both.tags
    assert {(both.person, xiu.person): 1, (xiu.person, both.person): 1} == crowd.ties


def test_consents(work: Work):
    """A no leaves somebody out, under each of their accounts; a yes is told."""
    for name in ("小林", "林林", "阿秀"):
        speaks(work, name)
    work.members.link(person("小林"), person("林林"), "cli", NOON)
    work.consents.set(group(), person("林林"), ConsentKind.MENTION, NOON, given=False)
    work.consents.set(group(), person("阿秀"), ConsentKind.MENTION, NOON, given=True)

    assert {"阿秀": True} == {name: each.allows for name, each in named(of(work)).items()}


def test_nobody(work: Work):
    """A group that nobody knows has no crowd."""
    assert Crowd((), {}, frozenset()) == of(work)
    assert timedelta(0) < NOON - SINCE
