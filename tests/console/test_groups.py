from datetime import timedelta
from pathlib import Path

import pytest
from console_stage import Stage, console

from bot.events import Group, Identity, Kind, MemberJoined, Message, Noticed
from console.sessions import Right
from storage.database import Database
from storage.values import InteractionKind
from storage.work import Work

HOSTILE = "<img src=x onerror=alert(1)>\u202e"


def reading_circle(stage: Stage) -> Group:
    """The group of the stage."""
    return stage.room.gateway.group(stage.room.network.room("读书会"))


async def number_of(stage: Stage) -> int:
    """Our own number of the group, which stands in the address of its page."""
    group = reading_circle(stage)
    key = await stage.app.writer.run(lambda work: work.groups.key_if_known(group))
    assert key is not None
    return key


async def past(stage: Stage) -> None:
    """A month in which one talks a lot, two a little, and one of two newcomers is answered."""
    group, now = reading_circle(stage), stage.room.network.now
    account = stage.app.account
    loud, soft, other = (Identity(account, name, name) for name in ("loud", HOSTILE, "other"))
    new, alone = (Identity(account, name, name) for name in ("新来的", "没人理的"))

    def fill(work: Work) -> None:
        def say(number: int, who: Identity, ago: timedelta, to: Identity | None = None) -> None:
            at = now - ago
            said = Message(
                id=f"m{number}", group=group, author=who, at=at, kind=Kind.TEXT, text="在"
            )
            key = work.messages.add(said, keep_text=True)
            assert key is not None
            work.memberships.seen(group, who, at)
            if to is not None:
                work.interactions.add(group, who, to, InteractionKind.MENTION, at, key)

        for number in range(6):
            say(number, loud, timedelta(days=3, minutes=number))
        say(10, soft, timedelta(days=4), to=loud)
        say(11, other, timedelta(days=5), to=soft)
        for who in (new, alone):
            at = now - timedelta(days=10)
            joined = MemberJoined(
                group=group, member=who, at=at, inviter=None, noticed=Noticed.EVENT
            )
            work.memberships.join(joined)
        say(12, loud, timedelta(days=10) - timedelta(hours=2), to=new)

    await stage.app.writer.run(fill)
    stage.access.sharing.forget()


async def test_the_list_shows_each_group(sqlite_database: Database, tmp_path: Path):
    """With its members, what was said lately, and the way to its page."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await past(stage)
        page = (await visitor.get("/groups")).text
        number = await number_of(stage)

    assert "读书会" in page
    assert f'href="/groups/{number}"' in page
    assert "运营群" not in page


async def test_the_figures_of_a_group(sqlite_database: Database, tmp_path: Path):
    """Nine messages of three people, and one of two newcomers was answered within 24 hours."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await past(stage)
        page = (await visitor.get(f"/groups/{await number_of(stage)}/figures")).text

    assert '<span class="big">9</span>' in page
    assert '<span class="big">3</span>' in page
    assert '1<span class="soft"> / 2</span>' in page


@pytest.mark.parametrize(("days", "messages"), [("7", 8), ("30", 9), ("90", 9), ("8", 9)])
async def test_over_so_many_days(
    sqlite_database: Database, tmp_path: Path, *, days: str, messages: int
):
    """What is counted follows the switch; what is none of its choices is thirty days."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await past(stage)
        page = await visitor.get(f"/groups/{await number_of(stage)}/figures?days={days}")

    assert f'<span class="big">{messages}</span>' in page.text


async def test_the_charts_have_their_data(sqlite_database: Database, tmp_path: Path):
    """A bar for each day and each hour; who turned to whom, as text whatever they are called."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await past(stage)
        place = f"/groups/{await number_of(stage)}"
        days, hours, circle = [
            (await visitor.get(f"{place}/{name}.json?days=7")).json()
            for name in ("days", "hours", "circle")
        ]

    assert (7, 24) == (len(days["labels"]), len(hours["labels"]))
    assert 8 == sum(days["bars"]["values"])
    assert 2 == len(circle["ties"])
    assert "\u202e" not in "".join(who["name"] for who in circle["people"])


async def test_hostile_names_stay_names(sqlite_database: Database, tmp_path: Path):
    """Nothing that members are called becomes a part of the page."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        await past(stage)
        page = (await visitor.get(f"/groups/{await number_of(stage)}")).text

    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x" in page


async def test_an_empty_group_says_what_to_do_next(sqlite_database: Database, tmp_path: Path):
    """No figure is divided by nobody."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        page = await visitor.get(f"/groups/{await number_of(stage)}")

    assert 200 == page.status_code
    assert "话题页里排一个话题试试" in page.text


@pytest.mark.parametrize("path", ["/groups/999", "/groups/2", "/groups/999/days.json"])
async def test_what_is_not_there(sqlite_database: Database, tmp_path: Path, path: str):
    """Neither a group that nobody saw, nor the operators' own, which has no page."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        page = await visitor.get(path)

    assert 404 == page.status_code


async def test_a_viewer_looks(sqlite_database: Database, tmp_path: Path):
    """To look is all that can be done here."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor(Right.VIEWER)
        pages = [await visitor.get(path) for path in ("/groups", "/groups/1")]

    assert [200, 200] == [page.status_code for page in pages]


async def test_a_house_without_groups(sqlite_database: Database, tmp_path: Path):
    """It says how a group gets there."""
    async with console(sqlite_database, tmp_path) as stage:
        visitor = await stage.visitor()
        page = (await visitor.get("/groups?q=没有这样的")).text

    assert "没有名字里带这几个字的群" in page
