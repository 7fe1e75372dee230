"""Posts that are out, without the way through programme and outbox."""

from datetime import datetime, timedelta

from builders import NOON, group, said

from bot.actions import Priority, Say
from bot.events import Group, Message, SlotDue
from storage.values import AnswerHow, OutboxState
from storage.work import Work

WINDOW = timedelta(hours=3)
TEXT = "【话题】第一次涨价\n你第一次涨价，走了几个客户？"


def posted(  # noqa: PLR0917 tests name them
    work: Work,
    number: int = 1,
    at: datetime = NOON,
    place: Group | None = None,
    window: timedelta = WINDOW,
    key: str = "price",
    programme: str = "每日",
) -> int:
    """A topic that went out at this moment; the id of the post."""
    place = place or group()
    due = SlotDue(
        group=place, programme=programme, wall=f"{at:%FT%H:%M}-{number}", due_at=at, at=at
    )
    slot = work.slots.open(due)
    assert slot is not None
    action = Say(key=f"post:{slot}", why="话题", priority=Priority.TOPIC, to=place, text=TEXT)
    assert work.outbox.stage(action, at)
    post = work.posts.plan(slot, place, key, TEXT, action.key, window, at)
    row = work.outbox.of_key(place.account, action.key)
    assert row is not None
    work.outbox.settle(row.id, OutboxState.SENT, at, platform_message_id=f"post{number}")
    return post


def answer(
    work: Work, post: int, message: Message, how: AnswerHow = AnswerHow.WINDOW, *, keep: bool = True
) -> int:
    """A message that was recorded and answered a post; our own key of it."""
    work.memberships.seen(message.group or group(), message.author, message.at)
    message_id = work.messages.add(message, keep_text=keep)
    assert message_id is not None
    work.posts.answered(post, message_id, message.author, how, message.at)
    return message_id


def talk(work: Work, post: int, *spoken: tuple[str, str], since: datetime = NOON) -> list[int]:
    """Who said what to a post, a minute after another."""
    return [
        answer(work, post, said(text, by=by, at=since + timedelta(minutes=minute)))
        for minute, (by, text) in enumerate(spoken, start=1)
    ]
