from datetime import timedelta

import pytest
from builders import ACCOUNT, BOT, NOON, group, later, person, said
from hall import Hall, speech
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Priority, Say
from bot.events import Message
from bot.texts import Language
from handlers.moderate import Moderate
from handlers.settings import House, ModerateSettings
from rules.flood import Flood
from rules.keywords import Keywords

GROUP, LIN = group(), person("小林")
ADS = Keywords(reason="广告会把聊天冲散", words=("刷单",))
FLOOD = Flood(reason="让每个人的话都有人看见", limit=3, window=timedelta(minutes=1))


@pytest.fixture
def strict(hall: Hall) -> Hall:
    """The hall with both rules in force."""
    hall.rule(rules=(ADS, FLOOD))
    return hall


def test_a_reminder(strict: Hall):
    """It names the rule, its reason, the case and the way to object, and mentions the member."""
    (reminder,) = strict.happens(said("来刷单，加我"))

    assert isinstance(reminder, Say)
    assert (
        "这里的约定是「禁用词」：广告会把聊天冲散（案件 1）。如有异议，私聊我：申诉 1 理由。"
        == reminder.text
    )
    assert GROUP == reminder.to
    assert (LIN,) == reminder.mentions == reminder.about
    assert Priority.MODERATION is reminder.priority


def test_the_offence_is_not_quoted(strict: Hall):
    """Neither the words nor a link to them are repeated in the group."""
    (reminder,) = strict.happens(said("来刷单，加我"))

    assert isinstance(reminder, Say)
    assert "刷单" not in reminder.text
    assert "" == reminder.quotes


def test_the_case(strict: Hall):
    """The evidence: rule, reason, place in the text, a few words around it, the message."""
    message = said("一" * 50 + "刷单" + "二" * 50)
    strict.happens(message)

    (case,) = strict.work.cases.of_member(GROUP, LIN)
    assert (1, "keywords", ADS.reason, (50, 52)) == (
        case.number,
        case.rule,
        case.reason,
        case.span,
    )
    assert "一" * 30 + "刷单" + "二" * 30 == case.excerpt
    assert (message.id, "remind", True) == (
        case.platform_message_id,
        case.consequence,
        case.reminded,
    )


def test_no_excerpt_where_texts_are_not_kept(hall: Hall):
    """0 days means that no text is written down, not as evidence either."""
    hall.rule(rules=(ADS,), keep_text_days=0)
    hall.happens(said("来刷单"))

    assert [""] == [case.excerpt for case in hall.work.cases.of_member(GROUP, LIN)]


@pytest.mark.parametrize(("seconds", "reminders"), [(599, 0), (600, 1)])
def test_the_cooldown(strict: Hall, seconds: int, reminders: int):
    """A second offence within ten minutes is a case, but the member is not told again."""
    strict.happens(said("刷单"))

    assert reminders == len(strict.happens(said("刷单", at=later(seconds=seconds))))
    cases = strict.work.cases.of_member(GROUP, LIN)
    assert [True, bool(reminders)] == [case.reminded for case in cases]


def test_a_cooldown_is_of_one_rule(hall: Hall):
    """Being reminded of one rule does not silence another."""
    hall.rule(rules=(ADS, FLOOD), moderate=ModerateSettings(cooldown=timedelta(hours=1)))
    actions = hall.happens(said("刷单"), *(said("在吗") for _ in range(3)))

    assert ["禁用词", "刷屏"] == [text[7:10].strip("」：") for text in speech(actions)]


def test_the_first_rule_wins(hall: Hall):
    """Rules are asked in the order of the config, and one finding is enough."""
    hall.rule(rules=(FLOOD, ADS))
    hall.happens(*(said("刷单") for _ in range(4)))

    found = [case.rule for case in hall.work.cases.of_member(GROUP, LIN)]
    assert ["keywords", "keywords", "keywords", "flood"] == found


def test_flooding(strict: Hall):
    """The message beyond the limit is found, and the ones after a pause are fine."""
    burst = [said("在吗", at=later(seconds=second)) for second in range(4)]
    after = said("抱歉", at=later(minutes=5))

    assert 1 == len(strict.happens(*burst))
    assert [] == strict.happens(after)


def test_others_do_not_count(strict: Hall):
    """Many people saying one thing each is a lively group, not a flood."""
    assert [] == strict.happens(*(said("早", by=f"群友{number}") for number in range(20)))


