from typing import Any

import pytest
from builders import ACCOUNT, BOT, NOON, group, later, person, said
from hall import Hall, speech
from posted import WINDOW, answer, posted, talk

from bot.actions import Action, Priority, Say
from bot.events import MessageRecalled, MinutePassed
from bot.texts import Language
from rules.keywords import Keywords
from storage.effects import LATE
from storage.values import OutboxState, Topic
from storage.values_of_programmes import ConsentKind
from topics.programme import Programme
from topics.summary import Summary

OVER = NOON + WINDOW + LATE
COUNTS = "「第一次涨价」聊到这里：3 个人说了 4 句，其中 0 句是接着别人的话说的。"
NEW = "有 3 位第一次接话题，欢迎常来。"
SPOKEN = (
    ("小林", "我提前一个月打招呼"),
    ("阿秀", "打招呼有用，只走了一个客户"),
    ("小何", "我也打招呼了，走了两个客户"),
    ("小林", "两个客户还好"),
)


def stage(hall: Hall, rules: tuple[Any, ...] = (), **summary: Any) -> int:
    """A group whose programme sums up, and a post that three people answered."""
    programme = Programme(cron="0 12 * * *", summary=Summary(**({"enabled": True} | summary)))
    hall.rule(programmes={"每日": programme}, rules=rules)
    hall.work.topics.put(Topic(key="price", title="第一次涨价", text="？"))
    post = posted(hall.work)
    talk(hall.work, post, *SPOKEN)
    return post


def agree(
    hall: Hall, *names: str, given: bool = True, what: ConsentKind = ConsentKind.QUOTE
) -> None:
    """They said that they may be quoted."""
    for name in names:
        hall.work.consents.set(group(), person(name), what, NOON, given=given)


def ticks(hall: Hall, at: object = OVER) -> list[Action]:
    """What is said when the window is over."""
    hall.now = at  # type: ignore[assignment]
    return hall.happens(MinutePassed(at=hall.now))


def test_counts(hall: Hall):
    """Where nobody agreed to be quoted there are counts alone; said once, within the hour."""
    post = stage(hall)
    (summary,) = ticks(hall)

    assert isinstance(summary, Say)
    assert f"{COUNTS}\n{NEW}" == summary.text
    assert (f"summary:{post}", Priority.TOPIC, later(hours=4), group(), ()) == (
        summary.key,
        summary.priority,
        summary.expires_at,
        summary.to,
        summary.about,
    )
    assert [] == ticks(hall, later(hours=4))


def test_off_by_default(hall: Hall):
    """Nothing is said in a group that did not ask for it, or whose programme is gone."""
    stage(hall, enabled=False)
    assert [] == ticks(hall)


def test_quotes(hall: Hall):
    """The best answers of those who agreed, at most so many, each person once."""
    stage(hall, quotes=1)
    agree(hall, "小林", "小何")
    (summary,) = ticks(hall)

    assert isinstance(summary, Say)
    assert f"{COUNTS}\n小林：我提前一个月打招呼\n{NEW}" == summary.text
    assert (person("小林"),) == summary.about


def test_in_both_languages(hall: Hall):
    """Our own words come twice, those of members once."""
    stage(hall, quotes=1)
    hall.settings[group()] = hall.settings[group()].model_copy(update={"language": Language.BOTH})
    agree(hall, "小林")
    (told,) = speech(ticks(hall))

    assert 5 == len(told.splitlines())
    assert 1 == told.count("我提前一个月打招呼")


@pytest.mark.parametrize("what", list(ConsentKind))
def test_who_said_no(hall: Hall, what: ConsentKind):
    """Whoever does not want to be quoted, or to be mentioned at all, is not."""
    stage(hall)
    agree(hall, "小林")
    agree(hall, "小林", given=False, what=what)

    assert [f"{COUNTS}\n{NEW}"] == speech(ticks(hall))


def test_what_a_rule_would_not_let_pass(hall: Hall):
    """A name or an answer that the rules of today object to is not repeated."""
    stage(hall, rules=(Keywords(reason="不提", words=("打招呼",)),))
    agree(hall, "小林")

    assert [f"{COUNTS}\n{NEW}"] == speech(ticks(hall))


@pytest.mark.parametrize("late", [{"hours": 5}, {"days": 3}])
def test_too_late(hall: Hall, late: dict[str, int]):
    """After a stop the effect is measured, but nobody is told of yesterday's talk."""
    stage(hall)

    assert [] == ticks(hall, later(**late))
    assert 1 == len(hall.work.effects.of_group(group()))


def test_too_few(hall: Hall):
    """Of one or two people nothing is said: a number would point at them."""
    stage(hall)
    lonely = posted(hall.work, 2, later(minutes=1))
    answer(hall.work, lonely, said("就我一个", at=later(minutes=70)))
    ticks(hall)

    assert [] == ticks(hall, OVER + (later(minutes=1) - NOON))


def waiting(hall: Hall) -> list[OutboxState]:
    """What became of the summary."""
    return [
        row.state for row in hall.work.outbox.list(ACCOUNT) if row.action.key.startswith("summary:")
    ]


def test_second_thoughts(hall: Hall):
    """Who is quoted and says no before it was said, under whatever name, is not quoted."""
    stage(hall)
    agree(hall, "小林", "阿秀")
    ticks(hall)
    hall.happens(said("@围炉 别引用我", by="小何", mentions=(BOT,), at=hall.now))
    before = waiting(hall)
    hall.work.members.link(person("小林"), person("小林的小号"), "cli", NOON)
    hall.happens(said("@围炉 别引用我", by="小林的小号", mentions=(BOT,), at=hall.now))

    assert [OutboxState.PENDING] == before
    assert [OutboxState.CANCELLED] == waiting(hall)


@pytest.mark.parametrize("quotes", [True, False])
def test_a_recall(hall: Hall, quotes: bool):  # noqa: FBT001
    """When something is recalled, a summary that waits and quotes is not said."""
    stage(hall)
    agree(hall, "小林", given=quotes)
    ticks(hall)
    hall.happens(MessageRecalled(id="m?", group=group(), at=hall.now))

    assert [OutboxState.CANCELLED if quotes else OutboxState.PENDING] == waiting(hall)


def test_the_forgotten(hall: Hall):
    """Who is deleted after the summary was written is in it no more: it is not said."""
    stage(hall)
    agree(hall, "小林")
    ticks(hall)
    member = hall.work.members.id_if_known(person("小林"))
    assert member is not None
    hall.work.members.forget(member, hall.now)

    row = hall.work.outbox.list(ACCOUNT)[0]

    assert (OutboxState.CANCELLED, False) == (row.state, "小林" in str(row.action))
