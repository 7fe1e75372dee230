"""What the rules of a group mean for its members: what a version of the pact is made of."""

from bot.texts import Text, named
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.consequences import Consequence
from rules.digests import digest
from rules.discovery import all_rules
from rules.ladder import Ladder
from storage.values_of_order import PactRule

_LADDER = Text(zh="屡次违规怎样加重", en="what follows when it happens again")
_LADDER_NAME = ""
"""No rule can be called that, so the ladder may stand among them."""

_MOST = 256
_digests: dict[int, tuple[frozenset[str], tuple[PactRule, ...]]] = {}
"""By the identity of the rules, which are kept so that no others can have it: asked for every hit,
and most groups share theirs."""


def visible(settings: GroupSettings) -> tuple[Rule, ...]:
    """The rules that members are told of, in their order: nothing follows from the others."""
    return tuple(
        rule
        for rule in settings.rules
        if not rule.shadow and rule.consequence is not Consequence.NOTE
    )


def terms(settings: GroupSettings) -> tuple[PactRule, ...]:
    """What is in force, rule by rule; last the ladder, where a rule leads onto it."""
    rules = visible(settings)
    told = [PactRule(rule.called, rule.shown.zh, rule.reason, rule.digest) for rule in rules]
    if any(rule.consequence.strikes for rule in rules):
        told.append(PactRule(_LADDER_NAME, _LADDER.zh, "", digest_of(settings.ladder)))
    return tuple(told)


def digest_of(ladder: Ladder) -> str:
    """Another one as soon as anything else follows from strikes."""
    return digest(ladder.model_dump())


def digests(rules: tuple[PactRule, ...]) -> frozenset[str]:
    """By what two versions are compared: the same digests are the same pact."""
    known = _digests.get(id(rules))
    if known is None:
        if len(_digests) >= _MOST:
            _digests.clear()
        known = _digests[id(rules)] = (frozenset(rule.digest for rule in rules), rules)
    return known[0]


def is_ladder(rule: PactRule) -> bool:
    """Whether this entry of a pact is the ladder and no rule."""
    return rule.name == _LADDER_NAME


def title(rule: PactRule) -> Text:
    """What an entry of a pact is called; its rule may be gone from the config."""
    if is_ladder(rule):
        return _LADDER
    kind = all_rules().get(rule.name)
    return kind.title if kind else named(rule.title)
