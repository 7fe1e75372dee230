import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from builders import NOON

from bot.clock import MovableClock
from bot.config import Config
from bot.config_file import load
from bot.faults import ConfigFaults
from bot.reload import watch

SOUND = "account: {name: %s}\ngroups: []\n"
FAULTY = "account: {nam: x}\ngroups: []\n"


class PatientClock(MovableClock):
    """A clock that tells when somebody has gone to sleep by it."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.asleep = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Tell, then wait."""
        self.asleep.set()
        await super().sleep(seconds)

    async def pass_by(self, seconds: float) -> None:
        """Go on, and wait until whoever woke is asleep again."""
        self.asleep.clear()
        self.move_by(timedelta(seconds=seconds))
        await self.asleep.wait()


class Watched:
    """A watched file on a clock of its own, and what was told of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told: list[str] = []
        self.clock = PatientClock()

    async def changed(self, config: Config) -> None:
        """Note the name of the account."""
        self.told.append(config.account.name)

    async def refused(self, faults: ConfigFaults) -> None:
        """Note the path of each fault."""
        self.told.extend(fault.path or fault.message.split()[0] for fault in faults.faults)

    async def look(self, times: int = 1) -> list[str]:
        """Let it look, and give what it has told since it was asked last."""
        for _ in range(times):
            await self.clock.pass_by(1)
        told, self.told = self.told, []
        return told

    def write(self, text: str) -> None:
        """Save the file."""
        self.path.write_text(text, encoding="utf-8")


@contextlib.asynccontextmanager
async def watching(path: Path, loaded: Config | None = None) -> AsyncIterator[Watched]:
    """A file named config.yaml, sound at first, and watched after the first look."""
    watched = Watched(path / "config.yaml")
    if not watched.path.exists():
        watched.write(SOUND % "一")
    told = watch(watched.path, watched.changed, watched.refused, clock=watched.clock, loaded=loaded)
    task = asyncio.create_task(told)
    await watched.clock.asleep.wait()
    yield watched
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_file_that_nobody_edits_is_not_told_of(tmp_path: Path) -> None:
    """What was there at the start is in force already."""
    async with watching(tmp_path) as file:
        assert [] == await file.look(times=5)


async def test_a_good_edit_is_applied_once(tmp_path: Path) -> None:
    """At the second look, and not again."""
    async with watching(tmp_path) as file:
        file.write(SOUND % "二")
        assert [] == await file.look()
        assert ["二"] == await file.look()
        assert [] == await file.look(times=5)


async def test_a_file_being_written_is_waited_for(tmp_path: Path) -> None:
    """A long file saved slowly, or two saves at once: the last one counts, and alone."""
    async with watching(tmp_path) as file:
        for text in ("account: {", FAULTY, SOUND % "二", SOUND % "三"):
            file.write(text)
            assert [] == await file.look()
        assert ["三"] == await file.look()


async def test_a_faulty_edit_is_told_once_and_its_repair_applied(tmp_path: Path) -> None:
    """A second faulty edit is another one, and is told, too."""
    async with watching(tmp_path) as file:
        file.write(FAULTY)
        assert ["account.nam"] == await file.look(times=9)
        file.write(FAULTY.replace("nam", "nme"))
        assert ["account.nme"] == await file.look(times=9)
        file.write(SOUND % "一")
        assert ["一"] == await file.look(times=9)


async def test_a_file_replaced_by_renaming_is_an_edit(tmp_path: Path) -> None:
    """So most editors save; the file is gone for a moment, and that is no fault."""
    async with watching(tmp_path) as file:
        file.path.unlink()
        assert [] == await file.look()
        (tmp_path / "new").write_text(SOUND % "二", encoding="utf-8")
        (tmp_path / "new").rename(file.path)
        assert ["二"] == await file.look(times=3)


async def test_a_file_that_is_gone_is_told_once(tmp_path: Path) -> None:
    """And taken up again when it is back."""
    async with watching(tmp_path) as file:
        file.path.unlink()
        assert ["没有这个文件"] == await file.look(times=9)
        file.write(SOUND % "二")
        assert ["二"] == await file.look(times=9)


async def test_an_edit_made_while_starting_is_not_lost(tmp_path: Path) -> None:
    """What was loaded is compared with what the file holds at the first look."""
    path = tmp_path / "config.yaml"
    path.write_text(SOUND % "旧", encoding="utf-8")
    loaded = load(path)
    async with watching(tmp_path, loaded) as file:
        assert [] == await file.look(times=3)
    path.write_text(SOUND % "新", encoding="utf-8")
    async with watching(tmp_path, loaded) as file:
        assert ["新"] == await file.look(times=3)


async def test_an_edited_list_of_words_is_an_edit(tmp_path: Path):
    """Although the config itself is the same."""
    words = tmp_path / "words.txt"
    words.write_text("刷单", encoding="utf-8")
    rules = "{词: {rule: keywords, reason: 慢些, lists: [words.txt]}}"
    (tmp_path / "config.yaml").write_text(
        f"account: {{name: 一}}\ngroups: [{{match: {{name: a}}, rules: {rules}}}]", encoding="utf-8"
    )
    async with watching(tmp_path) as watched:
        words.write_text("刷单\n代开", encoding="utf-8")
        assert ["一"] == await watched.look(times=3)
        assert [] == await watched.look(times=2)