@pytest.mark.parametrize("spare", ["小林", BOT.name])
def test_who_is_exempt(strict: Hall, spare: str):
    """Operators and the bot's own words are not judged."""
    strict.house = House(account=ACCOUNT, operator_ids=frozenset({LIN.id}))

    assert [] == strict.happens(said("刷单", by=spare, ours=spare == BOT.name))


def test_an_advertisement_is_no_command(strict: Hall):
    """What was found is neither a command nor an answer."""
    actions = strict.happens(said("@围炉 帮助 刷单", mentions=(BOT,)))

    assert ["remind:1"] == [action.key for action in actions]


def test_a_batch_run_anew_counts_once(strict: Hall):
    """Judged again after a rollback, each message finds what it found the first time."""
    burst = [said("在吗", at=later(seconds=second)) for second in range(4)]
    found = []
    for _ in range(2):
        work, strict.work = strict.work, Unwritten(strict.work)  # type: ignore[assignment]
        found.append([strict.moderate(each, strict.scene(each)).stop for each in burst])
        strict.work = work

    assert [[False, False, False, True]] * 2 == found


class Unwritten:
    """A work whose cases are as if rolled back."""

    def __init__(self, work: object) -> None:
        self._work = work
        self.cases = self.messages = self.sanctions = self.operators = self.pacts = self
        self.exemptions = self

    def last_reminded(self, *_: object) -> None:
        """Nobody was reminded."""

    def in_force(self, *_: object) -> list[object]:
        """Nobody is under anything."""
        return []

    def of(self, *_: object) -> list[object]:
        """Nobody is exempt."""
        return []

    def get(self, _: object) -> None:
        """Nobody is an operator."""

    def current(self, _: object) -> None:
        """No pact was made."""

    def posted(self, _: object) -> None:
        """No pact was posted."""

    def open(self, *_: object, **__: object) -> int:
        """A number that nobody keeps."""
        return 1

    def id_of(self, *_: object) -> None:
        """Not recorded."""


def test_warm_after_a_restart(strict: Hall):
    """What was said before the restart counts, and is not counted twice if it is heard again."""
    before = [said("在吗", at=later(seconds=second)) for second in range(3)]
    strict.happens(*before)
    strict.moderate = Moderate()
    strict.moderate.warm(strict.work.speech.since(ACCOUNT, NOON))

    assert [] == strict.happens(*before)
    assert 1 == len(strict.happens(said("在吗", at=later(seconds=3))))


def test_in_english(hall: Hall):
    """The rule's title and the sentence follow the group's language."""
    hall.rule(rules=(FLOOD,), language=Language.EN)
    (text,) = speech(hall.happens(*(said("hi") for _ in range(4))))

    assert "Our agreement here: “flooding”: 让每个人的话都有人看见 (case 1)" in text


def test_in_both_languages(hall: Hall):
    """Each language has its own title of the rule."""
    hall.rule(rules=(FLOOD,), language=Language.BOTH)
    (text,) = speech(hall.happens(*(said("hi") for _ in range(4))))

    zh, en = text.split("\n")
    assert "「刷屏」" in zh
    assert "“flooding”" in en


@settings(max_examples=40)
@given(
    gaps=st.lists(st.integers(0, 40), min_size=1, max_size=25),
    limit=st.integers(2, 5),
    again=st.lists(st.integers(0, 24), max_size=5),
)
def test_like_a_naive_moderator(gaps: list[int], limit: int, again: list[int]):
    """Whatever the rhythm, and whatever is judged again, findings are those of counting by hand."""
    seconds = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    messages = [said("在吗", at=later(seconds=second)) for second in seconds]
    expected = [
        sum(second - 60 < other for other in seconds[:number]) + 1 > limit
        for number, second in enumerate(seconds)
    ]
    hall = Hall(Unwritten(None))  # type: ignore[arg-type]
    hall.rule(rules=(FLOOD.model_copy(update={"limit": limit}),))
    for number in again:
        judge_all(hall, messages[:number])

    assert expected == judge_all(hall, messages)


def judge_all(hall: Hall, messages: list[Message]) -> list[bool]:
    """Which of them are found."""
    return [hall.moderate(each, hall.scene(each)).stop for each in messages]
