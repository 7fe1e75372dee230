"""Tests of handlers/silence.py: a topic where it has become quieter than usual."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import ACCOUNT, BOT, NOON, group, later, person, said
from hall import Hall, echo_of, speech
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import Action
from bot.events import GatewayChanged, GatewayState, Group, MinutePassed, SlotDue
from bot.pace import QuietHours
from handlers.settings import House
from storage.database import Database, DatabaseTrouble
from storage.values import SlotState, Topic
from topics.liveliness import OnSilence
from topics.programme import BROADCAST, Programme
from topics.timetable import Days

GROUP = group()
SILENT = Programme(on_silence=OnSilence(), opening=None)


@pytest.fixture
def fed(hall: Hall) -> Hall:
    """The hall, filled."""
    return filled(hall)


def filled(hall: Hall) -> Hall:
    """The hall connected since yesterday, with some topics, a programme and three lively weeks."""
    wait_for_silence(hall)
    hall.house = House(account=ACCOUNT, on_silence=(GROUP,))
    hall.happens(
        GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, me=BOT, at=later(days=-1))
    )
    for number in range(5):
        hall.work.topics.put(Topic(key=f"t{number}", title=f"题{number}", text="你呢？"))
    usual_weeks(hall)
    return hall


def wait_for_silence(hall: Hall, **over: Any) -> None:
    """What is in force: one programme that waits for silence."""
    hall.rule(programmes={"冷场": Programme(**{"on_silence": OnSilence()} | over)})


def usual_weeks(hall: Hall, weeks: Iterable[int] = range(1, 4), where: Group = GROUP) -> None:
    """Ten messages an hour, from ten to ten, on the same weekday and the two days after."""
    for week in weeks:
        start = NOON - timedelta(days=7 * week, hours=2)
        for day in range(3):
            for number in range(120):
                at = start + timedelta(days=day, minutes=6 * number)
                message = said("在聊", by=f"成员{number % 5}", at=at, group=where)
                hall.work.messages.add(message, keep_text=False)


def minute(hall: Hall, moment: datetime = NOON) -> list[Action]:
    """Another minute on the clock."""
    hall.now = moment
    return hall.happens(MinutePassed(at=moment))


def test_a_silence_is_broken(fed: Hall) -> None:
    """Nothing was said for two hours in which twenty messages are usual: a topic, and why."""
    (words,) = speech(minute(fed))
    assert words.startswith("【话题】题")
    (slot,) = fed.work.slots.list()
    assert ("冷场", "2026-11-20T12:00", NOON) == (slot.programme, slot.wall, slot.due_at)
    assert "群里比往常冷清：最近 2h 0 条，往常这时候 20 条" in slot.why


def test_once_a_silence(fed: Hall) -> None:
    """While nobody says anything it stays at one, however long; afterwards a day lies between."""
    minute(fed)
    for hours in (0.1, 1, 5, 24, 25, 48):
        assert [] == minute(fed, later(hours=hours))
    fed.happens(said("来了", at=later(hours=20)))
    assert [] == minute(fed, later(hours=22.5))
    assert 1 == len(minute(fed, later(hours=24.5)))


def test_our_own_echo_is_no_answer(fed: Hall) -> None:
    """That our topic was heard in the group does not end the silence."""
    (action,) = minute(fed)
    fed.happens(echo_of(action, at=later(minutes=1)))
    assert [] == minute(fed, later(hours=25))


def talk(hall: Hall, messages: int, until: datetime = NOON) -> None:
    """So much was said in the last two hours."""
    for number in range(messages):
        hall.happens(said("嗯", by="小林", at=until - timedelta(minutes=5 + number)))


@pytest.mark.parametrize(("messages", "posts"), [(9, 1), (10, 0)])
def test_below_half_of_the_usual(fed: Hall, messages: int, posts: int) -> None:
    """What is quiet depends on what is usual here."""
    talk(fed, messages)
    assert posts == len(minute(fed))


def test_not_at_night(fed: Hall) -> None:
    """Before ten and from nine in the evening nothing is posted."""
    for moment in (later(hours=-2, seconds=-1), later(hours=9), later(hours=-5)):
        assert [] == minute(fed, moment)
    assert 1 == len(minute(fed, later(hours=8.9)))


def test_not_in_quiet_hours(fed: Hall) -> None:
    """The account's quiet hours are nobody's silence."""
    hours = QuietHours(start=time(11, 30), end=time(12, 30), time_zone=ZoneInfo("Asia/Shanghai"))
    fed.house = House(account=ACCOUNT, on_silence=(GROUP,), quiet_hours=hours)
    assert [] == minute(fed)
    assert 1 == len(minute(fed, later(minutes=30)))


def test_not_on_days_that_do_not_fit(fed: Hall) -> None:
    """A programme for days off leaves a Friday alone."""
    wait_for_silence(fed, days=Days.RESTDAYS)
    assert [] == minute(fed)


def test_a_group_that_rests_at_that_time(fed: Hall) -> None:
    """Where one message in two hours is usual, none is no silence."""
    calm = group("茶馆")
    for week in range(1, 6):
        early = said("早", group=calm, at=NOON - timedelta(days=7 * week, hours=1))
        fed.work.messages.add(early, keep_text=False)
    fed.rule(calm.name, programmes={"冷场": SILENT})
    fed.house = House(account=ACCOUNT, on_silence=(calm,))
    assert [] == minute(fed)


def test_a_group_of_which_nothing_is_known(fed: Hall) -> None:
    """A new group has nothing that is usual yet, nor has one that was heard for a week."""
    new, young = group("新群"), group("满月")
    usual_weeks(fed, [1], where=young)
    for each in (new, young):
        fed.rule(each.name, programmes={"冷场": SILENT})
    fed.house = House(account=ACCOUNT, on_silence=(new, young))
    assert [] == minute(fed)


@pytest.mark.parametrize(
    "state", [{"state": GatewayState.OFFLINE}, {"state": GatewayState.LOGGED_OUT}]
)
def test_not_while_we_are_deaf(fed: Hall, state: dict[str, Any]) -> None:
    """Silence is what we hear, not what we miss; nor shortly after we were away."""
    fed.happens(GatewayChanged(account=ACCOUNT, at=later(minutes=-9), **state))
    assert [] == minute(fed)
    fed.happens(
        GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, me=BOT, at=later(minutes=1))
    )
    assert [] == minute(fed, later(hours=2))
    assert 1 == len(minute(fed, later(hours=2, minutes=1)))


def test_not_after_the_machine_slept(fed: Hall) -> None:
    """What was said while nobody was awake was not heard: that is no silence."""
    asleep = MinutePassed(at=NOON, awake_since=later(hours=-1))
    assert [] == fed.happens(asleep)
    assert 1 == len(fed.happens(MinutePassed(at=NOON, awake_since=later(hours=-2))))


@pytest.mark.parametrize("name", ["早间", BROADCAST])
def test_not_soon_after_another_topic(fed: Hall, name: str) -> None:
    """What another programme or an operator posted this morning counts as well."""
    fed.rule(programmes={"早间": Programme(at="每天 9:00"), "冷场": SILENT})
    morning, wall = later(hours=-3), "2026-11-20T09:00"
    slot = fed.work.slots.open(
        SlotDue(group=GROUP, programme=name, wall=wall, due_at=morning, at=morning)
    )
    fed.work.slots.settle(slot or 0, SlotState.POSTED)
    talk(fed, 3)
    assert [] == minute(fed)


def test_a_skipped_slot_of_its_own(fed: Hall) -> None:
    """With nothing to post it is not tried again every minute."""
    wait_for_silence(fed, tags=("没有的标签",))
    minute(fed)
    assert [] == minute(fed, later(minutes=1))
    assert [SlotState.SKIPPED] == [slot.state for slot in fed.work.slots.list()]


def test_paused(fed: Hall) -> None:
    """A group that wants no topics is left in peace, and leaves no trace."""
    fed.work.pauses.pause(GROUP, "", person("小周"), NOON)
    assert [] == minute(fed)
    assert [] == fed.work.slots.list()


def test_one_topic_however_many_programmes(fed: Hall) -> None:
    """Two programmes that wait for silence in one group do not speak at once."""
    fed.rule(programmes={"冷场": SILENT, "另一个": SILENT})
    assert 1 == len(minute(fed))
    assert [] == minute(fed, later(minutes=1))


def test_the_same_minute_again(fed: Hall) -> None:
    """A second process that notices it in the same minute posts nothing more."""
    minute(fed)
    assert [] == minute(fed, later(seconds=20))


def test_nothing_is_asked_without_such_programmes(
    fed: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A minute costs nothing where no group waits for silence."""
    fed.house = House(account=ACCOUNT)
    monkeypatch.delattr(type(fed.work), "pulse")
    monkeypatch.delattr(type(fed.work), "accounts")
    assert [] == minute(fed)


