"""Mentions in topics from end to end, on the sandbox: tags, posts, a no, somebody forgotten."""

from collections.abc import Callable, Iterator

import pytest
from builders import ACCOUNT, NOON
from town import Town

from storage.values import Topic

CONFIG = """
account: {name: 围炉}
pace: {typing_per_character: 0, quiet_hours: {from: "23:00", to: "07:30"}}
operators: {people: [{id: 老周}]}
groups:
- match: {name: 读书会}
  welcome: {enabled: false}
  programmes:
    午间: {at: 每天 12:00, hold_back: {enabled: false}, cast: {share: 100, per_week: 7}}
"""


TOPICS = [
    Topic(key=f"t{number}", title=f"题{number}", text="？", tags=("茶",)) for number in range(9)
]


@pytest.fixture
def town(new_sqlite: Callable[[], str]) -> Iterator[Town]:
    """A group whose members will know each other."""
    town = Town(new_sqlite(), {"读书会": ("小林", "阿布", "小何", "老周")}, TOPICS)
    yield town
    town.database.close()


async def posted(town: Town, *happens: Callable[[], object]) -> list[tuple[str, set[str]]]:
    """The topics while these happened, and whom they mention."""
    operator = town.network.person("老周").id
    lines = await town.lives(CONFIG.replace("{id: 老周}", f"{{id: {operator}}}"), *happens)
    return [
        (line.text, {person.name for person in line.mentions})
        for line in lines
        if "【话题】" in line.text
    ]


def get_acquainted(town: Town) -> Callable[[], object]:
    """小林, 阿布 and 小何 all turn to each other."""

    def greet() -> None:
        for one in ("小林", "阿布", "小何"):
            others = [name for name in ("小林", "阿布", "小何") if name != one]
            town.network.speak(town.rooms["读书会"], one, "你们好", mention=others)

    return greet


def tells(town: Town, who: str, words: str, *others: str) -> Callable[[], object]:
    """Somebody says something to Weilu."""
    return lambda: town.network.speak(town.rooms["读书会"], who, words, mention=(town.me, *others))


async def test_whoever_is_mentioned(town: Town) -> None:
    """Those whom an operator tagged; not who says no, not the same two again, nobody forgotten."""
    tags = [tells(town, "老周", f"标签 @{name} 茶", name) for name in ("小林", "阿布", "小何")]
    noon, next_noon = town.passes(minutes=6), town.passes(days=1)
    ((first, both),) = await posted(town, get_acquainted(town), *tags, noon)
    assert 2 == len(both & {"小林", "阿布", "小何"}) == len(both)
    assert "想先听听被点到的朋友怎么说" in first

    ((_, others),) = await posted(town, get_acquainted(town), next_noon)
    assert 2 == len(others) == len({*both, *others}) - 1
    (left_out,) = {"小林", "阿布", "小何"} - others
    ((_, nobody),) = await posted(town, tells(town, min(others), "别点我"), next_noon)
    assert min(others) not in nobody
    assert nobody in (set(), {max(others), left_out})


async def test_a_member_is_forgotten(town: Town) -> None:
    """Nothing tells that they were mentioned; the post, and the others in it, stay."""
    tags = [tells(town, "老周", f"标签 @{name} 茶", name) for name in ("小林", "阿布")]
    ((_, both),) = await posted(town, get_acquainted(town), *tags, town.passes(minutes=6))
    assert {"小林", "阿布"} == both
    lin, place = town.network.person("小林").id, town.gateway.group(town.rooms["读书会"])
    with town.database.work() as work:
        (row,) = [each for each in work.outbox.list(ACCOUNT) if "post:" in each.action.key]
        who = next(each for each in row.action.about if each.id == lin)
        member = work.members.id_if_known(who)
        assert member is not None
        assert {"casts": 1, "member_tags": 1}.items() <= work.members.forget(member, NOON).items()
        work.commit()
    with town.database.work() as work:
        row = work.outbox.get(row.id)
        assert lin not in repr(row)
        (post,) = work.posts.active(place, town.clock.now())
        assert "【话题】" in post.text
