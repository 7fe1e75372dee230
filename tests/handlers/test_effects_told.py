from datetime import timedelta

import pytest
from builders import NOON, group, later
from hall import Hall

from bot.events import HourPassed
from handlers.effects_told import lines, told
from handlers.settings import GroupSettings
from storage.values import TopicKind
from storage.values_of_programmes import Effect, Outcome
from topics.worked import worked

ZONE = GroupSettings().time_zone
GROUP = group()


def outcome(people: int, title: str, number: int, **over: object) -> Outcome:
    """A post a day, that so many people answered with two messages each."""
    at = NOON + timedelta(days=number)
    wait = timedelta(minutes=3, seconds=number) if people else None
    effect = Effect(number, title, GROUP, at, people, 2 * people, 1, number % 2, wait, 20)
    fields: dict[str, object] = {"kind": TopicKind.UNIVERSAL, "tags": ("生活",), "cast": False}
    return Outcome(effect, "每日", title, **(fields | over))  # type: ignore[arg-type]


def said(*outcomes: Outcome) -> list[str]:
    """The lines in Chinese."""
    return [line.say() for line in lines(GROUP, worked(outcomes, ZONE), ZONE)]


def test_nothing_yet(hall: Hall):
    """Nothing was measured: it says so, and what counts."""
    assert "「读书会」还没有可看的效果" in told(hall.scene(HourPassed(at=NOON)), GROUP)


def test_three_times():
    """A small sample is called that, and nothing is read out of it."""
    assert [
        "「读书会」2026-11-20 到 2026-11-22 发过 3 个话题，2 个有人接，平均 3 人、6 句。",
        "只有 3 次，还看不出什么最好。",
    ] == said(outcome(6, "甲", 0), outcome(3, "乙", 1), outcome(0, "丙", 2))


def test_what_works():
    """Best and flattest topics; each side of a comparison, and whether it can be chance."""
    professional = {"kind": TopicKind.PROFESSIONAL, "tags": ("创业",)}
    found = said(
        *(outcome(8 + number % 2, f"热{number}", number) for number in range(5)),
        *(outcome(1, f"冷{number}", number, **professional) for number in range(5, 10)),
        outcome(1, "点名", 10, cast=True),
        outcome(1, "再一个", 11, kind=None, tags=()),
    )

    assert [
        "半数在 4m 内有人接话。",
        "跑题约 20%。",
        "6 人次第一次接话题。",
        "最受欢迎：热1 9 人（1 次）、热3 9 人（1 次）、热0 8 人（1 次）",
        "最冷清：点名 1 人（1 次）、冷9 1 人（1 次）、冷8 1 人（1 次）",
        "万能 7.2 人（6 次）；专业 1 人（5 次）。差别看得出来。",
        "点了人（只有 1 次，还看不出）；没点人（只有 1 次，还看不出）。",
        "标签：生活 7.2 人（6 次）、创业 1 人（5 次）",
        "时间：12 点 4.1 人（12 次）",
    ] == found[1:]


def test_chance():
    """A difference that may be chance is called that."""
    found = said(
        *(outcome(number, f"甲{number}", number) for number in range(4)),
        *(
            outcome(number - 3, f"乙{number}", number, kind=TopicKind.PROFESSIONAL)
            for number in range(4, 8)
        ),
    )

    assert "万能 1.5 人（4 次）；专业 2.5 人（4 次）。差别还可能是碰巧。" in found


@pytest.mark.parametrize("title", ["{x}", "{", "[/red]", "甲\n案件 1「"])
def test_hostile_titles(title: str):
    """A title is only a title, on one line."""
    quiet = [outcome(0, "乙", number) for number in range(4)]
    (best,) = [line for line in said(outcome(9, title, 4), *quiet) if line.startswith("最受欢迎")]

    assert f"最受欢迎：{title} 9 人（1 次）".replace("\n", " ").replace("「", "'") == best


def test_of_a_group_in_the_house(hall: Hall):
    """Told of the last half year, in words of the house."""
    assert 1 == len(told(hall.scene(HourPassed(at=later(days=1))), group("没有")).splitlines())
