import pytest
from builders import ACCOUNT, NOON, group, later, person, said

from bot.events import Identity
from storage.database import Database
from storage.work import Work


def test_a_person_has_one_key(database: Database):
    """The same identity is the same member, over works and under a new name."""
    with database.work() as work:
        first = work.members.id_of(person("小林"), NOON)
        assert first == work.members.id_of(person("小林"), NOON)
        work.commit()
    with database.work() as work:
        renamed = Identity(ACCOUNT, person("小林").id, "林先生")
        assert first == work.members.id_of(renamed, NOON)
        assert first != work.members.id_of(person("小吴"), NOON)
        assert "林先生" == work.members.name(person("小林"))
        work.commit()
    with database.work() as work:
        assert "林先生" == work.members.name(person("小林"))
        assert "谁" == work.members.name(person("谁"))


def test_the_same_id_in_another_account_is_somebody_else(work: Work):
    """Ids mean something within an account only."""
    one = work.members.id_of(Identity("甲", "1", "小林"), NOON)

    assert one != work.members.id_of(Identity("乙", "1", "小林"), NOON)


def test_members_are_found(work: Work):
    """By a part of the name in any case, by platform id, by our own number."""
    lin = Identity(ACCOUNT, "wxid_1", "Lin 小林 100%_\\")
    work.messages.add(said("早", author=lin, at=NOON), keep_text=True)
    work.messages.add(said("晚", author=lin, at=later(hours=8)), keep_text=True)
    work.memberships.seen(group(), lin, NOON)
    work.members.id_of(person("小吴"), NOON)
    (card,) = work.members.find("lin 小")

    assert (lin,) == card.identities
    assert (group(),) == card.groups
    assert (2, 0, NOON, later(hours=8)) == (
        card.messages,
        card.cases,
        card.first_seen,
        card.last_spoke,
    )
    for text in ("wxid_1", str(card.member_id), "100%_\\"):
        assert [card] == work.members.find(text)
    assert [] == work.members.find("10_%")
    assert [] == work.members.find("9" * 40)


def test_a_name_in_one_group_finds_the_member(work: Work):
    """What a person is called in a group finds them, though they go by another name now."""
    work.memberships.seen(group(), Identity(ACCOUNT, "1", "读书会的小林"), NOON)
    work.memberships.seen(group("跑步"), Identity(ACCOUNT, "1", "跑步的小林"), NOON)

    assert "跑步的小林" == work.members.find("读书会的")[0].name


def test_looking_somebody_up_makes_nobody(work: Work):
    """Asking about a stranger leaves no row."""
    work.members.name(person("小林"))
    work.memberships.last_left(group(), person("小林"))
    work.messages.of_member(group(), person("小林"))

    assert [] == work.members.find("小林")
    assert [] == work.groups.all()


def test_a_member_who_is_not_there(work: Work):
    """Exporting or forgetting nobody says so."""
    with pytest.raises(KeyError):
        work.members.export(1)
    with pytest.raises(KeyError):
        work.members.forget(1, NOON)


def test_called(work: Work):
    """By the exact name, by the name in a group they are in, and by the id; in that account."""
    work.memberships.seen(group(), person("小林"), NOON)
    work.memberships.seen(group("跑步"), Identity(ACCOUNT, "id-小林", "林跑跑"), NOON)
    work.memberships.seen(group(), person("小林子"), NOON)

    for text in ("小林", "林跑跑", "id-小林"):
        assert [person("小林")] == work.members.called(ACCOUNT, text)
    assert [] == work.members.called("别的账号", "小林")
    assert [] == work.members.called(ACCOUNT, "林")
