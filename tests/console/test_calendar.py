import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from any_topics import asked
from console_stage import CONFIG, Stage, Visitor, console

from bot.events import SlotDue
from console.sessions import Right
from storage.database import Database
from storage.values import Slot, SlotState, TopicStatus
from storage.values_of_programmes import Arranged
from storage.work import Work

TOPICS = tuple(asked(f"t{number}", title=f"题目{number}") for number in range(8))
HOSTILE = "<script>alert(1)</script>\u202e"


async def set_out(stage: Stage) -> Visitor:
    """Eight topics; 读书会 has 早间 at nine, every day."""
    await kept(stage, *TOPICS)
    return await stage.visitor()


async def kept(stage: Stage, *topics: Any) -> None:
    """These are in the bank."""
    now = stage.access.now()
    await stage.app.writer.run(lambda work: work.topics.keep(topics, "测试", now))


def here(stage: Stage) -> str:
    """The address of 读书会."""
    gateway = stage.room.gateway
    return f"group={quote(gateway.group(stage.room.network.room('读书会')).id)}"


def wall(stage: Stage, days: int = 1, clock: str = "09:00") -> str:
    """A time on the wall of the group, so many days from now."""
    zone = stage.app.in_force.config.time_zone
    day = stage.access.now().astimezone(zone).date() + timedelta(days=days)
    return f"{day.isoformat()}T{clock}"


def this(stage: Stage, days: int = 1) -> str:
    """The address of one due time."""
    return f"{here(stage)}&programme={quote('早间')}&wall={quote(wall(stage, days))}"


async def days(visitor: Visitor, stage: Stage) -> str:
    """The calendar of 读书会."""
    return (await visitor.get(f"/topics/calendar/days?{here(stage)}")).text


async def sheet(visitor: Visitor, stage: Stage, when: int = 1) -> str:
    """One due time."""
    return (await visitor.get(f"/topics/calendar/slot?{this(stage, when)}")).text


async def slots(stage: Stage) -> list[Slot]:
    """All that were taken up."""
    return await stage.app.writer.run(lambda work: work.slots.list())


async def arranged(stage: Stage) -> list[tuple[str, Arranged, str]]:
    """What is wanted of due times ahead."""
    group = stage.room.gateway.group(stage.room.network.room("读书会"))
    wishes = await stage.app.writer.run(lambda work: work.arrangements.of_group(group))
    return [(each.wall, each.what, each.topic_key) for each in wishes]


async def test_two_weeks_with_their_reasons(sqlite_database: Database, tmp_path: Path):
    """Each day has its topic, none twice while there are others, and it says why."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        page = (await visitor.get("/topics/calendar")).text

    titles = re.findall(r"题目\d", page)
    assert 14 == page.count('class="day ')
    assert 8 == len(set(titles[:8]))
    assert "在这个群没发过" in page


async def test_a_group_without_programmes(sqlite_database: Database, tmp_path: Path):
    """The page says what to do."""
    config = CONFIG.partition("    programmes:")[0]
    async with console(sqlite_database, tmp_path, config) as stage:
        page = (await (await stage.visitor()).get("/topics/calendar")).text

    assert "config.yaml" in page


async def test_one_is_skipped_and_comes_after_all(sqlite_database: Database, tmp_path: Path):
    """That one and no other; a tap takes it back."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        skipped = (await visitor.post(f"/topics/calendar/skip?{this(stage, 3)}")).text
        wanted = await arranged(stage)
        restored = (await visitor.post(f"/topics/calendar/restore?{this(stage, 3)}")).text
        after = await arranged(stage)

    assert "照常发" in skipped
    assert [(wall(stage, 3), Arranged.SKIP, "")] == wanted
    assert "这一次跳过" in restored
    assert [] == after


