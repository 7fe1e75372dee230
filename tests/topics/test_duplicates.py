import pytest
from any_topics import asked
from hypothesis import given
from hypothesis import strategies as st
from starter_bank import STARTER

from topics import duplicates
from topics.duplicates import HALF, Bank, Likeness, pairs, shared

TEA = asked("tea", title="今天第一杯", text="你今天喝的第一杯是什么，在哪里喝的，和谁一起？")


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("今天第一杯！", "完全是另一个问题？", Likeness.TITLE),
        ("早上好", "你今天喝的第一杯是什么？在哪儿喝的，和谁一起喝的呢", Likeness.TEXT),
        ("早上好", "今天喝的第一杯是什么，在哪里喝的、跟谁一起？", Likeness.TEXT),
        ("早上好", "你今天读的第一页是什么，讲的是谁的事？", None),
    ],
)
def test_alike(title: str, text: str, expected: Likeness | None):
    """The same title but for its marks, or a text with a few words changed."""
    found = Bank([TEA]).like(asked("new", title=title, text=text))

    assert expected is (found[1] if found else None)


def test_not_like_itself():
    """A topic with the same key is the same topic, not a duplicate of it."""
    assert Bank([TEA]).like(TEA) is None


def test_the_most_alike():
    """Of several the nearest is named."""
    near = asked("near", text="你今天喝的第一杯是什么，那天在哪里喝的，和谁一起聊天？")
    nearer = asked("nearer", text="你今天喝的第一杯是什么，在哪里喝的，和谁一起呢？")
    bank = Bank([near, nearer])
    found = bank.like(asked("new", text="你今天喝的第一杯是什么，在哪里喝的，和谁一起？"))

    assert (nearer, Likeness.TEXT) == found


@given(st.sampled_from(STARTER), st.integers(0, 29), st.sampled_from("喝茶看云"))
def test_a_letter_changed(topic: object, place: int, letter: str):
    """Any topic of the starter bank is found again when one letter of its text is another."""
    original = next(each for each in STARTER if each is topic)
    text = original.text[:place] + letter + original.text[place + 1 :]
    found = BANK.like(asked("new", title="新的", text=text))

    assert found is not None
    assert original is found[0]


BANK = Bank(STARTER)


@given(st.sets(st.text("一二三", min_size=2, max_size=2)), st.sets(st.text("一二三", min_size=2)))
def test_what_is_shared(one: set[str], other: set[str]):
    """From nothing to all of it, the same both ways."""
    if one | other:
        assert 0 <= shared(one, other) == shared(other, one) <= 1
        assert (shared(one, other) == 1) is (one == other)


def test_very_short():
    """A text of one letter is compared as it is."""
    assert {"茶"} == pairs("茶？")
    assert HALF <= shared(pairs("茶！"), pairs("茶"))


def test_texts_written_by_a_form(monkeypatch: pytest.MonkeyPatch):
    """Where hundreds are alike, each is held against few of them, and one is still found."""
    compared = []

    def count(one: set[str], other: set[str]) -> float:
        compared.append(one)
        return shared(one, other)

    monkeypatch.setattr(duplicates, "shared", count)
    bank = Bank()
    for number in range(300):
        topic = asked(f"{number}", text=f"关于第 {number} 件事：最近有什么让你高兴？说一件小事。")
        found = bank.like(topic)
        bank.add(topic)
        assert (number > 0) == (found is not None)

    assert len(compared) <= 300 * 40 * 2
