from dataclasses import replace
from datetime import timedelta

import pytest
from builders import ACCOUNT, NOON, group, later, person
from hall import Hall, speech

from bot.actions import Priority, Say
from bot.events import ProgrammeStarted, SlotDue
from bot.gateway.base import Capability
from bot.texts import Language, Text
from handlers.post import post_slot, words
from handlers.settings import House
from storage.values import SlotState, Topic
from storage.values_of_programmes import Arranged
from topics.goal import Goal, Measure
from topics.programme import Programme

GROUP = group()
DAILY = Programme(cron="0 12 * * *", tags=("读书",))
NOW_READING = Topic(key="now", title="正在读的那本", text="读到哪里了？", tags=("读书",))


@pytest.fixture
def fed(hall: Hall) -> Hall:
    """The hall with a daily programme and one topic that fits."""
    hall.rule(programmes={"每日": DAILY})
    hall.work.topics.put(NOW_READING)
    return hall


def due(wall: str = "2026-11-20T12:00", **over: object) -> SlotDue:
    """The daily slot at noon."""
    fields: dict[str, object] = {"due_at": NOON, "at": NOON} | over
    return SlotDue(group=GROUP, programme="每日", wall=wall, **fields)  # type: ignore[arg-type]


def test_a_topic_is_posted(fed: Hall):
    """The topic goes to the group as one message, dropped when the grace is over."""
    (speech,) = fed.happens(due())

    assert isinstance(speech, Say)
    assert "【话题】正在读的那本\n读到哪里了？" == speech.text
    assert (GROUP, Priority.TOPIC, later(minutes=30)) == (
        speech.to,
        speech.priority,
        speech.expires_at,
    )
    (slot,) = fed.work.slots.list()
    assert (SlotState.PLANNED, "now") == (slot.state, slot.topic_key)


def test_a_proposal_of_a_member(fed: Hall):
    """The post is about its proposer, so that forgetting them finds it."""
    xiu = person("阿秀")
    proposal = Topic(key="gift", title="书", text="？", tags=("读书",), weight=2, proposer=xiu)
    fed.work.topics.keep([proposal], xiu, NOON)
    (speech,) = fed.happens(due())

    assert isinstance(speech, Say)
    assert ("【话题】书\n？\n（话题由 阿秀 提出）", (xiu,)) == (speech.text, speech.about)


def test_a_slot_is_posted_once(fed: Hall):
    """The same due time noticed again (a restart, a second process) posts nothing more."""
    fed.happens(due())

    assert [] == fed.happens(due(at=later(minutes=1)))


@pytest.mark.parametrize(("minutes", "state"), [(30, SlotState.PLANNED), (31, SlotState.SKIPPED)])
def test_the_grace(fed: Hall, minutes: int, state: SlotState):
    """Within the grace a late topic is still posted; later it is skipped, and says so."""
    actions = fed.happens(due(at=later(minutes=minutes)))

    (slot,) = fed.work.slots.list()
    assert state is slot.state
    assert (state is SlotState.SKIPPED) == ("late by 31m" in slot.reason) == (not actions)


def test_late_is_measured_when_it_is_handled(fed: Hall):
    """A tick that waited in the queue beyond the grace is late too."""
    fed.now = later(hours=1)

    assert [] == fed.happens(due())


@pytest.mark.parametrize("house", [{"operators_group_id": "运营@room"}, {"operator_ids": ["a"]}])
def test_no_topic_left(fed: Hall, house: dict[str, object]):
    """The slot is skipped with the reason and the operators are told, once for the slot."""
    fed.house = House.model_validate({"account": ACCOUNT} | house)
    fed.work.topics.put(replace(NOW_READING, tags=()))
    tomorrow = due("2026-11-21T12:00")
    (told,) = fed.happens(tomorrow, tomorrow)

    assert isinstance(told, Say)
    assert "「读书会」的节目 每日 没有合适的话题" in told.text
    assert told.to.id in ("运营@room", "a")
    assert [SlotState.SKIPPED] == [
        slot.state for slot in fed.work.slots.list() if slot.wall == tomorrow.wall
    ]


