import pytest
from builders import later
from hypothesis import given
from hypothesis import strategies as st

from handlers.assessing import Ground, Verdict, Weighed, heard, weigh
from storage.values_of_order import Around, RuleRecord


def record(**over: object) -> RuleRecord:
    """How a rule did; name what differs from nothing."""
    fields: dict[str, object] = dict.fromkeys(
        ("hits", "shadow", "overturned", "false_hits", "wrong", "told", "members"), 0
    )
    return RuleRecord(**({"name": "一", "kind": "keywords", "consequences": ()} | fields | over))


def around(*pairs: tuple[int, int]) -> list[Around]:
    """Messages of others before and after some acts."""
    return [Around(n, later(days=-3 * n), *pair) for n, pair in enumerate(pairs)]


def said(weighed: Weighed) -> tuple[Verdict, tuple[Ground, ...]]:
    """The verdict, and what it rests on."""
    return weighed.verdict, weighed.grounds


@pytest.mark.parametrize(
    ("of", "verdict", "ground"),
    [
        (record(), Verdict.TOO_LITTLE, Ground.FEW_CASES),
        (record(hits=1, wrong=1, told=1, members=1), Verdict.TOO_LITTLE, Ground.FEW_CASES),
        (record(hits=2, wrong=2, told=2, members=2), Verdict.TOO_LITTLE, Ground.FEW_CASES),
        (record(hits=6, wrong=3, told=6, members=6), Verdict.TOO_STRICT, Ground.OFTEN_WRONG),
        (record(hits=40, wrong=3, told=40, members=40), Verdict.TOO_LITTLE, Ground.FEW_CASES),
        (record(shadow=8, wrong=4), Verdict.TOO_STRICT, Ground.OFTEN_WRONG),
        (record(shadow=80), Verdict.TOO_LITTLE, Ground.FEW_CASES),
        (record(hits=24, told=24, members=20), Verdict.TOO_LITTLE, Ground.FEW_CASES),
        (record(hits=25, told=25, members=20), Verdict.FINE, Ground.SELDOM_WRONG),
        (record(hits=200, wrong=9, told=150, members=99), Verdict.FINE, Ground.SELDOM_WRONG),
        (record(hits=40, told=12, members=3), Verdict.TOO_LOOSE, Ground.SAME_PEOPLE_AGAIN),
        (record(hits=40, told=9, members=3), Verdict.FINE, Ground.SELDOM_WRONG),
    ],
)
def test_the_verdict(of: RuleRecord, verdict: Verdict, ground: Ground):
    """By shares as far as they can be told from chance."""
    assert (verdict, (ground,)) == said(weigh(of, []))


@pytest.mark.parametrize(
    ("pairs", "silent"),
    [
        ([], None),
        ([(50, 10)] * 5, None),
        ([(50, 10)] * 6, True),
        ([(4, 1)] * 20, None),
        ([(50, 45)] * 12, False),
        ([(50, 10)] * 4 + [(10, 50)] * 4, False),
        ([(50, 10)] * 7 + [(10, 50)], True),
        ([(30, 30)] * 9, False),
    ],
)
def test_whether_bystanders_fell_silent(
    pairs: list[tuple[int, int]],
    silent: bool | None,  # noqa: FBT001
):
    """Nearly always less, and clearly less, over enough acts with enough said around them."""
    assert silent is heard(around(*pairs)).fell_silent


def test_silence_makes_a_rule_too_strict():
    """Whatever else is to be said for it."""
    weighed = weigh(record(hits=99, told=9, members=9), around(*[(50, 10)] * 8))

    assert (Verdict.TOO_STRICT, (Ground.BYSTANDERS_FELL_SILENT,)) == said(weighed)
    assert (8, 8) == (weighed.bystanders.acts, weighed.bystanders.quieter)


@given(
    numbers=st.tuples(*[st.integers(0, 500)] * 5),
    pairs=st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 9999)), max_size=50),
)
def test_more_wrong_is_never_milder(numbers: tuple[int, ...], pairs: list[tuple[int, int]]):
    """Whatever the numbers there is a verdict, and one more that was wrong never mends it."""
    hits, shadow, wrong, told, members = numbers
    fields = {"hits": hits, "shadow": shadow, "told": min(told, hits), "members": members}
    one, more = (
        weigh(record(wrong=min(each, hits + shadow), **fields), around(*pairs)).verdict
        for each in (wrong, wrong + 1)
    )

    order = [Verdict.FINE, Verdict.TOO_LITTLE, Verdict.TOO_LOOSE, Verdict.TOO_STRICT]
    assert order.index(one) <= order.index(more)
