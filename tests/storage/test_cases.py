import pytest
from builders import NOON, group, later, person, said

from rules.base import Finding
from storage.database import Database
from storage.values import Case
from storage.work import Work

AD = Finding(rule="keywords", span=(2, 5), detail="命中「加微信」 matched")


def opened(work: Work, by: str = "小林", **over: object) -> int:
    """A case in 读书会; its number."""
    message = said("快加微信", by)
    fields: dict[str, object] = {
        "group": group(),
        "member": person(by),
        "finding": AD,
        "reason": "这里不做广告",
        "excerpt": "快加微信",
        "consequence": "remind",
        "at": NOON,
        "message_id": work.messages.add(message, keep_text=True),
        "platform_message_id": message.id,
        "reminded": True,
    }
    return work.cases.open(**(fields | over))  # type: ignore[arg-type]


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
    work.messages.erase_texts(group(), later(days=1))
    (case,) = work.cases.of_member(group(), person("小林"))

    assert ("", "", "keywords") == (case.excerpt, case.detail, case.rule)
