from datetime import date

from builders import NOON, group, later
from hall import Hall

from bot.events import SlotDue
from handlers.choice import choice, course
from storage.values import Topic, TopicStatus
from storage.values_of_programmes import Arranged
from topics.goal import Goal, Measure
from topics.planning import plan
from topics.programme import Programme

GROUP = group()
WALL = "2026-11-20T12:00"


def stock(hall: Hall, *keys: str) -> None:
    """A daily programme, and topics."""
    hall.rule(programmes={"每日": Programme(cron="0 12 * * *")})
    for key in keys:
        hall.work.topics.put(Topic(key=key, title=key, text="？"))


def chosen(hall: Hall, wall: str = WALL, **over: object) -> str | None:
    """The key of what would be posted."""
    found = choice(hall.work, GROUP, hall.settings[GROUP], "每日", wall, NOON, **over)  # type: ignore[arg-type]
    return found.topic.key if found else None


def test_it_is_what_is_posted(hall: Hall):
    """Whoever asks, however often: the same answer, and it is the one that goes out."""
    stock(hall, *"abcdefgh")
    answers = {chosen(hall) for _ in range(3)}
    hall.happens(SlotDue(group=GROUP, programme="每日", wall=WALL, due_at=NOON, at=NOON))

    assert answers == {slot.topic_key for slot in hall.work.slots.list()}
    assert chosen(hall, "2026-11-21T12:00") not in answers


def test_it_is_what_is_planned(hall: Hall):
    """The plan of two weeks comes true where nothing happens in between."""
    stock(hall, *"abcdefghijklmnop")
    planned = plan(
        hall.work.topics.bank(),
        course(hall.work, GROUP, hall.settings[GROUP]),
        NOON,
        later(days=14),
    )
    for each in planned:
        hall.now = each.at
        due = SlotDue(group=GROUP, programme="每日", wall=each.wall, due_at=each.at, at=each.at)
        hall.happens(due)

    assert 14 == len({each.topic.key for each in planned if each.topic})
    assert [each.topic and each.topic.key for each in planned] == [
        slot.topic_key for slot in reversed(hall.work.slots.list())
    ]


def test_a_pin(hall: Hall):
    """What an operator wants goes first, unless it is no longer approved."""
    stock(hall, "a", "b", "c")
    hall.work.topics.put(Topic(key="old", title="old", text="？", status=TopicStatus.RESTING))
    hall.work.arrangements.put(GROUP, "每日", WALL, Arranged.PIN, "cli", NOON, topic_key="b")

    assert "b" == chosen(hall)
    hall.work.arrangements.put(GROUP, "每日", WALL, Arranged.PIN, "cli", NOON, topic_key="old")
    assert "old" != chosen(hall)


def test_no_such_programme(hall: Hall):
    """Nothing is chosen for a programme that the config does not hold."""
    assert choice(hall.work, GROUP, hall.settings[GROUP], "每日", WALL, NOON) is None


def test_topics_follow_the_common_goal(hall: Hall):
    """Each stage has its topics, chosen and planned alike; before and after they wait."""
    goal = Goal(
        name="《活着》共读",
        kind="共读",
        start=date(2026, 11, 21),
        end=date(2026, 11, 24),
        measure=Measure(unit="页", target=300),
        stages={"略读": date(2026, 11, 22), "精读": date(2026, 11, 23)},
    )
    daily = Programme(cron="0 12 * * *")
    hall.rule(
        programmes={"每日": daily, "自己的": daily.model_copy(update={"stage": "精读"})}, goal=goal
    )
    for key, stages in (("skim", ("略读",)), ("study", ("精读",))):
        hall.work.topics.put(Topic(key=key, title=key, text="？", stages=stages, goal="共读"))
    planned = plan(
        hall.work.topics.bank(), course(hall.work, GROUP, hall.settings[GROUP]), NOON, later(days=6)
    )
    days = {(each.programme, each.wall[8:10]): each.topic.key for each in planned if each.topic}

    one_by_one = {day: chosen(hall, f"2026-11-{day}T12:00") for day in (20, 21, 22, 23, 24, 25)}
    assert {20: None, 21: None, 22: "skim", 23: "study", 24: "study", 25: None} == one_by_one
    assert "skim" == days["每日", "22"]
    assert {"study"} == {key for (name, _), key in days.items() if name == "自己的"}
    assert {"22", "23", "24"} == {day for name, day in days if name == "每日"}
    assert {"21", "22", "23", "24"} == {day for name, day in days if name == "自己的"}
