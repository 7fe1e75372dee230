from pathlib import Path

import pytest
from console_stage import Stage, console

from console.sessions import Right
from storage.database import Database
from storage.values import Case
from storage.values_of_order import CaseState


async def offence(stage: Stage, text: str = "加微信，代购好货") -> Case:
    """Somebody advertises, and that becomes a case."""
    stage.says("小林", text)
    await stage.settled()
    (case,) = await stage.app.writer.run(lambda work: work.cases.recent(stage.app.account))
    return case


async def case_now(stage: Stage, number: int) -> Case:
    """The case as it is stored."""
    case = await stage.app.writer.run(lambda work: work.cases.get(number))
    assert case is not None
    return case


async def test_the_docket_shows_the_words_with_what_was_found(
    sqlite_database: Database, tmp_path: Path
):
    """Whoever decides sees what the rule saw."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        case = await offence(stage)
        page = (await visitor.get("/cases")).text
        one = (await visitor.get(f"/cases/{case.number}")).text

    assert "<mark>加微信</mark>，代购好货" in page
    assert "大家来聊书，不来看广告" in one
    assert "小林" in one


@pytest.mark.parametrize(
    ("what", "state", "false_hit"),
    [
        ("uphold", CaseState.UPHELD, False),
        ("overturn", CaseState.OVERTURNED, False),
        ("false", CaseState.OVERTURNED, True),
    ],
)
async def test_a_person_decides(
    sqlite_database: Database, tmp_path: Path, *, what: str, state: CaseState, false_hit: bool
):
    """One tap and a reason; it is written down who decided."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.OPERATOR)
        case = await offence(stage)
        answer = await visitor.post(f"/cases/{case.number}", what=what, why="店里公开的电话")
        decided = await case_now(stage, case.number)

    assert "told well" in answer.text
    assert (state, false_hit, "店里公开的电话", "控制台 console") == (
        decided.state,
        decided.false_hit,
        decided.decided_why,
        decided.decided_by,
    )


async def test_of_a_long_text_the_part_that_matters_is_marked(
    sqlite_database: Database, tmp_path: Path
):
    """Where the excerpt begins in the middle, the mark is still in its place."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await offence(stage, "今天读到第三章，很有意思，" * 8 + "顺便说一句，加微信可以拉你进群")
        page = (await visitor.get("/cases")).text

    assert "<mark>加微信</mark>可以拉你" in page


async def test_a_reason_is_needed(sqlite_database: Database, tmp_path: Path):
    """Nothing is decided without one, and the page says so."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        case = await offence(stage)
        answer = await visitor.post(f"/cases/{case.number}", what="uphold", why=" ")
        after = await case_now(stage, case.number)

    assert "请写上理由" in answer.text
    assert CaseState.OPEN is after.state


async def test_a_viewer_sees_and_decides_nothing(sqlite_database: Database, tmp_path: Path):
    """There is no form for them, and a form they make themselves is refused."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.VIEWER)
        case = await offence(stage)
        page = (await visitor.get(f"/cases/{case.number}")).text
        await visitor.post(f"/cases/{case.number}", what="uphold", why="好")
        after = await case_now(stage, case.number)

    assert "<textarea" not in page
    assert CaseState.OPEN is after.state


async def test_a_case_that_is_not_there(sqlite_database: Database, tmp_path: Path):
    """A sentence, not a fault."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        page = await visitor.get("/cases/999")

    assert (404, True) == (page.status_code, "没有这个案件" in page.text)


async def test_hostile_evidence_is_evidence(sqlite_database: Database, tmp_path: Path):
    """What somebody wrote is shown, never obeyed."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        case = await offence(stage, "<script>加微信</script>\u202e")
        pages = [await visitor.get(path) for path in ("/cases", f"/cases/{case.number}")]

    for page in pages:
        assert "<script>加微信" not in page.text.replace("<mark>", "")
        assert "\u202e" not in page.text
        assert "&lt;script&gt;<mark>加微信</mark>" in page.text


async def test_how_each_rule_did(sqlite_database: Database, tmp_path: Path):
    """Hits and a plain verdict, group by group."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await offence(stage)
        page = (await visitor.get("/cases/rules")).text

    assert "还说不准" in page
