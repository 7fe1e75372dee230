import pytest
from builders import ACCOUNT, NOON, later, person, said
from desk import asks, hears, whispers
from hall import Hall

from bot.events import ConfigRefused
from handlers.binding import NO, SPOILT
from storage.values_of_order import OperatorRole

CODE = "K7M2QX9RTP"


@pytest.fixture
def invited(hall: Hall) -> Hall:
    """A code was printed at noon."""
    hall.work.operators.invite(OperatorRole.OPERATOR, CODE, later(minutes=30), "weilu cli", NOON)
    return hall


@pytest.mark.parametrize("words", [f"绑定 {CODE}", f"bind {CODE.lower()}", "绑定 K7M2Q-X9RTP"])
def test_binding(invited: Hall, words: str):
    """Who says the code is an operator from then on, also somebody in no group."""
    assert ["绑定好了，你现在是运营者。写「帮助」看可以做什么。"] == hears(invited, whispers(words))
    assert ["小林"] == [each.name for each in invited.work.operators.all(ACCOUNT)]
    assert "维持 17 理由" in hears(invited, whispers("帮助"))[0]
    assert "绑定 bind" == invited.work.audit.list(ACCOUNT)[0].what


def test_once(invited: Hall):
    """The code works once; heard again, the same message is not answered."""
    message = whispers(f"绑定 {CODE}")
    invited.happens(message)

    assert [] == hears(invited, message)
    assert [NO.zh] == hears(invited, whispers(f"绑定 {CODE}", by="阿明"))
    assert 1 == len(invited.work.operators.all(ACCOUNT))


def test_said_in_a_group(invited: Hall):
    """Everybody could read it, so it is void; ordinary talk of 绑定 is no code."""
    assert [SPOILT.zh] == hears(invited, asks(f"绑定 {CODE}"))
    assert "没听懂" in hears(invited, asks(f"绑定 {CODE}", at=later(minutes=1)))[0]
    assert [] == hears(invited, said("绑定手机号在哪里？"))
    assert [NO.zh] == hears(invited, whispers(f"绑定 {CODE}", by="阿明"))
    assert [] == invited.work.operators.all(ACCOUNT)


@pytest.mark.parametrize(
    ("words", "minute"),
    [("绑定 AAAAAAAAAA", 1), ("绑定", 1), (f"绑定 {CODE}", 31), (f"绑定 {CODE * 20}", 1)],
)
def test_what_does_not_work(invited: Hall, words: str, minute: int):
    """Wrong, missing, too late: the very same words."""
    assert [NO.zh] == hears(invited, whispers(words, at=later(minutes=minute)))
    assert [] == invited.work.operators.all(ACCOUNT)


def test_said_in_a_group_without_a_mention(invited: Hall):
    """It is void all the same."""
    assert [SPOILT.zh] == hears(invited, said(f"绑定 {CODE}"))
    assert [NO.zh] == hears(invited, whispers(f"绑定 {CODE}", by="阿明"))


def test_guessing(invited: Hall):
    """After five that failed, not even the right one is looked at for an hour; others are free."""
    for minute in range(5):
        invited.happens(whispers("绑定 AAAAAAAAAA", at=later(minutes=minute)))

    assert [NO.zh] == hears(invited, whispers(f"绑定 {CODE}", at=later(minutes=20)))
    assert [] == invited.work.operators.all(ACCOUNT)
    assert 5 == len(invited.work.audit.list(ACCOUNT))
    hears(invited, whispers(f"绑定 {CODE}", by="阿明", at=later(minutes=21)))
    assert ["阿明"] == [each.name for each in invited.work.operators.all(ACCOUNT)]


def test_answers_are_rare(invited: Hall):
    """Who goes on guessing is answered once a minute."""
    answers = hears(invited, *(whispers(f"绑定 {number}") for number in range(20)))

    assert [NO.zh] == answers


def test_operators_are_told(invited: Hall):
    """Notices go to those who were bound, too, and no more once they were revoked."""
    invited.happens(whispers(f"绑定 {CODE}"))
    notice = invited.happens(ConfigRefused(account=ACCOUNT, detail="x", at=NOON))
    invited.work.operators.revoke(person("小林"), NOON, "weilu cli")
    later_on = invited.happens(ConfigRefused(account=ACCOUNT, detail="x", at=later(minutes=1)))

    assert (1, 0) == (len(notice), len(later_on))
