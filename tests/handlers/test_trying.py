import pytest
from builders import NOON, group

from bot.events import Kind
from handlers.settings import GroupSettings
from handlers.trying import LeftAlone, Line, Stage
from rules.consequences import Consequence
from rules.flood import Flood
from rules.keywords import Keywords

WHY = "慢慢来"
ADS = Keywords.model_validate(
    {"name": "广告", "reason": WHY, "words": ["刷单"], "consequence": "warn"}
)
SETTINGS = GroupSettings(rules=(ADS, Flood(reason=WHY, limit=2)))


def stage(strikes: int = 0) -> Stage:
    """These rules in 读书会, and nothing anywhere else."""
    return Stage(
        lambda where: SETTINGS if where == group() else None, {"老周"}, strikes=strikes, now=NOON
    )


def found(here: Stage, line: Line, number: int = 1) -> list[tuple[str, bool, Consequence]]:
    """Each rule that finds something, whether it counts, and what would follow."""
    tried = here.outcomes(line, number, group())
    return [(each.found.rule.called, each.counts, each.step.consequence) for each in tried.outcomes]


def test_what_is_found_and_what_follows():
    """By the strikes that everybody has already."""
    assert [("广告", True, Consequence.WARN)] == found(stage(), Line(text="刷单"))
    assert [("广告", True, Consequence.QUIET)] == found(stage(strikes=1), Line(text="刷单"))
    assert [] == found(stage(), Line(text="早"))


def test_lines_are_in_each_other_s_past():
    """Of one author only."""
    here = stage()
    said = [found(here, Line(text="早", author="小林"), number) for number in range(3)]

    assert [[], [], [("flood", True, Consequence.REMIND)]] == said
    assert [] == found(here, Line(text="早"), 4)


def test_whom_no_rule_touches():
    """Operators, by name or by role."""
    for author in ("老周", "operator", "管理员"):
        assert stage().outcomes(Line(text="刷单", author=author), 1, group()).spared


def test_a_card_is_judged_by_its_title():
    """As live."""
    card = Line(kind=Kind.URL, title="刷单", link="http://a.example")

    assert [("广告", True, Consequence.WARN)] == found(stage(), card)


def test_a_group_that_is_left_alone():
    """There is nothing to try."""
    with pytest.raises(LeftAlone):
        stage().outcomes(Line(text="刷单"), 1, group("跑步"))