def test_a_programme_that_was_dropped(fed: Hall):
    """A tick of a programme that the config no longer holds is skipped, with the reason."""
    fed.rule()

    assert [] == fed.happens(due())
    assert [SlotState.SKIPPED] == [slot.state for slot in fed.work.slots.list()]


def test_the_watch_goes_on(fed: Hall):
    """How far the slots were dealt with is kept, for the start after a stop."""
    fed.happens(ProgrammeStarted(group=GROUP, programme="每日", at=NOON - timedelta(hours=1)))
    first = fed.work.slots.watched(ACCOUNT)
    fed.happens(due())

    assert {("每日", GROUP.id): NOON - timedelta(hours=1)} == first
    assert {("每日", GROUP.id): NOON} == fed.work.slots.watched(ACCOUNT)


def test_topics_take_turns(fed: Hall):
    """No topic comes twice before all have come; then the longest ago, and operators are told."""
    fed.house = House(account=ACCOUNT, operators_group_id="运营@room")
    fed.work.topics.put(Topic(key="gift", title="想送的书", text="哪本？", tags=("读书",)))
    days = [due(f"2026-11-{20 + day}T12:00", due_at=later(days=day)) for day in range(4)]
    told = speech(fed.happens(*days))
    keys = [slot.topic_key for slot in reversed(fed.work.slots.list())]

    assert {"now", "gift"} == {*keys[:2]}
    assert keys[:2] == keys[2:]
    assert 1 == len([text for text in told if "把合适的话题都发过了" in text])
    (newest, *_) = fed.work.slots.list()
    assert "合适的都发过了，这个在这里 2 天没发过" == newest.why


def test_why_it_was_chosen(fed: Hall):
    """The slot keeps the reasons, in the group's language; what it is due for stands before."""
    fed.rule(programmes={"每日": DAILY}, language=Language.EN)
    scene = fed.scene(due())
    because = Text(zh="群里很安静", en="the group is quiet")
    post_slot(scene, GROUP, "每日", "2026-11-20T12:07", NOON, NOON, because=because)

    assert ["the group is quiet\nnot posted here before"] == [
        slot.why for slot in fed.work.slots.list()
    ]


def test_what_an_operator_wants(fed: Hall):
    """A pinned topic is posted, a slot is skipped, a programme rests: the reason is kept."""
    fed.work.topics.put(Topic(key="walk", title="走路", text="去哪？"))
    wanted = [("2026-11-20T12:00", Arranged.PIN), ("2026-11-21T12:00", Arranged.SKIP)]
    for wall, what in wanted:
        fed.work.arrangements.put(GROUP, "每日", wall, what, "cli", NOON, topic_key="walk")
    (speech,) = fed.happens(*(due(wall) for wall, _ in wanted))
    fed.work.pauses.pause(GROUP, "每日", "cli", NOON)
    assert [] == fed.happens(due("2026-11-22T12:00"))

    assert isinstance(speech, Say)
    assert "走路" in speech.text
    assert [
        "节目暂停中 the programme is paused",
        "运营者让这一次跳过 an operator had this one skipped",
        "",
    ] == [slot.reason for slot in fed.work.slots.list()]


def test_opening_and_closing(fed: Hall):
    """The lines of the programme stand around the topic, in the group's language."""
    lines = {"opening": Text(zh="早！", en="Hi!"), "closing": Text(zh="等你。", en="Do tell.")}
    fed.rule(programmes={"每日": DAILY.model_copy(update=lines)})
    (speech,) = fed.happens(due())

    assert isinstance(speech, Say)
    assert "早！\n【话题】正在读的那本\n读到哪里了？\n等你。" == speech.text