async def test_another_topic_is_chosen(sqlite_database: Database, tmp_path: Path):
    """From those that fit best, or by a word of it."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        best = (await visitor.get(f"/topics/calendar/pick?{this(stage)}")).text
        some = (await visitor.get(f"/topics/calendar/pick?{this(stage)}&q=t5")).text
        pinned = (await visitor.post(f"/topics/calendar/pin?{this(stage)}&key=t5")).text
        wanted = await arranged(stage)

    assert 6 == best.count("发这个")
    assert ["题目5"] == re.findall(r'"said">(题目\d)', some)
    assert "运营者指定的" in pinned
    assert [(wall(stage), Arranged.PIN, "t5")] == wanted


async def test_only_what_is_approved_can_be_chosen(sqlite_database: Database, tmp_path: Path):
    """What rests, and what is not there, is refused in the sheet."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        await kept(stage, asked("rest", status=TopicStatus.RESTING))
        answers = [
            await visitor.post(f"/topics/calendar/pin?{this(stage)}&key={key}")
            for key in ("rest", "none")
        ]
        wanted = await arranged(stage)

    assert all('class="trouble' in answer.text for answer in answers)
    assert [] == wanted


async def test_one_is_moved_and_moved_again_and_cancelled(
    sqlite_database: Database, tmp_path: Path
):
    """By the group's clock; what waits for its time is the same due time all along."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        moved = await visitor.post(
            f"/topics/calendar/move?{this(stage)}", to=wall(stage, 2, "21:30")
        )
        (slot,) = await slots(stage)
        again = await visitor.post(
            f"/topics/calendar/move?{this(stage)}&slot={slot.id}", to=wall(stage, 4, "08:15")
        )
        (later,) = await slots(stage)
        await visitor.post(f"/topics/calendar/cancel?{this(stage)}&slot={slot.id}")
        (gone,) = await slots(stage)
        page = await days(visitor, stage)

    assert "21:30" in moved.text
    assert "08:15" in again.text
    assert (SlotState.HELD, SlotState.HELD) == (slot.state, later.state)
    assert timedelta(days=1, hours=10, minutes=45) == later.due_at - slot.due_at
    assert SlotState.SKIPPED is gone.state
    assert "运营者取消了" in page


@pytest.mark.parametrize(
    "to", ["", "soon", "2020-01-01T09:00", "9999-12-31T23:59", "2026-13-01T0:0"]
)
async def test_a_time_that_cannot_be(sqlite_database: Database, tmp_path: Path, to: str):
    """Told in the sheet; nothing is moved."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        answer = await visitor.post(f"/topics/calendar/move?{this(stage)}", to=to)
        some = await slots(stage)

    assert 'class="trouble' in answer.text
    assert [] == some


async def test_what_was_dragged_is_asked_about(sqlite_database: Database, tmp_path: Path):
    """The sheet opens with the day it was dropped on; nothing has moved yet."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        to = wall(stage, 5)
        page = (await visitor.get(f"/topics/calendar/slot?{this(stage)}&to={to}")).text
        some = await slots(stage)

    assert f'value="{to}"' in page
    assert "<details open" in page
    assert [] == some


async def test_one_is_posted_now(sqlite_database: Database, tmp_path: Path):
    """The topic of the sheet, or the best one; the due time stays."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        asks = await sheet(visitor, stage)
        await visitor.post(f"/topics/calendar/now?{this(stage)}&key=t3")
        twice = await visitor.post(f"/topics/calendar/now?{here(stage)}&programme={quote('早间')}")
        await stage.settled()
        (slot,) = await slots(stage)
        said = [line.text for line in stage.room.network.lines if "题目3" in line.text]
        page = await days(visitor, stage)

    assert "确定，马上发" in asks
    assert ("t3", 1) == (slot.topic_key, len(said))
    assert "told badly" in twice.text
    assert "题目3" in page.partition("过去的")[2]


