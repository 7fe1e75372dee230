import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from rules_stage import NEW, RULES, audit, began, edited, replayed, rules, send, until_loaded

from bot import config_edit
from bot.events import Identity
from console.sessions import Right
from handlers.replaying import Replay
from storage.database import Database, DatabaseTrouble


@pytest.mark.parametrize("right", [Right.VIEWER, Right.OPERATOR])
async def test_the_config_is_for_admins(sqlite_database: Database, tmp_path: Path, *, right: Right):
    """Others neither see nor change it, whatever they send."""
    async with rules(sqlite_database, tmp_path) as (stage, admin, path):
        page = (await admin.get("/rules/config")).text
        other = await stage.visitor(right)
        shown = await other.get("/rules/config")
        told = [
            (await other.post(f"/rules/config/{what}", text=edited(path), began=began(page))).text
            for what in ("check", "load", "replay/start", "replay/cancel", "drop")
        ]
        pieces = [
            (await other.get(f"/rules/config/{what}")).text for what in ("replayed", "loaded")
        ]
        rest = (await other.get("/rules")).text

    assert (403, False) == (shown.status_code, "加微信" in shown.text)
    assert ["没有权限" in each for each in (*told, *pieces)] == [True] * 7
    assert "/rules/config" not in rest
    assert RULES == path.read_text("utf-8")


async def test_an_admin_who_is_none_any_more_loads_nothing(
    sqlite_database: Database, tmp_path: Path
):
    """The right is asked where it is decided, not where they signed in."""
    async with rules(sqlite_database, tmp_path) as (stage, _, path):
        zhou = Identity(stage.app.account, "zhou", "老周")
        visitor = await stage.visitor(Right.ADMIN, zhou)
        answer = await send(visitor, "load", edited(path))
        written = await audit(stage)

    assert "told badly" in answer
    assert (RULES, []) == (path.read_text("utf-8"), written)


