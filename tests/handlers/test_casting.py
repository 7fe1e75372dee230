from datetime import timedelta

import pytest
from builders import ACCOUNT, BOT, NOON, group, joined, later, person
from casting_stage import PRICE, called, knows, posts, set_out, talks
from desk import asks, hears, whispers
from hall import Hall
from posted import posted, talk

from bot.actions import Say
from bot.gateway.base import Capability
from bot.texts import Language
from handlers.decisions import sanction_by_hand
from handlers.settings import House
from rules.consequences import Consequence
from rules.ladder import Step
from storage.values import OutboxState, Topic
from storage.values_of_programmes import ConsentKind
from topics.cast import Cast
from topics.programme import Programme

LIN, XIU, HE = person("小林"), person("阿秀"), person("小何")


def goes_out(hall: Hall) -> None:
    """What the posts of the hall wait for in the outbox has happened."""
    for slot in hall.work.slots.list():
        row = hall.work.outbox.of_key(ACCOUNT, f"post:{slot.id}")
        assert row is not None
        hall.work.outbox.settle(row.id, OutboxState.SENT, hall.now)


def test_who_fits_and_knows_each_other(hall: Hall):
    """They are mentioned and invited kindly; how many is written down with the slot."""
    set_out(hall, "小林", "阿秀", "小何")
    knows(hall, "小林", "阿秀")
    post = posts(hall)

    assert {"小林", "阿秀"} == called(post)
    assert set(post.mentions) == set(post.about)
    assert post.text.startswith("【话题】第一次涨价\n走了几个客户？\n想先听听被点到的朋友怎么说")
    (slot,) = hall.work.slots.list()
    assert "在这个群没发过\n点了 2 个人" == slot.why


def test_why_somebody_is_mentioned(hall: Hall):
    """Each mention is kept with its reason, in the group's language and without a name."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    posts(hall)
    assert [] == hall.work.casts.of_member(group(), LIN, NOON)
    goes_out(hall)

    why = "运营者给的标签「产品」；和一起被点的人互相聊过至少 1 次"
    assert [(NOON, why)] == hall.work.casts.of_member(group(), LIN, NOON)
    assert [] == hall.work.casts.of_member(group(), HE, NOON)
    (record,) = hears(hall, whispers("我的记录"))
    assert "运营者给你的标签：产品。" in record
    assert f"近三个月话题点过你 1 次，最近一次 2026-11-20：{why}" in record


def test_in_english(hall: Hall):
    """The invitation and the reasons follow the group's language."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    programme = Programme(cron="0 12 * * *", cast=Cast(share=100))
    hall.rule(programmes={"每日": programme}, language=Language.EN)

    assert "Whoever is mentioned, would you begin?" in posts(hall).text
    assert hall.work.slots.list()[0].why.endswith("mentions 2 people")


def test_off_by_default(hall: Hall):
    """Nobody is mentioned, and nothing noted, unless the programme says so."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    hall.rule(programmes={"每日": Programme(cron="0 12 * * *")})
    post = posts(hall)

    assert ((), ()) == (post.mentions, post.about)
    assert "在这个群没发过" == hall.work.slots.list()[0].why


def test_who_is_new(hall: Hall):
    """Where nobody is acquainted, one whom it fits is mentioned beside one who has just come."""
    set_out(hall)
    hall.happens(joined("小林", at=later(days=-40)), joined("小何", at=later(days=-3)))
    talks(hall, "小林")
    knows(hall, "小林")

    assert {"小林", "小何"} == called(posts(hall))


def test_nobody_fits(hall: Hall):
    """The topic is posted without mentions, and the slot says so."""
    set_out(hall, "小林", "阿秀")
    post = posts(hall)

    assert ((), "没有合适的人可点") == (post.mentions, hall.work.slots.list()[0].why[-8:])


def test_who_said_no(hall: Hall):
    """Never mentioned, under any of their accounts."""
    set_out(hall, "小林", "阿秀", "小何")
    knows(hall, "小林", "阿秀", "小何")
    hall.work.members.link(XIU, person("秀秀"), "cli", NOON)
    hall.work.consents.set(group(), person("秀秀"), ConsentKind.MENTION, NOON, given=False)

    assert {"小林", "小何"} == called(posts(hall))


def test_operators(hall: Hall):
    """Only who says that they may be mentioned is."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    hall.house = House(account=ACCOUNT, operator_ids=frozenset({XIU.id}))
    before = called(posts(hall))
    hall.work.consents.set(group(), XIU, ConsentKind.MENTION, NOON, given=True)

    assert (set(), {"小林", "阿秀"}) == (before, called(posts(hall, day=1)))


def test_the_proposer(hall: Hall):
    """Who proposed a topic is thanked, and not asked to answer it."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    hall.work.topics.keep([Topic(key="mine", title="书", text="？", proposer=XIU)], XIU, NOON)
    hall.work.topics.put(PRICE)
    mentioned = {slot: called(posts(hall, day=slot)) for slot in range(2)}

    assert [set(), {"小林", "阿秀"}] == sorted(mentioned.values(), key=len)


def test_the_bot(hall: Hall):
    """It never mentions itself."""
    set_out(hall, "小林", BOT.name)
    knows(hall, "小林", BOT.name)

    assert set() == called(posts(hall))


def test_who_is_away(hall: Hall):
    """Nobody is mentioned who has been silent for longer than the programme says, or has left."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")

    assert set() == called(posts(hall, day=30))
    assert {"小林", "阿秀"} == called(posts(hall, day=29))


