from datetime import timedelta

from builders import ACCOUNT, BOT, NOON, group, later, person, said
from order_stage import AD, opened

from bot.events import GatewayChanged, GatewayState
from rules.base import Finding
from storage.database import Database
from storage.values_of_order import Around, CaseState, RuleRecord
from storage.work import Work


def test_how_rules_did(database: Database):
    """Hits, shadow hits, what was taken back, false hits, what followed, and how many people."""
    with database.work() as work:
        opened(work)
        opened(work, consequence="warn", kind="keywords")
        wrong = opened(work, "小吴", consequence="warn")
        work.cases.decide(wrong, CaseState.OVERTURNED, "cli", NOON, "", false_hit=True)
        opened(work, "小何", shadow=True)
        opened(work, finding=Finding("带货", (0, 0), ""), kind="links", shadow=True)
        opened(work, at=later(days=-1))
        opened(work, group=group("跑步"))
        work.commit()
    with database.reading() as reports:
        assert (
            RuleRecord(
                name="keywords",
                kind="keywords",
                hits=3,
                shadow=1,
                overturned=1,
                false_hits=1,
                wrong=1,
                told=3,
                consequences=(("remind", 1), ("warn", 2)),
                members=2,
            ),
            RuleRecord(
                name="带货",
                kind="links",
                hits=0,
                shadow=1,
                overturned=0,
                false_hits=0,
                wrong=0,
                told=0,
                consequences=(),
                members=0,
            ),
        ) == reports.rules(group(), NOON)
        assert () == reports.rules(group("没有"), NOON)


def talk(work: Work, by: str, **moments: float) -> None:
    """Somebody says something at that time."""
    work.messages.add(said("嗯", by, at=later(**moments)), keep_text=False)


def test_whether_others_fell_silent(database: Database):
    """Messages in the 48 hours around an act, without the member concerned and the bot."""
    with database.work() as work:
        work.accounts.state(
            GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, at=NOON, me=BOT)
        )
        number = opened(work, at=NOON, message_id=None)
        for hours in (-49, -47, -3, 5):
            talk(work, "小吴", hours=hours)
        talk(work, "小何", hours=-1)
        talk(work, "小林", hours=-1)
        talk(work, "小林", hours=1)
        talk(work, "小何", hours=49)
        work.messages.add(said("提醒", author=BOT, ours=True, at=later(hours=1)), keep_text=True)
        work.commit()
    with database.reading() as reports:
        around = reports.around(group(), AD.rule, later(days=-9), later(hours=48))

    assert (Around(number, NOON, before=3, after=1),) == around


def test_which_acts_count(database: Database):
    """Those of the rule that somebody was told of and that are 48 hours old; the newest ones."""
    with database.work() as work:
        opened(work, shadow=True)
        opened(work, consequence="note")
        opened(work, reminded=False)
        opened(work, at=later(hours=1))
        opened(work, finding=Finding("flood", (0, 0), ""))
        opened(work, group=group("跑步"))
        opened(work, at=later(days=-9))
        acts = [opened(work), opened(work, consequence="quiet", reminded=False)]
        oldest = opened(work, at=later(hours=-1))
        work.commit()
    with database.reading() as reports:

        def found(most: int) -> list[int]:
            asked = reports.around(group(), AD.rule, later(days=-1), later(hours=48), most)
            return [each.case for each in asked]

        assert [*acts[::-1], oldest] == found(50)
        assert acts[::-1] == found(2)


def test_the_forgotten_still_count_as_acts(database: Database):
    """What a rule did to somebody who was forgotten since is counted around as well."""
    with database.work() as work:
        opened(work, at=NOON)
        work.messages.add(said("嗯", person("小吴").name, at=later(hours=1)), keep_text=True)
        work.members.forget(work.members.find("小林")[0].member_id, NOON)
        work.commit()
    with database.reading() as reports:
        (around,) = reports.around(group(), AD.rule, NOON, later(days=9))

    assert (0, 1) == (around.before, around.after)


def test_acts_apart_from_one_another(database: Database):
    """Of several within the distance only the newest counts, then the next that is far enough."""
    with database.work() as work:
        acts = [opened(work, at=later(hours=hours)) for hours in (0, 20, 47, 48, 95, 96)]
        work.commit()
    with database.reading() as reports:
        found = reports.around(group(), AD.rule, NOON, later(days=9), apart=timedelta(hours=48))

    assert [acts[5], acts[3], acts[0]] == [each.case for each in found]
