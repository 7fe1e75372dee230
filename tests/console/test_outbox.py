from pathlib import Path
from typing import Any

import pytest
from builders import group
from console_stage import Stage, Visitor, console

from bot.actions import Priority, Say
from console.sessions import Right
from storage.database import Database
from storage.values import OutboxState


def say(key: str = "k", text: str = "大家好", **over: object) -> Say:
    """Something to say."""
    return Say(key=key, why="测试", priority=Priority.NOTICE, to=group(), text=text)


async def staged(stage: Stage, action: Say, state: OutboxState = OutboxState.PENDING) -> int:
    """An action in that state; while sending is stopped, so that it stays there."""

    def put(work: Any) -> int:
        work.accounts.stop(stage.app.account, "测试", stage.room.network.now)
        work.outbox.put([action], stage.room.network.now)
        (row,) = [row for row in work.outbox.list(stage.app.account) if row.action == action]
        if state is not OutboxState.PENDING:
            work.outbox.claim_all([row.id], "test", stage.room.network.now)
            work.outbox.settle(row.id, state, stage.room.network.now, "试试")
        return row.id

    return await stage.app.writer.run(put)


async def state_of(stage: Stage, row: int) -> OutboxState:
    """What became of a row."""
    found = await stage.app.writer.run(lambda work: work.outbox.get(row))
    assert found is not None
    return found.state


async def shown(visitor: Visitor, tab: str = "waits") -> str:
    """The rows of a tab."""
    return (await visitor.get(f"/outbox/rows?tab={tab}")).text


async def test_an_unconfirmed_row_is_sent_again(sqlite_database: Database, tmp_path: Path):
    """Who has looked in the group taps once more, and it waits to go out."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        row = await staged(stage, say(), OutboxState.UNCONFIRMED)
        before = await shown(visitor, "unsure")
        await visitor.post(f"/outbox/{row}/resend")

        assert "大家好" in before
        assert "大家好" in await shown(visitor)
        assert await state_of(stage, row) is OutboxState.PENDING


async def test_what_is_in_the_group_is_settled(sqlite_database: Database, tmp_path: Path):
    """Who has seen it there says so, and it is never said again."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        row = await staged(stage, say(), OutboxState.UNCONFIRMED)
        await visitor.post(f"/outbox/{row}/seen")

        assert await state_of(stage, row) is OutboxState.DONE


async def test_what_waits_is_cancelled(sqlite_database: Database, tmp_path: Path):
    """It never goes out, and is told so a second time."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        row = await staged(stage, say())
        well, badly = [await visitor.post(f"/outbox/{row}/cancel") for _ in range(2)]

        assert "told well" in well.text
        assert "told badly" in badly.text
        assert await state_of(stage, row) is OutboxState.CANCELLED


async def test_all_sending_stops_and_goes_on(sqlite_database: Database, tmp_path: Path):
    """One tap stops, another goes on; each is written down."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await visitor.post("/outbox/stop")
        stopped = await shown(visitor)
        await visitor.post("/outbox/resume")
        goes_on = await shown(visitor)
        deeds = await stage.app.writer.run(lambda work: work.audit.list(stage.app.account))

    assert "发送停着" in stopped
    assert "发送停着" not in goes_on
    assert {"停止发送 stop", "恢复发送 resume"} <= {deed.what for deed in deeds}


@pytest.mark.parametrize("path", ["stop", "resume", "1/resend", "1/cancel"])
async def test_a_viewer_changes_nothing(sqlite_database: Database, tmp_path: Path, path: str):
    """Who may only look is told so."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.VIEWER)
        answer = await visitor.post(f"/outbox/{path}")

    assert "told badly" in answer.text


async def test_hostile_words_stay_words(sqlite_database: Database, tmp_path: Path):
    """What waits to be said is never a part of the page."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await staged(stage, say(text="<script>alert(1)</script>\u202e\n</td>"))
        page = await shown(visitor)

    assert "<script>" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


async def test_another_account_s_row_is_not_ours(sqlite_database: Database, tmp_path: Path):
    """Two accounts may share a database."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        row = await staged(stage, say())
        answer = await visitor.post(f"/outbox/{row + 1}/cancel")

        assert "told badly" in answer.text
        assert await state_of(stage, row) is OutboxState.PENDING
