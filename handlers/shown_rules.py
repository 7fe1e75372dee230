"""What members read who ask for the rules: all of them on one screen, and more on request."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from bot.events import Group
from bot.texts import Language, Text
from handlers.ladder_words import climbs, what_follows
from handlers.pact import posted
from handlers.scene import Scene
from handlers.screen import Entry, one_screen
from handlers.settings import GroupSettings
from handlers.terms import digests, terms, visible
from handlers.wording import filled, harmless, length, say
from rules.base import Rule
from rules.consequences import Consequence
from rules.ladder import Ladder

HEAD = Text(zh="{groups}的群规{version}：", en="The rules of {groups}{version}:")
ONE = Text(zh="「{group}」{version}", en="“{group}”{version}")
VERSION = Text(zh="（第 {number} 版，{date}）", en=" (version {number}, {date})")
NEW = Text(zh="（还没公布，公布后生效）", en=" (not announced yet)")
NOT_YET = Text(zh="（刚改过，公布后生效）", en=" (just changed, not announced yet)")
NO_RULES = Text(
    zh="{groups}没有写下的规则，互相友善就好。",
    en="There are no written rules in {groups}: just be kind to each other.",
)
MORE = Text(
    zh="违反了会怎样、怎么申诉：私聊我「群规 详细」。",
    en="What follows, and how to appeal: write “rules more” to me in private.",
)
RULE = Text(
    zh="{number}. {rule}（{follows}）：{reason}", en="{number}. {rule} ({follows}): {reason}"
)
AT_LEAST = Text(zh="{what}起", en="{what} at least")
LADDER = Text(zh="警告以上会累加：{ladder}。", en="From a warning on it adds up: {ladder}.")
ONLY_REMINDERS = Text(
    zh="这些都只提醒，不记次数。", en="All of these are reminders only; nothing is counted."
)
NOTICE = Text(
    zh="新的群规公布 {length}后才据以处理，之前只提醒。",
    en="New rules bind {length} after they were announced; until then there are reminders only.",
)
APPEAL = Text(
    zh="觉得不对：私聊我「申诉 案件号 理由」，由没有经手的人来看。",
    en="If something is wrong: write to me “appeal”, the number of the case and why; somebody who"
    " had no part in it decides.",
)
REPORT = Text(
    zh="看到违规：引用那条消息，@我 说「举报」，不会公开是谁报的。",
    en="If you see an offence: quote the message, mention me and say “report”; nobody is told who"
    " did.",
)


def rules(group: Group, settings: GroupSettings, scene: Scene, language: Language) -> str:
    """The rules of a group with their reasons, and since when, in at most one screen."""
    return _short((group,), settings, scene, language)


def details(group: Group, settings: GroupSettings, scene: Scene, language: Language) -> str:
    """Each rule in full with what follows at least, the ladder, and how to appeal and report."""
    return _full((group,), settings, scene, language)


def of_several(
    places: Iterable[tuple[Group, GroupSettings]], scene: Scene, language: Language, *, full: bool
) -> list[str]:
    """The rules of several groups, in short or in full; groups with the same rules together."""
    alike: dict[object, tuple[list[Group], GroupSettings]] = {}
    for group, settings in places:
        shown = tuple(rule.digest for rule in visible(settings))
        same = (settings.purpose, shown, settings.ladder, settings.pact.notice)
        alike.setdefault(same, ([], settings))[0].append(group)
    how = _full if full else _short
    return [how(groups, settings, scene, language) for groups, settings in alike.values()]


def _short(
    groups: Sequence[Group], settings: GroupSettings, scene: Scene, language: Language
) -> str:
    shown = visible(settings)
    if not shown:
        return _lines(settings.purpose, say(NO_RULES, language, groups=_listed(groups)))
    head = _lines(_head(groups, settings, scene, language), settings.purpose)
    entries: list[Entry] = [(rule.shown, rule.reason) for rule in shown]
    return one_screen(head, entries, say(MORE, language), language)


def _full(
    groups: Sequence[Group], settings: GroupSettings, scene: Scene, language: Language
) -> str:
    shown = visible(settings)
    if not shown:
        return _short(groups, settings, scene, language)

    def in_one(language: Language) -> str:
        listed = [_rule(n, rule, settings.ladder, language) for n, rule in enumerate(shown, 1)]
        strikes = any(rule.consequence.strikes for rule in shown)
        ladder = say(LADDER, language, ladder=climbs(settings.ladder, language))
        return _lines(
            _head(groups, settings, scene, language),
            *listed,
            ladder if strikes else say(ONLY_REMINDERS, language),
            _notice(settings.pact.notice, language),
            say(APPEAL, language),
            say(REPORT, language),
        )

    return _in_each(language, in_one)


def _head(
    groups: Sequence[Group], settings: GroupSettings, scene: Scene, language: Language
) -> str:
    """Which groups, and since when; where that is not the same, it stands beside each."""
    versions = [_version(group, settings, scene) for group in groups]
    if all(each == versions[0] for each in versions):
        return say(HEAD, language, groups=_listed(groups), version=versions[0])
    each = [
        filled(ONE, group=harmless(group.name), version=version)
        for group, version in zip(groups, versions, strict=True)
    ]
    return say(HEAD, language, groups=_joined(each), version="")


def _listed(groups: Sequence[Group]) -> Text:
    return _joined([filled(ONE, group=harmless(group.name), version="") for group in groups])


def _joined(names: Sequence[Text]) -> Text:
    return Text(zh="、".join(each.zh for each in names), en=", ".join(each.en for each in names))


def _version(group: Group, settings: GroupSettings, scene: Scene) -> Text:
    """The version that was posted last, if it is what is in force."""
    pact = posted(scene, group)
    if pact is None or not pact.posted_at:
        return NEW
    if digests(pact.rules) != digests(terms(settings)):
        return NOT_YET
    date = pact.posted_at.astimezone(settings.time_zone).date().isoformat()
    return filled(VERSION, number=pact.version, date=date)


def at_least(rule: Rule, ladder: Ladder, language: Language) -> str:
    """What follows from a rule, as members read it: more, where it adds up."""
    follows = what_follows(ladder.least(rule.consequence, rule.lasting), language)
    if Consequence.WARN <= rule.consequence < Consequence.BAN:
        return say(AT_LEAST, language, what=follows)
    return follows


def _rule(number: int, rule: Rule, ladder: Ladder, language: Language) -> str:
    follows = at_least(rule, ladder, language)
    return say(RULE, language, number=number, rule=rule.shown, follows=follows, reason=rule.reason)


def _notice(notice: timedelta, language: Language) -> str:
    return say(NOTICE, language, length=length(notice)) if notice else ""


def _in_each(language: Language, in_one: Callable[[Language], str]) -> str:
    """What `in_one` says in the language; for both, the whole in Chinese and then in English."""
    if language is Language.BOTH:
        return _lines(in_one(Language.ZH), in_one(Language.EN))
    return in_one(language)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
