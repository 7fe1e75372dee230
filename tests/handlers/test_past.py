from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import NOON, group, joined, later, person, said
from hall import Hall
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Kind, MemberLeft, Message
from handlers.outlook import OTHERS, STANDING, TEXTS, TIMES
from handlers.past import Pasts
from handlers.settings import GroupSettings
from rules.base import Earlier, Past, Rule
from rules.coordinated import Coordinated
from rules.flood import Flood
from rules.length import Length
from rules.likeness import likeness
from rules.newcomer import Newcomer
from rules.repeats import Repeats
from rules.sheaf import Sheaf

GROUP, LIN = group(), person("小林")
WHY = "让每个人的话都有人看见"
MINUTE = timedelta(minutes=1)
FLOOD = Flood(reason=WHY, window=MINUTE)
REPEATS = Repeats(reason=WHY, window=10 * MINUTE)
COORDINATED = Coordinated(reason=WHY, window=30 * MINUTE)
NEWCOMER = Newcomer(reason=WHY)
TALK = "内部渠道招代理，一单一结，想做的找我要名片"


class Nothing:
    """A work that is asked for nothing."""


NOTHING = Nothing()


class Ear:
    """Tells messages to pasts, in groups with these rules, and keeps what the last was told."""

    def __init__(self, *rules: Rule, work: Any = NOTHING) -> None:
        self.pasts = Pasts()
        self.settings = GroupSettings(rules=rules)
        self.hall = Hall(work, settings={GROUP: self.settings})

    def hears(self, *messages: Message, rule: Rule) -> Past:
        """What this rule may know of the past of the last one."""
        for message in messages:
            assert message.group
            self.hall.now = max(self.hall.now, message.at)
            told = self.pasts.of(message, message.group, self.settings, self.hall.scene(message))
        return told(rule)


def every(minutes: float, *texts: str, by: str = "小林", **over: Any) -> list[Message]:
    """Said one after another."""
    return [
        said(text, by, at=later(minutes=minutes * number), **over)
        for number, text in enumerate(texts)
    ]


def test_times():
    """When the member spoke, no further back than the rule looks."""
    past = Ear(FLOOD, REPEATS).hears(*every(0.4, "一", "二", "三", "四"), rule=FLOOD)

    assert Past(times=[later(seconds=24), later(seconds=48)], zone=past.zone) == past


def test_texts():
    """What the member said, as far as it is like anything; the times are another rule's."""
    past = Ear(FLOOD, REPEATS).hears(*every(4, TALK, TALK, "收到", TALK), rule=REPEATS)

    assert [Earlier(LIN, GROUP, later(minutes=4), likeness(TALK))] == past.texts
    assert () == past.times == past.others


def test_others():
    """What is like this in any group with such a rule; the member's own is among it."""
    ear = Ear(COORDINATED)
    past = ear.hears(
        said(TALK, "甲", at=later(minutes=-31)),
        said(TALK, "乙", group=group("健身群"), at=later(minutes=-20)),
        said("明天的活动改到晚上几点了呀", "丙", at=later(minutes=-10)),
        said(TALK, at=later(minutes=-5)),
        said(TALK + "！"),
        rule=COORDINATED,
    )

    assert ["乙", "小林"] == [each.author.name for each in past.others]


def test_a_picture_is_no_text():
    """What holds no words leaves no likeness, and has no likes."""
    ear = Ear(COORDINATED, REPEATS)
    sticker = said(TALK, kind=Kind.EMOTICON)

    assert [] == list(ear.hears(said(TALK, "甲"), sticker, rule=COORDINATED).others)
    assert [] == [*ear.hears(said(TALK, at=later(seconds=9)), rule=REPEATS).texts]


def test_a_rule_that_needs_nothing():
    """It is told the group's time zone and nothing else, and nothing was kept or looked up."""
    plain = Length(reason=WHY, characters=500)
    ear = Ear(plain)
    past = ear.hears(*every(0.1, TALK, TALK, TALK), rule=plain)

    assert Past(zone=ear.settings.time_zone) == past
    assert 0 == len(ear.pasts)


def test_what_no_rule_needs_is_not_kept():
    """Where only times are needed no text is compared with any."""
    ear = Ear(FLOOD)
    past = ear.hears(*every(0.1, TALK, TALK, TALK), rule=FLOOD)

    assert 2 == len(past.times)
    assert () == past.texts == past.others


def test_judged_again():
    """A batch that is run anew tells each message what it told before."""
    messages = every(0.3, TALK, "在吗", TALK, TALK) + every(0.2, TALK, TALK, by="甲")
    rules = (FLOOD, REPEATS, COORDINATED)
    ear = Ear(*rules)
    first = [[ear.hears(each, rule=rule) for rule in rules] for each in messages]

    assert first == [[ear.hears(each, rule=rule) for rule in rules] for each in messages]


def test_warmed():
    """After a restart the past is what it was, where texts were kept; told twice it counts once."""
    messages = every(0.3, TALK, "在吗", TALK) + every(0.2, TALK, by="甲")
    rules = (FLOOD, REPEATS, COORDINATED)
    heard, warmed = Ear(*rules), Ear(*rules)
    heard.hears(*messages, rule=FLOOD)
    warmed.pasts.warm((each.group, each.author, each.at, each.id, each.text) for each in messages)  # type: ignore[misc]
    last = said(TALK, at=later(minutes=1))

    for rule in rules:
        assert heard.hears(last, rule=rule) == warmed.hears(*messages, last, rule=rule)


def test_warmed_without_texts():
    """Times count in any case."""
    ear = Ear(FLOOD, REPEATS)
    ear.pasts.warm([(GROUP, LIN, NOON, "a"), (GROUP, LIN, NOON, "b", None)])
    last = said(TALK, at=later(seconds=9))

    assert [NOON, NOON] == list(ear.hears(last, rule=FLOOD).times)
    assert [] == [*ear.hears(last, rule=REPEATS).texts]


