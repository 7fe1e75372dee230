import io
import re
import threading
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from any_topics import asked
from builders import person
from console_stage import HOST, Stage, Visitor, console

from console.pages.topics_import import LARGEST
from console.sessions import Right
from handlers.bank_changes import version
from storage.database import Database
from storage.histories import Histories
from storage.values import Topic, TopicKind, TopicStatus
from storage.values_of_topics import Worth
from topics.files import Entry, entries_in

TEA = asked("tea", title="一杯茶", text="今天的第一杯是什么？", tags=("早晨",))
HOSTILE = "<script>alert(1)</script>\u202e</textarea>\"'"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy this computer is: an answer waits until the file has been looked at."""
    monkeypatch.setattr("console.pages.topics_import._SOON", 60)


async def kept(stage: Stage, *topics: Topic) -> None:
    """These are in the bank."""
    await stage.app.writer.run(lambda work: work.topics.keep(topics, "测试", work_now(stage)))


def work_now(stage: Stage) -> Any:
    """The present of the sandbox."""
    return stage.access.now()


async def topic(stage: Stage, key: str) -> Topic | None:
    """A topic as it is now."""
    return await stage.app.writer.run(lambda work: work.topics.get(key))


async def shown(visitor: Visitor, **where: Any) -> str:
    """What was found."""
    return (await visitor.client.get("/topics/found", params=where)).text


async def sent(visitor: Visitor, name: str, content: bytes) -> httpx.Response:
    """A file, dropped on the page."""
    return await visitor.client.post(
        "/topics/import",
        files={"file": (name, content)},
        headers={"origin": HOST, "x-csrf": visitor.csrf},
    )


def number_of_preview(page: str) -> str:
    """What tells this preview from others."""
    found = re.search(r'"id": "([0-9a-f]+)"', page)
    assert found is not None, page
    return found[1]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, ["一杯茶"]),
        ({"status": "all"}, ["一杯茶", "涨价", "歇着"]),
        ({"status": "resting"}, ["歇着"]),
        ({"status": "all", "q": "第一杯"}, ["一杯茶"]),
        ({"status": "all", "q": "早"}, ["一杯茶"]),
        ({"status": "all", "tag": "创业"}, ["涨价"]),
        ({"status": "all", "kind": "professional"}, ["涨价"]),
        ({"status": "all", "kind": "nonsense", "most": "²"}, ["一杯茶", "涨价", "歇着"]),
        ({"q": "没有的"}, []),
    ],
)
async def test_the_bank_is_searched(
    sqlite_database: Database, tmp_path: Path, where: dict[str, str], found: list[str]
):
    """By words, tag, kind and status; approved ones where nothing is said."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(
            stage,
            TEA,
            asked(
                "price",
                title="涨价",
                tags=("创业",),
                kind=TopicKind.PROFESSIONAL,
                status=TopicStatus.RETIRED,
            ),
            asked("rest", title="歇着", status=TopicStatus.RESTING),
        )
        page = await shown(await stage.visitor(), **where)

    titles = re.findall(r'<strong class="said">([^<]+)</strong>', page)
    assert sorted(found) == sorted(titles)


async def test_fifty_at_a_time(sqlite_database: Database, tmp_path: Path):
    """The newest first; a tap lists fifty more."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, *(asked(f"t{number}") for number in range(120)))
        visitor = await stage.visitor()
        pages = [await shown(visitor, most=most) for most in (0, 100, 150)]

    assert [50, 100, 120] == [page.count("<summary") for page in pages]
    assert "most=100" in pages[0]
    assert "再列" not in pages[2]


async def test_a_page_that_is_unchanged_is_not_sent_again(
    sqlite_database: Database, tmp_path: Path
):
    """Until somebody changes the bank."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        visitor = await stage.visitor()
        page = await visitor.get("/topics/found")
        seen = re.search(r'"x-seen": "(\w+)"', page.text)
        assert seen is not None
        again = await visitor.get("/topics/found", **{"x-seen": seen[1]})
        await kept(stage, asked("walk"))
        changed = await visitor.get("/topics/found", **{"x-seen": seen[1]})

    assert [204, 200] == [again.status_code, changed.status_code]


