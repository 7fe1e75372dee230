"""Whom a rule spares because an operator said so in the chat, until when, and why."""

from datetime import date, datetime, tzinfo

from bot.events import Group, Identity
from bot.texts import Text
from handlers.cards import named
from handlers.reviewing import may_not, words
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import Verdict
from handlers.wording import filled, harmless, writable
from rules.base import Rule
from storage.values_of_order import Doer

ALL = ("所有", "全部", "所有规则", "all")
"""What operators may write instead of the name of a rule."""

EXEMPTED = Text(
    zh="{who} 在「{place}」不受{rule}约束，{until}。要取消就写：取消豁免 {they} {name} 理由",
    en="In “{place}” {who} is exempt from {rule} {until}."
    " To take it back: unexempt {they} {name} and why",
)
EXEMPT_NO_MORE = Text(
    zh="{who} 在「{place}」的豁免已取消。", en="{who} is not exempt in “{place}” any more."
)
NOT_EXEMPT = Text(zh="{who} 没有这样的豁免。", en="There is no such exemption of {who}.")
NO_RULE = Text(
    zh="「{place}」没有叫「{rule}」的规则，有：{rules}；也可以写：所有",
    en="“{place}” has no rule called “{rule}”; there are: {rules}; or write: all",
)
NONE = Text(zh="一条也没有", en="none at all")
OVER = Text(zh="{day} 已经过去了。", en="{day} is over already.")
FORGOTTEN = Text(
    zh="对方的资料已应本人要求抹去，没有人可以豁免。",
    en="They were erased at their own request: there is nobody to exempt.",
)
UNTIL = Text(zh="到 {day} 为止（含）", en="until {day}, that day included")
FOR_GOOD = Text(zh="直到取消", en="until it is taken back")
EVERY = Text(zh="所有", en="all")
EVERY_RULE = Text(zh="所有规则", en="every rule")
ONE_RULE = Text(zh="规则「{rule}」", en="the rule “{rule}”")


def exempt(  # noqa: PLR0917 in the order of a sentence
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    member: Identity,
    rule: str,
    until: date | None,
    by: Doer,
    why: str,
) -> Verdict:
    """A rule, by its name or title, or all of them, spare a member until the end of that day.

    The day is one of the group's time zone; None is for good. What was said of the same rule
    before no longer counts.
    """
    refusal = may_not(scene, by, why, about=member)
    if refusal is not None:
        return refusal
    name = _named(rule, settings)
    if name is None:
        return _no_rule(group, settings, rule)
    if until is not None and until < scene.now.astimezone(settings.time_zone).date():
        return Verdict(done=False, words=OVER, values={"day": until})
    granted = scene.work.exemptions.grant(group, member, name, words(why), until, by, scene.now)
    if not granted:
        return Verdict(done=False, words=FORGOTTEN)
    told = f"{group.id} {name or ALL[0]} {until or ''}：{words(why)}"
    scene.work.audit.note(scene.house.account, by, "豁免 exempt", member, told, scene.now)
    values = _who(member, group) | {"rule": rule_shown(name), "until": day_shown(until)}
    values |= {"they": writable(named(member)), "name": writable(harmless(name)) or EVERY}
    return Verdict(True, EXEMPTED, values)


def end_exemption(  # noqa: PLR0917 in the order of a sentence
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    member: Identity,
    rule: str,
    by: Doer,
    why: str,
) -> Verdict:
    """A rule, or all of them, spare a member no more. It may be one the config dropped since."""
    refusal = may_not(scene, by, why, about=member)
    if refusal is not None:
        return refusal
    name = _named(rule, settings)
    there = [each.rule for each in scene.work.exemptions.of(group, member)]
    ending = there if name == "" else [each for each in there if each in (name, rule)]
    lifted = [
        scene.work.exemptions.lift(group, member, each, scene.now) for each in dict.fromkeys(ending)
    ]
    if not any(lifted):
        return Verdict(False, NOT_EXEMPT, _who(member, group))
    told = f"{group.id} {name or rule}：{words(why)}"
    scene.work.audit.note(scene.house.account, by, "取消豁免 unexempt", member, told, scene.now)
    return Verdict(True, EXEMPT_NO_MORE, _who(member, group))


def excused(  # noqa: PLR0917 in the order of a sentence
    rule: Rule, scene: Scene, group: Group, member: Identity, at: datetime, zone: tzinfo
) -> bool:
    """Whether an operator said that this rule spares this person then, under whatever name."""
    return any(
        each.rule in ("", rule.called) and each.holds(at, zone)
        for each in scene.work.exemptions.of(group, member)
    )


def spared_by_any(scene: Scene, group: Group, settings: GroupSettings, member: Identity) -> bool:
    """Whether any rule of the group spares this very person now, by config or by an operator."""
    zone = settings.time_zone
    by_config = any(
        each.member in (member.id, member.name) and each.holds(scene.now, zone)
        for rule in settings.rules
        for each in rule.exempt
        if each.member
    )
    said = scene.work.exemptions.of(group, member)
    return by_config or any(each.holds(scene.now, zone) for each in said)


def rule_shown(name: str) -> Text:
    """The rule of an exemption in words."""
    return filled(ONE_RULE, rule=harmless(name)) if name else EVERY_RULE


def day_shown(until: date | None) -> Text:
    """How long an exemption lasts, in words."""
    return filled(UNTIL, day=until) if until else FOR_GOOD


def _named(rule: str, settings: GroupSettings) -> str | None:
    """The name of the rule that was meant; empty for all of them, None where there is none."""
    if rule.lower() in ALL:
        return ""
    names = {each.called: each.called for each in settings.rules}
    titles = {
        title: each.called for each in settings.rules for title in (each.shown.zh, each.shown.en)
    }
    return names.get(rule) or titles.get(rule)


def _no_rule(group: Group, settings: GroupSettings, rule: str) -> Verdict:
    names = "、".join(harmless(each.called) for each in settings.rules) or NONE
    values = {"place": harmless(group.name) or group.id, "rule": harmless(rule), "rules": names}
    return Verdict(done=False, words=NO_RULE, values=values)


def _who(member: Identity, group: Group) -> dict[str, object]:
    return {"who": named(member), "place": harmless(group.name) or group.id}
