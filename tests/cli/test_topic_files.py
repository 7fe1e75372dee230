import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from topics.files import read

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
SHEET = "代号,标题,内容,标签,状态\ntea,一杯茶,你今天喝的第一杯是什么，在哪里喝的？,早晨,\n"


class Terminal(io.StringIO):
    """Standard input, as somebody who sits before it gives it."""

    def isatty(self) -> bool:
        """Somebody does."""
        return True


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A sheet with one topic."""
    path = tmp_path / "话题.csv"
    path.write_text(SHEET, encoding="gb18030")
    return path


def titles(ready: Weilu) -> list[str]:
    """What is in the bank."""
    return [topic["title"] for topic in json.loads(ready("topics", "list", "--all", "--json").out)]


def test_a_look_first(ready: Weilu, sheet: Path):
    """With --dry-run it says what it would do, and does nothing."""
    answer = ready("topics", "import", str(sheet), "--dry-run")

    assert (0, True) == (answer.status, "新增 1 个话题，更新 0 个，0 个不变。" in answer.out)
    assert [] == titles(ready)


@pytest.mark.parametrize(("said", "expected"), [("y\n", ["一杯茶"]), ("n\n", [])])
def test_at_a_terminal_it_asks(
    ready: Weilu, sheet: Path, monkeypatch: pytest.MonkeyPatch, said: str, expected: list[str]
):
    """Somebody who sits there sees first what will happen, and says yes or no."""
    monkeypatch.setattr(sys, "stdin", Terminal(said))
    answer = ready("topics", "import", str(sheet))

    assert "新增 1 个话题" in answer.out
    assert expected == titles(ready)


def test_without_asking(ready: Weilu, sheet: Path, monkeypatch: pytest.MonkeyPatch):
    """With --yes nothing is asked, even there."""
    monkeypatch.setattr(sys, "stdin", Terminal(""))

    assert 0 == ready("topics", "import", str(sheet), "--yes").status
    assert ["一杯茶"] == titles(ready)


def test_a_bank_that_changes_meanwhile(ready: Weilu, sheet: Path, monkeypatch: pytest.MonkeyPatch):
    """What somebody agreed to is what happens, else nothing does."""

    class Slow(Terminal):
        def readline(self, *_: object) -> str:
            monkeypatch.setattr(sys, "stdin", io.StringIO())
            other = sheet.with_name("other.csv")
            other.write_text(SHEET.replace("第一杯", "第二杯"), encoding="utf-8")
            ready("topics", "import", str(other))
            return "y\n"

    monkeypatch.setattr(sys, "stdin", Slow())
    answer = ready("topics", "import", str(sheet))

    assert (1, True) == (answer.status, "请再来一次" in answer.err)


def test_what_changes_and_what_is_alike(ready: Weilu, sheet: Path):
    """Changed fields and near duplicates are named, in words and as JSON."""
    ready("topics", "import", str(sheet))
    sheet.write_text(
        SHEET.replace("早晨", "晚上") + "b,另一杯,你今天喝的第一杯是什么？在哪里喝的呢,,\n", "utf-8"
    )
    looked = ready("topics", "import", str(sheet), "--dry-run")
    done = json.loads(ready("topics", "import", str(sheet), "--json").out)

    assert "更新「一杯茶」：标签" in looked.out
    assert "第 3 行「另一杯」≈「一杯茶」（tea）：内容相近" in looked.out
    alike = [{"line": 3, "key": "b", "other": "tea", "likeness": "text"}]
    assert {"new": 1, "updated": 1, "unchanged": 0, "alike": alike} == done


def test_a_wrong_step_imports_nothing(ready: Weilu, sheet: Path):
    """A file cannot bring a retired topic back; the fault has its row and column."""
    ready("topics", "import", str(sheet))
    ready("topics", "retire", "tea")
    sheet.write_text(SHEET.replace(",早晨,", ",早晨,可用") + "b,题,问？,,\n", "utf-8")
    answer = ready("topics", "import", str(sheet))

    assert (2, True) == (answer.status, f"{sheet}:2:5  status" in answer.err)
    assert ["一杯茶"] == titles(ready)


@pytest.mark.parametrize("form", ["yaml", "csv", "xlsx"])
def test_out_and_in_again(ready: Weilu, sheet: Path, form: str):
    """An export edited and imported again updates; it is never written over another file."""
    ready("topics", "import", str(sheet))
    ready("topics", "rest", "tea")
    file = sheet.with_name(f"out.{form}")

    assert "1 个话题" in ready("topics", "export", str(file)).out
    assert ["一杯茶"] == [topic.title for topic in read(file)]
    assert 1 == ready("topics", "export", str(file)).status
    again = json.loads(ready("topics", "import", str(file), "--json").out)
    assert (0, 0, 1) == (again["new"], again["updated"], again["unchanged"])


def test_a_part(ready: Weilu, sheet: Path):
    """Only what has the tag and the status goes out; nothing at all is said to be nothing."""
    sheet.write_text(SHEET + "b,题,问？,晚上,待审\n", "utf-8")
    ready("topics", "import", str(sheet))
    file = sheet.with_name("part.csv")

    ready("topics", "export", str(file), "--tag", "晚上", "--status", "待审")
    assert ["b"] == [topic.key for topic in read(file)]
    none = ready("topics", "export", str(sheet.with_name("no.csv")), "--tag", "没有")
    assert (1, True) == (none.status, "没有可以导出的话题" in none.err)


@pytest.mark.parametrize("command", ["export", "template"])
def test_other_endings(ready: Weilu, sheet: Path, command: str):
    """Only files that can be imported are written."""
    ready("topics", "import", str(sheet))
    answer = ready("topics", command, str(sheet.with_name("t.doc")))

    assert (2, True) == (answer.status, ".xlsx" in answer.err)
    assert not sheet.with_name("t.doc").exists()


@pytest.mark.parametrize("form", ["yaml", "csv", "xlsx"])
def test_a_template(ready: Weilu, tmp_path: Path, form: str):
    """It is written, says what to do with it, and can be imported."""
    file = tmp_path / f"模板.{form}"
    answer = ready("topics", "template", str(file))

    assert f"weilu topics import {file}" in answer.out.replace("\n", "")
    assert 2 == json.loads(ready("topics", "import", str(file), "--json").out)["new"]
    assert [] == json.loads(ready("topics", "list", "--json").out)