async def test_a_programme_rests_and_goes_on(sqlite_database: Database, tmp_path: Path):
    """By itself, or with the whole group."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        pages = []
        for what in ("pause", "resume"):
            for programme in ("", quote("早间")):
                await visitor.post(f"/topics/calendar/{what}?{here(stage)}&programme={programme}")
                pages.append((await days(visitor, stage)).count("停着，"))

    assert [1, 2, 0, 0] == pages


async def test_what_waits_since_yesterday_stands_under_today(
    sqlite_database: Database, tmp_path: Path
):
    """People are still talking: it was due before midnight and is not forgotten."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        group = stage.room.gateway.group(stage.room.network.room("读书会"))
        now = stage.access.now()

        def hold(work: Work) -> None:
            event = SlotDue(
                group=group,
                programme="早间",
                wall=wall(stage, -1, "23:50"),
                due_at=now - timedelta(days=1),
                at=now,
            )
            slot = work.slots.open(event)
            assert slot is not None
            work.slots.hold(slot, now + timedelta(seconds=30), "聊得正热闹")

        await stage.app.writer.run(hold)
        page = await days(visitor, stage)

    today = page.partition('class="day ')[2].partition('class="day ')[0]
    assert "等着" in today


async def test_what_was_skipped_is_sent_after_all(sqlite_database: Database, tmp_path: Path):
    """Nine o'clock was missed by hours; an operator wants it now."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        stage.room.clock.move_by(timedelta(days=1))
        await stage.settled()
        (slot,) = await slots(stage)
        before = await days(visitor, stage)
        answer = await visitor.post(f"/topics/calendar/resend?{here(stage)}&slot={slot.id}")
        await stage.settled()
        (after,) = await slots(stage)

    assert SlotState.SKIPPED is slot.state
    assert "没有发" in before
    assert "told well" in answer.text
    assert after.state in (SlotState.PLANNED, SlotState.POSTED, SlotState.CONFIRMED)


@pytest.mark.parametrize(
    "path",
    ["skip", "restore", "pin", "move", "now", "pause", "resume", "resend", "cancel", "nonsense"],
)
async def test_a_viewer_changes_nothing(sqlite_database: Database, tmp_path: Path, path: str):
    """Who may only look is told so, and sees no buttons for it."""
    async with console(sqlite_database, tmp_path) as stage:
        await set_out(stage)
        visitor = await stage.visitor(Right.VIEWER)
        answer = await visitor.post(f"/topics/calendar/{path}?{this(stage)}&key=t1&slot=1")
        page = await sheet(visitor, stage) + await days(visitor, stage)

    assert "told badly" in answer.text
    assert "hx-post" not in page


@pytest.mark.parametrize(
    "address",
    [
        "slot?group=none&programme=x&wall=y",
        "slot?programme=早间",
        "pick?group=none",
        "days?group=none",
        "slot?group=&wall=9999-99-99",
    ],
)
async def test_what_is_not_there(sqlite_database: Database, tmp_path: Path, address: str):
    """Somebody has an old page, or made an address up."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await set_out(stage)
        answer = await visitor.get(f"/topics/calendar/{address}")
        acted = await visitor.post("/topics/calendar/skip?group=none&wall=x")
        unknown = await visitor.post(f"/topics/calendar/{HOSTILE[:8]}?{this(stage)}")

    assert answer.status_code in (200, 204)
    assert "hx-post" not in answer.text
    assert "told badly" in acted.text
    assert unknown.status_code in (200, 404)


async def test_hostile_words_stay_words(sqlite_database: Database, tmp_path: Path):
    """Titles, texts, and addresses somebody made up."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, asked(HOSTILE, title=HOSTILE, text=HOSTILE, tags=(HOSTILE,)))
        visitor = await stage.visitor()
        evil = quote('"><script>alert(1)</script>')
        pages = [
            await days(visitor, stage),
            await sheet(visitor, stage),
            (await visitor.get(f"/topics/calendar/pick?{this(stage)}")).text,
            (await visitor.get(f"/topics/calendar/slot?group={evil}&programme={evil}")).text,
            (await visitor.get(f"/topics/calendar/slot?{this(stage)}&to={evil}")).text,
        ]

    for page in pages:
        assert "<script>" not in page
        assert "\u202e" not in page
    assert "&lt;script&gt;" in pages[0]
