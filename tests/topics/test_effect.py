from datetime import timedelta

from builders import NOON, group, later

from storage.values import AnswerHow, Post
from storage.values_of_programmes import Answer, Effect, Ended
from topics.effect import measured

POST = Post(7, group(), "price", "涨价了吗？", NOON, later(hours=3), "p1")
ENDED = Ended(POST, "每日", "涨价")


def test_what_is_counted():
    """People once, however many accounts they have; the forgotten only by what they said."""
    answers = [
        Answer(1, 11, 11, AnswerHow.QUOTE, later(minutes=4), "涨了", clean=True),
        Answer(2, 12, 11, AnswerHow.WINDOW, later(minutes=5), "又涨了", clean=True),
        Answer(3, 13, 13, AnswerHow.REPLY, later(minutes=6), None, clean=True),
        Answer(4, None, None, AnswerHow.WINDOW, later(minutes=7), None, clean=True),
    ]

    assert Effect(
        post_id=7,
        topic_key="price",
        group=group(),
        posted_at=NOON,
        people=2,
        answers=4,
        replies=1,
        first_timers=1,
        first_after=timedelta(minutes=4),
        drift=0,
    ) == measured(ENDED, answers, {3, 4})


def test_silence():
    """Nobody answered: there is no first answer and no drift."""
    found = measured(ENDED, [], set())

    assert (0, 0, None, None) == (found.people, found.answers, found.first_after, found.drift)


def test_who_turned_to_whom():
    """A mention of somebody who answered before is an answer to them; of others it is not."""
    answers = [
        Answer(number, member, member, how, later(minutes=number), "", clean=True, mentions=to)
        for number, (member, how, to) in enumerate(
            [
                (1, AnswerHow.WINDOW, (2,)),
                (2, AnswerHow.WINDOW, (1,)),
                (3, AnswerHow.REPLY, (1, 2)),
                (3, AnswerHow.WINDOW, (9,)),
            ]
        )
    ]

    assert 2 == measured(ENDED, answers, set()).replies
