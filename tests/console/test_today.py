from pathlib import Path

import pytest
from console_stage import Stage, console

from bot.actions import Priority, Say
from bot.faults import ConfigFaults, Fault
from console.sessions import Right
from storage.database import Database
from storage.values import OutboxState, TopicStatus
from storage.values_of_order import CaseState, TaskKind
from storage.work import Work

PROPOSAL = "推荐话题 周末去哪：<script>alert(1)</script>周末你最想去哪里走走？"


async def proposed(stage: Stage) -> int:
    """A member proposes a topic; the number of its card."""
    network = stage.room.network
    network.whisper(network.person("阿青"), stage.room.gateway.person, PROPOSAL)
    await stage.settled()
    (card,) = await stage.app.writer.run(lambda work: work.tasks.list(stage.app.account))
    assert TaskKind.TOPIC is card.kind
    return card.number


async def offence(stage: Stage) -> int:
    """Somebody advertises; the number of the case."""
    stage.says("小林", "加微信，代购好货")
    await stage.settled()
    (case,) = await stage.app.writer.run(lambda work: work.cases.recent(stage.app.account))
    return case.number


async def doubtful(stage: Stage) -> int:
    """A row of which nobody knows whether it went out."""
    group = stage.room.gateway.group(stage.room.network.room("读书会"))
    action = Say(key="doubt", why="试试", priority=Priority.NOTICE, to=group, text="大家好")

    def put(work: Work) -> int:
        work.outbox.put([action], stage.room.network.now)
        (row,) = [row for row in work.outbox.list(stage.app.account) if row.action == action]
        work.outbox.claim_all([row.id], "test", stage.room.network.now)
        work.outbox.settle(row.id, OutboxState.UNCONFIRMED, stage.room.network.now)
        return row.id

    return await stage.app.writer.run(put)


@pytest.mark.parametrize(
    ("what", "status"), [("approve", TopicStatus.APPROVED), ("decline", TopicStatus.RETIRED)]
)
async def test_a_proposal_is_decided_in_place(
    sqlite_database: Database, tmp_path: Path, *, what: str, status: TopicStatus
):
    """It is read there, decided with a tap, and gone."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.OPERATOR)
        number = await proposed(stage)
        before = (await visitor.get("/today/waiting")).text
        answer = await visitor.post(f"/today/{number}", what=what)
        after = (await visitor.get("/today/waiting")).text
        topic = await stage.app.writer.run(lambda work: work.topics.get(f"proposal-{number}"))

    assert "周末你最想去哪里走走" in before
    assert "<script>" not in before
    assert "told well" in answer.text
    assert "周末你最想去哪里走走" not in after
    assert topic is not None
    assert status is topic.status


async def test_what_was_upheld_can_be_taken_back(sqlite_database: Database, tmp_path: Path):
    """For a while it stands there, with a way back."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.OPERATOR)
        number = await offence(stage)
        await visitor.post(f"/today/{number}", what="uphold", why="广告")
        between = (await visitor.get("/today/waiting")).text
        answer = await visitor.post(f"/today/{number}", what="overturn", why="看错了")
        case = await stage.app.writer.run(lambda work: work.cases.get(number))

    assert "还可以改" in between
    assert "told well" in answer.text
    assert case is not None
    assert CaseState.OVERTURNED is case.state


@pytest.mark.parametrize(
    ("what", "state"), [("there", OutboxState.DONE), ("resend", OutboxState.PENDING)]
)
async def test_what_is_in_doubt_is_settled(
    sqlite_database: Database, tmp_path: Path, *, what: str, state: OutboxState
):
    """Somebody has looked: it is there, or it goes out once more."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.OPERATOR)
        await visitor.post("/outbox/stop")  # so that what is sent again still waits
        row = await doubtful(stage)
        before = (await visitor.get("/today/waiting")).text
        well, badly = (
            [await visitor.post(f"/today/{row}", what="there") for _ in range(2)]
            if (what == "there")
            else [await visitor.post(f"/today/{row}", what=what) for _ in range(2)]
        )
        found = await stage.app.writer.run(lambda work: work.outbox.get(row))

    assert "大家好" in before
    assert "told well" in well.text
    assert found is not None
    assert state is found.state
    assert ("told badly" in badly.text) is (what == "there")


async def test_a_card_is_ticked_off_once(sqlite_database: Database, tmp_path: Path):
    """What a person had to do elsewhere; twice is told so."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.OPERATOR)
        now = stage.room.network.now
        number = await stage.app.writer.run(
            lambda work: work.tasks.open(
                stage.app.account, "移出", TaskKind.REMOVE, "请移出一个人", now, now
            )
        )
        before = (await visitor.get("/today/waiting")).text
        well, badly = [await visitor.post(f"/today/{number}", what="done") for _ in range(2)]
        deeds = await stage.app.writer.run(lambda work: work.audit.list(stage.app.account))

    assert "请移出一个人" in before
    assert "told well" in well.text
    assert "told badly" in badly.text
    assert ["完成 done"] == [deed.what for deed in deeds]


async def test_a_refused_edit_is_told(sqlite_database: Database, tmp_path: Path):
    """Until a good one is in force."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await stage.app._refuse(
            ConfigFaults((Fault("config.yaml", 3, 1, "groups", "写错了 wrong <b>"),))
        )
        faulty = (await visitor.get("/today/waiting")).text
        await stage.app._reload(stage.app.in_force.config)
        fine = (await visitor.get("/today/waiting")).text

    assert "改过的配置有误" in faulty
    assert "<b>" not in faulty
    assert "改过的配置有误" not in fine


async def test_stopped_sending_goes_on_from_here(sqlite_database: Database, tmp_path: Path):
    """The fault stands first, with what to do about it."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await visitor.post("/outbox/stop")
        page = (await visitor.get("/today/waiting")).text

    assert "发送停着" in page
    assert 'hx-post="/outbox/resume"' in page


async def test_the_pulse_of_a_group(sqlite_database: Database, tmp_path: Path):
    """Talking, and what is posted next."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        stage.says("小林", "早上好")
        await stage.settled()
        stage.access.sharing.forget()
        page = (await visitor.get("/today/groups")).text

    assert "在聊" in page
    assert "09:00" in page
    assert "早间" in page


async def test_unchanged_pieces_are_not_sent_again(sqlite_database: Database, tmp_path: Path):
    """Who has seen it gets 204."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        first = await visitor.get("/today/groups")
        seen = first.text.partition('"x-seen": "')[2].partition('"')[0]
        again = await visitor.get("/today/groups", **{"x-seen": seen})

    assert 204 == again.status_code


@pytest.mark.parametrize("what", ["approve", "done", "seen", "uphold", "nothing"])
async def test_a_viewer_decides_nothing(sqlite_database: Database, tmp_path: Path, what: str):
    """They see no buttons, and a form they make themselves is refused."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.VIEWER)
        number = await proposed(stage)
        page = (await visitor.get("/today/waiting")).text
        answer = await visitor.post(f"/today/{number}", what=what, why="好")

    assert "<button" not in page
    assert "told badly" in answer.text


async def test_nothing_waits(sqlite_database: Database, tmp_path: Path):
    """An empty page says what would come up here."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        page = (await visitor.get("/")).text

    assert "现在没有事等人处理" in page
