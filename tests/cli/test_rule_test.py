import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.events import Group, Identity
from storage.database import Database

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
CONFIG = """
account: {name: 围炉}
operators: {people: [{id: wxid_zhou, name: 小周}]}
defaults:
  rules:
    影子: {rule: keywords, reason: 先看看, words: [刷], shadow: true}
    广告词: {rule: keywords, reason: 大家是来聊天的, words: [刷单, 加微信], consequence: warn,
            exempt: [{role: newcomer, reason: 还不知道}]}
    代购: {rule: keywords, reason: 生意请到别处, words: [代购]}
    卡片: {rule: kinds, reason: 名片请私下发, kinds: [名片]}
    外链: {rule: links, reason: 只放行书单, allow: [book.example]}
    flood: {reason: 合成一条再发, limit: 3}
    新人: {rule: newcomer, reason: 先认识一下}
groups:
  - match: {name: 读书会}
  - match: {name: 跑步}
    rules: {代购: false}
"""


@pytest.fixture(autouse=True)
def _config(weilu: Weilu) -> None:
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")


def found(answer: Any) -> list[tuple[str, Any]]:
    """From plain data: the rule that counts, and what follows from it."""
    (line,) = map(json.loads, answer.out.splitlines())
    return [(one["rule"], one["follows"]) for one in line["findings"] if one["counts"]]


def test_what_is_found(weilu: Weilu):
    """Every rule that matches: where, why, after which steps, and what follows."""
    answer = weilu("rules", "test", "想刷*单的找我代购")

    assert 0 == answer.status
    assert [
        "影子（影子）：想【刷】*单的找我代购",
        "  出现了「刷」 the word “刷” was used",
        "  先看看",
        "  → 影子规则：只计数",
        "广告词：想【刷*单】的找我代购",
        "  出现了「刷单」 the word “刷单” was used（还原了：字间的符号）",
        "  大家是来聊天的",
        "  → 警告",
        "代购：想刷*单的找我【代购】",
        "  出现了「代购」 the word “代购” was used",
        "  生意请到别处",
        "  → 不另处理：前面的规则已经算数",
    ] == answer.out.splitlines()
    assert "没有碰到任何规则：晚上好" in weilu("rules", "test", "晚上好").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("刷单",), [("广告词", "warn")]),
        (("刷单", "--strikes", "1"), [("广告词", {"quiet": "1d"})]),
        (("刷单", "--strikes", "9"), [("广告词", "ban")]),
        (("刷单", "--as", "operator"), []),
        (("刷单", "--as", "小周"), []),
        (("刷单", "--as", "wxid_zhou"), []),
        (("刷单", "--as", "newcomer"), []),
        (("加微信 13812345678", "--as", "新人"), [("新人", "remind")]),
        (("代购", "--group", "跑步"), []),
        (("代购", "--group", "读书会"), [("代购", "remind")]),
        (("", "--kind", "名片"), [("卡片", "remind")]),
        (("看", "--kind", "链接", "--link", "https://a.example/x"), [("外链", "remind")]),
        (("看", "--kind", "url", "--link", "https://book.example/x"), None),
        (("看", "--kind", "链接", "--link", "https://book.example/x"), []),
        (("刷单", "--group", "别的群"), None),
        (("刷单", "--strikes", "-1"), None),
    ],
)
def test_options(weilu: Weilu, words: tuple[str, ...], told: list[tuple[str, Any]] | None):
    """Who says it, where, of which kind, with how many strikes; None: refused with status 2."""
    answer = weilu("rules", "test", *words, "--json")

    assert (0 if told is not None else 2) == answer.status
    assert told is None or told == found(answer)
    assert "Traceback" not in answer.err


def test_operators_are_not_judged(weilu: Weilu):
    """That is said, so that nobody takes it for being in order."""
    assert "不受规则约束" in weilu("rules", "test", "刷单", "--as", "operator").out


