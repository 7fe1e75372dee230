"""Holds each message against the rules of its group and reminds kindly, once."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.actions import Priority, Say
from bot.events import Event, Group, Identity, Message
from handlers.flow import Flow
from handlers.scene import Reply, Scene
from handlers.settings import GroupSettings
from handlers.wording import say
from rules.base import Finding, Past, Rule

REMIND = "remind"
"""What follows from a finding, for now always."""

_STALE = timedelta(minutes=30)
"""A reminder of something long past only puzzles people."""

_NO_PAST = Past()

_AROUND = 30
"""So many characters before and after the matched words are kept as evidence."""


class Moderate:
    """The stage that judges. It keeps in memory when members spoke lately, and nothing else.

    A message that is judged again (its batch is run anew, or it is heard twice) is judged by
    the same past as before. A change of the config loses nothing.
    """

    def __init__(self) -> None:
        self._flow = Flow()

    def warm(self, times: Iterable[tuple[Group, Identity, datetime, str]]) -> None:
        """Take in who spoke when before a restart, with the platform ids, oldest first."""
        for group, author, at, message_id in times:
            self._flow.note(group, author, at, message_id)

    def __call__(self, event: Event, scene: Scene) -> Reply:
        """Open a case for the first rule that matches; the message goes no further then."""
        if not isinstance(event, Message) or event.group is None or scene.group is None:
            return Reply.NOTHING
        if event.ours or event.author.id in scene.house.operator_ids:
            return Reply.NOTHING
        found = self._judge(event, event.group, scene.group)
        if found is None:
            return Reply.NOTHING
        case, remind = _open(event, event.group, *found, settings=scene.group, scene=scene)
        if not remind:
            return Reply.STOP
        reminder = _reminder(
            event, event.group, found[0], case, settings=scene.group, now=scene.now
        )
        return Reply(actions=(reminder,), stop=True)

    def _judge(
        self, message: Message, group: Group, settings: GroupSettings
    ) -> tuple[Rule, Finding] | None:
        past: list[datetime] = []
        if settings.looks_back:
            self._flow.keep(group, settings.looks_back)
            past = self._flow.note(group, message.author, message.at, message.id)
        for rule in settings.rules:
            finding = rule.judge(message, _since(past, message.at, rule.looks_back))
            if finding:
                return rule, finding
        return None


def _since(past: list[datetime], at: datetime, looks_back: timedelta) -> Past:
    """What a rule that looks back so far may see of the past."""
    return Past(past[bisect_right(past, at - looks_back) :]) if looks_back else _NO_PAST


def _open(
    message: Message,
    group: Group,
    rule: Rule,
    finding: Finding,
    *,
    settings: GroupSettings,
    scene: Scene,
) -> tuple[int, bool]:
    """The number of the new case, and whether the member is reminded or the cool-down holds."""
    last = scene.work.cases.last_reminded(group, message.author, finding.rule)
    remind = last is None or message.at - last >= settings.moderate.cooldown
    number = scene.work.cases.open(
        group,
        message.author,
        finding,
        reason=rule.reason,
        excerpt=_excerpt(message.text, finding.span) if settings.keep_text_days else "",
        consequence=REMIND,
        at=message.at,
        message_id=scene.work.messages.id_of(group, message.id),
        platform_message_id=message.id,
        reminded=remind,
    )
    return number, remind


def _reminder(
    message: Message, group: Group, rule: Rule, case: int, *, settings: GroupSettings, now: datetime
) -> Say:
    """Which rule and why, and how to object; never what the member said."""
    return Say(
        key=f"remind:{case}",
        why=f"案件 {case}：{rule.title.zh}，提醒 case {case}: {rule.title.en}, a reminder",
        priority=Priority.MODERATION,
        expires_at=now + _STALE,
        about=(message.author,),
        to=group,
        text=say(
            settings.moderate.text,
            settings.language,
            rule=rule.title,
            reason=rule.reason,
            case=case,
        ),
        mentions=(message.author,),
    )


def _excerpt(text: str, span: tuple[int, int]) -> str:
    """The matched words and a little around them; nothing where the text is not the offence."""
    start, end = span
    return text[max(start - _AROUND, 0) : end + _AROUND] if end else ""
