"""What operators read: the open cases, one case with its evidence and history, the open tasks."""

from datetime import datetime, timedelta

from bot.events import Group, Identity
from bot.texts import Language, Text
from handlers.cards import named
from handlers.exempting import day_shown, rule_shown
from handlers.ladder_words import CONSEQUENCES
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import STATES
from handlers.wording import filled, harmless, moment, say
from rules.consequences import Consequence, by_word
from storage.values import Case
from storage.values_of_order import (
    AppealState,
    CaseState,
    Exemption,
    RaisedBy,
    Sanction,
    Task,
)

NO_CASES = Text(zh="没有等人看的案件。", en="No case waits for anybody.")
CASES = Text(zh="等人看的案件：", en="Cases that wait for somebody:")
LINE = Text(
    zh="{number} {who} 在「{place}」：{rule}，{follows}，{state}{appealed}",
    en="{number} {who} in “{place}”: {rule}, {follows}, {state}{appealed}",
)
APPEALED = Text(zh="，有申诉", en=", appealed")
MORE = Text(zh="还有更多。写「案件 17」看一个案件。", en="There are more. case 17 shows one.")
ONE = Text(zh="写「案件 17」看一个案件。", en="case 17 shows one of them.")
HEAD = Text(
    zh="案件 {number}：{who}「{place}」，规则「{rule}」，{at}",
    en="Case {number}: {who} “{place}”, rule “{rule}”, {at}",
)
RAISED = {
    RaisedBy.RULE: Text(zh="由规则发现：{detail}", en="found by a rule: {detail}"),
    RaisedBy.OPERATOR: Text(zh="由 {by} 提出：{detail}", en="raised by {by}: {detail}"),
    RaisedBy.REPORT: Text(zh="由成员举报：{detail}", en="reported by members: {detail}"),
}
EVIDENCE = Text(zh="原文：{excerpt}", en="The words: {excerpt}")
NO_EVIDENCE = Text(zh="原文没有保留。", en="No words were kept.")
FOLLOWS = Text(zh="结果：{follows}，{state}", en="What follows: {follows}, {state}")
DECIDED = Text(zh="{who} 决定：{why}", en="Decided by {who}: {why}")
APPEAL = Text(zh="申诉（{at}，{state}）：{words}", en="Appeal ({at}, {state}): {words}")
REPORTS = Text(zh="举报 {count} 次：{words}", en="{count} reports: {words}")
IN_FORCE = Text(zh="现在：{what}，{until}（案件 {case}）", en="Now: {what}, {until} (case {case})")
UNTIL = Text(zh="到 {at}", en="until {at}")
FOR_GOOD = Text(zh="永久", en="for good")
STRIKES = Text(zh="仍计入的记录 {count} 次", en="{count} strikes count at present")
HISTORY = Text(zh="此前：{cases}", en="Before: {cases}")
NO_HISTORY = Text(zh="此前没有案件。", en="No cases before.")
EXEMPT = Text(
    zh="豁免：{rule}，{until}。{who} 定的：{why}",
    en="Exempt from {rule} {until}. By {who}: {why}",
)
EXEMPTIONS = Text(zh="现在的豁免：", en="Exemptions in force:")
EXEMPTION = Text(
    zh="{who} 在「{place}」：{rule}，{until}。{why}",
    en="{who} in “{place}”: {rule} {until}. {why}",
)
NO_EXEMPTIONS = Text(
    zh="没有在聊天里定过、还有效的豁免；config.yaml 里写的不在此列。",
    en="No exemption made in the chat is in force; those in config.yaml are not listed here.",
)
GONE = Text(zh="（已抹去）", en="(erased)")
TASKS = Text(zh="要做的事：", en="To be done:")
TASK = Text(zh="{number} {text}（{deadline} 前）", en="{number} {text} (by {deadline})")
NO_TASKS = Text(zh="没有要做的事。", en="Nothing is to be done.")
SETTLE = Text(zh="做好了就写：完成 5", en="Once one is done, write: done 5")

