"""What a topic is worth: how posts went beside what is usual in their group.

A topic has its mean result in all groups, and a bonus for being little known that melts with every
post (an upper confidence bound): so a new one gets its chance. What one group makes of it is for
topics/taste.py.
"""

from math import sqrt

from storage.values import Topic
from storage.values_of_topics import Bank, Worth
from topics.reasons import FELL_FLAT, UNTRIED, WENT, Reason, number

_DOUBT = 2
"""So many posts that went as usual are added to what was seen: few results say little."""
_CURIOSITY = 0.3
_FLAT = -0.3
_TWICE = 2


def result(people: float, usual: float) -> float:
    """How a post went beside what is usual in its group, from -1 to 1; 0 is as usual.

    -1 is nobody where many answer, 1 is about twice as many as usual or more.
    """
    return max(-1.0, min(1.0, (people - usual) / (usual + 1)))


def believed(mean: float, posts: int) -> float:
    """The mean of so many results, drawn towards what is usual while they are few."""
    return mean * posts / (posts + _DOUBT)


def points(worth: Worth | None) -> float:
    """Of a topic for how it went in all groups; None: it was not measured yet."""
    if worth is None:
        return _CURIOSITY
    return believed(worth.result, worth.posts) + _CURIOSITY / sqrt(worth.posts + 1)


def reason(bank: Bank, topic: Topic) -> Reason | None:
    """What is said of it; None while nothing is known of how topics go."""
    if not bank.worths:
        return None
    worth = bank.worths.get(topic.key)
    if worth is None:
        return Reason(points(None), UNTRIED)
    flat = worth.posts >= _TWICE and worth.result < _FLAT
    values = {"people": number(worth.people), "posts": worth.posts}
    return Reason(points(worth), FELL_FLAT if flat else WENT, values)
