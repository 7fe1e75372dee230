"""Decisions from outside the chat, through the real pipeline."""

from pathlib import Path

import pytest
from builders import group, said
from console_stage import console

from bot.actions import Priority, Say
from bot.deciding import Undecided
from handlers.scene import Scene
from handlers.verdicts import NO_CASE, NOT_US, Verdict
from storage.database import Database

SAY = Say(key="k", why="", priority=Priority.ANSWER, to=group(), text="好")


async def test_a_decision_is_told_once_it_is_committed(database: Database, tmp_path: Path):
    """What follows from it is in the outbox by then, for everybody to read."""
    async with console(database, tmp_path) as stage:
        verdict = await stage.app.pipeline.decide(
            lambda _: Verdict(done=True, words=NO_CASE, actions=(SAY,))
        )
        with database.reading() as reports:
            staged = [row.action for row in reports.stores.outbox.list()]

    assert NO_CASE is verdict.words
    assert SAY in staged


async def test_a_decision_that_fails_is_told_and_spoils_nothing_else(
    database: Database, tmp_path: Path
):
    """What it wrote before is undone; the message beside it is recorded."""

    def fails(scene: Scene) -> Verdict:
        scene.work.outbox.put((SAY,), scene.now)
        raise ValueError("坏")

    async with console(database, tmp_path) as stage:
        await stage.app.pipeline.feed(said("早", group=group()))
        with pytest.raises(Undecided):
            await stage.app.pipeline.decide(fails)
        await stage.settled()
        with database.reading() as reports:
            staged = [row.action for row in reports.stores.outbox.list()]
            heard = sum(known.messages for known in reports.groups() if known.group == group())

    assert SAY not in staged
    assert 1 == heard


async def test_nothing_is_decided_while_weilu_stops(database: Database, tmp_path: Path):
    """Whoever decides is told, and does not wait for ever."""
    async with console(database, tmp_path) as stage:
        await stage.app.pipeline.close()
        with pytest.raises(Undecided):
            await stage.app.pipeline.decide(lambda _: Verdict(done=True, words=NOT_US))
