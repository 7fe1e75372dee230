import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import person, said

from bot.events import Group, Kind
from handlers.replaying import Replay
from storage.database import Database

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
READING, RUNNING = Group("围炉", "g1@room", "读书会"), Group("围炉", "g2@room", "跑步")
HEAD = "account: {name: 围炉}\noperators: {people: [{id: id-小周}]}\n"
OLD = """
defaults:
  rules:
    广告词: {rule: keywords, reason: 大家是来聊天的, words: [刷单, 代购]}
groups: [{match: {pattern: "*"}}]
"""
NEW = """
defaults:
  rules:
    广告词: {rule: keywords, reason: 大家是来聊天的, words: [刷单, 兼职], consequence: warn}
    接龙: {rule: flood, reason: 合成一条再发, limit: 2}
groups: [{match: {name: 读书会}}]
"""


@pytest.fixture
def recorded(ready: Weilu) -> Weilu:
    """Two groups in which something was said, and two configs."""
    Path("config.yaml").write_text(HEAD + OLD, encoding="utf-8")
    Path("new.yaml").write_text(HEAD + NEW, encoding="utf-8")
    now = datetime.now(UTC).replace(microsecond=0)
    lines = [
        ("代购吗", "小林", READING, 50, True),
        ("周末兼职", "小吴[/red]", READING, 40, True),
        ("刷单", "小何", READING, 30, True),
        ("刷单", "小周", READING, 29, True),
        ("刷单", "小何", RUNNING, 28, True),
        ("看不见了", "小林", READING, 27, False),
        *(("早", "小何", READING, 10, True) for _ in range(3)),
    ]
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        for group in (READING, RUNNING):
            work.groups.see(group, managed=True, at=now)
        for text, by, group, hours, kept in lines:
            message = said(text, by, group=group, at=now - timedelta(hours=hours))
            work.messages.add(message, keep_text=kept)
        picture = said("", "小林", group=READING, at=now, kind=Kind.IMAGE)
        work.messages.add(picture, keep_text=True)
        work.commit()
    database.close()
    return ready


def replayed(weilu: Weilu, *words: str) -> dict[str, Any]:
    """The plain data of a replay."""
    found: dict[str, Any] = json.loads(weilu("rules", "replay", *words, "--json").out)
    return found


def test_the_difference(recorded: Weilu):
    """Who would be touched, by what, newly and no longer; operators never."""
    found = replayed(recorded, "--with", "new.yaml")
    words, row = found["rules"]["广告词"], found["rules"]["接龙"]

    assert (3, 2, 1, 2) == tuple(words[key] for key in ("before", "after", "newly", "no_longer"))
    assert ({"remind": 3}, {"warn": 2}) == (words["followed"], words["follows"])
    assert (0, 1, 1) == tuple(row[key] for key in ("before", "after", "newly"))
    assert {"周末兼职"} == {each["text"] for each in words["examples"]}
    assert {"代购吗", "刷单"} == {each["text"] for each in words["former"]}
    assert ["小吴[/red]"] == [
        one["member"] for one in found["members"]["newly"] if one["member"] != "小何"
    ]
    assert (True, 10) == (found["whole"], found["messages"])


def test_whom_an_operator_exempted(recorded: Weilu):
    """From when that was said until it was taken back, and under every name of the person."""
    now = datetime.now(UTC)
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        he, lin = person("小何"), person("小林")
        work.exemptions.grant(READING, he, "广告词", "讲师", None, "cli", now - timedelta(hours=31))
        work.exemptions.lift(READING, he, "广告词", now - timedelta(hours=29))
        work.members.link(lin, person("小吴[/red]"), "cli", now)
        work.exemptions.grant(READING, lin, "", "同事", None, "cli", now - timedelta(hours=45))
        work.commit()
    database.close()

    found = replayed(recorded, "--with", "new.yaml")["rules"]["广告词"]
    assert {"代购吗", "刷单"} == {each["text"] for each in found["former"]}
    assert [] == found["examples"]
    assert 2 == found["before"]


