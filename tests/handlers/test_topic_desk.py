import re
from datetime import datetime

import pytest
from builders import NOON, group, later, person, said
from claiming import waiting
from desk import DESK, asks, hears, orders, said_to, whispers
from hall import Hall
from topic_stage import set_out

from bot.actions import Say
from bot.events import MinutePassed, SlotDue
from bot.pace import QuietHours
from handlers.settings import WelcomeSettings
from storage.values import OutboxState, SlotState, TopicKind, TopicStatus


@pytest.fixture
def bank(hall: Hall) -> Hall:
    """Two groups with programmes, three topics, two operators; it is Friday noon."""
    set_out(hall)
    return hall


def due(hall: Hall, wall: str, at: datetime, programme: str = "早安", name: str = "读书会") -> list:
    """A due time comes; what is decided."""
    hall.now = at
    return hall.happens(
        SlotDue(group=group(name), programme=programme, wall=wall, due_at=at, at=at)
    )


TOMORROW_NINE = later(hours=21)
WALL = "2026-11-21T09:00"


def test_the_orders_are_told(bank: Hall):
    """话题 alone, and with a word that is none."""
    assert hears(bank, orders("话题"))[0].startswith("话题的口令：\n")
    assert hears(bank, orders("话题 删除 一杯茶"))[0].startswith("话题的口令：\n")
    assert [] == hears(bank, orders("话题 这么多，聊不完"))
    assert [] == hears(bank, orders("话题挺多的"))
    assert [] == hears(bank, orders("topics are nice"))


def test_who_is_no_operator_orders_nothing(bank: Hall):
    """They are answered like anybody who says something unknown."""
    before = bank.work.slots.list()
    hears(bank, whispers("话题 现在 读书会"), asks("话题 现在"))

    assert before == bank.work.slots.list()


@pytest.mark.parametrize(
    "words",
    [
        "话题 添加 喝水：今天喝够了吗？ #健康 #早晨 专业",
        "topic add 喝水: 今天喝够了吗？ #健康 #早晨 professional",
    ],
)
def test_a_topic_is_added(bank: Hall, words: str):
    """With tags and kind, by the operator; at once approved."""
    assert ["加进话题库了：喝水"] == hears(bank, orders(words))
    topic = bank.work.topics.get("喝水")

    assert topic is not None
    assert ("今天喝够了吗？", ("健康", "早晨"), TopicKind.PROFESSIONAL, TopicStatus.APPROVED) == (
        topic.text, topic.tags, topic.kind, topic.status
    )  # fmt: skip
    assert ["阿秀"] == [getattr(each.by, "name", "") for each in bank.work.topics.history("喝水")]


def test_what_cannot_be_added(bank: Hall):
    """Nothing is overwritten, what is too long is told, and what is alike is pointed out."""
    assert ["话题库里已经有「一杯茶」了。"] == hears(bank, orders("话题 添加 一杯茶：别的"))
    assert "太长" in hears(bank, orders(f"话题 添加 {'长' * 61}：？"))[0]
    assert hears(bank, orders("话题 添加"))[0].startswith("请这样写：")
    near = hears(bank, orders("话题 添加 第一杯：今天的第一杯是什么？"))
    assert "和「一杯茶」很像" in near[0]


def test_the_list(bank: Hall):
    """Approved ones, or those of a status or with a tag, on one screen."""
    bank.happens(orders("话题 添加 喝水：今天喝够了吗？ #健康"))
    told = hears(bank, orders("话题 列表"))[0].split("\n")

    assert ("可用的话题有 4 个：", "1. 一杯茶：万能") == (told[0], told[1])
    assert "1. 喝水：万能 健康" == hears(bank, orders("话题 列表 健康"))[0].split("\n")[1]
    assert ["没有待审的话题。"] == hears(bank, orders("话题列表 待审"))
    assert ["没有标签「没有」的话题。"] == hears(bank, orders("话题 列表 没有"))


