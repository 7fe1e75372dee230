from dataclasses import replace

import pytest
from builders import ACCOUNT, BOT, NOON, group, later, person, said
from claiming import claim, waiting

from bot.actions import Action, Priority, Recall, Say
from bot.events import Group, Identity
from storage.database import Database
from storage.values import OutboxRow, OutboxState, Settlement
from storage.work import Work

PLACES = (group(), group("跑步"), person("小林"), group("棋社"))


def say(key: str = "k", text: str = "你好", **over: object) -> Say:
    """Say something in 读书会."""
    fields = {"why": "因为 because", "priority": Priority.ANSWER, "to": group()} | over
    return Say(key=key, text=text, **fields)  # type: ignore[arg-type]


def staged(work: Work, action: Action | None = None) -> int:
    """The id of a row that was just put on its way."""
    before = {row.id for row in work.outbox.list(limit=1000)}
    assert work.outbox.stage(action or say(), NOON)
    (row,) = {row.id for row in work.outbox.list(limit=1000)} - before
    return row


def one(work: Work, row_id: int) -> OutboxRow:
    """The row as it is now."""
    (row,) = [row for row in work.outbox.list() if row.id == row_id]
    return row


def test_a_cause_acts_once(database: Database):
    """The same key is refused, in one work and in the next, also with another text."""
    with database.work() as work:
        assert work.outbox.stage(say(), NOON)
        assert not work.outbox.stage(say(text="又来"), NOON)
        work.commit()
    with database.work() as work:
        assert not work.outbox.stage(say(), NOON)
        assert work.outbox.stage(say(to=Identity("另一个", "1")), NOON)
        assert [say()] == [row.action for row in waiting(work, ACCOUNT, NOON)]


def test_what_is_put_and_was_there_is_left_out(database: Database):
    """Put together, each key acts once: in one work, and in the next."""
    with database.work() as work:
        work.outbox.put([say("one"), say("two"), say("one", text="又来")], NOON)
        assert ["one", "two"] == [row.action.key for row in work.outbox.staged]
        work.commit()
    with database.work() as work:
        work.outbox.put([say("two", text="又来"), say("three")], NOON)
        assert not work.outbox.stage(say("three"), NOON)
        assert ["three"] == [row.action.key for row in work.outbox.staged]
        every = [(row.action.key, row.action.text) for row in waiting(work, ACCOUNT, NOON)]  # type: ignore[union-attr]
        assert [("one", "你好"), ("two", "你好"), ("three", "你好")] == every


def test_what_is_put_and_taken_back_may_be_put_again(database: Database):
    """A savepoint takes back what was put, also when it had been looked at inside."""
    with database.work() as work:
        with pytest.raises(ValueError, match="back"), work.savepoint():  # noqa: PT012 one event
            work.outbox.put([say("one")], NOON)
            assert ["one"] == [row.action.key for row in work.outbox.staged]
            raise ValueError("back")
        assert [] == work.outbox.staged
        work.outbox.put([say("one")], NOON)
        assert ["one"] == [row.action.key for row in work.outbox.staged]
        assert 1 == len(waiting(work, ACCOUNT, NOON))


def test_echoes_heard_early_are_proven_once(database: Database):
    """What will be heard in a work proves its action at the beginning, and no other later."""
    with database.work() as work:
        first, second = staged(work, say("one")), staged(work, say("two"))
        for row in (first, second):
            claim(work, row, "me", NOON)
            work.outbox.settle(row, OutboxState.SENT, NOON)
        echo = said("你好", author=BOT, ours=True)
        work.outbox.hear_early([echo])
        assert OutboxState.DONE is one(work, first).state
        work.outbox.heard(echo)
        assert OutboxState.SENT is one(work, second).state


