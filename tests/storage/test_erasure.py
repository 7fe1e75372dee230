from contextlib import closing
from typing import Any

import pytest
from builders import ACCOUNT, NOON, group, joined, later, person, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.actions import Action, Invite, Priority, Remove, Say
from bot.events import (
    Event,
    FriendshipRequested,
    Identity,
    InvitationReceived,
    MemberJoined,
    MemberLeft,
    Message,
    RosterRead,
)
from rules.base import Finding
from storage.database import Database
from storage.tables import metadata
from storage.values import InteractionKind, OutboxState
from storage.work import Work

NEEDLE = "针眼"
WHO = Identity(ACCOUNT, f"wxid_{NEEDLE}_1", f"小{NEEDLE}%_林")
OTHER = person("小吴")


def everything(database: Database) -> list[str]:
    """Every text in every table."""
    found = []
    with database._engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                found += [value for value in row if isinstance(value, str)]
    return found


def actions() -> list[Action]:
    """Actions that hold the person in every place there is."""
    common: dict[str, Any] = {
        "why": f"{WHO.name} 来了",
        "priority": Priority.WELCOME,
        "about": (WHO,),
    }
    return [
        Say(
            key=f"welcome:{WHO.id}", to=group(), text=f"欢迎 {WHO.name}", mentions=(WHO,), **common
        ),
        Say(key=f"private:{WHO.id}", to=WHO, text=f"你好 {WHO.name}", **common),
        Remove(key=f"remove:{WHO.id}", group=group(), member=WHO, **common),
        Invite(key=f"invite:{WHO.id}", group=group(), member=WHO, **(common | {"about": ()})),
    ]


NEW: list[Event] = [
    said(f"{NEEDLE}又来了", id="new", author=WHO, at=later(days=2)),
    said(f"@{WHO.name} 你好", "小吴", id="to", mentions=(WHO,), at=later(days=2)),
    joined("谁", member=WHO, at=later(days=2)),
]


def events() -> list[Event]:
    """A day with the person in it."""
    return [
        joined("小吴", member=WHO, inviter=OTHER),
        joined("小何", inviter=WHO),
        said(f"我是{NEEDLE}", id="m1", author=WHO, mentions=(OTHER,)),
        said(f"欢迎 @{WHO.name} 来", "小吴", id="m2", mentions=(WHO,)),
        MemberLeft(group=group(), member=person("小何"), remover=WHO, at=later(hours=1)),
        FriendshipRequested(account=ACCOUNT, id="f1", person=WHO, hello=NEEDLE, at=NOON),
        InvitationReceived(account=ACCOUNT, id="i1", group_name="棋社", inviter=WHO, at=NOON),
        RosterRead(group=group(), members=(WHO, OTHER), at=NOON),
    ]


def live(work: Work, happened: list[Event]) -> None:
    """Record what happened, as the handlers do."""
    work.prepare(happened)
    for event in happened:
        match event:
            case Message():
                _record(work, event)
            case MemberJoined():
                work.memberships.join(event)
            case MemberLeft():
                work.memberships.leave(event)
            case RosterRead():
                work.memberships.reconcile(event)
            case FriendshipRequested() | InvitationReceived():
                work.requests.add(event)


def _record(work: Work, message: Message) -> None:
    key = work.messages.add(message, keep_text=True)
    if key is None:
        return
    work.memberships.seen(group(), message.author, message.at)
    for each in message.mentions:
        work.interactions.add(
            group(), message.author, each, InteractionKind.MENTION, message.at, key
        )
    work.cases.open(
        group(),
        message.author,
        Finding("keywords", (0, 1), f"命中 {message.text}"),
        reason="约定",
        excerpt=message.text,
        consequence="remind",
        at=message.at,
        message_id=key,
        platform_message_id=message.id,
        reminded=True,
    )


def member_id(work: Work) -> int:
    """Our own key of the person."""
    (card,) = work.members.find(WHO.id)
    return card.member_id


def lived(database: Database) -> None:
    """A day with the person, and everything the bot meant to do about it."""
    with database.work() as work:
        live(work, events())
        for action in actions():
            work.outbox.stage(action, NOON)
        (done, *_) = work.outbox.waiting(ACCOUNT, NOON)
        work.outbox.claim(done.id, "me", NOON)
        work.outbox.settle(done.id, OutboxState.DONE, NOON, f"对 {WHO.name} 说了")
        work.commit()


def forget(database: Database) -> dict[str, int]:
    """Forget the person, for good."""
    with database.work() as work:
        touched = work.members.forget(member_id(work), later(days=1))
        work.commit()
    return touched