def feed(monkeypatch: pytest.MonkeyPatch, *lines: object) -> None:
    """These lines are on the standard input; what is no text is written as JSON."""
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in written)))


def test_many_lines(weilu: Weilu, monkeypatch: pytest.MonkeyPatch):
    """Each line is answered by one; as each is said by somebody else, nobody floods."""
    feed(monkeypatch, "刷单", *["你好"] * 9)

    lines = [json.loads(line) for line in weilu("rules", "test", "-", "--json").out.splitlines()]

    assert ["刷单", *["你好"] * 9] == [one["text"] for one in lines]
    assert [2, *[0] * 9] == [len(one["findings"]) for one in lines]


def test_each_line_is_the_past_of_the_next(weilu: Weilu, monkeypatch: pytest.MonkeyPatch):
    """One author's lines add up, by their times; another's and another group's do not."""
    said = [{"text": "早", "author": "小林", "at": f"2026-11-20T12:00:{n:02}"} for n in range(4)]
    other = [{**said[0], "author": "小吴"}, {**said[0], "group": "跑步"}]
    late = {**said[0], "at": "2026-11-20T12:30:00Z"}
    feed(monkeypatch, *said, *other, late)

    lines = [json.loads(line) for line in weilu("rules", "test", "-", "--json").out.splitlines()]

    rules = [[each["rule"] for each in line["findings"]] for line in lines]
    assert [[], [], [], ["flood"], [], [], []] == rules


def test_the_title_of_a_card(weilu: Weilu, monkeypatch: pytest.MonkeyPatch):
    """It is judged with the text, and shown with it."""
    feed(monkeypatch, {"text": "看看", "title": "一起刷单", "kind": "链接"})

    assert "广告词：看看⏎一起【刷单】" in weilu("rules", "test", "-").out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": ', "第 2 行"),
        ({"txt": "刷单"}, "txt"),
        ({"text": 1}, "text"),
        ({"text": "早", "at": "昨天"}, "at"),
        ({"text": "早", "at": "0001-01-01T00:00:00Z"}, "2000"),
        ({"text": "早", "kind": "乱写"}, "kind"),
        ({"text": "早", "group": "别的群"}, "别的群"),
    ],
)
def test_a_faulty_line(weilu: Weilu, monkeypatch: pytest.MonkeyPatch, line: object, told: str):
    """What stands before it is answered; then it is told where the fault is, with status 2."""
    feed(monkeypatch, "刷单", line)

    answer = weilu("rules", "test", "-")

    assert (2, True, True) == (answer.status, "广告词" in answer.out, told in answer.err)


def test_a_group_left_alone(weilu: Weilu):
    """A group that the config does not name has no rules, and is said to be left alone."""
    answer = weilu("rules", "test", "加微信", "--group", "别的群")

    assert (2, True) == (answer.status, "不会理会" in answer.err)


def test_hostile_words(weilu: Weilu):
    """Nothing that a terminal obeys is printed, and half a character stops nothing."""
    answer = weilu("rules", "test", "\x1b[2J刷单\u202e\ud800[/red]")

    assert 0 == answer.status
    assert not {"\x1b", "\u202e", "\ud800"} & set(answer.out)


def test_whom_an_operator_exempted(ready: Weilu):
    """Who is exempt in the database is so here, in that group; others are not."""
    where, who = Group("围炉", "g1@room", "读书会"), Identity("围炉", "wxid_he", "小何")
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        now = datetime.now(UTC)
        work.groups.see(where, managed=True, at=now)
        work.exemptions.grant(where, who, "代购", "讲师", None, "cli", now)
        work.commit()
    database.close()

    for told in ("小何", "wxid_he"):
        assert [] == found(ready("rules", "test", "代购", "--as", told, "--json"))
    assert "代购" in ready("rules", "test", "代购", "--as", "小林").out
    assert "刷单" in ready("rules", "test", "刷单", "--as", "小何").out
