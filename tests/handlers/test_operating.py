import pytest
from builders import ACCOUNT, BOT, NOON, group, joined, later, person, said
from desk import ADS, DESK, asks, hears, opens, orders, said_to, whispers
from hall import Hall
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pact_stage import begins, told

from bot.actions import Remove, Say
from bot.config import AccountSettings, Config, OperatorsSettings
from bot.events import Group, Quote
from bot.gateway.base import Capability
from handlers.settings import GroupSettings, WelcomeSettings
from rules.consequences import Consequence
from storage.values_of_order import CaseState, TaskKind, TaskState

LIN, XIU = person("小林"), person("阿秀")


@pytest.fixture
def desk(hall: Hall) -> Hall:
    """阿秀 and 老周 sit in the operators' group; 小林 was warned: case 1."""
    opens(hall, "阿秀", "老周")
    hall.rule(rules=(ADS,), welcome=WelcomeSettings(enabled=False))
    told(hall)
    hall.happens(said("刷单", id="ad"), said("在", by="阿明"))
    return hall


def in_force(hall: Hall, who: str = "小林") -> list[Consequence]:
    """What somebody is under."""
    return [each.kind for each in hall.work.sanctions.in_force(group(), person(who), hall.now)]


def test_the_cases(desk: Hall):
    """What waits, in the operators' group without a mention, and in private."""
    expected = "等人看的案件：\n1 小林 在「读书会」：广告，警告，未决\n写「案件 17」看一个案件。"

    assert [expected] == hears(desk, orders("案件"))
    assert [expected] == hears(desk, whispers("cases", by="阿秀"))


def test_what_is_urgent_comes_first(desk: Hall):
    """An appealed case stands before newer ones, also one that was upheld before."""
    desk.happens(said("刷单", by="阿明", at=later(minutes=1)))
    desk.happens(whispers("维持 1 是广告", by="老周"), whispers("申诉 1 不是"))
    lines = hears(desk, orders("案件"))[0].split("\n")

    assert [
        "1 小林 在「读书会」：广告，警告，维持，有申诉",
        "2 阿明 在「读书会」：广告，警告，未决",
    ] == lines[1:3]


def test_what_an_operator_decided_does_not_wait(desk: Hall):
    """It needs no second look, unless somebody appeals."""
    desk.happens(orders("维持 1 是广告", by="老周"), orders("静言 3天 阿明 吵架不停"))
    assert ["没有等人看的案件。"] == hears(desk, orders("案件"))

    desk.happens(whispers("申诉 2 不是我先吵的", by="阿明"))
    assert "2 阿明 在「读书会」：人工，静言，未决，有申诉" in hears(desk, orders("案件"))[0]


def test_no_cases(desk: Hall):
    """Nothing waits."""
    desk.happens(whispers("维持 1 是广告", by="老周"))

    assert ["没有等人看的案件。"] == hears(desk, orders("案件"))


def test_one_case(desk: Hall):
    """Evidence, what followed, appeals, standing and history."""
    desk.now = later(hours=1)
    desk.happens(said("又刷单", at=desk.now), whispers("申诉 2 不是广告"))
    desk.happens(orders("维持 1 是广告"))
    (text,) = hears(desk, orders("案件 2"))

    lines = text.split("\n")
    assert "案件 2：小林「读书会」，规则「广告」，11月20日 13:00" == lines[0]
    assert "由规则发现：" in lines[1]
    assert "原文：又刷单" == lines[2]
    assert "申诉（11月20日 12:00，等人来看）：不是广告" in lines
    assert "现在：静言，到 11月27日 13:00（案件 2）" in lines
    assert "仍计入的记录 2 次" in lines
    assert "此前：1 广告" == lines[-1]
    assert "老周" not in text
    assert "阿秀 决定：是广告" in hears(desk, orders("案件 1"))[0]
    assert ["没有案件 99。"] == hears(desk, orders("案件 99"))


def test_a_case_by_hand(desk: Hall):
    """Who raised it and why; there is no message to show."""
    desk.happens(orders("静言 1d 小林 骂人"))
    lines = hears(desk, orders("案件 2", by="老周"))[0].split("\n")

    assert ["由 阿秀 提出：骂人", "结果：静言，未决"] == lines[1:3]


def test_a_case_by_reports(desk: Hall):
    """How many reported it and why, never who."""
    desk.happens(said("傻瓜", id="x"))
    for by in ("甲甲", "乙乙", "丙丙"):
        desk.happens(said("举报 骂人", by=by, quote=Quote("小林", "傻瓜", "x")))
    (text,) = hears(desk, orders("案件 2"))

    assert "举报 3 次：骂人 / 骂人 / 骂人" in text
    assert not any(name in text for name in ("甲甲", "乙乙", "丙丙"))


