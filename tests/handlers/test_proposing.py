import pytest
from builders import group, joined, later, person, said
from desk import ADS, DESK, asks, hears, orders, said_to, whispers
from hall import Hall
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from topic_stage import NINE, set_out

from bot.actions import Say
from bot.gateway.base import Capability
from handlers.proposals import written
from handlers.settings import WelcomeSettings
from storage.values import TopicStatus

LIN = person("小林")


@pytest.fixture
def bank(hall: Hall) -> Hall:
    """读书会 has a programme, three topics and 小林; 阿秀 and 老周 operate."""
    set_out(hall)
    return hall


def test_a_proposal_is_kept(bank: Hall):
    """It waits under a key that says nothing of the member; operators get a card, they a thanks."""
    actions = bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？ #生活"))

    assert ["谢谢你推荐「搬家」！运营者看过就告诉你。"] == said_to(actions, LIN)
    assert [
        "小林 推荐了话题「搬家」：\n上一次搬家扔掉了什么？\n回复：通过 1，或：婉拒 1 理由"
    ] == said_to(actions, DESK)
    topic = bank.work.topics.get("proposal-1")
    assert topic is not None
    assert (TopicStatus.PROPOSED, LIN, ("生活",)) == (topic.status, topic.proposer, topic.tags)
    assert "1. 搬家：#1 上一次搬家扔掉了什么？" in hears(bank, orders("话题 列表 待审"))[0]


def test_in_a_group(bank: Hall):
    """With a mention; the answer is private."""
    actions = bank.happens(asks("推荐话题 搬家：上一次搬家扔掉了什么？"))

    assert ["谢谢你推荐「搬家」！运营者看过就告诉你。"] == said_to(actions, LIN)
    assert [] == said_to(actions, group())
    assert [] == bank.happens(said("推荐话题 洗碗：谁洗碗？"))


def test_without_a_title(bank: Hall):
    """The first words become it."""
    bank.happens(whispers("推荐话题 上一次搬家，扔掉了什么？"))
    topic = bank.work.topics.get("proposal-1")

    assert topic is not None
    assert ("上一次搬家", "上一次搬家，扔掉了什么？") == (topic.title, topic.text)


@pytest.mark.parametrize(
    "words", ["通过 1", "话题 通过 1", "approve 1", "话题 通过 搬家", "话题 通过 proposal-1"]
)
def test_one_word_approves(bank: Hall, words: str):
    """The author is thanked, the card is done; said again there is nothing to decide."""
    bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？"))
    actions = bank.happens(orders(words))

    assert ["通过了：搬家。已谢过 小林。"] == said_to(actions, DESK)
    assert [
        "谢谢你推荐的「搬家」，大家都会看到：它进了话题库，发出来时会写上你的名字。"
    ] == said_to(actions, LIN)
    topic = bank.work.topics.get("proposal-1")
    assert topic is not None
    assert TopicStatus.APPROVED is topic.status
    assert [] == bank.work.tasks.list("围炉")
    assert hears(bank, orders(words, id="again"))[0].startswith("没有等着决定的推荐")


def test_it_is_credited_when_posted(bank: Hall):
    """By the name they have."""
    bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？"), orders("通过 1"))
    (words,) = said_to(bank.happens(orders("话题 现在 读书会 搬家")), group())

    assert "【话题】搬家\n上一次搬家扔掉了什么？\n（话题由 小林 提出）" == words


def test_declined(bank: Hall):
    """They are thanked all the same, with the reason if one was given; it is never posted."""
    bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？"))
    actions = bank.happens(orders("婉拒 1 最近聊过类似的"))

    assert ["婉拒了：搬家。已谢过 小林。"] == said_to(actions, DESK)
    (kind,) = said_to(actions, LIN)
    assert kind.startswith("谢谢你推荐「搬家」，看得出你用心想过。这次先不用（最近聊过类似的），")
    topic = bank.work.topics.get("proposal-1")
    assert topic is not None
    assert TopicStatus.RETIRED is topic.status


def test_where_nobody_can_be_told_in_private(bank: Hall):
    """The group reads a thanks, never a no."""
    bank.capabilities -= {Capability.SPEAK_IN_PRIVATE}
    bank.happens(asks("推荐话题 搬家：上一次搬家扔掉了什么？"))
    actions = bank.happens(orders("婉拒 1 不合适"))

    assert ["谢谢你推荐话题，运营者看过了。"] == said_to(actions, group())
    (thanks,) = [each for each in actions if isinstance(each, Say) and each.to == group()]
    assert (LIN,) == thanks.mentions


