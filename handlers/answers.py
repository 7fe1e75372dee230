"""What members are told when they ask: help, the rules with their reasons, their own record."""

from collections.abc import Callable
from datetime import datetime

from bot.events import Group, Identity
from bot.texts import Language, Text
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import harmless, say
from storage.values import Case

HELP = Text(
    zh="@我，或私聊我，可以问：\n帮助：看这几句\n群规：这里的约定和理由\n我的记录：我记下了你的什么",
    en="Mention me or write to me in private and ask:\nhelp: these lines\n"
    "rules: what we agreed on, and why\nmy record: what I have noted about you",
)
HINT = Text(
    zh="这句我没听懂。可以问我：帮助、群规、我的记录。",
    en="I did not get that. You can ask me: help, rules, my record.",
)
IN_PRIVATE = Text(zh="已私聊回复你。", en="I have answered you in private.")
RULES = Text(zh="「{group}」的约定：", en="What we agreed on in “{group}”:")
RULE = Text(zh="{number}. 规则「{rule}」：{reason}", en="{number}. Rule “{rule}”: {reason}")
NO_RULES = Text(
    zh="「{group}」没有写下的规则，互相友善就好。",
    en="There are no written rules in “{group}”: just be kind to each other.",
)
OBJECT = Text(zh="如有异议，请告诉管理员。", en="If you disagree, tell an admin.")
RECORD = Text(
    zh="你在「{group}」：{spoke}；主动与人互动 {to_others} 次，别人找你互动 {from_others} 次。",
    en="You in “{group}”: {spoke}; you turned to others {to_others} times, others turned to you"
    " {from_others} times.",
)
PUBLIC_RECORD = Text(zh="你在「{group}」：{spoke}。", en="You in “{group}”: {spoke}.")
SPOKE = Text(zh="自 {since} 起发言 {count} 条", en="{count} messages since {since}")
SILENT = Text(zh="还没有发言", en="no messages yet")
CASE = Text(zh="案件 {number}：{rule}（{date}）", en="Case {number}: {rule} ({date})")
NO_CASES = Text(zh="没有案件。", en="No cases.")
TEXTS_KEPT = Text(
    zh="消息原文保留 {days} 天。想导出或删除自己的记录，请告诉管理员。",
    en="The texts of messages are kept for {days} days. To have your record exported or deleted,"
    " tell an admin.",
)
NO_TEXTS_KEPT = Text(
    zh="消息原文从不保留。想导出或删除自己的记录，请告诉管理员。",
    en="The texts of messages are never kept. To have your record exported or deleted, tell an"
    " admin.",
)

_LAST_CASES = 5


def rules(group: Group, settings: GroupSettings, language: Language) -> str:
    """What the group is for and its rules, each with its reason."""

    def in_one(language: Language) -> str:
        name = harmless(group.name)
        if not settings.rules:
            return _lines(settings.purpose, say(NO_RULES, language, group=name))
        listed = [
            say(RULE, language, number=number, rule=rule.title, reason=rule.reason)
            for number, rule in enumerate(settings.rules, start=1)
        ]
        head = say(RULES, language, group=name)
        return _lines(settings.purpose, head, *listed, say(OBJECT, language))

    return _in_each(language, in_one)


def record(
    group: Group, settings: GroupSettings, person: Identity, scene: Scene, language: Language
) -> str:
    """Everything a member may want to know of what is recorded; for their own eyes."""
    to_others, from_others = scene.work.interactions.of_member(group, person)
    cases = scene.work.cases.of_member(group, person)
    days = settings.keep_text_days

    def in_one(language: Language) -> str:
        summary = say(
            RECORD,
            language,
            group=harmless(group.name),
            spoke=_spoke(group, settings, person, scene, language),
            to_others=to_others,
            from_others=from_others,
        )
        listed = [_case(case, settings, language) for case in cases[-_LAST_CASES:]]
        kept = say(TEXTS_KEPT, language, days=days) if days else say(NO_TEXTS_KEPT, language)
        return _lines(summary, *(listed or [say(NO_CASES, language)]), kept)

    return _in_each(language, in_one)


def public_record(
    group: Group, settings: GroupSettings, person: Identity, scene: Scene, language: Language
) -> str:
    """The part that everybody in the group could have counted themselves."""
    return _in_each(
        language,
        lambda one: say(
            PUBLIC_RECORD,
            one,
            group=harmless(group.name),
            spoke=_spoke(group, settings, person, scene, one),
        ),
    )


def _spoke(
    group: Group, settings: GroupSettings, person: Identity, scene: Scene, language: Language
) -> str:
    count, first = scene.work.messages.of_member(group, person)
    if first is None:
        return say(SILENT, language)
    return say(SPOKE, language, count=count, since=_date(first, settings))


def _case(case: Case, settings: GroupSettings, language: Language) -> str:
    titles = {rule.key: rule.title for rule in settings.rules}
    rule = titles.get(case.rule, case.rule)
    return say(CASE, language, number=case.number, rule=rule, date=_date(case.at, settings))


def _date(moment: datetime, settings: GroupSettings) -> str:
    """The day as the group's calendar has it."""
    return moment.astimezone(settings.time_zone).date().isoformat()


def _in_each(language: Language, in_one: Callable[[Language], str]) -> str:
    """What `in_one` says in the language; for both, the whole in Chinese and then in English."""
    if language is Language.BOTH:
        return _lines(in_one(Language.ZH), in_one(Language.EN))
    return in_one(language)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
