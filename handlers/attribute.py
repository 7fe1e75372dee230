"""Counts what members say as answers to a post."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.events import Event, Group, Message
from handlers.scene import Reply, Scene
from storage.values import AnswerHow, Post

COOLS = timedelta(hours=1)
"""A topic is warm until nobody has said anything to it for so long, or another is posted."""

_TELLING = 6
"""A quoted text shorter than this, cut off by the platform, could be of many messages."""

Answered = tuple[Post, AnswerHow]


def attribute(event: Event, scene: Scene) -> Reply:
    """A message answers at most one post, and only while its window is open.

    The post it quotes; else the one that what it quotes has answered; else the newest, if it
    mentions us or is said while the topic is warm.
    """
    if not isinstance(event, Message) or event.group is None or scene.group is None:
        return Reply.NOTHING
    if event.ours:
        return Reply.NOTHING
    posts = scene.work.open_posts.active(event.group, event.at)
    if posts:
        _attribute(event, event.group, posts, scene)
    return Reply.NOTHING


def _attribute(message: Message, group: Group, posts: Sequence[Post], scene: Scene) -> None:
    message_id = scene.work.messages.id_of(group, message.id)
    found = _answered(message, group, posts, scene)
    if message_id is not None and found is not None:
        post, how = found
        scene.work.posts.answered(post.id, message_id, message.author, how, message.at)


def _answered(
    message: Message, group: Group, posts: Sequence[Post], scene: Scene
) -> Answered | None:
    """Which of the posts (newest first) it answers, and why."""
    quoted = _quoted(message, posts)
    if quoted is not None:
        return quoted, AnswerHow.QUOTE
    if message.quote is not None:
        heard = scene.work.messages.quoted(group, message.quote, message.at)
        answered = heard and scene.work.posts.answer_to(heard.message_id)
        if heard is not None and answered is not None:
            # Who quotes themselves goes on about the same, but answers nobody.
            how = AnswerHow.WINDOW if heard.author == message.author else AnswerHow.REPLY
            return next(((post, how) for post in posts if post.id == answered), None)
    newest = posts[0]
    if scene.me in message.mentions:
        return newest, AnswerHow.MENTION
    return (newest, AnswerHow.WINDOW) if _is_warm(newest, message.at, scene) else None


def _is_warm(post: Post, at: datetime, scene: Scene) -> bool:
    """While it is fresh there is no need to ask who spoke last."""
    return at - post.posted_at <= COOLS or at - scene.work.posts.spoken(post) <= COOLS


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
