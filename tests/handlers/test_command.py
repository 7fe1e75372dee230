from datetime import timedelta

import pytest
from builders import ACCOUNT, BOT, NOON, group, joined, later, person, said
from hall import Hall, speech
from pact_stage import told

from bot.actions import Priority, Say
from bot.events import Group, MemberLeft, Message
from bot.gateway.base import Capability
from bot.texts import Language
from handlers.command import command
from handlers.settings import CommandsSettings, House, WelcomeSettings
from rules.flood import Flood
from rules.keywords import Keywords
from storage.values_of_order import CaseState

GROUP, LIN = group(), person("小林")
ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",))
FLOOD = Flood(reason="让每个人的话都有人看见")
QUIET = WelcomeSettings(enabled=False)


def ask(words: str, by: str = "小林", **over: object) -> Message:
    """Mention the bot and say this."""
    return said(f"@围炉 {words}", by=by, mentions=(BOT,), **over)


def whisper(words: str, by: str = "小林", **over: object) -> Message:
    """Say this to the bot in private."""
    return said(words, by=by, group=None, **over)


def test_help(hall: Hall):
    """The answer mentions who asked, quotes the question, and is kept from coming too late."""
    question = ask("帮助")
    (answer,) = hall.happens(question)

    assert isinstance(answer, Say)
    assert "群规：这里的约定和理由" in answer.text
    assert (GROUP, (LIN,), question.id) == (answer.to, answer.mentions, answer.quotes)
    assert Priority.ANSWER is answer.priority
    assert later(minutes=10) == answer.expires_at


def test_the_rules(hall: Hall):
    """The purpose and each rule with its reason; not the forbidden words."""
    hall.rule(rules=(ADS, FLOOD), purpose="一起把书读完。")
    told(hall)
    (text,) = speech(hall.happens(ask("群规")))

    assert "一起把书读完。\n1. 禁用词：广告会把聊天冲散\n2. 刷屏：让每个人的话都有人看见\n" in text
    assert "刷单" not in text


def test_the_rules_in_full(hall: Hall):
    """What follows and how to object is told in private; the group reads one neutral line."""
    hall.rule(rules=(ADS,))
    full, note = hall.happens(ask("群规 详细"))
    (same,) = hall.happens(whisper("群规 2", at=later(minutes=2)))

    assert isinstance(full, Say)
    assert isinstance(note, Say)
    assert isinstance(same, Say)
    assert (LIN, GROUP, LIN) == (full.to, note.to, same.to)
    assert "申诉 案件号 理由" in full.text
    assert full.text == same.text


def test_no_rules(hall: Hall):
    """A group without rules says so kindly."""
    assert ["「读书会」没有写下的规则，互相友善就好。"] == speech(hall.happens(ask("规则")))


def test_the_record_is_said_in_private(halls: Hall):
    """Numbers and cases go to the member alone; the group reads one neutral line."""
    halls.rule(rules=(ADS,))
    halls.happens(said("刷单"), said("@阿秀 在吗", mentions=(person("阿秀"),)))
    record, note = halls.happens(ask("我的记录", at=later(minutes=1)))

    assert isinstance(record, Say)
    assert isinstance(note, Say)
    assert (LIN, GROUP) == (record.to, note.to)
    assert "已私聊回复你。" == note.text
    expected = (
        "你在「读书会」：自 2026-11-20 起发言 3 条；主动与人互动 1 次，别人找你互动 0 次。\n"
        "案件 1：禁用词（2026-11-20），提醒\n觉得哪个不对，私聊我：申诉 1 理由\n"
        "发话题点你：你没说过，看群里的安排；小结引用你的话：你没说过，就不引用。"
        "要改，对我说：别点我、可以点我、别引用我、可以引用我。\n"
        "消息原文保留 30 天。想导出或删除自己的记录，请告诉管理员。"
    )
    assert expected == record.text