steps = st.lists(st.tuples(st.integers(1, 400), st.sampled_from([0, 0, 1, 9, 12])), max_size=20)


@given(steps)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_said_and_however_time_passes(
    sqlite_database: Database, some: list[tuple[int, int]]
) -> None:
    """By day only, a day apart at least, after somebody spoke, and never where it is talkative."""
    with sqlite_database.work() as work:
        hall = filled(Hall(work))
        moment, spoken, posts = NOON, 0, list[datetime]()
        for minutes, messages in some:
            moment += timedelta(minutes=minutes)
            talk(hall, messages, until=moment)
            spoken += messages
            if not minute(hall, moment):
                continue
            assert time(10) <= moment.astimezone(ZoneInfo("Asia/Shanghai")).time() < time(21)
            assert messages < 10
            if posts:
                assert moment - posts[-1] >= timedelta(days=1)
                assert spoken
            posts.append(moment)
            spoken = 0
        assert len(posts) == len(work.slots.list())


def test_two_processes_notice_it_at_once(database_url: str) -> None:
    """In the same minute it has the same name: one of them posts, and the other cannot commit."""
    two = Database(database_url), Database(database_url)
    with two[0].work() as work:
        filled(Hall(work))
        work.commit()
    start, decided = Barrier(2), list[Action]()

    def run(database: Database, seconds: float) -> None:
        start.wait(10)
        with suppress(DatabaseTrouble), database.work() as work:
            hall = Hall(work)
            wait_for_silence(hall)
            hall.house = House(account=ACCOUNT, on_silence=(GROUP,))
            actions = minute(hall, later(seconds=seconds))
            work.commit()
            decided.extend(actions)

    threads = [Thread(target=run, args=each) for each in zip(two, (0, 20), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with two[0].work() as work:
        assert 1 == len(decided) == len(work.slots.list())
    for database in two:
        database.close()
