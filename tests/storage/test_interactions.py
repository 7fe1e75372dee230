from builders import NOON, group, person, said

from storage.database import Database
from storage.values import InteractionKind
from storage.work import Work


def turn(work: Work, from_: str, to: str, message_id: int, kind: InteractionKind) -> None:
    """One turns to another in 读书会."""
    work.interactions.add(group(), person(from_), person(to), kind, NOON, message_id)


def test_interactions_count_once(database: Database):
    """Once a message, person and kind, in one work and in the next; never to oneself."""
    with database.work() as work:
        key = work.messages.add(said("早 @小吴"), keep_text=True)
        assert key is not None
        for _ in range(2):
            turn(work, "小林", "小吴", key, InteractionKind.MENTION)
        turn(work, "小林", "小吴", key, InteractionKind.REPLY)
        turn(work, "小林", "小林", key, InteractionKind.MENTION)
        assert (2, 0) == work.interactions.of_member(group(), person("小林"))
        work.commit()
    with database.work() as work:
        turn(work, "小林", "小吴", key, InteractionKind.MENTION)
        work.commit()
    with database.work() as work:
        assert (2, 0) == work.interactions.of_member(group(), person("小林"))
        assert (0, 2) == work.interactions.of_member(group(), person("小吴"))
        assert (0, 0) == work.interactions.of_member(group("跑步"), person("小吴"))
