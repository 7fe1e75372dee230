import pytest
from builders import ACCOUNT, BOT, NOON, group, later, person, said

from bot.events import Group, Identity, Kind, Message, MessageRecalled, Quote
from storage.database import Database
from storage.work import Work


def record(database: Database, *messages: Message, keep_text: bool = True) -> None:
    """Record these in a work of their own."""
    with database.work() as work:
        for message in messages:
            work.messages.add(message, keep_text=keep_text)
        work.commit()


@pytest.mark.parametrize("prepared", [True, False])
def test_a_message_is_heard_once(database: Database, prepared: bool):  # noqa: FBT001
    """The same platform id in the same group is None, in one work and in the next."""
    message = said("早")
    for first in (True, False):
        with database.work() as work:
            if prepared:
                work.prepare([message, message])
            key = work.messages.add(message, keep_text=True)
            assert first == (key is not None)
            assert work.messages.add(message, keep_text=True) is None
            if first:
                assert key == work.messages.id_of(group(), message.id)
            work.commit()
    with database.work() as work:
        assert work.messages.add(said("早", id=message.id, group=group("跑步")), keep_text=True)
        assert work.messages.id_of(group(), "another") is None
        assert [1, 1] == [known.messages for known in work.groups.all()]


def test_private_words_are_never_recorded(work: Work):
    """A message without a group is refused loudly."""
    with pytest.raises(ValueError, match="never recorded"):
        work.messages.add(said("嘘", group=None), keep_text=True)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        (Quote("小林", "今天读第三章"), "a"),
        (Quote("小林", "今天读第…"), "a"),
        (Quote("小林", "今天读第..."), "a"),
        (Quote("小林", "第二行\n第三行"), "b"),
        (Quote("小林", "第二行 第三行"), "b"),
        (Quote("小林", "没说过"), None),
        (Quote("小吴", "今天读第三章"), None),
        (Quote("谁也不是", "不管写什么", message_id="b"), "b"),
        (Quote("", "", message_id="nothing"), None),
    ],
)
@pytest.mark.parametrize("same_work", [True, False])
def test_a_quoted_message_is_found(
    database: Database,
    quote: Quote,
    found: str | None,
    same_work: bool,  # noqa: FBT001
):
    """By its id, or by name and text as WeChat shows them: cut off, lines joined."""
    there = [
        said("今天读第三章", id="old"),
        said("今天读第三章", id="a", at=later(minutes=1)),
        said("第二行\n第三行", id="b", at=later(minutes=2)),
        said("今天读第三章", id="future", at=later(hours=2)),
        said("今天读第三章", id="elsewhere", group=group("跑步"), at=later(minutes=3)),
    ]
    if not same_work:
        record(database, *there)
    with database.work() as work:
        for message in there:
            work.messages.add(message, keep_text=True)
        heard = work.messages.quoted(group(), quote, later(hours=1))

    assert found == (heard and heard.platform_id)
    assert heard is None or person("小林") == heard.author


def test_a_quote_does_not_find_itself(work: Work):
    """Somebody quotes their own “好” with another “好”."""
    answer = said("好", id="second", quote=Quote("小林", "好"), at=later(minutes=1))
    work.messages.add(said("好", id="first"), keep_text=True)
    work.messages.add(answer, keep_text=True)
    assert answer.quote is not None
    heard = work.messages.quoted(group(), answer.quote, answer.at)

    assert heard is not None
    assert "first" == heard.platform_id


def test_a_quote_is_found_where_texts_are_not_kept(database: Database):
    """Its length then stands in for the text."""
    record(database, said("一二三", id="a"), said("一二三四", id="b"), keep_text=False)
    with database.work() as work:
        heard = work.messages.quoted(group(), Quote("小林", "甲乙丙"), later(hours=1))

    assert heard is not None
    assert ("a", False) == (heard.platform_id, heard.ours)


def test_quotes_go_by_the_name_in_the_group(database: Database):
    """A member is quoted by what the group calls them, though others call them otherwise."""
    here = Identity(ACCOUNT, "1", "林老师")
    with database.work() as work:
        work.messages.add(said("早", author=here), keep_text=True)
        work.memberships.seen(group(), here, NOON)
        work.memberships.seen(group("跑步"), Identity(ACCOUNT, "1", "飞毛腿"), NOON)
        work.commit()
    with database.work() as work:
        heard = work.messages.quoted(group(), Quote("林老师", "早"), later(hours=1))
        assert work.messages.quoted(Group(ACCOUNT, "nowhere"), Quote("林", "早"), NOON) is None

    assert heard is not None
    assert here == heard.author


