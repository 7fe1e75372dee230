import pytest
from builders import NOON, group, later, person

from bot.events import Identity
from storage.database import Database
from storage.values_of_programmes import ConsentKind
from storage.work import Work

LIN = person("小林")
OTHER = person("小林的小号")
MENTION, QUOTE = ConsentKind.MENTION, ConsentKind.QUOTE


def say(work: Work, who: Identity, what: ConsentKind = MENTION, *, given: bool) -> bool:
    """They say yes or no at noon."""
    return work.consents.set(group(), who, what, NOON, given=given)


def test_yes_no_and_nothing(work: Work):
    """What somebody says last counts, for this group and this question alone."""
    assert None is work.consents.allows(group(), LIN, MENTION)
    say(work, LIN, given=True)
    say(work, LIN, given=False)
    say(work, LIN, QUOTE, given=True)

    assert {MENTION: False, QUOTE: True} == work.consents.of_member(group(), LIN)
    assert False is work.consents.allows(group(), LIN, MENTION)
    assert None is work.consents.allows(group("跑步"), LIN, MENTION)
    assert None is work.consents.allows(group(), person("小何"), MENTION)


def test_of_a_group(work: Work):
    """Everybody who said something, and nobody else."""
    say(work, LIN, given=False)
    say(work, person("阿秀"), given=True)
    say(work, person("小何"), QUOTE, given=True)

    assert {LIN: False, person("阿秀"): True} == work.consents.of_group(group(), MENTION)
    assert {} == work.consents.of_group(group("跑步"), MENTION)


@pytest.mark.parametrize("first", [True, False])
def test_one_person_with_two_accounts(work: Work, first: bool):  # noqa: FBT001
    """A no of one is a no of both; a yes is one of both where neither said no."""
    say(work, LIN, given=first)
    say(work, LIN, QUOTE, given=True)
    work.members.link(LIN, OTHER, "cli", NOON)
    say(work, OTHER, given=not first)

    for who in (LIN, OTHER):
        assert False is work.consents.allows(group(), who, MENTION)
        assert True is work.consents.allows(group(), who, QUOTE)
    assert {LIN: False, OTHER: False} == work.consents.of_group(group(), MENTION)
    assert {LIN: True, OTHER: True} == work.consents.of_group(group(), QUOTE)


def test_the_forgotten(database: Database):
    """With a person goes what they said, and nothing more is kept of them."""
    with database.work() as work:
        say(work, LIN, given=True)
        member = work.members.id_if_known(LIN)
        assert member is not None
        work.members.forget(member, later(minutes=1))
        work.commit()
    with database.work() as work:
        assert {} == work.consents.of_group(group(), MENTION)
        assert False is say(work, LIN, given=True)
        assert None is work.consents.allows(group(), LIN, MENTION)
