from datetime import timedelta

import pytest
from builders import ACCOUNT, NOON, group, later, person, said
from posted import WINDOW, answer, posted, talk

from bot.events import Kind, MessageRecalled
from rules.base import Finding
from storage.database import Database
from storage.effects import LATE
from storage.values import AnswerHow, InteractionKind, Topic, TopicKind
from storage.values_of_order import CaseState
from storage.values_of_programmes import Effect, Ended
from storage.work import Work

OVER = NOON + WINDOW + LATE
MOMENT = timedelta(microseconds=1)
MENTION, REPLY = InteractionKind.MENTION, InteractionKind.REPLY


def ended(work: Work, at: object = OVER, most: int = 10) -> list[Ended]:
    """The posts whose windows are over."""
    return work.effects.ended(ACCOUNT, at, most)  # type: ignore[arg-type]


def effect(post: int, **over: object) -> Effect:
    """Two people with three answers; name what differs."""
    fields: dict[str, object] = {
        "post_id": post,
        "topic_key": "price",
        "group": group(),
        "posted_at": NOON,
        "people": 2,
        "answers": 3,
        "replies": 1,
        "first_timers": 1,
        "first_after": timedelta(minutes=4),
        "drift": 25,
    }
    return Effect(**(fields | over))  # type: ignore[arg-type]


def test_when_a_window_is_over(work: Work):
    """With its programme and title, a moment after its end and not before; of our account."""
    post = posted(work)
    work.topics.put(Topic(key="price", title="第一次涨价", text="？"))

    assert [] == ended(work, OVER - MOMENT)
    assert [] == work.effects.ended("别的号", OVER, 10)
    (found,) = ended(work)
    assert (post, "每日", "第一次涨价", NOON) == (
        found.post.id,
        found.programme,
        found.title,
        found.post.posted_at,
    )


def test_a_topic_that_is_gone(work: Work):
    """It is called by its key."""
    posted(work)

    assert ["price"] == [each.title for each in ended(work)]


def test_the_oldest_first(work: Work):
    """At most as many as are asked for."""
    posts = [posted(work, number, NOON - timedelta(hours=number)) for number in (1, 2, 3)]

    assert posts[:0:-1] == [each.post.id for each in ended(work, most=2)]


def test_measured_once(database: Database):
    """What is stored is over for good, whoever measures it again."""
    with database.work() as work:
        post = posted(work)
        work.effects.store([effect(post)], OVER)
        work.commit()
    with database.work() as work:
        assert [] == ended(work)
        work.effects.store([effect(post, people=9)], OVER)
        work.commit()
    with database.work() as work:
        assert [2] == [each.effect.people for each in work.effects.of_group(group())]


def test_nothing_is_asked_in_vain(database: Database, monkeypatch: pytest.MonkeyPatch):
    """While no window can be over there is no query; a new post is known of at once."""
    with database.work() as work:
        posted(work)
        assert [] == ended(work, NOON)
        with monkeypatch.context() as patch:
            patch.setattr(work.effects._transaction, "read", None)
            assert [] == ended(work, OVER - MOMENT)
        work.commit()
    with database.work() as work:
        posted(work, 2, window=timedelta(minutes=1))
        work.commit()
    with database.work() as work:
        assert 1 == len(ended(work, later(minutes=3)))


def test_what_was_not_committed(database: Database):
    """A work that stored effects and fails leaves them to be measured, by the same process."""
    with database.work() as work:
        post = posted(work)
        work.commit()
    for _ in range(2):
        with database.work() as work:
            assert [post] == [each.post.id for each in ended(work)]
            work.effects.store([effect(post)], OVER)
            assert [] == ended(work)
            assert [] == ended(work, OVER + timedelta(minutes=1))
    with database.work() as work:
        assert [post] == [each.post.id for each in ended(work, OVER + timedelta(minutes=1))]


def test_the_answers(work: Work):
    """What was said, by whom and how; the text only where it is one and was kept."""
    post = posted(work)
    one = answer(work, post, said("涨了两成", at=later(minutes=1)), AnswerHow.QUOTE)
    two = answer(work, post, said("", by="阿秀", kind=Kind.IMAGE, at=later(minutes=2)))
    three = answer(work, post, said("我没涨", by="小何", at=later(minutes=3)), keep=False)
    (found,) = work.effects.answers(ended(work)).values()

    assert [
        (one, AnswerHow.QUOTE, "涨了两成"),
        (two, AnswerHow.WINDOW, None),
        (three, AnswerHow.WINDOW, None),
    ] == [(each.message_id, each.how, each.text) for each in found]
    lin = work.members.id_if_known(person("小林"))
    assert (lin, lin, later(minutes=1), True) == (
        found[0].member,
        found[0].person,
        found[0].at,
        found[0].clean,
    )