def test_what_comes_next(bank: Hall):
    """When and which and why, in each group; the same as will be posted."""
    told = hears(bank, orders("话题 下一个"))[0]
    first = re.search(r"「读书会」11月20日 20:00，夜谈：(.+)\n　因为：.+", told)

    assert first is not None
    assert "「跑步」11月21日 09:00，早安：" in told
    (speech,) = due(bank, "2026-11-20T20:00", later(hours=8), "夜谈")
    assert f"【话题】{first[1]}\n" in speech.text


def test_talk_is_no_order(bank: Hall):
    """What goes on after an order is refused, and in English left alone where nobody asked us."""
    assert ["「的话我不同意」不是我照看的群，也不是节目。"] == hears(
        bank, orders("话题 跳过 跑步 的话我不同意")
    )
    assert [] == hears(bank, orders("topic next week is about money"))
    assert [] == hears(bank, orders("topic skip 跑步 would be sad"))
    assert () == bank.work.arrangements.of_group(group("跑步"))


def test_the_next_one_is_skipped(bank: Hall):
    """Only that one; the answer says which, 话题 下一个 shows it, and the slot says why."""
    assert ["「跑步」11月21日 09:00 的「早安」这一次不发了。改主意就写：话题 照常 跑步"] == hears(
        bank, orders("话题 跳过 跑步")
    )
    assert "「跑步」11月21日 09:00，早安：跳过" in hears(bank, orders("topic next 跑步"))[0]
    assert [] == due(bank, WALL, TOMORROW_NINE, name="跑步")
    (slot,) = bank.work.slots.list(group("跑步"))
    assert SlotState.SKIPPED is slot.state
    assert 1 == len(due(bank, "2026-11-22T09:00", later(hours=45), name="跑步"))


def test_what_was_skipped_comes_as_usual(bank: Hall):
    """The order that the answer to skipping names takes it back, and says so if nothing is."""
    bank.happens(orders("话题 跳过 跑步"))

    assert ["「跑步」11月21日 09:00 的「早安」照常发。"] == hears(bank, orders("话题 照常 跑步"))
    assert ["「跑步」接下来的都没有跳过，也没有换过，照常发。"] == hears(
        bank, orders("话题 照常 跑步")
    )
    assert 1 == len(due(bank, WALL, TOMORROW_NINE, name="跑步"))


def test_another_topic_is_pinned(bank: Hall):
    """By title, key or part of a title; where it is not clear it is asked."""
    assert ["「读书会」11月21日 09:00 的「早安」会发：枕边书"] == hears(
        bank, orders("话题 换 读书会 早安 枕边书")
    )
    assert "「读书会」11月20日 20:00 的「夜谈」会发：走路" in hears(
        bank, orders("topic pin 读书会 walk")
    )
    (speech,) = due(bank, WALL, TOMORROW_NINE)
    assert "【话题】枕边书" in speech.text
    assert ["没有找到话题「没有的」。写「话题 列表」看有哪些。"] == hears(
        bank, orders("话题 换 读书会 没有的")
    )
    assert hears(bank, orders("话题 换 枕边书"))[0].startswith("请写明哪个群：")
    assert hears(bank, orders("话题 换 读书会"))[0].startswith("请写上话题的标题")


def test_said_in_a_group(bank: Hall):
    """With a mention the group need not be named; the answer comes in private."""
    actions = bank.happens(asks("话题 跳过", "阿秀"))

    assert [
        "「读书会」11月20日 20:00 的「夜谈」这一次不发了。改主意就写：话题 照常 读书会"
    ] == said_to(actions, person("阿秀"))
    assert [] == hears(bank, said("话题 跳过", by="阿秀"))


def test_pause_and_resume(bank: Hall):
    """A group or a programme rests; a post of now is refused with the way out."""
    assert ["「跑步」的话题暂停了。恢复就写：话题 恢复 跑步"] == hears(
        bank, orders("话题 暂停 跑步")
    )
    assert ["「跑步」的话题本来就停着。"] == hears(bank, orders("话题 暂停 跑步"))
    assert "先恢复：话题 恢复 跑步" in hears(bank, orders("话题 现在 跑步"))[0]
    assert "「跑步」全部节目 暂停中" in hears(bank, orders("话题 下一个 跑步"))[0]
    assert [] == due(bank, WALL, TOMORROW_NINE, name="跑步")
    assert ["「跑步」的话题恢复了。"] == hears(bank, orders("topic resume 跑步"))
    assert 1 == len(due(bank, "2026-11-22T09:00", later(hours=45), name="跑步"))
    assert ["「读书会」的节目「夜谈」暂停了。恢复就写：话题 恢复 读书会"] == hears(
        bank, orders("话题 暂停 读书会 夜谈")
    )
    assert ["「读书会」的话题恢复了。"] == hears(bank, orders("话题 恢复 读书会"))
    assert 2 == hears(bank, orders("话题 暂停 全部"))[0].count("暂停了")


