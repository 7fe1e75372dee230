from builders import group, later, person, said
from hall import Hall

from bot.actions import Say
from bot.events import Identity, RosterRead

GROUP = group()


def roster(*names: str, hours: float = 0) -> RosterRead:
    """Who is there, that many hours after noon."""
    return RosterRead(group=GROUP, members=tuple(map(person, names)), at=later(hours=hours))


def greeted(actions: object) -> list[Identity]:
    """Who was welcomed."""
    return [one.mentions[0] for one in actions if isinstance(one, Say)]  # type: ignore[attr-defined]


def test_the_first_roster_greets_nobody(halls: Hall):
    """Those who are there when we first look have not just come."""
    assert [] == halls.happens(roster("小林", "阿秀"))


def test_who_came_meanwhile_is_greeted_once(halls: Hall):
    """A newcomer noticed by the roster is welcomed once, however often the roster is read."""
    actions = halls.happens(
        roster("小林"), roster("小林", "新月", hours=1), roster("小林", "新月", hours=2)
    )

    assert [person("新月")] == greeted(actions)


def test_a_message_before_the_first_roster(hall: Hall):
    """A group heard before its first roster still has a first roster."""
    assert [] == hall.happens(
        said("大家好"), roster("小林", "阿秀"), roster("小林", "阿秀", hours=1)
    )


def test_who_left_meanwhile(halls: Hall):
    """Somebody missing from the roster has left."""
    halls.happens(roster("小林", "阿秀"), roster("小林", hours=3))

    assert later(hours=3) == halls.work.memberships.last_left(GROUP, person("阿秀"))
