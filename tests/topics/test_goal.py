from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.texts import Language
from topics.goal import Aim, Goal, aim, line

FIRST = date(2026, 12, 1)
READING: dict[str, Any] = {
    "name": "《活着》共读",
    "start": "2026-12-01",
    "end": "2026-12-30",
    "measure": {"unit": "页", "target": 300, "verb": "读到"},
    "stages": {"略读": "2026-12-03", "精读": "2026-12-08"},
}


def goal(**over: Any) -> Goal:
    """A month of reading; name what differs."""
    return Goal.model_validate(READING | over)


@pytest.mark.parametrize(
    ("day", "reached", "expected"),
    [
        (date(2026, 12, 8), 120, "第 8 天，共 30 天；精读阶段；读到 120 / 300 页（40%）"),
        (date(2026, 12, 30), 330, "第 30 天，共 30 天；精读阶段；读到 330 / 300 页（110%）"),
        (date(2026, 12, 1), None, "第 1 天，共 30 天"),
        (date(2026, 11, 30), 0, "2026-12-01 开始，共 30 天；读到 0 / 300 页（0%）"),
        (date(2026, 12, 31), 299, "已经结束；读到 299 / 300 页（99%）"),
    ],
)
def test_the_line(day: date, reached: int | None, expected: str):
    """Day, stage and what was reached stand in one line; what is not known is left out."""
    assert f"《活着》共读：{expected}" == line(goal(), day, reached, Language.ZH)


def test_the_line_in_two_languages():
    """The English one stands below; a stage called 精读阶段 is not called so twice."""
    measure = {"unit": "km", "target": 100}
    running = goal(name="{跑}", measure=measure, stages={"长跑阶段": FIRST})
    zh, en = line(running, FIRST, 7, Language.BOTH).split("\n")

    assert "{跑}：第 1 天，共 30 天；长跑阶段；到 7 / 100 km（7%）" == zh
    assert "{跑}: day 1 of 30; stage 长跑; reached 7 of 100 km (7%)" == en


@pytest.mark.parametrize(
    ("over", "complaint"),
    [
        ({"start": "12月1日"}, "日期请写成 2026-12-01"),
        ({"start": 20261201}, "日期请写成 2026-12-01"),
        ({"end": "2026-02-30"}, "日期请写成 2026-12-01"),
        ({"end": "2026-11-30"}, "end 早于 start"),
        ({"stages": {"略读": "2026-11-30"}}, "不在 2026-12-01 到 2026-12-30 之间"),
        ({"stages": {"略读": "2026-12-08", "精读": "2026-12-08"}}, "要晚于前一个阶段"),
        ({"stages": {"精读": "2026-12-08", "略读": "2026-12-03"}}, "要晚于前一个阶段"),
        ({"name": " \n "}, "不能是空的"),
        ({"measure": {"unit": "页", "target": 0}}, "greater than or equal to 1"),
        ({"checkins": True}, "Extra inputs"),
    ],
)
def test_what_is_no_goal(over: dict[str, Any], complaint: str):
    """Days that are none, or out of order, are refused with the reason, Chinese first."""
    with pytest.raises(ValidationError, match=complaint):
        goal(**over)


@given(st.data())
def test_stages_follow_each_other(data: st.DataObject):
    """Every day has the stage that began last; outside of the goal there is none."""
    days = data.draw(st.integers(1, 400))
    begins = sorted(data.draw(st.sets(st.integers(0, days - 1), max_size=20)))
    stages = {f"第{number}步": FIRST + timedelta(days=at) for number, at in enumerate(begins)}
    end = FIRST + timedelta(days=days - 1)
    one = goal(end=end, stages=stages, kind="读书")
    offset = data.draw(st.integers(-3, days + 3))
    day = FIRST + timedelta(days=offset)
    begun = sum(at <= offset for at in begins)
    expected = f"第{begun - 1}步" if begun and 0 <= offset < days else ""

    assert expected == one.stage_on(day)
    assert (Aim("读书", expected) if 0 <= offset < days else Aim()) == one.aim_on(day)
    assert days == one.days
    assert one == Goal.model_validate(one.model_dump(mode="json"))


@given(st.dates(), st.none() | st.integers(0, 10**9), st.sampled_from(Language))
def test_the_line_is_never_broken(day: date, reached: int | None, language: Language):
    """On any day, whatever was told, there is one line a language."""
    lines = line(goal(), day, reached, language).split("\n")

    assert (2 if language is Language.BOTH else 1) == len(lines)


def test_no_goal_no_aim():
    """A group without a goal serves none; another year's goal of the same name is another one."""
    assert Aim() == aim(None, FIRST)
    assert Aim("《活着》共读") == aim(goal(), FIRST)
    assert goal().key != goal(start="2026-12-02").key