def test_the_record_where_private_words_are_impossible(hall: Hall):
    """Then the group gets the public part alone: nothing of cases, nothing of whom with."""
    hall.capabilities -= {Capability.SPEAK_IN_PRIVATE}
    hall.rule(rules=(ADS,))
    hall.happens(said("刷单"))

    texts = speech(hall.happens(ask("我的记录")))
    assert ["你在「读书会」：自 2026-11-20 起发言 2 条。"] == texts


def test_days_are_those_of_the_group(hall: Hall):
    """A message late on Thursday in UTC was said on Friday in Shanghai."""
    early = NOON.replace(hour=17) - timedelta(days=1)
    hall.happens(said("早", at=early))

    assert "自 2026-11-20 起" in speech(hall.happens(ask("我的记录")))[0]


def test_only_when_spoken_to(hall: Hall):
    """The words alone, without a mention of us, are ordinary talk."""
    assert [] == hall.happens(said("帮助"), said("@阿秀 群规", mentions=(person("阿秀"),)))


def test_switched_off(hall: Hall):
    """A group may do without commands; then private questions about it are not answered either."""
    hall.rule(commands=CommandsSettings(enabled=False))

    assert [] == hall.happens(ask("帮助"), whisper("帮助"))


def test_the_same_question_again(hall: Hall):
    """Within a minute the same question of the same person is answered once; others are too."""
    hall.happens(ask("帮助"))

    assert [] == hall.happens(ask("帮助", at=later(seconds=30)))
    assert 1 == len(hall.happens(ask("帮助", by="阿秀", at=later(seconds=30))))
    assert 1 == len(hall.happens(ask("帮助", at=later(seconds=61))))


def test_a_hint_now_and_then(hall: Hall):
    """Words we do not know get a hint, once in ten minutes for each member."""
    hints = [
        len(hall.happens(ask("唱首歌", at=later(minutes=minute)))) for minute in (0, 3, 9, 10, 19)
    ]

    assert [1, 0, 0, 1, 0] == hints


@pytest.mark.parametrize(
    ("language", "words"), [(Language.EN, "rules: what"), (Language.BOTH, "群规：")]
)
def test_in_the_language_of_the_group(hall: Hall, language: Language, words: str):
    """The answer follows the group's language."""
    hall.rule(language=language)

    assert words in speech(hall.happens(ask("help")))[0]


def test_rules_in_both_languages(hall: Hall):
    """In Chinese with English beside it."""
    hall.rule(language=Language.BOTH, rules=(FLOOD,))
    (text,) = speech(hall.happens(ask("群规")))

    assert "刷屏" in text
    assert "flooding" in text


def test_the_record_under_every_name(hall: Hall):
    """Cases of all identities of a person, each with what became of it; no shadow, no notes."""
    hall.rule(rules=(ADS, FLOOD.model_copy(update={"limit": 2, "shadow": True})))
    hall.happens(said("刷单"), said("刷单", by="林二", at=later(minutes=1)))
    hall.happens(said("在"), said("在"), said("在"))
    hall.work.members.link(LIN, person("林二"), "weilu", NOON)
    hall.work.cases.decide(1, CaseState.OVERTURNED, "weilu", NOON, "是书名")
    (text,) = speech(hall.happens(whisper("我的记录", at=later(minutes=1))))

    assert [
        "案件 1：禁用词（2026-11-20），提醒，已撤销",
        "案件 2：禁用词（2026-11-20），提醒",
        "觉得哪个不对，私聊我：申诉 2 理由",
    ] == text.split("\n")[1:-2]


def test_help_for_operators(hall: Hall):
    """Operators are told in private what they can do; members never read of it."""
    hall.house = House(account=ACCOUNT, operator_ids=frozenset({person("阿秀").id}))
    hall.happens(said("在"))

    assert "维持 17 理由" in speech(hall.happens(whisper("帮助", by="阿秀")))[0]
    assert "维持" not in speech(hall.happens(whisper("帮助")))[0]
    assert "维持" not in speech(hall.happens(ask("帮助", by="阿秀")))[0]


