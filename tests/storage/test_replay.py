from contextlib import closing
from datetime import timedelta

from builders import BOT, NOON, group, joined, later, person, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.events import Identity, Kind, MemberLeft
from storage.database import Database
from storage.values import InteractionKind
from storage.values_of_order import OperatorRole, Said


def test_what_was_said(database: Database):
    """Others' messages in time order, with author, kind, and the text as far as it was kept."""
    with database.work() as work:
        work.messages.add(said("晚", id="2", at=later(hours=1)), keep_text=True)
        work.messages.add(said("早", "小吴", id="1"), keep_text=True)
        work.messages.add(
            said("看不见", id="3", at=later(hours=2), kind=Kind.IMAGE), keep_text=False
        )
        work.messages.add(said("我是机器人", author=BOT, ours=True), keep_text=True)
        work.messages.add(said("以前", at=later(hours=-1)), keep_text=True)
        work.messages.add(said("别处", group=group("跑步")), keep_text=True)
        work.commit()
    with database.reading() as reports:
        found = list(reports.replay(group(), NOON))

        assert [
            ("1", person("小吴"), NOON, Kind.TEXT, "早", 1),
            ("2", person("小林"), later(hours=1), Kind.TEXT, "晚", 1),
            ("3", person("小林"), later(hours=2), Kind.IMAGE, None, 3),
        ] == [
            (each.platform_id, each.author, each.at, each.kind, each.text, each.length)
            for each in found
        ]
        assert 3 == reports.replay_count(group(), NOON)
        assert ([], 0) == (
            list(reports.replay(group("没有"), NOON)),
            reports.replay_count(group("没有"), NOON),
        )


def test_the_forgotten_have_no_name(database: Database):
    """Their messages are there, without author and text."""
    with database.work() as work:
        work.messages.add(said("早"), keep_text=True)
        work.members.forget(work.members.find("小林")[0].member_id, NOON)
        work.commit()
    with database.reading() as reports:
        assert [(None, None)] == [
            (each.author, each.text) for each in reports.replay(group(), NOON)
        ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    seconds=st.lists(st.integers(0, 3), max_size=20),
    portion=st.integers(1, 7),
)
def test_portions_lose_nothing(sqlite_url: str, seconds: list[int], portion: int):
    """Whatever the size of a portion and however many came at one moment: each once, in order."""
    here = group(f"{seconds}{portion}")
    with closing(Database(sqlite_url)) as database:
        with database.work() as work:
            work.groups.see(here, managed=True, at=NOON)
            for number, second in enumerate(seconds):
                message = said("早", id=f"{number}", group=here, at=NOON + timedelta(0, second))
                work.messages.add(message, keep_text=True)
            work.commit()
        with database.reading() as reports:
            found: list[Said] = list(reports.replay(here, NOON, portion))

    assert len(seconds) == len({each.id for each in found}) == len(found)
    assert sorted((each.at, each.id) for each in found) == [(each.at, each.id) for each in found]
    assert {Identity("围炉", "id-小林")} >= {each.author for each in found}


def test_who_was_mentioned(database: Database):
    """Those who are @-mentioned come along, but nobody who was forgotten."""
    with database.work() as work:
        number = work.messages.add(said("@小吴 @小何 早"), keep_text=True)
        assert number is not None
        for name in ("小吴", "小何"):
            work.interactions.add(
                group(), person("小林"), person(name), InteractionKind.MENTION, NOON, number
            )
        work.interactions.add(
            group(), person("小林"), person("小周"), InteractionKind.REPLY, NOON, number
        )
        work.members.forget(work.members.find("小何")[0].member_id, NOON)
        work.commit()
    with database.reading() as reports:
        assert [(person("小吴"),)] == [each.mentions for each in reports.replay(group(), NOON)]


def test_when_people_came(database: Database):
    """Every coming that was seen, oldest first, in this group only."""
    with database.work() as work:
        work.memberships.join(joined("小林"))
        work.memberships.leave(MemberLeft(group=group(), member=person("小林"), at=later(hours=1)))
        work.memberships.join(joined("小林", at=later(hours=2)))
        work.memberships.seen(group(), person("小吴"), NOON)
        work.memberships.join(joined("小何", group=group("跑步")))
        work.commit()
    with database.reading() as reports:
        assert {person("小林"): [NOON, later(hours=2)]} == reports.comings(group())
        assert {} == reports.comings(group("没有"))


def test_who_became_an_operator(database: Database):
    """Those who said the code."""
    with database.work() as work:
        work.operators.invite(OperatorRole.OPERATOR, "1234", later(hours=1), "cli", NOON)
        work.operators.redeem("1234", person("小周"), NOON)
        work.commit()
    with database.reading() as reports:
        assert [person("小周")] == reports.operators("围炉")
        assert [] == reports.operators("别的")