APPEALS = {
    AppealState.OPEN: Text(zh="等人来看", en="waiting"),
    AppealState.UPHELD: Text(zh="维持", en="upheld"),
    AppealState.OVERTURNED: Text(zh="撤销", en="granted"),
    AppealState.WITHDRAWN: Text(zh="收回", en="withdrawn"),
}
_WAITING = (CaseState.OPEN, CaseState.CONFIRMING)
_NOW = timedelta(seconds=1)
_MOST = 10
_HISTORY = 5
_TEXT = 200


def cases(scene: Scene) -> str:
    """What waits for a human: first what was appealed or has to be confirmed, then the newest."""
    account = scene.house.account
    appealed = {each.case for each in scene.work.appeals.waiting(account, scene.now + _NOW)}
    recent = scene.work.cases.recent(account, None, _WAITING, 10 * _MOST)
    found = {case.number: case for case in recent if not _silent(case)}
    for number in appealed - found.keys():
        if (case := scene.work.cases.get(number)) is not None:
            found[number] = case
    if not found:
        return say(NO_CASES, scene.house.language)

    def order(case: Case) -> tuple[bool, int]:
        urgent = case.number in appealed or case.state is CaseState.CONFIRMING
        return not urgent, -case.number

    first = sorted(found.values(), key=order)[:_MOST]
    lines = [_line(case, appealed=case.number in appealed) for case in first]
    return _told([CASES, *lines, MORE if len(found) > _MOST else ONE], scene)


def case(found: Case, scene: Scene) -> str:
    """One case: the evidence, what followed, who decided what, the standing and the history."""
    lines = [_head(found, scene), _found(found), *_evidence(found, scene)]
    lines += [filled(FOLLOWS, follows=_follows(found), state=STATES[found.state])]
    if found.decided_by:
        who, why = harmless(found.decided_by), harmless(found.decided_why, _TEXT)
        lines.append(filled(DECIDED, who=who, why=why))
    for each in scene.work.appeals.of_case(found.number):
        words = harmless(each.text, _TEXT)
        lines.append(
            filled(APPEAL, at=_at(each.at, found, scene), state=APPEALS[each.state], words=words)
        )
    return _told([*lines, *_standing(found, scene)], scene)


def tasks(scene: Scene) -> str:
    """What humans have to do, soonest deadline first."""
    found = scene.work.tasks.list(scene.house.account, limit=_MOST)
    if not found:
        return say(NO_TASKS, scene.house.language)
    return _told([TASKS, *(_task(each, scene) for each in found), SETTLE], scene)


def exemptions(scene: Scene) -> str:
    """What operators exempted members from and is in force, newest first."""
    found = [
        each
        for each in scene.work.exemptions.list(scene.house.account)
        if each.holds(scene.now, _settings(each.group, scene).time_zone)
    ]
    if not found:
        return say(NO_EXEMPTIONS, scene.house.language)
    return _told([EXEMPTIONS, *map(_exemption, found[: 2 * _MOST])], scene)


def _told(lines: list[Text], scene: Scene) -> str:
    """All lines in the language of the house; for both, first all of them in Chinese."""
    both = scene.house.language is Language.BOTH
    languages = (Language.ZH, Language.EN) if both else (scene.house.language,)
    return "\n".join(say(line, language) for language in languages for line in lines)


def _silent(found: Case) -> bool:
    """Whether nobody need look: nothing followed, or an operator has decided it already."""
    if found.raised_by is RaisedBy.OPERATOR and found.state is not CaseState.CONFIRMING:
        return True
    return found.shadow or found.consequence == Consequence.NOTE.word


def _line(found: Case, *, appealed: bool) -> Text:
    return filled(
        LINE,
        number=found.number,
        who=_who(found),
        place=harmless(found.group.name),
        rule=harmless(found.rule),
        follows=_follows(found),
        state=STATES[found.state],
        appealed=APPEALED if appealed else "",
    )


def _head(found: Case, scene: Scene) -> Text:
    return filled(
        HEAD,
        number=found.number,
        who=_who(found),
        place=harmless(found.group.name),
        rule=harmless(found.rule),
        at=_at(found.at, found, scene),
    )


