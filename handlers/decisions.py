"""What humans decide: to sanction, to uphold, to overturn, to release.

Chat, command line and console all come here, and who may is checked here.
"""

from datetime import timedelta

from bot.actions import Action
from bot.events import Group, Identity
from bot.texts import Text
from handlers import verdicts
from handlers.cards import named
from handlers.confirming import EXEMPT, OPERATOR, ask_to_confirm
from handlers.exempting import end_exemption, exempt, spared_by_any
from handlers.keys import Deed
from handlers.ladder_words import CONSEQUENCES, with_end
from handlers.lifting import lift
from handlers.linking import link, unlink
from handlers.returning import remove_again
from handlers.reviewing import may_not, overturn, tell, uphold, words
from handlers.rights import role_of
from handlers.sanctioning import Sentence, carry_out
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import Verdict
from handlers.vouching import vouch
from handlers.wording import harmless
from rules.base import Finding
from rules.consequences import Consequence
from rules.ladder import FOREVER, Step
from storage.values_of_order import CaseState, Doer, RaisedBy

__all__ = [
    "BY_HAND",
    "end_exemption",
    "exempt",
    "link",
    "overturn",
    "release",
    "remove_again",
    "sanction_by_hand",
    "unlink",
    "uphold",
    "vouch",
]

BY_HAND = "人工"
"""The name and the kind of what no rule but an operator found."""
BY_AN_OPERATOR = Text(zh="运营者的决定", en="a decision of an operator")

_OUT = Consequence.REMOVE
_LONGEST = timedelta(days=3650)


def sanction_by_hand(  # noqa: PLR0917 in the order of a sentence
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    member: Identity,
    step: Step,
    by: Doer,
    why: str,
    *,
    cause: str = "",
) -> Verdict:
    """A case raised by an operator, and what they chose follows.

    `cause` is the platform id of the message that ordered it: the same one orders it once. That
    somebody of the operators, or whom a rule exempts, is put out needs another operator to uphold
    it.
    """
    refusal = may_not(scene, by, why, about=member)
    if refusal is not None:
        return refusal
    if member == scene.me:
        return Verdict(done=False, words=verdicts.NOT_US)
    before = scene.work.cases.of_message(group, cause) if cause else []
    for each in before:
        if each.raised_by is RaisedBy.OPERATOR:
            return Verdict(done=False, words=verdicts.ALREADY, values={"case": each.number})
    return _raise(scene, group, settings, member, step, by, words(why), cause=cause)


def _raise(  # noqa: PLR0917 as above
    scene: Scene,
    group: Group,
    settings: GroupSettings,
    member: Identity,
    step: Step,
    by: Doer,
    why: str,
    *,
    cause: str,
) -> Verdict:
    lasting = step.lasting if step.lasting == FOREVER else min(step.lasting, _LONGEST)
    step = Step(step.consequence, lasting)
    first = _asked_first(scene, group, settings, member) if step.consequence >= _OUT else None
    number = scene.work.cases.open(
        group,
        member,
        Finding(BY_HAND, (0, 0), f"由运营者提出 raised by an operator: {why}"),
        reason=why,
        excerpt="",
        consequence=step.consequence.word,
        at=scene.now,
        message_id=None,
        platform_message_id=cause,
        reminded=step.consequence > Consequence.NOTE and first is None,
        raised_by=RaisedBy.OPERATOR,
        raiser=by if isinstance(by, Identity) else None,
        until=step.until(scene.now),
        state=CaseState.CONFIRMING if first else CaseState.OPEN,
    )
    scene.work.audit.note(
        scene.house.account, by, step.consequence.word, member, f"案件 {number}：{why}", scene.now
    )
    sentence = Sentence(
        case=number,
        group=group,
        settings=settings,
        member=member,
        rule=BY_AN_OPERATOR,
        by_hand=True,
        reason=why,
        step=step,
        at=scene.now,
    )
    told = {
        "case": number,
        "who": named(member),
        "place": harmless(group.name) or group.id,
        "what": with_end(step.consequence, sentence.until, settings.time_zone, scene.now),
    }
    if first is not None:
        asked = ask_to_confirm(sentence, scene, first)
        return Verdict(True, verdicts.CONFIRMING, told | {"whom": first}, asked)
    return Verdict(True, verdicts.SANCTIONED, told, carry_out(sentence, scene))


def _asked_first(
    scene: Scene, group: Group, settings: GroupSettings, member: Identity
) -> Text | None:
    """Why another operator has to confirm that somebody is put out; None if none has to."""
    if role_of(scene, member) is not None:
        return OPERATOR
    return EXEMPT if spared_by_any(scene, group, settings, member) else None


def release(scene: Scene, group: Group, member: Identity, by: Doer, why: str) -> Verdict:
    """What is in force against somebody in a group ends now; their cases and strikes stay."""
    refusal = may_not(scene, by, why, about=member)
    if refusal is not None:
        return refusal
    in_force = scene.work.sanctions.in_force(group, member, scene.now)
    cases = {each.case for each in in_force}
    if not cases:
        return Verdict(done=False, words=verdicts.NOTHING_IN_FORCE)
    actions: tuple[Action, ...] = ()
    for number in sorted(cases):
        actions += lift(scene, number, words(why))
        actions += tell(scene, Deed.RELEASED, number, group, member, words(why))
    scene.work.audit.note(scene.house.account, by, "release", member, words(why), scene.now)
    values = {
        "case": "、".join(map(str, sorted(cases))),
        "who": named(member),
        "place": harmless(group.name) or group.id,
        "what": CONSEQUENCES[in_force[0].kind],
    }
    return Verdict(True, verdicts.RELEASED, values, actions)