def test_the_title_of_a_card(recorded: Weilu):
    """What a card is called was recorded and is judged; where it leads was not."""
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        card = said(
            "", "小林", group=READING, at=datetime.now(UTC), kind=Kind.URL, title="刷单日结"
        )
        work.messages.add(card, keep_text=True)
        work.commit()
    database.close()

    assert 4 == replayed(recorded)["rules"]["广告词"]["after"]


def test_what_could_not_be_judged(recorded: Weilu):
    """A text that was not kept: how many, and by which rules."""
    found = replayed(recorded)

    assert {"messages": 1, "lacking": {"text": 1}, "forgotten": 0} == found["not_judged"]
    assert 1 == found["rules"]["广告词"]["not_judged"]
    assert "1 条有规则判断不了（原文没有留 1）：广告词 1" in recorded("rules", "replay").out


def test_moments_are_by_the_clock_of_the_house(recorded: Weilu):
    """An admin reads them, who need not know what UTC is."""
    said_at = datetime.fromisoformat(
        replayed(recorded)["rules"]["广告词"]["examples"][0]["at"]
    ).astimezone(ZoneInfo("Asia/Shanghai"))

    assert f"{said_at:%m-%d %H:%M} 读书会" in recorded("rules", "replay").out


def test_for_people(recorded: Weilu):
    """A table, the people, and examples with the place marked; nothing of it is obeyed."""
    answer = recorded("rules", "replay", "--with", "new.yaml")

    assert 0 == answer.status
    for words in ("新被碰到的人", "小吴[/red]", "周末【兼职】 → 警告", "【代购】吗 → 提醒"):
        assert words in answer.out
    assert "没有碰到任何规则" in recorded("rules", "replay", "--since", "1h").out


def test_one_group(recorded: Weilu):
    """Only what was said there."""
    assert 1 == replayed(recorded, "--group", "跑步")["messages"]
    assert 1 == recorded("rules", "replay", "--group", "没有").status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--since", "昨天"), 2),
        (("--with", "nowhere.yaml"), 2),
        (("--with", "faulty.yaml"), 2),
        (("--examples", "-1"), 2),
    ],
)
def test_wrong_calls(recorded: Weilu, words: tuple[str, ...], status: int):
    """A clear sentence, no traceback."""
    Path("faulty.yaml").write_text("groups: 1", encoding="utf-8")
    answer = recorded("rules", "replay", *words)

    assert status == answer.status
    assert answer.err
    assert "Traceback" not in answer.err


def test_nothing_recorded(ready: Weilu):
    """Nothing to replay is said, too."""
    answer = ready("rules", "replay")

    assert (1, True) == (answer.status, "还没有记录" in answer.err)


def test_nothing_is_changed(recorded: Weilu):
    """Not a byte of the database is another one."""
    file = Path("data/weilu.db")
    before = sha256(file.read_bytes()).digest()
    recorded("rules", "replay", "--with", "new.yaml")

    assert before == sha256(file.read_bytes()).digest()


def test_stopped_on_the_way(recorded: Weilu, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C: what was found so far is shown, with the status of a shell."""
    hear = Replay.hear

    def heard(self: Replay, *words: Any) -> None:
        if self.messages == 2:
            raise KeyboardInterrupt
        hear(self, *words)

    monkeypatch.setattr(Replay, "hear", heard)
    answer = recorded("rules", "replay", "--with", "new.yaml")
    plain = json.loads(recorded("rules", "replay", "--json").out)

    assert (130, True) == (answer.status, "中途停下" in answer.out)
    assert (False, 2) == (plain["whole"], plain["messages"])
    assert {"代购吗"} == {each["text"] for each in plain["rules"]["广告词"]["examples"]}


def test_somebody_is_told_of_by_a_harmless_name(recorded: Weilu):
    """The names are those of the chat: no line of the report is theirs to write."""
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        evil = said("刷单", author=person("x\n结论：没事\x1b[2J"), group=READING)
        work.messages.add(evil, keep_text=True)
        work.commit()
    database.close()

    out = recorded("rules", "replay").out

    assert "\x1b" not in out
    assert not any(line.startswith("结论") for line in out.splitlines())