async def test_faults_are_marked_at_their_lines(sqlite_database: Database, tmp_path: Path):
    """Where, what, what was meant; what was typed is still there after a look elsewhere."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, path):
        wrong = edited(path, "shadow: true", "shadw: true").replace(
            "group_per_minute: 60", "group_per_minute: x"
        )
        line = wrong[: wrong.index("shadw")].count("\n") + 1
        answer = await send(visitor, "check", wrong)
        page = (await visitor.get("/rules/config")).text

    assert "有 2 处不对" in answer
    assert f'<li id="line-{line}" class="bad">' in answer
    assert f'href="#line-{line}"' in answer
    assert "<mark>shadw: true}</mark>" in answer
    assert "你是想写 shadow 吗" in answer
    assert "确定载入" not in answer
    assert "shadw: true" in page
    assert "改到一半" in page


async def test_nothing_typed_is_lost(sqlite_database: Database, tmp_path: Path):
    """Not a first empty line, no sign of HTML, no invisible character."""
    text = "\n\n</textarea><script>x</script>\u200b # &amp;\n"
    async with rules(sqlite_database, tmp_path) as (_, visitor, _):
        await send(visitor, "check", text)
        page = (await visitor.get("/rules/config")).text

    assert (
        '">\n\n\n&lt;/textarea&gt;&lt;script&gt;x&lt;/script&gt;\u200b # &amp;amp;\n</textarea>'
        in page
    )


async def test_a_config_is_loaded(sqlite_database: Database, tmp_path: Path):
    """Written whole, with what was there beside it and an audit line; the watcher takes it up."""
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        await send(visitor, "check", edited(path))
        answer = await send(visitor, "load", edited(path))
        waiting = (await visitor.get("/rules/config/loaded")).text
        await until_loaded(stage, visitor, "正在生效")
        tried = (await visitor.post("/rules/try", text="找兼职")).text
        page = (await visitor.get("/rules/config")).text
        written = await audit(stage)

    assert "已写进配置文件" in answer
    assert "与文件里的一样" in answer
    assert "几秒后生效" in waiting
    assert "<mark>兼职</mark>" in tried
    assert "改到一半" not in page
    assert RULES.replace(*NEW) == path.read_text("utf-8")
    assert RULES == (tmp_path / "config.yaml.bak").read_text("utf-8")
    assert [("控制台 console", "载入配置 load config", "+1 -1 行 lines")] == written


async def test_what_needs_a_restart_is_told(sqlite_database: Database, tmp_path: Path):
    """Before it is loaded and when it was; until then the house goes by its old name."""
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        text = edited(path, "account: {name: 围炉}", "account: {name: 炉子}")
        text = text.replace(*NEW)
        checked = await send(visitor, "check", text)
        loaded = await send(visitor, "load", text)
        await until_loaded(stage, visitor, "要重启围炉才生效的改动")
        tried = (await visitor.post("/rules/try", text="找兼职")).text
        named = stage.access.in_force.house().account

    assert "account：要重启围炉才生效" in checked
    assert "account 的改动要重启围炉才生效" in loaded
    assert ("围炉", True) == (named, "<mark>兼职</mark>" in tried)


@pytest.mark.parametrize(
    ("change", "words"),
    [(("shadow: true", "shadw: true"), "配置有误"), (("加微信", "加微信"), "没有要载入的")],
)
async def test_nothing_faulty_and_nothing_idle_is_loaded(
    sqlite_database: Database, tmp_path: Path, change: tuple[str, str], words: str
):
    """It says so, and the file stays."""
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        answer = await send(visitor, "load", edited(path, *change))
        written = await audit(stage)

    assert words in answer
    assert (RULES, []) == (path.read_text("utf-8"), written)


async def test_a_file_that_somebody_else_changed_is_not_written_over(
    sqlite_database: Database, tmp_path: Path
):
    """It is shown how the two differ; only who has looked may load theirs."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, path):
        opened = began((await visitor.get("/rules/config")).text)
        mine, theirs = edited(path), edited(path, "大家来聊书", "我们来聊书")
        path.write_text(theirs, "utf-8")
        refused = await send(visitor, "load", mine, began=opened)
        kept = path.read_text("utf-8")
        seen = await send(visitor, "check", mine, began=opened, seen="1")
        loaded = await send(visitor, "load", mine, began=began(seen))

    assert "没有载入" in refused
    assert "我们来聊书" in refused
    assert "看过了，以我的为准" in refused
    assert theirs == kept
    assert "已写进配置文件" in loaded
    assert mine == path.read_text("utf-8")


