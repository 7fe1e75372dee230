import asyncio
import re
from pathlib import Path

import pytest
from console_stage import HOST, Stage, Visitor, console

from console.sessions import Right
from storage.database import Database

CODE = re.compile(r"登录 ([0-9]{6})")


async def code_at_the_door(visitor: Visitor) -> str:
    """What a browser shows to whoever is not signed in."""
    found = CODE.search((await visitor.get("/enter")).text)
    assert found is not None
    return found[1]


async def says_in_private(stage: Stage, who: str, text: str) -> None:
    """Somebody writes to Weilu, and everything that follows is done."""
    network = stage.room.network
    network.whisper(who, stage.room.gateway.person, text)
    for _ in range(3):
        await asyncio.sleep(0)
        await stage.settled()


@pytest.mark.parametrize(("who", "status"), [("老周", 200), ("陈姐", 200), ("小林", 204)])
async def test_an_operator_says_the_code_of_the_browser(
    sqlite_database: Database, tmp_path: Path, who: str, status: int
):
    """In private, to the bot; a member who says it opens nothing."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = stage.stranger()
        code = await code_at_the_door(visitor)
        before = (await visitor.get("/enter/wait")).status_code
        await says_in_private(stage, who, f"登录 {code}")
        after = (await visitor.get("/enter/wait")).status_code
        page = await visitor.get("/")

    assert (204, status) == (before, after)
    assert (200 if status == 200 else 303) == page.status_code


async def test_a_code_opens_the_browser_that_shows_it_and_no_other(
    sqlite_database: Database, tmp_path: Path
):
    """Nobody who waits at the door comes in with somebody else's code."""
    async with console(sqlite_database, tmp_path) as stage:
        one, other = stage.stranger(), stage.stranger()
        code = await code_at_the_door(one)
        await code_at_the_door(other)
        await says_in_private(stage, "老周", f"登录 {code}")
        outside, inside = [
            (await visitor.get("/enter/wait")).status_code for visitor in (other, one)
        ]
        again = (await one.get("/enter/wait")).status_code

    assert (204, 200, 204) == (outside, inside, again)


async def test_who_signed_in_by_the_chat_has_the_rights_of_the_chat(
    sqlite_database: Database, tmp_path: Path
):
    """An operator is no admin here either, and is told in private that they are signed in."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = stage.stranger()
        await says_in_private(stage, "老周", f"登录 {await code_at_the_door(visitor)}")
        await visitor.get("/enter/wait")
        export = await visitor.get("/members/1/export")
        told = [line.text for line in stage.room.network.said if line.room is None]

    assert "told badly" in export.text
    assert any("已经用你的身份登录控制台" in text for text in told)


async def test_a_code_in_the_group_opens_nothing(sqlite_database: Database, tmp_path: Path):
    """Only what is said in private counts."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = stage.stranger()
        code = await code_at_the_door(visitor)
        stage.says("老周", f"@围炉 登录 {code}")
        await stage.settled()

        assert 204 == (await visitor.get("/enter/wait")).status_code


async def test_a_link_waits_for_a_tap(sqlite_database: Database, tmp_path: Path):
    """Programs that preview links do not use it up; who taps comes in, once."""
    async with console(sqlite_database, tmp_path) as stage:
        key = stage.sessions.link(Right.VIEWER)
        door = [await stage.stranger().get(f"/enter?key={key}") for _ in range(2)]
        taps = [await stage.stranger().post("/enter", key=key) for _ in range(2)]

    assert [200, 200] == [answer.status_code for answer in door]
    assert [303, 403] == [answer.status_code for answer in taps]


async def test_who_is_in_already_goes_on(sqlite_database: Database, tmp_path: Path):
    """By the back button to the used link, and one more tap."""
    async with console(sqlite_database, tmp_path) as stage:
        key = stage.sessions.link(Right.ADMIN)
        visitor = stage.stranger()
        taps = [await visitor.post("/enter", key=key, to="/cases") for _ in range(2)]

    assert ["/cases", "/cases"] == [answer.headers["location"] for answer in taps]


@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("/cases", "/cases"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
async def test_nobody_is_led_elsewhere(
    sqlite_database: Database, tmp_path: Path, to: str, where: str
):
    """After signing in one is here, whatever the link said."""
    async with console(sqlite_database, tmp_path) as stage:
        answer = await stage.stranger().post("/enter", key=stage.sessions.link(Right.ADMIN), to=to)

    assert where == answer.headers["location"]


async def test_who_is_not_signed_in_sees_the_door(sqlite_database: Database, tmp_path: Path):
    """No page, no piece and no picture is for strangers; a live piece leads to the door."""
    async with console(sqlite_database, tmp_path) as stage:
        stranger = stage.stranger()
        pages = [await stranger.get(path) for path in ("/", "/cases/1", "/sandbox/picture/x")]
        piece = await stranger.get("/today/waiting", **{"hx-request": "true"})
        acted = await stranger.client.post("/outbox/stop", headers={"origin": HOST})

    assert [303, 303, 303] == [page.status_code for page in pages]
    assert "/enter?to=/" == piece.headers["hx-redirect"]
    assert 303 == acted.status_code


async def test_guessing_keys_is_told_to_wait(sqlite_database: Database, tmp_path: Path):
    """After ten wrong ones not even a right one is taken, for a minute."""
    async with console(sqlite_database, tmp_path) as stage:
        stranger = stage.stranger()
        wrong = [(await stranger.post("/enter", key=f"k{n}")).status_code for n in range(10)]
        key = stage.sessions.link(Right.ADMIN)
        right = (await stranger.post("/enter", key=key)).status_code

    assert ([403] * 10, 429) == (wrong, right)


async def test_the_language_is_chosen(sqlite_database: Database, tmp_path: Path):
    """Chinese first, English by a tap."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        zh = (await visitor.get("/cases")).text
        await visitor.post("/language", language="en")
        en = (await visitor.get("/cases")).text

    assert "这里没有案件" in zh
    assert "No cases here" in en