def test_one_now(bank: Hall):
    """At once, of this topic or of the best; twice in a minute it is one."""
    actions = bank.happens(orders("话题 现在 读书会 走路"))

    assert ["【话题】走路\n昨天走了多远，看见什么？"] == said_to(actions, group())
    assert ["好，「读书会」马上发。写「话题 状态」看结果。"] == said_to(actions, DESK)
    again = bank.happens(orders("话题 现在 读书会"))
    assert ["「读书会」这一分钟已经有一个了，过一分钟再试。"] == said_to(again, DESK)
    bank.now = later(minutes=2)
    assert 1 == len(said_to(bank.happens(asks("topic now", "阿秀")), group()))
    assert [SlotState.PLANNED] * 2 == [slot.state for slot in bank.work.slots.list(group())]


def test_heard_twice(bank: Hall):
    """The very same message does nothing more, also a minute later and in private."""
    message = whispers("话题 现在 读书会", by="阿秀", id="twice")
    assert 1 == len(said_to(bank.happens(message), group()))
    bank.now = later(minutes=2)

    assert [] == bank.happens(message)


def test_the_next_one_is_moved(bank: Hall):
    """It waits until then, and is not due at its old time."""
    told = hears(bank, orders("话题 移到 跑步 明天 10:30"))
    assert ["「跑步」的「早安」从 11月21日 09:00 移到 11月21日 10:30。"] == told

    assert [] == due(bank, WALL, TOMORROW_NINE, name="跑步")
    assert "等到 11月21日 10:30" in hears(bank, orders("话题 状态 跑步"))[0]
    bank.now = later(hours=22, minutes=30)
    (speech,) = [each for each in bank.happens(MinutePassed(at=bank.now)) if isinstance(each, Say)]
    assert group("跑步") == speech.to
    assert [] == bank.happens(MinutePassed(at=bank.now))
    assert hears(bank, orders("话题 移到 跑步 昨天"))[0].startswith("看不懂这个时间")
    assert hears(bank, orders("话题 移到 跑步 2027-12-01 9:00"))[0].startswith("只能移到")


def test_moved_to_before(bank: Hall):
    """It comes earlier, once."""
    bank.happens(orders("话题 移到 跑步 20:00"))
    bank.now = later(hours=8)

    assert 1 == len(said_to(bank.happens(MinutePassed(at=bank.now)), group("跑步")))
    assert [] == due(bank, WALL, TOMORROW_NINE, name="跑步")


def number(hall: Hall, name: str = "读书会") -> str:
    """The number of the newest slot, as 话题 状态 shows it."""
    told = hears(hall, orders(f"话题 状态 {name}"))[0]
    return told[:5]


def test_a_post_is_cancelled_and_sent_after_all(bank: Hall):
    """What waits can be cancelled; what was cancelled can be sent again; what is said cannot."""
    bank.happens(orders("话题 现在 读书会 走路"))
    which = number(bank)
    assert [f"{which} 取消了，「读书会」这一次不发。"] == hears(bank, orders(f"话题 取消 {which}"))
    assert "没有发（运营者取消了" in hears(bank, orders("话题 状态"))[0]
    assert hears(bank, orders(f"话题 取消 {which}"))[0].startswith(f"{which} 已经了结：")
    assert [f"好，{which} 再发一次（「读书会」）。"] == hears(bank, orders(f"topic resend {which}"))
    (slot,) = bank.work.slots.list(group())
    assert SlotState.PLANNED is slot.state
    row = bank.work.outbox.of_key("围炉", f"post:{slot.id}")
    assert row is not None
    bank.work.outbox.settle(row.id, OutboxState.DONE, bank.now)
    assert [f"{which} 已经在「读书会」里了，不再重复。"] == hears(
        bank, orders(f"话题 重发 {which}")
    )


