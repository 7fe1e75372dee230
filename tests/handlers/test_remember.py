import pytest
from builders import ACCOUNT, BOT, NOON, group, joined, later, person, said
from claiming import claim, waiting
from hall import Hall, echo_of

from bot.actions import Say
from bot.events import (
    GatewayChanged,
    GatewayState,
    Group,
    GroupRenamed,
    Identity,
    MemberLeft,
    MessageRecalled,
    Quote,
    RosterRead,
)
from rules.keywords import Keywords
from storage.values import OutboxState

GROUP = group()


def turned(hall: Hall, name: str) -> tuple[int, int]:
    """How often this person turned to others, and was turned to."""
    return hall.work.interactions.of_member(GROUP, person(name))


def test_a_message_is_recorded_once(halls: Hall):
    """The same message heard twice is one message."""
    message = said("大家好")
    halls.happens(message, message)

    assert (1, NOON) == halls.work.messages.of_member(GROUP, person("小林"))


def test_a_private_word_is_not_recorded(hall: Hall):
    """What is said in private is written nowhere."""
    hall.happens(said("你好", group=None))

    assert hall.work.members.find("小林") == []


@pytest.mark.parametrize(("days", "kept"), [(30, True), (0, False)])
def test_texts_only_if_the_config_says_so(hall: Hall, *, days: int, kept: bool):
    """With 0 days the text itself is never written down."""
    hall.rule(keep_text_days=days)
    hall.happens(said("密码是晴天"))
    member = hall.work.members.find("小林")[0]
    exported = hall.work.members.export(member.member_id)

    assert kept == ("密码是晴天" in str(exported))


def test_a_mention(hall: Hall):
    """Whoever mentions somebody turned to them."""
    hall.happens(said("@阿秀 在吗", mentions=(person("阿秀"),)))

    assert (1, 0) == turned(hall, "小林")
    assert (0, 1) == turned(hall, "阿秀")


def test_a_reply_is_found_by_name_and_text(halls: Hall):
    """WeChat tells name and text of what is replied to, not the id."""
    halls.happens(
        said("今晚读第三章吗", by="阿秀"), said("读", quote=Quote("阿秀", "今晚读第三章吗"))
    )

    assert (1, 0) == turned(halls, "小林")


def test_turning_to_the_bot_or_oneself_is_none(hall: Hall):
    """Interactions are between members: not with the bot, not with oneself."""
    hall.happens(
        said("@围炉 帮助", mentions=(BOT,)),
        said("记一下"),
        said("如上", quote=Quote("小林", "记一下")),
    )

    assert (0, 0) == turned(hall, "小林")


@pytest.mark.parametrize(("hours", "expected"), [(23, 2), (25, 1)])
def test_turning_to_a_newcomer_answers_the_welcome(hall: Hall, hours: int, expected: int):
    """Within a day of the joining a mention counts as an answer to the welcome as well."""
    hall.happens(joined("新月"), said("欢迎", mentions=(person("新月"),), at=later(hours=hours)))

    assert (expected, 0) == turned(hall, "小林")


def test_a_newcomer_who_answers(hall: Hall):
    """A newcomer who turns to a member on the first day answers the welcome."""
    hall.happens(
        joined("新月"), said("谢谢", by="新月", mentions=(person("小林"),), at=later(hours=1))
    )

    assert (2, 0) == turned(hall, "新月")


def test_our_echo_settles_the_action(halls: Hall):
    """Our own message coming back confirms what was sent, is recorded as ours, and ends there."""
    (welcome,) = halls.happens(joined("新月"))
    (row,) = waiting(halls.work, ACCOUNT, halls.now)
    claim(halls.work, row.id, "test", halls.now)
    halls.work.outbox.settle(row.id, OutboxState.SENT, halls.now)
    actions = halls.happens(echo_of(welcome), echo_of(welcome))

    assert [] == actions
    assert OutboxState.DONE is halls.work.outbox.list(account=ACCOUNT)[0].state


def test_a_join_and_a_leave_are_recorded_once(hall: Hall):
    """Heard twice, somebody came once and left once."""
    left = MemberLeft(group=GROUP, member=person("新月"), at=later(hours=1))
    welcomes = hall.happens(joined("新月"), joined("新月"), left, left)

    assert [person("新月")] == [one.mentions[0] for one in welcomes if isinstance(one, Say)]
    assert later(hours=1) == hall.work.memberships.last_left(GROUP, person("新月"))


def test_whoever_speaks_is_a_member(hall: Hall):
    """Somebody who speaks is there, though nobody saw them come."""
    hall.happens(said("大家好"))
    actions = hall.happens(RosterRead(group=GROUP, members=(person("小林"),), at=NOON))

    assert [] == actions
    assert [GROUP] == hall.work.memberships.groups_of(person("小林"))


def test_a_message_taken_back(hall: Hall):
    """A recalled message's text is not kept."""
    message = said("手滑了说出的秘密")
    hall.happens(message, MessageRecalled(id=message.id, group=GROUP, at=NOON))
    member = hall.work.members.find("小林")[0]

    assert "秘密" not in str(hall.work.members.export(member.member_id))


def test_a_new_name(hall: Hall):
    """The group is known by its newest name."""
    renamed = GroupRenamed(
        group=type(GROUP)(ACCOUNT, GROUP.id, "夜读会"), old_name="读书会", at=NOON
    )
    hall.happens(said("大家好"), renamed)

    assert ["夜读会"] == [known.group.name for known in hall.work.groups.all(ACCOUNT)]


def test_the_state_of_the_account(hall: Hall):
    """What the gateway says of itself is written down."""
    hall.happens(GatewayChanged(account=ACCOUNT, state=GatewayState.OFFLINE, at=NOON))

    known = hall.work.accounts.get(ACCOUNT)
    assert known is not None
    assert "offline" == known.state


def test_a_managed_group_is_known_as_such(hall: Hall):
    """A group that the config names is kept as managed from its first message on."""
    hall.happens(said("大家好"))

    assert [True] == [known.managed for known in hall.work.groups.all(ACCOUNT)]


@pytest.mark.parametrize(
    "odd", ["\ud800", "\x00", "\u202e", "{0}", "'; drop table", "😀\u200d" * 9]
)
def test_hostile_strings(halls: Hall, odd: str):
    """Whatever the strings of an event hold, it is recorded and answered like any other."""
    halls.rule(rules=(Keywords(reason="广告会把聊天冲散", words=("刷单",)),))
    who = Identity(ACCOUNT, f"id{odd}", f"名{odd}")
    here = Group(ACCOUNT, GROUP.id, f"群{odd}")
    message = said(f"@围炉 {odd}", author=who, group=here, mentions=(BOT, who), id=f"x{odd}")
    actions = halls.happens(
        joined("x", member=who, group=here, inviter=who),
        message,
        said("群规", author=who, group=here, mentions=(BOT,), quote=Quote(f"名{odd}", odd, odd)),
        said(f"刷单{odd}", author=who, group=here),
    )

    assert ["welcome", "answer", "answer", "remind"] == [one.key.split(":")[0] for one in actions]
    halls.work.commit()
