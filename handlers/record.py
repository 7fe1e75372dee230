"""What is recorded of a member: all for their own eyes, what anybody could count for the group."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.events import Group, Identity
from bot.texts import Language, Text
from handlers.appealing import may_appeal
from handlers.decisions import BY_AN_OPERATOR, BY_HAND
from handlers.ladder_words import CONSEQUENCES
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import filled, harmless, moment, plain_lines, say
from rules.consequences import by_word
from storage.values import Case
from storage.values_of_order import AppealState, CaseState
from storage.values_of_programmes import ConsentKind

RECORD = Text(
    zh="你在「{group}」：{spoke}；主动与人互动 {to_others} 次，别人找你互动 {from_others} 次。",
    en="You in “{group}”: {spoke}; you turned to others {to_others} times, others turned to you"
    " {from_others} times.",
)
PUBLIC_RECORD = Text(zh="你在「{group}」：{spoke}。", en="You in “{group}”: {spoke}.")
SPOKE = Text(zh="自 {since} 起发言 {count} 条", en="{count} messages since {since}")
SILENT = Text(zh="还没有发言", en="no messages yet")
CASE = Text(
    zh="案件 {number}：{rule}（{date}），{follows}{until}{state}",
    en="Case {number}: {rule} ({date}), {follows}{until}{state}",
)
UNTIL = Text(zh="，到 {at}", en=" until {at}")
WAITING = Text(zh="，申诉等人来看", en=", your appeal waits")
UPHELD = Text(zh="，有人看过，维持", en=", looked at and upheld")
OVERTURNED = Text(zh="，已撤销", en=", overturned")
OBJECT = Text(
    zh="觉得哪个不对，私聊我：申诉 {number} 理由",
    en="If you disagree with one, write to me in private: appeal {number} reason",
)
NO_CASES = Text(zh="没有案件。", en="No cases.")
CONSENTS = Text(
    zh="发话题点你：{mention}；小结引用你的话：{quote}。"
    "要改，对我说：别点我、可以点我、别引用我、可以引用我。",
    en="Topics may mention you: {mention}; summaries may quote you: {quote}. To change it say:"
    " don't mention me, you may mention me, don't quote me, you may quote me.",
)
YES, NO = Text(zh="可以", en="yes"), Text(zh="不可以", en="no")
NEVER_SAID = {
    ConsentKind.MENTION: Text(
        zh="你没说过，看群里的安排", en="you never said, so it is up to the group"
    ),
    ConsentKind.QUOTE: Text(zh="你没说过，就不引用", en="you never said, so no"),
}
TAGS = Text(
    zh="运营者给你的标签：{tags}。不合适就告诉管理员。",
    en="Operators know you for: {tags}. If that is wrong, tell an admin.",
)
MENTIONED = Text(
    zh="近三个月话题点过你 {times} 次，最近一次 {date}：{why}",
    en="Topics mentioned you {times}× in the last three months, last on {date}: {why}",
)
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
_LATELY = timedelta(days=90)


def record(
    group: Group, settings: GroupSettings, person: Identity, scene: Scene, language: Language
) -> str:
    """Everything a member may want to know of what is recorded; for their own eyes."""
    to_others, from_others = scene.work.interactions.of_member(group, person)
    cases = _cases(group, person, scene)[-_LAST_CASES:]
    listed = [_case(case, settings, scene) for case in cases] or [NO_CASES]
    standing = [case.number for case in cases if may_appeal(case)]
    if standing:
        listed.append(filled(OBJECT, number=standing[-1]))
    listed += [*_known_for(group, person, scene), *_mentioned(group, settings, person, scene)]
    listed.append(_consents(group, person, scene))
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
        kept = say(TEXTS_KEPT, language, days=days) if days else say(NO_TEXTS_KEPT, language)
        return "\n".join([summary, *(say(line, language) for line in listed), kept])

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


def _cases(group: Group, person: Identity, scene: Scene) -> list[Case]:
    """Those the member has heard of, under any of their identities, oldest first."""
    found = [
        case
        for who in (person, *scene.work.members.linked(person))
        for case in scene.work.cases.of_member(group, who)
        if may_appeal(case) or (case.state is CaseState.OVERTURNED and case.reminded)
    ]
    return sorted(found, key=lambda case: case.number)


def _case(case: Case, settings: GroupSettings, scene: Scene) -> Text:
    titles = {rule.called: rule.shown for rule in settings.rules} | {BY_HAND: BY_AN_OPERATOR}
    until: Text | str = ""
    if case.until is not None and case.state is not CaseState.OVERTURNED:
        until = filled(UNTIL, at=moment(case.until, settings.time_zone, scene.now))
    return filled(
        CASE,
        number=case.number,
        rule=titles.get(case.rule, harmless(case.rule)),
        date=_date(case.at, settings),
        follows=CONSEQUENCES[by_word(case.consequence)],
        until=until,
        state=_state(case, scene),
    )


def _state(case: Case, scene: Scene) -> Text | str:
    appeals = scene.work.appeals.of_case(case.number)
    if any(each.state is AppealState.OPEN for each in appeals):
        return WAITING
    return {CaseState.UPHELD: UPHELD, CaseState.OVERTURNED: OVERTURNED}.get(case.state, "")


def _consents(group: Group, person: Identity, scene: Scene) -> Text:
    said = scene.work.consents.of_member(group, person)
    words = {
        None: NEVER_SAID,
        True: dict.fromkeys(ConsentKind, YES),
        False: dict.fromkeys(ConsentKind, NO),
    }
    return filled(CONSENTS, **{each.value: words[said.get(each)][each] for each in ConsentKind})


def _known_for(group: Group, person: Identity, scene: Scene) -> list[Text]:
    tags = scene.work.tags.of_member(group, person)
    return [filled(TAGS, tags="、".join(harmless(each) for each in tags))] if tags else []


def _mentioned(group: Group, settings: GroupSettings, person: Identity, scene: Scene) -> list[Text]:
    mentions = scene.work.casts.of_member(group, person, scene.now - _LATELY)
    if not mentions:
        return []
    at, why = mentions[-1]
    why = " ".join(plain_lines(why).split())  # our own words, with our own quotation marks
    return [filled(MENTIONED, times=len(mentions), date=_date(at, settings), why=why)]


def _spoke(
    group: Group, settings: GroupSettings, person: Identity, scene: Scene, language: Language
) -> str:
    count, first = scene.work.messages.of_member(group, person)
    if first is None:
        return say(SILENT, language)
    return say(SPOKE, language, count=count, since=_date(first, settings))


def _date(moment_: datetime, settings: GroupSettings) -> str:
    """The day as the group's calendar has it."""
    return moment_.astimezone(settings.time_zone).date().isoformat()


def _in_each(language: Language, in_one: Callable[[Language], str]) -> str:
    """What `in_one` says in the language; for both, the whole in Chinese and then in English."""
    if language is Language.BOTH:
        return f"{in_one(Language.ZH)}\n{in_one(Language.EN)}"
    return in_one(language)