def test_the_needle_is_seen(database: Database):
    """The test itself: before, the person is in many places; the export holds them all."""
    lived(database)

    assert 15 < sum(NEEDLE in text for text in everything(database))
    with database.work() as work:
        export = work.members.export(member_id(work))
    counted = {name: len(part) for name, part in export.items() if isinstance(part, list)}
    assert {
        "identities": 1,
        "memberships": 1,
        "messages": 1,
        "turned_to_others": 1,
        "was_turned_to": 1,
        "cases": 1,
        "answers": 0,
        "requests": 2,
        "actions": 4,
    } == counted


def test_nothing_is_left_of_a_person(database: Database):
    """No table holds the name, the id or the words; what is left of them is anonymous."""
    lived(database)
    touched = forget(database)

    assert [] == [text for text in everything(database) if NEEDLE in text]
    assert {
        "answers",
        "cases",
        "forgotten",
        "identities",
        "interactions",
        "members",
        "memberships",
        "messages",
        "outbox",
        "requests",
    } - set(touched) == {"answers"}
    with database.work() as work:
        assert (1, NOON) == work.messages.of_member(group(), OTHER)
        assert 2 == work.groups.all()[0].messages
        assert {OutboxState.DONE, OutboxState.CANCELLED} == {
            row.state for row in work.outbox.list()
        }


def test_others_are_left_alone(database: Database):
    """Somebody who was only near keeps what is theirs."""
    lived(database)
    forget(database)
    with database.work() as work:
        (card,) = work.members.find("小吴")
        export = work.members.export(card.member_id)

    assert isinstance(export["messages"], list)
    assert ["欢迎 @… 来"] == [row["text"] for row in export["messages"]]


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    replays=st.lists(st.integers(0, 7), max_size=12),
    fresh=st.booleans(),
    one_work=st.booleans(),
)
def test_a_replay_does_not_bring_them_back(
    new_url: Any,
    replays: list[int],
    fresh: bool,  # noqa: FBT001
    one_work: bool,  # noqa: FBT001
):
    """Old events in any order, and a new message and join, leave no trace of the forgotten."""
    url = new_url()
    with closing(Database(url)) as database, closing(Database(url)) as restarted:
        lived(database)
        if one_work:
            with database.work() as work:
                work.members.forget(member_id(work), later(days=1))
                live(work, [events()[place] for place in replays])
                work.commit()
        else:
            forget(database)
        with (restarted if fresh else database).work() as work:
            live(work, [events()[place] for place in replays])
            live(work, NEW)
            assert not work.outbox.stage(actions()[0], later(days=2))
            work.commit()

        assert [] == [text for text in everything(database) if NEEDLE in text]


def test_another_program_forgets_somebody(database_url: str):
    """`weilu members forget` while Weilu runs: what it remembered of the person is dropped."""
    running, other = Database(database_url), Database(database_url)
    lived(running)
    forget(other)
    with running.work() as work:
        live(work, [said(NEEDLE, id="later", author=WHO, at=later(days=2))])
        assert work.members.is_forgotten(WHO)
        work.commit()

    assert [] == [text for text in everything(running) if NEEDLE in text]
    running.close()
    other.close()


def test_a_forgotten_member_is_no_difference(database: Database):
    """A roster that holds them neither joins nor loses them."""
    lived(database)
    forget(database)
    roster = RosterRead(group=group(), members=(WHO, OTHER), at=later(days=2))
    with database.work() as work:
        difference = work.memberships.reconcile(roster)

    assert ((), ()) == (difference.joined, difference.left)


def test_the_forgotten_share_a_cooldown(database: Database):
    """Somebody whose name is not kept is still not reminded again and again."""
    lived(database)
    forget(database)
    with database.work() as work:
        _record(work, said("加微信", id="ad", author=WHO, at=later(days=2)))

        assert later(days=2) == work.cases.last_reminded(group(), WHO, "keywords")


def test_forgetting_is_undone_with_its_work(database: Database):
    """A work without commit, or a savepoint that fails, forgets nobody."""
    lived(database)
    with database.work() as work:
        work.members.forget(member_id(work), NOON)
    with database.work() as work:
        with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
            work.members.forget(member_id(work), NOON)
            raise ZeroDivisionError
        assert not work.members.is_forgotten(WHO)
        assert work.members.id_of(WHO, NOON) == member_id(work)
        work.commit()
    with database.work() as work:
        assert member_id(work)