def test_only_operators(desk: Hall):
    """To everybody else these words are no orders, in the operators' group neither."""
    for message in (
        orders("案件 1", by="阿明"),
        said("静言 3天 @小林 刷屏", by="阿明", mentions=(LIN,)),
        orders("维持 1 是广告", by="阿明"),
    ):
        assert [] == hears(desk, message)
    assert ["这句我没听懂。可以问我：帮助、群规、我的记录。"] == hears(
        desk, whispers("撤销 1 不是", by="阿明")
    )
    found = desk.work.cases.get(1)
    assert found is not None
    assert CaseState.OPEN is found.state


def test_two_at_once(desk: Hall):
    """The second is told who decided, and nothing more happens."""
    desk.happens(orders("维持 1 是广告"))
    actions = desk.happens(orders("维持 1 是广告", by="老周"))

    assert ["案件 1 已由 阿秀 决定：维持。"] == said_to(actions, DESK)
    assert 1 == len(actions)


def test_a_false_hit(desk: Hall):
    """误判 at the end counts against the rule; the member reads only the reason."""
    desk.happens(orders("撤销 1 是书名，误判"))
    found = desk.work.cases.get(1)

    assert found is not None
    assert (CaseState.OVERTURNED, True) == (found.state, found.false_hit)
    assert "是书名" == found.decided_why


@pytest.mark.parametrize(
    ("words", "kind", "what"),
    [
        ("静言 3天 @小林 刷屏", Consequence.QUIET, "静言，到 11月23日 12:00"),
        ("移出 @小林 7天 骂人", Consequence.REMOVE, "移出，到 11月27日 12:00"),
        ("封禁 @小林 诈骗", Consequence.BAN, "移出，不再邀请"),
    ],
)
def test_in_the_group_itself(desk: Hall, words: str, kind: Consequence, what: str):
    """With the bot mentioned; the answer is private, and the member hears it from the bot."""
    actions = desk.happens(asks(words, "阿秀", LIN))

    assert [kind] == in_force(desk)
    told = f"案件 2：「读书会」的 小林，{what}。要取消就写：撤销 2 理由"
    assert [told] == said_to(actions, XIU)
    assert (kind >= Consequence.REMOVE) == any(isinstance(each, Remove) for each in actions)
    assert 1 == len(said_to(actions, LIN))


def test_not_without_a_mention_of_the_bot(desk: Hall):
    """An operator who reminds somebody of a meeting sanctions nobody."""
    assert [] == desk.happens(said("提醒 @小林 明天开会", by="阿秀", mentions=(LIN,)))
    assert [] == in_force(desk)


@pytest.mark.parametrize("words", ["静言 3天 小林 刷屏", "静言 3天 @小林 刷屏", "静言 3天 #1 刷屏"])
def test_from_the_operators_group(desk: Hall, words: str):
    """By name, with or without the sign, or by a case; in the only group they are in."""
    desk.happens(orders(words))

    assert [Consequence.QUIET] == in_force(desk)


def test_which_group(desk: Hall):
    """In two groups the bot asks which, and does nothing until it is told."""
    desk.rule("健身群")
    desk.happens(said("在", group=group("健身群")))

    assert ["不止一个，请写清是哪个：小林@「读书会」、小林@「健身群」"] == hears(
        desk, orders("警告 小林 广告")
    )
    desk.happens(orders("静言 1d 小林@读书会 广告"))
    assert [Consequence.QUIET] == in_force(desk)


def test_namesakes(desk: Hall):
    """Two of one name in one group are told apart by their ids."""
    other = LIN.__class__(ACCOUNT, "id-other", "小林")
    desk.happens(said("我也叫小林", author=other))
    (question,) = hears(desk, orders("静言 1d 小林 广告"))

    assert "id-小林@「读书会」" in question
    assert "id-other@「读书会」" in question
    desk.happens(orders("静言 1d id-other@读书会 广告"))
    assert [] == in_force(desk)
    assert 1 == len(desk.work.sanctions.in_force(group(), other, NOON))


def test_the_same_order_heard_twice(desk: Hall):
    """Private words are not recorded, and still one order is one case."""
    message = whispers("静言 1d 小林 广告", by="阿秀")
    desk.happens(message, message)

    assert desk.work.cases.get(2) is not None
    assert desk.work.cases.get(3) is None