def test_done_is_no_decision(bank: Hall):
    """完成 says which words are."""
    bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？"))

    assert ["任务 1 是成员推荐的话题：通过 1，或 婉拒 1 理由。"] == hears(bank, orders("完成 1"))


def test_what_is_alike(bank: Hall):
    """It is pointed out kindly; another's proposal is not shown."""
    known = hears(bank, whispers("推荐话题 早上好：今天的第一杯是什么？"))
    bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？"))
    waits = hears(bank, whispers("推荐话题 新家：上一次搬家扔掉了什么？"))

    assert ["想到一起了：这和「一杯茶」很像，它已经在话题库里。换个角度再推荐一个？"] == known
    assert waits[0].startswith("想到一起了：有人推荐过很像的")
    assert bank.work.topics.get("proposal-2") is None


def test_a_few_a_day(bank: Hall):
    """Three a person and day; the day after there is room again."""
    for which, text in enumerate(("猫在哪睡？", "鱼怎么养？", "狗几点遛？")):
        bank.happens(whispers(f"推荐话题 宠物{which}：{text}", at=bank.now))
    fourth = whispers("推荐话题 乌龟：冬眠怎么办？", at=later(hours=1))
    assert ["你今天推荐得够多了，谢谢！明天再来。"] == hears(bank, fourth)
    bank.now = later(days=1, minutes=1)

    assert hears(bank, whispers("推荐话题 乌龟：冬眠怎么办？", at=bank.now))[-1].startswith(
        "谢谢你"
    )


def test_the_rules_hold(bank: Hall):
    """What a group does not allow is not proposed in private either, and is kept nowhere."""
    bank.rule(rules=(ADS,), programmes={"早安": NINE}, welcome=WelcomeSettings(enabled=False))
    told = hears(bank, whispers("推荐话题 兼职：谁想刷单？"))

    assert ["这段话碰到了这里的约定「广告」，改一改再推荐好吗？"] == told
    assert [] == bank.work.topics.all(TopicStatus.PROPOSED)


def test_who_is_no_member(bank: Hall):
    """A stranger proposes nothing."""
    bank.happens(whispers("推荐话题 搬家：扔掉了什么？", by="路人"))

    assert [] == bank.work.topics.all(TopicStatus.PROPOSED)


def test_how_it_is_written(bank: Hall):
    """Told where there is nothing, or too much."""
    assert hears(bank, whispers("推荐话题"))[0].startswith("请这样写：推荐话题")
    assert hears(bank, whispers(f"推荐话题 好：{'长' * 1001}"))[0].startswith("标题请在 60 字以内")


def test_who_proposed_is_forgotten(bank: Hall):
    """Nothing of theirs is left, the card included."""
    bank.happens(whispers("推荐话题 搬家：上一次搬家扔掉了什么？"))
    member_id = bank.work.members.id_if_known(LIN)
    assert member_id is not None
    bank.work.members.forget(member_id, bank.now)

    assert bank.work.topics.get("proposal-1") is None
    assert hears(bank, orders("通过 1"))[0].startswith("没有等着决定的推荐")


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=80))
def test_whatever_is_proposed(bank: Hall, words: str):
    """It is answered; what is kept is posted on lines that hold nothing unseen."""
    with bank.work.savepoint():
        bank.happens(joined("小何"))
        bank.happens(whispers(f"推荐话题 {words}", by="小何"))
        for topic in bank.work.topics.all(TopicStatus.PROPOSED):
            assert topic.title == topic.title.strip()
            assert "\n" not in topic.title


def test_what_nobody_sees_is_no_proposal():
    """Characters without a shape ask nothing; brackets around a title belong to it or go."""
    assert written("\u202e\x00\x07：\u200b", TopicStatus.PROPOSED) is None
    titles = [
        written(words, TopicStatus.PROPOSED)
        for words in ("【旧书】：夹着什么？", "【话题】官方：哪个？", "旧书：夹着什么？")
    ]
    assert ["旧书", "【话题】官方", "旧书"] == [each.title for each in titles if each]
