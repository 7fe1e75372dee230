import pytest
from builders import BOT, group, joined, person, said
from hall import Hall, speech

from bot.gateway.base import Capability
from storage.values_of_programmes import ConsentKind

LIN = person("小林")
MENTION, QUOTE = ConsentKind.MENTION, ConsentKind.QUOTE


@pytest.mark.parametrize(
    ("words", "what", "given", "answer"),
    [
        ("别点我", MENTION, False, "好的，发话题时不点你。"),
        ("可以点我！", MENTION, True, "好的，合适的话题会点到你，不会太多。"),
        ("别引用我。", QUOTE, False, "好的，不引用你的话。"),
        ("可以引用我", QUOTE, True, "好的，小结里可以引用你的话。"),
        ("Don’t mention me", MENTION, False, "好的，发话题时不点你。"),
        ("you may quote me", QUOTE, True, "好的，小结里可以引用你的话。"),
    ],
)
def test_a_word(hall: Hall, words: str, what: ConsentKind, given: bool, answer: str):  # noqa: FBT001
    """It is noted and acknowledged, and is no answer to a topic."""
    (told,) = speech(hall.happens(said(f"@围炉 {words}", mentions=(BOT,))))

    assert given is hall.work.consents.allows(group(), LIN, what)
    assert told.startswith(answer)


@pytest.mark.parametrize(
    "words", ["别点我名啊哈哈", "可以点我 的外卖吗", "我可以引用我爸的话吗", "别点"]
)
def test_other_words(hall: Hall, words: str):
    """What only sounds like it is none."""
    hall.happens(said(f"@围炉 {words}", mentions=(BOT,)))

    assert {} == hall.work.consents.of_member(group(), LIN)


def test_not_to_us(hall: Hall):
    """Said to others it is talk."""
    assert [] == hall.happens(said("别点我"), said("@小何 别点我", mentions=(person("小何"),)))
    assert {} == hall.work.consents.of_member(group(), LIN)


def test_in_private(hall: Hall):
    """For all groups that they are in and that we look after; even where nothing can be said."""
    hall.rule("跑步")
    for name in ("读书会", "跑步", "别人的群"):
        hall.happens(joined("小林", group=group(name)))
    answers = hall.happens(said("别点我", group=None))
    hall.capabilities = frozenset(Capability) - {Capability.SPEAK_IN_PRIVATE}
    silent = hall.happens(said("可以点我", group=None))

    assert (1, []) == (len(answers), silent)
    assert [True, True, None] == [
        hall.work.consents.allows(group(name), LIN, MENTION)
        for name in ("读书会", "跑步", "别人的群")
    ]


def test_a_stranger(hall: Hall):
    """Who is in none of our groups has nothing to say yes or no to."""
    assert [] == hall.happens(said("别点我", by="生人", group=None))


def test_commands_may_be_off(hall: Hall):
    """A no is always heard."""
    hall.rule(commands={"enabled": False})
    hall.happens(said("@围炉 别点我", mentions=(BOT,)))

    assert False is hall.work.consents.allows(group(), LIN, MENTION)


def test_the_record(hall: Hall):
    """My record shows what I said, and what holds where I said nothing."""
    hall.happens(said("@围炉 别点我", mentions=(BOT,)))
    told = "\n".join(speech(hall.happens(said("@围炉 我的记录", mentions=(BOT,)))))

    assert "发话题点你：不可以；小结引用你的话：你没说过，就不引用。" in told
