"""Posts a topic where a group has become quieter than it usually is."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.duration import show
from bot.events import Event, GatewayState, Group, MinutePassed
from bot.frozen import frozen
from bot.texts import Text
from handlers.post import post_slot
from handlers.scene import Reply, Scene, deaf_to_messages
from handlers.settings import GroupSettings
from handlers.wording import filled
from topics.liveliness import OnSilence
from topics.programme import BROADCAST, Programme
from topics.timetable import fits
from topics.usual import LEAST_MESSAGES, is_quiet, spans, usual

BECAUSE = Text(
    zh="群里比往常冷清：最近 {lasting} {messages} 条，往常这时候 {usually} 条",
    en="quieter than usual here: {messages} messages in {lasting}, usually {usually}",
)

_BACK = timedelta(days=30)
"""After so long a silence somebody may be asked once more."""


@frozen
class _Waiting:
    """A programme that waits for silence in a group."""

    group: Group
    settings: GroupSettings
    name: str
    programme: Programme
    wish: OnSilence
    zone: ZoneInfo

    def look(self) -> tuple[timedelta, str]:
        """Those that look at the same time of the week are looked up together."""
        return self.wish.lasting, self.zone.key


@frozen
class _Silence:
    """A silence that was noticed."""

    where: _Waiting
    messages: int
    usually: float


@deaf_to_messages
def break_silence(event: Event, scene: Scene) -> Reply:
    """One topic a silence, by day, and not soon after another; never while we hear nothing."""
    if not isinstance(event, MinutePassed) or not scene.house.on_silence:
        return Reply.NOTHING
    actions: tuple[Action, ...] = ()
    posted = set()
    for silence in _silences(event, scene):
        if silence.where.group not in posted and _may_speak(silence.where, scene):
            posted.add(silence.where.group)
            actions += _post(silence, scene)
    return Reply(actions=actions)


def _silences(event: MinutePassed, scene: Scene) -> Iterator[_Silence]:
    waiting = sorted(_waiting(scene), key=_Waiting.look)
    if not waiting:
        return
    listening = _listening_since(event, scene)
    for (lasting, _), those in groupby(waiting, _Waiting.look):
        if listening is not None and listening <= scene.now - lasting:
            yield from _quiet(list(those), lasting, scene)


def _waiting(scene: Scene) -> Iterator[_Waiting]:
    """The programmes that would break a silence at this time of this day."""
    quiet_hours = scene.house.quiet_hours
    if quiet_hours and quiet_hours.holds(_wall(scene, quiet_hours.time_zone).time()):
        return
    for group in scene.house.on_silence:
        settings = scene.settings(group) or GroupSettings()
        for name, programme in settings.programmes.items():
            zone = programme.time_zone or settings.time_zone
            wall, wish = _wall(scene, zone), programme.on_silence
            if wish and wish.start <= wall.time() < wish.end and _is_day(programme, wall.date()):
                yield _Waiting(group, settings, name, programme, wish, zone)


def _is_day(programme: Programme, day: date) -> bool:
    return fits(programme.timing, day)


def _wall(scene: Scene, zone: ZoneInfo) -> datetime:
    return scene.now.astimezone(zone).replace(tzinfo=None)


def _listening_since(event: MinutePassed, scene: Scene) -> datetime | None:
    """Since when everything that is said has been heard; None if it is not, or nothing goes out."""
    account = scene.work.accounts.get(scene.house.account)
    if account is None or account.stopped_at or account.state != GatewayState.LOGGED_IN.value:
        return None
    return max(account.since, event.awake_since or account.since)


def _quiet(those: list[_Waiting], lasting: timedelta, scene: Scene) -> Iterator[_Silence]:
    """Those in whose groups it is quieter than usual; two look-ups for all of them."""
    pulse, now = scene.work.pulse, scene.now
    weeks = pulse.weeks({each.group for each in those}, spans(now, lasting, those[0].zone))
    usually = {group: usual(counts) for group, counts in weeks.items()}
    talkative = {group for group, count in usually.items() if (count or 0) >= LEAST_MESSAGES}
    if not talkative:
        return
    recent = pulse.heard(talkative, now - lasting, now)
    for each in those:
        if each.group in talkative:
            messages, here = recent[each.group].messages, usually[each.group]
            if here is not None and is_quiet(messages, here, each.wish):
                yield _Silence(each, messages, here)


def _may_speak(where: _Waiting, scene: Scene) -> bool:
    """Whether no topic came lately, and somebody has said something since the last one."""
    group, work = where.group, scene.work
    if work.pauses.paused(group, where.name):
        return False
    since = f"{_wall(scene, where.zone) - _BACK:%Y-%m-%dT%H:%M}"
    programmes = [*where.settings.programmes, BROADCAST]
    last = work.pulse.last_due({group}, programmes, where.name, since).get(group)
    if last is None:
        return True
    if last > scene.now - where.wish.apart:
        return False
    return work.pulse.heard({group}, last, scene.now)[group].messages > 0


def _post(silence: _Silence, scene: Scene) -> tuple[Action, ...]:
    where = silence.where
    because = filled(
        BECAUSE,
        lasting=show(where.wish.lasting),
        messages=silence.messages,
        usually=round(silence.usually),
    )
    wall = f"{_wall(scene, where.zone):%Y-%m-%dT%H:%M}"
    return post_slot(scene, where.group, where.name, wall, scene.now, scene.now, because=because)
