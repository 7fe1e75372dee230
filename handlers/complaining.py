"""How reports count: distinct reporters, the trusted twice, the careless not at all.

Enough of them raise one case that waits for a human: nobody is sanctioned by reports alone.
"""

from datetime import datetime

from bot.actions import Action
from bot.events import Group, Identity
from bot.frozen import frozen
from bot.texts import Text
from handlers.cards import named, open_card
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.voices import ReportSettings
from handlers.wording import harmless
from rules.base import Finding
from rules.consequences import Consequence
from storage.values import Case
from storage.values_of_order import CaseState, RaisedBy, Said, TaskKind

RULE = "举报"
"""What a case that reports raised has in place of a rule."""
REASON = "有群友反映，运营者看过后也这样认为 members objected, and the operators agree"
CARD = Text(
    zh="{count} 位成员举报了 {who}（{place}），案件 {number}：{said}\n"
    "他们说：{words}\n"
    "维持 {number} 理由，会提醒对方；要更重，写例如：静言 1d #{number} 理由；"
    "没有问题就写：撤销 {number} 理由。",
    en="{count} members reported {who} ({place}), case {number}: {said}\nThey say: {words}\n"
    "uphold {number} reason reminds the member; for more write, say, quiet 1d #{number} reason;"
    " if all is well, overturn {number} reason.",
)
NO_TEXT = Text(zh="（原文没有保留，请到群里看）", en="(no text is kept, please look in the group)")
NO_MESSAGE = Text(zh="（没有指明哪条消息）", en="(no message was named)")
NO_WORDS = Text(zh="（没有写理由）", en="(no reasons given)")

_SHOWN = 200
_VOICES = 3


@frozen
class Matter:
    """Who is reported where, and for which message, if one could be found."""

    group: Group
    settings: GroupSettings
    about: Identity
    said: Said | None

    @property
    def target(self) -> str | Identity:
        """What reports about the same matter have in common."""
        return self.said.platform_id if self.said else self.about


def weight(reporter: Identity, settings: ReportSettings, scene: Scene) -> int:
    """2 for those whose reports mostly proved right, 0 for mostly wrong, 1 for all others."""
    upheld, rejected = scene.work.complaints.record(reporter)
    if upheld >= settings.trusted_after and upheld > 2 * rejected:
        return 2
    return 0 if rejected >= settings.trusted_after and rejected > 2 * upheld else 1


def raised(matter: Matter, at: datetime, scene: Scene) -> tuple[Action, ...]:
    """The card of the case, if what has been reported by now is enough; one case a matter."""
    group, target, limits = matter.group, matter.target, matter.settings.reports
    complaints = scene.work.complaints
    waiting = _waiting(matter, scene)
    if waiting is not None:
        complaints.attach(group, target, waiting.number)
        return ()
    reporters = complaints.count(group, target, at - limits.within)
    if sum(weight(each, limits, scene) for each in reporters) < limits.threshold:
        return ()
    number = _open(matter, len(reporters), at, scene)
    complaints.attach(group, target, number)
    return _card(matter, len(reporters), number, scene)


def _waiting(matter: Matter, scene: Scene) -> Case | None:
    """The case about this very matter that nobody has decided yet."""
    if matter.said is not None:
        cases = scene.work.cases.of_message(matter.group, matter.said.platform_id)
    else:
        cases = scene.work.cases.of_member(matter.group, matter.about)
    of_reports = [
        case
        for case in cases
        if case.raised_by is RaisedBy.REPORT
        and case.state is CaseState.CONFIRMING
        and (matter.said is not None or not case.platform_message_id)
    ]
    return of_reports[-1] if of_reports else None


def _open(matter: Matter, count: int, at: datetime, scene: Scene) -> int:
    said = matter.said
    return scene.work.cases.open(
        matter.group,
        matter.about,
        Finding(RULE, (0, 0), f"{count} 位成员举报 reported by {count} members"),
        reason=REASON,
        excerpt=(said.text or "")[:_SHOWN] if said else "",
        consequence=Consequence.REMIND.word,
        at=at,
        message_id=said.id if said else None,
        platform_message_id=said.platform_id if said else "",
        reminded=False,
        raised_by=RaisedBy.REPORT,
        state=CaseState.CONFIRMING,
    )


def _card(matter: Matter, count: int, number: int, scene: Scene) -> tuple[Action, ...]:
    """Who reported is nobody's business, not even the operators': they read how many, and why."""
    voices = [each.words for each in scene.work.complaints.of_case(number) if each.words]
    words = " / ".join(harmless(each, 60) for each in voices[:_VOICES])
    said = matter.said
    text = harmless(said.text or "", _SHOWN) if said else ""
    return open_card(
        scene,
        f"report:{number}",
        TaskKind.REPORT,
        CARD,
        case=number,
        group=matter.group,
        member=matter.about,
        count=count,
        who=named(matter.about),
        place=harmless(matter.group.name) or matter.group.id,
        number=number,
        said=text or (NO_TEXT if said else NO_MESSAGE),
        words=words or NO_WORDS,
    )
