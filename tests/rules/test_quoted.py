from builders import said

from bot.events import Quote
from rules.base import Past
from rules.keywords import Keywords
from rules.quoted import judged

RULE = Keywords(reason="广告会把聊天冲散", words=("刷单",))
TYPED = said("看上面", quote=Quote("小林", "来刷单"))


def test_a_quote_that_nobody_said_is_judged():
    """A reply typed by hand hides nothing: its quote is judged after its text."""
    finding = RULE.judge(judged(TYPED, recorded=False), Past())

    assert finding is not None
    assert (8, 10) == finding.span


def test_the_name_is_typed_by_hand_too():
    """What stands before the colon may be the advertisement."""
    message = said("看上面", quote=Quote("来刷单", "好"))

    assert RULE.judge(judged(message, recorded=False), Past()) is not None


def test_a_real_quote_is_not_judged():
    """Who quotes an offence that was said before did not say it."""
    assert TYPED is judged(TYPED, recorded=True)
    assert RULE.judge(judged(TYPED, recorded=True), Past()) is None


def test_no_word_across_text_and_quote():
    """The end of the text and the beginning of the quote make no word together."""
    message = said("快去刷", quote=Quote("小林", "单子在哪"))

    assert RULE.judge(judged(message, recorded=False), Past()) is None
