from builders import ACCOUNT, NOON, group, later, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_stage import opened

from storage.database import Database
from storage.values_of_order import Appeal, AppealState
from storage.work import Work

LIN = person("小林")
WANG = person("管理员小王")


def appealed(work: Work, by: str = "小林", **over: object) -> tuple[int, Appeal]:
    """A case and the appeal against it."""
    case = opened(work, by)
    fields: dict[str, object] = {
        "case": case,
        "member": person(by),
        "text": "我是说可靠",
        "at": NOON,
    }
    appeal = work.appeals.open(**(fields | over))  # type: ignore[arg-type]
    assert appeal is not None
    return case, appeal


def test_an_appeal_is_kept(database: Database):
    """Who objects to which case, when, and why."""
    with database.work() as work:
        case, appeal = appealed(work)
        work.commit()
    with database.work() as work:
        assert (
            Appeal(
                id=appeal.id,
                case=case,
                member=LIN,
                text="我是说可靠",
                at=NOON,
                state=AppealState.OPEN,
                decided_by="",
                decider=None,
                decided_at=None,
                why="",
            )
            == appeal
        )
        assert [appeal] == work.appeals.of_case(case) == work.appeals.of_member(LIN, NOON)


def test_one_at_a_time(work: Work):
    """A second appeal waits until the first is decided."""
    case, first = appealed(work)

    assert work.appeals.open(case, LIN, "再说一次", later(hours=1)) is None
    assert work.appeals.decide(case, AppealState.UPHELD, WANG, later(hours=2), "是广告")
    second = work.appeals.open(case, LIN, "再说一次", later(hours=3))
    assert second is not None
    assert [first.id, second.id] == [each.id for each in work.appeals.of_case(case)]


def test_no_such_case(work: Work):
    """An appeal against nothing is none, nor one of somebody who was forgotten."""
    assert work.appeals.open(17, LIN, "什么", NOON) is None
    case = opened(work)
    (card,) = work.members.find("小林")
    work.members.forget(card.member_id, NOON)
    assert work.appeals.open(case, LIN, "我是小林", NOON) is None


def test_it_is_decided_once(work: Work):
    """The second who decides changes nothing and reads who was quicker."""
    case, _ = appealed(work)

    assert work.appeals.decide(case, AppealState.OVERTURNED, WANG, later(hours=1), "误判")
    assert not work.appeals.decide(case, AppealState.UPHELD, "cli", later(hours=2), "维持")
    (decided,) = work.appeals.of_case(case)
    assert (AppealState.OVERTURNED, "管理员小王", WANG, later(hours=1), "误判") == (
        decided.state,
        decided.decided_by,
        decided.decider,
        decided.decided_at,
        decided.why,
    )


def test_which_wait_too_long(work: Work):
    """Open ones from before a moment, oldest first, of one account."""
    second, _ = appealed(work, "小吴", at=later(hours=1))
    first, _ = appealed(work)
    decided, _ = appealed(work, "小何")
    work.appeals.decide(decided, AppealState.WITHDRAWN, person("小何"), NOON, "算了")

    def waiting(account: str, hours: float) -> list[int]:
        return [each.case for each in work.appeals.waiting(account, later(hours=hours))]

    assert [first, second] == waiting(ACCOUNT, 2)
    assert [first] == waiting(ACCOUNT, 1)
    assert [] == waiting(ACCOUNT, 0)
    assert [] == waiting("别的号", 2)


def test_how_often_somebody_appeals(work: Work):
    """Since a moment, under any identity of the person."""
    other = person("小林的小号")
    appealed(work)
    appealed(work, "小林的小号", at=later(days=1))
    work.members.link(LIN, other, "cli", NOON)

    assert [2, 1, 0] == [
        len(work.appeals.of_member(other, later(days=days))) for days in (0, 0.5, 2)
    ]


def test_words_go_with_the_texts(work: Work):
    """What is decided loses its words when their days are over; what waits keeps them."""
    case, _ = appealed(work)
    before = {group(): later(days=1), group("跑步"): later(days=1)}

    assert 0 == work.appeals.erase_texts(before)
    work.appeals.decide(case, AppealState.UPHELD, WANG, later(hours=1), "是广告")
    assert 0 == work.appeals.erase_texts({group(): NOON, group("跑步"): later(days=9)})
    assert 1 == work.appeals.erase_texts(before)
    (kept,) = work.appeals.of_case(case)
    assert ("", "是广告") == (kept.text, kept.why)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["open", *AppealState]), max_size=12))
def test_open_and_decided_in_turns(sqlite_database: Database, steps: list[str]):
    """However they come, there is never more than one open appeal, and each has one decision."""
    with sqlite_database.work() as work:
        case, waits, outcomes = opened(work), False, []
        for step in steps:
            if step == "open":
                assert (work.appeals.open(case, LIN, "", NOON) is None) is waits
                waits = True
            elif step != AppealState.OPEN:
                assert work.appeals.decide(case, AppealState(step), "cli", NOON, "") is waits
                outcomes += [step] * waits
                waits = False
        states = [each.state for each in work.appeals.of_case(case)]

        assert sorted([*outcomes, *(["open"] * waits)]) == sorted(states)
