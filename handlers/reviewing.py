"""What humans decide on a case: that it stands, or that it is taken back. Each is decided once."""

from collections.abc import Collection

from bot.actions import Action
from bot.events import Group, Identity
from bot.texts import Text
from bot.texts import named as literally
from handlers import verdicts
from handlers.cards import named
from handlers.keys import Deed
from handlers.ladder_words import CONSEQUENCES, with_end
from handlers.lifting import call_off, lift, settle_cards
from handlers.rights import role_of
from handlers.sanctioning import Sentence, carry_out, to_member
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import STATES, Verdict
from handlers.wording import harmless, say
from rules.consequences import Consequence, by_word
from rules.ladder import FOREVER, Step
from storage.values import Case
from storage.values_of_order import (
    UNDECIDED,
    Appeal,
    AppealState,
    CaseState,
    Doer,
    RaisedBy,
    TaskKind,
)

_GONE = Text(zh="（已抹去）", en="(erased)")
_MOST_WORDS = 200
_ASKED = (TaskKind.CONFIRM, TaskKind.APPEAL, TaskKind.REPORT)


def uphold(scene: Scene, number: int, by: Doer, why: str) -> Verdict:
    """The case stands, and an open appeal is not granted.

    What waited for a human to confirm it is carried out now.
    """
    return _decide(scene, number, CaseState.UPHELD, by, why, false_hit=False)


def overturn(scene: Scene, number: int, by: Doer, why: str, *, false_hit: bool = False) -> Verdict:
    """The case is taken back, and an open appeal is granted.

    What is in force is lifted, and the strike counts no more. `false_hit` says that the rule was
    wrong. What was upheld, and not appealed since, only who upheld it can take back.
    """
    return _decide(scene, number, CaseState.OVERTURNED, by, why, false_hit=false_hit)


def _decide(
    scene: Scene, number: int, state: CaseState, by: Doer, why: str, *, false_hit: bool
) -> Verdict:
    case = scene.work.cases.get(number)
    if case is None or case.group.account != scene.house.account:
        return _no(verdicts.NO_CASE, case=number)
    appeal = _open_appeal(scene, number)
    refusal = may_not(scene, by, why, about=case.member) or _acted(scene, case, appeal, by)
    if refusal is not None:
        return refusal
    reason = words(why)
    if not _settled(scene, case, state, by, reason, appeal=appeal, false_hit=false_hit):
        return _too_late(scene, number)
    if case.raised_by is RaisedBy.REPORT:
        scene.work.complaints.settle(number, upheld=state is CaseState.UPHELD)
    settle_cards(scene, number, *_ASKED, done=True, why=reason)
    scene.work.audit.note(scene.house.account, by, state.value, f"案件 {number}", reason, scene.now)
    told = {"case": number, "who": named(case.member) if case.member else _GONE}
    if state is CaseState.UPHELD:
        actions = _confirmed(scene, case) + _answered(scene, case, appeal, reason)
        return Verdict(True, verdicts.UPHELD, told | {"what": _what(scene, case)}, actions)
    told |= {"what": CONSEQUENCES[by_word(case.consequence)]}
    return Verdict(True, verdicts.OVERTURNED, told, _taken_back(scene, case, appeal, reason))


def _what(scene: Scene, case: Case) -> Text:
    """What stands, and until when as things are: it may have been lengthened, or begin only now."""
    imposed = [each.until for each in scene.work.sanctions.of_case(case.number)]
    zone = (scene.settings(case.group) or GroupSettings()).time_zone
    until = imposed[-1] if imposed else case.until
    return with_end(by_word(case.consequence), until, zone, scene.now)


def _settled(
    scene: Scene,
    case: Case,
    state: CaseState,
    by: Doer,
    why: str,
    *,
    appeal: Appeal | None,
    false_hit: bool,
) -> bool:
    """Of two who decide at once one gets True. With an appeal it is the appeal that is decided."""
    work = scene.work
    if appeal is not None:
        granted = AppealState(state.value)
        if not work.appeals.decide(case.number, granted, by, scene.now, why):
            return False
    again = appeal is not None or _thinks_again(case, state, by)
    was: Collection[CaseState] = (*UNDECIDED, CaseState.UPHELD) if again else UNDECIDED
    return work.cases.decide(case.number, state, by, scene.now, why, false_hit=false_hit, was=was)


