from builders import NOON, group, later
from hall import Hall
from topic_stage import EIGHT, NINE, set_out

from bot.events import MinutePassed, SlotDue
from handlers.coming import coming, places
from handlers.settings import GroupSettings
from storage.values_of_programmes import Arranged
from topics.programme import Programme


def walls(hall: Hall, most: int = 4, programme: str = "") -> list[tuple[str, bool]]:
    """The due times ahead in 读书会, and whether they are left out."""
    scene = hall.scene(MinutePassed(at=hall.now))
    found = coming(scene, group(), hall.settings[group()], programme, most)
    return [(each.wall[5:], each.skipped) for each in found]


def test_soonest_first(hall: Hall):
    """Of all programmes, or of one."""
    set_out(hall)
    hall.rule(programmes={"早安": NINE, "夜谈": EIGHT})

    assert [("11-20T20:00", False), ("11-21T09:00", False), ("11-21T20:00", False)] == walls(
        hall, 3
    )
    assert [("11-21T09:00", False), ("11-22T09:00", False)] == walls(hall, 2, "早安")


def test_what_was_dealt_with_does_not_come(hall: Hall):
    """One that was moved is held, one that is to be skipped is marked."""
    set_out(hall)
    hall.work.arrangements.put(group(), "夜谈", "2026-11-20T20:00", Arranged.SKIP, "甲", NOON)
    hall.work.slots.open(
        SlotDue(
            group=group(),
            programme="早安",
            wall="2026-11-21T09:00",
            due_at=later(hours=21),
            at=NOON,
        )
    )

    assert [("11-20T20:00", True), ("11-21T20:00", False)] == walls(hall, 2)


def test_far_ahead(hall: Hall):
    """Once a year is looked for, too; never is nothing."""
    hall.rule(programmes={"生日": Programme(cron="0 9 19 11 *")})
    assert [("11-19T09:00", False)] == walls(hall)
    hall.rule()
    assert [] == walls(hall)


def test_the_places(hall: Hall):
    """Groups that are looked after, without the operators' own and those that were only seen."""
    set_out(hall)
    hall.work.groups.see(group("别人的"), managed=False, at=NOON)
    hall.settings[group("没见过")] = GroupSettings()

    found = places(hall.scene(MinutePassed(at=hall.now)))
    assert ["读书会", "跑步"] == [place[0].name for place in found]