@pytest.mark.parametrize(
    "words", ["解封 小林 说清楚了", "解封 2 说清楚了", "解封 小林@读书会 说清楚了"]
)
def test_release(desk: Hall, words: str):
    """By name, also of somebody who is out, or by the case."""
    desk.happens(asks("静言 3天 @小林 刷屏", "阿秀", LIN))
    actions = desk.happens(whispers(words, by="老周"))

    assert [] == in_force(desk)
    assert [
        "已解除：小林 在「读书会」的静言；案件 2 仍在记录里。还要处理，就重新下令。"
    ] == said_to(actions, person("老周"))
    assert ["对方现在没有受处理。"] == hears(desk, orders(words))


def test_exempt(desk: Hall):
    """By name, rule and day; listed, seen in the dossier, and taken back."""
    (text,) = hears(desk, orders("豁免 小林 广告 请来的讲师 到 2026-12-31"))
    assert text.startswith("小林 在「读书会」不受规则「广告」约束，到 2026-12-31 为止（含）。")
    assert text.endswith("要取消就写：取消豁免 小林 广告 理由")
    assert [
        "现在的豁免：\n小林 在「读书会」：规则「广告」，到 2026-12-31 为止（含）。请来的讲师"
    ] == hears(desk, orders("豁免", id="list"))
    assert (
        "\n豁免：规则「广告」，到 2026-12-31 为止（含）。阿秀 定的：请来的讲师\n"
        in hears(desk, orders("案件 1"))[0]
    )
    assert ["小林 在「读书会」的豁免已取消。"] == hears(desk, orders("取消豁免 小林 广告 讲完了"))
    assert "没有在聊天里定过" in hears(desk, orders("豁免"))[0]
    assert ["「读书会」没有叫「刷屏」的规则，有：广告；也可以写：所有"] == hears(
        desk, orders("豁免 小林 刷屏 话多")
    )


def test_link(desk: Hall):
    """Two names are one person from now on, once."""
    (text,) = hears(desk, orders("关联 小林 阿明"))
    assert text.startswith("小林 和 阿明 从现在起算同一个人，记录合在一起算。")
    assert desk.work.members.same(LIN, person("阿明"))
    assert ["小林 和 阿明 已经算同一个人。"] == hears(desk, orders("关联 小林 阿明"))
    assert "关联 link" == desk.work.audit.list(ACCOUNT)[0].what


def test_a_name_with_gaps(desk: Hall):
    """What undoes it can be sent as it is written."""
    desk.happens(joined("小 林"), joined("大 林"))
    (text,) = hears(desk, orders("关联 「小 林」 「大 林」"))
    (undone,) = hears(desk, orders(text.split("弄错了就写：")[1]))

    assert undone.startswith("小 林 和 大 林 从现在起是两个人")


def test_two_operators_are_not_linked(desk: Hall):
    """As one person they could not review each other; neither by way of another account."""
    desk.happens(joined("阿秀"), joined("老周"), joined("大号"))
    assert "都是运营者" in hears(desk, orders("关联 阿秀 老周"))[0]
    desk.happens(orders("关联 阿秀 大号"))

    assert "都是运营者" in hears(desk, orders("关联 大号 老周"))[0]
    assert not desk.work.members.same(XIU, person("老周"))


def test_link_with_somebody_who_is_out(desk: Hall):
    """If one of them is out by a case, the operators get a card about the other."""
    desk.happens(asks("封禁 @小林 诈骗", "阿秀", LIN))
    desk.happens(orders("关联 小林 阿明"))

    cards = [each for each in desk.work.tasks.list(ACCOUNT) if each.kind is TaskKind.REMOVE]
    assert [person("阿明")] == [each.member for each in cards if each.member != LIN]


def test_a_link_is_undone(desk: Hall):
    """They are two again, and nobody is asked to put out the wrong one."""
    desk.happens(asks("封禁 @小林 诈骗", "阿秀", LIN))
    desk.happens(orders("关联 小林 阿明"))
    (text,) = hears(desk, orders("取消关联 小林 阿明"))

    assert text.startswith("小林 和 阿明 从现在起是两个人")
    assert not desk.work.members.same(LIN, person("阿明"))
    assert [] == [each for each in desk.work.tasks.list(ACCOUNT) if each.member == person("阿明")]
    assert ["小林 和 阿明 本来就没有算同一个人。"] == hears(desk, orders("取消关联 小林 阿明"))
    assert "取消关联 unlink" == desk.work.audit.list(ACCOUNT)[0].what


