import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.events import Group, Identity, SlotDue
from storage.database import Database
from storage.values import SlotState, Topic, TopicStatus
from storage.values_of_order import TaskKind

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
CONFIG = """
account: {name: 围炉}
groups:
  - {match: {name: 读书会}, programmes: {早安: {at: 每天 9:00}}}
  - {match: {name: 跑步}}
defaults: {time_zone: Asia/Shanghai}
"""
READING, RUNNING = Group("围炉", "g1", "读书会"), Group("围炉", "g2", "跑步")


@pytest.fixture
def running(ready: Weilu) -> Weilu:
    """Two groups, one of them with a programme; two topics; a slot of an hour ago was skipped."""
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    now = datetime.now(UTC)
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        for group in (READING, RUNNING):
            work.groups.see(group, managed=True, at=now)
        for key, title in (("tea", "一杯茶"), ("walk", "走路")):
            work.topics.put(Topic(key=key, title=title, text=f"{title}怎么样？"))
        due_at = now - timedelta(hours=1)
        slot = work.slots.open(
            SlotDue(group=READING, programme="早安", wall="2026-01-01T09:00", due_at=due_at, at=now)
        )
        assert slot is not None
        work.slots.settle(slot, SlotState.SKIPPED, "没有合适的话题 no topic fits")
        work.commit()
    database.close()
    return ready


def listed(weilu: Weilu) -> list[dict[str, str]]:
    """What `weilu topics slots` tells, newest first."""
    slots: list[dict[str, str]] = json.loads(weilu("topics", "slots", "--json").out)
    return slots


def test_the_slots(running: Weilu):
    """Each with its number, state and reason; of one group where that is asked."""
    (slot,) = listed(running)
    table = running("topics", "slots", "-g", "读书会").out

    assert ("skipped", "没有合适的话题 no topic fits") == (slot["state"], slot["reason"])
    assert {slot["number"], "没有发", "早安"} <= {
        cell.strip() for line in table.splitlines() for cell in line.split("│")
    }
    assert "没有这样的群" not in running("topics", "slots", "-g", "跑步").out


def test_skip_pin_pause_resume(running: Weilu):
    """The only group with a programme need not be named."""
    assert "这一次不发了" in running("topics", "skip").out
    assert "会发：一杯茶" in running("topics", "pin", "tea", "-p", "早安").out
    assert "暂停了" in running("topics", "pause", "-g", "读书会").out
    assert (1, True) == ((again := running("topics", "pause")).status, "本来就停着" in again.err)
    assert "先恢复" in running("topics", "now").err
    assert "恢复了" in running("topics", "resume").out


def test_now_move_cancel_resend(running: Weilu):
    """One post on its way through all of them."""
    assert "马上发" in running("topics", "now", "走路").out
    slot = listed(running)[0]
    assert ("planned", "walk") == (slot["state"], slot["topic"])
    assert "移到" in running("topics", "move", "2小时后", "--slot", slot["number"]).out
    assert "取消了" in running("topics", "cancel", slot["number"]).out
    assert "skipped" == listed(running)[0]["state"]
    assert "再发一次" in running("topics", "resend", slot["number"]).out
    assert "planned" == listed(running)[0]["state"]


def test_the_next_one_is_moved(running: Weilu):
    """It is held until then."""
    assert "移到" in running("topics", "move", "3天后").out
    assert "held" == listed(running)[0]["state"]


def test_what_was_skipped_is_posted_after_all(running: Weilu):
    """A topic is chosen for it now."""
    (slot,) = listed(running)
    assert "再发一次" in running("topics", "resend", slot["number"]).out
    (after,) = listed(running)

    assert ("planned", True) == (after["state"], after["topic"] in {"tea", "walk"})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("skip", "-g", "没有"), "请写明哪个群"),
        (("skip", "-g", "跑步"), "没有这样的节目"),
        (("pin", "没有"), "没有找到话题「没有」"),
        (("move", "有空"), "看不懂这个时间"),
        (("cancel", "99999"), "没有编号 99999"),
        (("skip", "-p", "晚安"), "没有这样的节目"),
    ],
)
def test_what_cannot_be(running: Weilu, words: tuple[str, ...], expected: str):
    """A sentence and exit status 1."""
    answer = running("topics", *words)

    assert (1, True) == (answer.status, expected in answer.err)


def test_a_proposal_is_decided_as_in_the_chat(running: Weilu):
    """Whoever proposed it is thanked, and the card is done."""
    lin = Identity("围炉", "lin", "小林")
    now = datetime.now(UTC)
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        number = work.tasks.open("围炉", "idea", TaskKind.TOPIC, "", now, now, member=lin)
        idea = Topic(
            key=f"proposal-{number}",
            title="搬家",
            text="扔掉了什么？",
            proposer=lin,
            status=TopicStatus.PROPOSED,
        )
        work.topics.keep([idea], lin, now)
        work.commit()
    assert 0 == running("topics", "approve", "搬家").status
    with database.work() as work:
        (thanks,) = work.outbox.list("围炉")
        assert [] == work.tasks.list("围炉")
    database.close()

    assert ("thanks:proposal-1", lin) == (thanks.action.key, thanks.action.to)
