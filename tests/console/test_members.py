from pathlib import Path

import pytest
from console_stage import Stage, Visitor, console

from bot.events import Identity
from console.sessions import Right
from storage.database import Database


async def number_of(stage: Stage, name: str) -> int:
    """Our own number of somebody who spoke."""
    stage.says(name, "早上好")
    await stage.settled()
    (card,) = await stage.app.writer.run(lambda work: work.members.find(name))
    return card.member_id


async def found(visitor: Visitor, text: str) -> str:
    """What the search shows."""
    return (await visitor.client.get("/members/found", params={"q": text})).text


async def test_somebody_is_found_and_read_about(sqlite_database: Database, tmp_path: Path):
    """By a part of the name; their page says what is recorded."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        number = await number_of(stage, "小林")
        rows, none = await found(visitor, "林"), await found(visitor, "没有这人")
        one = (await visitor.get(f"/members/{number}")).text

    assert "小林" in rows
    assert "没有找到这样的成员" in none
    assert "读书会" in one


async def test_two_are_linked_and_parted(sqlite_database: Database, tmp_path: Path):
    """One person with two numbers, until it turns out a mistake."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.OPERATOR)
        one, other = await number_of(stage, "小林"), await number_of(stage, "阿青")
        shown = []
        for what in ("link", "unlink"):
            await visitor.post(f"/members/{one}/link", what=what, other=other)
            page = (await visitor.get(f"/members/{one}")).text
            shown.append("同一个人：" in page)

    assert [True, False] == shown


async def test_nobody_is_linked_with_nobody(sqlite_database: Database, tmp_path: Path):
    """A number that is nobody's, or the same, is told."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        one = await number_of(stage, "小林")
        answers = [
            await visitor.post(f"/members/{one}/link", other=other) for other in ("9999", one, "x")
        ]

    assert [True] * 3 == ["told badly" in answer.text for answer in answers]


async def test_an_admin_takes_out_and_erases(sqlite_database: Database, tmp_path: Path):
    """First everything as a file, then nothing is left; their number has to be written."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        number = await number_of(stage, "小林")
        held = (await visitor.get(f"/members/{number}/export")).json()
        careless = await visitor.post(f"/members/{number}/forget", number=number + 1)
        before = await found(visitor, "小林")
        await visitor.post(f"/members/{number}/forget", number=number)
        after = await found(visitor, "小林")

    assert number == held["member"]
    assert "told badly" in careless.text
    assert ("小林" in before, "小林</bdi>" in after) == (True, False)


@pytest.mark.parametrize("right", [Right.VIEWER, Right.OPERATOR])
async def test_only_admins_take_out_and_erase(
    sqlite_database: Database, tmp_path: Path, right: Right
):
    """What is held of somebody is not for everybody who looks after the group."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(right)
        number = await number_of(stage, "小林")
        held = await visitor.get(f"/members/{number}/export")
        erased = await visitor.post(f"/members/{number}/forget", number=number)
        still = await found(visitor, "小林")

    assert ["told badly" in answer.text for answer in (held, erased)] == [True, True]
    assert "小林" in still


async def test_a_signed_in_operator_erases_nobody(sqlite_database: Database, tmp_path: Path):
    """Somebody with a chat account counts by what they are there, whatever their link said."""
    async with console(sqlite_database, tmp_path) as stage:
        who = Identity(stage.app.account, "zhou", "老周")
        visitor = await stage.visitor(Right.ADMIN, who)
        number = await number_of(stage, "小林")
        answer = await visitor.post(f"/members/{number}/forget", number=number)

    assert "told badly" in answer.text


async def test_a_hostile_name_is_a_name(sqlite_database: Database, tmp_path: Path):
    """It is shown on every page, and is never a part of it."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        name = '"><script>alert(1)</script>'
        stage.room.network.join(stage.room.network.rooms[0], name)
        number = await number_of(stage, name)
        pages = [await visitor.get(path) for path in ("/members", f"/members/{number}")]

    for page in pages:
        assert "<script>alert" not in page.text
