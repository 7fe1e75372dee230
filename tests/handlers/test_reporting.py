import pytest
from builders import ACCOUNT, BOT, NOON, group, later, person, said
from desk import ADS, DESK, asks, hears, opens, said_to, whispers
from hall import Hall

from bot.events import Message, Quote
from bot.gateway.base import Capability
from handlers.voices import ReportSettings
from storage.values_of_order import CaseState, ComplaintState, RaisedBy, TaskKind

LIN = person("小林")
THANKS = "谢谢告诉我，已经记下，运营者会留意。你是谁不会告诉对方。"


@pytest.fixture
def annoyed(hall: Hall) -> Hall:
    """小林 has said something that others do not like."""
    opens(hall, "老周")
    hall.happens(said("你们都是傻瓜", id="insult"))
    return hall


def quotes(words: str, by: str, **over: object) -> Message:
    """Somebody quotes the insult."""
    return said(words, by=by, quote=Quote("小林", "你们都是傻瓜"), at=later(minutes=1), **over)


def decided(hall: Hall, reporters: str, upheld: bool, times: int) -> None:  # noqa: FBT001
    """So many reports of these people were decided before."""
    for number in range(times):
        case = hall.work.cases.get(1)
        assert case is not None
        for name in reporters:
            message = f"old-{name}-{number}"
            hall.work.complaints.add(group(), message, person("老王"), person(name), NOON, "")
            hall.work.complaints.attach(group(), message, 1)
    hall.work.complaints.settle(1, upheld=upheld)


def test_a_report(annoyed: Hall):
    """By a quote alone: thanked in private; the group and the reported read nothing."""
    actions = annoyed.happens(quotes("举报", "甲"))

    assert [THANKS] == said_to(actions, person("甲"))
    assert 1 == len(actions)
    assert [person("甲")] == annoyed.work.complaints.count(group(), "insult", NOON)


def test_where_nothing_can_be_said_in_private(annoyed: Hall):
    """Then the thanks are said in the group, as an answer to the report."""
    annoyed.capabilities -= {Capability.SPEAK_IN_PRIVATE}

    assert [THANKS] == said_to(annoyed.happens(quotes("举报", "甲")), group())


def test_the_threshold(annoyed: Hall):
    """Three different people raise one case for the operators; more only join it."""
    cards = [
        said_to(annoyed.happens(quotes(words, by)), DESK)
        for words, by in [
            ("举报 骂人", "甲"),
            ("举报", "乙"),
            ("举报，骂人！", "丙"),
            ("举报", "丁"),
        ]
    ]
    case = annoyed.work.cases.get(1)

    assert [0, 0, 1, 0] == [len(each) for each in cards]
    assert (
        "3 位成员举报了 小林（读书会），案件 1：你们都是傻瓜\n他们说：骂人 / 骂人！\n"
        in cards[2][0]
    )
    assert case is not None
    assert (RaisedBy.REPORT, CaseState.CONFIRMING) == (case.raised_by, case.state)
    assert ("你们都是傻瓜", "insult", LIN) == (case.excerpt, case.platform_message_id, case.member)
    assert 4 == len(annoyed.work.complaints.of_case(1))
    assert [TaskKind.REPORT] == [each.kind for each in annoyed.work.tasks.list(ACCOUNT)]


def test_nobody_is_sanctioned_by_reports_alone(annoyed: Hall):
    """Nothing is said to the reported and nothing is in force, however many report."""
    actions = annoyed.happens(*(quotes("举报", by) for by in "甲乙丙丁戊"))

    assert [] == said_to(actions, LIN)
    assert [] == said_to(actions, group())
    assert [] == annoyed.work.sanctions.in_force(group(), LIN, NOON)
    assert [] == annoyed.work.cases.strikes(group(), LIN, NOON)


@pytest.mark.parametrize(
    ("word", "state"), [("维持", ComplaintState.UPHELD), ("撤销", ComplaintState.REJECTED)]
)
def test_decided(annoyed: Hall, word: str, state: ComplaintState):
    """A human decides; the reporters' record follows, and the reported never reads of them."""
    annoyed.happens(*(quotes("举报 骂人", by) for by in "甲乙丙"))
    actions = annoyed.happens(whispers(f"{word} 1 看过了", by="老周"))

    assert {state} == {each.state for each in annoyed.work.complaints.of_case(1)}
    told = " ".join(said_to(actions, LIN) + said_to(actions, group()))
    assert not {"甲", "乙", "丙"} & set(told)
    assert (1 if word == "维持" else 0) == len(said_to(actions, group()))
    assert ["这条消息已经有人处理过了，谢谢你。"] == hears(annoyed, quotes("举报", "戊"))


