"""docs/rules.md: what its examples on the command line say is what the commands say."""

import io
import re
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import person, said

from bot.config_file import load
from bot.events import Group
from storage.database import Database

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
HEAD = PAGE.split("\n## ", 1)[0]
CONFIG, *_ = re.findall(r"```yaml\n(.*?)```", HEAD, re.DOTALL)
CONSOLES = [
    (call, told)
    for block in re.findall(r"```console\n(.*?)```", HEAD, re.DOTALL)
    for call, told in re.findall(r"^\$ weilu (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]
LINE, *_ = re.findall(r"```json\n(.*?\n)```", HEAD, re.DOTALL)
LADDER = re.findall(r"^\| `([^`]+)` \| (\d+) \| `([^`]+)` \|$", HEAD, re.MULTILINE)
READING = Group("围炉", "g1@room", "读书会")


def remember() -> None:
    """What was said lately in 读书会."""
    now = datetime.now(UTC)
    database = Database("sqlite:///data/weilu.db")
    database.upgrade()
    with database.work() as work:
        work.groups.see(READING, managed=True, at=now)
        for hours, text, name in (
            (3, "求代购", "小林"),
            (2, "有内推名额", "小吴"),
            (1, "早", "小何"),
        ):
            message = said(
                text, author=person(name), group=READING, at=now - timedelta(hours=hours)
            )
            work.messages.add(message, keep_text=hours != 1)
        work.commit()
    database.close()


def timeless(text: str) -> str:
    """Without moments: those change from day to day."""
    return re.sub(r"(\d{4}-)?\d\d-\d\d \d\d:\d\d", "#", text)


@pytest.mark.parametrize(("call", "told"), CONSOLES, ids=[call for call, _ in CONSOLES])
def test_the_commands(weilu: Weilu, monkeypatch: pytest.MonkeyPatch, call: str, told: str):
    """Each prints what the page says it prints."""
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    lit = re.sub(r"(内推: \{.*), shadow: true", r"\1", CONFIG)
    Path("new.yaml").write_text(lit, encoding="utf-8")
    if "replay" in call:
        remember()
    monkeypatch.setattr(sys, "stdin", io.StringIO(LINE * 4))

    answer = weilu(*shlex.split(call.split(" < ", maxsplit=1)[0]))

    assert 0 == answer.status
    assert timeless(told) == timeless(answer.out)


@pytest.mark.parametrize(("written", "strikes", "follows"), LADDER)
def test_the_ladder(weilu: Weilu, written: str, strikes: str, follows: str):
    """The default ladder leads where the table says."""
    rule = f"{{rule: keywords, reason: 约定好的, words: [代购], consequence: {written}}}"
    config = f"""
account: {{name: 围炉}}
groups: [{{match: {{name: 群}}}}]
defaults: {{rules: {{一: {rule}}}}}
"""
    Path("config.yaml").write_text(config, encoding="utf-8")

    answer = weilu("rules", "test", "代购", "--strikes", strikes)

    assert f"  → {follows}" == answer.out.splitlines()[-1]


def test_the_examples_are_seen(tmp_path: Path):
    """There are some of each, and the config is in order."""
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")

    assert load(tmp_path / "config.yaml").groups
    assert len(CONSOLES) >= 7
    assert len(LADDER) >= 10
    assert {"rules test", "rules replay"} == {" ".join(call.split()[:2]) for call, _ in CONSOLES}
