from builders import ACCOUNT, NOON, group, joined, person, said

from bot.events import FriendshipRequested, GatewayChanged, GatewayState, SlotDue
from storage.database import Database
from storage.expected import Expected

LIN, WU = person("小林"), person("小吴")


def test_whatever_the_events_name(sqlite_database: Database):
    """Groups and people once each, and who is said to be where; nobody is in private words."""
    asks = FriendshipRequested(account=ACCOUNT, id="f1", person=WU, hello="你好", at=NOON)
    due = SlotDue(
        group=group("跑步"), programme="早安", wall="2026-11-20T12:00", due_at=NOON, at=NOON
    )
    private = said("在吗", "小周", group=None)
    gone = GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_OUT, at=NOON)
    message = said("早", mentions=(WU,))
    with sqlite_database.work() as work:
        found = Expected([message, asks, due, private, gone, "无关"], work._transaction)

    assert [group(), group("跑步")] == [*found.groups.values()]
    assert [LIN, WU, person("小周")] == [*found.people.values()]
    assert {LIN, WU, person("小周")} == {*found.strangers}
    assert [(group(), LIN), (group(), WU)] == found.pairs
    assert [message, private] == found.said
    assert [due] == found.due


def test_what_is_known_is_not_looked_up_again(sqlite_database: Database):
    """Of whom it is known that they are there, neither they nor their stay."""
    with sqlite_database.work() as work:
        work.hearing.hear(said("早"), group(), NOON, keep_text=True)
        work.commit()
    with sqlite_database.work() as work:
        found = Expected([said("好"), joined("小吴", inviter=LIN)], work._transaction)

    assert [WU] == found.strangers
    assert [(group(), WU)] == found.pairs