def test_the_most_urgent_goes_first(work: Work):
    """By priority, then in the order it was decided; nothing before its time."""
    for key, priority, wait in (
        ("topic", Priority.TOPIC, 0),
        ("first", Priority.ANSWER, 0),
        ("second", Priority.ANSWER, 0),
        ("later", Priority.MODERATION, 5),
        ("moderation", Priority.MODERATION, 0),
    ):
        work.outbox.stage(say(key, priority=priority), NOON, not_before=later(minutes=wait))

    order = ["moderation", "first", "second", "topic"]
    assert order == [row.action.key for row in waiting(work, ACCOUNT, NOON)]
    assert ["moderation"] == [row.action.key for row in waiting(work, ACCOUNT, NOON, 1)]
    assert "later" == waiting(work, ACCOUNT, later(minutes=5))[0].action.key
    assert NOON == min(not_before for _, not_before in work.outbox.pending(ACCOUNT))
    assert [] == work.outbox.pending("另一个")


def test_a_row_is_claimed_once(work: Work):
    """The second claim fails; a claimed row no longer waits and is an orphan at the next start."""
    row = staged(work)

    assert claim(work, row, "me", NOON)
    assert not claim(work, row, "another", NOON)
    assert [] == waiting(work, ACCOUNT, NOON)
    assert [row] == [each.id for each in work.outbox.orphans(ACCOUNT)]
    assert [] == work.outbox.pending(ACCOUNT)


def test_a_row_is_settled(work: Work):
    """State, time, detail and platform id are kept."""
    row = staged(work)
    claim(work, row, "me", NOON)
    work.outbox.settle(row, OutboxState.SENT, later(minutes=1), "收下了", "p1")

    assert OutboxRow(
        id=row,
        account=ACCOUNT,
        action=say(),
        state=OutboxState.SENT,
        attempts=0,
        created_at=NOON,
        not_before=NOON,
        settled_at=later(minutes=1),
        detail="收下了",
        platform_message_id="p1",
    ) == one(work, row)


def test_a_row_is_tried_again(work: Work):
    """Pending again, later, one attempt more."""
    row = staged(work)
    claim(work, row, "me", NOON)
    work.outbox.settle(row, OutboxState.PENDING, NOON, "断线", not_before=later(minutes=1))

    assert [] == waiting(work, ACCOUNT, NOON)
    (again,) = waiting(work, ACCOUNT, later(minutes=1))
    assert (1, "断线", None) == (again.attempts, again.detail, again.settled_at)
    assert claim(work, row, "me", later(minutes=1))


def test_a_row_is_held(work: Work):
    """It waits on, with the reason; it was no attempt. A row in hand cannot be held."""
    row = staged(work)
    work.outbox.hold(row, "安静时段", later(hours=8))
    held = one(work, row)
    work.outbox.hold(row, "还是安静时段")

    assert ("安静时段", later(hours=8), 0) == (held.detail, held.not_before, held.attempts)
    assert ("还是安静时段", later(hours=8)) == (one(work, row).detail, one(work, row).not_before)
    assert work.outbox.resend(row, NOON)
    assert ("还是安静时段", NOON) == (one(work, row).detail, one(work, row).not_before)
    claim(work, row, "me", NOON)
    work.outbox.hold(row, "太晚了")
    assert (OutboxState.CLAIMED, "还是安静时段") == (one(work, row).state, one(work, row).detail)


def test_what_waits_too_long_expires(work: Work):
    """It is dropped with a reason; an earlier reason is kept; what has time left stays."""
    staged(work, say("old", expires_at=later(hours=1)))
    held = staged(work, say("held", expires_at=later(hours=1)))
    staged(work, say("young", expires_at=later(hours=3)))
    staged(work, say("never"))
    work.outbox.hold(held, "安静时段")

    expired = work.outbox.expire(ACCOUNT, later(hours=2))
    assert ["old", "held"] == [row.action.key for row in expired]
    assert {OutboxState.EXPIRED} == {row.state for row in expired}
    assert "waited past its time" in expired[0].detail
    assert "安静时段" == expired[1].detail
    assert [] == work.outbox.expire(ACCOUNT, later(hours=2))
    assert 2 == len(waiting(work, ACCOUNT, later(hours=2)))


