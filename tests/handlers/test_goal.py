from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import ACCOUNT, BOT, group, person, said
from desk import asks, hears, opens, orders, said_to, whispers
from hall import Hall, speech

from bot.actions import Action, Priority, Say
from bot.events import HourPassed, MemberJoined
from bot.texts import Language
from storage.values import OutboxState
from storage.values_of_programmes import Choice
from topics.goal import Goal

GOAL = Goal.model_validate(
    {
        "name": "《活着》共读",
        "start": "2026-11-10",
        "end": "2026-11-30",
        "measure": {"unit": "页", "target": 300, "verb": "读到"},
        "stages": {"略读": "2026-11-10", "精读": "2026-11-15"},
    }
)
LINE = "《活着》共读：第 11 天，共 21 天；精读阶段"
"""At the builders' noon."""


@pytest.fixture
def together(hall: Hall) -> Hall:
    """The hall with a goal in 读书会; 阿秀 is an operator."""
    hall.rule(goal=GOAL)
    opens(hall, "阿秀")
    for name in ("小林", "阿青", "老周"):
        hall.happens(joined(name))
    return hall


def joined(name: str, **over: Any) -> MemberJoined:
    """Somebody is there from the beginning."""
    return MemberJoined(group=group(), member=person(name), at=at(10), **over)


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    """That hour on the wall in Shanghai."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def passes(hall: Hall, now: datetime) -> list[Action]:
    """What comes of the hour."""
    hall.now = now
    return hall.happens(HourPassed(at=now))


def heard(hall: Hall) -> None:
    """What was decided is said."""
    for row in hall.work.outbox.list(ACCOUNT, [OutboxState.PENDING]):
        hall.work.outbox.settle(row.id, OutboxState.DONE, hall.now)


def is_asked(hall: Hall) -> None:
    """The goal is over, and the group was asked."""
    passes(hall, at(1, month=12))
    heard(hall)


# How far it is


def test_anybody_may_ask(together: Hall):
    """Whoever mentions us reads one line, without a number until one was told."""
    (told,) = hears(together, asks("目标"))
    (by_name,) = hears(together, whispers("目标？"))

    assert (LINE, f"「读书会」{LINE}") == (told, by_name)
    assert [] == hears(together, said("目标"))


def test_an_operator_tells(together: Hall):
    """In all, or by how much; from the group, the desk or in private; who else says it is not."""
    words = [
        asks("目标 进展 12", by="阿秀"),
        orders("目标 进展 +３页"),
        whispers("目标 进度：读书会 -5"),
    ]
    words[2] = whispers("目标 进度：读书会 -5", by="阿秀")
    told = hears(together, *words)

    assert [
        f"记下了。{LINE}；读到 12 / 300 页（4%）",
        f"记下了。{LINE}；读到 15 / 300 页（5%）",
        f"记下了。{LINE}；读到 10 / 300 页（3%）",
    ] == told
    assert f"{LINE}；读到 10 / 300 页（3%）" == hears(together, asks("目标", by="老周"))[0]
    assert not [text for text in hears(together, asks("目标 进展 99")) if "记下了" in text]
    assert ["12 → 15"] == [deed.why for deed in together.work.audit.list(ACCOUNT)][1:2]


def test_heard_twice_counts_once(together: Hall):
    """The same message heard again (a reconnect) adds nothing."""
    again = orders("目标 进展 +3")
    hears(together, again, again)

    assert 3 == together.work.goals.reached(group(), GOAL.key)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("目标 进展", "请写到了多少"),
        ("目标 进展 三页", "请写到了多少"),
        ("目标 进展 3 公里", "请写到了多少"),
        ("目标 进展 跑步群 3", "跑步群"),
        ("目标 进展 -3", "要在 0 到"),
        ("目标 进展 9999999999", "要在 0 到"),
        ("goal progress 3", "记下了"),
    ],
)
def test_what_is_not_understood(together: Hall, words: str, answer: str):
    """It says how to write it; nothing is counted."""
    (told,) = hears(together, orders(words))

    assert answer in told
    assert ("记下了" in told) == (together.work.goals.reached(group(), GOAL.key) is not None)


def test_which_group(together: Hall):
    """With two goals the desk has to name the group; without any it hears so."""
    together.rule("跑步", goal=GOAL)
    hears(together, said("大家好", group=group("跑步")))
    (asked,) = hears(together, orders("目标 进展 3"))
    together.rule("跑步")
    together.rule()
    (none,) = hears(together, orders("目标 进展 3"))

    assert "读书会" in asked
    assert "跑步" in asked
    assert "没有共同目标" in none
    assert "「读书会」没有共同目标" in hears(together, asks("目标"))[0]


def test_talk_about_goals_is_talk(together: Hall):
    """Words that only begin so are no question: nothing is said in the group or at the desk."""
    assert [] == hears(together, said("目标 进展 12", by="阿秀"), orders("goal setting is hard"))


# When it is over


def test_the_question(together: Hall):
    """It comes once, on the morning after the last day, and not at night."""
    night = [*passes(together, at(30, 11)), *passes(together, at(1, 8, month=12))]
    (asked,) = passes(together, at(1, month=12))
    later = [*passes(together, at(1, 10, month=12)), *passes(together, at(1, 23, month=12))]

    assert ([], []) == (night, later)
    assert isinstance(asked, Say)
    assert (group(), Priority.NOTICE, at(1, 20, month=12)) == (
        asked.to,
        asked.priority,
        asked.expires_at,
    )
    assert "《活着》共读：已经结束。谢谢一路同行" in asked.text
    assert "12月8日 以前都可以回" in asked.text


def test_a_question_that_could_not_be_said(together: Hall):
    """Dropped in the evening it is asked the next morning, seen as dropped or not; no later."""
    passes(together, at(1, month=12))
    second = passes(together, at(2, month=12))
    together.work.outbox.expire(ACCOUNT, at(2, 21, month=12))

    assert ["已经结束" in text for text in speech(second)] == [True]
    assert [] == passes(together, at(3, month=12))


def test_a_question_that_was_said_is_not_repeated(together: Hall):
    """The next morning asks nothing more, and says nothing where nobody has answered."""
    is_asked(together)

    assert [] == passes(together, at(2, month=12))


def test_a_late_start(together: Hall):
    """After a stop over the whole time nothing is asked any more, and nobody is told."""
    assert [] == passes(together, at(3, month=12))
    assert [] == passes(together, at(10, month=12))


def test_answers(together: Hall):
    """One word is an answer, the last one counts; none of them is answered one by one."""
    is_asked(together)
    together.now = at(1, 12, month=12)
    spoken = hears(
        together,
        said("前进", at=together.now),
        said("「留下」。", by="阿青", at=together.now),
        said("@围炉 结业", by="老周", mentions=(BOT,), at=together.now),
        said("Move  on!", by="阿青", at=together.now),
    )

    assert [] == spoken
    assert {"小林": Choice.MOVE_ON, "阿青": Choice.MOVE_ON, "老周": Choice.ALUMNUS} == {
        who.name: choice for who, choice in together.work.goals.choices(group(), GOAL.key).items()
    }


@pytest.mark.parametrize(
    ("over", "asked"),
    [
        ({}, False),
        ({"text": "前进吧"}, True),
        ({"text": "我选前进"}, True),
        ({"mentions": (person("老周"),)}, True),
        ({"at": at(9, month=12)}, True),
        ({"group": group("跑步")}, True),
        ({"author": BOT, "ours": True}, True),
    ],
)
def test_what_is_no_answer(together: Hall, over: dict[str, Any], asked: bool):  # noqa: FBT001
    """Not asked, more than the word, meant for another, too late, elsewhere: it is only talk."""
    together.rule("跑步", goal=GOAL)
    if asked:
        is_asked(together)
    fields = {"text": "前进", "at": at(1, 12, month=12)} | over
    hears(together, said(**fields))

    assert {} == together.work.goals.choices(group(), GOAL.key)


def test_the_answers_are_acknowledged_together(together: Hall):
    """Once, the morning after the first of them, with numbers and without names."""
    is_asked(together)
    hears(together, said("前进", at=at(2, 10, month=12)))
    heard_of = speech(passes(together, at(3, month=12)))
    hears(together, said("留下", by="阿青", at=at(3, 10, month=12)))

    assert ["收到 1 位的选择：前进 1，留下 0，结业 0。12月8日 以前都可以回，也可以改。"] == heard_of
    assert [] == passes(together, at(4, month=12))


def test_the_summary(together: Hall):
    """The operators read once who wants what; nobody is removed, who was forgotten is not named."""
    is_asked(together)
    for who, word in (("小林", "前进"), ("阿青", "结业"), ("老周", "结业")):
        hears(together, said(word, by=who, at=at(2, 8, month=12)))
    passes(together, at(2, month=12))
    member_id = together.work.members.id_if_known(person("老周"))
    assert member_id is not None
    together.work.members.forget(member_id, at(8, month=12))
    actions = passes(together, at(9, month=12))
    (told,) = said_to(actions, group("运营群"))

    assert ["前进 1：小林", "留下 0", "结业 1：阿青"] == told.split("\n")[1:4]
    assert "2 位成员" in told
    assert "没有人因此被移出" in told
    assert [Say] == [type(action) for action in actions]
    assert (person("小林"), person("阿青")) == actions[0].about
    assert [] == passes(together, at(10, month=12))


def test_in_english(together: Hall):
    """A group that speaks English is asked in English."""
    together.rule(goal=GOAL, language=Language.EN)
    (asked,) = speech(passes(together, at(1, month=12)))

    assert "Until the end of 8/12 you may answer" in asked


def test_a_refused_question_takes_no_answers(together: Hall):
    """What the group never read, nobody answers."""
    passes(together, at(1, month=12))
    row, *_ = together.work.outbox.list(ACCOUNT, [OutboxState.PENDING])
    together.work.outbox.settle(row.id, OutboxState.REFUSED, at(1, month=12))
    hears(together, said("前进", at=at(1, 12, month=12)))

    assert {} == together.work.goals.choices(group(), GOAL.key)
    assert [] == passes(together, at(2, month=12))
