"""Tests of handlers/foresight.py: a batch is judged as its messages would be one by one."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, said
from hypothesis import given, settings
from hypothesis import strategies as st
from sieving import every_kind, messages, told

from bot.events import Message
from handlers.foresight import Coming, Foresight, sheaves
from handlers.judging import Judged, judged
from handlers.past import Pasts
from handlers.settings import GroupSettings
from handlers.standing import Standing
from rules.base import Rule
from rules.keywords import Keywords
from rules.sheaf import LONGEST

ZONE = ZoneInfo("Asia/Shanghai")
STANDINGS: tuple[Standing, ...] = ((None, 0), (NOON, 0))


def group(*rules: Rule) -> GroupSettings:
    """Settings with these rules."""
    return GroupSettings(rules=rules, time_zone=ZONE)


def foresight(coming: Coming) -> Foresight:
    """What is known of a batch before it is judged."""
    found = Foresight()
    for sheaf, in_force in sheaves(coming):
        found.look(sheaf, in_force.rules)
    return found


def verdicts(
    coming: Coming,
    standing: Standing,
    seen: Foresight | None = None,
    asked: Callable[[Sequence[Rule]], Sequence[Rule]] = tuple,
) -> list[Judged]:
    """What is found in each message, one after another."""
    pasts = Pasts()
    found = []
    for message, in_force in coming:
        past = pasts.told(
            message, said("").group, in_force, now=message.at, standing=lambda: standing
        )
        foreseen = {} if seen is None else {"foreseen": seen}
        found.append(judged(message, asked(in_force.rules), past, lambda _: False, **foreseen))
    return found


KINDS = (group(*every_kind()), group(*every_kind()[::2]), group(every_kind()[4]))
ALL, SOME, ONE = KINDS


@given(st.lists(st.tuples(messages(), st.integers(0, 2)), max_size=24), st.sampled_from(STANDINGS))
@settings(max_examples=100)
def test_a_batch_is_judged_as_one_by_one(drawn: list[tuple[Message, int]], standing: Standing):
    """The same findings, places and details, whatever is said and whatever came before."""
    coming = [(message, KINDS[which]) for message, which in drawn]
    every_rule = verdicts(coming, standing, asked=list)

    assert every_rule == verdicts(coming, standing)
    assert every_rule == verdicts(coming, standing, foresight(coming))


@pytest.mark.parametrize("standing", STANDINGS)
def test_all_sentences_at_once(standing: Standing):
    """Evasions, offences, innocent and ordinary talk, in one batch."""
    coming = [(said(text), each) for each in (ALL, ONE) for text in told()]

    assert verdicts(coming, standing) == verdicts(coming, standing, foresight(coming))


def test_nothing_is_found_where_nothing_is_known_to_be():
    """And of most of ordinary talk that is known."""
    settings = group(*(rule for rule in every_kind() if rule.key in {"keywords", "flood"}))
    coming = [(said(text, by=f"成员{len(text)}"), settings) for text in told()]
    seen, pasts = foresight(coming), Pasts()
    tellings = [
        pasts.told(each, said("").group, settings, now=each.at, standing=lambda: (None, 0))
        for each, _ in coming
    ]
    quiet = [
        not (found.counts or found.beside) for found in verdicts(coming, (None, 0), asked=list)
    ]
    known = [
        seen.nothing(each, settings.rules, past)
        for (each, _), past in zip(coming, tellings, strict=True)
    ]

    assert all(really for really, said in zip(quiet, known, strict=True) if said)
    assert sum(known) > sum(quiet) // 4
    assert not seen.nothing(said("早"), settings.rules, tellings[0])


def test_who_is_not_foreseen():
    """Few messages under the same rules, long texts and cards are left to whoever judges."""
    ordinary = [said(f"早上好 {number}") for number in range(6)]
    apart = [said("啊" * (LONGEST + 1)), said("", title="刷单")]
    others = [said("早")]
    coming = [(each, ALL) for each in ordinary + apart] + [(each, SOME) for each in others]
    seen = foresight(coming)

    assert [None] * 3 == [seen(each, ALL.rules) for each in apart] + [seen(others[0], SOME.rules)]
    assert all(seen(each, ALL.rules) is not None for each in ordinary)


def test_what_was_foreseen_for_other_rules():
    """It says nothing of the rules that are in force meanwhile."""
    coming = [(said("刷单"), SOME) for _ in range(6)]
    seen = foresight(coming)

    assert seen(coming[0][0], ALL.rules) is None


def test_nothing_is_kept():
    """Once a batch is over, nothing of what was said is."""
    coming = [(said("刷单"), ALL) for _ in range(6)]
    seen = foresight(coming)
    seen.forget()

    assert seen(coming[0][0], ALL.rules) is None


def test_an_equal_message_is_another():
    """What was seen of a message says nothing of another with the same words and the same id."""
    rules = (Keywords(reason="慢慢来", words=("刷单",)),) * 2
    coming = [(said("早"), group(*rules)) for _ in range(6)]
    first: Message = coming[0][0]
    again = said("早", id=first.id)

    assert foresight(coming)(again, coming[0][1].rules) is None
