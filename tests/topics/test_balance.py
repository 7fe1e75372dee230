import pytest
from builders import NOON, later

from storage.values import Topic, TopicKind
from storage.values_of_topics import Bank, Used
from topics.balance import Balance
from topics.liveliness import Ratio
from topics.programme import Programme
from topics.reasons import Reason
from topics.situation import Situation

U, P = TopicKind.UNIVERSAL, TopicKind.PROFESSIONAL
BANK = Bank(tuple(Topic(key=each.value, title="？", text="？", kind=each) for each in (U, P)))
RATIO = Programme(cron="0 9 * * *", ratio=Ratio(universal=2, professional=1))


def balance(*kinds: TopicKind, programme: Programme = RATIO, by: str = "早") -> Balance:
    """After posts of these kinds."""
    history = [Used(kind.value, by, NOON) for kind in kinds]
    now = Situation("早", later(days=1), NOON.date(), history=history)
    return Balance(BANK, programme, now)


def said(reason: Reason | None) -> str:
    """The reason in words."""
    assert reason is not None
    return reason.say()


def test_what_is_behind_its_share():
    """It has more points, the more the further; who is off is said in percent."""
    begin, one, two = balance(), balance(U), balance(U, U)

    assert begin.points(U) > begin.points(P)
    assert two.points(P) > one.points(P) > one.points(U) > two.points(U)
    assert [None, "专业话题比设定的比例少 33%", "虽然万能话题比设定的比例多 33%"] == [
        begin.reason(P),
        said(two.reason(P)),
        said(two.reason(U)),
    ]
    assert balance(U, U, P).reason(U) is None


def test_only_the_latest_count():
    """Thirty posts back, of this programme; topics that are gone count for nothing."""
    long_ago = [P] * 50

    assert pytest.approx(balance(U, U, P).points(P)) == balance(*long_ago, *[U, U, P] * 10).points(
        P
    )
    assert balance().points(P) == balance(P, P, by="晚").points(P)


def test_no_ratio():
    """Without one, or where only one kind is wanted, nothing is weighed."""
    for programme in (
        Programme(cron="0 9 * * *"),
        RATIO.model_copy(update={"kind": P}),
    ):
        assert [0, 0] == [balance(U, programme=programme).points(kind) for kind in (U, P)]
        assert balance(U, programme=programme).reason(P) is None
