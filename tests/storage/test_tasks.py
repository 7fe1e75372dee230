from builders import ACCOUNT, NOON, group, later, person
from order_stage import opened

from storage.database import Database
from storage.values_of_order import Task, TaskKind, TaskState
from storage.work import Work

LIN = person("小林")


def card(work: Work, key: str = "remove:1", hours: float = 1, **over: object) -> int:
    """A card that asks to remove 小林 within an hour; its number."""
    fields: dict[str, object] = {
        "account": ACCOUNT,
        "key": key,
        "kind": TaskKind.REMOVE,
        "text": "请移出小林",
        "deadline": later(hours=hours),
        "at": NOON,
        "group": group(),
        "member": LIN,
    }
    return work.tasks.open(**(fields | over))  # type: ignore[arg-type]


def numbers(tasks: list[Task]) -> list[int]:
    """Which cards these are."""
    return [task.number for task in tasks]


def test_a_task_is_kept(database: Database):
    """What is to be done, where, with whom, because of which case, until when."""
    with database.work() as work:
        case = opened(work)
        number = card(work, case=case)
        work.commit()
    with database.work() as work:
        assert (
            Task(
                number=number,
                account=ACCOUNT,
                kind=TaskKind.REMOVE,
                case=case,
                group=group(),
                member=LIN,
                text="请移出小林",
                opened_at=NOON,
                deadline=later(hours=1),
                state=TaskState.OPEN,
                settled_at=None,
                settled_why="",
            )
            == work.tasks.get(number)
            == work.tasks.open_for(group(), LIN, TaskKind.REMOVE)
        )
        assert work.tasks.get(number + 1) is None


def test_a_task_about_nobody(work: Work):
    """A card may have no case, no group and no member."""
    task = work.tasks.get(card(work, group=None, member=None))

    assert task is not None
    assert (None, None, None) == (task.case, task.group, task.member)


def test_once_for_a_key(database: Database):
    """The same key of the same account is the same card, done or not; numbers follow each other."""
    with database.work() as work:
        first = card(work)
        work.tasks.settle(first, TaskState.DONE, NOON, "移出了")
        assert first == card(work, text="又来")
        work.commit()
    with database.work() as work:
        assert first == card(work)
        assert [first + 1, first + 2] == [card(work, "2"), card(work, account="别的号")]


def test_a_task_is_settled_once(work: Work):
    """The second who says it is done is told that it was."""
    number = card(work)

    assert work.tasks.settle(number, TaskState.DONE, later(minutes=5), "移出了")
    assert not work.tasks.settle(number, TaskState.CANCELLED, later(minutes=6), "不用了")
    task = work.tasks.get(number)
    assert task is not None
    assert (TaskState.DONE, later(minutes=5), "移出了") == (
        task.state,
        task.settled_at,
        task.settled_why,
    )
    assert work.tasks.open_for(group(), LIN, TaskKind.REMOVE) is None


def test_overdue_once(work: Work):
    """Each card whose deadline has come is given out once; it can still be done afterwards."""
    late, later_one = card(work, hours=1), card(work, "2", hours=2)
    done = card(work, "3", hours=1)
    work.tasks.settle(done, TaskState.DONE, NOON, "")

    assert [] == work.tasks.overdue(ACCOUNT, later(minutes=59))
    assert [] == work.tasks.overdue("别的号", later(hours=1))
    first = work.tasks.overdue(ACCOUNT, later(hours=1))
    assert [(late, TaskState.OVERDUE)] == [(task.number, task.state) for task in first]
    assert [later_one] == numbers(work.tasks.overdue(ACCOUNT, later(hours=9)))
    assert work.tasks.settle(late, TaskState.DONE, later(hours=10), "移出了")


def test_lists(work: Work):
    """What is not done, soonest deadline first; or the states asked for; never another account."""
    second, first = card(work, hours=2), card(work, "2", hours=1)
    done = card(work, "3", account="别的号")
    work.tasks.settle(done, TaskState.CANCELLED, NOON, "")

    assert [first, second] == numbers(work.tasks.list(ACCOUNT))
    assert [first] == numbers(work.tasks.list(ACCOUNT, limit=1))
    assert [done] == numbers(work.tasks.list("别的号", [TaskState.CANCELLED]))
    assert [] == work.tasks.list("别的号")


def test_which_task_is_meant(work: Work):
    """By group, member and kind; the newest that is not done."""
    card(work)
    newest = card(work, "2")
    card(work, "3", kind=TaskKind.INVITE)
    found = work.tasks.open_for(group(), LIN, TaskKind.REMOVE)

    assert found is not None
    assert newest == found.number
    assert work.tasks.open_for(group("跑步"), LIN, TaskKind.REMOVE) is None
    assert work.tasks.open_for(group(), person("小吴"), TaskKind.REMOVE) is None
    assert work.tasks.open_for(group(), LIN, TaskKind.MUTE) is None