def test_who_must_be_quiet(hall: Hall):
    """Who is under a sanction is not asked to speak."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    hall.house = House(account=ACCOUNT, operator_ids=frozenset({HE.id}))
    scene, step = hall.scene(joined("小何")), Step(Consequence.QUIET, timedelta(days=2))
    settings = hall.settings[group()]
    assert sanction_by_hand(scene, group(), settings, XIU, step, HE, "吵架", cause="m1").done

    assert (set(), {"小林", "阿秀"}) == (called(posts(hall, day=1)), called(posts(hall, day=2)))


@pytest.mark.parametrize(("per_week", "mentioned"), [(1, 1), (2, 2)])
def test_the_limit(hall: Hall, per_week: int, mentioned: int):
    """It counts all groups together, what is only planned included."""
    places = [group(name) for name in ("读书会", "跑步", "摄影")]
    for place in places:
        set_out(hall, "小林", "阿秀", place=place, per_week=per_week)
        knows(hall, "小林", "阿秀", place=place)

    assert mentioned == sum(bool(called(posts(hall, place=place))) for place in places)


def test_never_the_same(halls: Hall):
    """Nobody is mentioned twice with the very same others, and everybody has their turn."""
    names = ("小林", "阿秀", "小何", "老周")
    set_out(halls, *names, absent=timedelta(days=90), per_week=7, newcomers=timedelta(days=1))
    knows(halls, *names)
    mentioned = [frozenset(called(posts(halls, day))) for day in range(7)]

    assert 6 == len({*mentioned[:6]})
    assert frozenset() == mentioned[6]
    assert {*names} == mentioned[0] | mentioned[1]


def test_three(hall: Hall):
    """Three who know each other, where the programme wants as many."""
    set_out(hall, "小林", "阿秀", "小何", people=3)
    knows(hall, "小林", "阿秀", "小何")

    assert {"小林", "阿秀", "小何"} == called(posts(hall))


def test_a_platform_without_mentions(hall: Hall):
    """Nobody is mentioned, and the slot says why."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    hall.capabilities = frozenset(Capability) - {Capability.MENTION}

    assert () == posts(hall).mentions
    assert "这个平台点不了人" in hall.work.slots.list()[0].why


def test_the_share(hall: Hall):
    """Some posts mention nobody, so that the others can be compared with them."""
    set_out(hall, share=50)
    for day in range(40):
        posts(hall, day)
    whys = [slot.why.splitlines()[-1] for slot in hall.work.slots.list(limit=100)]

    assert {"没有合适的人可点", "这次不点人，好作比较"} == {*whys}
    assert 10 < whys.count("没有合适的人可点") < 30


def test_what_they_said(hall: Hall):
    """Words of the title or the tags that few others use are a reason, where texts are kept."""
    set_out(hall, "小林", "阿秀", "小何")
    talks(hall, "小林", words="今年该不该涨价")
    talks(hall, "阿秀", words="我涨价那次哭了")

    assert {"小林", "阿秀"} == called(posts(hall))
    goes_out(hall)
    ((_, why),) = hall.work.casts.of_member(group(), LIN, NOON)
    assert why.startswith("最近聊到过「涨价」；")


def test_what_they_answered(halls: Hall):
    """Earlier answers to topics of the same category or tag are a reason."""
    set_out(halls, "小林", "阿秀", "小何")
    halls.work.topics.put(Topic(key="first", title="第一个客户", text="？", category="经营"))
    post = posted(halls.work, at=later(days=-3), key="first")
    talk(halls.work, post, ("小林", "是邻居"), ("阿秀", "是同学"), since=later(days=-3))

    assert {"小林", "阿秀"} == called(posts(halls))


def test_linked_accounts(hall: Hall):
    """Two accounts of one person are not company, and are mentioned no more than one."""
    set_out(hall, "小林", "林林")
    knows(hall, "小林", "林林")
    hall.work.members.link(LIN, person("林林"), "cli", NOON)

    assert set() == called(posts(hall))


def test_a_post_that_was_skipped(hall: Hall):
    """Its mentions count nothing: nobody read them."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    posts(hall)
    (slot,) = hall.work.slots.list()
    row = hall.work.outbox.of_key(ACCOUNT, f"post:{slot.id}")
    assert row is not None
    assert hall.work.outbox.cancel(row.id, hall.now, "取消")

    assert {"小林", "阿秀"} == called(posts(hall, day=1))


@pytest.mark.parametrize(("refusing", "left"), [(["小林"], {"阿秀"}), (["小林", "阿秀"], set())])
def test_a_no_while_the_post_waits(halls: Hall, refusing: list[str], left: set[str]):
    """Whoever says no is not mentioned in it, however late it goes; the others still are."""
    set_out(halls, "小林", "阿秀")
    knows(halls, "小林", "阿秀")
    post = posts(halls)
    for name in refusing:
        halls.happens(asks("别点我", by=name))
    row = halls.work.outbox.of_key(ACCOUNT, post.key)

    assert row is not None
    assert isinstance(row.action, Say)
    assert left == called(row.action)
    assert left == {each.name for each in row.action.about}
    assert bool(left) == ("被点到的朋友" in row.action.text)
    halls.work.outbox.settle(row.id, OutboxState.SENT, halls.now)
    assert [] == halls.work.casts.of_member(group(), LIN, NOON)


def test_a_no_afterwards(hall: Hall):
    """What is in the group stays, and so does the record of it."""
    set_out(hall, "小林", "阿秀")
    knows(hall, "小林", "阿秀")
    post = posts(hall)
    goes_out(hall)
    hall.happens(asks("别点我", by="小林"))
    row = hall.work.outbox.of_key(ACCOUNT, post.key)

    assert row is not None
    assert post == row.action
    assert 1 == len(hall.work.casts.of_member(group(), LIN, NOON))
    assert set() == called(posts(hall, day=8))
