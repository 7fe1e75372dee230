from builders import ACCOUNT, NOON, person

from bot.events import FriendshipRequested, InvitationReceived
from storage.work import Work


def test_requests_are_kept_once(work: Work):
    """An invitation and a friendship request with the same id are two; each is kept once."""
    lin = person("小林")
    work.members.id_of(lin, NOON)
    for _ in range(2):
        work.requests.add(
            InvitationReceived(account=ACCOUNT, id="1", group_name="棋社", inviter=lin, at=NOON)
        )
        work.requests.add(
            FriendshipRequested(account=ACCOUNT, id="1", person=lin, hello="你好", at=NOON)
        )
    work.requests.add(
        InvitationReceived(account=ACCOUNT, id="2", group_name="棋社", inviter=None, at=NOON)
    )
    (card,) = work.members.find("小林")
    requests = work.members.export(card.member_id)["requests"]

    assert isinstance(requests, list)
    assert {("invitation", "棋社", ""), ("friendship", "", "你好")} == {
        (row["kind"], row["group_name"], row["hello"]) for row in requests
    }
    assert 2 == len(requests)
