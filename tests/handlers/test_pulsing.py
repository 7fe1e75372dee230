from datetime import timedelta
from zoneinfo import ZoneInfo

from builders import ACCOUNT, NOON, group, later, said

from bot.events import Group, SlotDue
from handlers.pulsing import Pulse, pulses
from handlers.scene import Scene
from handlers.settings import GroupSettings, House
from storage.database import Database
from storage.values_of_programmes import Arranged
from storage.work import Work
from topics.mood import Mood
from topics.programme import Programme

BOOKS, TEA, DESK, LEFT = group("读书会"), group("茶馆"), group("运营群"), group("别人的")
MORNING = Programme(cron="0 9 * * *")
SETTINGS = {
    BOOKS: GroupSettings(programmes={"早间": MORNING}),
    TEA: GroupSettings(),
    DESK: GroupSettings(),
}
TOMORROW = "2026-11-21T09:00"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def known(work: Work) -> None:
    """The groups were seen; one of them the config does not name."""
    for place in (BOOKS, TEA, DESK):
        work.groups.see(place, managed=True, at=NOON)
    work.groups.see(LEFT, managed=False, at=NOON)


def felt(database: Database) -> dict[Group, Pulse]:
    """The pulse of every group, of what was committed."""
    with database.reading() as reports:
        scene = Scene(
            work=reports.stores,
            house=House(account=ACCOUNT, operators_group_id=DESK.id),
            group=None,
            now=NOON,
            me=None,
            capabilities=frozenset(),
            settings=SETTINGS.get,
        )
        return {each.group: each for each in pulses(scene, reports)}


def talk(work: Work, place: Group, *hours: float) -> None:
    """Somebody says something so many hours after noon."""
    for hour in hours:
        work.messages.add(said("嗯", group=place, at=later(hours=hour)), keep_text=False)


def test_each_group_against_its_own_usual(sqlite_database: Database):
    """Ten messages every Friday and none today is quiet; one where nothing is usual is talk."""
    week = timedelta(weeks=1) / timedelta(hours=1)
    with sqlite_database.work() as work:
        known(work)
        for number in range(1, 8):
            talk(work, BOOKS, *(-number * week - part / 20 for part in range(10)))
        talk(work, TEA, -0.5)
        work.commit()
    found = felt(sqlite_database)

    assert {BOOKS: Mood.QUIET, TEA: Mood.TALKING} == {
        place: pulse.mood for place, pulse in found.items()
    }
    assert (10.0, None) == (found[BOOKS].usual, found[TEA].usual)


def test_what_is_posted_next(sqlite_database: Database):
    """The next due time; none where there is no programme."""
    with sqlite_database.work() as work:
        known(work)
        work.commit()
    found = felt(sqlite_database)

    next_ = found[BOOKS].next
    assert next_ is not None
    assert ("早间", TOMORROW) == (
        next_.programme,
        f"{next_.at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",
    )
    assert (None, False) == (found[TEA].next, found[TEA].paused)


def test_what_is_left_out_is_not_next(sqlite_database: Database):
    """The one after it is."""
    with sqlite_database.work() as work:
        known(work)
        work.arrangements.put(BOOKS, "早间", TOMORROW, Arranged.SKIP, "控制台", NOON)
        work.commit()
    next_ = felt(sqlite_database)[BOOKS].next

    assert next_ is not None
    assert "2026-11-22" == f"{next_.at.astimezone(SHANGHAI):%Y-%m-%d}"


def test_what_waits_for_its_moment_is_next(sqlite_database: Database):
    """With why it waits."""
    with sqlite_database.work() as work:
        known(work)
        due = SlotDue(group=BOOKS, programme="早间", wall="x", due_at=NOON, at=NOON)
        slot = work.slots.open(due)
        assert slot is not None
        work.slots.hold(slot, later(minutes=10), "大家聊得正热闹")
        work.commit()
    next_ = felt(sqlite_database)[BOOKS].next

    assert next_ is not None
    assert (later(minutes=10), "大家聊得正热闹") == (next_.at, next_.why)


def test_a_pause_leaves_nothing_next(sqlite_database: Database):
    """And is told."""
    with sqlite_database.work() as work:
        known(work)
        work.pauses.pause(BOOKS, "", "控制台", NOON)
        work.commit()
    pulse = felt(sqlite_database)[BOOKS]

    assert (None, True) == (pulse.next, pulse.paused)


def test_a_house_without_groups(sqlite_database: Database):
    """There is nothing to feel."""
    assert {} == felt(sqlite_database)
