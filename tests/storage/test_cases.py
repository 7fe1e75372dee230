import pytest
from builders import ACCOUNT, NOON, group, later, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_stage import AD, opened

from storage.database import Database
from storage.values import Case
from storage.values_of_order import CaseState, RaisedBy
from storage.work import Work

LIN = person("小林")
WANG = person("管理员小王")


def test_cases_are_numbered(database: Database):
    """One, two, three, over works; a number that was rolled back is given again."""
    with database.work() as work:
        assert [1, 2] == [opened(work), opened(work)]
        work.commit()
    with database.work() as work:
        assert 3 == opened(work)
    with database.work() as work:
        assert 3 == opened(work)


def test_a_case_keeps_its_evidence(database: Database):
    """What was found, where, why, and what followed is read back."""
    with database.work() as work:
        opened(work, platform_message_id="m1")
        work.commit()
    with database.work() as work:
        assert [
            Case(
                number=1,
                group=group(),
                member=person("小林"),
                rule="keywords",
                reason="这里不做广告",
                detail=AD.detail,
                span=(2, 5),
                excerpt="快加微信",
                consequence="remind",
                at=NOON,
                platform_message_id="m1",
                reminded=True,
                kind="keywords",
            )
        ] == work.cases.of_member(group(), person("小林"))
        assert [] == work.cases.of_member(group(), person("小吴"))
        assert 1 == work.members.find("小林")[0].cases


def test_when_somebody_was_last_reminded(database: Database):
    """Per member, group and rule; a case without a reminder does not count."""
    with database.work() as work:
        assert work.cases.last_reminded(group(), person("小林"), "keywords") is None
        opened(work)
        opened(work, at=later(minutes=5), reminded=False)
        assert NOON == work.cases.last_reminded(group(), person("小林"), "keywords")
        work.commit()
    with database.work() as work:
        assert NOON == work.cases.last_reminded(group(), person("小林"), "keywords")
        for elsewhere, who, rule in (
            (group("跑步"), "小林", "keywords"),
            (group(), "小吴", "keywords"),
            (group(), "小林", "flood"),
        ):
            assert work.cases.last_reminded(elsewhere, person(who), rule) is None


def test_a_reminder_that_was_rolled_back_was_none(work: Work):
    """The cool-down knows nothing of an event that failed."""
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        opened(work)
        raise ZeroDivisionError

    assert work.cases.last_reminded(group(), person("小林"), "keywords") is None
    assert 1 == opened(work)


def test_excerpts_go_with_the_texts(work: Work):
    """Evidence is kept as long as the text itself; the case stays."""
    opened(work)
    work.messages.erase_texts({group(): later(days=1)})
    (case,) = work.cases.of_member(group(), person("小林"))

    assert ("", "", "keywords") == (case.excerpt, case.detail, case.rule)


def test_a_case_says_what_followed(database: Database):
    """Kind, version of the pact, who raised it, until when, and how far along the ladder."""
    over: dict[str, object] = {
        "kind": "links",
        "version": 3,
        "raised_by": RaisedBy.OPERATOR,
        "raiser": WANG,
        "until": later(days=1),
        "aggravation": 2,
        "consequence": "quiet",
        "state": CaseState.CONFIRMING,
    }
    with database.work() as work:
        number = opened(work, **over)
        work.commit()
    with database.work() as work:
        case = work.cases.get(number)
        assert case is not None
        assert over == {name: getattr(case, name) for name in over}
        assert (AD.rule, "", None) == (case.name, case.decided_by, case.decider)
        assert work.cases.get(number + 1) is None


def test_a_decision_is_made_once(database: Database):
    """The second who decides changes nothing and finds out who was first."""
    with database.work() as work:
        number = opened(work)
        assert work.cases.decide(number, CaseState.UPHELD, WANG, later(hours=1), "是广告")
        assert not work.cases.decide(number, CaseState.OVERTURNED, "cli", later(hours=2), "不是")
        assert not work.cases.decide(number + 1, CaseState.UPHELD, WANG, NOON, "没有这个")
        work.commit()
    with database.work() as work:
        case = work.cases.get(number)
        assert case is not None
        assert (CaseState.UPHELD, "管理员小王", WANG, later(hours=1), "是广告", False) == (
            case.state,
            case.decided_by,
            case.decider,
            case.decided_at,
            case.decided_why,
            case.false_hit,
        )


