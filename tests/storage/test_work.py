from builders import ACCOUNT, NOON, group, joined, person, said
from sqlalchemy import event

from bot.events import (
    FriendshipRequested,
    InvitationReceived,
    MemberLeft,
    Message,
    RosterRead,
)
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


def statements(database: Database, size: int) -> int:
    """How many statements a batch of so many messages takes, with strangers among the people."""
    ran = []
    listener = lambda *args: ran.append(args[2])  # noqa: E731 to be taken off again
    event.listen(database._engine, "before_cursor_execute", listener)
    with database.work() as work:
        batch = [
            said("早", f"人{size}-{number % 20}", mentions=(person(f"人{number % 7}"),))
            for number in range(size)
        ]
        heard(work, batch)
        work.commit()
    event.remove(database._engine, "before_cursor_execute", listener)
    return len(ran)


def test_a_batch_takes_few_statements(database: Database):
    """How many statements a batch takes does not depend on how many messages are in it."""
    statements(database, 10)

    assert statements(database, 30) == statements(database, 400) <= 15


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
