import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import later
from order_stage import opened

from bot.events import Group
from rules.base import Finding
from storage.database import Database
from storage.values_of_order import CaseState

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
GROUP = Group("围炉", "g1@room", "围炉读书会")


@pytest.fixture
def decided(ready: Weilu) -> Weilu:
    """A rule that was often wrong, and one in shadow."""
    now = datetime.now(UTC)
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        work.groups.see(GROUP, managed=True, at=now)
        for number in range(6):
            case = opened(work, f"小林{number}", group=GROUP, at=now - timedelta(days=3))
            if number % 2:
                work.cases.decide(case, CaseState.OVERTURNED, "cli", now, "", false_hit=number > 1)
        shadow = Finding("试试[/red]", (0, 0), "")
        opened(work, group=GROUP, at=now, finding=shadow, shadow=True)
        opened(work, group=GROUP, at=later(days=-99))
        work.commit()
    database.close()
    return ready


def test_how_rules_did(decided: Weilu):
    """Hits, what was taken back, false hits, bystanders and the verdict, as data."""
    (found,) = json.loads(decided("report", "rules", "--json").out)
    words, shadow = found["rules"]

    assert ("围炉读书会", "keywords", "试试[/red]") == (
        found["group"],
        words["rule"],
        shadow["rule"],
    )
    assert (6, 0, 3, 2, 3, 6) == tuple(
        words[key] for key in ("hits", "shadow", "overturned", "false_hits", "wrong", "members")
    )
    assert ("too strict", ["often wrong"]) == (words["verdict"], words["grounds"])
    assert None is words["bystanders"]["fell_silent"]
    assert (0, 1, "too little to say") == (shadow["hits"], shadow["shadow"], shadow["verdict"])


def test_for_people(decided: Weilu):
    """A plain verdict with its ground; names of rules are shown as they are."""
    answer = decided("report", "rules", "--group", "围炉读书会")

    assert 0 == answer.status
    assert "keywords：太严——被撤销或标为误判的超过一成" in answer.out
    assert "试试[/red]：还说不准——案件还太少" in answer.out


def test_nothing_to_tell(ready: Weilu):
    """No rule found anything; no such group; no such length of time."""
    assert "没有规则碰到过什么" in ready("report", "rules").err
    assert 1 == ready("report", "rules", "--group", "没有").status
    assert 2 == ready("report", "rules", "--since", "昨天").status


def test_the_other_report_stays(decided: Weilu):
    """`weilu report` alone still tells what happened."""
    assert "围炉读书会" in decided("report", "--since", "7d").out
