"""The console as somebody sees it who means harm: every route, and forms that no browser sends."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOON
from console_stage import CONFIG, HOST, Stage, Visitor, console
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.actions import Priority, Say
from bot.events import Group, Identity
from console.sessions import IDLE, LONGEST, Right
from storage.database import Database

_WRONG = "hunter2-geheim"
OPEN = {"/enter", "/enter/wait", "/language"}
"""What strangers may ask for."""
HARMLESS = {"/leave", "/rules/try", "/rules/config/check", "/topics/import"}
"""Posted by whoever may look: they sign out, or work something out, and decide nothing."""
EVIL = (
    "<script>alert(1)</script>",
    "\"' onload=alert(1) x='",
    "{{7*7}}{% raw %}",
    "</textarea><img src=x>",
    "\u202egnp.\u2066",
    "'}\" hx-get=/leave",
)
FILL = {"number": "1", "key": "1", "row": "1", "line": "x", "what": "speak", "chart": "hours"}


def routes(app: Starlette) -> Iterator[tuple[str, str]]:
    """Every method and address there is, with something in the place of what varies."""
    for route in app.routes:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Route):
            names = re.sub(r"\{(\w+)(:\w+)?\}", lambda of: FILL.get(of[1], "csv"), route.path)
            for method in route.methods or ():
                if method != "HEAD":
                    yield method, names


async def everything(stage: Stage, visitor: Visitor, method: str) -> dict[str, Any]:
    """The answers of all pages, pieces and files, or of all that can be done."""
    paths = [path for way, path in routes(stage.site) if way == method and path not in OPEN]
    return {path: await visitor.client.request(method, path, headers=_own()) for path in paths}


def _own(**more: str) -> dict[str, str]:
    return {"origin": HOST, **more}


async def audit(stage: Stage) -> list[Any]:
    """What was written down as decided."""
    return await stage.app.writer.run(lambda work: work.audit.list(stage.app.account))


async def test_a_stranger_is_led_to_the_door_everywhere(sqlite_database: Database, tmp_path: Path):
    """Every page, piece and deed, whoever adds one; and the door says nothing of the groups."""
    async with console(sqlite_database, tmp_path) as stage:
        stage.says("小林", "加微信，秘密")
        await stage.settled()
        stranger = stage.stranger()
        found = {}
        for method in ("GET", "POST"):
            for path, answer in (await everything(stage, stranger, method)).items():
                found[method, path] = (answer.status_code, answer.text)

    assert len(found) > 50
    assert {(303, "")} == set(found.values())


async def test_a_viewer_decides_nothing(sqlite_database: Database, tmp_path: Path):
    """Whatever a page of theirs sends: each deed is refused, and nothing is written down."""
    async with console(sqlite_database, tmp_path) as stage:
        viewer = await stage.visitor(Right.VIEWER)
        answers = {
            path: (await viewer.post(path)).text
            for way, path in routes(stage.site)
            if way == "POST" and path not in OPEN | HARMLESS
        }
        done = await audit(stage)

    assert {} == {path: text for path, text in answers.items() if "没有权限" not in text}
    assert [] == done


@pytest.mark.parametrize("token", ["", "x", "\u00e9"])
async def test_nothing_is_done_without_the_token(
    sqlite_database: Database, tmp_path: Path, token: str
):
    """The origin alone is not enough for any deed; the page is given the token of today."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        right, visitor.csrf = visitor.csrf, token
        answers = []
        for way, path in routes(stage.site):
            if way == "POST" and path not in OPEN:
                sent = {"x-csrf": token.encode()} if token else {}
                answers.append(await visitor.client.post(path, headers={**_own(), **sent}))
        done = await audit(stage)

    assert {200} == {answer.status_code for answer in answers}
    assert {right} == {answer.headers["x-csrf"] for answer in answers}
    assert [] == done


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"{HOST}:1", f"{HOST}.evil"])
async def test_another_origin_is_refused_everywhere(
    sqlite_database: Database, tmp_path: Path, origin: str
):
    """Even with the token, and at the door as well."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        headers = {"origin": origin, "x-csrf": visitor.csrf}
        statuses = {
            (await visitor.client.post(path, headers=headers)).status_code
            for way, path in routes(stage.site)
            if way == "POST"
        }

    assert {403} == statuses


async def test_looking_changes_nothing(sqlite_database: Database, tmp_path: Path):
    """No GET decides, moves the clock of the sandbox or signs anybody out; none fails."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        stage.says("小林", "加微信，秘密")
        await stage.settled()
        before = await audit(stage), len(stage.room.network.lines)
        answers = await everything(stage, visitor, "GET")
        after = await audit(stage), len(stage.room.network.lines)

    assert before == after
    assert {} == {path: each.status_code for path, each in answers.items() if each.is_server_error}


