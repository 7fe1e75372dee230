import pytest
from builders import ACCOUNT, NOON, group, person, said
from hall import Hall

from handlers import finishing
from handlers.finishing import finish
from handlers.verdicts import NO_RIGHT
from storage.database import Database
from storage.values_of_order import TaskKind, TaskState


def card(hall: Hall, kind: TaskKind = TaskKind.REMOVE, account: str = ACCOUNT) -> int:
    """A card that waits."""
    return hall.work.tasks.open(account, "card", kind, "请移出一个人", NOON, NOON)


def test_it_is_done_once(sqlite_database: Database):
    """The second who says so hears who was first."""
    with sqlite_database.work() as work:
        hall = Hall(work)
        number, scene = card(hall), hall.scene(said("", group=group()))
        first, second = [finish(scene, number, "控制台 console", "看到了") for _ in range(2)]
        task = work.tasks.get(number)

    assert (finishing.DONE, finishing.DONE_ALREADY) == (first.words, second.words)
    assert "控制台 console：看到了" == second.values["why"]
    assert task is not None
    assert TaskState.DONE is task.state


@pytest.mark.parametrize("kind", [TaskKind.TOPIC, TaskKind.NOTICE, TaskKind.APPEAL])
def test_what_asks_for_a_decision_is_not_ticked_off(sqlite_database: Database, kind: TaskKind):
    """It says which decision it asks for."""
    with sqlite_database.work() as work:
        hall = Hall(work)
        number, scene = card(hall, kind), hall.scene(said("", group=group()))
        verdict = finish(scene, number, "控制台 console", "")
        task = work.tasks.get(number)

    assert not verdict.done
    assert task is not None
    assert TaskState.OPEN is task.state


def test_another_account_s_card_is_not_ours(sqlite_database: Database):
    """Two accounts may share a database."""
    with sqlite_database.work() as work:
        hall = Hall(work)
        number, scene = card(hall, account="别的号"), hall.scene(said("", group=group()))

        assert finishing.NO_TASK is finish(scene, number, "控制台 console", "").words


def test_who_is_no_operator_may_not(sqlite_database: Database):
    """The card stays."""
    with sqlite_database.work() as work:
        hall = Hall(work)
        number, scene = card(hall), hall.scene(said("", group=group()))

        assert NO_RIGHT is finish(scene, number, person("小林"), "").words
