from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from builders import ACCOUNT, NOON, group, joined, later, person, said
from claiming import claim, waiting
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
    SlotDue,
)
from rules.base import Finding
from rules.consequences import Consequence
from storage.database import Database
from storage.tables import metadata
from storage.values import InteractionKind, OutboxState, SlotState
from storage.values_of_order import (
    AppealState,
    CaseState,
    OperatorRole,
    RaisedBy,
    TaskKind,
    TaskState,
)
from storage.work import Work

NEEDLE = "针眼"
WHO = Identity(ACCOUNT, f"wxid_{NEEDLE}_1", f"小{NEEDLE}%_林")
OTHER = person("小吴")
ALT = Identity(ACCOUNT, "alt", f"小{NEEDLE}的小号")
OTHER_ALT = Identity("另一个号", f"{NEEDLE}", "林")


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
        (done, *_) = waiting(work, ACCOUNT, NOON)
        claim(work, done.id, "me", NOON)
        work.outbox.settle(done.id, OutboxState.DONE, NOON, f"对 {WHO.name} 说了")
        work.commit()


def order(database: Database) -> None:
    """Everything the tables of order can hold of a person, as the one it is about and as doer."""
    about = f"{WHO.name} 的事"
    with database.work() as work:
        (case, *_) = work.cases.of_member(group(), WHO)
        other = _case_of(work, OTHER, raised_by=RaisedBy.OPERATOR, raiser=WHO)
        work.cases.decide(case.number, CaseState.UPHELD, OTHER, NOON, about)
        work.cases.decide(other, CaseState.OVERTURNED, WHO, NOON, f"@{WHO.name} 说")
        work.sanctions.impose(case.number, group(), WHO, Consequence.QUIET, NOON, None)
        lifted = work.sanctions.impose(case.number, group(), WHO, Consequence.BAN, NOON, None)
        work.sanctions.close(lifted, NOON, about)
        work.exemptions.grant(group(), WHO, "广告", about, None, OTHER, NOON)
        work.exemptions.grant(group(), OTHER, "广告", f"{WHO.name} 说的", None, WHO, NOON)
        work.tasks.open(
            ACCOUNT,
            f"remove:{WHO.id}",
            TaskKind.REMOVE,
            about,
            NOON,
            NOON,
            group=group(),
            member=WHO,
        )
        work.tasks.open(ACCOUNT, "other", TaskKind.MUTE, about, NOON, NOON, group=group())
        work.appeals.open(case.number, WHO, about, NOON)
        work.appeals.open(other, OTHER, f"是 {WHO.name} 先说的", NOON)
        work.appeals.decide(other, AppealState.UPHELD, WHO, NOON, f"{WHO.name} 定的")
        work.complaints.add(group(), "m1", WHO, OTHER, NOON, about)
        work.complaints.add(group(), "m2", OTHER, WHO, NOON, f"我是{NEEDLE}")
        _operators(work)
        work.audit.note(ACCOUNT, WHO, "移出", OTHER, "广告", NOON)
        work.audit.note(ACCOUNT, OTHER, "移出", WHO, about, NOON)
        work.audit.note(ACCOUNT, OTHER, "撤销", f"案件 1（{WHO.name}）", f"{WHO.id} 来过", NOON)
        work.pacts.propose(group(), [], NOON)
        work.pacts.accept(group(), 1, WHO, NOON)
        work.members.link(ALT, OTHER_ALT, WHO, NOON)
        work.members.link(WHO, ALT, OTHER, NOON)
        work.commit()


def _operators(work: Work) -> None:
    """WHO is an operator, invited OTHER, and sent them away again."""
    until = later(hours=1)
    work.operators.invite(OperatorRole.ADMIN, "暗号", until, "cli", NOON)
    work.operators.redeem("暗号", WHO, NOON)
    work.operators.invite(OperatorRole.ADMIN, "暗号二", until, WHO, NOON)
    work.operators.redeem("暗号二", OTHER, NOON)
    work.operators.revoke(OTHER, NOON, WHO)


