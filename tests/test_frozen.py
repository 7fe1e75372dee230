import copy
import dataclasses
import pickle
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.frozen import frozen


@frozen
class Pair:
    """One of ours."""

    left: int
    right: str = "右"
    seen: Mapping[str, int] = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Library:
    """The same by the standard library."""

    left: int
    right: str = "右"
    seen: Mapping[str, int] = dataclasses.field(default_factory=dict, repr=False)


@frozen(kw_only=True)
class Further(Pair):
    """With a field more, by name."""

    place: float


@frozen
class Empty:
    """Without any."""


@frozen
class Even:
    """Looks at itself, and says itself how it is shown and hashed."""

    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError("odd")

    def __hash__(self) -> int:
        return -7

    def __repr__(self) -> str:
        return "even"


numbers = st.integers(0, 2)
texts = st.text(max_size=1)


@given(one=st.tuples(numbers, texts), other=st.tuples(numbers, texts))
def test_as_the_library_makes_them(one: tuple[int, str], other: tuple[int, str]):
    """Equal, ordered out and shown as by the standard library, whatever the values are."""
    ours, theirs = (Pair(*one), Pair(*other)), (Library(*one), Library(*other))

    assert (theirs[0] == theirs[1]) == (ours[0] == ours[1])
    assert repr(theirs[0]).replace("Library", "Pair") == repr(ours[0])
    assert dataclasses.asdict(theirs[0]) == dataclasses.asdict(ours[0])
    assert ours[0] != theirs[0]


def test_hash():
    """Equal ones find each other in a set, and what cannot be hashed says so."""
    assert {Further(1, "a", seen=(), place=0.5)} == {Further(1, "a", seen=(), place=0.5)}
    with pytest.raises(TypeError, match="unhashable"):
        hash(Pair(1))


def test_what_was_left_out():
    """Defaults stand in, and those that are made are made anew for each."""
    one, other = Pair(1), Pair(left=1)

    assert one == other
    assert one.seen is not other.seen
    assert Pair(1, "右", {}) == one
    with pytest.raises(TypeError, match="left"):
        Pair()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="place"):
        Further(1)  # type: ignore[call-arg]


def test_nothing_changes_it():
    """Neither a field nor anything else can be set or deleted."""
    pair = Pair(1)

    for name in ("left", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(pair, name, 2)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(pair, name)
    assert not hasattr(pair, "__dict__")
    assert Pair(1) == pair


def test_the_library_goes_on_working():
    """Replacing, matching, copying and pickling."""
    pair = Pair(1, "b", {"c": 2})

    assert Pair(3, "b", {"c": 2}) == dataclasses.replace(pair, left=3)
    assert ["left", "right", "seen"] == [each.name for each in dataclasses.fields(Pair)]
    assert pair == copy.copy(pair) == copy.deepcopy(pair) == pickle.loads(pickle.dumps(pair))  # noqa: S301 - our own
    match pair:
        case Pair(left, right):
            assert (1, "b") == (left, right)


def test_a_class_may_go_its_own_way():
    """What it defines itself is kept, and it may refuse values."""
    assert (-7, "even") == (hash(Even(2)), repr(Even(2)))
    assert Even(2) == Even(2)
    with pytest.raises(ValueError, match="odd"):
        Even(3)


def test_without_fields():
    """All of them are the same."""
    assert Empty() == Empty()
    assert {Empty()} == {Empty(), Empty()}
    assert "Empty()" == repr(Empty())