@pytest.mark.parametrize("state", [OutboxState.CLAIMED, OutboxState.SENT, OutboxState.UNCONFIRMED])
def test_our_own_words_prove_it(work: Work, state: OutboxState):
    """An echo, with the mentions before the text, makes a row on its way done."""
    row = staged(work)
    claim(work, row, "me", NOON)
    if state is not OutboxState.CLAIMED:
        work.outbox.settle(row, state, NOON)
    echo = said("@小林\u2005你好 ", id="p1", ours=True, at=later(minutes=1))
    done = work.outbox.echo(echo)

    assert done is not None
    assert (row, OutboxState.DONE, "p1") == (done.id, done.state, done.platform_message_id)
    work.outbox.settle(row, OutboxState.SENT, later(minutes=2))
    assert OutboxState.DONE is one(work, row).state


def test_an_echo_by_its_id(work: Work):
    """A known platform id decides, though another row has the same text."""
    first, second = staged(work, say("1")), staged(work, say("2"))
    for row, platform_id in ((first, ""), (second, "p2")):
        claim(work, row, "me", NOON)
        work.outbox.settle(row, OutboxState.SENT, NOON, platform_message_id=platform_id)
    by_id = work.outbox.echo(said("你好", id="p2", ours=True))
    by_text = work.outbox.echo(said("你好", id="p1", ours=True))
    twice = work.outbox.echo(said("你好", id="p1", ours=True))

    assert [second, first, first] == [row and row.id for row in (by_id, by_text, twice)]


def test_the_oldest_of_equal_words_is_proven_first(work: Work):
    """Two rows with the same words: echoes are taken in order."""
    rows = [staged(work, say(key)) for key in ("1", "2")]
    for row in rows:
        claim(work, row, "me", NOON)
    echoes = [work.outbox.echo(said("你好", id=each, ours=True)) for each in ("p1", "p2", "p3")]

    assert [*rows, None] == [row and row.id for row in echoes]


def test_an_echo_proves_the_welcome_of_whom_it_mentions(work: Work):
    """Newcomers are greeted in the same words: each echo settles its own, not the oldest."""
    for name in ("小明", "小红"):
        row = staged(work, say(name, "欢迎！", mentions=(person(name),)))
        claim(work, row, "me", NOON)
    echo = said("@小红\u2005欢迎！", by="围炉", mentions=(person("小红"),), ours=True)

    proven = work.outbox.echo(echo)

    assert proven is not None
    assert "小红" == proven.action.key


def test_what_was_heard_is_proven_together(database: Database):
    """At the commit, or as soon as somebody looks; by id, by words, each row once."""
    with database.work() as work:
        rows = [staged(work, say(key, to=where)) for key, where in zip("1234", PLACES, strict=True)]
        work.outbox.claim_all(rows, "me", NOON)
        work.outbox.settle(rows[0], OutboxState.SENT, NOON, platform_message_id="p0")
        for number, where in enumerate(PLACES):
            place = where if isinstance(where, Group) else None
            work.outbox.heard(said("你好", id=f"p{number}", group=place, ours=True))
            work.outbox.heard(said("你好", id=f"p{number}", group=place, ours=True))
        work.outbox.heard(said("再见", id="other", group=group("没见过"), ours=True))
        work.commit()
    with database.work() as work:
        proven = {row.id: row.platform_message_id for row in work.outbox.list()}
        assert {row: f"p{number}" for number, row in enumerate(rows)} == proven
        assert {OutboxState.DONE} == {row.state for row in work.outbox.list()}


def test_what_was_heard_in_a_spoiled_event_proves_nothing(work: Work):
    """The savepoint takes it back; what was heard before stays heard."""
    row, other = staged(work, say("1")), staged(work, say("2", "再见"))
    work.outbox.claim_all([row, other], "me", NOON)
    work.outbox.heard(said("你好", id="p1", ours=True))

    def spoiled() -> None:
        with work.savepoint():
            work.outbox.heard(said("再见", id="p2", ours=True))
            assert OutboxState.DONE is one(work, other).state
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoiled()
    assert OutboxState.DONE is one(work, row).state
    assert OutboxState.CLAIMED is one(work, other).state


