"""What follows from a finding: a case, by the ladder, and never more than the pact allows."""

from datetime import datetime

from bot.actions import Action
from bot.events import Group, Message
from bot.frozen import frozen
from handlers.confirming import ask_to_confirm, is_long_standing
from handlers.judging import Found
from handlers.pact import version_in_force
from handlers.sanctioning import Sentence, carry_out, reminder
from handlers.scene import Scene
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.consequences import Consequence
from rules.ladder import Step
from storage.values_of_order import CaseState, Sanction, TaskKind

AROUND = 30
"""So many characters before and after the matched words are kept as evidence."""
_REMIND = Step(Consequence.REMIND)


@frozen
class Offence:
    """What was found in a message, and where."""

    message: Message
    group: Group
    settings: GroupSettings
    found: Found
    scene: Scene

    @property
    def at(self) -> datetime:
        """When it was said; a platform's clock may be ahead of ours."""
        return min(self.message.at, self.scene.now)


def note(offence: Offence) -> tuple[Action, ...]:
    """A case of what is only written down: in shadow, for the operators, or about the person.

    What is about the person and not about the message is noted, and said, once in its cool-down.
    """
    rule = offence.found.rule
    if rule.message_is_in_order:
        if not _is_due(offence):
            return ()
        number = _open(offence, _least(offence), reminded=True)
        silent = rule.shadow or rule.consequence is Consequence.NOTE
        return () if silent else (reminder(_sentence(offence, _REMIND, number), offence.scene),)
    _open(offence, _least(offence), reminded=False)
    return ()


def follow(offence: Offence, under: list[Sanction]) -> tuple[Action, ...]:
    """A case, and what the ladder says. `under` is what keeps the author out already.

    Nothing more follows for who is on the way out, or said it before they can have read of the
    last sanction. A human confirms first that a member of long standing is removed.
    """
    scene, member = offence.scene, offence.message.author
    least = _least(offence)
    strikes = _strikes(offence) if least.consequence.strikes else []
    if under or _unread(offence, strikes):
        _open(offence, _REMIND, reminded=False)
        return ()
    step = _step(offence, least, strikes)
    if step.consequence <= Consequence.REMIND or _waits_for_a_human(offence):
        return _remind(offence)
    if step.consequence >= Consequence.REMOVE and is_long_standing(
        scene, offence.group, member, offence.settings
    ):
        number = _open(offence, step, reminded=False, state=CaseState.CONFIRMING)
        return ask_to_confirm(_sentence(offence, step, number), scene)
    number = _open(offence, step, reminded=True)
    return carry_out(_sentence(offence, step, number), scene)


def _least(offence: Offence) -> Step:
    """The rule's own consequence; a rule the group was not told of reminds at most."""
    rule = offence.found.rule
    least = offence.settings.ladder.least(rule.consequence, rule.lasting)
    bound = rule.shadow or not least.consequence.strikes or _version(offence)
    return least if bound else _REMIND


def _step(offence: Offence, least: Step, strikes: list[datetime]) -> Step:
    rule, finding = offence.found.rule, offence.found.finding
    return offence.settings.ladder.follows(
        least,
        strikes,
        offence.at,
        further=rule.severity + finding.aggravation,
        zone=offence.settings.time_zone,
    )


def _strikes(offence: Offence) -> list[datetime]:
    since = offence.at - offence.settings.ladder.decay
    return offence.scene.work.cases.strikes(offence.group, offence.message.author, since)


def _unread(offence: Offence, strikes: list[datetime]) -> bool:
    """Whether the last sanction is so young that nobody can have read of it."""
    grace = offence.settings.moderate.grace
    return any(abs(offence.at - each) < grace for each in strikes)


def _waits_for_a_human(offence: Offence) -> bool:
    """Whether the operators are asked to confirm a removal of this member already."""
    tasks = offence.scene.work.tasks
    return tasks.open_for(offence.group, offence.message.author, TaskKind.CONFIRM) is not None


def _remind(offence: Offence) -> tuple[Action, ...]:
    """A reminder, once in the cool-down."""
    told = _is_due(offence)
    number = _open(offence, _REMIND, reminded=told)
    return (reminder(_sentence(offence, _REMIND, number), offence.scene),) if told else ()


def _is_due(offence: Offence) -> bool:
    """Whether the member was not told of this rule within its cool-down."""
    rule, message = offence.found.rule, offence.message
    last = offence.scene.work.cases.last_reminded(
        offence.group, message.author, offence.found.finding.rule
    )
    cooldown = rule.cooldown
    if cooldown is None:
        cooldown = offence.settings.moderate.cooldown
    return last is None or message.at - last >= cooldown


def _sentence(offence: Offence, step: Step, number: int) -> Sentence:
    rule = offence.found.rule
    return Sentence(
        case=number,
        group=offence.group,
        settings=offence.settings,
        member=offence.message.author,
        rule=rule.shown,
        reason=_reason(rule),
        step=step,
        at=offence.at,
    )


def _reason(rule: Rule) -> str:
    """Why there is this rule; of a name, also the form that is asked for."""
    if not rule.message_is_in_order:
        return rule.reason
    form = getattr(rule, "form", "") or getattr(rule, "pattern", "")
    return f"{rule.reason}（{form}）" if form else rule.reason


def _version(offence: Offence) -> int:
    rule, member = offence.found.rule, offence.message.author
    return version_in_force(offence.scene, offence.group, rule, member, offence.at)


def _open(
    offence: Offence, step: Step, *, reminded: bool, state: CaseState = CaseState.OPEN
) -> int:
    """The number of the new case."""
    message, rule, finding = offence.message, offence.found.rule, offence.found.finding
    scene = offence.scene
    return scene.work.cases.open(
        offence.group,
        message.author,
        finding,
        reason=rule.reason,
        excerpt=_excerpt(offence),
        consequence=step.consequence.word,
        at=message.at,
        message_id=scene.work.messages.id_of(offence.group, message.id),
        platform_message_id=message.id,
        reminded=reminded,
        kind=rule.key,
        version=_version(offence),
        shadow=rule.shadow,
        until=step.until(offence.at),
        state=state,
        aggravation=finding.aggravation,
    )


def _excerpt(offence: Offence) -> str:
    """The matched words and a little around them; nothing where the text is not the offence."""
    start, end = offence.found.finding.span
    if not end or not offence.settings.keep_text_days:
        return ""
    return offence.message.text[max(start - AROUND, 0) : end + AROUND]