def test_one_in_doubt(bank: Hall):
    """It is neither cancelled nor moved; somebody has to look, and may have it sent again."""
    bank.happens(orders("话题 现在 读书会"))
    which = number(bank)
    (slot,) = bank.work.slots.list(group())
    row = bank.work.outbox.of_key("围炉", f"post:{slot.id}")
    assert row is not None
    bank.work.outbox.settle(row.id, OutboxState.UNCONFIRMED, bank.now, "断了 cut off")

    assert "未确认（断了 cut off）" in hears(bank, orders("话题 状态"))[0]
    for words in (f"话题 取消 {which}", f"话题 移到 {which} 20:00"):
        assert hears(bank, orders(words))[0].startswith(f"{which} 发没发成没有把握")
    assert hears(bank, orders(f"话题 重发 {which}"))[0].startswith(f"好，{which} 再发一次")


def test_a_skipped_one_is_sent_after_all(bank: Hall):
    """Also one that never got as far as a topic, and one that an operator had skipped."""
    bank.happens(orders("话题 跳过 跑步"))
    due(bank, WALL, TOMORROW_NINE, name="跑步")
    which = number(bank, "跑步")
    actions = bank.happens(orders(f"话题 重发 #{which}"))

    assert 1 == len(said_to(actions, group("跑步")))
    assert [f"好，{which} 再发一次（「跑步」）。"] == said_to(actions, DESK)


def test_a_waiting_post_is_moved(bank: Hall):
    """In the outbox it waits on until then; a held one is held until then."""
    bank.happens(orders("话题 现在 读书会"))
    which = number(bank)
    assert [f"{which} 移到 11月20日 14:00（「读书会」）。"] == hears(
        bank, orders(f"话题 移到 {which} 14:00")
    )
    assert [] == [
        row for row in waiting(bank.work, "围炉", later(hours=1)) if "post" in row.action.key
    ]
    (row,) = [row for row in waiting(bank.work, "围炉", later(hours=2)) if "post" in row.action.key]
    assert later(hours=2, minutes=30) == row.action.expires_at
    bank.happens(orders("话题 移到 跑步 20:00"))
    held = number(bank, "跑步")
    assert [f"{held} 移到 11月20日 21:00（「跑步」）。"] == hears(
        bank, orders(f"topic move {held} 21:00")
    )


def test_numbers_that_are_none(bank: Hall):
    """It is said where they stand."""
    assert ["没有编号 99999。写「话题 状态」看编号。"] == hears(bank, orders("话题 取消 99999"))
    assert hears(bank, orders("话题 重发"))[0].startswith("请写上编号")
    assert ["还没有到过点。"] == hears(bank, orders("话题 状态"))


def test_every_act_is_audited(bank: Hall):
    """Who, what and where."""
    bank.happens(orders("话题 跳过 跑步"), orders("话题 暂停 读书会"))
    deeds = {(each.what.split()[1], each.by) for each in bank.work.audit.list("围炉")}

    assert {("跳过", person("阿秀")), ("暂停", person("阿秀"))} <= deeds


@pytest.mark.parametrize("zone_now", [NOON])
def test_the_effects(bank: Hall, zone_now: datetime):
    """What works, as far as anything is known."""
    bank.now = zone_now
    assert "还没有可看的效果" in hears(bank, orders("话题 效果 读书会"))[0]


def test_a_programme_may_be_asked_for(bank: Hall):
    """What comes next of it, and what became of it; effects are told of a group."""
    assert "20:00，夜谈：" in hears(bank, orders("话题 下一个 读书会 夜谈"))[0]
    due(bank, WALL, TOMORROW_NINE)
    assert "还没有到过点。" == hears(bank, orders("话题 状态 读书会 夜谈"))[0]
    assert "早安：" in hears(bank, orders("话题 状态 读书会 早安"))[0]
    assert hears(bank, orders("话题 效果 读书会 早安"))[0].startswith("效果按群看")


