"""Counts what members say as answers to a post."""

from collections.abc import Sequence

from bot.events import Event, Message
from handlers.scene import Reply, Scene
from storage.values import AnswerHow, Post

_TELLING = 6
"""A quoted text shorter than this, cut off by the platform, could be of many messages."""


def attribute(event: Event, scene: Scene) -> Reply:
    """A quote of a post with an open window answers that post, other messages the newest one."""
    if not isinstance(event, Message) or event.group is None or scene.group is None:
        return Reply.NOTHING
    if event.ours:
        return Reply.NOTHING
    posts = scene.work.posts.active(event.group, event.at)
    message_id = scene.work.messages.id_of(event.group, event.id) if posts else None
    if message_id is None:
        return Reply.NOTHING
    quoted = _quoted(event, posts)
    post, how = (quoted, AnswerHow.QUOTE) if quoted else (posts[0], AnswerHow.WINDOW)
    scene.work.posts.answered(post.id, message_id, event.author, how, event.at)
    return Reply.NOTHING


def _quoted(message: Message, posts: Sequence[Post]) -> Post | None:
    """The post that a message quotes: by its id, else by how its words begin."""
    quote = message.quote
    if quote is None:
        return None
    if quote.message_id:
        return next((post for post in posts if post.platform_message_id == quote.message_id), None)
    begin = _bare(quote.text)
    return next((post for post in posts if _begins(_bare(post.text), begin)), None)


def _bare(text: str) -> str:
    """The words without white space and the dots of a text cut short: platforms change both."""
    return "".join(text.split()).rstrip("….")


def _begins(whole: str, begin: str) -> bool:
    return whole == begin or (len(begin) >= _TELLING and whole.startswith(begin))