def test_tasks(desk: Hall):
    """They are listed and settled once; what asks for a decision is settled by one."""
    desk.happens(joined("阿花"))
    number = desk.work.tasks.open(
        ACCOUNT, "k", TaskKind.INVITE, "请把 阿花 请回", later(days=1), NOON, group=group()
    )
    desk.happens(whispers("申诉 1 不是广告"))
    (text,) = hears(desk, orders("任务"))

    assert f"\n{number} 请把 阿花 请回（11月21日 12:00 前）\n" in text
    assert [f"任务 {number} 已完成，谢谢。"] == hears(desk, orders(f"完成 {number} 已请回"))
    assert [f"任务 {number} 已经结束：阿秀：已请回"] == hears(
        desk, orders(f"完成 {number}", by="老周")
    )
    (appeal,) = desk.work.tasks.list(ACCOUNT, (TaskState.OPEN,))
    assert "维持 1 理由" in hears(desk, orders(f"完成 {appeal.number}"))[0]
    assert ["没有任务 99。"] == hears(desk, orders("完成 99"))


def test_what_is_missing(desk: Hall):
    """One line with an example; English words that begin an ordinary sentence are left alone."""
    assert ["请写上理由，当事人会读到，例如：警告 @小林 又发广告"] == hears(
        desk, orders("警告 小林")
    )
    assert [] == hears(desk, orders("done"))
    assert 1 == len(hears(desk, whispers("done", by="阿秀")))


def test_evidence_is_not_for_the_group(desk: Hall):
    """Asked in a group it is told in private, and not at all where that cannot be."""
    actions = desk.happens(asks("案件 1", "阿秀"))
    assert 1 == len(said_to(actions, XIU))
    assert [] == said_to(actions, group())

    desk.capabilities -= {Capability.SPEAK_IN_PRIVATE}
    assert ["这不便在群里说，请在运营群里或私下问我。"] == hears(desk, asks("案件 1", "阿秀"))


def test_in_the_audit_trail(desk: Hall):
    """Every act, by whom and why."""
    desk.happens(orders("静言 1d 小林 刷屏"), orders("解封 小林 好了"), orders("维持 1 是广告"))

    deeds = desk.work.audit.list(ACCOUNT)
    assert 3 == len(deeds)
    assert {XIU} == {each.by for each in deeds}


def test_hostile_names(desk: Hall):
    """A name or a group's name cannot forge a line of what operators read."""
    forged = Group(ACCOUNT, "x@room", "群」\n9 阿明「y")
    desk.settings[forged] = desk.settings[group()]
    bad = LIN.__class__(ACCOUNT, "bad", "阿花\n9 阿明\u202e「z")
    told_to = desk.happens(said("刷单", author=bad, group=forged))
    (text,) = hears(desk, orders("案件"))

    assert told_to
    assert 4 == len(text.split("\n"))
    assert "\u202e" not in text


def test_answers_are_kept_from_coming_too_late(desk: Hall):
    """An answer to an operator is worth reading for hours, not for ever."""
    (answer,) = desk.happens(orders("案件"))

    assert isinstance(answer, Say)
    assert later(hours=12) == answer.expires_at


def test_the_operators_group_is_told_no_rules(desk: Hall):
    """It is for orders: no rules are announced there, and help shows what operators may do."""
    desk.settings[DESK] = (
        Config(account=AccountSettings(), operators=OperatorsSettings(group="运营群")).group(DESK)
        or GroupSettings()
    )

    assert [] == said_to(list(begins(desk, "运营群")), DESK)
    help_ = said("@围炉 帮助", by="阿秀", group=DESK, mentions=(BOT,))
    assert "维持 17 理由" in hears(desk, help_)[0]


_WORDS = st.sampled_from(
    [
        "案件",
        "维持",
        "撤销",
        "静言",
        "封禁",
        "解封",
        "豁免",
        "取消豁免",
        "关联",
        "取消关联",
        "任务",
        "完成",
        "申诉",
        "举报",
        "绑定",
    ]
)
_PIECES = st.sampled_from(
    [
        "1",
        "#1",
        "99999999",
        "@小林",
        "小林@读书会",
        "3天",
        "0s",
        "「",
        "」",
        "@",
        "到 2026-02-30",
        "{x}",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    word=_WORDS,
    rest=st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=5),
    place=st.sampled_from([None, DESK, group()]),
    by=st.sampled_from(["阿秀", "小林"]),
)
def test_no_text_breaks_it(desk: Hall, word: str, rest: list[str], place: Group | None, by: str):
    """Whatever is said to the bot, by whom and wherever: no fault, and no line that is not ours."""
    text = f"{word} {' '.join(rest)}"
    message = said(text, by=by, group=place, mentions=(BOT, LIN) if place else ())
    with desk.work.savepoint():
        for answer in hears(desk, message):
            assert not {"\0", "\u202e", "\r"} & set(answer)
