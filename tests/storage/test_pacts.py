import pytest
from builders import NOON, group, later, person, said
from statements_seen import statements

from storage.database import Database
from storage.values_of_order import Pact, PactRule
from storage.work import Work

ADS = PactRule("广告", "广告", "这里不做广告", "d1")
FLOOD = PactRule("flood", "刷屏", "让人看得过来", "d2")
LIN = person("小林")


def test_a_pact_is_kept(database: Database):
    """The first version, with its rules in their order, not yet posted."""
    with database.work() as work:
        assert work.pacts.current(group()) is None
        pact = work.pacts.propose(group(), [FLOOD, ADS], NOON)
        work.commit()
    with database.work() as work:
        assert Pact(group(), 1, (FLOOD, ADS), NOON, None) == pact == work.pacts.current(group())
        assert work.pacts.posted(group()) is None
        assert work.pacts.current(group("跑步")) is None


def test_a_change_is_a_new_version(work: Work):
    """Other rules, or another meaning of a rule; the same ones in any order change nothing."""
    first = work.pacts.propose(group(), [FLOOD, ADS], NOON)
    same = work.pacts.propose(group(), [ADS, FLOOD], later(hours=1))
    second = work.pacts.propose(group(), [ADS], later(hours=2))
    stricter = PactRule(ADS.name, ADS.title, ADS.reason, "d3")
    third = work.pacts.propose(group(), [stricter], later(hours=3))
    back = work.pacts.propose(group(), [ADS], later(hours=4))

    assert first == same
    assert [1, 2, 3, 4] == [each.version for each in (first, second, third, back)]
    assert (ADS,) == back.rules


def test_a_group_without_rules(work: Work):
    """No rules are a version as well: that they ended can be announced."""
    work.pacts.propose(group(), [ADS], NOON)

    assert (2, ()) == (
        (pact := work.pacts.propose(group(), [], later(hours=1))).version,
        pact.rules,
    )


def test_what_was_posted(work: Work):
    """The newest version the group was told of, once; a newer one does not hide it."""
    work.pacts.propose(group(), [ADS], NOON)
    told = [work.pacts.mark_posted(group(), 1, later(hours=hours)) for hours in (1, 2)]
    work.pacts.propose(group(), [ADS, FLOOD], later(hours=3))
    posted, current = work.pacts.posted(group()), work.pacts.current(group())

    assert [True, False] == told
    assert posted is not None
    assert current is not None
    assert (1, later(hours=1), 2) == (posted.version, posted.posted_at, current.version)
    assert not work.pacts.mark_posted(group(), 9, NOON)


def test_who_agreed(work: Work):
    """The newest version a member agreed to, each once; nothing of others or elsewhere."""
    for rules in ([ADS], [FLOOD]):
        work.pacts.propose(group(), rules, NOON)
    agreed = [work.pacts.accept(group(), version, LIN, NOON) for version in (2, 1, 2)]

    assert [True, True, False] == agreed
    assert 2 == work.pacts.accepted(group(), LIN)
    assert 0 == work.pacts.accepted(group(), person("小吴"))
    assert 0 == work.pacts.accepted(group("跑步"), LIN)


def test_the_forgotten_agree_to_nothing(work: Work):
    """Nothing is kept of them."""
    work.pacts.propose(group(), [ADS], NOON)
    work.pacts.accept(group(), 1, LIN, NOON)
    work.members.forget(work.members.find("小林")[0].member_id, NOON)

    assert not work.pacts.accept(group(), 1, LIN, NOON)
    assert 0 == work.pacts.accepted(group(), LIN)


def test_a_proposal_that_is_taken_back(work: Work):
    """A savepoint that fails leaves the version of before, in memory too."""
    work.pacts.propose(group(), [ADS], NOON)
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        work.pacts.propose(group(), [FLOOD], NOON)
        work.pacts.mark_posted(group(), 2, NOON)
        raise ZeroDivisionError

    assert work.pacts.posted(group()) is None
    assert 2 == work.pacts.propose(group(), [FLOOD], NOON).version