def test_the_same_reporter_again(annoyed: Hall):
    """One person counts once, under whatever name."""
    annoyed.happens(quotes("举报", "甲"), quotes("举报", "甲二"))
    annoyed.work.members.link(person("甲"), person("甲二"), "weilu", NOON)

    again = quotes("举报 真的", "甲", id="again")
    assert ["你已经告诉过我了，运营者会留意。"] == hears(annoyed, again)
    assert [] == said_to(annoyed.happens(quotes("举报", "乙")), DESK)


def test_trusted_reporters(annoyed: Hall):
    """Whose reports proved right counts twice."""
    annoyed.happens(*(quotes("举报", by) for by in "子丑寅"))
    decided(annoyed, "甲", upheld=True, times=3)
    annoyed.happens(said("还是傻瓜", id="again", at=later(hours=30)))
    later_on = {"quote": Quote("小林", "还是傻瓜"), "at": later(hours=31)}

    assert [0, 1] == [
        len(said_to(annoyed.happens(said("举报", by=by, **later_on)), DESK)) for by in "甲乙"
    ]


def test_careless_reporters(annoyed: Hall):
    """Whose reports were mostly wrong counts nothing, reads the same thanks, and may do so once."""
    annoyed.happens(*(quotes("举报", by) for by in "子丑寅"))
    decided(annoyed, "甲乙丙", upheld=False, times=3)
    annoyed.happens(said("还是傻瓜", id="again", at=later(hours=30)))
    later_on = {"quote": Quote("小林", "还是傻瓜"), "at": later(hours=31)}
    reports = [annoyed.happens(said("举报", by=by, **later_on)) for by in "甲乙丙"]

    assert [] == [text for actions in reports for text in said_to(actions, DESK)]
    assert [THANKS] == said_to(reports[0], person("甲"))
    annoyed.happens(said("又来", id="third", at=later(hours=32)))
    third = said("举报", by="甲", quote=Quote("小林", "又来"), at=later(hours=33))
    assert ["今天你举报的次数已经够多了，明天再来吧。"] == hears(annoyed, third)


def test_so_many_a_day(annoyed: Hall):
    """Everybody may report so often a day."""
    annoyed.rule(reports=ReportSettings(a_day=1))
    annoyed.happens(quotes("举报", "甲"), said("再说一句", id="second", at=later(minutes=1)))
    second = {"by": "甲", "quote": Quote("小林", "再说一句")}

    assert ["今天你举报的次数已经够多了，明天再来吧。"] == hears(
        annoyed, said("举报", at=later(hours=2), **second)
    )
    assert [THANKS] == hears(annoyed, said("举报", at=later(hours=25), **second))


def test_too_long_ago(annoyed: Hall):
    """Reports that lie too far apart do not add up."""
    annoyed.happens(quotes("举报", "甲"), quotes("举报", "乙"))
    late = said("举报", by="丙", quote=Quote("小林", "你们都是傻瓜"), at=later(days=8))

    assert [] == said_to(annoyed.happens(late), DESK)


def test_by_name(annoyed: Hall):
    """A mention means the last message of that person."""
    annoyed.happens(said("举报 @小林 骂人", by="甲", mentions=(LIN,), at=later(minutes=2)))

    assert [person("甲")] == annoyed.work.complaints.count(group(), "insult", NOON)


def test_without_any_message(annoyed: Hall):
    """Who never said a word can be reported, too; that is about the person."""
    silent = person("哑巴")
    annoyed.work.memberships.seen(group(), silent, NOON)
    for by in "甲乙丙":
        annoyed.happens(said("举报 @哑巴 私信骚扰", by=by, mentions=(silent,), at=later(minutes=2)))
    case = annoyed.work.cases.get(1)

    assert case is not None
    assert ("", silent) == (case.platform_message_id, case.member)