def test_in_private_about_ones_own_groups(halls: Hall):
    """A private answer is about the groups the person is in now, and about no other."""
    for name in ("健身群", "秘密群", "旧群"):
        halls.rule(name, rules=(FLOOD,), purpose=f"{name}的目的", welcome=QUIET)
    halls.happens(said("在"), joined("小林", group=group("健身群")))
    halls.happens(said("在", by="阿秀", group=group("秘密群")))
    halls.happens(joined("小林", group=group("旧群")))
    halls.happens(MemberLeft(group=group("旧群"), member=LIN, at=later(hours=1)))
    (text,) = speech(halls.happens(whisper("群规", at=later(hours=2))))

    assert "读书会" in text
    assert "健身群的目的" in text
    assert "秘密群" not in text
    assert "旧群" not in text


def test_groups_with_the_same_rules(hall: Hall):
    """They are told together, each with its version where these differ; others stand below."""
    hall.rule(rules=(FLOOD,), welcome=QUIET)
    told(hall)
    for name, rules in (("跑团", (FLOOD,)), ("{群}", (FLOOD,)), ("棋社", ()), ("茶会", ())):
        hall.rule(name, rules=rules, welcome=QUIET)
        hall.happens(joined("小林", group=group(name)))
    hall.happens(joined("小林"))
    (text,) = speech(hall.happens(whisper("群规", at=later(hours=2))))
    (full,) = speech(hall.happens(whisper("群规 2", at=later(hours=2))))

    head = (
        "「棋社」、「茶会」没有写下的规则，互相友善就好。",
        "「读书会」（第 1 版，2026-11-20）",
        "「跑团」（还没公布，公布后生效）",
        "「{群}」（还没公布，公布后生效）",
    )
    assert all(line in text for line in head)
    assert all(line in full for line in head)
    assert 1 == text.count(FLOOD.reason) == full.count(FLOOD.reason)


def test_very_many_groups(hall: Hall):
    """One answer tells of five kinds, and where to ask about the others."""
    for n in range(7):
        rule = Flood(reason=f"理由{n}")
        hall.rule(f"群{n}", rules=(rule,), welcome=QUIET)
        hall.happens(joined("小林", group=group(f"群{n}")))
    (text,) = speech(hall.happens(whisper("群规", at=later(hours=2))))

    assert (5, True) == (text.count("的群规"), text.endswith("还有别的群：到那个群里 @我 问。"))


def test_the_record_in_private(hall: Hall):
    """Asked in private, it is answered in private, and nothing is said in the group."""
    hall.happens(said("在"))
    (answer,) = hall.happens(whisper("我的记录"))

    assert isinstance(answer, Say)
    assert LIN == answer.to
    assert "自 2026-11-20 起发言 1 条" in answer.text


@pytest.mark.parametrize("words", ["帮助", "群规", "我的记录", "在吗"])
def test_strangers_are_not_answered(hall: Hall, words: str):
    """Somebody in none of the groups learns nothing, not even that there is a bot."""
    hall.happens(said("在"))

    assert [] == hall.happens(whisper(words, by="陌生人"))


def test_a_group_that_is_left_alone(hall: Hall):
    """Being in a group that the config does not name entitles to nothing."""
    hall.work.memberships.seen(group("别的群"), person("阿秀"), NOON)

    assert [] == hall.happens(whisper("帮助", by="阿秀"))


def test_a_hostile_group_name(hall: Hall):
    """A group's name cannot forge a line of the answer."""
    forged = Group(ACCOUNT, GROUP.id, "读书会」\n1. 禁用词：小林是骗子")
    (text,) = speech(hall.happens(ask("群规", group=forged)))

    assert "\n" not in text


def test_a_command_is_not_an_answer_and_ends_there(hall: Hall):
    """A command goes no further; words we do not know may still be an answer to a topic."""
    messages = (ask("帮助"), ask("我觉得第三章最好"))
    replies = [command(message, hall.scene(message)) for message in messages]

    assert [True, False] == [reply.stop for reply in replies]