def test_mentions(work: Work):
    """Whom an answer mentions, where that was recorded."""
    post = posted(work)
    message = said("@阿秀 @小何 你们呢", at=later(minutes=1))
    message_id = answer(work, post, message)
    for name, kind in (("阿秀", MENTION), ("小何", MENTION), ("老周", REPLY)):
        where = (group(), message.author, person(name), kind, message.at)
        work.interactions.add(*where, message_id=message_id)
    (found,) = work.effects.answers(ended(work)).values()

    expected = [work.members.id_if_known(person(name)) for name in ("阿秀", "小何")]
    assert [tuple(expected)] == [each.mentions for each in found]


def test_one_person_with_two_accounts(work: Work):
    """Linked members are one person."""
    post = posted(work)
    talk(work, post, ("小林", "涨了"), ("小林的小号", "又涨了"))
    work.members.link(person("小林"), person("小林的小号"), "cli", NOON)
    (found,) = work.effects.answers(ended(work)).values()

    assert (2, 1) == (len({each.member for each in found}), len({each.person for each in found}))


@pytest.mark.parametrize(
    ("shadow", "consequence", "state", "expected"),
    [
        (False, "remind", CaseState.OPEN, []),
        (False, "remind", CaseState.OVERTURNED, [True]),
        (False, "note", CaseState.OPEN, [False]),
        (True, "remind", CaseState.OPEN, [False]),
    ],
)
def test_offences(
    work: Work,
    shadow: bool,  # noqa: FBT001
    consequence: str,
    state: CaseState,
    expected: list[bool],
):
    """An offence is no answer; what a rule only noted, or was wrong about, is one."""
    post = posted(work)
    message = said("加我微信", at=later(minutes=1))
    message_id = answer(work, post, message)
    number = work.cases.open(
        group=group(),
        member=message.author,
        finding=Finding(rule="keywords", span=(0, 1), detail=""),
        reason="广告",
        excerpt="",
        consequence=consequence,
        at=message.at,
        message_id=message_id,
        platform_message_id=message.id,
        reminded=True,
        shadow=shadow,
    )
    if state is not CaseState.OPEN:
        work.cases.decide(number, state, "cli", message.at, "")
    (found,) = work.effects.answers(ended(work)).values()

    assert expected == [each.clean for each in found]


def test_recalled_and_forgotten(work: Work):
    """What was taken back is no answer; what the forgotten said is one of nobody."""
    post = posted(work)
    message = said("说错了", by="阿秀", at=later(minutes=2))
    answer(work, post, said("涨了两成", at=later(minutes=1)))
    answer(work, post, message)
    work.messages.recall(MessageRecalled(id=message.id, group=group(), at=later(minutes=3)))
    member = work.members.id_if_known(person("小林"))
    assert member is not None
    work.members.forget(member, later(minutes=4))
    (found,) = work.effects.answers(ended(work)).values()

    assert [(None, None, None)] == [(each.member, each.person, each.text) for each in found]


def test_the_first_time_ever(work: Work):
    """The first answer of each in this group, to whatever post; another group does not count."""
    elsewhere = posted(work, 9, NOON - timedelta(hours=5), group("跑步"))
    answer(work, elsewhere, said("我", group=group("跑步"), at=later(hours=-4)))
    before = posted(work, 1, NOON - timedelta(hours=1))
    old = talk(work, before, ("阿秀", "我在"), since=NOON - timedelta(hours=1))
    post = posted(work, 2)
    new = talk(work, post, ("小林", "我也在"), ("阿秀", "又来了"), ("小林", "还有"))
    found = work.effects.first_ever(ended(work, OVER, 10))

    assert {new[0], old[0]} < found
    assert 3 == len(found)  # and what was said elsewhere


def test_what_a_report_asks(work: Work):
    """The effect with the kind and tags of its topic, oldest first and since then."""
    work.topics.put(
        Topic(key="price", title="涨价", text="？", kind=TopicKind.PROFESSIONAL, tags=("创业",))
    )
    first, second = posted(work, 1), posted(work, 2, later(hours=1), key="gone")
    silent = effect(second, topic_key="gone", first_after=None, drift=None)
    work.effects.store([effect(first), silent], OVER)
    found = work.effects.of_group(group())

    assert [
        (effect(first), "每日", "涨价", TopicKind.PROFESSIONAL, ("创业",), False),
        (None, None),
        ("gone", None, ()),
    ] == [
        (
            found[0].effect,
            found[0].programme,
            found[0].title,
            found[0].kind,
            found[0].tags,
            found[0].cast,
        ),
        (found[1].effect.first_after, found[1].effect.drift),
        (found[1].title, found[1].kind, found[1].tags),
    ]
    assert found[1:] == work.effects.of_group(group(), later(minutes=1))
    assert [] == work.effects.of_group(group("跑步"))
    assert {first, second} == {*work.effects.measured_since(group(), OVER)}
    assert [] == work.effects.measured_since(group(), OVER + MOMENT)
