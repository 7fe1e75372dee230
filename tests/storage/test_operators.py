import pytest
from builders import ACCOUNT, NOON, group, later, person

from bot.events import Identity
from storage.database import Database
from storage.values_of_order import Operator, OperatorRole
from storage.work import Work

WANG = person("小王")


def invited(work: Work, code: str = "围炉夜话", role: OperatorRole = OperatorRole.OPERATOR) -> None:
    """A code that is good for an hour."""
    work.operators.invite(role, code, later(hours=1), "weilu cli", NOON)


def test_a_code_makes_an_operator(database: Database):
    """Whoever says the code is an operator of their account from then on."""
    with database.work() as work:
        invited(work)
        assert work.operators.get(WANG) is None
        work.commit()
    with database.work() as work:
        operator = work.operators.redeem("围炉夜话", WANG, later(minutes=5))
        work.commit()
    with database.work() as work:
        expected = Operator(WANG, "小王", OperatorRole.OPERATOR, later(minutes=5))
        assert expected == operator == work.operators.get(WANG)
        assert [expected] == work.operators.all(ACCOUNT)
        assert [] == work.operators.all("别的号")
        assert work.operators.get(Identity("别的号", WANG.id)) is None


def test_a_code_works_once(work: Work):
    """Not a second time, not for another, not after it expired, not a wrong one."""
    invited(work)
    invited(work, "第二个")

    assert work.operators.redeem("围炉", WANG, NOON) is None
    assert work.operators.redeem("围炉夜话", WANG, NOON)
    assert work.operators.redeem("围炉夜话", person("小吴"), NOON) is None
    assert work.operators.redeem("第二个", person("小吴"), later(hours=1)) is None
    assert ["小王"] == [each.name for each in work.operators.all(ACCOUNT)]


def test_a_new_role_takes_the_place_of_the_old(work: Work):
    """Who is invited again has the role of the newest code, once."""
    invited(work)
    invited(work, "管理", OperatorRole.ADMIN)
    work.operators.redeem("围炉夜话", WANG, NOON)
    work.operators.redeem("管理", WANG, later(minutes=1))

    assert [OperatorRole.ADMIN] == [each.role for each in work.operators.all(ACCOUNT)]


def test_revoked(work: Work):
    """Who was revoked is an operator no more, and may be invited again."""
    invited(work)
    invited(work, "再来")
    work.operators.redeem("围炉夜话", WANG, NOON)

    assert [True, False] == [work.operators.revoke(WANG, NOON, "weilu cli") for _ in range(2)]
    assert [] == work.operators.all(ACCOUNT)
    assert work.operators.get(WANG) is None
    assert work.operators.redeem("再来", WANG, NOON)


def test_no_code_is_kept(database: Database):
    """The database holds a digest; the code cannot be read from it."""
    with database.work() as work:
        invited(work, "很特别的暗号")
        work.commit()
    with database._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM operator_codes").all()

    assert 1 == len(rows)
    assert "很特别的暗号" not in str(rows)


def test_the_forgotten_are_no_operators(work: Work):
    """Nothing is kept of them, so they cannot be told from others."""
    invited(work)
    work.groups.see(group(), managed=True, at=NOON)
    work.members.id_of(WANG, NOON)
    work.members.forget(work.members.find("小王")[0].member_id, NOON)

    assert work.operators.redeem("围炉夜话", WANG, NOON) is None


def test_a_redemption_that_is_taken_back(work: Work):
    """A savepoint that fails leaves no operator, in memory neither."""
    invited(work)
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        work.operators.redeem("围炉夜话", WANG, NOON)
        raise ZeroDivisionError

    assert work.operators.get(WANG) is None
    assert work.operators.redeem("围炉夜话", WANG, NOON)
