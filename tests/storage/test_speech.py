import pytest
from builders import ACCOUNT, BOT, NOON, group, later, person, said

from bot.events import Kind, Message
from storage.database import Database
from storage.work import Work


def record(database: Database, *messages: Message, keep_text: bool = True) -> None:
    """Record these in a work of their own."""
    with database.work() as work:
        for message in messages:
            work.messages.add(message, keep_text=keep_text)
        work.commit()


@pytest.mark.parametrize(("texts", "kept"), [(False, (None, None)), (True, ("先", "后"))])
def test_what_others_said_since(database: Database, *, texts: bool, kept: tuple[str | None, ...]):
    """Who spoke when, oldest first, without ourselves; what it was only if that is asked for."""
    record(
        database,
        said("后", id="b", at=later(minutes=2)),
        said("先", "小吴", id="a", at=later(minutes=1)),
        said("更早", id="z"),
        said("自己", author=BOT, ours=True, at=later(minutes=3)),
    )
    with database.work() as work:
        since = list(work.speech.since(ACCOUNT, later(minutes=1), texts=texts))

    assert [
        (group(), person("小吴"), later(minutes=1), "a", kept[0]),
        (group(), person("小林"), later(minutes=2), "b", kept[1]),
    ] == since


def test_what_is_no_text(database: Database):
    """What was not kept, and what the gateway wrote of a sticker, is nobody's words."""
    record(database, said("<xml>", kind=Kind.EMOTICON))
    record(database, said("秘密", at=later(minutes=1)), keep_text=False)
    with database.work() as work:
        assert [None, None] == [row[-1] for row in work.speech.since(ACCOUNT, NOON, texts=True)]


def test_ids_of_a_member(work: Work):
    """Theirs, in that group, from that moment on, buffered ones included; no more than asked."""
    for number in range(5):
        work.messages.add(said("在", id=f"m{number}", at=later(minutes=number)), keep_text=True)
    work.messages.add(said("在", "小吴", id="other"), keep_text=True)
    work.messages.add(said("在", id="elsewhere", group=group("跑步")), keep_text=True)

    def ids(name: str, most: int) -> set[str]:
        return work.speech.ids_since(group(), person(name), later(minutes=2), most)

    assert {"m2", "m3", "m4"} == ids("小林", 9)
    assert 2 == len(ids("小林", 2))
    assert set() == ids("没人", 9)


def test_the_last_of_somebody(work: Work):
    """The newest message of that person in that group, within the moments given."""
    for text, by, where, minute in [
        ("一", "小林", "读书会", 0),
        ("二", "小林", "读书会", 1),
        ("三", "阿秀", "读书会", 2),
        ("四", "小林", "健身群", 3),
        ("五", "小林", "读书会", 9),
    ]:
        work.messages.add(
            said(text, by, group=group(where), at=later(minutes=minute), id=text), keep_text=True
        )
    found = work.speech.last_of(group(), person("小林"), NOON, later(minutes=5))

    assert found is not None
    assert ("二", "二", person("小林")) == (found.platform_id, found.text, found.author)
    assert work.speech.last_of(group(), person("小周"), NOON, later(minutes=5)) is None


def test_one_message(work: Work):
    """A message is found by its id, in its group only."""
    work.messages.add(said("快来", id="x"), keep_text=False)
    found = work.speech.one(group(), "x", person("小林"))

    assert found is not None
    assert (None, 2) == (found.text, found.length)
    assert work.speech.one(group(), "y", person("小林")) is None
    assert work.speech.one(group("健身群"), "x", person("小林")) is None
