from builders import ACCOUNT, NOON, group, joined, later, person

from bot.events import Group, Identity, MemberLeft, Noticed, RosterRead
from storage.database import Database
from storage.values import Difference
from storage.work import Work


def left(name: str, **over: object) -> MemberLeft:
    """Somebody leaves 读书会 a day after noon."""
    fields = {"group": group(), "member": person(name), "at": later(days=1)} | over
    return MemberLeft(**fields)  # type: ignore[arg-type]


def roster(*names: str, **over: object) -> RosterRead:
    """Who is in 读书会 now."""
    members = tuple(person(name) for name in names)
    return RosterRead(**({"group": group(), "members": members, "at": NOON} | over))  # type: ignore[arg-type]


def test_a_stay(database: Database):
    """Joining, leaving and coming back, each recorded once, with inviter and remover."""
    with database.work() as work:
        assert work.memberships.join(joined("小林", inviter=person("小吴")))
        assert not work.memberships.join(joined("小林"))
        assert NOON == work.memberships.joined_at(group(), person("小林"))
        work.commit()
    with database.work() as work:
        assert work.memberships.leave(left("小林", remover=person("小吴")))
        assert not work.memberships.leave(left("小林"))
        assert later(days=1) == work.memberships.last_left(group(), person("小林"))
        assert work.memberships.joined_at(group(), person("小林")) is None
        work.commit()
    with database.work() as work:
        assert work.memberships.join(joined("小林", at=later(days=2)))
        assert later(days=2) == work.memberships.joined_at(group(), person("小林"))


def test_old_stories_change_nothing(work: Work):
    """A join from before the last leave, or a leave from before the last join, comes too late."""
    work.memberships.join(joined("小林"))
    work.memberships.leave(left("小林", at=later(hours=2)))

    assert not work.memberships.join(joined("小林", at=later(hours=1)))
    assert not work.memberships.join(joined("小林"))
    assert work.memberships.join(joined("小林", at=later(hours=3)))
    assert not work.memberships.leave(left("小林", at=later(hours=2)))


def test_who_speaks_is_a_member(work: Work):
    """Someone heard before they were seen joining is present; when they came is not known."""
    work.memberships.seen(group(), person("小林"), NOON)

    assert [person("小林")] == work.memberships.present(group())
    assert work.memberships.joined_at(group(), person("小林")) is None
    assert not work.memberships.join(joined("小林"))


def test_the_name_in_the_group_follows(database: Database):
    """A group shows the name that the member has there."""
    for name in ("小林", "林老师", ""):
        with database.work() as work:
            work.memberships.seen(group(), Identity(ACCOUNT, "1", name), NOON)
            work.commit()
    with database.work() as work:
        assert ["林老师"] == [each.name for each in work.memberships.present(group())]


def test_the_first_roster_records_silently(database: Database):
    """When a group is first read nobody has joined, also if somebody spoke before."""
    with database.work() as work:
        work.memberships.seen(group(), person("小林"), NOON)
        difference = work.memberships.reconcile(roster("小林", "小吴", "小何"))

        assert Difference(first=True, joined=(), left=()) == difference
        work.commit()
    with database.work() as work:
        there = set(work.memberships.present(group()))
        assert {person("小林"), person("小吴"), person("小何")} == there
        assert work.memberships.joined_at(group(), person("小吴")) is None


def test_later_rosters_are_compared(work: Work):
    """The difference is told and nothing changed: joining and leaving are events of their own."""
    work.memberships.reconcile(roster("小林", "小吴"))
    difference = work.memberships.reconcile(roster("小吴", "小何", "小何"))

    assert Difference(False, (person("小何"),), (person("小林"),)) == difference
    assert difference == work.memberships.reconcile(roster("小吴", "小何"))
    work.memberships.join(joined("小何", noticed=Noticed.ROSTER))
    work.memberships.leave(left("小林", noticed=Noticed.ROSTER))
    assert Difference(False, (), ()) == work.memberships.reconcile(roster("小何", "小吴"))


def test_a_group_taken_up_again_welcomes_nobody(database: Database):
    """Who came while the config did not name the group is no newcomer."""
    with database.work() as work:
        work.groups.see(group(), managed=True, at=NOON)
        work.memberships.reconcile(roster("小林"))
        work.commit()
    for managed in (False, True):
        with database.work() as work:
            work.groups.see(group(), managed=managed, at=NOON)
            work.commit()
    with database.work() as work:
        assert work.memberships.reconcile(roster("小林", "小吴")).first


def test_where_somebody_is(work: Work):
    """The groups of a person are those where they are now."""
    for name in ("读书会", "跑步", "棋社"):
        work.memberships.join(joined("小林", group=group(name)))
    work.memberships.leave(left("小林", group=group("跑步")))

    assert [group(), group("棋社")] == work.memberships.groups_of(person("小林"))
    assert [] == work.memberships.groups_of(person("小吴"))
    assert [] == work.memberships.present(Group(ACCOUNT, "nowhere"))
