import pytest
from builders import NOON, group, later, person
from hall import Hall
from topic_stage import set_out

from bot.events import MinutePassed
from handlers.arranging import move, pin, skip
from handlers.coming import coming_at
from handlers.restoring import NOTHING_AHEAD, restore, restore_next
from handlers.scene import Scene
from storage.values import SlotState
from storage.values_of_programmes import Arranged

WALL = "2026-11-22T09:00"
"""The day after tomorrow: not the next due time."""


@pytest.fixture
def scene(hall: Hall) -> Scene:
    """读书会 has 早安 at nine and 夜谈 at eight; it is Friday noon."""
    set_out(hall)
    return hall.scene(MinutePassed(at=NOON))


def wanted(scene: Scene) -> list[tuple[str, Arranged]]:
    """What is arranged in 读书会."""
    return [(each.wall, each.what) for each in scene.work.arrangements.of_group(group())]


def test_one_due_time_of_many_is_arranged(scene: Scene):
    """Not the next one but that which was pointed at."""
    settings = scene.settings(group())
    tea = scene.work.topics.get("tea")
    assert settings is not None
    assert tea is not None
    assert skip(scene, group(), settings, "甲", "早安", WALL).done
    assert pin(scene, group(), settings, tea, "甲", "夜谈", "2026-11-22T20:00").done

    assert [(WALL, Arranged.SKIP), ("2026-11-22T20:00", Arranged.PIN)] == wanted(scene)


def test_one_due_time_of_many_is_moved(scene: Scene):
    """It waits for its new time under its old name."""
    settings = scene.settings(group())
    assert settings is not None
    assert move(scene, group(), settings, later(hours=3), "甲", "早安", WALL).done
    (slot,) = scene.work.slots.list(group())

    assert (WALL, SlotState.HELD, later(hours=3)) == (slot.wall, slot.state, slot.not_before)
    assert not skip(scene, group(), settings, "甲", "早安", WALL).done


def test_what_was_wanted_is_wanted_no_more(scene: Scene):
    """It comes as it would have come; a second time there is nothing to take back."""
    settings = scene.settings(group())
    assert settings is not None
    skip(scene, group(), settings, "甲", "早安", WALL)
    done = [restore(scene, group(), settings, "甲", "早安", WALL).done for _ in range(2)]

    assert [True, False] == done
    assert [] == wanted(scene)


def test_who_is_no_operator_restores_nothing(scene: Scene):
    """What an operator wants stays."""
    settings = scene.settings(group())
    assert settings is not None
    skip(scene, group(), settings, "甲", "早安", WALL)

    assert not restore(scene, group(), settings, person("小林"), "早安", WALL).done
    assert [(WALL, Arranged.SKIP)] == wanted(scene)


@pytest.mark.parametrize(
    ("programme", "wall"),
    [
        ("早安", "2026-11-20T09:00"),
        ("早安", "2026-11-22T09:01"),
        ("早安", "2026-11-22 09:00"),
        ("早安", "2029-11-22T09:00"),
        ("早安", "0001-01-01T09:00"),
        ("早安", "9999-12-31T09:00"),
        ("早安", "now"),
        ("午安", WALL),
    ],
)
def test_what_is_no_due_time(scene: Scene, programme: str, wall: str):
    """Past, between two, far away, or of no programme."""
    settings = scene.settings(group())
    assert settings is not None
    assert coming_at(scene, group(), settings, programme, wall) is None


def test_who_chooses_a_topic_wants_it_posted(scene: Scene):
    """What was to be left out comes after all, with that topic."""
    settings = scene.settings(group())
    tea = scene.work.topics.get("tea")
    assert settings is not None
    assert tea is not None
    skip(scene, group(), settings, "甲", "早安", WALL)
    pin(scene, group(), settings, tea, "甲", "早安", WALL)

    assert [(WALL, Arranged.PIN)] == wanted(scene)


def test_what_is_moved_comes(scene: Scene):
    """Even if it was to be left out before."""
    settings = scene.settings(group())
    assert settings is not None
    skip(scene, group(), settings, "甲", "早安", WALL)
    move(scene, group(), settings, later(hours=3), "甲", "早安", WALL)
    wishes = scene.work.arrangements.for_slot(group(), "早安", WALL)

    assert [Arranged.MOVE] == [each.what for each in wishes]


def test_the_soonest_that_was_arranged_comes_as_usual(scene: Scene):
    """One after another, the soonest first; then nothing is left to take back."""
    settings = scene.settings(group())
    tea = scene.work.topics.get("tea")
    assert settings is not None
    assert tea is not None
    skip(scene, group(), settings, "甲", "早安", WALL)
    pin(scene, group(), settings, tea, "甲", "夜谈", "2026-11-21T20:00")
    left = []
    for _ in range(2):
        assert restore_next(scene, group(), settings, "甲").done
        left.append(wanted(scene))

    assert [[(WALL, Arranged.SKIP)], []] == left
    assert NOTHING_AHEAD == restore_next(scene, group(), settings, "甲").words


def test_only_operators_restore(scene: Scene):
    """Somebody else's word changes nothing."""
    settings = scene.settings(group())
    assert settings is not None
    skip(scene, group(), settings, "甲", "早安", WALL)

    assert not restore_next(scene, group(), settings, person("路人")).done
    assert [(WALL, Arranged.SKIP)] == wanted(scene)