def test_the_version_before(database: Database):
    """Of those the group was told of, the newest that is older."""
    with database.work() as work:
        for number in range(4):
            rule = PactRule("广告", "广告", "这里不做广告", f"d{number}")
            pact = work.pacts.propose(group(), [rule], later(hours=number))
            if number != 2:
                work.pacts.mark_posted(group(), pact.version, later(hours=number))
        found = [work.pacts.before(group(), version) for version in (4, 2, 1)]

    assert [2, 1, None] == [each and each.version for each in found]


def test_what_was_not_posted(database: Database):
    """Groups whose newest version nobody was told, the latest changed first, so many at most."""
    with database.work() as work:
        for hours, name in enumerate(("跑步", "读书会", "下棋", "登山")):
            work.pacts.propose(group(name), [ADS], later(hours=hours))
        work.pacts.mark_posted(group("登山"), 1, NOON)
        work.pacts.mark_posted(group("读书会"), 1, NOON)
        work.pacts.propose(group("读书会"), [FLOOD], later(hours=9))

        assert [group("读书会"), group("下棋")] == work.pacts.unposted(group().account, 2)
        assert [] == work.pacts.unposted("别的账号", 2)


def test_a_batch_looks_its_groups_up_together(database: Database, monkeypatch: pytest.MonkeyPatch):
    """The versions in one statement, the rules of each once, whatever works ask for them."""
    messages = [said("早", group=group(name)) for name in ("读书会", "跑步", "下棋")]
    with database.work() as work:
        for name in ("读书会", "跑步"):
            work.pacts.propose(group(name), [FLOOD, ADS], NOON)
        work.pacts.propose(group("跑步"), [ADS], later(hours=1))
        work.groups.see(group("下棋"), managed=True, at=NOON)
        work.commit()
    told, ran = [], statements(monkeypatch)
    for _ in range(2):
        with database.work() as work:
            work.prepare(messages)
            ran.clear()
            told = [work.pacts.current(group(name)) for name in ("读书会", "跑步", "下棋")]
            took = len(ran)

    assert [(1, (FLOOD, ADS)), (2, (ADS,)), None] == [
        each and (each.version, each.rules) for each in told
    ]
    assert 1 == took


def test_what_another_work_did_is_seen_by_the_next(database: Database):
    """What was looked up for one batch is looked up anew for another."""
    messages = [said("早"), said("好")]
    with database.work() as work:
        work.pacts.propose(group(), [ADS], NOON)
        work.commit()
    with database.work() as work:
        work.prepare(messages)
        assert work.pacts.posted(group()) is None
    with database.work() as other:
        other.pacts.mark_posted(group(), 1, NOON)
        other.pacts.propose(group(), [FLOOD], NOON)
        other.commit()
    with database.work() as work:
        work.prepare(messages)
        posted, current = work.pacts.posted(group()), work.pacts.current(group())

    assert [(1, (ADS,)), (2, (FLOOD,))] == [
        (each.version, each.rules) for each in (posted, current) if each
    ]


def test_what_is_noted_as_posted(database: Database):
    """It counts at once, is written with the commit, and is taken back with a savepoint."""
    with database.work() as work:
        pact = work.pacts.propose(group(), [ADS], NOON)
        work.commit()
    with database.work() as work:
        with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
            work.pacts.note_posted(pact, later(hours=1))
            raise ZeroDivisionError
        assert work.pacts.posted(group()) is None
        noted = work.pacts.note_posted(pact, later(hours=2))
        assert noted == work.pacts.posted(group()) == work.pacts.current(group())
        work.commit()
    with database.work() as work:
        assert noted == work.pacts.posted(group()) == work.pacts.current(group())
        assert later(hours=2) == noted.posted_at
        assert [] == work.pacts.unposted(group().account, 9)
