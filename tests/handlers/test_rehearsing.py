from datetime import timedelta

import pytest
from builders import NOON, group, later, person, said

from bot.events import Kind, Message
from handlers.judging import Found
from handlers.past import Pasts
from handlers.recorded import Part, recorded
from handlers.rehearsing import Heard, Rehearsal, every_finding, leads_to, reaches_back
from handlers.settings import GroupSettings
from rules.base import Exemption, Finding, Role, Rule
from rules.consequences import Consequence
from rules.flood import Flood
from rules.keywords import Keywords
from rules.kinds import Kinds
from rules.ladder import Step
from rules.newcomer import Newcomer
from rules.nickname import Nickname
from storage.values_of_order import Said

WHY = "慢慢来"
DAY = timedelta(days=1)


def words(name: str, *words: str, **over: object) -> Rule:
    """A rule that finds these words."""
    return Keywords.model_validate({"name": name, "reason": WHY, "words": words} | over)


def rehearsed(*messages: Message, rules: tuple[Rule, ...], operators: str = "") -> list[Heard]:
    """What these rules make of messages, one after another."""
    settings = GroupSettings(rules=rules)
    rehearsal = Rehearsal(lambda _: settings, {operators})
    found = []
    for message in messages:
        past = rehearsal.hear(message, group(), (None, 0))
        found.append(rehearsal.judge(message, group(), past, (None, 0)))
    return found


def names(heard: list[Heard]) -> list[str]:
    """The rule that touches, for each; empty where none does."""
    return [each.touch.found.rule.called if each.touch else "" for each in heard]


def test_the_past_of_each_message():
    """A rule about the past sees what came before, and nothing of anybody else."""
    flood = Flood(reason=WHY, limit=2)
    messages = [said("早", at=later(seconds=n)) for n in range(3)]

    assert ["", "", "flood"] == names(rehearsed(*messages, rules=(flood,)))
    assert ["", ""] == names(rehearsed(messages[0], said("早", "小吴"), rules=(flood,)))


def test_whom_no_rule_touches():
    """Operators are not judged, and a group that is left alone is left alone."""
    assert [""] == names(rehearsed(said("刷单"), rules=(words("一", "刷单"),), operators="id-小林"))
    alone = Rehearsal(lambda _: None, ())
    assert alone.hear(said("刷单"), group(), (None, 0)) is None
    assert Heard() == alone.judge(said("刷单"), group(), None, (None, 0))


def test_strikes_add_up():
    """What follows grows with the strikes of the history itself, by the ladder."""
    rules = (words("一", "刷单", consequence=Consequence.WARN),)
    heard = rehearsed(*(said("刷单", at=later(days=n)) for n in range(3)), rules=rules)

    steps = [each.touch.step.written for each in heard if each.touch]
    assert ["warn", {"quiet": "1d"}, {"quiet": "7d"}] == steps


def test_what_was_said_before_the_last_sanction_was_read():
    """It is no new strike, as it is live."""
    rules = (words("一", "刷单", consequence=Consequence.WARN),)
    heard = rehearsed(*(said("刷单", at=later(seconds=n)) for n in (0, 30, 90)), rules=rules)

    steps = [each.touch.step.written for each in heard if each.touch]
    assert ["warn", "remind", {"quiet": "7d"}] == steps


def test_what_is_only_written_down():
    """Shadow and notes touch nobody; they are told apart."""
    rules = (words("影", "刷单", shadow=True), words("记", "刷单", consequence=Consequence.NOTE))
    (heard,) = rehearsed(said("刷单"), rules=rules)

    assert (None, ["影", "记"]) == (heard.touch, [each.rule.called for each in heard.silent])


def test_a_name_is_asked_for_once_in_its_cool_down():
    """Rules about the person speak up once, not at every message."""
    rules = (Nickname(reason=WHY, form="称呼-城市", again=7 * DAY),)
    messages = [said("早", at=later(days=n)) for n in (0, 1, 8)]

    assert ["nickname", "", "nickname"] == names(rehearsed(*messages, rules=rules))


def test_what_cannot_be_judged():
    """A rule that needs what was not recorded is named; the others judge."""
    lost = Said(1, "m1", person("小林"), NOON, Kind.CONTACT, None, 5)
    pair = recorded(lost, group())
    assert pair is not None
    rules = (words("一", "刷单"), Kinds(reason=WHY, kinds=(Kind.CONTACT,)), words("二", "刷单"))
    (heard,) = rehearsed(pair[1], rules=rules)

    assert ["kinds"] == names([heard])
    assert [("一", Part.TEXT)] == [(rule.called, part) for rule, part in heard.blind]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ((words("一", "刷单"), words("二", "刷单")), [("一", True), ("二", False)]),
        ((words("影", "刷单", shadow=True), words("二", "刷单")), [("影", False), ("二", True)]),
        ((words("一", "别的"),), []),
        (
            (words("一", "刷单"), Nickname(reason=WHY, form="称呼-城市")),
            [("一", True), ("nickname", True)],
        ),
        (
            (words("一", "刷单", exempt=(Exemption(role=Role.NEWCOMER, reason="刚来"),)),),
            [],
        ),
    ],
)
def test_every_finding(rules: tuple[Rule, ...], told: list[tuple[str, bool]]):
    """Every rule is asked, and it is said from which finding something follows."""
    settings, message, new = GroupSettings(rules=rules), said("刷单"), (NOON, 0)
    past = Pasts().told(message, group(), settings, now=NOON, standing=lambda: new)
    found = every_finding(message, settings, past, new)

    assert told == [(each.rule.called, acts) for each, acts in found]


def test_severity_and_aggravation_lead_further():
    """Both move one along the ladder."""
    rule = words("一", "刷单", consequence=Consequence.WARN, severity=1)
    found = Found(rule, Finding("一", (0, 2), "", aggravation=1))

    step = leads_to(found, GroupSettings(rules=(rule,)), [], NOON)
    assert Step(Consequence.QUIET, 7 * DAY) == step


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        ((words("一", "刷单"),), 0),
        ((Flood(reason=WHY, window=DAY),), 1),
        ((Newcomer(reason=WHY), Flood(reason=WHY)), 30),
        ((), 0),
    ],
)
def test_how_far_the_past_reaches(rules: tuple[Rule, ...], days: int):
    """As far as the rule that looks back furthest; who is new takes thirty days to know."""
    assert days * DAY == reaches_back(rules)