def test_many_are_claimed_and_settled_together(database: Database):
    """Each as if alone: what no longer waits is not claimed, what is done stays done."""
    with database.work() as work:
        rows = [staged(work, say(str(number))) for number in range(4)]
        assert work.outbox.cancel(rows[0], NOON, "不发了")
        assert set(rows[1:]) == work.outbox.claim_all(rows, "me", NOON)
        work.outbox.settle(rows[1], OutboxState.DONE, NOON)
        work.outbox.settle_all(
            {
                rows[1]: Settlement(OutboxState.UNCONFIRMED, message_id="p1"),
                rows[2]: Settlement(OutboxState.PENDING, "断线", not_before=later(minutes=1)),
                rows[3]: Settlement(OutboxState.SENT),
            },
            later(minutes=5),
        )
        states = {row.id: (row.state, row.attempts) for row in work.outbox.list()}
        assert {
            rows[0]: (OutboxState.CANCELLED, 0),
            rows[1]: (OutboxState.DONE, 0),
            rows[2]: (OutboxState.PENDING, 1),
            rows[3]: (OutboxState.SENT, 0),
        } == states
        assert "p1" == one(work, rows[1]).platform_message_id
        assert [rows[2]] == [row.id for row in work.outbox.rows(ACCOUNT, rows)]
        assert [rows[3], rows[1]] == [row.id for row in work.outbox.performed(ACCOUNT, 10)]


def test_who_is_handed_a_row_gets_what_will_be_read(work: Work):
    """What cannot be stored is replaced there too."""
    assert work.outbox.stage(say(text="坏\ud800字"), NOON)
    (row,) = work.outbox.staged
    assert [row] == work.outbox.rows(ACCOUNT, [row.id])
    assert "坏\ufffd字" == getattr(row.action, "text", "")


def test_it_says_when_the_next_one_expires(work: Work):
    """Of those that wait, due or not."""
    assert work.outbox.next_expiry(ACCOUNT) is None
    staged(work, say("1", expires_at=later(hours=2)))
    row = staged(work, say("2", expires_at=later(hours=1)))
    assert later(hours=1) == work.outbox.next_expiry(ACCOUNT)
    claim(work, row, "me", NOON)
    assert later(hours=2) == work.outbox.next_expiry(ACCOUNT)


def test_what_is_no_echo(work: Work):
    """Other words, another place, a row that waits, or an action that is no speech."""
    claimed = staged(work, say("private", to=person("小林")))
    claim(work, claimed, "me", NOON)
    staged(work, say("waiting"))
    recall = Recall(key="r", why="", priority=Priority.ANSWER, group=group(), message_id="x")
    claim(work, staged(work, recall), "me", NOON)

    assert work.outbox.echo(said("你好", id="p1", ours=True)) is None
    assert work.outbox.echo(said("再见", id="p2", group=None, ours=True)) is None
    assert work.outbox.echo(said("你好", id="p3", group=group("跑步"), ours=True)) is None
    private = work.outbox.echo(said("你好", id="p4", group=None, ours=True))
    assert private is not None
    assert claimed == private.id


def test_a_missing_id_is_filled_in(work: Work):
    """An echo came first without an id that the platform gave later."""
    row = staged(work)
    claim(work, row, "me", NOON)
    work.outbox.settle(row, OutboxState.DONE, NOON)
    work.outbox.settle(row, OutboxState.SENT, later(minutes=1), platform_message_id="p1")

    now = one(work, row)
    assert (OutboxState.DONE, NOON, "p1") == (now.state, now.settled_at, now.platform_message_id)


def test_the_same_text_in_many_groups(work: Work):
    """Groups are counted that were told it since, each once; what waits or failed is not."""
    told = [("读书会", "a"), ("读书会", "b"), ("跑步", "c"), ("棋社", "old"), ("茶友", "failed")]
    for name, key in told:
        row = staged(work, say(key, to=group(name)))
        at = NOON if key == "old" else later(minutes=10)
        claim(work, row, "me", at)
        state = OutboxState.REFUSED if key == "failed" else OutboxState.SENT
        work.outbox.settle(row, state, at)
    claim(work, staged(work, say("now", to=group("花友"))), "me", later(minutes=11))
    staged(work, say("waiting", to=group("影迷")))

    assert 3 == len(work.outbox.told(ACCOUNT, ["你好"], later(minutes=5))["你好"])
    told = work.outbox.told(ACCOUNT, ["你好", "再见"], NOON)
    assert 4 == len(told["你好"])
    assert 0 == len(told["再见"])
    assert later(minutes=11) == told["你好"][group("花友")]


