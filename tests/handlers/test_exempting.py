"""Exemptions that operators make in the chat: who may, what they spare, and when they end."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import ACCOUNT, NOON, joined, later, person, said
from court import CHIEF, DEPUTY, GROUP, LIN, ads, bind, case, in_force, kinds, offends, words_to
from hall import Hall
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Identity, MinutePassed
from bot.texts import Language
from handlers.decisions import end_exemption, exempt, sanction_by_hand, uphold
from handlers.moderate import Moderate
from handlers.scene import Scene
from handlers.verdicts import Verdict
from rules.base import Exemption as InConfig
from rules.consequences import Consequence
from rules.keywords import Keywords
from rules.ladder import FOREVER, Step
from storage.values_of_order import CaseState, Exemption

ALT = person("小林的小号")
BAN = Step(Consequence.BAN, FOREVER)
SHANGHAI = ZoneInfo("Asia/Shanghai")


CHEATS = Keywords(name="代开", reason="害人害己", words=("代开",), consequence="warn")


def scene(hall: Hall) -> Scene:
    """Somebody decides now."""
    return hall.scene(MinutePassed(at=hall.now))


def spares(hall: Hall, rule: str = "广告", until: date | None = None, **over: Any) -> Verdict:
    """老周 exempts 小林, if nothing else is said."""
    told: dict[str, Any] = {"member": LIN, "by": CHIEF, "why": "请来的讲师"} | over
    settings = hall.settings[GROUP]
    return exempt(scene(hall), GROUP, settings, rule=rule, until=until, **told)


def ends(hall: Hall, rule: str = "广告", **over: Any) -> Verdict:
    """老周 takes it back."""
    told: dict[str, Any] = {"member": LIN, "by": CHIEF, "why": "讲完了"} | over
    return end_exemption(scene(hall), GROUP, hall.settings[GROUP], rule=rule, **told)


def removes(hall: Hall) -> Verdict:
    """老周 bans 小林; what follows is staged."""
    verdict = sanction_by_hand(scene(hall), GROUP, hall.settings[GROUP], LIN, BAN, CHIEF, "骂人")
    for action in verdict.actions:
        hall.work.outbox.stage(action, hall.now)
    return verdict


@pytest.fixture
def court(hall: Hall) -> Hall:
    """读书会 with two rules that bite."""
    hall.happens(joined("小林", at=later(days=-1)))
    return bind(hall, ads(), CHEATS)


@pytest.mark.parametrize("rule", ["广告", "所有", "ALL"])
def test_what_is_found_is_let_by(court: Hall, rule: str):
    """No case, no word, and other rules go on; all rules if all are meant."""
    assert spares(court, rule).done
    assert [] == offends(court)
    assert court.work.cases.get(1) is None

    court.happens(said("代开", at=court.now))
    assert (rule == "广告") == (court.work.cases.get(1) is not None)
    assert [] != offends(court, by="小吴")


def test_under_whatever_name(court: Hall):
    """It holds for the person, and ends for the person."""
    spares(court, member=ALT)
    court.work.members.link(LIN, ALT, "cli", court.now)
    assert [] == offends(court)
    assert ends(court).done
    assert [] != offends(court, minutes=5)


def test_it_ends_with_the_day_of_the_group(court: Hall):
    """At midnight in Shanghai, not in Greenwich."""
    today = court.now.astimezone(SHANGHAI).date()
    spares(court, until=today)
    midnight = datetime(today.year, today.month, today.day, 16, tzinfo=court.now.tzinfo)

    for at, let_by in ((midnight.replace(hour=15, minute=59), True), (midnight, False)):
        court.now = at
        assert let_by is (court.happens(said("刷单", at=at)) == [])


def test_not_asked_about_what_is_in_order(court: Hall, monkeypatch: pytest.MonkeyPatch):
    """A message in order costs no look-up."""
    asked: list[Identity] = []
    monkeypatch.setattr(
        type(court.work.exemptions), "of", lambda _, __, who: asked.append(who) or []
    )
    court.happens(said("早"))
    assert [] == asked
    offends(court)
    assert [LIN] == asked


def test_the_latest_word_counts(court: Hall):
    """One for each person and rule; who is told who decided."""
    spares(court, why="先说的", until=later(days=1).date())
    spares(court, why="后说的", by=DEPUTY)

    (one,) = court.work.exemptions.of(GROUP, LIN)
    assert ("后说的", None, "阿青") == (one.reason, one.until, one.by)
    assert ["豁免 exempt"] * 2 == [each.what for each in court.work.audit.list(ACCOUNT)]


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"by": person("小吴")}, "只有运营者可以这样做。"),
        ({"member": CHIEF}, "这个案件与你本人有关"),
        ({"why": " \u200b"}, "请写上理由"),
        ({"rule": "没有"}, "「读书会」没有叫「没有」的规则，有：广告、代开；也可以写：所有"),
        ({"until": date(2020, 1, 1)}, "2020-01-01 已经过去了。"),
    ],
)
def test_refused(court: Hall, over: dict[str, Any], words: str):
    """Nothing is kept, and it is said why."""
    verdict = spares(court, **over)

    assert not verdict.done
    assert verdict.say(Language.ZH).startswith(words)
    assert [] == court.work.exemptions.list(ACCOUNT)
    assert [] == court.work.audit.list(ACCOUNT)


def test_of_the_forgotten_nothing_is_kept(court: Hall):
    """There is nobody to exempt."""
    (card,) = court.work.members.find("小林")
    court.work.members.forget(card.member_id, court.now)

    assert not spares(court).done


def test_taking_back(court: Hall):
    """One rule or all of them; also one that the config dropped since."""
    assert not ends(court).done
    spares(court)
    spares(court, "代开")
    spares(court, "所有")
    bind(court, ads())
    assert ends(court, "代开").done
    assert ["广告", ""] == [each.rule for each in court.work.exemptions.of(GROUP, LIN)]
    assert ends(court, "所有").done
    assert [] == court.work.exemptions.of(GROUP, LIN)
    assert not ends(court, by=LIN, rule="所有").done


def test_a_human_confirms_first(court: Hall):
    """Who is exempt from a rule is put out by hand only if another operator agrees."""
    spares(court, until=later(days=1).date())
    verdict = removes(court)

    assert "对方有豁免，要另一位运营者确认" in verdict.say(Language.ZH)
    assert CaseState.CONFIRMING is case(court).state
    assert [] == in_force(court)
    assert "remove" not in kinds(list(verdict.actions))
    assert "对方有豁免，先请人看一看。" in words_to(list(verdict.actions), DEPUTY)
    assert not uphold(scene(court), 1, CHIEF, "是的").done
    assert "remove" in kinds(list(uphold(scene(court), 1, DEPUTY, "是的").actions))


def test_also_whom_the_config_exempts(hall: Hall):
    """By id or name, as long as it holds."""
    bind(hall, ads(exempt=(InConfig(member="小林", reason="讲师", until=hall.now.date()),)))
    assert CaseState.CONFIRMING is case_of(hall, removes(hall)).state
    hall.now = later(days=2)
    assert CaseState.OPEN is case_of(hall, removes(hall)).state


def case_of(hall: Hall, verdict: Verdict) -> Any:
    """The case that was opened."""
    return case(hall, int(str(verdict.values["case"])))


def test_the_stage_that_judges_holds_nothing(court: Hall):
    """After a restart it is as it was: exemptions are in the database."""
    spares(court)
    court.moderate = Moderate()

    assert [] == offends(court)


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.datetimes(timezones=st.just(SHANGHAI)),
)
def test_a_day_holds_to_its_end(until: date, wall: datetime):
    """By the clock on the group's wall, to the last second of the day and no further."""
    one = Exemption(1, GROUP, LIN, "", "讲师", until, "老周", NOON)
    at = wall.astimezone(UTC)

    assert one.holds(at, SHANGHAI) is (wall.date() <= until)
    assert Exemption(1, GROUP, LIN, "", "讲师", None, "老周", NOON).holds(at, SHANGHAI)
