"""Exemptions that operators make: kept, over linked identities, one for each person and rule."""

from datetime import date

import pytest
from builders import ACCOUNT, NOON, group, later, person, said
from statements_seen import statements

from storage.database import Database
from storage.values_of_order import Exemption
from storage.work import Work

LIN, ALT, WU = person("小林"), person("小林的小号"), person("小吴")
DAY = date(2026, 12, 31)


def test_an_exemption_is_kept(database: Database):
    """Whom, from what, why, until when, who said so."""
    with database.work() as work:
        assert work.exemptions.grant(group(), LIN, "广告", "讲师", DAY, WU, NOON)
        work.commit()
    with database.work() as work:
        (one,) = work.exemptions.of(group(), LIN)
        expected = Exemption(one.id, group(), LIN, "广告", "讲师", DAY, "小吴", NOON)
        assert [expected] == [one] == work.exemptions.list(ACCOUNT)
        assert [] == work.exemptions.of(group("健身群"), LIN)
        assert [] == work.exemptions.of(group(), WU)
        assert [] == work.exemptions.list("另一个号")


def test_the_later_takes_the_place(work: Work):
    """Of the same person and rule, under any of their names; other rules stay."""
    work.exemptions.grant(group(), LIN, "广告", "一", DAY, "cli", NOON)
    work.exemptions.grant(group(), LIN, "", "二", None, "cli", NOON)
    work.members.link(LIN, ALT, WU, NOON)
    work.exemptions.grant(group(), ALT, "广告", "三", None, "cli", NOON)

    assert ["二", "三"] == [each.reason for each in work.exemptions.of(group(), LIN)]
    assert work.exemptions.of(group(), LIN) == work.exemptions.of(group(), ALT)
    assert ["三", "二"] == [each.reason for each in work.exemptions.list(ACCOUNT)]
    assert ["三"] == [each.reason for each in work.exemptions.list(ACCOUNT, 1)]


def test_lifted_once(database: Database):
    """Under any name; a second time there is nothing to lift, and it may be said again."""
    with database.work() as work:
        work.members.link(LIN, ALT, WU, NOON)
        work.exemptions.grant(group(), LIN, "广告", "一", DAY, "cli", NOON)
        assert not work.exemptions.lift(group(), LIN, "", later(hours=1))
        assert not work.exemptions.lift(group(), person("无名"), "广告", later(hours=1))
        assert work.exemptions.lift(group(), ALT, "广告", later(hours=1))
        assert not work.exemptions.lift(group(), ALT, "广告", later(hours=1))
        assert [] == work.exemptions.of(group(), LIN)
        assert work.exemptions.grant(group(), LIN, "广告", "又", None, "cli", later(hours=2))
        work.commit()


def test_of_the_forgotten_nothing_is_kept(work: Work):
    """Not what was, and nothing new."""
    work.exemptions.grant(group(), LIN, "广告", "一", None, WU, NOON)
    work.members.forget(work.members.find("小林")[0].member_id, NOON)

    assert [] == work.exemptions.list(ACCOUNT)
    assert not work.exemptions.grant(group(), LIN, "广告", "一", None, WU, NOON)


def test_the_history(work: Work):
    """All that was ever said, with its beginning and end, of this account only."""
    work.exemptions.grant(group(), LIN, "广告", "一", DAY, "cli", NOON)
    work.exemptions.grant(group(), LIN, "广告", "二", None, "cli", later(hours=1))
    work.exemptions.lift(group(), LIN, "广告", later(hours=2))

    assert [(NOON, later(hours=1)), (later(hours=1), later(hours=2))] == [
        (each.at, each.lifted_at) for each in work.exemptions.history(ACCOUNT)
    ]
    assert [] == work.exemptions.history("另一个号")


def test_a_batch_asks_once_whether_anybody_is_spared(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    """One statement for all its groups, and one more for somebody of a group with exemptions."""
    groups = [group(name) for name in ("读书会", "跑步", "下棋")]
    with database.work() as work:
        for each in groups:
            work.groups.see(each, managed=True, at=NOON)
        work.exemptions.grant(group("跑步"), LIN, "广告", "讲师", DAY, WU, NOON)
        work.commit()
    with database.work() as work:
        work.prepare([said("早", group=each) for each in groups])
        ran = statements(monkeypatch)
        spared = [len(work.exemptions.of(each, LIN)) for each in groups]

    assert [0, 1, 0] == spared
    assert 2 == len(ran)


def test_what_is_granted_counts_at_once(work: Work):
    """Also where it was asked before, and not if it was taken back."""
    assert [] == work.exemptions.of(group(), LIN)
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        work.exemptions.grant(group(), LIN, "广告", "讲师", DAY, WU, NOON)
        assert 1 == len(work.exemptions.of(group(), LIN))
        raise ZeroDivisionError

    assert [] == work.exemptions.of(group(), LIN)
    work.exemptions.grant(group(), LIN, "广告", "讲师", DAY, WU, NOON)
    assert 1 == len(work.exemptions.of(group(), LIN))
