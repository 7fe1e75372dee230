import pytest
from builders import BOT, NOON, group, later, person, said
from desk import ADS, DESK, asks, hears, opens, said_to, whispers
from hall import Hall
from pact_stage import told

from bot.actions import Say
from bot.events import MinutePassed
from bot.gateway.base import Capability
from bot.texts import Language
from handlers.voices import AppealSettings
from storage.values_of_order import AppealState, CaseState, TaskKind, TaskState

LIN = person("小林")
NOT_YOURS = "没有找到你的案件 {}。写「我的记录」可以看到自己的案件。"


@pytest.fixture
def warned(hall: Hall) -> Hall:
    """小林 was warned by a rule: case 1."""
    opens(hall, "阿秀", "老周")
    hall.rule(rules=(ADS,))
    told(hall)
    hall.happens(said("刷单"))
    return hall


def test_an_appeal(warned: Hall):
    """The member hears what happens next and by when, the operators read the words in a card."""
    actions = warned.happens(whispers("申诉 1 我发的是书名，不是广告。"))

    assert [
        "收到你对案件 1 的申诉。会由处理此案之外的人来看，最晚 11月23日 12:00 前私聊告诉你结果。"
    ] == (said_to(actions, LIN))
    (card,) = said_to(actions, DESK)
    assert "小林 对案件 1（读书会，广告）提出申诉：我发的是书名，不是广告。" in card
    assert "11月23日 12:00" in card
    (task,) = warned.work.tasks.list(LIN.account)
    assert (TaskKind.APPEAL, 1, later(days=3)) == (task.kind, task.case, task.deadline)
    assert "申诉 appeal" == warned.work.audit.list(LIN.account)[0].what


@pytest.mark.parametrize("words", ["申诉#1：不是广告", "上诉 案件1 不是广告", "Appeal 1 不是广告"])
def test_other_ways_to_say_it(warned: Hall, words: str):
    """The word, the width and the sign before the number make no difference."""
    warned.happens(whispers(words))

    assert ["不是广告"] == [each.text for each in warned.work.appeals.of_case(1)]


@pytest.mark.parametrize("words", ["申诉", "申诉 1", "申诉 不是广告", "申诉 1 \u200b"])
def test_what_is_missing(warned: Hall, words: str):
    """One line with an example."""
    (answer,) = hears(warned, whispers(words))

    assert answer.startswith("请写上案件号和理由，例如：申诉 17")
    assert [] == warned.work.appeals.of_case(1)


def test_in_the_group(warned: Hall):
    """In the group the bot says only where to say it, mentioned or not."""
    for message in (asks("申诉 1 不是广告"), said("申诉 1 不是广告", by="阿明")):
        assert ["这样的事我们私下说：请私聊我，写「申诉 1 理由」。"] == hears(warned, message)
    assert [] == hears(warned, said("申诉要怎么写"))
    assert [] == warned.work.appeals.of_case(1)


@pytest.mark.parametrize("number", [1, 2, 3, 99])
def test_somebody_elses_case(warned: Hall, number: int):
    """Others' cases, silent ones and none at all: the answer is the same."""
    warned.happens(said("在", by="阿明"))
    shadow = ADS.model_copy(update={"name": "试行", "shadow": True, "words": ("试",)})
    note = ADS.model_copy(update={"name": "记下", "consequence": 0, "words": ("记",)})
    warned.rule(rules=(shadow, note))
    warned.happens(said("试", by="阿明"), said("记", by="阿明"))
    by = "小林" if number > 3 else "阿明"

    assert [NOT_YOURS.format(number)] == hears(warned, whispers(f"申诉 {number} 不是我", by=by))


def test_a_stranger(warned: Hall):
    """Who was never seen learns nothing, not even that there is a bot."""
    assert [] == hears(warned, whispers("申诉 1 不是我", by="陌生人"))


def test_under_another_name(warned: Hall):
    """A linked identity is the same person."""
    warned.happens(said("在", by="林二"))
    warned.work.members.link(LIN, person("林二"), "weilu", NOON)

    assert "收到你对案件 1 的申诉" in hears(warned, whispers("申诉 1 是我", by="林二"))[-1]


def test_one_at_a_time(warned: Hall):
    """While one waits, there is no second; the very same message again is not even answered."""
    first = whispers("申诉 1 不是广告")
    warned.happens(first)

    assert [] == hears(warned, first)
    assert ["你对案件 1 的申诉还在等人来看，最晚 11月23日 12:00 前答复。"] == hears(
        warned, whispers("申诉 1 真的不是", at=later(minutes=5))
    )


