import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
SHEET = (
    "代号,标题,内容,类型,标签,状态\n"
    "tea,一杯茶,今天的第一杯是什么？,,早晨,可用\n"
    "walk,走路,今天走了多远？,专业,运动,可用\n"
    "new,推荐一本书,你想推荐哪本？,,读书,待审\n"
)


@pytest.fixture
def stocked(ready: Weilu, tmp_path: Path) -> Weilu:
    """Weilu with three topics, one of them a proposal."""
    sheet = tmp_path / "topics.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    assert 0 == ready("topics", "import", str(sheet)).status
    return ready


def keys(stocked: Weilu, *words: str) -> list[str]:
    """What `weilu topics list` lists."""
    return [topic["key"] for topic in json.loads(stocked("topics", "list", *words, "--json").out)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["tea", "walk"]),
        (("--all",), ["tea", "walk", "new"]),
        (("--status", "待审"), ["new"]),
        (("--status", "approved", "--status", "proposed"), ["tea", "walk", "new"]),
        (("--tag", "早晨"), ["tea"]),
        (("--tag", "早晨", "--tag", "运动"), ["tea", "walk"]),
        (("--tag", "早晨", "--status", "待审"), []),
    ],
)
def test_which_are_listed(stocked: Weilu, words: tuple[str, ...], expected: list[str]):
    """What is in use, or all, or those with one of the statuses and one of the tags."""
    assert expected == keys(stocked, *words)


def test_the_table(stocked: Weilu):
    """Chinese words for kinds and statuses; where nothing fits, a sentence."""
    listed = stocked("topics", "list", "--all").out

    assert {"专业", "万能", "待审", "运动", "一杯茶"} <= {
        cell.strip() for line in listed.splitlines() for cell in line.split("│")
    }
    assert "没有这样的话题" in stocked("topics", "list", "--tag", "没有").out


def test_a_status_that_is_none(stocked: Weilu):
    """The known ones are named."""
    answer = stocked("topics", "list", "--status", "好")

    assert (2, True) == (answer.status, "休息 resting" in answer.err)


def test_approve_rest_retire(stocked: Weilu):
    """By key or by title, several at once; who is there already is counted."""
    assert "2 个话题改成了「休息」，0 个本来就是。" in stocked("topics", "rest", "tea", "走路").out
    assert (
        "2 个话题改成了「可用」，0 个本来就是。" in stocked("topics", "approve", "new", "tea").out
    )
    assert "1 个话题改成了「停用」，0 个本来就是。" in stocked("topics", "retire", "new", "new").out
    assert "0 个话题改成了「停用」，1 个本来就是。" in stocked("topics", "retire", "new").out
    assert ["tea"] == keys(stocked)


def test_all_of_them_or_none(stocked: Weilu):
    """One topic that is not there, or one step that makes no sense, and nothing is changed."""
    missing = stocked("topics", "retire", "tea", "wolk")
    wrong = stocked("topics", "rest", "tea", "new")

    assert (1, True, True) == (missing.status, "「wolk」" in missing.err, "walk" in missing.err)
    assert (1, True) == (wrong.status, "「待审」的话题不能改成「休息」" in wrong.err)
    assert ["tea", "walk"] == keys(stocked)


def test_show(stocked: Weilu):
    """All fields that it has, and its history, in words and as JSON."""
    stocked("topics", "approve", "new")
    shown = stocked("topics", "show", "推荐一本书").out
    plain = json.loads(stocked("topics", "show", "new", "--json").out)

    assert "代号：new\n标题：推荐一本书\n内容：你想推荐哪本？\n类型：万能\n" in shown
    assert "weilu cli  加入\n" in shown
    assert "weilu cli  状态 待审 → 可用\n" in shown
    assert "分类" not in shown
    assert [{}, {"status": ["proposed", "approved"]}] == [
        change["changed"] for change in plain["history"]
    ]