def _thinks_again(case: Case, state: CaseState, by: Doer) -> bool:
    """Whether somebody takes back what they upheld themselves; others hear that it is decided."""
    return state is CaseState.OVERTURNED and (isinstance(by, str) or by == case.decider)


def _taken_back(scene: Scene, case: Case, appeal: Appeal | None, why: str) -> tuple[Action, ...]:
    """Who was told nothing yet, and did not ask, is told nothing now either."""
    acts = lift(scene, case.number, why)
    call_off(scene, case.number)
    if case.member is None or not (case.reminded or appeal):
        return acts
    return acts + tell(scene, Deed.LIFTED, case.number, case.group, case.member, why)


def _answered(scene: Scene, case: Case, appeal: Appeal | None, why: str) -> tuple[Action, ...]:
    """Who objected is told that it stands."""
    if appeal is None or case.member is None:
        return ()
    who = appeal.member or case.member
    return tell(scene, Deed.UPHELD, case.number, case.group, who, why)


def _confirmed(scene: Scene, case: Case) -> tuple[Action, ...]:
    """Carry out what waited for this, for as long as it was meant to be."""
    if case.state is not CaseState.CONFIRMING or case.member is None:
        return ()
    consequence: Consequence = by_word(case.consequence)
    lasting = Step(consequence).lasting if case.until is None else case.until - case.at
    if consequence is Consequence.BAN:
        lasting = FOREVER
    settings = scene.settings(case.group) or GroupSettings()
    sentence = Sentence(
        case=case.number,
        group=case.group,
        settings=settings,
        member=case.member,
        rule=_shown(case, settings),
        by_hand=case.raised_by is RaisedBy.OPERATOR,
        reason=case.reason,
        step=Step(consequence, lasting),
        at=scene.now,
    )
    return carry_out(sentence, scene)


def _shown(case: Case, settings: GroupSettings) -> Text:
    """What members read instead of the rule's name; the name where the config dropped the rule."""
    shown = {rule.called: rule.shown for rule in settings.rules}
    return shown.get(case.rule) or literally(harmless(case.rule))


def may_not(scene: Scene, by: Doer, why: str, *, about: Identity | None) -> Verdict | None:
    """Why somebody may not decide this; None if they may.

    Who is no identity sits at the machine and may. Nobody decides about themselves, and nobody
    without a reason.
    """
    if isinstance(by, Identity):
        if role_of(scene, by) is None:
            return _no(verdicts.NO_RIGHT)
        if about is not None and scene.work.members.same(by, about):
            return _no(verdicts.ABOUT_YOURSELF)
    return None if words(why) else _no(verdicts.NO_REASON)


def words(why: str) -> str:
    """A reason as it is kept and told: on one line, of a reasonable length."""
    return harmless(why, _MOST_WORDS)


def tell(  # noqa: PLR0917 in the order of a sentence
    scene: Scene, deed: Deed, case: int, group: Group, member: Identity, why: str
) -> tuple[Action, ...]:
    """Tell a member what was decided, once."""
    settings = scene.settings(group) or GroupSettings()
    texts = settings.moderate
    text = {Deed.LIFTED: texts.lifted, Deed.RELEASED: texts.released, Deed.UPHELD: texts.upheld}
    told = say(text[deed], settings.language, case=case, reason=why)
    return to_member(deed, case, member, group, told, scene)


def _acted(scene: Scene, case: Case, appeal: Appeal | None, by: Doer) -> Verdict | None:
    """An appeal, or what another has to confirm, is not decided by who acted before."""
    if not isinstance(by, Identity):
        return None
    if appeal is None and case.state is not CaseState.CONFIRMING:
        return None
    before = [who for who in (case.raiser, case.decider) if who is not None]
    if any(scene.work.members.same(by, who) for who in before):
        return _no(verdicts.YOUR_OWN, case=case.number)
    return None


def _open_appeal(scene: Scene, number: int) -> Appeal | None:
    found = [each for each in scene.work.appeals.of_case(number) if each.state is AppealState.OPEN]
    return found[0] if found else None


def _too_late(scene: Scene, number: int) -> Verdict:
    """Who decided before, and what."""
    case = scene.work.cases.get(number)
    assert case is not None, "cases are never deleted"  # noqa: S101
    return _no(
        verdicts.TOO_LATE, case=number, who=harmless(case.decided_by), state=STATES[case.state]
    )


def _no(said: Text, **values: object) -> Verdict:
    return Verdict(done=False, words=said, values=values)