async def test_a_file_that_cannot_be_written_is_told(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Why, on the page and in the audit trail; the draft stays."""

    def full(*_: object) -> None:
        raise config_edit.NotWritten("No space left on device")

    monkeypatch.setattr(config_edit, "replace", full)
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        answer = await send(visitor, "load", edited(path))
        written = await audit(stage)
        page = (await visitor.get("/rules/config")).text

    assert "没有写成：No space left on device" in answer
    assert ["没有载入 not loaded", "载入配置 load config"] == [what for _, what, _ in written]
    assert "改到一半" in page


async def test_a_draft_can_be_dropped(sqlite_database: Database, tmp_path: Path):
    """Then the page begins anew from the file."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, path):
        await send(visitor, "check", edited(path))
        await visitor.post("/rules/config/drop")
        page = (await visitor.get("/rules/config")).text

    assert "兼职" not in page


async def test_a_file_that_is_gone(sqlite_database: Database, tmp_path: Path):
    """A sentence, not a fault."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, path):
        path.unlink()
        page = (await visitor.get("/rules/config")).text
        answer = await send(visitor, "check", RULES, began="0")

    assert "没有这个文件" in page
    assert "没有这个文件" in answer


async def test_history_is_replayed(sqlite_database: Database, tmp_path: Path):
    """Who would newly be touched and who no longer, with what they said, marked; nobody is told."""
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        stage.says("小林", "找兼职吗<script>")
        stage.says("阿青", "代购好货")
        await stage.settled()
        before = len(stage.room.network.said)
        answer = await send(visitor, "replay/start", edited(path), days=30, group="读书会")
        page = await replayed(visitor)
        await stage.settled()
        after = len(stage.room.network.said)

    assert "开始重放" in answer
    assert "新被碰到的人：<bdi>小林</bdi>" in page
    assert "不再被碰到的人：<bdi>阿青</bdi>" in page
    assert "找<mark>兼职</mark>吗&lt;script&gt;" in page
    assert "最近 30 天" in page
    assert before == after


async def test_a_replay_shows_how_far_it_is_and_can_be_cancelled(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One at a time; what was found until then is shown."""
    hear, gate, reached = Replay.hear, threading.Event(), threading.Event()

    def heard(self: Replay, *words: Any) -> None:
        if self.messages == 2:
            reached.set()
            gate.wait(20)
        hear(self, *words)

    monkeypatch.setattr(Replay, "hear", heard)
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        for text in ("兼职一", "兼职二", "兼职三", "兼职四"):
            stage.says("小林", text)
        await stage.settled()
        await send(visitor, "replay/start", edited(path))
        await asyncio.to_thread(reached.wait, 20)
        page = (await visitor.get("/rules/config/replayed")).text
        second = await send(visitor, "replay/start", edited(path))
        await visitor.post("/rules/config/replay/cancel")
        gate.set()
        over = await replayed(visitor)

    assert "2 / 4 条" in page
    assert "先取消它" in second
    assert "取消了，只算到这里" in over


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"group": "没有的群"}, "没有这个群"), ({"text": "account: ["}, "配置有误")],
)
async def test_what_cannot_be_replayed(
    sqlite_database: Database, tmp_path: Path, fields: dict[str, str], words: str
):
    """It says why, and nothing begins."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, path):
        sent = {"text": edited(path)} | fields
        answer = await send(visitor, "replay/start", **sent)
        page = (await visitor.get("/rules/config/replayed")).text

    assert words in answer
    assert "最近" not in page


async def test_a_replay_ends_when_weilu_does(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nobody waits for ninety days of history to stop."""
    hear, began_to = Replay.hear, threading.Event()

    def heard(self: Replay, *words: Any) -> None:
        began_to.set()
        stopping.wait(20)
        hear(self, *words)

    monkeypatch.setattr(Replay, "hear", heard)
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        stopping = stage.access.closing
        for text in ("兼职一", "兼职二"):
            stage.says("小林", text)
        await stage.settled()
        await send(visitor, "replay/start", edited(path))
        await asyncio.to_thread(began_to.wait, 20)
        await asyncio.to_thread(stage.access.close)
        page = await replayed(visitor)

    assert "取消了，只算到这里" in page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DatabaseTrouble("磁盘坏了"), "磁盘坏了"),
        (RuntimeError("<b>"), "已记入日志"),
    ],
)
async def test_a_replay_that_fails_says_so(
    sqlite_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
):
    """And another one can be begun."""

    def fails(*_: object) -> None:
        raise error

    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        stage.says("小林", "找兼职")
        await stage.settled()
        with monkeypatch.context() as broken:
            broken.setattr(Replay, "hear", fails)
            await send(visitor, "replay/start", edited(path))
            failed = await replayed(visitor)
        await send(visitor, "replay/start", edited(path))
        again = await replayed(visitor)

    assert words in failed
    assert "新被碰到的人：<bdi>小林</bdi>" in again


@pytest.mark.parametrize("name", ["/dev/zero", "/etc/passwd", '"\\0.txt"', "../../x.txt"])
async def test_a_config_opens_no_other_files(sqlite_database: Database, tmp_path: Path, name: str):
    """What a proposed list of words names is told as a fault, and nothing hangs."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, path):
        answer = await send(visitor, "check", edited(path, "words: [早安]", f"lists: [{name}]"))

    assert "有 1 处不对" in answer
    assert "root:" not in answer