def test_a_quote_of_ours(database: Database):
    """A reply to the bot finds the bot's own message and says so."""
    record(database, said("大家好", author=BOT, ours=True))
    with database.work() as work:
        heard = work.messages.quoted(group(), Quote(BOT.name, "大家好"), later(hours=1))

    assert heard is not None
    assert heard.ours


def test_a_recalled_message_loses_its_text(work: Work):
    """What was taken back cannot be quoted by its words any more, that there was one stays."""
    work.messages.add(said("说错了", id="a"), keep_text=True)
    work.messages.recall(MessageRecalled(id="a", group=group(), at=NOON))
    (row,) = export(work, "小林")["messages"]

    assert (None, 3) == (row["text"], row["length"])
    assert work.messages.add(said("说错了", id="a"), keep_text=True) is None


def test_texts_are_erased_by_age(database: Database):
    """Only the texts of that group from before the moment go; a second time finds none."""
    record(
        database,
        said("旧", at=NOON),
        said("新", at=later(days=2)),
        said("别处", group=group("跑步")),
    )
    with database.work() as work:
        assert 1 == work.messages.erase_texts({group(): later(days=1)})
        assert 0 == work.messages.erase_texts({group(): later(days=1)})
        assert 0 == work.messages.erase_texts({Group(ACCOUNT, "nowhere"): later(days=1)})
        assert {None, "新", "别处"} == {row["text"] for row in export(work, "小林")["messages"]}


def test_without_texts_nothing_but_the_length(work: Work):
    """With keep_text off the text is not written, not even for a moment."""
    work.messages.add(said("秘密", kind=Kind.TEXT), keep_text=False)
    (row,) = export(work, "小林")["messages"]

    assert (None, 2, 7) == (row["text"], row["length"], row["kind"])


@pytest.mark.parametrize(("text", "kept"), [("", "刷单日结"), ("看看", "看看")])
def test_the_title_of_a_card_is_its_text(database: Database, text: str, kept: str):
    """Where it has none of its own: replay judges it, and it is erased as texts are."""
    with database.work() as work:
        work.messages.add(said(text, kind=Kind.URL, title="刷单日结"), keep_text=True)
        work.messages.add(said("", kind=Kind.URL, title="秘密"), keep_text=False)
        work.commit()
    with database.reading() as reports:
        found = [(each.text, each.length) for each in reports.replay(group(), NOON)]

    assert [(kept, len(text)), (None, 0)] == found


def test_how_much_a_member_said(work: Work):
    """The count and the first time, in one group."""
    work.messages.add(said("二", at=later(hours=1)), keep_text=True)
    work.messages.add(said("一", at=NOON), keep_text=True)
    work.messages.add(said("别处", group=group("跑步")), keep_text=True)

    assert (2, NOON) == work.messages.of_member(group(), person("小林"))
    assert (0, None) == work.messages.of_member(group(), person("小吴"))


def export(work: Work, name: str) -> dict[str, list[dict[str, object]]]:
    """Everything that is held about somebody."""
    (card,) = work.members.find(name)
    return work.members.export(card.member_id)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("quote", "known"),
    [
        (Quote("小林", "今天读第三章"), True),
        (Quote("小林", "今天读…"), True),
        (Quote("备注名", "今天读第三章"), True),
        (Quote("小林", "今天读第三章，加我"), False),
        (Quote("小林", "没说过"), False),
        (Quote("小林", "…"), False),
        (Quote("小林", "别处说的"), False),
        (Quote("小林", "后来才说"), False),
        (Quote("谁", "不管写什么", message_id="a"), True),
    ],
)
@pytest.mark.parametrize("same_work", [True, False])
def test_whether_what_is_quoted_was_said(
    database: Database,
    quote: Quote,
    known: bool,  # noqa: FBT001
    same_work: bool,  # noqa: FBT001
):
    """By anybody of the group, before, and to the last letter."""
    there = [
        said("今天读第三章", id="a"),
        said("别处说的", id="b", group=group("跑步")),
        said("后来才说", id="c", at=later(hours=2)),
    ]
    if not same_work:
        record(database, *there)
    with database.work() as work:
        for message in there if same_work else ():
            work.messages.add(message, keep_text=True)
        assert known == work.messages.was_said(group(), quote, later(hours=1))
        assert not work.messages.was_said(group("没有"), quote, later(hours=1))
