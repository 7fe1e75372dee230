import pytest
from builders import ACCOUNT, NOON, group, joined, person, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statements_seen import statements

from bot.events import (
    FriendshipRequested,
    InvitationReceived,
    MemberLeft,
    Message,
    RosterRead,
)
from rules.base import Finding
from storage.database import Database
from storage.values import InteractionKind
from storage.work import Work


def heard(work: Work, batch: list[Message]) -> None:
    """Record messages as the handlers do."""
    work.prepare(batch)
    for message in batch:
        with work.savepoint():
            work.groups.see(group(), managed=True, at=message.at)
            key = work.messages.add(message, keep_text=True)
            assert key is not None
            work.memberships.seen(group(), message.author, message.at)
            work.memberships.joined_at(group(), message.author)
            for other in message.mentions:
                work.interactions.add(
                    group(), message.author, other, InteractionKind.MENTION, message.at, key
                )


@pytest.mark.parametrize("size", [30, 400])
def test_a_batch_takes_few_statements(
    size: int, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """How many statements a batch takes does not depend on how many messages are in it."""
    batch = [
        said("早", f"人{number % 20}", id=f"{number}", mentions=(person(f"人{number % 7}"),))
        for number in range(size)
    ]
    with database.work() as work:
        ran = statements(monkeypatch)
        heard(work, batch)
        work.commit()

    assert 11 == len(ran)


def test_a_message_at_rest_takes_few_statements(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    """Of somebody known, in a group that is known: looked up, written, counted."""
    with database.work() as work:
        heard(work, [said("早", id="1")])
        work.commit()
    with database.work() as work:
        ran = statements(monkeypatch)
        heard(work, [said("早", id="2")])
        work.commit()

    assert ["SELECT", "INSERT", "UPDATE"] == [sql.split()[0] for sql in ran]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["cases", "interactions", "messages", "memberships", "outbox"]))
def test_rows_are_written_in_the_order_of_the_tables(database: Database, order: list[str]):
    """Whichever store is asked for first, what others point to is there before them."""
    where, lin = group("".join(order)), person("小林")
    with database.work() as work:
        for name in order:
            assert getattr(work, name)
        message = said("早", author=lin, group=where, id="1")
        key = work.messages.add(message, keep_text=True)
        assert key is not None
        work.memberships.seen(where, lin, NOON)
        work.interactions.add(where, lin, person("小吴"), InteractionKind.MENTION, NOON, key)
        work.cases.open(
            where,
            lin,
            Finding("flood", (0, 0), ""),
            reason="",
            excerpt="",
            consequence="",
            at=NOON,
            message_id=key,
            platform_message_id="1",
            reminded=False,
        )
        work.commit()
    with database.work() as work:
        assert (1, 1) == (
            len(work.cases.of_member(where, lin)),
            len(work.memberships.present(where)),
        )


def test_preparing_changes_nothing(database: Database):
    """Looking up what events name makes no group and no person, whatever the event."""
    lin = person("小林")
    with database.work() as work:
        work.prepare(
            [
                said("早", mentions=(lin,)),
                said("嘘", group=None),
                joined("小吴", inviter=lin),
                MemberLeft(group=group(), member=lin, at=NOON, remover=lin),
                RosterRead(group=group(), members=(lin,), at=NOON),
                FriendshipRequested(account=ACCOUNT, id="1", person=lin, hello="", at=NOON),
                InvitationReceived(account=ACCOUNT, id="1", group_name="", inviter=None, at=NOON),
            ]
        )
        work.commit()
    with database.work() as work:
        assert [] == work.groups.all()
        assert [] == work.members.find("小")
