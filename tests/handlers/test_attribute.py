import pytest
from builders import ACCOUNT, BOT, group, later, said
from claiming import claim, waiting
from hall import Hall, echo_of

from bot.actions import Say
from bot.events import Message, Quote, SlotDue
from rules.keywords import Keywords
from storage.values import OutboxState, Post, Topic
from topics.programme import Programme

GROUP = group()
ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",))


class Answers:
    """The hall, with what was counted as an answer."""

    def __init__(self, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hall = hall
        self.counted: list[tuple[int, str, str]] = []
        answered = hall.work.posts.answered

        def count(post_id: int, message_id: int, member: object, how: object, at: object) -> None:
            self.counted.append((post_id, member.name, str(how)))  # type: ignore[attr-defined]
            answered(post_id, message_id, member, how, at)  # type: ignore[arg-type]

        monkeypatch.setattr(hall.work.posts, "answered", count)

    def post(self, number: int, **delta: float) -> Say:
        """A topic goes out and its echo comes back."""
        self.hall.work.topics.put(Topic(key=f"t{number}", title=f"第{number}题", text="你怎么看？"))
        at = later(**delta)
        self.hall.now = at
        due = SlotDue(
            group=GROUP, programme="每日", wall=f"2026-11-20T12:{number % 60:02}", due_at=at, at=at
        )
        (speech,) = self.hall.happens(due)
        (row,) = waiting(self.hall.work, ACCOUNT, at)
        claim(self.hall.work, row.id, "test", at)
        self.hall.work.outbox.settle(row.id, OutboxState.SENT, at)
        self.hall.happens(echo_of(speech, id=f"post{number}", at=at))
        assert isinstance(speech, Say)
        return speech

    def of(self, *messages: Message) -> list[tuple[int, str]]:
        """Which post each answers (counted from the newest), and how."""
        self.counted.clear()
        posts = self.newest()
        self.hall.happens(*messages)
        ids = [post.id for post in posts]
        return [(ids.index(post_id), how) for post_id, _, how in self.counted]

    def newest(self) -> list[Post]:
        """The posts with an open window, newest first."""
        return self.hall.work.posts.active(GROUP, self.hall.now)


@pytest.fixture
def answers(halls: Hall, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """A hall with a programme and a rule."""
    halls.rule(programmes={"每日": Programme(cron="0 12 * * *")}, rules=(ADS,))
    return Answers(halls, monkeypatch)


def test_in_the_window(answers: Answers):
    """What others say while the window is open answers the post; later it does not."""
    answers.post(1)

    assert [(0, "window")] == answers.of(said("我在读第三章", at=later(hours=1)))
    assert [] == answers.of(said("晚安", at=later(hours=4)))


def test_nothing_was_posted(answers: Answers):
    """Talk before any post answers none."""
    assert [] == answers.of(said("大家好"))


@pytest.mark.parametrize(
    "quote",
    [
        Quote("围炉", "【话题】第1题\n你怎么看？", "post1"),
        Quote("围炉", "【话题】第1题\n你怎么看？"),
        Quote("围炉", "【话题】第1题 你怎…"),
    ],
)
def test_a_quote_tells_which(answers: Answers, quote: Quote):
    """A quote answers the post it quotes, by its id or by its (cut off) words."""
    answers.post(1)
    answers.post(2, minutes=30)

    assert [(1, "quote")] == answers.of(said("同意", quote=quote, at=later(hours=1)))


def test_a_quote_of_something_else(answers: Answers):
    """A reply to another member's answer belongs to the newest post, as talk in its window."""
    answers.post(1)
    answers.post(2, minutes=30)
    talk = said("我选第三章", by="阿秀", at=later(minutes=40))
    reply = said("我也是", quote=Quote("阿秀", "我选第三章"), at=later(minutes=50))

    assert [(0, "window"), (0, "reply")] == answers.of(talk, reply)


def test_what_is_no_answer(answers: Answers):
    """Our own words, commands and offences are none."""
    answers.post(1)
    at = later(minutes=5)

    assert [] == answers.of(
        said("请大家多聊", by=BOT.name, ours=True, at=at),
        said("@围炉 群规", mentions=(BOT,), at=at),
        said("来刷单", at=at),
    )


def test_a_message_counts_once(answers: Answers):
    """Heard twice, it is one answer."""
    answers.post(1)
    message = said("我在读第三章", at=later(minutes=5))

    assert [(0, "window")] == answers.of(message, message)


def test_an_answer_to_an_answer(answers: Answers):
    """It belongs to the post of that answer, even if another was posted since."""
    answers.post(1)
    first = said("我选第三章", by="阿秀", at=later(minutes=5))
    answers.of(first)
    answers.post(2, minutes=30)
    reply = said("我也是", quote=Quote("阿秀", "我选第三章"), at=later(minutes=50))
    goes_on = said("再说一句", by="阿秀", quote=Quote("阿秀", "我选第三章"), at=later(minutes=51))

    assert [(1, "reply"), (1, "window")] == answers.of(reply, goes_on)


def test_an_answer_to_what_is_over(answers: Answers):
    """Who quotes an answer to a topic that is over does not answer the new one."""
    answers.post(1)
    answers.of(said("我选第三章", by="阿秀", at=later(minutes=5)))
    answers.post(2, hours=4)
    reply = said("我也是", quote=Quote("阿秀", "我选第三章"), at=later(hours=4, minutes=1))

    assert [] == answers.of(reply)


def test_a_topic_cools(answers: Answers):
    """After an hour of silence talk is talk; who mentions us or quotes warms it up again."""
    answers.post(1)
    mention = said("@围炉 我也读过", by="阿秀", mentions=(BOT,), at=later(minutes=70))

    assert [] == answers.of(said("吃了吗", at=later(minutes=61)))
    assert [(0, "mention")] == answers.of(mention)
    assert [(0, "window")] == answers.of(said("哪一章？", at=later(minutes=125)))
    assert [] == answers.of(said("晚饭吃什么", at=later(minutes=178), by="小何"))[1:]


def test_a_group_without_a_post(answers: Answers, monkeypatch: pytest.MonkeyPatch):
    """Where no post is open nothing is looked up for a message."""
    work = answers.hall.work
    answers.of(said("早"))
    seen: list[object] = []
    monkeypatch.setattr(work.messages, "id_of", lambda *_: seen.append(1))
    monkeypatch.setattr(work.posts, "spoken", lambda *_: seen.append(1))
    answers.of(said("大家好", at=later(minutes=1)))

    assert [] == seen


def test_whoever_answers_with_a_mention_is_understood(answers: Answers):
    """No hint that we did not understand, as long as the topic can be answered."""
    answers.post(1, minutes=0)
    mentioned = said("@围炉 我家那边已经下霜", by="小林", mentions=(BOT,), at=later(minutes=5))
    assert [] == answers.hall.happens(mentioned)
    answers.hall.now = later(hours=5)
    late = said("@围炉 我家那边下雪了", by="小林", mentions=(BOT,), at=later(hours=5))

    assert 1 == len(answers.hall.happens(late))