async def test_every_answer_carries_the_guard_s_headers(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Pieces, charts, files, refusals, and our own faults, which show no traceback."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        answers = [*(await everything(stage, visitor, "GET")).values()]
        answers.append(await visitor.get("/enter", host="evil"))

        def fails(_: object) -> None:
            raise RuntimeError("秘密 secret")

        monkeypatch.setattr(stage.access, "read", fails)
        answers.append(failed := await visitor.get("/members"))

    assert 500 == failed.status_code
    assert "secret" not in failed.text
    assert "Traceback" not in failed.text
    for answer in answers:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert "DENY" == answer.headers["x-frame-options"]


@pytest.mark.parametrize("over", [IDLE, LONGEST])
async def test_a_session_ends_and_cannot_be_replayed(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: timedelta
):
    """Nor can one that was left, with the cookie that somebody kept."""
    async with console(sqlite_database, tmp_path) as stage:
        left, old = await stage.visitor(), await stage.visitor()
        kept = dict(left.client.cookies)
        await left.post("/leave")
        left.client.cookies.update(kept)
        clock = stage.sessions._clock
        later = clock.now() + over + timedelta(seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        statuses = [(await each.get("/cases")).status_code for each in (left, old)]

    assert [303, 303] == statuses


HOSTS = ("", "evil.example", "127.0.0.1.evil.example", "evil@127.0.0.1", "[::1", "127.0.0.1:80:80")


async def test_no_other_name_leads_here(sqlite_database: Database, tmp_path: Path):
    """A name made to point here (DNS rebinding) is answered with a sentence and nothing else."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        statuses = {host: (await visitor.get("/", host=host)).status_code for host in HOSTS}

    assert dict.fromkeys(HOSTS, 421) == statuses


ODD_FORMS = {
    "thousands of fields": (b"&".join(b"a%d=1" % n for n in range(5000)), None),
    "a long field": (b"why=" + b"x" * 700_000, None),
    "null bytes": (b"what=%00&why=a%00b&text=%00&name=%00&q=%00", None),
    "surrogates": (b"what=%ed%a0%80&why=%ed%a0%80&name=%ff%fe&text=\xff\xfe", None),
    "numbers": (b"number=99999999999999999999&other=%C2%B2&slot=-1&group=1e9", None),
    "no boundary": (b"--x", "multipart/form-data"),
    "unfinished": (
        b"--x\r\ncontent-disposition: form-data; name=a",
        "multipart/form-data; boundary=x",
    ),
    "many files": (
        b"".join(
            b'--x\r\ncontent-disposition: form-data; name="f%d"; filename="../%d"\r\n\r\na\r\n'
            % (n, n)
            for n in range(50)
        )
        + b"--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "json": (b'{"a": ' * 20_000, "application/json"),
}


@pytest.mark.parametrize("name", ODD_FORMS)
async def test_odd_forms_are_answered_with_a_sentence(
    sqlite_database: Database, tmp_path: Path, name: str
):
    """By every deed and by the door: nothing fails, nothing is decided."""
    body, kind = ODD_FORMS[name]
    kind = kind or "application/x-www-form-urlencoded"
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        headers = _own(**{"x-csrf": visitor.csrf, "content-type": kind})
        failed = {}
        for way, path in routes(stage.site):
            if way == "POST" and path not in {"/leave", "/language"}:
                answer = await visitor.client.post(path, content=body, headers=headers)
                if answer.is_server_error:
                    failed[path] = answer.text

    assert {} == failed


PATHS = (
    "/static/../site.py",
    "/static/%2e%2e/site.py",
    "/static/..%2fsite.py",
    "/static//etc/passwd",
    "/static/%00",
    "/static/vendor",
    "/cases/99999999999999999999",
    "/members/" + "9" * 5000,
    "/groups/1/..%2f..%2fhours.json",
    "/sandbox/picture/..%2f..%2fetc",
    "/topics/export.exe",
    "/topics/template.%0d%0aset-cookie:x",
)


async def test_paths_lead_nowhere_else(sqlite_database: Database, tmp_path: Path):
    """Neither out of the folder of scripts, nor into numbers that no database has."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        answers = {path: await visitor.get(path) for path in PATHS}

    assert dict.fromkeys(PATHS, 404) == {path: each.status_code for path, each in answers.items()}
    assert [] == [path for path, each in answers.items() if "set-cookie" in each.headers]


ELSEWHERE = ("/\r\nset-cookie: a=b", "/\x00", "/\ud800", "javascript:1", "/\t/evil", "https:/evil")


async def test_the_way_back_is_no_header(sqlite_database: Database, tmp_path: Path):
    """What a link says about where to go afterwards becomes a path of ours or nothing."""
    async with console(sqlite_database, tmp_path) as stage:
        where = []
        for to in ELSEWHERE:
            body = {"key": stage.sessions.link(Right.ADMIN), "to": to.encode(errors="replace")}
            answer = await stage.stranger().client.post("/enter", data=body, headers=_own())
            where.append(answer.headers["location"])

    assert ["/"] * len(ELSEWHERE) == where


async def test_hostile_names_and_texts_are_text_on_every_page(
    sqlite_database: Database, tmp_path: Path
):
    """Members, words, queries and topics: no page and no piece takes them for its own."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        network, pages = stage.room.network, {}
        for number, evil in enumerate(EVIL):
            network.join(network.room("读书会"), evil)
            stage.says(evil, f"加微信 {evil}")
            await visitor.post("/topics/new", title=evil, text=evil, key=f"evil{number}", tags=evil)
        await stage.settled()
        for evil in EVIL:
            asked = {"q": evil, "tab": "all", "me": evil, "room": evil, "group": evil}
            for way, path in routes(stage.site):
                if way == "GET":
                    pages[path, evil] = await visitor.client.get(path, params=asked)

    texts = {
        where: page.text
        for where, page in pages.items()
        if page.headers.get("content-type", "").startswith("text/html")
    }
    assert any("&lt;script&gt;alert" in text for text in texts.values())
    for where, text in texts.items():
        for wrong in ("<script>alert", "<img src=x", "' onload=", "'}\" hx-get", "\u202e"):
            assert wrong not in text, where


async def test_another_account_of_the_database_is_not_here(
    sqlite_database: Database, tmp_path: Path
):
    """Its groups, people, cases and rows are neither shown nor changed."""
    theirs = Group("别家", "theirs", "别家的群")
    who = Identity("别家", "secret", "别家的人")
    async with console(sqlite_database, tmp_path, CONFIG) as stage:
        number, row = await stage.app.writer.run(lambda work: _another(work, theirs, who))
        admin = await stage.visitor()
        paths = [path for way, path in routes(stage.site) if way == "GET"]
        paths += [f"/members/{number}", f"/members/{number}/export", "/members/found?q=别家"]
        pages = {path: (await admin.get(path)).text for path in paths}
        await admin.post(f"/members/{number}/forget", number=number)
        await admin.post(f"/outbox/{row}/cancel")
        left = await stage.app.writer.run(
            lambda work: (work.members.id_if_known(who), work.outbox.get(row).state.name)
        )

    assert [] == [path for path, text in pages.items() if "别家的" in text]
    assert (number, "PENDING") == left


def _another(work: Any, theirs: Group, who: Identity) -> tuple[int, int]:
    number = work.members.id_of(who, NOON)
    work.groups.see(theirs, True, NOON)
    say = Say(key="k", why="别家的", priority=Priority.NOTICE, to=theirs, text="别家的话")
    work.outbox.put([say], NOON)
    (row,) = work.outbox.list("别家")
    return number, row.id


async def test_the_log_knows_no_keys(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """Neither links nor codes, passwords, tokens nor sessions are written into it."""
    caplog.set_level("DEBUG")
    async with console(sqlite_database, tmp_path) as stage:
        key = stage.sessions.link(Right.ADMIN)
        stranger = stage.stranger()
        await stranger.post("/enter", password=_WRONG)
        door = (await stranger.get("/enter")).text
        await stranger.post("/enter", key=key)
        secrets = [key, _WRONG, *stranger.client.cookies.values()]
        code = re.search(r"登录 ([0-9]{6})", door)
        assert code is not None
        ours = "\n".join(each.getMessage() for each in caplog.records)

    assert [] == [secret for secret in [*secrets, code[1]] if secret in ours]
