"""Whatever is said in whatever order, after a restart or not: the rule in docs/topics.md holds."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from builders import BOT, NOON, said
from hall import Hall
from hypothesis import given, settings
from hypothesis import strategies as st
from posted import WINDOW, posted

from bot.events import Message, Quote
from handlers.attribute import COOLS
from storage.database import Database
from storage.values import AnswerHow
from storage.work import Work

PEOPLE = ("小林", "阿秀", "小何")


@dataclass(frozen=True)
class Step:
    """Somebody does something so many minutes after the last step."""

    what: str
    gap: int
    by: str
    which: int


@dataclass
class Told:
    """What the rule says, kept as plainly as it can be."""

    at: datetime
    number: int
    spoken: datetime


STEPS = st.lists(
    st.builds(
        Step,
        what=st.sampled_from(["talk", "talk", "talk", "post", "quote", "mention", "reply"]),
        gap=st.sampled_from([1, 5, 30, 60, 61, 100]),
        by=st.sampled_from(PEOPLE),
        which=st.integers(0, 30),
    ),
    max_size=14,
)


def expected(steps: list[Step]) -> list[tuple[int, AnswerHow] | None]:
    """For each message the number of the post it answers, and how."""
    found: list[tuple[int, AnswerHow] | None] = []
    authors: list[str] = []
    posts: list[Told] = []
    at = NOON
    for step in steps:
        at += timedelta(minutes=step.gap)
        if step.what == "post":
            posts.append(Told(at, len(posts) + 1, at))
            continue
        open_ = [post for post in posts if at <= post.at + WINDOW]
        answer = None
        if open_ and step.what == "quote":
            answer = (open_[step.which % len(open_)], AnswerHow.QUOTE)
        elif open_ and step.what == "reply" and authors and found[step.which % len(found)]:
            one = step.which % len(found)
            number = found[one][0]  # type: ignore[index]
            how = AnswerHow.WINDOW if authors[one] == step.by else AnswerHow.REPLY
            answer = next(((post, how) for post in open_ if post.number == number), None)
        elif open_ and step.what == "mention":
            answer = (open_[-1], AnswerHow.MENTION)
        elif open_ and at - open_[-1].spoken <= COOLS:
            answer = (open_[-1], AnswerHow.WINDOW)
        if answer is not None:
            answer[0].spoken = at
        found.append(None if answer is None else (answer[0].number, answer[1]))
        authors.append(step.by)
    return found


class Talk:
    """The steps, said in the hall; in a work of its own each, if that is asked for."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.answers: dict[int, tuple[int, AnswerHow]] = {}
        self.posts: list[tuple[int, datetime]] = []
        self.messages: list[Message] = []
        self.at = NOON

    def run(self, steps: list[Step], *, restarts: bool) -> list[tuple[int, AnswerHow] | None]:
        """What was attributed."""
        for some in [[step] for step in steps] if restarts else [steps]:
            with self.database.work() as work:
                for step in some:
                    self._happens(work, step)
                work.commit()
        return [self.answers.get(number) for number in range(len(self.messages))]

    def _happens(self, work: Work, step: Step) -> None:
        self.at += timedelta(minutes=step.gap)
        if step.what == "post":
            self.posts.append((posted(work, len(self.posts) + 1, self.at), self.at))
            return
        hall = Hall(work, now=self.at)
        hall.rule(keep_text_days=30)
        message = self._message(step)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(work.posts, "answered", self._spy(work.posts.answered))
            hall.happens(message)
        self.messages.append(message)

    def _spy(self, answered: Callable[..., None]) -> Callable[..., None]:
        def spy(post: int, message: int, member: object, how: AnswerHow, at: datetime) -> None:
            ids = [post_id for post_id, _ in self.posts]
            self.answers[len(self.messages)] = (ids.index(post) + 1, how)
            answered(post, message, member, how, at)

        return spy

    def _message(self, step: Step) -> Message:
        quote = None
        open_ = [n for n, (_, at) in enumerate(self.posts, 1) if self.at <= at + WINDOW]
        if step.what == "quote" and open_:
            quote = Quote(BOT.name, "", f"post{open_[step.which % len(open_)]}")
        if step.what == "reply" and self.messages:
            quoted = self.messages[step.which % len(self.messages)]
            quote = Quote(quoted.author.name, quoted.text, quoted.id)
        mentions = (BOT,) if step.what == "mention" else ()
        text = f"第{len(self.messages)}句"
        return said(text, step.by, at=self.at, quote=quote, mentions=mentions)


@settings(max_examples=40)
@given(steps=STEPS, restarts=st.booleans())
def test_the_rule(new_sqlite: Callable[[], str], steps: list[Step], restarts: bool):  # noqa: FBT001
    """Each message answers the post the rule names, in one batch as well as message by message."""
    with closing(Database(new_sqlite())) as database:
        assert expected(steps) == Talk(database).run(steps, restarts=restarts)
