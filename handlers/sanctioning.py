"""Carries a consequence out: what is imposed, what is done, and what the member is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions import Action, Invite, Mute, Priority, Remove, Say
from bot.events import Group, Identity
from bot.frozen import frozen
from bot.gateway.base import Capability
from bot.texts import Text
from handlers.cards import Act, cannot
from handlers.keys import Deed, key_of
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.welcome import call_off
from handlers.wording import filled, harmless, length, moment, say
from rules.consequences import Consequence
from rules.ladder import Step
from storage.values_of_order import Sanction

STALE = timedelta(minutes=30)
"""A word in the group about something long past only puzzles people."""
WORTH_READING = timedelta(days=1)
"""What concerns only the member is worth reading so long."""

_THIS_GROUP = Text(zh="这个群", en="this group")
_REMINDED_BY_HAND = Text(
    zh="运营者请你留意：{reason}（案件 {case}）。如有异议，私聊我：申诉 {case} 理由。",
    en="The operators ask you to mind this: {reason} (case {case}). If you disagree, write to me in"
    " private: appeal {case} and why.",
)
_TOLD_BY_HAND = Text(
    zh="运营者有话告诉你，已私聊你（案件 {case}）。",
    en="The operators have a word for you; I have written to you (case {case}).",
)
_DETAILS_BY_HAND = Text(
    zh="关于你在「{group}」的发言，运营者这样决定，理由是：{reason}。{follows}案件 {case}；"
    "如有异议，私聊我：申诉 {case} 理由。",
    en="The operators of “{group}” decided about you, because: {reason}. {follows} Case {case}; if"
    " you disagree, write to me in private: appeal {case} and why.",
)
"""No rule found it, so none is named."""
_NEEDS = {
    Remove: Capability.REMOVE,
    Invite: Capability.INVITE,
    Mute: Capability.MUTE,
}
_NOT_ABLE = Text(zh="平台不支持", en="the platform cannot")


@frozen(kw_only=True)
class Sentence:
    """What follows from a case for a member, by which rule and for what reason, from when on.

    `by_hand`: by no rule of the group's, an operator decided.
    """

    case: int
    group: Group
    settings: GroupSettings
    member: Identity
    rule: Text
    reason: str
    step: Step
    at: datetime
    by_hand: bool = False

    @property
    def until(self) -> datetime | None:
        """When it ends; None where it never does or nothing lasts."""
        return self.step.until(self.at)

    @property
    def why(self) -> str:
        """What an operator reads beside each action."""
        return f"案件 {self.case}：{self.rule.zh} case {self.case}: {self.rule.en}"


def carry_out(sentence: Sentence, scene: Scene) -> tuple[Action, ...]:
    """Impose what is to be imposed; the words and the acts. Once for each case."""
    match sentence.step.consequence:
        case Consequence.NOTE:
            return ()
        case Consequence.REMIND:
            return (reminder(sentence, scene),)
        case Consequence.WARN:
            return _words(sentence, scene)
        case Consequence.QUIET:
            return _words(sentence, scene) + _quiet(sentence, scene)
    return _words(sentence, scene) + _out(sentence, scene)


def reminder(sentence: Sentence, scene: Scene) -> Say:
    """Which rule and why, and how to object; never what the member said."""
    settings = sentence.settings
    return Say(
        key=key_of(Deed.REMIND, sentence.case),
        why=f"案件 {sentence.case}：{sentence.rule.zh}，提醒"
        f" case {sentence.case}: {sentence.rule.en}, a reminder",
        priority=Priority.MODERATION,
        expires_at=scene.now + STALE,
        about=(sentence.member,),
        to=sentence.group,
        text=say(
            _REMINDED_BY_HAND if sentence.by_hand else settings.moderate.text,
            settings.language,
            rule=sentence.rule,
            reason=sentence.reason,
            case=sentence.case,
        ),
        mentions=(sentence.member,),
    )


def done_or_asked(action: Act, scene: Scene) -> tuple[Action, ...]:
    """The act, or a card for the operators where the platform has no such thing."""
    if _NEEDS[type(action)] in scene.capabilities:
        return (action,)
    return cannot(scene, action, say(_NOT_ABLE, scene.house.language))


def to_member(  # noqa: PLR0917 in the order of a sentence
    deed: Deed,
    case: int,
    member: Identity,
    group: Group,
    text: str,
    scene: Scene,
    *,
    time: int = 0,
) -> tuple[Action, ...]:
    """A word that concerns only the member: in private, or in the group where that cannot be.

    `time` counts those after the first because of the same case.
    """
    private = Capability.SPEAK_IN_PRIVATE in scene.capabilities
    return (
        Say(
            key=key_of(deed, case, time),
            why=f"案件 {case} case {case}: {deed}",
            priority=Priority.MODERATION,
            expires_at=scene.now + WORTH_READING,
            about=(member,),
            to=member if private else group,
            text=text,
            mentions=() if private else (member,),
        ),
    )


def is_out(sanction: Sanction) -> bool:
    """Whether it keeps somebody out of the group."""
    return sanction.kind >= Consequence.REMOVE


def _words(sentence: Sentence, scene: Scene) -> tuple[Action, ...]:
    """The details, and a sentence in the group that has something to mind; nobody is shamed."""
    settings = sentence.settings
    details = to_member(
        Deed.DETAILS,
        sentence.case,
        sentence.member,
        sentence.group,
        say(
            _DETAILS_BY_HAND if sentence.by_hand else settings.moderate.details,
            settings.language,
            group=harmless(sentence.group.name) or _THIS_GROUP,
            rule=sentence.rule,
            reason=sentence.reason,
            follows=_follows(sentence, scene.now),
            case=sentence.case,
        ),
        scene,
    )
    private = Capability.SPEAK_IN_PRIVATE in scene.capabilities
    if not private or sentence.step.consequence >= Consequence.REMOVE:
        return details
    return (*details, _in_group(sentence, scene.now))


def _in_group(sentence: Sentence, now: datetime) -> Say:
    settings = sentence.settings
    text = _TOLD_BY_HAND if sentence.by_hand else settings.moderate.in_group
    return Say(
        key=key_of(Deed.IN_GROUP, sentence.case),
        why=sentence.why,
        priority=Priority.MODERATION,
        expires_at=now + STALE,
        about=(sentence.member,),
        to=sentence.group,
        text=say(text, settings.language, rule=sentence.rule, case=sentence.case),
        mentions=(sentence.member,),
    )


def _follows(sentence: Sentence, now: datetime) -> Text:
    texts, zone = sentence.settings.moderate, sentence.settings.time_zone
    until = moment(sentence.until, zone, now) if sentence.until else ""
    match sentence.step.consequence:
        case Consequence.QUIET:
            return filled(texts.quieted, until=until)
        case Consequence.REMOVE:
            return filled(texts.removed, until=until)
        case Consequence.BAN:
            return filled(texts.banned)
    return filled(texts.warned, decay=length(sentence.settings.ladder.decay))


def _quiet(sentence: Sentence, scene: Scene) -> tuple[Action, ...]:
    """Where nobody can be muted, it is recorded, and each breach is answered."""
    standing = scene.work.sanctions.standing(sentence.group, sentence.member)
    before = [each for each in standing if each.kind is Consequence.QUIET]
    if not _impose(sentence, before, scene) or Capability.MUTE not in scene.capabilities:
        return ()
    return (
        Mute(
            key=key_of(Deed.MUTE, sentence.case),
            why=sentence.why,
            priority=Priority.MODERATION,
            expires_at=sentence.until,
            about=(sentence.member,),
            group=sentence.group,
            member=sentence.member,
            until=sentence.until,
        ),
    )


def _out(sentence: Sentence, scene: Scene) -> tuple[Action, ...]:
    """Out of the group, also for who is under a removal already and was let in again."""
    standing = scene.work.sanctions.standing(sentence.group, sentence.member)
    _impose(sentence, [each for each in standing if is_out(each)], scene)
    call_off(sentence.group, sentence.member, scene)
    act = Remove(
        key=key_of(Deed.REMOVE, sentence.case),
        why=sentence.why,
        priority=Priority.MODERATION,
        expires_at=sentence.until,
        about=(sentence.member,),
        group=sentence.group,
        member=sentence.member,
    )
    return done_or_asked(act, scene)


def _impose(sentence: Sentence, before: Sequence[Sanction], scene: Scene) -> bool:
    """Nobody is under two of a kind: what is in force and lasts as long covers the new one.

    What ends sooner is closed, and the new one takes its place.
    """
    sanctions = scene.work.sanctions
    if any(_covers(each, sentence.until) for each in before if each.case != sentence.case):
        return False
    for each in before:
        if each.case != sentence.case:
            why = f"由案件 {sentence.case} 接替 replaced by case {sentence.case}"
            sanctions.close(each.id, scene.now, why)
    sanctions.impose(
        sentence.case,
        sentence.group,
        sentence.member,
        sentence.step.consequence,
        sentence.at,
        sentence.until,
    )
    return True


def _covers(sanction: Sanction, until: datetime | None) -> bool:
    return sanction.until is None or (until is not None and sanction.until >= until)