def test_an_operator_cancels_and_resends(work: Work):
    """A row that waits can be cancelled; a cancelled one sent after all, however late."""
    row = staged(work, say(expires_at=later(hours=1)))

    assert work.outbox.cancel(row, NOON, "不发了")
    assert not work.outbox.cancel(row, NOON, "再来一次")
    assert (OutboxState.CANCELLED, "不发了") == (one(work, row).state, one(work, row).detail)
    assert work.outbox.resend(row, later(hours=2))
    assert [] == work.outbox.expire(ACCOUNT, later(hours=3))
    (again,) = waiting(work, ACCOUNT, later(hours=2))
    assert replace(say(), expires_at=None) == again.action
    claim(work, row, "me", later(hours=2))
    assert not work.outbox.resend(row, NOON)
    assert not work.outbox.resend(-1, NOON)
    assert not work.outbox.cancel(-1, NOON, "")


def test_rows_are_listed_newest_first(work: Work):
    """Of one account and of some states, or of all."""
    rows = [staged(work, say(str(number))) for number in range(3)]
    other = staged(work, say(to=Identity("另一个", "1")))
    work.outbox.cancel(rows[0], NOON, "不发了")

    assert [other, *reversed(rows)] == [row.id for row in work.outbox.list()]
    assert [rows[2], rows[1]] == [row.id for row in work.outbox.list(ACCOUNT, limit=2)]
    cancelled = work.outbox.list(ACCOUNT, [OutboxState.CANCELLED])
    assert [rows[0]] == [row.id for row in cancelled]


def test_an_action_is_postponed(work: Work):
    """It is claimed no earlier and lives longer; what is in hand is not postponed."""
    row = staged(work, say(expires_at=later(minutes=30)))
    assert work.outbox.postpone(row, later(hours=1), later(hours=2))

    assert not claim(work, row, "me", later(minutes=59))
    assert [] == work.outbox.expire(ACCOUNT, later(hours=1))
    (waits,) = waiting(work, ACCOUNT, later(hours=1))
    assert later(hours=2) == waits.action.expires_at
    assert claim(work, row, "me", later(hours=1))
    assert not work.outbox.postpone(row, later(hours=3), None)
    assert not work.outbox.postpone(-1, later(hours=3), None)


@pytest.mark.parametrize(
    ("state", "is_said"),
    [
        (OutboxState.SENT, True),
        (OutboxState.DONE, True),
        (OutboxState.DRY, False),
        (OutboxState.REFUSED, False),
        (OutboxState.UNCONFIRMED, False),
    ],
)
def test_whether_something_was_said(
    database: Database,
    state: OutboxState,
    is_said: bool,  # noqa: FBT001 parametrized
):
    """Only once the platform took it, and then at once, however often it was asked before."""
    with database.work() as work:
        row = staged(work)
        work.commit()
    with database.work() as work:
        before = work.outbox.said(ACCOUNT, "k")
        claim(work, row, "a", NOON)
        work.outbox.settle(row, state, later(minutes=1))
        now = work.outbox.said(ACCOUNT, "k")

        assert before is None
        assert (later(minutes=1) if is_said else None) == (now and now.settled_at)
        assert work.outbox.said(ACCOUNT, "another") is None


def test_what_was_staged_in_this_work_was_not_said(work: Work):
    """It lies in the buffers still, and need not be written to know that."""
    work.outbox.put([say()], NOON)

    assert work.outbox.said(ACCOUNT, "k") is None


def test_a_settlement_that_was_taken_back_was_none(database: Database):
    """What was said in a savepoint that failed was not said."""
    with database.work() as work:
        row = staged(work)
        work.commit()
    with database.work() as work:
        claim(work, row, "a", NOON)
        with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
            work.outbox.settle(row, OutboxState.SENT, NOON)
            assert work.outbox.said(ACCOUNT, "k") is not None
            raise ZeroDivisionError

        assert work.outbox.said(ACCOUNT, "k") is None