def test_what_was_held(fed: Hall):
    """A slot that waited is posted under its own number, and has time to get out."""
    late = later(minutes=29)
    slot_id = fed.work.slots.open(due())
    assert slot_id is not None
    fed.work.slots.hold(slot_id, late, "聊得正热闹 lively")
    fed.now = late
    (held,) = fed.work.slots.held(ACCOUNT, late)
    (speech,) = post_slot(
        fed.scene(due()), GROUP, held.programme, held.wall, held.due_at, late, slot_id=held.id
    )

    assert isinstance(speech, Say)
    assert (f"post:{slot_id}", later(minutes=34)) == (speech.key, speech.expires_at)


@pytest.mark.parametrize(
    ("author", "language", "expected"),
    [
        ("", Language.ZH, "【话题】题\n问？"),
        ("阿秀", Language.ZH, "【话题】题\n问？\n（话题由 阿秀 提出）"),
        ("阿秀", Language.EN, "[Topic] 题\n问？\n(topic proposed by 阿秀)"),
        ("阿秀\n案件 1", Language.ZH, "【话题】题\n问？\n（话题由 阿秀 案件 1 提出）"),
        (
            "{title}",
            Language.BOTH,
            "【话题】题\n问？\n（话题由 {title} 提出）\n(topic proposed by {title})",
        ),
    ],
)
def test_words(author: str, language: Language, expected: str):
    """Title and text, and the name of the member it came from, made harmless."""
    assert expected == words(Topic(key="q", title="题", text="问？", author=author), language)


def test_a_link():
    """The link of a topic stands below its text, above the thanks."""
    topic = Topic(key="q", title="题", text="问？", link="https://example.com/a", author="阿秀")

    assert "【话题】题\n问？\nhttps://example.com/a\n（话题由 阿秀 提出）" == words(
        topic, Language.ZH
    )


def test_hostile_words():
    """Direction marks and control characters do not get into what we say; lines stay."""
    topic = Topic(key="q", title="题\u202e", text="问\u0007？\r\n再问\u2066？")

    assert "【话题】题\n问？\n再问？" == words(topic, Language.ZH)


GOAL = Goal(
    name="《活着》共读",
    start=NOON.date() - timedelta(days=7),
    end=NOON.date(),
    measure=Measure(unit="页", target=300, verb="读到"),
)


def test_the_first_topic_of_a_day_says_how_far_the_goal_is(fed: Hall):
    """The line stands below everything else, once a day by the group's clock, until it is over."""
    closing = Text(zh="说说看", en="Tell us")
    daily = DAILY.model_copy(update={"closing": closing})
    fed.rule(programmes={"每日": daily}, goal=GOAL)
    fed.work.goals.tell(GROUP, GOAL.key, 120, "cli", NOON)
    first, again, tomorrow = speech(
        fed.happens(
            due(),
            due("2026-11-20T18:00", due_at=later(hours=6), at=later(hours=6)),
            due("2026-11-21T12:00", due_at=later(days=1), at=later(days=1)),
        )
    )

    assert first.endswith("说说看\n《活着》共读：第 8 天，共 8 天；读到 120 / 300 页（40%）")
    assert [True, True] == [text.endswith("说说看") for text in (again, tomorrow)]


@pytest.mark.parametrize(
    ("place", "able", "picture", "text"),
    [
        ("茶/a.png", True, "茶/a.png", "读到哪里了？"),
        ("https://a.cn/a.png", True, "https://a.cn/a.png", "读到哪里了？"),
        ("https://a.cn/a.png", False, "", "读到哪里了？\nhttps://b.cn\nhttps://a.cn/a.png"),
        ("茶/a.png", False, "", "读到哪里了？\nhttps://b.cn"),
    ],
)
def test_the_picture_of_a_topic(fed: Hall, place: str, able: bool, picture: str, text: str):  # noqa: FBT001
    """It goes with the text; where no pictures can be sent, one on the web becomes a link."""
    link = "" if able else "https://b.cn"
    fed.work.topics.put(replace(NOW_READING, picture=place, link=link))
    fed.capabilities = frozenset(Capability) - (frozenset() if able else {Capability.SEND_PICTURE})
    (speech,) = fed.happens(due())

    assert isinstance(speech, Say)
    assert (picture, f"【话题】正在读的那本\n{text}") == (speech.picture, speech.text)