def test_what_was_moved_comes_next_with_its_pin(bank: Hall):
    """话题 下一个 shows the new time, and the topic that was chosen for it."""
    hears(bank, orders("话题 换 跑步 走路"), orders("话题 移到 跑步 30分钟后"))
    told = hears(bank, orders("话题 下一个 跑步"))[0]

    assert "「跑步」11月20日 12:30，早安：走路（改到这个时间）" == told.splitlines()[0]


def test_what_rests_is_not_announced(bank: Hall):
    """The other programme of the group comes next."""
    hears(bank, orders("话题 暂停 读书会 夜谈"))
    told = hears(bank, orders("话题 下一个 读书会"))[0].splitlines()

    assert ["「读书会」夜谈 暂停中", "「读书会」11月21日 09:00，早安："] == [
        told[0], told[1].split("早安：")[0] + "早安："
    ]  # fmt: skip


def test_a_pause_stops_what_is_on_its_way(bank: Hall):
    """Chosen and not sent yet: it is cancelled, and said so."""
    due(bank, WALL, TOMORROW_NINE)
    told = hears(bank, orders("话题 暂停 读书会"))
    (slot,) = bank.work.slots.list(group())

    assert "「读书会」的话题暂停了，还没发出的 1 个取消了。恢复就写：话题 恢复 读书会" == told[0]
    keys = {row.action.key for row in waiting(bank.work, bank.house.account, bank.now)}

    assert (SlotState.SKIPPED, False) == (slot.state, f"post:{slot.id}" in keys)


@pytest.mark.parametrize("words", ["标题：", "：", "标题:  "])
def test_a_title_alone_asks_nothing(bank: Hall, words: str):
    """It is not taken into the bank."""
    before = bank.work.topics.all()

    assert hears(bank, orders(f"话题 添加 {words}"))[0].startswith("请这样写：")
    assert before == bank.work.topics.all()


def test_a_programme_rests_wherever_it_is(bank: Hall):
    """Groups without it are left alone, and nothing stops half way."""
    told = hears(bank, orders("话题 暂停 全部 夜谈"))[0]

    assert "「读书会」的节目「夜谈」暂停了。恢复就写：话题 恢复 读书会" == told
    assert hears(bank, orders("话题 暂停 全部 午间"))[0].startswith("「午间」不是")


def test_a_group_without_programmes_rests_too(bank: Hall):
    """No broadcast reaches it, and its state is told with that of all."""
    bank.rule("空群", welcome=WelcomeSettings(enabled=False))
    bank.work.groups.see(group("空群"), managed=True, at=NOON)
    told = hears(bank, orders("话题 群发 走路 到 空群"))[0]
    hears(bank, orders(f"话题 群发 {re.findall('[0-9]{4}', told)[-1]}"))
    assert "空群" in hears(bank, orders("话题 状态"))[0]

    assert "取消了" in hears(bank, orders("话题 暂停 空群"))[0]
    assert [SlotState.SKIPPED] == [slot.state for slot in bank.work.slots.list(group("空群"))]


def test_many_groups_are_told_in_a_few_lines(bank: Hall):
    """All of them rest."""
    names = [f"群{number}" for number in range(20)]
    for name in names:
        bank.rule(name)
        bank.work.groups.see(group(name), managed=True, at=NOON)
    told = hears(bank, orders("话题 暂停 全部"))[0].splitlines()

    assert (9, "……还有 14 个群也一样") == (len(told), told[-1])
    assert all(bank.work.pauses.paused(group(name), "早安") for name in names)


def test_nothing_is_posted_by_hand_at_night(bank: Hall):
    """It would wait until the morning and be late by then: who orders it is told what to write."""
    night = QuietHours.model_validate({"from": "22:00", "to": "07:30"})
    bank.house = bank.house.model_copy(update={"quiet_hours": night})
    bank.now = later(hours=11)  # eleven at night

    assert "话题 移到 跑步 07:30" in hears(bank, orders("话题 现在 跑步"))[0]
    assert [] == bank.work.slots.list(group("跑步"))