def _case_of(work: Work, member: Identity, **over: Any) -> int:
    return work.cases.open(
        group(),
        member,
        Finding("keywords", (0, 1), ""),
        reason="约定",
        excerpt="",
        consequence="warn",
        at=NOON,
        message_id=None,
        platform_message_id="",
        reminded=True,
        **over,
    )


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
        "sanctions": 0,
        "exemptions": 0,
        "tasks": 0,
        "appeals": 0,
        "complaints_made": 0,
        "complaints_received": 0,
        "acceptances": 0,
        "links": 0,
        "operator": 0,
        "cases_raised": 0,
        "cases_decided": 0,
        "exemptions_made": 0,
        "appeals_decided": 0,
        "topics_proposed": 0,
        "topics_changed": 0,
        "arrangements_made": 0,
        "pauses_made": 0,
        "pauses_ended": 0,
        "casts": 0,
        "consents": 0,
        "tags": 0,
        "tags_given": 0,
        "goal_progress_told": 0,
        "goal_choices": 0,
        "acts": 0,
        "acts_about": 0,
        "requests": 2,
        "actions": 4,
    } == counted


ORDER = {
    "cases": 1,
    "identities": 3,
    "sanctions": 2,
    "exemptions": 1,
    "tasks": 1,
    "appeals": 1,
    "complaints_made": 1,
    "complaints_received": 1,
    "acceptances": 1,
    "links": 3,
    "operator": 1,
    "cases_raised": 1,
    "cases_decided": 1,
    "exemptions_made": 1,
    "appeals_decided": 1,
    "acts": 1,
    "acts_about": 1,
}


def test_the_export_holds_what_order_holds(database: Database):
    """Of all identities of the person; never who reported or decided, or what others said."""
    lived(database)
    order(database)
    with database.work() as work:
        export = work.members.export(member_id(work))
        other = work.members.id_of(OTHER, NOON)
    parts: dict[str, list[dict[str, Any]]] = {name: export[name] for name in ORDER}  # type: ignore[misc]

    assert {name: len(part) for name, part in parts.items()} == ORDER
    assert "words" not in parts["complaints_received"][0]
    assert f"我是{NEEDLE}" == parts["complaints_made"][0]["words"]
    named = ("by_id", "decided_by_id", "raiser_id", "about_id")
    held = [row.get(name) for part in parts.values() for row in part for name in named]
    assert other not in held


def test_nothing_of_order_is_left(database: Database):
    """Words, names and ids are gone, from all identities; acts and decisions stay, by nobody."""
    lived(database)
    order(database)
    touched = forget(database)

    assert [] == [text for text in everything(database) if NEEDLE in text]
    assert {
        "acceptances",
        "appeals",
        "audit",
        "cases",
        "complaints",
        "exemptions",
        "links",
        "operator_codes",
        "operators",
        "sanctions",
        "tasks",
    } <= set(touched)
    with database.work() as work:
        deeds = work.audit.list(ACCOUNT)
        assert {("移出", "", OTHER), ("移出", OTHER, ""), ("撤销", OTHER, "案件 1（…）")} == {
            (deed.what, deed.by, deed.about) for deed in deeds
        }
        assert [TaskState.CANCELLED] == [
            each.state for each in work.tasks.list(ACCOUNT, tuple(TaskState)) if each.number == 1
        ]
        assert [] == work.sanctions.ended(ACCOUNT, later(days=999))
        assert [] == work.operators.all(ACCOUNT)
        for case in (work.cases.get(1), work.cases.get(2), work.cases.get(3)):
            assert case is not None
            assert {case.member, case.raiser, case.decider} <= {None, OTHER}
        assert [AppealState.WITHDRAWN] == [each.state for each in work.appeals.of_case(1)]
        assert all(map(work.members.is_forgotten, (WHO, ALT, OTHER_ALT)))
        assert not work.members.is_forgotten(OTHER)


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


def test_a_post_that_waits_for_nobody_is_not_posted(database: Database):
    """Whoever it was about is forgotten: the due time is skipped, nothing empty is said."""
    who = person("小林")
    with database.work() as work:
        slot = work.slots.open(
            SlotDue(group=group(), programme="早", wall="2026-11-22T09:00", due_at=NOON, at=NOON)
        )
        assert slot is not None
        action = Say(
            key=f"post:{slot}",
            why="测试",
            priority=Priority.TOPIC,
            to=group(),
            text="@小林 第一杯茶？",
            mentions=(who,),
            about=(who,),
        )
        work.posts.plan(slot, group(), "tea", action.text, action.key, timedelta(hours=3), NOON)
        work.outbox.put([action], NOON)
        number = work.members.id_of(who, NOON)
        assert number is not None
        work.commit()
    with database.work() as work:
        work.members.forget(number, NOON)
        work.commit()
    with database.work() as work:
        (row,) = work.outbox.list()

        assert SlotState.SKIPPED is work.slots.list(group())[0].state
        assert not work.outbox.resend(row.id, NOON)