def test_in_private(annoyed: Hall):
    """By name and reason, in a group that both are in."""
    annoyed.happens(said("在", by="甲"))

    assert [THANKS] == hears(annoyed, whispers("举报 小林 骂人", by="甲", at=later(minutes=2)))
    assert [person("甲")] == annoyed.work.complaints.count(group(), "insult", NOON)
    for words in ("举报", "举报 小林"):
        (answer,) = hears(annoyed, whispers(words, by="甲", at=later(minutes=len(words) * 3)))
        assert answer.startswith("请写上对方在群里的名字和理由")


def test_in_private_only_ones_own_groups(annoyed: Hall):
    """Nobody learns who is in a group where they are not, and strangers learn nothing at all."""
    annoyed.rule("秘密群")
    annoyed.happens(said("在", by="影子", group=group("秘密群")), said("在", by="甲"))
    absent = [
        hears(annoyed, whispers(f"举报 {name} 骂人", by="甲", at=later(minutes=minute)))
        for name, minute in [("影子", 1), ("没有这人", 5)]
    ]

    assert absent[1][0] == absent[0][0].replace("影子", "没有这人")
    assert [] == hears(annoyed, whispers("举报 小林 骂人", by="陌生人"))


def test_which_of_two(annoyed: Hall):
    """Where a name fits more than one, the bot asks which, and the answer works."""
    annoyed.rule("健身群")
    annoyed.happens(
        said("在", by="甲"),
        said("在", by="甲", group=group("健身群")),
        said("在", group=group("健身群"), id="other"),
    )
    (question,) = hears(annoyed, whispers("举报 小林 骂人", by="甲"))

    assert "不止一个，请写清是哪个：小林@「读书会」、小林@「健身群」" == question
    assert [THANKS] == hears(
        annoyed, whispers("举报 小林@「健身群」 骂人", by="甲", at=later(minutes=2))
    )
    assert [person("甲")] == annoyed.work.complaints.count(group("健身群"), "other", NOON)


def test_what_a_rule_has_dealt_with(annoyed: Hall):
    """There is nothing left to report."""
    annoyed.rule(rules=(ADS,))
    annoyed.happens(said("刷单吗", at=later(minutes=1)))
    report = said("举报", by="甲", quote=Quote("小林", "刷单吗"), at=later(minutes=2))

    assert ["这条消息已经有人处理过了，谢谢你。"] == hears(annoyed, report)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (quotes("举报", "小林"), "这是你自己呀。"),
        (said("举报", by="甲", quote=Quote("谁", "没说过")), "没有找到你引用的那条消息。"),
        (asks("举报", "甲"), "要举报一条消息，请引用它并写「举报」"),
    ],
)
def test_what_cannot_be_reported(annoyed: Hall, message: Message, answer: str):
    """Oneself, what cannot be found, and nothing in particular: each gets one kind line."""
    (said_,) = hears(annoyed, message)

    assert said_.startswith(answer)


@pytest.mark.parametrize(
    "message",
    [
        said("举报电话是多少", by="甲"),
        said("举报的人真多", by="甲"),
        quotes("举报了吗", "甲"),
        quotes("report looks good", "甲"),
        said("我要举报", by="甲"),
    ],
)
def test_ordinary_talk(annoyed: Hall, message: Message):
    """Talk about reports is none."""
    assert [] == annoyed.happens(message)


def test_reporting_us(annoyed: Hall):
    """Our own words are a matter for the admins."""
    annoyed.happens(said("大家好", author=BOT, ours=True, id="ours"))
    report = said("举报", by="甲", quote=Quote("围炉", "大家好"), at=later(minutes=1))

    assert ["那是我自己说的。对我有意见，请直接告诉管理员。"] == hears(annoyed, report)


def test_hostile_words(annoyed: Hall):
    """Neither what is reported nor the reasons forge a line of the card."""
    annoyed.happens(said("任务 9：\n「请」移出阿明\u202e{x}", id="bad", at=later(minutes=1)))
    bad = Quote("小林", "任务 9： 「请」移出阿明\u202e{x}", message_id="bad")
    cards = [
        said_to(annoyed.happens(said("举报 一\n二", by=by, quote=bad, at=later(minutes=2))), DESK)
        for by in "甲乙丙"
    ]

    assert 4 == len(cards[2][0].split("\n"))
    assert "\u202e" not in cards[2][0]
