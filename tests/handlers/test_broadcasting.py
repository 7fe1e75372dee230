import re
from datetime import timedelta

import pytest
from builders import group, later
from claiming import waiting as due
from desk import DESK, asks, hears, orders, said_to
from hall import Hall
from topic_stage import NINE, TOPICS, set_out

from bot.actions import Say
from bot.texts import Language, Text
from handlers.settings import WelcomeSettings
from handlers.variants import MOST, TooMany, variants
from storage.values import OutboxRow, SlotState, TopicStatus


@pytest.fixture
def bank(hall: Hall) -> Hall:
    """Two groups with programmes, three topics, two operators."""
    set_out(hall)
    return hall


def asked(hall: Hall, words: str = "话题 群发 一杯茶 到 全部") -> str:
    """The number that confirms it."""
    (preview,) = hears(hall, orders(words))
    found = re.search(r"话题 群发 (\d{4})$", preview)
    assert found is not None, preview
    return found[1]


def on_the_way(hall: Hall) -> list[OutboxRow]:
    """What waits in the outbox for groups of members, the earliest first."""
    rows = due(hall.work, "围炉", later(days=1))
    posts = [row for row in rows if row.action.key.startswith("post:")]
    return sorted(posts, key=lambda row: row.not_before)


def test_nothing_before_it_is_confirmed(bank: Hall):
    """The preview names the groups and shows what the first one will read."""
    (preview,) = hears(bank, orders("话题 群发 一杯茶 到 读书会、跑步"))

    assert "「一杯茶」→ 2 个群：" in preview
    assert {"读书会", "跑步"} <= set(re.split("[：、\n]", preview))
    assert [] == on_the_way(bank)
    assert [] == bank.work.slots.list()


def test_other_words_minutes_apart(bank: Hall):
    """Confirmed it goes to each group once, in other words, some minutes apart, as was shown."""
    (preview,) = hears(bank, orders("话题 群发 一杯茶 到 全部"))
    number = preview[-4:]
    told = hears(bank, orders(f"话题 群发 {number}"))
    one, other = on_the_way(bank)

    assert told[0].startswith("好，2 个群，从 12:01 到 12:0")
    assert {group(), group("跑步")} == {one.action.to, other.action.to}  # type: ignore[union-attr]
    assert one.action.text in preview  # type: ignore[union-attr]
    assert one.action.text != other.action.text  # type: ignore[union-attr]
    assert later(minutes=1) == one.not_before
    assert timedelta(minutes=2) <= other.not_before - one.not_before <= timedelta(minutes=5)
    assert [(SlotState.PLANNED, "tea")] * 2 == [
        (slot.state, slot.topic_key) for slot in bank.work.slots.list()
    ]


def test_a_number_confirms_once(bank: Hall):
    """Said again, by somebody else, or too late, it is none."""
    number = asked(bank)
    assert "没有等着确认" in hears(bank, orders(f"话题 群发 {number}", by="老周"))[0]
    bank.happens(orders(f"topic broadcast {number}"))
    assert "没有等着确认" in hears(bank, orders(f"话题 群发 {number}"))[0]
    assert 2 == len(on_the_way(bank))
    number = asked(bank, "话题 群发 走路 到 全部")
    bank.now = later(minutes=11)
    assert "没有等着确认" in hears(bank, orders(f"话题 群发 {number}"))[0]


def test_who_had_it_or_rests_is_left_out(bank: Hall):
    """Also between the question and the answer; where nobody is left it is said."""
    bank.happens(orders("话题 现在 读书会 一杯茶"))
    (preview,) = hears(bank, orders("话题 群发 一杯茶 到 全部"))
    assert "1 个群：跑步（不含聊过它或暂停着的 1 个）" in preview
    bank.happens(orders("话题 暂停 跑步"))
    assert "没有可发的" in hears(bank, orders("话题 群发 一杯茶 到 全部"))[0]
    bank.happens(orders(f"话题 群发 {preview[-4:]}"))

    assert 1 == len(on_the_way(bank))


def test_one_is_cancelled(bank: Hall):
    """By its number, like any post."""
    number = asked(bank)
    bank.happens(orders(f"话题 群发 {number}"))
    which = hears(bank, orders("话题 状态 跑步"))[0][:5]
    assert [f"{which} 取消了，「跑步」这一次不发。"] == hears(bank, orders(f"话题 取消 {which}"))

    assert [group()] == [row.action.to for row in on_the_way(bank)]  # type: ignore[union-attr]


def test_how_it_is_written(bank: Hall):
    """What lacks is told; a group that nobody knows is asked about."""
    assert hears(bank, orders("话题 群发 一杯茶"))[0].startswith("请这样写：话题 群发")
    assert hears(bank, orders("话题 群发 没有的 到 全部"))[0].startswith("没有找到话题")
    assert hears(bank, orders("话题 群发 一杯茶 到 没有的群"))[0].startswith("请写明哪个群")
    assert "不是可用的话题" in rested(bank)


def rested(hall: Hall) -> str:
    """What is said of a topic that rests."""
    hall.work.topics.move("book", TopicStatus.APPROVED, TopicStatus.RESTING, "甲", hall.now)
    return hears(hall, orders("话题 群发 枕边书 到 全部"))[0]


def test_no_operator_no_broadcast(bank: Hall):
    """Nothing is noted of it."""
    bank.happens(asks("话题 群发 一杯茶 到 全部", "小林"))

    assert [] == [each for each in bank.work.audit.list("围炉") if "群发" in each.what]


@pytest.mark.parametrize("seed", range(20))
def test_no_two_alike(seed: int):
    """As many as there are ways, in either language, with their own openings or ours."""
    own = Text(zh="早上好！", en="Good morning!")
    places = [(Language.ZH, None)] * 40 + [(Language.EN, None)] * 40 + [(Language.BOTH, own)] * 4
    told = variants(TOPICS[0], places, seed)

    assert len(places) == len(told) == len(set(told))
    assert told == variants(TOPICS[0], places, seed)
    assert all("今天的第一杯是什么？" in words and "一杯茶" in words for words in told)


def test_too_many_groups(bank: Hall):
    """More than there are ways to say it is refused before anything happens."""
    with pytest.raises(TooMany):
        variants(TOPICS[0], [(Language.ZH, None)] * (MOST + 1), 1)
    for number in range(MOST):
        name = f"群{number}"
        bank.rule(name, programmes={"早安": NINE}, welcome=WelcomeSettings(enabled=False))
        bank.work.groups.see(group(name), managed=True, at=bank.now)

    assert hears(bank, orders("话题 群发 一杯茶 到 全部"))[0].startswith(f"一次最多 {MOST} 个群")


def test_what_is_said_is_heard_once(bank: Hall):
    """The same order heard again asks nothing new."""
    message = orders("话题 群发 一杯茶 到 全部")
    assert 1 == len([each for each in bank.happens(message) if isinstance(each, Say)])
    assert [] == said_to(bank.happens(message), DESK)