async def test_a_topic_is_edited_in_place(sqlite_database: Database, tmp_path: Path):
    """What is saved stands in the row, with a history that says by whom."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        visitor = await stage.visitor()
        answer = await visitor.post(
            "/topics/save?key=tea", was=version(TEA), title="两杯茶", text="喝了吗？", tags="晚上"
        )
        after = await topic(stage, "tea")

    assert after is not None
    assert ("两杯茶", "喝了吗？", ("晚上",)) == (after.title, after.text, after.tags)
    assert "told well" in answer.text
    assert "控制台 console" in answer.text
    assert '<strong class="said">两杯茶</strong>' in answer.text


async def test_every_button_names_its_topic(sqlite_database: Database, tmp_path: Path):
    """Whatever the key holds, it stands in the address, and the row is what changes."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, asked("a b&c/茶"))
        visitor = await stage.visitor()
        page = (await visitor.get(f"/topics/one?key={quote('a b&c/茶')}")).text

    addresses = re.findall(r'hx-post="([^"]+)" [^>]*hx-target="#t(\w{16})"', page)
    assert 3 == len(addresses)
    assert {"a%20b%26c/%E8%8C%B6"} == {address.partition("key=")[2] for address, _ in addresses}


async def test_how_a_topic_went_is_told(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Over all groups, once it was measured."""
    monkeypatch.setattr(Histories, "worths", lambda _: {"tea": Worth(4, 2.5, 0.1)})
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        page = (await (await stage.visitor()).get("/topics/one?key=tea")).text

    assert '<strong class="number">2.5</strong> 人回应' in page


async def test_what_is_wrong_stands_at_its_field(sqlite_database: Database, tmp_path: Path):
    """What was written stays in the form, nothing is saved."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        visitor = await stage.visitor()
        answer = await visitor.post(
            "/topics/save?key=tea", was=version(TEA), title="两杯茶", link="javascript:alert(1)"
        )
        after = await topic(stage, "tea")

    assert TEA == after
    assert 'value="两杯茶"' in answer.text
    assert 1 == answer.text.count('class="trouble"')
    assert "链接要以 http://" in answer.text


async def test_two_people_edit_the_same_topic(sqlite_database: Database, tmp_path: Path):
    """The second is told and sees what the first wrote."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        visitor = await stage.visitor()
        answers = [
            await visitor.post("/topics/save?key=tea", was=version(TEA), text=text)
            for text in ("甲写的", "乙写的")
        ]

    assert "told badly" in answers[1].text
    assert "甲写的" in answers[1].text


async def test_a_topic_is_written(sqlite_database: Database, tmp_path: Path):
    """The form is empty again; a second of the same title is refused, one without text too."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        well = await visitor.post("/topics/new", title="走路", text="走了吗？", new_key="walk")
        twice = await visitor.post("/topics/new", title="走路", text="去哪？")
        empty = await visitor.post("/topics/new", title="空的", text=" ")
        walk = await topic(stage, "walk")

    assert walk is not None
    assert "走路" == walk.title
    assert "told well" in well.text
    assert "told badly" in twice.text
    assert "缺少内容" in empty.text


@pytest.mark.parametrize(
    ("was", "to", "done"),
    [("approved", "resting", True), ("resting", "retired", True), ("retired", "approved", False)],
)
async def test_a_topic_rests_and_is_retired(
    sqlite_database: Database, tmp_path: Path, was: str, to: str, *, done: bool
):
    """Retired is final."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, asked("walk", status=TopicStatus(was)))
        visitor = await stage.visitor()
        answer = await visitor.post("/topics/move?key=walk", status=to)
        after = await topic(stage, "walk")

    assert after is not None
    assert (to if done else was) == after.status
    assert ("told well" if done else "told badly") in answer.text


@pytest.mark.parametrize(
    ("to", "words"), [("approved", "它进了话题库"), ("retired", "这次先不用（下月再说）")]
)
async def test_a_proposal_is_decided(
    sqlite_database: Database, tmp_path: Path, to: str, words: str
):
    """The card is settled and whoever proposed it is thanked, in private, whatever it is."""
    async with console(sqlite_database, tmp_path) as stage:
        proposed(stage, "阿青", "第一本哭的书：哪本书让你第一次看哭了？")
        await stage.settled()
        visitor = await stage.visitor()
        waiting = await shown(visitor, status="proposed")
        await visitor.post("/topics/move?key=proposal-1", status=to, why="下月再说")
        await stage.settled()
        after = await topic(stage, "proposal-1")
        thanks = [line.text for line in stage.room.network.lines if words in line.text]

    assert after is not None
    assert "第一本哭的书" in waiting
    assert to == after.status
    assert 1 == len(thanks)


def proposed(stage: Stage, who: str, words: str) -> None:
    """A member of 读书会 proposes a topic."""
    network, account = stage.room.network, stage.room.gateway.person
    room = network.room("读书会")
    if not room.has(network.person(who)):
        network.join(room, who)
    network.speak(room, who, f"@围炉 推荐话题 {words}", mention=[account])


async def test_a_file_is_looked_at_and_imported(sqlite_database: Database, tmp_path: Path):
    """Exactly what was shown, and only after the second tap."""
    file = "标题,内容\n一杯茶,换了一句话\n走路,今天走了多远？\n"
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        visitor = await stage.visitor()
        preview = (await sent(visitor, "我的话题.csv", file.encode())).text
        before = await topic(stage, "tea")
        done = await visitor.post("/topics/import/confirm", id=number_of_preview(preview))
        after = await topic(stage, "tea")

    assert "导入这 2 个" in preview
    assert "换了一句话" in preview
    assert TEA == before
    assert after is not None
    assert "换了一句话" == after.text
    assert "新增 1 个，更新 1 个" in done.text


async def test_what_takes_long_shows_how_far_it_is(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The page asks again and again, and may give it up."""
    go = threading.Event()

    def slowly(name: str, content: bytes) -> tuple[Entry, ...]:
        go.wait(60)
        return entries_in(name, content)

    monkeypatch.setattr("console.importing.entries_in", slowly)
    monkeypatch.setattr("console.pages.topics_import._SOON", 0)
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        began = (await sent(visitor, "a.csv", b"title,text\na,b\n")).text
        again = await visitor.get("/topics/import/progress?step=reading")
        fresh = await visitor.get("/topics/import/progress?step=none")
        await visitor.post("/topics/import/drop", id=number_of_preview(began))
        page = await visitor.get("/topics/import")
        go.set()

    assert "正在读文件" in began
    assert [204, 200] == [again.status_code, fresh.status_code]
    assert "a.csv" not in page.text


async def test_near_duplicates_are_pointed_out(sqlite_database: Database, tmp_path: Path):
    """With the line of the file, before anything is imported."""
    file = "标题,内容\n另一杯,今天的第一杯是什么？\n"
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        page = (await sent(await stage.visitor(), "a.csv", file.encode())).text

    assert "看看是不是重了" in page
    assert "第 2 行" in page


async def test_faults_are_named_by_row_and_column(sqlite_database: Database, tmp_path: Path):
    """And not one topic of the file can be imported."""
    file = "标题,内容,权重\n好的,问什么？,1\n坏的,问什么？,1000\n,没有标题,1\n"
    async with console(sqlite_database, tmp_path) as stage:
        page = (await sent(await stage.visitor(), "a.csv", file.encode())).text

    cells = re.findall(r'class="number" data-name="[行列]">([^<]+)<', page)
    assert ["3", "3", "4", "1"] == cells
    assert "confirm" not in page


def bomb() -> bytes:
    """A small workbook that unpacks to a mountain."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (65 * 2**20))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../etc/passwd", b"root"),
        ("..\\..\\a.exe", b"MZ"),
        ("a.xls", b"x"),
        ("a.xlsx", b"PK\x03\x04 nothing"),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.yaml", b"- &a [*a]"),
        ("<script>alert(1)</script>.csv", b"<script>alert(1)</script>,x\n1,2\n"),
        ("a.csv", b""),
    ],
)
async def test_hostile_files_are_refused(
    sqlite_database: Database, tmp_path: Path, name: str, content: bytes
):
    """Each with a sentence; nothing of it is opened, computed or shown as anything but text."""
    async with console(sqlite_database, tmp_path) as stage:
        page = (await sent(await stage.visitor(), name, content)).text
        bank = await stage.app.writer.run(lambda work: work.topics.all())

    assert 'role="alert"' in page
    assert "confirm" not in page
    assert "<script>" not in page
    assert [] == bank


async def test_a_bomb_is_not_unpacked(sqlite_database: Database, tmp_path: Path):
    """What a workbook says it holds is looked at first."""
    async with console(sqlite_database, tmp_path) as stage:
        page = (await sent(await stage.visitor(), "a.xlsx", bomb())).text

    assert "解开后超过" in page


async def test_a_large_file_is_refused(sqlite_database: Database, tmp_path: Path):
    """Before it is read."""
    async with console(sqlite_database, tmp_path) as stage:
        page = (await sent(await stage.visitor(), "a.csv", b"x" * (LARGEST + 1))).text

    assert "told badly" in page


@pytest.mark.parametrize("path", ["confirm", "drop"])
async def test_an_old_preview_imports_nothing(sqlite_database: Database, tmp_path: Path, path: str):
    """Another tab has begun another one: that stays."""
    file = "标题,内容\n走路,今天走了多远？\n".encode()
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        old = number_of_preview((await sent(visitor, "a.csv", file)).text)
        await sent(visitor, "b.csv", file)
        await visitor.post(f"/topics/import/{path}", id=old)
        page = await visitor.get("/topics/import")
        bank = await stage.app.writer.run(lambda work: work.topics.all())

    assert [] == bank
    assert "b.csv" in page.text


async def test_a_preview_belongs_to_who_made_it(sqlite_database: Database, tmp_path: Path):
    """Another session neither sees nor imports it."""
    file = "标题,内容\n走路,今天走了多远？\n".encode()
    async with console(sqlite_database, tmp_path) as stage:
        one, other = await stage.visitor(), await stage.visitor()
        id_ = number_of_preview((await sent(one, "a.csv", file)).text)
        await other.post("/topics/import/confirm", id=id_)
        page = await other.get("/topics/import")
        bank = await stage.app.writer.run(lambda work: work.topics.all())

    assert [] == bank
    assert "a.csv" not in page.text


async def test_the_topics_that_come_with_weilu(sqlite_database: Database, tmp_path: Path):
    """Are looked at like any file."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        page = await visitor.post("/topics/import", which="starter")

    assert "starter.yaml" in page.text


@pytest.mark.parametrize("form", ["yaml", "csv", "xlsx"])
async def test_what_is_exported_can_be_imported(
    sqlite_database: Database, tmp_path: Path, form: str
):
    """Unedited it changes nothing; a template comes in the same forms."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA, asked("rest", status=TopicStatus.RESTING))
        visitor = await stage.visitor()
        file = await visitor.get(f"/topics/export.{form}?status=approved")
        template = await visitor.get(f"/topics/template.{form}")

    assert [TEA] == [entry.topic for entry in entries_in(f"a.{form}", file.content)]
    assert "attachment" in file.headers["content-disposition"]
    assert 2 == len(entries_in(f"a.{form}", template.content))


@pytest.mark.parametrize("path", ["export.exe", "template.html"])
async def test_other_forms_are_not_there(sqlite_database: Database, tmp_path: Path, path: str):
    """Nothing but the three."""
    async with console(sqlite_database, tmp_path) as stage:
        answer = await (await stage.visitor()).get(f"/topics/{path}")

    assert 404 == answer.status_code


@pytest.mark.parametrize(
    "path", ["save?key=tea", "move?key=tea", "new", "import", "import/confirm", "import/drop"]
)
async def test_a_viewer_changes_nothing(sqlite_database: Database, tmp_path: Path, path: str):
    """Who may only look is told so, and sees no buttons."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        visitor = await stage.visitor(Right.VIEWER)
        answer = await visitor.post(f"/topics/{path}", status="retired", text="坏", title="坏")
        pages = [await visitor.get(each) for each in ("/topics", "/topics/one?key=tea")]
        bank = await stage.app.writer.run(lambda work: work.topics.all())

    assert "told badly" in answer.text
    assert not any("hx-post" in page.text for page in pages)
    assert [TEA] == bank


async def test_who_is_no_operator_any_more_changes_nothing(
    sqlite_database: Database, tmp_path: Path
):
    """They were one when they signed in."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(stage, TEA)
        visitor = await stage.visitor(Right.OPERATOR, person("小林"))
        answer = await visitor.post("/topics/move?key=tea", status="retired")

    assert "told badly" in answer.text


async def test_hostile_words_stay_words(sqlite_database: Database, tmp_path: Path):
    """In the list, in the form, in the history, and as a key."""
    async with console(sqlite_database, tmp_path) as stage:
        await kept(
            stage,
            asked(HOSTILE, title=HOSTILE, text=HOSTILE, tags=("<b>",), source=HOSTILE),
        )
        visitor = await stage.visitor()
        await visitor.post(f"/topics/move?key={quote(HOSTILE)}", status="resting", why=HOSTILE)
        paths = (
            "/topics?status=all",
            f"/topics/one?key={quote(HOSTILE)}",
            f"/topics?q={quote(HOSTILE)}",
        )
        pages = [(await visitor.get(path)).text for path in paths]

    for page in pages:
        assert "<script>alert" not in page
        assert '</textarea>"' not in page
        assert "\u202e" not in page
    assert "&lt;script&gt;" in pages[1]


async def test_a_topic_that_is_not_there(sqlite_database: Database, tmp_path: Path):
    """It was deleted with whoever proposed it: a sentence says so."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        answers = [
            await visitor.get("/topics/one?key=none"),
            await visitor.post("/topics/save?key=none", title="x", text="y"),
            await visitor.post("/topics/move?key=none", status="resting"),
            await visitor.post("/topics/move?key=none", status="lost"),
        ]

    assert all("told badly" in answer.text for answer in answers)
