from datetime import timedelta

from builders import NOON, group, joined, later, said

from handlers.history import History, history
from handlers.rehearsing import Rehearsal
from handlers.replaying import Replay
from handlers.settings import GroupSettings
from rules.flood import Flood
from rules.keywords import Keywords
from storage.database import Database

ADS = GroupSettings(rules=(Keywords(name="广告", reason="慢慢来", words=("刷单",)),))
FLOOD = GroupSettings(rules=(Flood(reason="慢慢来", limit=2, window=timedelta(minutes=5)),))


def test_what_several_groups_said_in_order(sqlite_database: Database):
    """Each message once, oldest first, and a tick after each."""
    with sqlite_database.work() as work:
        for minute, where in enumerate(("读书会", "跑步", "读书会", "跑步")):
            work.messages.add(
                said(f"刷单{minute}", group=group(where), at=later(minutes=minute)), keep_text=True
            )
        work.commit()
    run = Replay(None, Rehearsal(lambda _: ADS, ()), NOON, 9)
    ticks: list[int] = []
    with sqlite_database.reading() as reports:
        told = history(reports, [group(), group("跑步")], NOON, lambda _: ADS)
        total = told.total()
        told.tell(run, lambda: ticks.append(run.messages))

    assert (4, [1, 2, 3, 4]) == (total, ticks)
    assert ["刷单0", "刷单1", "刷单2", "刷单3"] == [
        each.message.text for each in run.rules["广告"].examples
    ]


def test_only_groups_that_somebody_looks_after(sqlite_database: Database):
    """By either of the two sides."""
    with sqlite_database.reading() as reports:
        told = history(
            reports,
            [group(), group("跑步"), group("别人的")],
            NOON,
            lambda where: ADS if where == group() else None,
            lambda where: ADS if where == group("跑步") else None,
        )

    assert (group(), group("跑步")) == told.groups


def test_the_past_begins_where_rules_look_back(sqlite_database: Database):
    """By the one that looks furthest."""
    with sqlite_database.reading() as reports:
        told = [
            history(reports, [group()], NOON, *(lambda _, one=each: one for each in sides)).first
            for sides in ((ADS,), (ADS, FLOOD))
        ]

    assert [NOON, NOON - timedelta(minutes=5)] == told


def test_who_came_when_is_known(sqlite_database: Database):
    """Before the first message of a group."""
    entered: list[int] = []
    with sqlite_database.work() as work:
        work.memberships.join(joined("小林"))
        work.commit()

    class Listening(Replay):
        def enter(self, *words: object) -> None:
            entered.append(len(words[1]))  # type: ignore[arg-type]

    with sqlite_database.reading() as reports:
        run = Listening(None, Rehearsal(lambda _: ADS, ()), NOON, 0)
        History(reports, (group(),), NOON).tell(run, lambda: None)

    assert [1] == entered
