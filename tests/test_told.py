"""Tests of bot/told.py: how many groups were told a text, without asking each time."""

from datetime import datetime, timedelta

from builders import ACCOUNT, NOON, group, later, person
from hypothesis import given
from hypothesis import strategies as st
from outbox_stage import remove, say

from bot.actions import Action
from bot.events import Group
from bot.told import MOST, Told
from storage.values import OutboxRow, OutboxState

WITHIN = timedelta(minutes=10)


def row(action: Action, number: int = 1) -> OutboxRow:
    """A row that waits."""
    return OutboxRow(number, ACCOUNT, action, OutboxState.PENDING, 0, NOON, NOON)


class Asked:
    """The database: who was told what, and what was asked of it."""

    def __init__(self) -> None:
        self.told: dict[str, dict[Group, datetime]] = {}
        self.texts: list[str] = []

    def __call__(self, texts: list[str]) -> dict[str, dict[Group, datetime]]:
        """Its answer."""
        self.texts += texts
        return {text: self.told.get(text, {}) for text in texts}


def test_the_database_is_asked_once_a_text() -> None:
    """What was told before the start counts, and what is told from then on."""
    told, asked = Told(), Asked()
    asked.told["你好"] = {group("甲"): NOON}
    for name in "甲乙":
        told.learn([row(say("a", "你好", to=group(name)))], WITHIN, asked)
        told.tell(row(say("a", "你好", to=group(name))), later(minutes=1))
    assert ["你好"] == asked.texts
    assert 2 == told.count("你好", NOON)
    assert 0 == told.count("你好", later(minutes=2))


def test_only_what_is_said_in_groups_counts() -> None:
    """Neither a private word nor a removal."""
    told, asked = Told(), Asked()
    rows = [row(say("a", "你好", to=person("小林"))), row(remove("b"))]
    told.learn(rows, WITHIN, asked)
    for each in rows:
        told.tell(each, NOON)
    assert [] == asked.texts
    assert 0 == told.count("你好", NOON)


def test_what_did_not_get_through_is_asked_again() -> None:
    """Memory cannot know whether that group had been told before."""
    told, asked = Told(), Asked()
    for _ in range(2):
        told.learn([row(say("a", "你好"))], WITHIN, asked)
        told.tell(row(say("a", "你好")), NOON)
        told.unsure(row(say("a", "你好")))
    assert ["你好", "你好"] == asked.texts


def test_a_longer_time_to_look_back_is_asked_for() -> None:
    """An edited config may want to know of what was not asked for before."""
    told, asked = Told(), Asked()
    for within in (WITHIN, WITHIN * 2, WITHIN):
        told.learn([row(say("a", "你好"))], within, asked)
    assert ["你好", "你好"] == asked.texts


def test_not_every_text_is_remembered() -> None:
    """Thousands of different texts do not stay in memory."""
    told, asked = Told(), Asked()
    for number in range(3 * MOST):
        told.learn([row(say("a", f"话{number}"))], WITHIN, asked)
    assert len(told._groups) <= MOST + 1


@given(
    steps=st.lists(
        st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("你他"), st.booleans()), max_size=60
    )
)
def test_memory_says_what_the_database_would_say(steps: list[tuple[str, str, bool]]) -> None:
    """Whatever gets through or not, in whatever order."""
    told, asked = Told(), Asked()
    for number, (where, text, arrives) in enumerate(steps):
        each = row(say("a", text, to=group(where)))
        told.learn([each], WITHIN, asked)
        told.tell(each, later(minutes=number))
        if arrives:
            asked.told.setdefault(text, {})[group(where)] = later(minutes=number)
        else:
            told.unsure(each)
        told.learn([each], WITHIN, asked)
        since = later(minutes=number - 10)
        true = [at for at in asked.told.get(text, {}).values() if at >= since]
        assert len(true) == told.count(text, since)