def _found(found: Case) -> Text:
    """By whom and why: what a rule says for itself, or what the operator gave as the reason."""
    by = named(found.raiser) if found.raiser else "…"
    detail = found.reason if found.raised_by is RaisedBy.OPERATOR else found.detail
    return filled(RAISED[found.raised_by], by=by, detail=harmless(detail, _TEXT))


def _evidence(found: Case, scene: Scene) -> list[Text]:
    """The words as far as they were kept; of reports how many and why, never by whom."""
    excerpt = harmless(found.excerpt, _TEXT)
    lines = [filled(EVIDENCE, excerpt=excerpt)] if excerpt else []
    if not excerpt and found.raised_by is not RaisedBy.OPERATOR:
        lines = [NO_EVIDENCE]
    reports = scene.work.complaints.of_case(found.number)
    if reports:
        words = " / ".join(harmless(each.words, 60) for each in reports if each.words)
        lines.append(filled(REPORTS, count=len(reports), words=words or "…"))
    return lines


def _standing(found: Case, scene: Scene) -> list[Text]:
    member, group = found.member, found.group
    if member is None:
        return []
    settings = _settings(group, scene)
    strikes = scene.work.cases.strikes(group, member, scene.now - settings.ladder.decay)
    lines = [
        _in_force(each, found, scene)
        for each in scene.work.sanctions.in_force(group, member, scene.now)
    ]
    lines += _exempt(found, member, scene)
    lines.append(filled(STRIKES, count=len(strikes)))
    before = [
        each
        for who in (member, *scene.work.members.linked(member))
        for each in scene.work.cases.of_member(group, who)
        if each.number != found.number and not each.shadow
    ]
    if not before:
        return [*lines, NO_HISTORY]
    newest = sorted(before, key=lambda each: each.number)[-_HISTORY:]
    told = "；".join(f"{each.number} {harmless(each.rule)}" for each in newest)
    return [*lines, filled(HISTORY, cases=told)]


def _exempt(found: Case, member: Identity, scene: Scene) -> list[Text]:
    """What the person of a case is exempt from at present."""
    zone = _settings(found.group, scene).time_zone
    return [
        filled(
            EXEMPT,
            rule=rule_shown(each.rule),
            until=day_shown(each.until),
            who=harmless(each.by) or GONE,
            why=harmless(each.reason, _TEXT),
        )
        for each in scene.work.exemptions.of(found.group, member)
        if each.holds(scene.now, zone)
    ]


def _exemption(given: Exemption) -> Text:
    return filled(
        EXEMPTION,
        who=named(given.member),
        place=harmless(given.group.name),
        rule=rule_shown(given.rule),
        until=day_shown(given.until),
        why=harmless(given.reason, _TEXT),
    )


def _in_force(sanction: Sanction, found: Case, scene: Scene) -> Text:
    until = FOR_GOOD
    if sanction.until is not None:
        until = filled(UNTIL, at=_at(sanction.until, found, scene))
    return filled(IN_FORCE, what=CONSEQUENCES[sanction.kind], until=until, case=sanction.case)


def _task(task: Task, scene: Scene) -> Text:
    settings = (scene.settings(task.group) if task.group else None) or GroupSettings()
    deadline = moment(task.deadline, settings.time_zone, scene.now)
    text = harmless(task.text.splitlines()[0] if task.text else "", _TEXT)
    return filled(TASK, number=task.number, text=text or GONE, deadline=deadline)


def _who(found: Case) -> Text | str:
    return named(found.member) if found.member else GONE


def _follows(found: Case) -> Text:
    return CONSEQUENCES[by_word(found.consequence)]


def _at(at: datetime, found: Case, scene: Scene) -> Text:
    settings = _settings(found.group, scene)
    return moment(at, settings.time_zone, scene.now)


def _settings(group: Group, scene: Scene) -> GroupSettings:
    return scene.settings(group) or GroupSettings()
