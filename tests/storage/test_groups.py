from builders import ACCOUNT, NOON, group, later

from bot.events import Group
from storage.database import Database
from storage.values import KnownGroup
from storage.work import Work


def test_a_group_is_kept_once(work: Work):
    """Seeing a group again keeps its first time and takes its new name."""
    renamed = Group(ACCOUNT, group().id, "读书会二群")
    work.groups.see(group(), managed=True, at=NOON)
    work.groups.see(renamed, managed=True, at=later(days=1))

    expected = KnownGroup(renamed, managed=True, messages=0, first_seen=NOON)
    assert [expected] == work.groups.all()
    assert "读书会二群" == work.groups.all(ACCOUNT)[0].group.name
    assert [] == work.groups.all("另一个")
    assert [("读书会二群", renamed)] == [(each.name, each) for each in work.groups.every(ACCOUNT)]
    assert [] == work.groups.every("另一个")


def test_an_unknown_name_does_not_overwrite(work: Work):
    """A gateway that does not know the name yet says nothing about it."""
    work.groups.see(group(), managed=True, at=NOON)
    work.groups.see(Group(ACCOUNT, group().id), managed=True, at=NOON)

    known = work.groups.find(ACCOUNT, group().id)
    assert known is not None
    assert "读书会" == known.group.name


def test_a_group_left_alone_is_a_name_and_a_count(database: Database):
    """Of a group that the config does not name, a count grows and nothing else is there."""
    for _ in range(2):
        with database.work() as work:
            work.groups.count(group("闲聊"), NOON)
            work.groups.count(group("闲聊"), NOON)
            work.commit()
    with database.work() as work:
        (known,) = work.groups.all()

        assert KnownGroup(group("闲聊"), managed=False, messages=4, first_seen=NOON) == known
        assert work.groups.find(ACCOUNT, "nowhere") is None


def test_a_group_is_left_alone_again(database: Database):
    """Whether the config names a group follows the config."""
    for managed in (True, False, True):
        with database.work() as work:
            work.groups.see(group(), managed=managed, at=NOON)
            work.commit()
        with database.reading() as reports:
            assert [managed] == [known.managed for known in reports.groups()]


def test_groups_that_share_a_moment_are_told_together(work: Work):
    """One row for each moment, whoever was never seen left out."""
    for name in ("读书会", "跑步", "闲聊"):
        work.groups.see(group(name), managed=True, at=NOON)
    ids = [work.groups.key_if_known(group(name)) for name in ("读书会", "跑步", "闲聊")]

    moments = {group(): NOON, group("跑步"): later(days=1), group("闲聊"): NOON}
    expected = [{"groups": ids[::2], "before": NOON}, {"groups": ids[1:2], "before": later(days=1)}]
    assert expected == work.groups.keys_by(moments | {group("nowhere"): NOON})
    assert [] == work.groups.keys_by({})
