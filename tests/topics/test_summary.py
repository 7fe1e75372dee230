import pytest
from builders import later
from pydantic import ValidationError

from bot.texts import Text
from storage.values import AnswerHow
from storage.values_of_programmes import Answer
from topics.summary import Summary, best


def answer(
    number: int, text: str | None, person: int | None = None, *, clean: bool = True
) -> Answer:
    """The answer of somebody; of a person of their own, unless said otherwise."""
    who = person or number
    how = AnswerHow.WINDOW
    return Answer(number, who, who, how, later(minutes=number), text, clean=clean)


def texts(*answers: Answer, told: list[bool | None] | None = None) -> list[str | None]:
    """What is worth repeating of these."""
    return [each.text for each in best(answers, told or [True] * len(answers))]


def test_what_others_took_up():
    """The answer that most others went on from comes first, and each person once."""
    assert ["我提前一个月打招呼了", "我们涨了两成价格"] == texts(
        answer(1, "我们涨了两成价格"),
        answer(2, "我提前一个月打招呼了"),
        answer(3, "打招呼很重要"),
        answer(4, "提前一个月够吗"),
        answer(5, "涨了两成还行", person=1),
    )[:2]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "嗯嗯",
        "太" * 101,
        "@小林 你也说说看吧",
        "看这里 https://a.example",
        "去 www.a.example 看",
    ],
)
def test_what_is_not_repeated(text: str | None):
    """What was not kept, is too short or long, mentions somebody, or leads elsewhere."""
    assert [] == texts(answer(1, text))


def test_whose_is_not_repeated():
    """Nothing of the forgotten, nothing a rule found something in, nothing off the topic."""
    gone = Answer(1, None, None, AnswerHow.WINDOW, later(minutes=1), "我提前打招呼了", clean=True)

    assert [] == texts(gone, answer(2, "我提前打招呼了", clean=False))
    assert [] == texts(answer(1, "我提前打招呼了"), told=[None])
    assert [] == texts(answer(1, "我提前打招呼了"), told=[False])


def test_off_by_default():
    """Nobody is summed up who did not ask for it; only known placeholders can be filled."""
    assert not Summary().enabled
    with pytest.raises(ValidationError, match="不认识的占位符"):
        Summary(text=Text(zh="{name}", en="{name}"))
