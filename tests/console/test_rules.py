from pathlib import Path

import pytest
from rules_stage import edited, rules, send

from bot.config_file import parse
from bot.events import Identity
from console.sessions import Right
from handlers.exempting import exempt
from storage.database import Database


async def test_the_rules_in_force(sqlite_database: Database, tmp_path: Path):
    """Name, kind, reason, what follows, whom it spares until when, and what was announced."""
    async with rules(sqlite_database, tmp_path) as (stage, visitor, _):
        await stage.settled()
        page = (await visitor.get("/rules")).text

    for words in ("禁用词", "大家来聊书，不来看广告", "警告起", "静言 1 天", "影子：只计数"):
        assert words in page
    assert "新人</bdi>：" in page
    assert "到 2099-12-31 为止（含）" in page
    assert "第 1 版" in page
    assert "还没公布" not in page


async def test_whom_operators_exempted_stands_there(sqlite_database: Database, tmp_path: Path):
    """With the day it ends and who said so; a hostile name is a name."""
    async with rules(sqlite_database, tmp_path) as (stage, visitor, _):
        stage.says("小林", "大家好")
        await stage.settled()
        group = stage.room.gateway.group(stage.room.network.room("读书会"))
        settings = stage.access.in_force.group(group)
        assert settings is not None
        evil = Identity(stage.app.account, "evil", "<b>坏</b>\u202e")
        await stage.app.pipeline.decide(
            lambda scene: exempt(scene, group, settings, evil, "keywords", None, "老周", "讲师来的")
        )
        page = (await visitor.get("/rules")).text

    assert "讲师来的" in page
    assert "直到取消" in page
    assert "&lt;b&gt;坏&lt;/b&gt;" in page
    assert "\u202e" not in page


async def test_a_change_that_was_not_announced_is_told(sqlite_database: Database, tmp_path: Path):
    """Of each rule that changed, and of the group."""
    async with rules(sqlite_database, tmp_path) as (stage, visitor, path):
        await stage.settled()
        changed = edited(path, "不来看广告", "不来看推销")
        stage.app.in_force.config = parse(changed.encode(), str(path))
        page = (await visitor.get("/rules")).text

    assert 1 == page.count("还没公布</span>\n") + page.count("还没公布</span></div>")
    assert "改过，还没公布" in page


@pytest.mark.parametrize(
    ("text", "fields", "there"),
    [
        ("加*微*信，便宜", {}, ["<mark>加*微*信</mark>，便宜", "字间的符号", "→ 警告"]),
        ("加微信", {"strikes": "1"}, ["→ 静言 1 天"]),
        ("早安", {}, ["<mark>早安</mark>", "影子规则：只计数"]),
        ("今天天气好", {}, ["没有碰到任何规则"]),
        ("见 http://a.example/x", {}, ["<mark>", "链接通向 a.example"]),
        ("见 http://a.example/x", {"newcomer": "1"}, ["没有碰到任何规则"]),
        ("", {}, ["写一句话"]),
    ],
)
async def test_a_text_is_tried(
    sqlite_database: Database, tmp_path: Path, text: str, fields: dict[str, str], there: list[str]
):
    """What is found, marked, what was undone for it, and what would follow; for a viewer too."""
    async with rules(sqlite_database, tmp_path) as (stage, _, _):
        viewer = await stage.visitor(Right.VIEWER)
        answer = (await viewer.post("/rules/try", text=text, **fields)).text

    for words in there:
        assert words in answer


async def test_a_hostile_text_is_a_text(sqlite_database: Database, tmp_path: Path):
    """What is tried is shown, never obeyed."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, _):
        answer = (await visitor.post("/rules/try", text="<script>加微信\u202e</script>")).text

    assert "&lt;script&gt;<mark>加微信</mark>" in answer
    assert "\u202e" not in answer


async def test_a_text_is_tried_by_the_draft(sqlite_database: Database, tmp_path: Path):
    """Before it is loaded, by whoever is writing it."""
    async with rules(sqlite_database, tmp_path) as (_, visitor, path):
        await send(visitor, "check", edited(path))
        page = (await visitor.get("/rules/try?by=draft")).text
        now = (await visitor.post("/rules/try", text="兼职")).text
        then = (await visitor.post("/rules/try", text="兼职", by="draft")).text

    assert "我改的，还没载入" in page
    assert ("没有碰到任何规则" in now, "<mark>兼职</mark>" in then) == (True, True)