def test_what_was_upheld_can_be_overturned_on_purpose(work: Work):
    """After an appeal: whoever says which state they mean may change it, once."""
    number = opened(work)
    work.cases.decide(number, CaseState.UPHELD, WANG, NOON, "是广告")
    was = (CaseState.OPEN, CaseState.UPHELD)
    again = [
        work.cases.decide(
            number, CaseState.OVERTURNED, "cli", later(days=1), "误判", false_hit=True, was=was
        )
        for _ in range(2)
    ]
    case = work.cases.get(number)

    assert [True, False] == again
    assert case is not None
    assert ("cli", None, True) == (case.decided_by, case.decider, case.false_hit)


def test_strikes(database: Database):
    """From `warn` on, not in the shadow, not overturned, lately, in this group, of this person."""
    with database.work() as work:
        for number, (consequence, over) in enumerate(
            [
                ("remind", {}),
                ("note", {}),
                ("warn", {}),
                ("quiet", {}),
                ("ban", {"shadow": True}),
                ("ban", {"group": group("跑步")}),
                ("remove", {"at": later(days=-91)}),
            ]
        ):
            at = {"at": later(minutes=number)} | over
            opened(work, consequence=consequence, **at)
        opened(work, "小吴", consequence="ban")
        overturned = opened(work, consequence="ban")
        work.cases.decide(overturned, CaseState.OVERTURNED, WANG, NOON, "误判")
        in_this_work = work.cases.strikes(group(), LIN, later(days=-90))
        work.commit()
    with database.work() as work:
        assert [later(minutes=2), later(minutes=3)] == in_this_work
        assert in_this_work == work.cases.strikes(group(), LIN, later(days=-90))
        assert [] == work.cases.strikes(group("没有"), LIN, NOON)
        assert [] == work.cases.strikes(group(), person("谁"), NOON)


def test_strikes_follow_the_person(work: Work):
    """Who comes back under another name that an operator linked has the strikes of before."""
    opened(work, "小林", consequence="warn")
    opened(work, "小林的小号", consequence="warn", at=later(hours=1))
    opened(work, "第三个号", consequence="warn", at=later(hours=2))
    work.members.link(LIN, person("小林的小号"), WANG, NOON)
    work.members.link(person("第三个号"), person("小林的小号"), WANG, NOON)

    for who in ("小林", "小林的小号", "第三个号"):
        assert [NOON, later(hours=1), later(hours=2)] == work.cases.strikes(
            group(), person(who), NOON
        )


def test_recent_cases(work: Work):
    """Newest first, of an account or a group, in some states, so many."""
    numbers = [opened(work) for _ in range(4)]
    elsewhere = opened(work, group=group("跑步"))
    work.cases.decide(numbers[1], CaseState.UPHELD, WANG, NOON, "是")
    work.cases.decide(numbers[2], CaseState.OVERTURNED, WANG, NOON, "不是")

    def found(*args: object, **over: object) -> list[int]:
        return [each.number for each in work.cases.recent(ACCOUNT, *args, **over)]  # type: ignore[arg-type]

    assert [elsewhere, *numbers[::-1]] == found()
    assert [elsewhere, numbers[3]] == found(limit=2)
    assert numbers[::-1] == found(group())
    assert [numbers[3], numbers[2], numbers[0]] == found(
        group(), (CaseState.OPEN, CaseState.OVERTURNED)
    )
    assert [] == found(group("没有"))
    assert [] == work.cases.recent("别的号")


def test_the_cases_of_a_message(work: Work):
    """A message that several rules or reporters complained about has several cases."""
    first = opened(work, platform_message_id="m1")
    second = opened(work, platform_message_id="m1", shadow=True)
    opened(work, platform_message_id="m1", group=group("跑步"))

    found = work.cases.of_message(group(), "m1")
    assert [(first, False), (second, True)] == [(case.number, case.shadow) for case in found]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([CaseState.UPHELD, CaseState.OVERTURNED]),
            st.sets(st.sampled_from(CaseState)),
        ),
        max_size=8,
    )
)
def test_decisions_in_any_order(
    sqlite_database: Database, tries: list[tuple[CaseState, set[CaseState]]]
):
    """A decision counts exactly if the case was in a state it names; a strike ends with it."""
    with sqlite_database.work() as work:
        number, state = opened(work, consequence="warn"), CaseState.OPEN
        for target, was in tries:
            decided = work.cases.decide(number, target, "cli", NOON, "", was=was)
            assert (state in was) == decided
            state = target if decided else state
        case = work.cases.get(number)
        assert case is not None
        assert state == case.state
