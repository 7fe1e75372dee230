"""A hall whose daily programme mentions members, and people who know each other."""

from datetime import timedelta
from typing import Any

from builders import NOON, group, joined, later, person, said
from hall import Hall

from bot.actions import Say
from bot.events import Group, SlotDue
from storage.values import Topic
from topics.cast import Cast
from topics.programme import Programme

PRICE = Topic(
    key="price", title="第一次涨价", text="走了几个客户？", category="经营", tags=("产品",)
)
BEFORE = NOON - timedelta(days=40)


def set_out(hall: Hall, *names: str, place: Group | None = None, **wish: Any) -> None:
    """These people are in the group and have all turned to each other; each post is cast."""
    place = place or group()
    cast = Cast(**({"share": 100} | wish))
    programme = Programme(cron="0 12 * * *", cast=cast)
    hall.rule(place.name, programmes={"每日": programme}, keep_text_days=90)
    hall.work.topics.put(PRICE)
    for name in names:
        hall.happens(joined(name, group=place, at=BEFORE))
    for one in names:
        for other in names:
            if one != other:
                talks(hall, one, other, place=place)


def talks(
    hall: Hall, by: str, to: str = "", words: str = "嗯嗯", place: Group | None = None, **over: Any
) -> None:
    """Somebody said something yesterday, to somebody if there is one."""
    mentions = (person(to),) if to else ()
    text = f"@{to} {words}" if to else words
    at = later(days=-1)
    fields: dict[str, Any] = {"group": place or group(), "mentions": mentions, "at": at} | over
    hall.happens(said(text, by=by, **fields))


def knows(hall: Hall, *names: str, place: Group | None = None, word: str = "产品") -> None:
    """An operator tagged them."""
    for name in names:
        hall.work.tags.add(place or group(), person(name), [word], "cli", NOON)


def posts(hall: Hall, day: int = 0, place: Group | None = None) -> Say:
    """The post of that day."""
    hall.now = later(days=day)
    due = SlotDue(
        group=place or group(),
        programme="每日",
        wall=f"{hall.now:%Y-%m-%dT12:00}",
        due_at=hall.now,
        at=hall.now,
    )
    said_, *_ = hall.happens(due)
    assert isinstance(said_, Say)
    return said_


def called(post: Say) -> set[str]:
    """The names of whom it mentions."""
    return {each.name for each in post.mentions}
