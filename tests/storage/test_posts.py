from datetime import timedelta

import pytest
from builders import ACCOUNT, NOON, group, later, person, said
from claiming import claim, waiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import Priority, Say
from bot.events import SlotDue
from storage.database import Database
from storage.values import AnswerHow, OutboxState, Post, Settlement, SlotState
from storage.work import Work

WINDOW = timedelta(hours=3)


def planned(work: Work, key: str = "post:1") -> tuple[int, int, int]:
    """A topic on its way: the ids of its slot, its post and its row in the outbox."""
    slot = work.slots.open(SlotDue(group=group(), programme="午间", wall=key, due_at=NOON, at=NOON))
    assert slot is not None
    action = Say(key=key, why="午间话题", priority=Priority.TOPIC, to=group(), text="第一杯茶？")
    work.outbox.stage(action, NOON)
    post = work.posts.plan(slot, group(), "tea", "第一杯茶？", key, WINDOW, NOON)
    row = max(row.id for row in waiting(work, ACCOUNT, NOON))
    return slot, post, row


def test_a_planned_post_is_not_active(work: Work):
    """Before the platform took it nobody can answer it; its slot names the topic."""
    slot, _, _ = planned(work)

    assert [] == work.posts.active(group(), NOON)
    assert [(slot, SlotState.PLANNED, "tea")] == [
        (each.id, each.state, each.topic_key) for each in work.slots.list()
    ]


def test_a_post_opens_its_window_when_it_is_out(database: Database):
    """From the moment it was said, however late that was, for as long as the window is."""
    with database.work() as work:
        _, post, row = planned(work)
        assert [] == work.posts.active(group(), NOON)
        claim(work, row, "me", NOON)
        work.outbox.settle(row, OutboxState.SENT, later(minutes=2), platform_message_id="p1")
        work.commit()
    with database.work() as work:
        expected = Post(
            post, group(), "tea", "第一杯茶？", later(minutes=2), later(minutes=182), "p1"
        )
        assert [expected] == work.posts.active(group(), later(minutes=2))
        assert [expected] == work.posts.active(group(), later(minutes=182))
        assert [] == work.posts.active(group(), later(minutes=183))
        assert [] == work.posts.active(group(), later(minutes=1))
        assert [] == work.posts.active(group("跑步"), later(minutes=2))


@pytest.mark.parametrize(
    ("state", "slot_state", "active"),
    [
        (OutboxState.SENT, SlotState.POSTED, 1),
        (OutboxState.DONE, SlotState.CONFIRMED, 1),
        (OutboxState.DRY, SlotState.POSTED, 0),
        (OutboxState.UNCONFIRMED, SlotState.UNCONFIRMED, 0),
        (OutboxState.REFUSED, SlotState.SKIPPED, 0),
        (OutboxState.EXPIRED, SlotState.SKIPPED, 0),
        (OutboxState.CANCELLED, SlotState.SKIPPED, 0),
        (OutboxState.PENDING, SlotState.PLANNED, 0),
    ],
)
def test_a_slot_follows_the_outbox(
    work: Work, state: OutboxState, slot_state: SlotState, active: int
):
    """What becomes of the action becomes of the slot, with the reason."""
    _, _, row = planned(work)
    work.outbox.settle(row, state, NOON, "因为 because")
    (slot,) = work.slots.list()

    assert (slot_state, "因为 because") == (slot.state, slot.reason)
    assert active == len(work.posts.active(group(), NOON))


def test_an_echo_makes_a_post(work: Work):
    """A post whose fate was not known is posted once its words are heard."""
    _, _, row = planned(work)
    claim(work, row, "me", NOON)
    work.outbox.settle(row, OutboxState.UNCONFIRMED, NOON)
    work.outbox.echo(said("第一杯茶？", id="p1", ours=True, at=later(minutes=1)))

    assert ["p1"] == [
        post.platform_message_id for post in work.posts.active(group(), later(minutes=1))
    ]


def test_a_window_opens_once(work: Work):
    """An echo, heard in the same work after it was sent, does not open it again."""
    _, _, row = planned(work)
    work.outbox.settle(row, OutboxState.SENT, NOON)
    work.outbox.echo(said("第一杯茶？", id="p1", ours=True, at=later(minutes=1)))

    assert [(NOON, "p1")] == [
        (post.posted_at, post.platform_message_id)
        for post in work.posts.active(group(), later(minutes=1))
    ]


def test_the_newest_post_is_first(work: Work):
    """Two open windows: the later post comes first."""
    for minute, key in enumerate(("post:1", "post:2")):
        _, _, row = planned(work, key)
        work.outbox.settle(row, OutboxState.DONE, later(minutes=minute))

    assert [later(minutes=1), NOON] == [
        post.posted_at for post in work.posts.active(group(), later(minutes=5))
    ]


def test_a_post_undone_is_not_active(work: Work):
    """A savepoint that is taken back takes its change of the posts along."""
    _, _, row = planned(work)
    with pytest.raises(ZeroDivisionError), work.savepoint():  # noqa: PT012 leaving it counts
        work.outbox.settle(row, OutboxState.DONE, NOON)
        assert 1 == len(work.posts.active(group(), NOON))
        raise ZeroDivisionError

    assert [] == work.posts.active(group(), NOON)


def test_a_message_answers_once(database: Database):
    """A second attribution of the same message changes nothing."""
    with database.work() as work:
        _, post, _ = planned(work)
        message = work.messages.add(said("龙井"), keep_text=True)
        assert message is not None
        work.posts.answered(post, message, person("小林"), AnswerHow.QUOTE, NOON)
        work.posts.answered(post, message, person("小林"), AnswerHow.WINDOW, NOON)
        work.commit()
    with database.work() as work:
        work.posts.answered(post, message, person("小林"), AnswerHow.WINDOW, NOON)
        work.commit()
    with database.reading() as reports:
        (effect,) = reports.summary(group(), NOON, later(days=1)).posts
        assert (1, 1) == (effect.answers, effect.people)


def test_a_post_that_was_just_heard_is_active(work: Work):
    """What is heard and answered in one batch, after we were away, finds its post."""
    _, post, row = planned(work)
    claim(work, row, "me", NOON)
    assert [] == work.posts.active(group(), NOON)
    work.outbox.heard(said("第一杯茶？", id="p1", ours=True, at=later(minutes=1)))

    assert [post] == [each.id for each in work.posts.active(group(), later(minutes=2))]


@given(
    became=st.lists(
        st.tuples(
            st.sampled_from([*OutboxState]),
            st.sampled_from(("", "因为")),
            st.sampled_from(("", "p")),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_settled_together_is_as_if_it_were_one_by_one(
    sqlite_database: Database, became: list[tuple[OutboxState, str, str]]
):
    """Whatever becomes of several posts at once: their slots, windows and messages."""
    told = []
    for together in (True, False):
        with sqlite_database.work() as work:
            rows = [planned(work, f"post:{number}")[2] for number in range(len(became))]
            settled = {
                row: Settlement(state, detail, f"{message}{number}" if message else "")
                for number, (row, (state, detail, message)) in enumerate(
                    zip(rows, became, strict=True)
                )
            }
            for some in [settled] if together else [{row: settled[row]} for row in rows]:
                work.outbox.settle_all(some, NOON)
            slots = {(each.wall, each.state, each.reason) for each in work.slots.list()}
            active = {
                (each.platform_message_id, each.until) for each in work.posts.active(group(), NOON)
            }
            told.append((slots, active))
    assert told[0] == told[1]
