import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from posted import posted

from bot.events import Group
from storage.database import Database
from storage.values import Topic, TopicKind
from storage.values_of_programmes import Effect

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
GROUP = Group("围炉", "g1@room", "围炉读书会")


@pytest.fixture
def measured(ready: Weilu) -> Weilu:
    """A group in which six topics were posted, and one long ago."""
    now = datetime.now(UTC)
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        work.groups.see(GROUP, managed=True, at=now)
        work.topics.put(
            Topic(
                key="price", title="涨价[/red]", text="？", kind=TopicKind.UNIVERSAL, tags=("钱",)
            )
        )
        for number, days in enumerate((1, 2, 3, 4, 5, 6, 999)):
            at = now - timedelta(days=days)
            post = posted(work, number, at, GROUP)
            wait = timedelta(minutes=5)
            work.effects.store(
                [Effect(post, "price", GROUP, at, number, 2 * number, 0, 1, wait, None)], now
            )
        work.commit()
    database.close()
    return ready


def test_as_data(measured: Weilu):
    """Counts, topics, tags, hours, and the comparisons with what they are worth."""
    (found,) = json.loads(measured("report", "topics", "--json").out)

    assert ("围炉读书会", 6, 2.5, 6, 300.0, False) == tuple(
        found[key] for key in ("group", "posts", "people", "answered", "first_after", "few")
    )
    assert [("涨价[/red]", 6)] == [(each["name"], each["posts"]) for each in found["topics"]]
    assert (0, 0, None) == (
        found["casting"]["cast"]["posts"],
        found["casting"]["uncast"]["posts"],
        found["casting"]["differ"],
    )
    assert 6 == found["kinds"]["universal"]["posts"]


def test_for_people(measured: Weilu):
    """In words; titles are shown as they are, over as long as is asked for."""
    answer = measured("report", "topics", "--group", "围炉读书会")

    assert 0 == answer.status
    assert "发过 6 个话题，6 个有人接，平均 2.5 人、5 句。" in answer.out
    assert "标签：钱 2.5 人（6 次）" in answer.out
    assert "只有 3 次，还看不出什么最好。" in measured("report", "topics", "--since", "90h").out
    assert "发过 7 个话题" in measured("report", "topics", "--since", "2000d").out


def test_groups_without_topics_are_left_out(measured: Weilu):
    """That of the operators, for one; unless it is asked for."""
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        desk = Group("围炉", "g9@room", "运营群")
        work.groups.see(desk, managed=True, at=datetime.now(UTC))
        work.commit()
    database.close()

    assert "运营群" not in measured("report", "topics").out
    assert "「运营群」还没有可看的效果" in measured("report", "topics", "--group", "运营群").out


def test_nothing_to_tell(ready: Weilu):
    """No group was seen; no such group; no such length of time."""
    assert "还没有见过有节目的群" in ready("report", "topics").out
    assert 1 == ready("report", "topics", "--group", "没有").status
    assert 2 == ready("report", "topics", "--since", "昨天").status


def test_a_group_without_posts(measured: Weilu):
    """It says that there is nothing yet."""
    assert "还没有可看的效果" in measured("report", "topics", "--since", "1h").out
    assert [{"group": "围炉读书会", "posts": 0}] == json.loads(
        measured("report", "topics", "--since", "1h", "--json").out
    )