def test_memory_is_bounded():
    """Ten thousand people with a text each, a minute apart, do not stay."""
    ear = Ear(FLOOD, REPEATS, COORDINATED)
    for number in range(3000):
        text = f"{number} 号房间今晚的安排是先吃饭再看电影" + chr(0x4E00 + number)
        ear.hears(said(text, f"p{number}", at=later(minutes=number)), rule=FLOOD)

    assert len(ear.pasts) < 1024 + 100


def test_standing(hall: Hall):
    """When they joined, and how many messages they said here before this one."""
    hall.rule(rules=(NEWCOMER,))
    hall.happens(joined("小林"), *(said("你们好", group=group(where)) for where in ("读书会",) * 3))
    last = said("大家好")
    hall.work.messages.add(last, keep_text=True)
    ear = Ear(NEWCOMER, work=hall.work)

    past = ear.hears(last, rule=NEWCOMER)
    assert (NOON, 3) == (past.joined_at, past.messages)
    assert 4 == ear.hears(said("又是我"), rule=NEWCOMER).messages
    assert 3 == ear.hears(last, rule=NEWCOMER).messages


@pytest.mark.parametrize("days", [None, 31])
def test_no_newcomers(hall: Hall, days: int | None):
    """Of whom nobody saw the coming, or who came long ago, no messages are counted."""
    came = None if days is None else later(days=-days)
    if came:
        hall.happens(joined("小林", at=came))
    hall.happens(said("你们好"), said("大家好"))
    past = Ear(NEWCOMER, work=hall.work).hears(said("我来了"), rule=NEWCOMER)

    assert (came, 0) == (past.joined_at, past.messages)


def test_who_comes_back(hall: Hall):
    """They are new again: what they said in an earlier stay is not counted."""
    hall.happens(joined("小林"), said("你们好"))
    ear = Ear(NEWCOMER, work=hall.work)
    assert 1 == ear.hears(said("一", at=later(hours=1)), rule=NEWCOMER).messages

    hall.happens(
        MemberLeft(group=GROUP, member=LIN, at=later(hours=2)), joined("小林", at=later(hours=3))
    )
    assert 0 == ear.hears(said("二", at=later(hours=4)), rule=NEWCOMER).messages


def test_through_the_stages(hall: Hall):
    """Live, the third account with one text, and the newcomer's link, are each found."""
    hall.rule(rules=(NEWCOMER, COORDINATED))
    hall.happens(joined("新来的"), said("大家好", "新来的"), said("看 https://a.example", "新来的"))
    hall.happens(*(said(TALK, who) for who in ("甲", "乙", "丙")))

    found = [
        [case.rule for case in hall.work.cases.of_member(GROUP, person(who))]
        for who in ("新来的", "甲", "乙", "丙")
    ]
    assert [["newcomer"], [], [], ["coordinated"]] == found


SOME = st.builds(
    said,
    st.sampled_from([TALK, TALK.upper() + "！", "内部渠道招代理，一单一结", "收到", "", "Ａ1…"]),
    st.sampled_from(["小林", "甲", "乙"]),
    at=st.integers(0, 240).map(lambda seconds: later(seconds=seconds)),
    group=st.sampled_from([GROUP, group("健身群")]),
    kind=st.sampled_from([Kind.TEXT, Kind.TEXT, Kind.IMAGE]),
    title=st.sampled_from(["", "", "限时免费领取学习资料"]),
)
NEEDED = {
    Flood(reason=WHY, limit=2, window=MINUTE): TIMES,
    Flood(reason=WHY, limit=4, window=2 * MINUTE): TIMES,
    Repeats(reason=WHY, limit=1, window=MINUTE): TEXTS,
    Coordinated(reason=WHY, accounts=2, window=MINUTE): OTHERS,
    NEWCOMER: STANDING,
}
SETTINGS = GroupSettings(rules=tuple(NEEDED))


@given(st.lists(SOME, max_size=20), st.integers(1, 20), st.sampled_from([None, later()]))
def test_a_batch_is_one_by_one(messages: list[Message], size: int, came: datetime | None):
    """Expected or not, a message is told the same; where a rule finds something, enough is held."""
    one_by_one, in_batches = Pasts(), Pasts()
    for begin in range(0, len(messages), size):
        batch = messages[begin : begin + size]
        in_batches.expect(SETTINGS, Sheaf([each for each in batch if not each.title]))
        for message in batch:
            assert message.group
            one, other = (
                each.told(message, message.group, SETTINGS, now=NOON, standing=lambda: (came, 0))
                for each in (one_by_one, in_batches)
            )
            assert one.holds == other.holds
            for rule, need in NEEDED.items():
                assert one(rule) == other(rule)
                assert one.holds & need or rule.judge(message, one(rule)) is None
        in_batches.forget()


def test_another_config():
    """The past outlives a change of the rules, and is told as far back as the new ones look."""
    pasts = Pasts()
    short, long = (
        GroupSettings(rules=(Flood(reason=WHY, window=minutes * MINUTE),)) for minutes in (1, 90)
    )

    def told(settings: GroupSettings, minute: float) -> list[datetime]:
        message = said("大家好", at=later(minutes=minute))
        telling = pasts.told(message, GROUP, settings, now=message.at, standing=lambda: (None, 0))
        return list(telling(settings.rules[0]).times)

    assert [[], []] == [told(short, 0), told(short, 30)]
    assert [later(), later(minutes=30)] == told(long, 50)
    assert [later(minutes=50)] == told(short, 50.5)
    assert [] == told(short, 200)
    assert [later(minutes=200)] == told(long, 201)
