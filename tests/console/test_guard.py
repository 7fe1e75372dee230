from pathlib import Path

import pytest
from console_stage import HOST, console

from console.guard import LARGEST
from storage.database import Database


async def test_a_strange_host_is_refused(sqlite_database: Database, tmp_path: Path):
    """A name that was made to point here shows nothing."""
    async with console(sqlite_database, tmp_path) as stage:
        answer = await stage.stranger().get("/enter", host="evil.example")

    assert 421 == answer.status_code


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {}],
)
async def test_another_site_changes_nothing(
    sqlite_database: Database, tmp_path: Path, headers: dict[str, str]
):
    """A form that another page sends is refused, whatever it says of itself."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        answer = await visitor.client.post("/leave", data={"csrf": visitor.csrf}, headers=headers)
        still = await visitor.get("/")

    assert (403, 200) == (answer.status_code, still.status_code)


async def test_a_form_without_the_token_changes_nothing(sqlite_database: Database, tmp_path: Path):
    """A page of ours has the token of the session; anything else is told to reload."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        visitor.csrf = "another"
        await visitor.post("/leave")
        still = await visitor.get("/")

    assert 200 == still.status_code


async def test_what_is_too_large_is_refused(sqlite_database: Database, tmp_path: Path):
    """Nobody can fill the memory."""
    async with console(sqlite_database, tmp_path) as stage:
        answer = await stage.stranger().client.post(
            "/enter",
            content=b"x" * 10,
            headers={"content-length": str(LARGEST + 1), "origin": HOST},
        )

    assert 413 == answer.status_code


async def test_every_answer_says_what_a_browser_may_do(sqlite_database: Database, tmp_path: Path):
    """No frames, no foreign scripts, and nothing kept but what never changes."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        pages = [
            await visitor.get(path) for path in ("/", "/enter?key=x", "/static/weilu.css", "/no")
        ]

    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
    assert ["no-store", "no-store", None, "no-store"] == [
        page.headers.get("cache-control") for page in pages
    ]
