from datetime import datetime, timedelta

import pytest
from builders import group, later, person
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Group
from handlers.chorus import VOICES, Chorus
from rules.base import Earlier
from rules.likeness import NEAR, distance
from rules.simhash import HANDLES

BITS = st.integers(0, 2**64 - 1)
MINUTE = timedelta(minutes=1)


def one(likeness: int, by: str = "小林", second: float = 0, where: str = "读书会") -> Earlier:
    """Something like this, said by somebody somewhere so many seconds after noon."""
    return Earlier(person(by), group(where), later(seconds=second), likeness)


def note(
    chorus: Chorus,
    said: Earlier,
    message_id: str,
    now: datetime | None = None,
    handles: tuple[int, ...] = (1, 2),
) -> list[Earlier]:
    """Told to a chorus whose rules look back a minute."""
    chorus.keep(MINUTE)
    return chorus.note(said, message_id, handles, now=now)


def test_what_is_alike():
    """Nearly the same is told, oldest first; what is unlike and what comes later is not."""
    chorus = Chorus()
    note(chorus, one(0b1011, "乙", 5), "b")
    note(chorus, one(2**64 - 1, "丙", 6), "c")
    note(chorus, one(0b0001, "甲", 1, "健身群"), "a")

    found = note(chorus, one(0), "d")
    note(chorus, one(0, "丁"), "e")
    assert [one(0b0001, "甲", 1, "健身群"), one(0b1011, "乙", 5)] == found
    assert found == note(chorus, one(0), "d")


@given(
    BITS,
    st.sets(st.integers(0, 63), max_size=NEAR + 3),
    st.sets(st.integers(0, 9), max_size=HANDLES),
    st.sets(st.integers(0, 9), max_size=HANDLES),
)
def test_near_and_by_one_handle(likeness: int, differ: set[int], held: set[int], asked: set[int]):
    """Found is what shares a handle, in whichever place, and differs in few bits."""
    other = likeness ^ sum(1 << bit for bit in differ)
    chorus = Chorus()
    note(chorus, one(other), "a", handles=tuple(held))
    found = note(chorus, one(likeness, "乙"), "b", handles=tuple(asked))

    assert (len(differ) <= NEAR and bool(held & asked)) == bool(found)


HEARD = st.lists(
    st.tuples(st.sampled_from("甲乙丙"), st.sampled_from([0, 1, 2**40 - 1]), st.integers(0, 3000)),
    max_size=25,
)


@given(HEARD, st.integers(0, 25))
def test_like_looking_at_all(heard: list[tuple[str, int, int]], again: int):
    """What is found is what a look at everything finds, also where a batch is run anew."""
    chorus = Chorus()
    messages = [(f"m{n}", one(bits, who, second)) for n, (who, bits, second) in enumerate(heard)]
    for message_id, said in messages[:again]:
        note(chorus, said, message_id)

    for number, (message_id, said) in enumerate(messages):
        near = [e for _, e in messages[:number] if distance(e.likeness, said.likeness) <= NEAR]
        voices = {each.author for each in near}
        found = note(chorus, said, message_id)

        assert voices == {each.author for each in found}
        assert len(voices) == len(found)
        for each in found:
            of_voice = [abs(e.at - said.at) for e in near if e.author == each.author]
            assert min(of_voice) == abs(each.at - said.at)


@given(st.permutations(range(6)))
def test_the_order_of_arrival_does_not_matter(order: list[int]):
    """Whichever way the earlier ones came, the last has the same past."""
    chorus = Chorus()
    for number in order:
        note(chorus, one(number % 2, f"p{number % 3}", number * 500), f"m{number}")

    found = note(chorus, one(0, second=2600), "last")
    assert [("p0", 1500), ("p1", 2000), ("p2", 2500)] == [
        (each.author.name, (each.at - later()).total_seconds()) for each in found
    ]


def test_accounts_apart():
    """What one account hears is nothing to another."""
    chorus = Chorus()
    note(chorus, one(7), "a")
    elsewhere = Earlier(person("乙"), Group("别的号", "g"), later(), 7)

    assert [] == note(chorus, elsewhere, "b")


def test_what_is_long_past_is_dropped():
    """No more is kept than the rules look back, and an hour."""
    chorus = Chorus()
    for number in range(1000):
        note(chorus, one(number, second=number * 10), f"m{number}")

    assert 367 == len(chorus)


def test_a_flood_of_the_same(monkeypatch: pytest.MonkeyPatch):
    """Of what is said thousands of times the newest voices are told, and memory is bounded."""
    monkeypatch.setattr("handlers.chorus.MOST", 1000)
    chorus = Chorus()
    for number in range(1500):
        chorus.note(one(7, f"p{number}"), f"m{number}", (1, 2))

    found = chorus.note(one(7), "last", (1, 2))
    assert VOICES == len(found)
    assert "p1499" in {each.author.name for each in found}
    assert 1000 == len(chorus)


def test_a_time_to_come():
    """A message that claims to be from next year makes nothing forgotten, nor stays itself."""
    chorus = Chorus()
    note(chorus, one(7, "甲"), "a", now=later())
    note(chorus, one(7, "乙", 365 * 86400), "b", now=later(seconds=1))
    assert 2 == len(note(chorus, one(7, second=2), "c", now=later(seconds=2)))

    note(chorus, one(2**50 - 1, second=4000), "d", now=later(seconds=4000))
    assert 1 == len(chorus)


def test_an_old_one_heard_late():
    """What comes in when it is long past is told what is like it, and soon forgotten itself."""
    chorus = Chorus()
    note(chorus, one(7, "甲", 9000), "a")
    assert [one(7, "甲", 9000)] == note(chorus, one(7, "乙"), "b")

    note(chorus, one(7, "甲", 18000), "c")
    assert 1 == len(chorus)
    note(chorus, one(7, "甲", 0), "d")
    note(chorus, one(7, "甲", 27000), "e")
    assert 1 == len(chorus)
