"""Topics from end to end, on the sandbox: one that waits for a conversation, one for silence."""

from collections.abc import Callable, Iterator

import pytest
from builders import later, said
from town import Town

from storage.values import SlotState, Topic

CONFIG = """
account: {name: 围炉}
pace: {typing_per_character: 0, quiet_hours: {from: "23:00", to: "07:30"}}
groups:
- match: {name: 读书会}
  welcome: {enabled: false}
  programmes:
    午间: {at: 工作日 12:00, opening: {zh: 中午好！, en: Good day!}, summary: {enabled: false}}
- match: {name: 茶馆}
  welcome: {enabled: false}
  programmes:
    冷场: {on_silence: {for: 2h}, summary: {enabled: false}}
"""


TOPICS = [Topic(key=f"t{number}", title=f"题{number}", text="你呢？") for number in range(9)]
PEOPLE = ("小林", "阿布", "老周")


@pytest.fixture
def town(new_sqlite: Callable[[], str]) -> Iterator[Town]:
    """Two groups of the same people."""
    town = Town(new_sqlite(), {"读书会": PEOPLE, "茶馆": PEOPLE}, TOPICS)
    yield town
    town.database.close()


async def told(town: Town, *happens: Callable[[], object]) -> list[str]:
    """What Weilu said while these happened, and where."""
    lines = await town.lives(CONFIG, *happens)
    return [f"{line.room.name} {line.text}" for line in lines if line.room]


def chats(town: Town) -> Callable[[], object]:
    """Three people talk in 读书会."""

    def chat() -> None:
        for number in range(9):
            town.network.speak(town.rooms["读书会"], PEOPLE[number % 3], "对啊")

    return chat


async def test_a_topic_waits_for_the_end_of_a_conversation(town: Town) -> None:
    """At noon people talk: it is held, over a restart too, and posted once they are done."""
    assert [] == await told(
        town, town.passes(minutes=3), chats(town), town.passes(minutes=3), chats(town)
    )
    with town.database.work() as work:
        (slot,) = [slot for slot in work.slots.list() if slot.programme == "午间"]
        assert SlotState.HELD is slot.state
        assert "聊得正热闹" in slot.reason

    (posted,) = await told(town, town.passes(minutes=7), town.passes(minutes=1))
    assert posted.startswith("读书会 中午好！\n【话题】")
    assert [] == await told(town, town.passes(minutes=5), town.passes(minutes=-5))


async def test_a_silence_is_broken(town: Town) -> None:
    """茶馆 usually talks at that hour: heard for two hours and quiet, it gets a topic, once."""
    tea_house = town.gateway.group(town.rooms["茶馆"])
    with town.database.work() as work:
        for week in range(1, 4):
            for number in range(60):
                at = later(days=-7 * week, hours=-1, minutes=3 * number)
                message = said("嗯", by=f"客{number % 4}", group=tea_house, at=at)
                work.messages.add(message, keep_text=False)
        work.commit()
    quiet = [town.passes(minutes=30) for _ in range(3)]
    assert [] == [line for line in await told(town, *quiet) if line.startswith("茶馆")]
    quiet = [town.passes(minutes=25) for _ in range(6)]
    said_there = [line for line in await told(town, *quiet) if line.startswith("茶馆")]
    assert ["茶馆 【话题】"] == [line[: len("茶馆 【话题】")] for line in said_there]
