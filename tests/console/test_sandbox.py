import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from console_stage import CONFIG, Stage, Visitor, console

from bot.gateway.base import Capability
from console.sessions import Right
from storage.database import Database

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8


async def seen(visitor: Visitor, **where: str) -> str:
    """The chat as it stands on the page, without its tags."""
    page = await visitor.client.get("/sandbox/lines", params=where)
    return re.sub(r"<[^>]+>|\s+", " ", page.text)


async def test_somebody_speaks_and_weilu_answers(sqlite_database: Database, tmp_path: Path):
    """A newcomer types an advertisement and reads the reminder where it stands."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await visitor.post("/sandbox/speak", text="加微信，代购好货")
        await stage.settled()
        chat = await seen(visitor)

    assert "加微信，代购好货" in chat
    assert "大家来聊书，不来看广告" in chat


async def test_two_windows_are_two_people(sqlite_database: Database, tmp_path: Path):
    """Who somebody is stands in the address, so that each window is somebody else."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        one, other = (stage.room.network.person(name) for name in ("小林", "阿青"))
        await visitor.post(f"/sandbox/speak?me={one.id}", text="早")
        await visitor.post(f"/sandbox/speak?me={other.id}", text="早呀")

    assert ["小林", "阿青"] == [line.author.name for line in stage.room.network.lines][-2:]


async def test_a_private_word_is_between_two(sqlite_database: Database, tmp_path: Path):
    """The group does not see what is asked in private."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await visitor.post("/sandbox/speak?private=1", text="我的记录")
        await stage.settled()
        alone, group = await seen(visitor, private="1"), await seen(visitor)

    assert "我的记录" in alone
    assert "我的记录" not in group


async def test_who_comes_and_goes_is_seen(sqlite_database: Database, tmp_path: Path):
    """Joining and leaving stand between the lines."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await visitor.post("/sandbox/join", name="小满")
        await visitor.post("/sandbox/leave")
        chat = await seen(visitor)

    assert "小满 加入了群聊" in chat
    assert "你 离开了群聊" in chat


async def test_a_picture_is_shown_as_one(sqlite_database: Database, tmp_path: Path):
    """What begins like a picture is served as that; anything else that was sent is not served."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        answers = []
        for data in (PNG, b"<script>alert(1)</script>"):
            await visitor.client.post(
                "/sandbox/picture",
                files={"picture": ("a.png", data, "image/png")},
                headers={"origin": "http://127.0.0.1", "x-csrf": visitor.csrf},
            )
            line = stage.room.network.lines[-1]
            answers.append(await visitor.get(f"/sandbox/picture/{line.id}"))

    assert [(200, "image/png"), (404, None)] == [
        (answer.status_code, answer.headers.get("content-type")) for answer in answers
    ]


async def test_the_clock_goes_to_the_next_post(sqlite_database: Database, tmp_path: Path):
    """One tap, and it is nine o'clock in the group."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await visitor.post("/sandbox/clock", by="next")
        local = stage.room.network.now.astimezone(stage.app.in_force.config.time_zone)

    assert (9, 0) == (local.hour, local.minute)


async def test_what_the_platform_can_do_is_switched(sqlite_database: Database, tmp_path: Path):
    """Off, and on again."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        able = []
        for _ in range(2):
            await visitor.post("/sandbox/ability", which="REMOVE")
            able.append(Capability.REMOVE in stage.room.gateway.capabilities)

    assert [False, True] == able


@pytest.mark.parametrize("fault", ["offline", "refuse", "lose"])
async def test_what_goes_wrong_is_switched(sqlite_database: Database, tmp_path: Path, fault: str):
    """The switch shows what is on."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        shown = []
        for _ in range(2):
            await visitor.post("/sandbox/fault", which=fault)
            page = await visitor.get("/sandbox/around")
            shown.append(page.text.count('aria-checked="true"'))

    assert 1 == shown[0] - shown[1]


async def test_a_day_is_played_and_stopped(sqlite_database: Database, tmp_path: Path):
    """People talk by themselves until somebody stops them."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        before = stage.room.network.now + timedelta(hours=8)
        await visitor.post("/sandbox/play")
        await spoken(stage)
        await visitor.post("/sandbox/play")
        page = await visitor.get("/sandbox/around")

    assert "演一天" in page.text
    assert stage.room.network.now > before


async def spoken(stage: Stage) -> None:
    """Return once somebody has said something."""
    heard = asyncio.Event()
    stop = stage.room.network.watch(lambda _: heard.set())
    await heard.wait()
    stop()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sandbox/clock", {"by": "9999d"}),
        ("/sandbox/nothing", {}),
        ("/sandbox/ability", {"which": "SPEAK"}),
        ("/sandbox/fault", {"which": "drop"}),
        ("/sandbox/recall", {"line": "none"}),
        ("/sandbox/picture", {}),
    ],
)
async def test_what_cannot_be_is_told(
    sqlite_database: Database, tmp_path: Path, path: str, fields: dict[str, str]
):
    """A sentence at the foot of the page, and nothing has changed."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        before = len(stage.room.network.lines)
        answer = await visitor.post(path, **fields)

    assert "told badly" in answer.text
    assert before == len(stage.room.network.lines)


async def test_a_viewer_only_looks(sqlite_database: Database, tmp_path: Path):
    """Who may only look says nothing."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.VIEWER)
        answer = await visitor.post("/sandbox/speak", text="早")

    assert "told badly" in answer.text
    assert {"围炉"} >= {line.author.name for line in stage.room.network.lines}


async def test_hostile_words_are_words(sqlite_database: Database, tmp_path: Path):
    """Names and texts never become a part of the page."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await visitor.post("/sandbox/join", name='<img src=x onerror="alert(1)">')
        await visitor.post("/sandbox/speak", text="</div><script>alert(1)</script>\u202e")
        pages = [await visitor.get(path) for path in ("/sandbox", "/sandbox/lines")]

    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "\u202e" not in page.text


@pytest.mark.parametrize("pause", [0, 2])
async def test_weilu_types(sqlite_database: Database, tmp_path: Path, pause: int):
    """It takes its time, as a person does: whoever waits for an answer sees that one comes."""
    pace = f"typing_per_character: {pause}"
    config = CONFIG.replace("typing_per_character: 0", pace)
    async with console(sqlite_database, tmp_path, config) as stage:
        visitor = await stage.visitor()
        page = ""
        for _ in range(500):
            page = (await visitor.get("/sandbox/lines")).text
            if ("群规" if pause == 0 else "正在打字") in page:
                break
        await stage.settled()
        page = (await visitor.get("/sandbox/lines")).text

    assert bool(pause) == ("正在打字" in page)
