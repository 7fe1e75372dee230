import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.commands import COMMANDS
from bot.cli.main import _unexpected, plain_run

Weilu = Callable[..., Any]  # the fixture in conftest.py


def test_a_command_is_loaded_when_it_is_called():
    """Starting one command does not wait for what only others need."""
    asked = "import sys, bot.cli.commands; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()

    places = {place for place, _ in COMMANDS.values()}
    assert set() == places & set(loaded)
    assert set() == {"bot.demo", "rich.table", "typer.rich_utils", "openpyxl", "grpc"} & set(loaded)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["run"], ("config.yaml", False)),
        (["run", "--dry-run"], ("config.yaml", True)),
        (["run", "-c", "a.yaml"], ("a.yaml", False)),
        (["run", "--dry-run", "--config", "a.yaml"], ("a.yaml", True)),
        (["run", "-c"], None),
        (["run", "-c", "--dry-run"], None),
        (["run", "--config=a.yaml"], None),
        (["run", "--help"], None),
        (["run", "a.yaml"], None),
        (["--help"], None),
        (["check"], None),
        ([], None),
    ],
)
def test_a_plain_run_needs_no_frame(words: list[str], asked: tuple[str, bool] | None):
    """What is not plain is left to the frame, which says what is wrong with it."""
    assert asked == plain_run(words)


def test_run_is_the_same_with_the_frame(weilu: Weilu):
    """Both ways leave with the same words and the same status."""
    plain, framed = weilu("run", "-c", "none.yaml"), weilu("run", "--config=none.yaml")

    assert plain == framed
    assert (2, True) == (plain.status, "none.yaml" in plain.err)


def test_the_first_answer_needs_neither_frame_nor_colours():
    """Nor what only some configs, some gateways or later work need."""
    asked = "import sys, bot.cli.main, bot.cli.serving; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()

    late = {"typer", "rich", "alembic", "apscheduler", "storage.reports", "html", "urllib.request"}
    orders = {"handlers.heed", "handlers.operating", "handlers.orders", "handlers.record"}
    topics = {"handlers.choice", "handlers.casting", "topics.choosing", "topics.planning"}
    stores = {"appeals", "cards", "casts", "complaints", "consents", "crowds", "erasure", "export"}
    rules = {"baits", "addresses", "contact_bait", "links", "newcomer", "repeats"}
    late |= orders | topics | {f"storage.{name}" for name in stores}
    late |= {f"rules.{name}" for name in rules} | {"console", "storage.topics", "storage.tasks"}
    assert set() == late & set(loaded)


def test_the_nearest_command_is_suggested(weilu: Weilu):
    """A slip of the finger gets the name that was probably meant."""
    said = weilu("topic")

    assert (2, True) == (said.status, "'topics'" in said.err)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("topic", "没有「topic」这个命令。你是想写 'topics' 吗？"),
        ("--nope", "没有 --nope 这个选项。"),
        ("check --cofig x", "没有 --cofig 这个选项。你是想写 --config 吗？"),
        ("rules test", "少写了 text。"),
        ("rules replay --examples x", "--examples 的值不对：要写一个数字。"),
        ("rules replay --examples 99999", "--examples 的值不对：最大是 1000。"),
        ("operators invite --role boss", "没有「boss」，可以写 'operator', 'admin'。"),
        ("report --since", "选项 --since 后面要写一个值。"),
        ("check extra", "多写了「extra」；有空格的话要加引号。"),
        ("members forget x --yes=1", "选项 --yes 后面不写值。"),
    ],
)
def test_a_wrong_call(weilu: Weilu, call: str, words: str):
    """It is said in Chinese what is wrong, and where to read how it is written."""
    said = weilu(*call.split())

    assert (2, True) == (said.status, said.err.startswith("命令写得不对："))
    assert words in said.err
    assert "--help 看用法。" in said.err


def test_a_wrong_call_in_english(weilu: Weilu, monkeypatch: pytest.MonkeyPatch):
    """Whoever reads English gets what the frame says."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    assert "That call is off: Missing argument 'text'." in weilu("rules", "test").err


def test_no_proposed_config(weilu: Weilu):
    """Another file than the one in force is missing, and it is named as such."""
    said = weilu("rules", "replay", "--with", "new.yaml")

    assert (2, True) == (said.status, "--with new.yaml：没有这个文件" in said.err)


def test_the_details_of_a_fault_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each in a file of its own, which the sentence names; the sentence holds none of them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = [_unexpected(ValueError("一")), _unexpected(ValueError("二"))]

    kept = sorted(tmp_path.iterdir())
    assert 2 == len(kept)
    assert all(any(str(file) in words for words in told) for file in kept)
    assert {"一", "二"} == {file.read_text(encoding="utf-8").strip()[-1] for file in kept}
    assert all("（ValueError）" in words for words in told)