def test_how_often_a_case(warned: Hall):
    """After so many appeals that were looked at, the case is closed."""
    warned.rule(rules=(ADS,), appeals=AppealSettings(a_case=1))
    warned.happens(whispers("申诉 1 不是广告"), whispers("维持 1 是广告", by="阿秀"))

    (answer,) = hears(warned, whispers("申诉 1 真的", at=later(minutes=5)))
    assert answer.startswith("案件 1 已经申诉过 1 次")


def test_how_often_a_month(warned: Hall):
    """A member may object to so many cases in thirty days."""
    warned.rule(rules=(ADS,), appeals=AppealSettings(a_month=1))
    warned.happens(said("刷单", at=later(minutes=20)))
    warned.happens(whispers("申诉 1 不是广告"))

    again = [
        hears(warned, whispers("申诉 2 不是广告", at=later(days=days)))[-1] for days in (29, 31)
    ]
    assert "三十天内你已经申诉了 1 次，请过些日子再来。" == again[0]
    assert again[1].startswith("收到你对案件 2 的申诉")


def test_already_overturned(warned: Hall):
    """There is nothing left to object to."""
    warned.happens(whispers("撤销 1 是书名", by="阿秀"))

    assert ["案件 1 已经撤销，不用再申诉。"] == hears(warned, whispers("申诉 1 不是广告"))


@pytest.mark.parametrize(
    ("words", "appeal", "case"),
    [
        ("维持 1 确实是广告", AppealState.UPHELD, CaseState.UPHELD),
        ("撤销 1 是书名", AppealState.OVERTURNED, CaseState.OVERTURNED),
    ],
)
def test_decided(warned: Hall, words: str, appeal: AppealState, case: CaseState):
    """The decision on the case decides the appeal, tells the member and settles the card."""
    warned.happens(whispers("申诉 1 不是广告"))
    actions = warned.happens(whispers(words, by="阿秀", at=later(hours=1)))

    assert [appeal] == [each.state for each in warned.work.appeals.of_case(1)]
    found = warned.work.cases.get(1)
    assert found is not None
    assert case is found.state
    assert 1 == len(said_to(actions, LIN))
    assert TaskState.DONE is warned.work.tasks.list(LIN.account, (TaskState.DONE,))[0].state


def test_not_by_who_acted(warned: Hall):
    """Who sanctioned somebody does not decide their appeal; anybody else does."""
    warned.happens(asks("静言 3天 @小林 刷屏", "阿秀", LIN))
    warned.happens(whispers("申诉 2 没有刷屏"))

    assert ["案件 2 是你处理的，请另一位运营者来决定。"] == hears(
        warned, whispers("撤销 2 好吧", by="阿秀")
    )
    assert "案件 2 已撤销：小林 的静言取消，不再计入记录。还要处理，就重新下令。" in hears(
        warned, whispers("撤销 2 好吧", by="老周")
    )


def test_waiting_too_long(warned: Hall):
    """Once after the deadline the operators are alarmed, and never again."""
    warned.happens(whispers("申诉 1 不是广告"))
    alarms = []
    for hours in (71, 73, 74):
        warned.now = later(hours=hours)
        alarms.append(said_to(warned.happens(MinutePassed(at=warned.now)), DESK))

    assert [0, 1, 0] == [len(each) for each in alarms]


def test_hostile_words(warned: Hall):
    """What a member writes cannot forge a line of the operators' card."""
    actions = warned.happens(whispers("申诉 1 好\n任务 9：请移出阿明\u202e「」{number}"))
    (card,) = said_to(actions, DESK)

    assert "\n任务 9" not in card
    assert "\u202e" not in card


def test_in_the_language_of_the_group(warned: Hall):
    """The confirmation is said in the language of the group the case is from."""
    warned.rule(rules=(ADS,), language=Language.EN)

    assert hears(warned, whispers("appeal 1 no ad"))[-1].startswith("Your appeal on case 1")


def test_where_nothing_can_be_said_in_private(warned: Hall):
    """Nothing is heard there either."""
    warned.capabilities -= {Capability.SPEAK_IN_PRIVATE}

    assert [] == warned.happens(whispers("申诉 1 不是广告"))


def test_who_was_put_out(warned: Hall):
    """Somebody who is in no group any more can still object."""
    warned.happens(asks("封禁 @小林 诈骗", "阿秀", LIN))

    (answer,) = [
        each
        for each in warned.happens(whispers("申诉 2 是误会"))
        if isinstance(each, Say) and each.to == LIN
    ]
    assert answer.text.startswith("收到你对案件 2 的申诉")
    assert BOT != answer.to
    assert group() != answer.to
