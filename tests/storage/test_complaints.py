from builders import NOON, group, later, person
from order_stage import opened

from storage.database import Database
from storage.values_of_order import Complaint, ComplaintState
from storage.work import Work

LIN = person("小林")


def complained(
    work: Work, by: str, message: str | None = "m1", about: str = "小林", **over: object
) -> bool:
    """Somebody reports a message of 小林; whether that was new."""
    fields: dict[str, object] = {
        "group": group(),
        "platform_message_id": message,
        "about": person(about),
        "by": person(by),
        "at": NOON,
        "words": "这是广告",
    }
    return work.complaints.add(**(fields | over))  # type: ignore[arg-type]


def reporters(work: Work, target: object, **over: object) -> list[str]:
    """Who reported it."""
    found = work.complaints.count(
        over.get("group", group()),  # type: ignore[arg-type]
        target,  # type: ignore[arg-type]
        over.get("since", NOON),  # type: ignore[arg-type]
    )
    return [each.name for each in found]


def test_a_complaint_is_kept(database: Database):
    """Who reports what of whom, in which words, and to which case that belongs."""
    with database.work() as work:
        case = opened(work)
        complained(work, "小吴")
        work.complaints.attach(group(), "m1", case)
        work.commit()
    with database.work() as work:
        (found,) = work.complaints.of_case(case)
        assert (
            Complaint(
                id=found.id,
                group=group(),
                platform_message_id="m1",
                about=LIN,
                by=person("小吴"),
                at=NOON,
                words="这是广告",
                case=case,
                state=ComplaintState.OPEN,
            )
            == found
        )


def test_once_a_message_and_reporter(work: Work):
    """Reporting again is nothing new; another message or another reporter is."""
    told = [complained(work, *who) for who in (("小吴",), ("小吴",), ("小吴", "m2"), ("小何",))]

    assert [True, False, True, True] == told
    assert ["小吴", "小何"] == reporters(work, "m1")
    assert ["小吴"] == reporters(work, "m2")
    assert complained(work, "小吴", group=group("跑步"))


def test_without_a_message(work: Work):
    """Naming somebody counts once until it is settled, then anew."""
    assert complained(work, "小吴", None)
    assert not complained(work, "小吴", None, at=later(hours=1))
    case = opened(work)
    assert 1 == work.complaints.attach(group(), LIN, case)
    work.complaints.settle(case, upheld=True)
    assert complained(work, "小吴", None, at=later(hours=2))


def test_distinct_reporters(work: Work):
    """About a person every report since a moment counts; two identities of one are one reporter."""
    for by, message in (("小吴", "m1"), ("小吴", "m2"), ("小吴的小号", "m1"), ("小何", None)):
        complained(work, by, message)
    complained(work, "小丁", "m3", about="别人")
    work.members.link(person("小吴"), person("小吴的小号"), "cli", NOON)

    assert ["小吴", "小何"] == reporters(work, LIN)
    assert ["小吴"] == reporters(work, "m1")
    assert [] == reporters(work, LIN, since=later(seconds=1))
    assert [] == reporters(work, LIN, group=group("跑步"))
    assert [] == reporters(work, "")


def test_settled_reports_make_a_record(work: Work):
    """A decision settles the reports behind it, once; settled ones do not count again."""
    case = opened(work)
    complained(work, "小吴")
    complained(work, "小何")
    assert 2 == work.complaints.attach(group(), "m1", case)
    assert 0 == work.complaints.attach(group(), "m1", opened(work))

    assert [2, 0] == [work.complaints.settle(case, upheld=False) for _ in range(2)]
    assert [] == reporters(work, "m1")
    assert (0, 1) == work.complaints.record(person("小吴"))
    complained(work, "小吴的小号", "m2")
    work.members.link(person("小吴"), person("小吴的小号"), "cli", NOON)
    other = opened(work)
    work.complaints.attach(group(), "m2", other)
    work.complaints.settle(other, upheld=True)
    assert (1, 1) == work.complaints.record(person("小吴"))
    assert (0, 0) == work.complaints.record(person("谁"))


def test_the_forgotten_report_nothing(work: Work):
    """Nothing is kept of a forgotten reporter; a message of somebody forgotten can be reported."""
    complained(work, "小吴")
    for card in (*work.members.find("小吴"), *work.members.find("小林")):
        work.members.forget(card.member_id, NOON)

    assert not complained(work, "小吴", "m2")
    assert not complained(work, "小何", None)
    assert complained(work, "小何")
    assert ["小何"] == reporters(work, "m1")


def test_words_go_with_the_texts(work: Work):
    """What reporters wrote is erased when its days are over; the report stays."""
    complained(work, "小吴")

    assert [0, 1, 0] == [
        work.complaints.erase_texts({group(): moment})
        for moment in (NOON, later(days=1), later(days=1))
    ]
    assert ["小吴"] == reporters(work, "m1")


def test_how_many_somebody_made(work: Work):
    """Reports since a moment, under any identity of the reporter."""
    complained(work, "小吴", "m1")
    complained(work, "小吴", "m2", at=later(hours=2))
    complained(work, "阿秀", "m1", at=later(hours=2))
    work.members.link(person("小吴"), person("阿秀"), "weilu", NOON)

    assert [3, 2, 0] == [
        work.complaints.made(person(name), since)
        for name, since in [("小吴", NOON), ("小吴", later(hours=1)), ("小林", NOON)]
    ]
