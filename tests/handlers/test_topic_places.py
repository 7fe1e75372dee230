import pytest
from builders import group
from hall import Hall
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from topic_stage import NINE, set_out

from bot.events import MinutePassed, SlotDue
from bot.texts import Text
from handlers import topic_places
from handlers.delivering import NUMBERS
from handlers.scene import Scene
from storage.values import TopicStatus


@pytest.fixture
def scene(hall: Hall) -> Scene:
    """读书会, 跑步, and two groups whose names begin alike."""
    set_out(hall)
    for name in ("读书", "读书 二群"):
        hall.rule(name, programmes={"早安": NINE, "早安 二": NINE})
        hall.work.groups.see(group(name), managed=True, at=hall.now)
    return hall.scene(MinutePassed(at=hall.now))


@pytest.mark.parametrize(
    ("words", "names", "rest"),
    [
        ("读书会 一杯茶", ["读书会"], "一杯茶"),
        ("读书 一杯茶", ["读书"], "一杯茶"),
        ("读书 二群 一杯茶", ["读书 二群"], "一杯茶"),
        ("「读书 二群」：一杯茶", ["读书 二群"], "一杯茶"),
        ("读书会，一杯茶", ["读书会"], "一杯茶"),
        ("跑步@room", ["跑步"], ""),
        ("全部 早安", ["读书", "读书 二群", "读书会", "跑步"], "早安"),
    ],
)
def test_the_group_stands_first(scene: Scene, words: str, names: list[str], rest: str):
    """The longest name that fits, by name or id, also between quotation marks."""
    some, left = topic_places.where(words, None, scene)

    assert not isinstance(some, Text)
    assert (names, rest) == ([place[0].name for place in some], left)


def test_without_a_name(scene: Scene):
    """The group it was said in; else it is asked which."""
    here, rest = topic_places.where("读书人的茶", group(), scene)
    asked, _ = topic_places.where("读书人的茶", None, scene)

    assert not isinstance(here, Text)
    assert ([group()], "读书人的茶") == ([place[0] for place in here], rest)
    assert "请写明哪个群：读书、读书 二群、读书会、跑步" == asked.zh  # type: ignore[union-attr]


def test_the_programme(scene: Scene):
    """The longest name that fits; none where the word goes on."""
    settings = scene.settings(group("读书"))
    assert settings is not None

    assert ("早安 二", "茶") == topic_places.programme("早安 二 茶", settings)
    assert ("早安", "二胡") == topic_places.programme("早安 二胡", settings)
    assert ("", "早安曲") == topic_places.programme("早安曲", settings)


def test_groups_of_a_list(scene: Scene):
    """Each once, by name or id; one that is not known is asked about."""
    some = topic_places.groups_named("读书会、跑步@room，读书会", scene)
    assert not isinstance(some, Text)
    assert ["读书会", "跑步"] == [place[0].name for place in some]
    assert isinstance(topic_places.groups_named("读书会、没有", scene), Text)
    assert 4 == len(topic_places.groups_named("All", scene))  # type: ignore[arg-type]


def test_the_topic(scene: Scene):
    """By key, title, or part of a title where only one has it; retired ones never by a part."""
    assert ["tea", "tea", "walk"] == [
        getattr(topic_places.topic(words, scene), "key", None)
        for words in ("TEA", "《一杯茶》", "走")
    ]
    asked = topic_places.topic("书", scene)
    assert "book" == getattr(asked, "key", None)
    scene.work.topics.move("book", TopicStatus.APPROVED, TopicStatus.RETIRED, "甲", scene.now)
    assert isinstance(topic_places.topic("枕边", scene), Text)
    assert isinstance(topic_places.topic("", scene), Text)


def test_numbers_of_slots(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    """Keys differ in their numbers; where two do not, all of the key is asked for."""
    keys = [
        scene.work.slots.open(
            SlotDue(group=group(), programme="早安", wall=str(each), due_at=scene.now, at=scene.now)
        )
        for each in range(300)
    ]
    assert 290 < len({key % NUMBERS for key in keys if key})
    monkeypatch.setattr(topic_places, "NUMBERS", 1)
    asked = topic_places.slot(0, scene)
    assert isinstance(asked, Text)
    assert asked.zh.startswith("0 不止一个，请写全：")
    assert keys[7] == getattr(topic_places.slot(keys[7] or 0, scene), "id", None)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text("读书会 二群「」跑步@：，全部早安a", max_size=20))
def test_nothing_is_lost(scene: Scene, words: str):
    """What is left is the end of what was written."""
    some, rest = topic_places.where(words, group(), scene)

    assert words.endswith(rest)
    assert isinstance(some, Text) or some
