from builders import ACCOUNT, NOON, later, person

from storage.database import Database
from storage.values_of_order import Deed

WANG = person("小王")
LIN = person("小林")


def test_deeds_are_kept(database: Database):
    """Who did what to whom or what, why and when; newest first, by account."""
    with database.work() as work:
        work.audit.note(ACCOUNT, WANG, "移出", LIN, "广告", NOON)
        work.audit.note(ACCOUNT, "weilu cli", "撤销", "案件 17", "误判", later(hours=1))
        work.audit.note("别的号", "weilu cli", "停", "别的号", "试试", NOON)
        work.commit()
    with database.work() as work:
        assert [
            Deed(later(hours=1), "weilu cli", "撤销", "案件 17", "误判"),
            Deed(NOON, WANG, "移出", LIN, "广告"),
        ] == work.audit.list(ACCOUNT)
        assert ["撤销"] == [deed.what for deed in work.audit.list(ACCOUNT, limit=1)]


def test_names_are_those_of_today(database: Database):
    """A deed names people as they are called now, as it knows them by their key."""
    with database.work() as work:
        work.audit.note(ACCOUNT, WANG, "移出", LIN, "广告", NOON)
        work.members.id_of(type(LIN)(LIN.account, LIN.id, "林先生"), NOON)
        work.commit()
    with database.work() as work:
        (deed,) = work.audit.list(ACCOUNT)

    assert isinstance(deed.about, type(LIN))
    assert "林先生" == deed.about.name


def test_of_the_forgotten_no_words(database: Database):
    """What is done to somebody who was forgotten before is noted without a reason."""
    with database.work() as work:
        work.members.id_of(LIN, NOON)
        work.members.forget(work.members.find("小林")[0].member_id, NOON)
        work.audit.note(ACCOUNT, WANG, "移出", LIN, "小林又来了", NOON)
        work.audit.note(ACCOUNT, LIN, "移出", "案件 1", "理由", NOON)

        assert [
            ("", "案件 1", "理由"),
            (WANG, "", ""),
        ] == [(deed.by, deed.about, deed.why) for deed in work.audit.list(ACCOUNT)]
