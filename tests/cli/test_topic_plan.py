import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.events import Group
from storage.database import Database
from storage.values_of_programmes import Arranged

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
CONFIG = """
account: {name: 围炉, gateway: sandbox}
storage: {url: "sqlite:///data/weilu.db"}
groups:
  - match: {name: 读书会}
    programmes:
      每日: {cron: "0 9 * * *", ratio: {universal: 1, professional: 1}}
      周三: {cron: "0 20 * * wed", tags: [读书]}
  - match: {name: 跑步}
    programmes: {早: {cron: "0 7 * * *"}}
  - match: {name: 安静}
"""
SHEET = "代号,标题,内容,类型,标签\n" + "".join(
    f"t{n},话题{n},你怎么看？,{'专业' if n % 2 else '万能'},{'读书' if n > 30 else ''}\n"
    for n in range(40)
)
HERE = Group("围炉", "1@room", "读书会")
GROUPS = (HERE, Group("围炉", "2@room", "跑步"), Group("围炉", "3@room", "安静"))


@pytest.fixture
def planned(ready: Weilu, tmp_path: Path) -> Weilu:
    """Weilu with forty topics and three groups, two of which have programmes."""
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "topics.csv").write_text(SHEET, encoding="utf-8")
    assert 0 == ready("topics", "import", "topics.csv").status
    arrange(lambda work: [work.groups.see(one, True, datetime.now(UTC)) for one in GROUPS])
    return ready


def arrange(do: Callable[[Any], object]) -> None:
    """Change something in the database of the config."""
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        do(work)
        work.commit()
    database.close()


def rows(planned: Weilu, *words: str) -> list[dict[str, Any]]:
    """What `weilu topics …` says as JSON."""
    said: list[dict[str, Any]] = json.loads(planned("topics", *words, "--json").out)
    return said


def test_two_weeks(planned: Weilu):
    """Every due time of every group with its topic and why; nothing twice in a group."""
    found = rows(planned, "plan")
    here = [row for row in found if row["group"] == "读书会"]

    assert (16, 14) == (len(here), len(found) - len(here))
    assert 16 == len({row["key"] for row in here})
    assert {"在这个群没发过"} == {row["why"][0]["zh"] for row in found}
    assert sorted(row["at"] for row in here) == [row["at"] for row in here]
    assert 3 == len(rows(planned, "plan", "--days", "3", "--group", "跑步"))


def test_as_people_read_it(planned: Weilu):
    """Group by group, day by day, with the reasons below."""
    said = planned("topics", "plan", "--days", "2", "--group", "读书会").out

    assert said.startswith("读书会\n")
    assert " 09:00  每日  《话题" in said
    assert "在这个群没发过" in said


def test_next_is_the_beginning_of_the_plan(planned: Weilu):
    """The first of each programme; what is skipped is passed over."""
    first = rows(planned, "plan", "--days", "1", "--group", "读书会")[0]
    assert first in rows(planned, "next")
    assert {("读书会", "每日"), ("读书会", "周三"), ("跑步", "早")} == {
        (row["group"], row["programme"]) for row in rows(planned, "next")
    }

    def skip(work: Any) -> None:
        now = datetime.now(UTC)
        work.arrangements.put(HERE, first["programme"], first["wall"], Arranged.SKIP, "cli", now)

    arrange(skip)
    assert first["wall"] not in {
        row["wall"] for row in rows(planned, "next") if row["programme"] == first["programme"]
    }
    assert "（运营者让这一次跳过）" in planned("topics", "plan", "--days", "8").out


def test_where_there_is_nothing(planned: Weilu):
    """No topics, no such group, no group that was seen: each is said."""
    assert "没有见过群「没有」" in planned("topics", "plan", "--group", "没有").err
    assert "还没有见过有节目的群" in planned("topics", "plan", "--group", "安静").out
    planned("topics", "rest", *(f"t{number}" for number in range(40)))
    assert "（没有合适的话题）" in planned("topics", "plan", "--group", "跑步").out
    assert "没有合适的话题" in planned("topics", "next", "--group", "跑步").out
