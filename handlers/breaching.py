"""Somebody speaks in their quiet period: it is answered, and made longer, within bounds."""

from datetime import datetime

from bot.actions import Action, Priority, Say
from bot.events import Message
from bot.gateway.base import Capability
from handlers.sanctioning import STALE
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.wording import moment, say
from storage.values_of_order import Sanction


def broken(
    message: Message, quiet: Sanction, settings: GroupSettings, scene: Scene
) -> tuple[Action, ...]:
    """Each breach is recorded once, and answered once each time the end has moved.

    What was said before anybody can have read of the quiet period is none.
    """
    at = min(message.at, scene.now)
    if at - quiet.since < settings.moderate.grace:
        return ()
    until = _lengthened(quiet, at, settings, scene)
    if not scene.work.sanctions.breach(quiet.id, message.id, until):
        return ()
    return (_answer(message, quiet, until, settings, scene),)


def _lengthened(
    quiet: Sanction, at: datetime, settings: GroupSettings, scene: Scene
) -> datetime | None:
    """The end, moved once for each length of time that has begun, however much is said in it.

    So an hour of talk costs as much as one word, and the end never runs away.
    """
    case = scene.work.cases.get(quiet.case)
    by = settings.ladder.lengthen
    if quiet.until is None or case is None or case.until is None or not by:
        return quiet.until
    first = quiet.since + (case.until - case.at)
    begun = (at - quiet.since) // by + 1
    return max(quiet.until, min(quiet.until + by, first + begun * by))


def _answer(
    message: Message,
    quiet: Sanction,
    until: datetime | None,
    settings: GroupSettings,
    scene: Scene,
) -> Say:
    assert message.group is not None  # noqa: S101 a quiet period is one of a group
    private = Capability.SPEAK_IN_PRIVATE in scene.capabilities
    ends = moment(until, settings.time_zone, scene.now) if until else ""
    return Say(
        key=f"breach:{quiet.id}:{until.isoformat() if until else ''}",
        why=f"案件 {quiet.case}：静言期内发言 case {quiet.case}: spoke in a quiet period",
        priority=Priority.MODERATION,
        expires_at=scene.now + STALE,
        about=(message.author,),
        to=message.author if private else message.group,
        text=say(settings.moderate.breach, settings.language, until=ends, case=quiet.case),
        mentions=() if private else (message.author,),
    )
