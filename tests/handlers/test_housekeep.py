import pytest
from builders import NOON, group, later, said
from hall import Hall
from order_stage import opened

from bot.events import HourPassed
from storage.values_of_order import AppealState


def kept(hall: Hall, words: str) -> bool:
    """Whether these words of 小林 are still held somewhere."""
    (member,) = hall.work.members.find("小林")
    return words in str(hall.work.members.export(member.member_id))


@pytest.mark.parametrize(("days", "still"), [(6, True), (8, False)])
def test_texts_go_when_their_days_are_over(hall: Hall, *, days: int, still: bool):
    """A text is kept as many days as the group says."""
    hall.rule(keep_text_days=7)
    hall.happens(said("第三章真好"), HourPassed(at=later(days=days)))

    assert still == kept(hall, "第三章真好")


def test_each_group_by_its_own_days(hall: Hall):
    """One group's patience is not another's."""
    hall.rule(keep_text_days=7)
    hall.rule("健身群", keep_text_days=90)
    hall.happens(said("第三章真好"), said("跑完五公里", group=group("健身群")))
    hall.happens(HourPassed(at=later(days=30)))

    assert not kept(hall, "第三章真好")
    assert kept(hall, "跑完五公里")


def test_a_group_that_the_config_dropped(hall: Hall):
    """Its texts do not stay for ever: the default holds."""
    hall.happens(said("第三章真好"))
    hall.settings.clear()
    hall.happens(HourPassed(at=later(days=29)))
    assert kept(hall, "第三章真好")
    hall.happens(HourPassed(at=later(days=31)))

    assert not kept(hall, "第三章真好")


def test_the_message_itself_stays(hall: Hall):
    """That something was said is still counted after its text is gone."""
    hall.happens(said("第三章真好"), HourPassed(at=later(days=60)))

    assert 1 == hall.work.messages.of_member(group(), said("").author)[0]


def test_words_of_appeals_and_reports_go_too(hall: Hall):
    """What members wrote when they objected or reported is kept no longer than what they said."""
    hall.rule(keep_text_days=7)
    hall.happens(said("第三章真好"))
    lin, wu = said("").author, said("", "小吴").author
    case = opened(hall.work, message_id=None)
    hall.work.appeals.open(case, lin, "我是说可靠", NOON)
    hall.work.appeals.decide(case, AppealState.UPHELD, wu, NOON, "是广告")
    hall.work.complaints.add(group(), "m1", wu, lin, NOON, "他又来了")
    hall.happens(HourPassed(at=later(days=8)))

    assert [""] == [each.text for each in hall.work.appeals.of_case(case)]
    hall.work.complaints.attach(group(), "m1", case)
    assert [""] == [each.words for each in hall.work.complaints.of_case(case)]
