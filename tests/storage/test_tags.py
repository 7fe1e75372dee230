from builders import NOON, group, later, person

from storage.database import Database
from storage.work import Work

LIN, OTHER = person("小林"), person("小林的小号")


def test_tags(work: Work):
    """Given, in their order, and taken off; group by group, and no tag twice."""
    assert work.tags.add(group(), LIN, ["增长", "产品", "增长"], "cli", NOON)
    assert work.tags.add(group(), LIN, ["产品"], person("阿秀"), later(hours=1))
    assert work.tags.add(group(), LIN, ["定价"], "cli", later(hours=2))

    assert {"产品", "增长"} == {*work.tags.of_member(group(), LIN)[:2]}
    assert "定价" == work.tags.of_member(group(), LIN)[2]
    assert () == work.tags.of_member(group("跑步"), LIN)
    assert 1 == work.tags.remove(group(), LIN, ["产品", "没有"])
    assert ("增长", "定价") == work.tags.of_member(group(), LIN)


def test_one_person(work: Work):
    """The tags of linked members are one person's, and come off whoever is named."""
    work.tags.add(group(), LIN, ["产品"], "cli", NOON)
    work.tags.add(group(), OTHER, ["产品", "增长"], "cli", later(hours=1))
    work.members.link(LIN, OTHER, "cli", NOON)

    assert ("产品", "增长") == work.tags.of_member(group(), LIN)
    work.tags.remove(group(), OTHER, ["产品"])
    assert ("增长",) == work.tags.of_member(group(), LIN)


def test_the_forgotten(database: Database):
    """Their tags go with them, and they get no others; what they gave stays."""
    with database.work() as work:
        work.tags.add(group(), LIN, ["产品"], "cli", NOON)
        work.tags.add(group(), OTHER, ["增长"], LIN, NOON)
        member = work.members.id_if_known(LIN)
        assert member is not None
        work.members.forget(member, later(minutes=1))
        work.commit()
    with database.work() as work:
        assert not work.tags.add(group(), LIN, ["产品"], "cli", NOON)
        assert () == work.tags.of_member(group(), LIN)
        assert ("增长",) == work.tags.of_member(group(), OTHER)
