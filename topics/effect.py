"""What a post brought about: counted once its window is over."""

from collections.abc import Collection, Sequence

from storage.values import AnswerHow
from storage.values_of_programmes import Answer, Effect, Ended
from topics.drift import about, drift


def measured(ended: Ended, answers: Sequence[Answer], first_ever: Collection[int]) -> Effect:
    """The effect of a post with these answers, oldest first.

    `first_ever` are the ids of messages with which somebody answered for the first time in this
    group. Whoever was forgotten is no person any more, what they said was said.
    """
    post = ended.post
    newcomers = {each.person for each in answers if each.message_id in first_ever}
    return Effect(
        post_id=post.id,
        topic_key=post.topic_key,
        group=post.group,
        posted_at=post.posted_at,
        people=len({each.person for each in answers} - {None}),
        answers=len(answers),
        replies=_replies(answers),
        first_timers=len(newcomers - {None}),
        first_after=answers[0].at - post.posted_at if answers else None,
        drift=drift(about(post.text, answers)),
    )


def _replies(answers: Sequence[Answer]) -> int:
    """How many turned to somebody who had answered before them."""
    answered: set[int | None] = set()
    replies = 0
    for each in answers:
        replies += each.how is AnswerHow.REPLY or not answered.isdisjoint(each.mentions)
        answered.add(each.member)
    return replies
